"""A watch sees what changes, comes and goes."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.testing.file_watcher import PAUSE, marks, wait
from tests.builders import write


def looks(change: object, files: list[str]) -> int:
    """How often is looked before what changes at the second pause is seen."""
    before, pauses = marks(files), list[float]()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            change()  # type: ignore[operator]

    wait(before, lambda: files, sleep)
    return pauses.count(PAUSE)


def test_a_change_is_seen(tmp_path: Path) -> None:
    file = write(tmp_path / "a", "one")
    assert looks(lambda: write(file, "three"), [str(file)]) == 2


def test_a_file_that_comes_or_goes_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert looks(lambda: write(file, "one"), [str(file)]) == 2
    assert looks(file.unlink, [str(file)]) == 2


def test_a_file_that_is_meant_only_now_is_seen(tmp_path: Path) -> None:
    files = [str(tmp_path / "a")]
    assert looks(lambda: files.append(str(tmp_path / "b")), files) == 2


def test_a_file_is_not_read_while_it_is_written(tmp_path: Path) -> None:
    file, seen = tmp_path / "a", []
    write(file, "one")
    parts = ["", "t", "tw", "two"]

    def sleep(seconds: float) -> None:
        seen.append(seconds)
        if parts:
            write(file, parts.pop(0))

    wait(marks([str(file)]), lambda: [str(file)], sleep)
    assert not parts
    assert seen[0] == PAUSE > max(seen[1:])
    assert len(seen) == 5


def test_a_file_that_is_written_without_end_is_read_after_a_while(tmp_path: Path) -> None:
    file, looks = tmp_path / "a", []
    write(file, "one")

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        write(file, "more" * len(looks))

    wait(marks([str(file)]), lambda: [str(file)], sleep)
    assert len(looks) > 10
