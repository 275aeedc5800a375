"""What Windows does differently, played on any system: its errors, code pages, drives, junctions and search for programs."""

from __future__ import annotations

import io
import os
import sys
from errno import EACCES, EINVAL
from pathlib import Path
from typing import Any

import pytest

from privacy_rules.cli import affected_files, report_output
from privacy_rules.configuration.targets import manifest_files
from privacy_rules.history import git
from privacy_rules.history.deleted_files import Deletion
from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.includes import included
from privacy_rules.source import file_system, opened_files
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.file_system import DISK, Disk

# --- names -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def strict_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking what an impossible name leads to fails as on Windows."""
    real = os.stat

    def stat(path: Any, *more: Any, **others: Any) -> os.stat_result:
        if set('<>"|?*') & set(str(path)):
            error = OSError(EINVAL, "the filename, directory name, or volume label syntax is incorrect")
            error.winerror = 123  # type: ignore[attr-defined]
            raise error
        return real(path, *more, **others)

    monkeypatch.setattr(file_system.os, "stat", stat)


@pytest.mark.usefixtures("strict_names")
def test_nothing_has_an_impossible_name(tmp_path: Path) -> None:
    assert DISK.kind(tmp_path / "a|b.yaml") is None
    assert not DISK.is_file(tmp_path / "what?.yaml")
    assert included("a|b.yaml", tmp_path, tmp_path) == []


@pytest.mark.usefixtures("strict_names")
def test_a_pattern_is_not_a_folder_that_cannot_be_searched(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "privacy.yaml").touch()
    found = manifest_files([str(tmp_path / "*" / "privacy.yaml"), str(tmp_path / "a|b" / "*.yaml")])
    assert found.files == (tmp_path / "shop" / "privacy.yaml",)
    assert found.closed == ()


def test_another_error_is_still_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stat(path: object) -> os.stat_result:
        raise PermissionError(EACCES, "permission denied", str(path))

    monkeypatch.setattr(file_system.os, "stat", stat)
    with pytest.raises(PermissionError):
        DISK.kind(tmp_path)


def test_a_file_on_another_drive_is_shown_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def relpath(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", relpath)
    assert Path(shown(tmp_path / "privacy.yaml")) == tmp_path / "privacy.yaml"


def test_a_deleted_file_on_another_drive_is_named_whole(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    deleted = here.parent / "privacy.yaml"

    def relpath(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(
        "privacy_rules.history.deleted_files.deletions", lambda *_, **__: [Deletion(deleted, is_file=False)]
    )
    monkeypatch.setattr(os.path, "relpath", relpath)
    assert [Path(each) for each in affected_files.relevant([])] == [deleted]


# --- folders ---------------------------------------------------------------------------------------------------------


def test_reading_a_folder_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(path: object, flags: int) -> int:
        raise PermissionError(EACCES, "permission denied", str(path))

    (tmp_path / "file").touch()
    monkeypatch.setattr(file_system.os, "open", refuse)
    with pytest.raises(IsADirectoryError):
        DISK.read(tmp_path)
    with pytest.raises(PermissionError):
        DISK.read(tmp_path / "file")


class Junction:
    """An entry as `os.scandir` gives it for a junction: a folder, and not a symbolic link."""

    def __init__(self, name: str) -> None:
        self.name = name

    def is_dir(self) -> bool:
        return True

    def is_symlink(self) -> bool:
        return False

    def is_junction(self) -> bool:
        return True


def test_a_junction_is_a_link_so_that_a_search_does_not_go_in_circles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Found(list[Junction]):
        def __enter__(self) -> Found:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(file_system.os, "scandir", lambda _: Found([Junction("up")]))
    (entry,) = Disk().entries(tmp_path)
    assert entry.is_folder
    assert entry.is_link
    assert [where for where, _ in DISK.walk(tmp_path, lambda *_: None)] == [tmp_path]


def test_files_without_numbers_are_not_taken_for_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for each in (one, other):
        each.touch()
    real = os.stat

    def stat(path: Any, *more: Any, **others: Any) -> os.stat_result:
        found = real(path, *more, **others)
        return os.stat_result((found.st_mode, 0, *found[2:]))

    opened_files.begin()
    opened_files.noted(one)
    monkeypatch.setattr(opened_files.os, "stat", stat)
    assert opened_files.use_of(other) is None
    assert opened_files.use_of(one) == "read by this call"


# --- standard output -------------------------------------------------------------------------------------------------


def test_what_goes_into_a_file_is_utf_8_whatever_the_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(report_output, "_WINDOWS", True)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252"))
    report_output.say('{"name": "Café → 東京"}')
    assert written.getvalue().decode("utf-8") == '{"name": "Café → 東京"}'


class Closed(io.StringIO):
    """A pipe that nobody reads any more, as Windows reports it."""

    def write(self, _: str) -> int:
        raise OSError(EINVAL, "invalid argument")


@pytest.mark.parametrize("windows", [True, False])
def test_a_reader_that_has_left_is_no_error(monkeypatch: pytest.MonkeyPatch, windows: bool) -> None:
    monkeypatch.setattr(report_output, "_WINDOWS", windows)
    monkeypatch.setattr(report_output, "to_nowhere", lambda _: None)
    monkeypatch.setattr(sys, "stdout", Closed())
    if windows:
        report_output.say("text\n")
    else:
        with pytest.raises(InputError):
            report_output.say("text\n")


# --- programs --------------------------------------------------------------------------------------------------------


def test_git_is_sought_on_the_path_and_not_in_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(git, "_WINDOWS", True)
    repository, programs = tmp_path / "repository", tmp_path / "programs"
    for folder in (repository, programs):
        folder.mkdir()
        (folder / "git.exe").touch()
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "tools", f'"{programs}"']))
    assert git._program() == str(programs / "git.exe")
    monkeypatch.setenv("PATH", os.pathsep.join(["", "."]))
    with pytest.raises(git.GitError, match="cannot run git"):
        git._program()
