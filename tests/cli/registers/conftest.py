from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.cli.registers.given import MANIFEST, POLICY, PROSE


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("acme.privacy", POLICY), ("estate.yaml", MANIFEST), ("prose.md", PROSE)):
        write(name, text)
    return tmp_path
