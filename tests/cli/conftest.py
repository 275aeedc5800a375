from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules import __version__
from tests import builders
from tests.builders import write
from tests.cli.calling import shop_in
from tests.cli.linting import BAD, CLEAN


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
    return write(shop / "bad.privacy", BAD)


@pytest.fixture
def clean(shop: Path) -> Path:
    """A policy without any."""
    return write(shop / "clean.privacy", CLEAN)


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty folder named `acme-shop`, in no repository; the tool is installed from an index."""
    folder = tmp_path / "acme-shop"
    monkeypatch.setattr("privacy_rules.starter.detection.requirement", lambda: f"privacy-rules=={__version__}")
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "NO_COLOR", "PRIVACY_RULES_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def repository(shop: Path) -> Path:
    """The shop, committed to a git repository."""
    return builders.repository(shop, {})
