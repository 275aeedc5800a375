"""Git repositories made for tests, good ones and malicious ones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

POLICY = """use std.core
data { email_address }
rule no_selling { forbid flow when exchange is sale }
"""
CONFIGURATION = 'policy = ["policy.privacy"]\nmanifests = ["privacy.yaml"]\n'


def flow(name: str, exchange: str = "sale") -> str:
    """A line of a manifest, which declares a flow."""
    return f"  - {{id: {name}, from: crm, to: lists, carries: [email_address], exchange: {exchange}}}\n"


def manifest(*flows: str) -> str:
    """A manifest in which these flows sell."""
    head = "manifest: 1\nparties: {broker: {role: data_broker}}\n"
    systems = "systems: {crm: {}, lists: {party: broker}}\n"
    return head + systems + "flows:\n" + "".join(map(flow, flows))


def git(*words: str, cwd: Path | None = None, given: bytes | None = None) -> str:
    """What git prints, with an identity, and free of what the machine configures."""
    configured = {
        "user.name": "A",
        "user.email": "a@example.org",
        "init.defaultBranch": "main",
        "protocol.file.allow": "always",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    options = [word for key, value in configured.items() for word in ("-c", f"{key}={value}")]
    done = subprocess.run(
        ["git", *options, *words], cwd=cwd, input=given, capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def commit(message: str = "change", cwd: Path | None = None) -> str:
    """Commits all that is in the folder; the id of the commit."""
    git("add", "--all", cwd=cwd)
    git("commit", "--quiet", "--allow-empty", "--message", message, cwd=cwd)
    return git("rev-parse", "HEAD", cwd=cwd)


def repository(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A repository of these files, in one commit; without any, of a policy, a manifest with one sale, and a configuration."""
    usual = {"policy.privacy": POLICY, "privacy.yaml": manifest("old"), "privacy-rules.toml": CONFIGURATION}
    for name, text in (usual if files is None else files).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    git("init", "--quiet", cwd=folder)
    commit("base", cwd=folder)
    return folder


def stored(content: bytes, kind: str = "blob") -> str:
    """Writes an object as it is, well-formed or not; its id."""
    return git("hash-object", "-w", "-t", kind, "--stdin", "--literally", given=content)


def tree(entries: Iterable[tuple[str, str, str]]) -> str:
    """A folder of (mode, name, id), whatever they are."""
    return stored(b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries), "tree")


def commit_of(top: str) -> str:
    """A commit of a folder."""
    return git("commit-tree", top, "-m", "made by hand")
