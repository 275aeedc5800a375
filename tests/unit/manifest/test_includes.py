"""Which files an include names."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.manifest.includes import ClosedError, OutsideError, included
from tests.closed import close


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "root"
    for name in ("a.yaml", "b.yaml", "x/a.yaml", "x/y/a.yaml", "x/y/c.json", ".hidden/a.yaml", "x/.a.yaml"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "outside.yaml").touch()
    return root


def names(pattern: str, root: Path, folder: str = ".", others: list[Path] | None = None) -> list[str]:
    return [path.relative_to(root).as_posix() for path in included(pattern, root / folder, root, others or [])]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.yaml", ["a.yaml"]),
        ("*.yaml", ["a.yaml", "b.yaml"]),
        ("[b-z].yaml", ["b.yaml"]),
        ("?/a.yaml", ["x/a.yaml"]),
        ("**/a.yaml", ["a.yaml", "x/a.yaml", "x/y/a.yaml"]),
        ("x/**/*", ["x/a.yaml", "x/y/a.yaml", "x/y/c.json"]),
        ("**/y/*.json", ["x/y/c.json"]),
        ("x/./y/../a.yaml", ["x/a.yaml"]),
        (".hidden/*.yaml", [".hidden/a.yaml"]),
        ("x/.*.yaml", ["x/.a.yaml"]),
        ("*/../../outside.yaml", []),
        ("x", []),
        ("**", []),
        ("", []),
        ("none/*.yaml", []),
        ("a.yaml/*", []),
    ],
)
def test_a_pattern_names_files_sorted(root: Path, pattern: str, expected: list[str]) -> None:
    assert names(pattern, root) == expected


def test_a_pattern_is_relative_to_the_folder_of_its_file(root: Path) -> None:
    assert names("*.yaml", root, "x") == ["x/a.yaml"]
    assert names("../*.yaml", root, "x") == ["a.yaml", "b.yaml"]


def test_an_absolute_pattern_may_stay_inside_the_root(root: Path) -> None:
    assert names(f"{root.as_posix()}/x/*.yaml", root) == ["x/a.yaml"]


@pytest.mark.parametrize("pattern", ["../outside.yaml", "../*.yaml", "x/../../*", "../nothing"])
def test_a_pattern_may_not_leave_the_root(root: Path, pattern: str) -> None:
    with pytest.raises(OutsideError):
        names(pattern, root)


def test_a_symbolic_link_may_not_leave_the_root(root: Path) -> None:
    (root / "link.yaml").symlink_to(root.parent / "outside.yaml")
    (root / "folder").symlink_to(root.parent)
    for pattern in ("link.yaml", "*.yaml", "folder/outside.yaml", "f*/outside.yaml"):
        with pytest.raises(OutsideError):
            names(pattern, root)


@pytest.mark.parametrize("pattern", ["x/y/*.yaml", "**/a.yaml", "x/**/*", "*/*/*.yaml"])
def test_a_folder_that_cannot_be_looked_into_is_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    close(monkeypatch, "y")
    with pytest.raises(ClosedError) as told:
        names(pattern, root)
    assert (told.value.found, told.value.reason) == (root / "x" / "y", "permission denied")


def test_a_folder_that_is_not_meant_may_be_closed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close(monkeypatch, "y")
    assert names("x/*.yaml", root) == ["x/a.yaml"]


def test_links_to_folders_are_not_followed_by_two_stars(root: Path) -> None:
    (root / "x" / "again").symlink_to(root)
    assert names("**/c.json", root) == ["x/y/c.json"]


def test_other_files_count_beside_those_on_the_disk(root: Path) -> None:
    others = [root / "x" / "new.yaml", root / "x" / "z" / "a.yaml", root / ".git" / "a.yaml", Path("/elsewhere/a.yaml")]
    assert names("x/*.yaml", root, others=others) == ["x/a.yaml", "x/new.yaml"]
    assert names("**/z/a.yaml", root, others=others) == ["x/z/a.yaml"]
    assert names("*/z/a.yaml", root, others=others) == ["x/z/a.yaml"]
    assert names("x/new.yaml", root, others=others) == ["x/new.yaml"]
    assert names("**/a.yaml", root, others=others) == ["a.yaml", "x/a.yaml", "x/y/a.yaml", "x/z/a.yaml"]
    deep = [root.joinpath(*"z" * 60, "a.yaml")]
    assert names("**/" * 40 + "b/**/*.yaml", root, others=deep) == []
