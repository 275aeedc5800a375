"""The layout of policy files: each construct as it may be written, and as it is formatted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from privacy_rules.language import formatter
from privacy_rules.language.comments import Word
from privacy_rules.language.formatter import formatted
from privacy_rules.language.formatter_rules import LAYOUTS, lay_out
from privacy_rules.language.parser_tables import tables
from tests.unit.language.layouts import CASES

LANGUAGE = Path(__file__).parents[3] / "dsl" / "language.md"


@pytest.mark.parametrize(("text", "layout"), CASES.values(), ids=CASES)
def test_layout(text: str, layout: str) -> None:
    assert formatted(text) == (layout, ())
    assert formatted(layout) == (layout, ()), "what is laid out stays as it is"


def test_every_production_and_every_word_of_the_grammar_is_laid_out_above(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    kinds: set[str] = set()

    def recorded(production: str, parts: list[Any]) -> Any:
        seen.add(production)
        kinds.update(part.kind for part in parts if isinstance(part, Word))
        return lay_out(production, parts)

    monkeypatch.setattr(formatter, "lay_out", recorded)
    for text, _ in CASES.values():
        formatted(text)
    named = {each.name for each in tables().productions if not each.inline} - {"same"}
    assert seen == named == set(LAYOUTS)
    written = {kind for kinds in tables().words.values() for kind in kinds} | set(tables().tokens)
    assert kinds == written - {"COMMENT", "WHITE_SPACE"}


def test_a_name_that_may_begin_a_declaration_does_not_begin_a_line() -> None:
    """A line that begins with `define and as` would be read as the start of a `define`."""
    text = f"define x as y and ({'a' * 100} or (define and as))\n"
    result, _ = formatted(text)
    assert result == f"define x as y\n  and ({'a' * 100}\n      or (define and as))\n"


@pytest.mark.parametrize("depth", [99, 1000])
@pytest.mark.parametrize(
    "nested",
    [
        ("define a as ", "(x and ", "y", ")"),
        ("define a as ", "not ", "y", ""),
        ("define a as ", "reached by a from (not ", "y", ")"),
        ("data ", "{ x ", "", "}"),
        ("attribute a on flow: flag default ", "(y, ", "z", ")"),
        ("rule r { forbid flow ", "unless x ", "}", ""),
    ],
)
def test_deep_nesting_is_laid_out(nested: tuple[str, str, str, str], depth: int) -> None:
    begin, opening, inner, closing = nested
    result, found = formatted(begin + opening * depth + inner + closing * depth)
    assert result is not None, found
    assert formatted(result) == (result, ())
    assert max(len(re.sub(r"[ )]", "", line)) for line in result.splitlines()) <= 120 or nested[3] == ""


def test_the_example_of_the_reference_is_laid_out_as_it_says() -> None:
    reference = LANGUAGE.read_text(encoding="utf-8")
    before, after = (
        re.search(rf"^```privacy {which}\n(.*?)^```$", reference, re.MULTILINE | re.DOTALL)
        for which in ("layout-before", "layout-after")
    )
    assert before
    assert after
    assert formatted(before[1]) == (after[1], ())
