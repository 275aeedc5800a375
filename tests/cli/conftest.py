from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Call, caller, shop_in
from tests.cli.linting import BAD, CLEAN


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    return caller(capfd)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a copy of the shop, below a folder that is nobody's project."""
    folder = shop_in(tmp_path / "shop")
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "PRIVACY_RULES_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def bad(shop: Path) -> Path:
    """A policy with mistakes, in the shop."""
    (shop / "bad.privacy").write_text(BAD, encoding="utf-8", newline="\n")
    return shop / "bad.privacy"


@pytest.fixture
def clean(shop: Path) -> Path:
    """A policy without any."""
    (shop / "clean.privacy").write_text(CLEAN, encoding="utf-8")
    return shop / "clean.privacy"
