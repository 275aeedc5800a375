from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Call, caller, shop_in


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
