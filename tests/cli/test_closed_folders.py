"""A folder that cannot be looked into stops every verb that is to look into it: nothing passes unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.calling import Call
from tests.closed import close

TOLD = (
    "error[E303]: cannot look into the folder `locked`: permission denied\n"
    "  help: make it readable, or leave it out with `exclude` in the configuration\n"
)


@pytest.fixture
def locked(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop with a folder that is closed; a superuser has to be kept out like this."""
    Path("locked").mkdir()
    Path("estate.yaml").rename("privacy.yaml")
    write("shop.tests.yaml", "tests: 1\ncases: []\n")
    close(monkeypatch, "locked")
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
    write("privacy-rules.toml", 'exclude = ["locked"]\n')
    assert call("fmt", "--check", ".").err == ""
    assert call("check", ".", "--policy", "shop.privacy", "--fail-on", "never").code == 0


def test_a_closed_folder_in_which_manifests_are_included_stops_the_check(locked: Path, call: Call) -> None:
    manifest = Path("privacy.yaml")
    write(manifest, manifest.read_text("utf-8") + 'include: ["locked/*.yaml"]\n')
    done = call("check", "privacy.yaml", "--policy", "shop.privacy")
    assert (done.code, done.out) == (2, "")
    assert "error[E210]: cannot look into the folder `locked`: permission denied\n" in done.err
