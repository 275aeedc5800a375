from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from privacy_rules.language import codes
from privacy_rules.source.language_files import language_home

CONFORMANCE = language_home() / "conformance"


def test_every_code_has_a_title_and_one_name() -> None:
    names = {name: value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
    assert sorted(names.values()) == sorted(codes.CODES)
    assert list(codes.CODES) == sorted(codes.CODES)
    assert all(re.fullmatch(r"E1\d\d", code) for code in codes.CODES)


@pytest.mark.parametrize("title", codes.CODES.values())
def test_a_title_is_short_and_lower_case(title: str) -> None:
    assert len(title) <= 80
    assert title[0].islower() or title[0] == "`"
    assert not title.endswith(".")


def test_every_code_has_a_conformance_case() -> None:
    cases = [json.loads(Path(case).read_text(encoding="utf-8")) for case in CONFORMANCE.glob("*/*/expected.json")]
    shown = {error.get("code") for case in cases for error in case.get("errors", [])}
    assert set(codes.CODES) <= shown
