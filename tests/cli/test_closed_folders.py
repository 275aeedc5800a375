"""A folder that cannot be looked into stops every verb that is to look into it: nothing passes unseen."""

from __future__ import annotations

import os
from errno import EACCES
from pathlib import Path

import pytest

from tests.cli.calling import Call

TOLD = (
    "error[E303]: cannot look into the folder `locked`: permission denied\n"
    "  help: let it be read, or leave it out with `exclude` in the configuration\n"
)


@pytest.fixture
def locked(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop with a folder that is closed; a superuser has to be kept out like this."""
    scandir = os.scandir

    def refusing(path: str | Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
        return scandir(path)

    Path("locked").mkdir()
    Path("estate.yaml").rename("privacy.yaml")
    Path("shop.tests.yaml").write_text("tests: 1\ncases: []\n", encoding="utf-8")
    monkeypatch.setattr(os, "scandir", refusing)
    return shop


@pytest.mark.parametrize(
    "words",
    [
        ("check", ".", "--policy", "shop.privacy"),
        ("check", "**/*.yaml", "--policy", "shop.privacy"),
        ("lint", "."),
        ("test", "."),
        ("test",),
        ("fmt", "."),
        ("fmt", "--check", "."),
        ("docs", "."),
        ("trace", "."),
        ("graph", ".", "--policy", "shop.privacy"),
    ],
)
def test_a_closed_folder_stops_the_verb(locked: Path, call: Call, words: tuple[str, ...]) -> None:
    before = Path("shop.privacy").read_bytes()
    done = call(*words)
    assert (done.code, done.out, done.err) == (2, "", TOLD)
    assert Path("shop.privacy").read_bytes() == before


def test_a_closed_folder_that_is_excluded_stops_nobody(locked: Path, call: Call) -> None:
    Path("privacy-rules.toml").write_text('exclude = ["locked"]\n', encoding="utf-8")
    assert call("fmt", "--check", ".").err == ""
    assert call("check", ".", "--policy", "shop.privacy", "--fail-on", "never").code == 0
