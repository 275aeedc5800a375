from __future__ import annotations

import sys
from pathlib import Path

import pytest

from privacy_rules.starter.plan import plan
from privacy_rules.starter.writing import write
from tests.house.integrations import ROOT, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    here = Project(tmp_path / "project", tmp_path / "aside")
    write(plan(here.folder, "Acme", "none"))
    shim = here.aside / "bin" / "privacy-rules"
    shim.parent.mkdir(parents=True)
    shim.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m privacy_rules "$@"\n')
    shim.chmod(0o755)
    here.git("init", "--quiet", "--initial-branch=main")
    here.commit()
    return here
