"""The catalogue of codes: complete, without doubles, and the only place where a code is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import privacy_rules
from privacy_rules.source import codes
from privacy_rules.source.language_files import language_home

CONFORMANCE = language_home() / "conformance"
PACKAGE = Path(privacy_rules.__path__[0])
GROUPS = {"E1": codes.POLICY_ERRORS, "E2": codes.DATA_ERRORS, "E3": codes.CALL_ERRORS, "W3": codes.WARNINGS}
NAMES = {name: value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
SOURCES = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "codes.py"}


def test_every_code_has_one_name_and_a_title_in_its_group() -> None:
    assert list(NAMES.values()) == list(codes.ALL)
    assert list(codes.ALL) == [code for group in GROUPS.values() for code in group]
    for prefix, group in GROUPS.items():
        assert all(re.fullmatch(rf"{prefix}\d\d", code) for code in group)
        assert list(group) == sorted(group)


@pytest.mark.parametrize("title", codes.ALL.values())
def test_a_title_is_lower_case_and_without_a_full_stop(title: str) -> None:
    assert title[0].islower() or title[0] == "`"
    assert not title.endswith(".")


def test_no_other_module_writes_a_code() -> None:
    written = {str(path): re.findall(r'"[EW]\d{3}"', text) for path, text in SOURCES.items()}
    assert {path: found for path, found in written.items() if found} == {}


def test_every_code_is_used() -> None:
    used = {name for text in SOURCES.values() for name in re.findall(r"\bcodes\.([A-Z_]+)\b", text)}
    assert NAMES.keys() <= used


def test_every_error_of_a_policy_has_a_conformance_case() -> None:
    cases = [json.loads(Path(case).read_text(encoding="utf-8")) for case in CONFORMANCE.glob("*/*/expected.json")]
    shown = {error.get("code") for case in cases for error in case.get("errors", [])}
    assert set(codes.POLICY_ERRORS) <= shown
