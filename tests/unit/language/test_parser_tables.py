from __future__ import annotations

import json
from pathlib import Path

import pytest

from privacy_rules.language import parser_tables
from privacy_rules.source.language_files import language_home
from tests.builders import write

GRAMMAR = (language_home() / "grammar.lark").read_text(encoding="utf-8")


def test_the_kept_tables_are_those_of_the_grammar() -> None:
    assert parser_tables.kept_tables(GRAMMAR) == parser_tables.build_tables(GRAMMAR)


def test_keeping_writes_what_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "tables.json"
    parser_tables.keep_tables(GRAMMAR, file)
    assert file.read_text(encoding="utf-8") == parser_tables.KEPT.read_text(encoding="utf-8")


def test_tables_of_another_grammar_are_not_taken() -> None:
    assert parser_tables.kept_tables(GRAMMAR + "\n// changed") is None


@pytest.mark.parametrize("text", ["", "{", json.dumps({"digest": "another"})])
def test_tables_that_are_broken_or_stale_are_not_taken(tmp_path: Path, text: str) -> None:
    file = write(tmp_path / "tables.json", text)
    assert parser_tables.kept_tables(GRAMMAR, file) is None


def test_without_kept_tables_lark_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_tables, "kept_tables", lambda grammar: None)
    assert parser_tables.tables.__wrapped__() == parser_tables.build_tables(GRAMMAR)


def test_lark_is_not_imported_to_read_a_policy() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from privacy_rules.language.loader import load_text;"
        "assert load_text('rule r { forbid flow }')[0]; print('lark' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_lark_itself_reads_what_ships() -> None:
    from lark import Lark

    lark = Lark(GRAMMAR, parser="lalr", lexer="contextual", start="file")
    for file in (language_home() / "std").glob("*.privacy"):
        lark.parse(file.read_text(encoding="utf-8"))
