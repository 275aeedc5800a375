from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Call, caller


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Calls the command line in this process."""
    return caller(capfd)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
