"""Every hook, filter and helper that git knows leads to a program that leaves a trace; no verb that asks git starts it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.builders import edit, git, write
from tests.cli.calling import Call
from tests.history.repositories import CONFIGURATION, stored

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs an executable script")

HOOKS = (
    "applypatch-msg commit-msg fsmonitor-watchman p4-changelist p4-post-changelist p4-pre-submit p4-prepare-changelist "
    "post-applypatch post-checkout post-commit post-index-change post-merge post-receive post-rewrite post-update "
    "pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive prepare-commit-msg "
    "proc-receive push-to-checkout reference-transaction sendemail-validate update"
)
"""The hooks of githooks(5)."""

PROGRAMS = (
    "core.alternateRefsCommand core.askPass core.editor core.fsmonitor core.gitProxy core.pager core.sshCommand "
    "credential.helper credential.https://example.org.helper diff.external diff.evil.command diff.evil.textconv "
    "difftool.evil.cmd difftool.evil.path diff.tool diff.guitool filter.cleaner.clean filter.evil.clean filter.evil.process "
    "filter.evil.smudge gc.recentObjectsHook gpg.program gpg.openpgp.program gpg.ssh.defaultKeyCommand gpg.ssh.program "
    "gpg.x509.program guitool.evil.cmd help.browser imap.tunnel instaweb.browser instaweb.httpd interactive.diffFilter "
    "browser.evil.cmd browser.evil.path man.evil.cmd man.evil.path man.viewer merge.evil.driver merge.tool "
    "mergetool.evil.cmd mergetool.evil.path receive.procReceiveRefs remote.origin.receivepack remote.origin.uploadpack "
    "remote.origin.vcs sendemail.ccCmd sendemail.headerCmd sendemail.sendmailCmd sendemail.smtpServer sendemail.toCmd "
    "sequence.editor submodule.evil.update tar.evil.command trailer.evil.cmd trailer.evil.command "
    "uploadpack.packObjectsHook web.browser"
)
"""The settings of git-config(1) and gitattributes(5) that name a program."""

COMMANDS = (
    "cat-file check-attr check-ignore config diff-index diff-tree fetch ls-files merge-base rev-list rev-parse show"
)
"""Commands that a pager or an alias could be set for."""

VERBS = (
    "check --since HEAD",
    "check --since HEAD~1",
    "check --since-exact HEAD~1",
    "hook",
    "diff HEAD~1 -- policy.privacy",
    "diff HEAD~1...HEAD",
    "register board --since HEAD~1",
    "register board --since 2035-01-01",
    "register transfers --since HEAD~1",
    "site site --since HEAD~1",
    "init new",
)


@pytest.fixture
def trace(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that exists as soon as a program is started. The working directory has renamed, changed and filtered files."""
    found = tmp_path / "trace"
    program = write(tmp_path / "program", f'#!/bin/sh\necho "$0 $*" >>{found}\ncat\n')
    program.chmod(0o755)
    edit("privacy.yaml", "manifest: 1\n", "manifest: 1\n# more\n")
    write("policy.privacy", Path("policy.privacy").read_text() + "# more\n")
    git("add", "--all")
    for at in ("HEAD", git("commit-tree", git("write-tree"), "-p", "HEAD", "-m", "second")):
        head, _, body = git("cat-file", "commit", at).partition("\n\n")
        signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n{body}\n"
        git("reset", "--soft", stored(signed.encode(), "commit"))
    Path("privacy.yaml").rename("renamed.yaml")
    write("privacy-rules.toml", CONFIGURATION.replace("privacy.yaml", "renamed.yaml"))
    git("add", "--all")
    write(".gitattributes", "* filter=cleaner diff=evil merge=evil\n")
    Path("renamed.yaml").touch()
    for folder in (tmp_path / "hooks", top / ".git" / "hooks"):
        for hook in HOOKS.split():
            write(folder / hook, program.read_text()).chmod(0o755)
    settings = {each: str(program) for each in PROGRAMS.split()}
    settings |= {f"pager.{each}": str(program) for each in COMMANDS.split()}
    settings |= {f"alias.{each}": f"!{program}" for each in COMMANDS.split()}
    settings |= {f"hook.evil-{each}.event": each for each in HOOKS.split()}
    settings |= {f"hook.evil-{each}.command": str(program) for each in HOOKS.split()}
    settings |= {
        "core.hooksPath": str(tmp_path / "hooks"),
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "init.templateDir": str(tmp_path),
        "log.showSignature": "true",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "remote.origin.partialCloneFilter": "blob:none",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program}",
    }
    with Path(".git/config").open("a", encoding="utf-8") as file:
        for key, value in settings.items():
            section, _, name = key.rpartition(".")
            kind, dot, part = section.partition(".")
            file.write(f'[{kind} "{part}"]\n' if dot else f"[{kind}]\n")
            file.write(f"\t{name} = {json.dumps(value)}\n")
    found.unlink(missing_ok=True)
    monkeypatch.delenv("GIT_PAGER", raising=False)
    return found


def test_the_programs_are_there_to_be_started(trace: Path) -> None:
    git("log", "-1")
    git("add", "--all")
    assert trace.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_no_program_is_started(
    trace: Path, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(tmp_path / "events"))
    done = call(*verb.split())
    assert done.code in (0, 1), done.err
    assert not trace.exists(), trace.read_text()
    events = [json.loads(line) for line in (tmp_path / "events").read_text(encoding="utf-8").splitlines()]
    assert events, "the verb does not ask git"
    assert [each["argv"] for each in events if each["event"] in ("child_start", "exec")] == []


@pytest.mark.parametrize("verb", VERBS[1:3] + VERBS[4:])
def test_no_program_is_started_for_an_object_that_a_remote_would_have(trace: Path, call: Call, verb: str) -> None:
    write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    for file in ("privacy.yaml", "policy.privacy"):
        lacking = git("rev-parse", f"HEAD~1:{file}")
        Path(".git/objects", lacking[:2], lacking[2:]).unlink()
    trace.unlink(missing_ok=True)
    call(*verb.split())
    assert not trace.exists(), trace.read_text()
