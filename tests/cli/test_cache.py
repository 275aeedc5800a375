"""A check repeats what it wrote before only if nothing that it depends on has changed, and never believes a stranger's cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import pytest

from privacy_rules.cli import cache_folder, recording, replay
from privacy_rules.source import observations
from privacy_rules.source.file_system import DISK
from tests.running import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is kept on Windows")

POLICY = """\
policy p { language "1.1" version "1" }
use std.core
data { contact }
rule no_sales { forbid flow when exchange is sale }
"""
MANIFEST = """\
manifest: 1
policy: [p.privacy]
parties: {shop: {role: us}, broker: {role: data_broker}}
systems: {app: {party: shop}, desk: {party: broker}}
flows: [{id: f, from: app, to: desk, carries: [contact], exchange: sale}]
"""


class Project:
    """A folder with a manifest that has one finding, and a cache beside it."""

    def __init__(self, top: Path) -> None:
        self.folder, self.caches = top / "project", top / "caches"
        self.folder.mkdir()
        self.caches.mkdir()
        (self.folder / "p.privacy").write_text(POLICY)
        (self.folder / "privacy.yaml").write_text(MANIFEST)

    @property
    def cache(self) -> Path:
        return self.caches / "privacy-rules"

    def check(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.caches), **environment}
        command = [sys.executable, "-m", "privacy_rules", "check", *words]
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, input="", check=False, timeout=60
        )

    def entries(self) -> list[Path]:
        return sorted(self.cache.glob("*.json"))

    def mark(self) -> None:
        """Let the entries say that they were used."""
        assert self.entries()
        for each in self.entries():
            made = json.loads(each.read_text())
            each.write_text(json.dumps({**made, "said": [[False, "REPEATED\n"]]}))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def _once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = Project(tmp_path_factory.mktemp("once"))
    found.check(".")
    found.mark()
    return found


@pytest.fixture
def checked(_once: Project, tmp_path: Path) -> Iterator[Project]:
    """A project whose one check is kept, with a mark. The check ran once; each test finds the folders as it left them."""
    top, kept = _once.folder.parent, tmp_path / "kept"
    shutil.copytree(top, kept)
    yield copy(_once)
    shutil.rmtree(top)
    shutil.copytree(kept, top)


def test_an_unchanged_check_is_repeated(project: Project) -> None:
    first, second = project.check("privacy.yaml"), project.check("privacy.yaml")
    assert (first.returncode, first.stdout, first.stderr) == (second.returncode, second.stdout, second.stderr)
    assert first.returncode == 1
    assert "no_sales" in first.stdout
    project.mark()
    assert project.check("privacy.yaml").stdout == "REPEATED\n"
    assert {"CACHEDIR.TAG", ".gitignore"} <= {each.name for each in project.cache.iterdir()}


CHANGES: dict[str, Callable[[Path], object]] = {
    "manifest": lambda here: (here / "privacy.yaml").write_text(MANIFEST.replace("sale", "none")),
    "policy": lambda here: (here / "p.privacy").write_text(POLICY.replace("no_sales", "none_sold")),
    "same size and time": lambda here: (
        (here / "privacy.yaml").write_text(MANIFEST.replace("id: f", "id: g")),
        os.utime(here / "privacy.yaml", (0, 0)),
    ),
    "one more manifest": lambda here: (here / "more.privacy.yaml").write_text("manifest: 1\n"),
    "a configuration": lambda here: (here / "privacy-rules.toml").write_text('fail-on = "never"\n'),
    "a configuration above": lambda here: (here.parent / "privacy-rules.toml").write_text('fail-on = "never"\n'),
    "a repository": lambda here: (here / ".git").mkdir(),
    "a link": lambda here: (
        (here / "privacy.yaml").rename(here / "other.yaml"),
        (here / "privacy.yaml").symlink_to("other.yaml"),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_changed_input_is_judged_anew(checked: Project, change: Callable[[Path], object]) -> None:
    change(checked.folder)
    assert "REPEATED" not in checked.check(".").stdout


def test_the_kept_check_is_repeated_if_nothing_changes(checked: Project) -> None:
    assert checked.check(".").stdout == "REPEATED\n"


def test_other_words_and_folders_are_judged_anew(project: Project) -> None:
    project.check("privacy.yaml")
    project.mark()
    assert "REPEATED" not in project.check("privacy.yaml", "--fail-on", "never").stdout
    assert "REPEATED" not in project.check("privacy.yaml", "--as-of", "2031-01-01").stdout
    assert "REPEATED" not in project.check("privacy.yaml", NO_COLOR="1").stdout
    other = project.folder.parent / "other"
    other.mkdir()
    for name in ("privacy.yaml", "p.privacy"):
        (other / name).write_text((project.folder / name).read_text().replace("sale", "rental"))
    project.folder = other
    assert "REPEATED" not in project.check("privacy.yaml").stdout


def test_another_day_and_another_version_have_other_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {replay.name_of(["check"])}
    monkeypatch.setattr("time.strftime", lambda _: "2031-01-01")
    names.add(replay.name_of(["check"]))
    monkeypatch.setattr(replay, "_program", lambda: ["another version"])
    names.add(replay.name_of(["check"]))
    assert len(names) == 3


@pytest.mark.parametrize(
    "words",
    [
        ["privacy.yaml", "--no-cache"],
        ["-", "--policy", "p.privacy"],
        ["privacy.yaml", "--format", "json=report.json"],
        ["privacy.yaml", "--statistics"],
        ["privacy.yaml", "--changed", "privacy.yaml"],
        ["absent.yaml"],
    ],
    ids=" ".join,
)
def test_what_depends_on_more_is_not_kept(project: Project, words: list[str]) -> None:
    project.check(*words)
    assert not project.entries()


def test_the_configuration_can_switch_it_off(project: Project) -> None:
    (project.folder / "privacy-rules.toml").write_text("cache = false\n")
    assert project.check("privacy.yaml").returncode == 1
    assert not project.entries()


def test_since_neither_keeps_nor_uses_entries(project: Project) -> None:
    project.check("privacy.yaml", "--since", "HEAD")
    assert not project.entries()


# ---- a cache that others wrote


@pytest.mark.parametrize("parent", ["git", "working directory"])
def test_a_cache_in_the_repository_is_not_believed(checked: Project, parent: str) -> None:
    if parent == "git":
        (checked.folder.parent / ".git").mkdir()
        found = checked.check(".")
    else:
        checked.caches = checked.caches.rename(checked.folder / "caches")
        found = checked.check(".")
    assert "REPEATED" not in found.stdout
    assert "is ignored" in found.stderr
    assert "could forge it" in found.stderr


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda entry: entry.write_bytes(entry.read_bytes()[:-9]),
    "empty": lambda entry: entry.write_bytes(b""),
    "bytes": lambda entry: entry.write_bytes(b"\xff\xfe\x00"),
    "deep": lambda entry: entry.write_text("[" * 100_000),
    "a list": lambda entry: entry.write_text("[]"),
    "code": lambda entry: replaced(entry, code=70),
    "text": lambda entry: replaced(entry, said=[[False, 7]]),
    "observed": lambda entry: replaced(entry, observed=[["content", "privacy.yaml"]]),
    "of another call": lambda entry: replaced(entry, name="other.json"),
    "too large": lambda entry: entry.write_bytes(b" " * (cache_folder.MOST_BYTES + 1)),
    "others may write": lambda entry: entry.chmod(0o666),
    "a link": lambda entry: (entry.rename(entry.with_suffix(".kept")), entry.symlink_to(entry.with_suffix(".kept"))),
    "a pipe": lambda entry: (entry.unlink(), os.mkfifo(entry)),
}


def replaced(entry: Path, **values: object) -> None:
    entry.write_text(json.dumps({**json.loads(entry.read_text()), **values}))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_or_foreign_entry_is_ignored(checked: Project, damage: Callable[[Path], object]) -> None:
    damage(checked.entries()[0])
    found = checked.check(".")
    assert found.returncode == 1
    assert "no_sales" in found.stdout
    assert "is ignored: its entry" in found.stderr


@pytest.mark.parametrize("question", ["unknown", ["kind"], None])
def test_an_entry_with_unknown_questions_is_not_used(checked: Project, question: object) -> None:
    entry = checked.entries()[0]
    made = json.loads(entry.read_text())
    entry.write_text(json.dumps({**made, "observed": [[question, "privacy.yaml", None]]}))
    found = checked.check(".")
    assert found.returncode == 1
    assert "no_sales" in found.stdout


@pytest.mark.parametrize("how", ["writable", "link", "file"])
def test_a_foreign_folder_is_ignored(checked: Project, how: str) -> None:
    if how == "writable":
        checked.cache.chmod(0o777)
    else:
        moved = checked.cache.rename(checked.folder.parent / "moved")
        checked.cache.symlink_to(moved) if how == "link" else checked.cache.write_text("")
    found = checked.check(".")
    assert "no_sales" in found.stdout
    assert "is ignored" in found.stderr


def test_a_folder_of_another_user_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    with pytest.raises(cache_folder.UnusableError, match="belongs to another user"):
        cache_folder.open_folder(str(tmp_path))


def test_a_read_only_cache_is_ignored_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(replay, "name", "a.json")
    monkeypatch.setattr(recording, "_write", refuse)
    observations.begin()
    try:
        warning = recording.store(0)
    finally:
        observations.stop()
    assert "read-only file system" in warning[0]


def test_without_a_home_nothing_is_kept_and_nothing_is_said(project: Project) -> None:
    found = project.check("privacy.yaml", XDG_CACHE_HOME="", HOME="/nowhere/at/all")
    assert found.returncode == 1
    assert not found.stderr
    relative = project.check("privacy.yaml", XDG_CACHE_HOME="caches", HOME="here")
    assert not relative.stderr
    assert not (project.folder / "caches").exists()


# ---- calls at the same time, and how much is kept


def test_calls_at_the_same_time(project: Project) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(project.caches)}
    command = [sys.executable, "-m", "privacy_rules", "check", "privacy.yaml"]
    started = [
        subprocess.Popen(command, cwd=project.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    written = {each.communicate(timeout=60) for each in started}
    assert len(written) == 1
    assert written.pop()[1] == b""
    assert len(project.entries()) == 1
    assert not list(project.cache.glob("*.new"))


def test_a_file_that_changes_while_it_is_read_makes_the_call_unrepeatable(tmp_path: Path) -> None:
    file = tmp_path / "privacy.yaml"
    observations.begin()
    for text in ("a", "b"):
        file.write_text(text)
        DISK.read(file)
    assert observations.all_recorded() is None


def test_the_oldest_entries_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_MOST_ENTRIES", 5)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    for number in range(9):
        monkeypatch.setattr(replay, "name", f"{number}.json")
        observations.begin()
        assert recording.store(0) == []
        os.utime(tmp_path / "caches" / "privacy-rules" / f"{number}.json", (number, number))
    observations.stop()
    kept = sorted(each.name for each in (tmp_path / "caches" / "privacy-rules").glob("*.json"))
    assert kept == [f"{number}.json" for number in range(9 - len(kept), 9)]
    assert 3 <= len(kept) <= 6


# ---- what a check opens is what is kept

AUDITED = """\
import os, sys
opened = []
def hear(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.append(os.path.realpath(os.fspath(arguments[0])))
    elif event == "subprocess.Popen":
        opened.append("a program")
from privacy_rules.cli import replay
from privacy_rules.source import observations
import privacy_rules.cli.check, privacy_rules.cli.check_call, privacy_rules.language.loader, click
sys.addaudithook(hear)
sys.argv = ["privacy-rules", "check", *sys.argv[1:]]
replay.replayed(sys.argv[1:])
from privacy_rules.cli.main import run
try:
    run()
finally:
    known = {os.path.realpath(path) for _, path, _ in observations.all_recorded() or ()}
    own = (sys.prefix, sys.base_prefix, os.environ["PYTHONPATH"], os.environ["XDG_CACHE_HOME"], "/dev/", "/usr/", "/etc/", sys.pycache_prefix or sys.prefix)
    print(*(each for each in opened if each not in known and not each.startswith(own) and not each.endswith(".new")), sep="\\n", file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["privacy.yaml"], ["."], ["*.yaml"], ["--baseline", "b.json", "."]], ids=" ".join)
def test_all_that_a_check_opens_is_kept(project: Project, words: list[str]) -> None:
    (project.folder / "more.privacy.yaml").write_text("manifest: 1\ninclude: ['parts/*.yaml']\n")
    (project.folder / "parts").mkdir()
    (project.folder / "parts" / "one.yaml").write_text("manifest: 1\n")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(project.caches)}
    record = [sys.executable, "-m", "privacy_rules", "baseline", "privacy.yaml", "--output", "b.json"]
    subprocess.run(record, cwd=project.folder, env=env, capture_output=True, check=True, timeout=60)
    found = subprocess.run(
        [sys.executable, "-c", AUDITED, *words],
        cwd=project.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.stderr.strip() == "", found.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_output_that_cannot_be_written_is_an_error_again(project: Project) -> None:
    project.check("privacy.yaml")
    codes = []
    for more in ([], ["--no-cache"]):
        with Path("/dev/full").open("w") as full:
            env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(project.caches)}
            command = [sys.executable, "-m", "privacy_rules", "check", "privacy.yaml", *more]
            codes.append(
                subprocess.run(command, cwd=project.folder, env=env, stdout=full, stderr=subprocess.PIPE, check=False)
            )
    assert [(each.returncode, each.stderr) for each in codes[:1]] == [
        (each.returncode, each.stderr) for each in codes[1:]
    ]
