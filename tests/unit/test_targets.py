"""Which manifest files a call means."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.targets import manifest_files
from tests.closed import close


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "privacy.yaml",
        "a/privacy.yml",
        "a/b/shop.privacy.json",
        "a/b/team.privacy.yaml",
        "a/notprivacy.yaml",
        "a/privacy.toml",
        ".hidden/privacy.yaml",
        "odd[1]/privacy.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(*targets: str) -> list[str]:
    return [path.as_posix() for path in manifest_files(targets).files]


def test_a_folder_means_the_manifests_below_it_in_order(files: Path) -> None:
    assert names(".") == [
        "privacy.yaml",
        "a/privacy.yml",
        "a/b/shop.privacy.json",
        "a/b/team.privacy.yaml",
        "odd[1]/privacy.yaml",
    ]


def test_a_hidden_folder_counts_where_it_is_named(files: Path) -> None:
    assert names(".hidden") == [".hidden/privacy.yaml"]


def test_a_glob_means_files_and_the_manifests_of_folders(files: Path) -> None:
    assert names("a/*.y*ml") == ["a/notprivacy.yaml", "a/privacy.yml"]
    assert names("a/*") == [
        "a/b/shop.privacy.json",
        "a/b/team.privacy.yaml",
        "a/notprivacy.yaml",
        "a/privacy.toml",
        "a/privacy.yml",
    ]
    assert names("**/*.json") == ["a/b/shop.privacy.json"]


def test_a_name_that_looks_like_a_glob_and_is_there_is_itself(files: Path) -> None:
    assert names("odd[1]/privacy.yaml") == ["odd[1]/privacy.yaml"]


def test_a_file_counts_once_and_need_not_be_there(files: Path) -> None:
    assert names("privacy.yaml", "*.yaml", "gone.yaml") == ["privacy.yaml", "gone.yaml"]


def test_targets_that_mean_nothing_are_told(files: Path) -> None:
    (files / "empty").mkdir()
    found = manifest_files(["empty", "*.nothing", "privacy.yaml"])
    assert (found.files, found.empty) == ((Path("privacy.yaml"),), ("empty", "*.nothing"))


def test_a_name_that_no_file_can_have_is_left_to_the_reader(files: Path) -> None:
    assert len(manifest_files(["a\0b"]).files) == 1


# ---- folders that cannot be looked into


@pytest.fixture
def locked(files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files, with `a/b` closed."""
    close(monkeypatch, "b")
    return files


@pytest.mark.parametrize("target", [".", "a", "a/b", "**/privacy.yaml", "*/*/*.json", "a/**", "[ab]/b/*"])
def test_a_folder_that_cannot_be_looked_into_is_told(locked: Path, target: str) -> None:
    found = manifest_files([target])
    assert [(each.as_posix(), why) for each, why in found.closed] == [("a/b", "Permission denied")]
    assert found.empty == ()


@pytest.mark.parametrize("target", ["a/privacy.yml", "*/privacy.yml", "odd[1]", ".hidden", "*"])
def test_a_folder_that_is_not_meant_may_be_closed(files: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    (files / ".hidden" / "more" / ".c" / "c").mkdir(parents=True)
    close(monkeypatch, "c")
    assert manifest_files([target]).closed == ()


def test_a_folder_that_is_excluded_may_be_closed(locked: Path) -> None:
    found = manifest_files(["."], ["a/b"])
    assert found.closed == ()
    assert [each.as_posix() for each in found.files] == ["privacy.yaml", "a/privacy.yml", "odd[1]/privacy.yaml"]
