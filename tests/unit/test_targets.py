"""Which manifest files a call means."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.configuration.load import configuration
from privacy_rules.configuration.targets import manifest_files
from privacy_rules.manifest.includes import included
from privacy_rules.source.file_system import Disk, Entry
from tests.builders import write
from tests.closed import close


@pytest.fixture
def files(here: Path) -> Path:
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
        write(name, "")
    return here


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


def test_targets_that_mean_nothing_are_reported(files: Path) -> None:
    (files / "empty").mkdir()
    found = manifest_files(["empty", "*.nothing", "privacy.yaml"])
    assert (found.files, found.empty) == ((Path("privacy.yaml"),), ("empty", "*.nothing"))


def test_a_name_that_no_file_can_have_is_left_to_the_reader(files: Path) -> None:
    assert len(manifest_files(["a\0b"]).files) == 1


def test_a_file_that_is_named_like_a_pattern_does_not_hide_what_the_pattern_matches(files: Path) -> None:
    (files / "a" / "*.yml").touch()
    (files / "a" / "[np]*.yml").touch()
    assert names("a/*.yml") == ["a/*.yml", "a/[np]*.yml", "a/privacy.yml"]
    assert names("a/[np]*.yml") == ["a/[np]*.yml", "a/privacy.yml"]


# ---- the folder of the configuration is never a pattern


@pytest.mark.parametrize("name", ["a[b]*", "[ab]", "**", "x?", "a[!b]", "plain"])
def test_wildcards_in_the_name_of_the_folder_stand_for_themselves(files: Path, name: str) -> None:
    folder = files / "odd" / name
    for each in ("privacy.yaml", "svc/privacy.yaml", "svc/fixtures/privacy.yaml", "other/shop.privacy.yaml"):
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).touch()
    for other in ("ab", "b"):  # what the name would match as a pattern
        (files / "odd" / other).mkdir(exist_ok=True)
        (files / "odd" / other / "privacy.yaml").touch()

    def meant(targets: list[str], exclude: list[str]) -> list[str]:
        given, left_out = [str(folder / each) for each in targets], [str(folder / each) for each in exclude]
        found = manifest_files(given, left_out, folder)
        assert (found.empty, found.closed) == ((), ())
        return [each.relative_to(folder).as_posix() for each in found.files]

    assert meant(["*.yaml"], []) == ["privacy.yaml"]
    assert meant(["s*"], []) == ["svc/privacy.yaml", "svc/fixtures/privacy.yaml"]
    assert meant(["."], ["**/fixtures"]) == ["privacy.yaml", "other/shop.privacy.yaml", "svc/privacy.yaml"]
    assert meant(["**/*.yaml"], ["s*"]) == ["other/shop.privacy.yaml", "privacy.yaml"]


# ---- exclusions


@pytest.mark.parametrize(
    "exclusion",
    [
        *("a/b", "a/b/", "./a/b", "a/./b/", "a/../a/b", "**/b", "**/b/", "*/b", "a/*/", "a/b/**", "a/b/*", "a/b/**/*"),
        *("[a]/b", "**/a/b/**", "**/*.privacy.*", "**/**/b"),
    ],
)
def test_an_exclusion_of_a_folder_excludes_all_in_it(files: Path, exclusion: str) -> None:
    for folder in (None, files):
        given = exclusion if folder is None else f"{folder}/{exclusion}"
        found = manifest_files(["."], [given], folder).files
        assert [each.as_posix() for each in found] == ["privacy.yaml", "a/privacy.yml", "odd[1]/privacy.yaml"]


@pytest.mark.parametrize("exclusion", ["odd[1]", "odd[1]/", "odd[1]/*", "**/odd[1]"])
def test_an_exclusion_that_looks_like_a_pattern_excludes_the_folder_of_that_name(files: Path, exclusion: str) -> None:
    (files / "odd1").mkdir()
    (files / "odd1" / "privacy.yaml").touch()
    assert [each.as_posix() for each in manifest_files(["odd*"], [exclusion]).files] == []


def test_an_exclusion_with_a_slash_at_its_end_excludes_folders_only(files: Path) -> None:
    write(files / "privacy-rules.toml", 'exclude = ["*/"]')
    settings, _ = configuration(files)
    assert settings is not None
    found = manifest_files([str(files)], settings.exclude, settings.folder).files
    assert [each.relative_to(files).as_posix() for each in found] == ["privacy.yaml"]


def test_a_file_that_is_named_is_not_excluded(files: Path) -> None:
    for name in ("a/privacy.yml", "./a/privacy.yml", str(files / "a" / "privacy.yml")):
        assert manifest_files([name], ["a"]).files == (Path(name),)


@pytest.mark.parametrize("exclusion", ["a", "link", "**/a", "*/b"])
def test_an_exclusion_holds_for_every_name_of_a_file(files: Path, exclusion: str) -> None:
    (files / "link").symlink_to("a")
    assert manifest_files(["link/b"], [exclusion]).files == ()
    assert manifest_files(["link/b/*"], [exclusion]).files == ()
    assert manifest_files(["a/b"], [exclusion]).files == ()


def test_an_exclusion_without_any_match_excludes_nothing(files: Path) -> None:
    assert [each.as_posix() for each in manifest_files(["a"], ["b", "A", "a/privacy", "a\0", "a\0*"]).files] == [
        "a/privacy.yml",
        "a/b/shop.privacy.json",
        "a/b/team.privacy.yaml",
    ]


def test_an_exclusion_of_many_wildcards_takes_no_time(files: Path) -> None:
    deep = files.joinpath("a", *["a"] * 60)
    deep.mkdir(parents=True)
    (deep / "privacy.yaml").touch()
    assert manifest_files([str(deep)], ["/".join(["**", "a"] * 40 + ["x"])]).files == (deep / "privacy.yaml",)


# ---- folders that cannot be looked into


@pytest.fixture
def locked(files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files, with `a/b` closed."""
    close(monkeypatch, "b")
    return files


@pytest.mark.parametrize("target", [".", "a", "a/b", "**/privacy.yaml", "*/*/*.json", "a/**", "[ab]/b/*"])
def test_a_folder_that_cannot_be_looked_into_is_reported(locked: Path, target: str) -> None:
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


class Counting(Disk):
    """The disk, which counts how often a folder is read."""

    def __init__(self) -> None:
        self.count = 0

    def entries(self, folder: Path) -> list[Entry]:
        self.count += 1
        return super().entries(folder)


def test_a_folder_is_searched_once_for_each_part_of_a_glob(here: Path) -> None:
    depth = 30
    write("/".join("a" * depth) + "/privacy.yaml", "")
    disk = Counting()
    assert len(manifest_files(["**/a/**/**/privacy.yaml"], disk=disk).files) == 1
    assert disk.count <= 6 * depth
    disk = Counting()
    assert len(included("**/a/**/**/privacy.yaml", here, here, disk=disk)) == 1
    assert disk.count <= 6 * depth
