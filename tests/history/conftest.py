from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.repositories import repository


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a repository with one sale in its manifest."""
    folder = repository(tmp_path / "repository")
    monkeypatch.chdir(folder)
    return folder
