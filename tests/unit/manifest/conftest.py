"""Fixtures for the tests of manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.given import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)
