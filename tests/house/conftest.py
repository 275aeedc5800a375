from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.integrations import Project, scratch


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return scratch(tmp_path)
