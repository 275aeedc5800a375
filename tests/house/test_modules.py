"""Modules stay short enough to be read at once."""

from __future__ import annotations

from pathlib import Path
from statistics import median

PACKAGE = Path(__file__).resolve().parents[2] / "privacy_rules"
MOST, USUAL = 400, 110


def test_no_module_is_too_long() -> None:
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in PACKAGE.rglob("*.py")}
    assert {str(file.relative_to(PACKAGE)): count for file, count in lines.items() if count > MOST} == {}
    assert median(lines.values()) < USUAL
