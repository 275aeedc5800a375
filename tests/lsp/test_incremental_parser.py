"""Reading again gives what reading the whole gives, whatever was typed in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.language.file_parser import read
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.syntax import File
from privacy_rules.lsp.incremental_parser import Rereader, pieces

ROOT = Path(__file__).parents[2]
POLICIES = sorted((ROOT / "dsl" / "conformance").glob("*/*/policy.privacy"))
LONG = [ROOT / "examples" / "iapmo" / "iapmo.privacy", ROOT / "dsl" / "std" / "core.privacy"]
WORDS = [
    *("{", "}", '"', "#", "\n", "(", ")", "-", "rule", "rule a {", "\nrule b {\n", "data {", "define x as", "use"),
    *(
        "forbid",
        "flow",
        "\nattribute y on flow: flag\n",
        "is",
        "and",
        "\n\n",
        "x",
        "kind",
        '"a"',
        "clause",
        "😀",
        "\ndata {\n",
    ),
    *("\nvocabulary v {", "x in ,", "\nrule b { forbid flow }\n"),
    *(
        "\npurpose { a }\n",
        "not",
        "\nuse std.core\n",
        "\nrule",
        "\ndefine rule as",
        "when",
        "unless\n",
        '\nclause "x" is scope "y"\n',
    ),
]


def flat(node: Any) -> Iterator[Any]:
    """A tree as a line of values, places too."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tuple):
            yield len(current)
            waiting += current
        elif isinstance(current, SourceText):
            yield current.text
        elif is_dataclass(current):
            yield type(current).__name__
            waiting += [getattr(current, each.name) for each in fields(current)]
        else:
            yield current


def said(file: File) -> list[Any]:
    return list(flat(file))


EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.lists(st.sampled_from(WORDS), max_size=3)), min_size=1, max_size=6
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(POLICIES + LONG), EDITS)
def test_reading_again_gives_what_reading_the_whole_gives(
    file: Path, edits: list[tuple[float, int, list[str]]]
) -> None:
    text, rereader = file.read_text("utf-8", "replace"), Rereader()
    rereader.read(SourceText("x", text))
    for where, length, words in edits:
        at = int(where * len(text))
        text = text[:at] + " ".join(words) + text[at + length :]
        source = SourceText("x", text)
        again, told = rereader.read(source)
        whole, wrong = read(source)
        assert told == wrong
        assert said(again) == said(whole)


@pytest.fixture
def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pieces of text that are parsed, in order."""
    pieces_read: list[str] = []

    def watched(source: SourceText) -> Any:
        pieces_read.append(source.text.strip())
        return read(source)

    monkeypatch.setitem(Rereader.read.__globals__, "read", watched)
    return pieces_read


def test_only_the_declaration_that_changed_is_read_anew(read_anew: list[str]) -> None:
    rules = [f"rule r{number} {{ forbid flow }}" for number in range(50)]
    rereader = Rereader()
    rereader.read(SourceText("x", "\n".join(rules)))
    read_anew.clear()
    rules[20] = "rule other { forbid system }"
    rereader.read(SourceText("x", "\n".join(rules)))
    assert read_anew == [rules[20]]


def test_pieces_are_the_whole_text() -> None:
    for file in [*POLICIES[::20], *LONG]:
        source = SourceText("x", file.read_text("utf-8", "replace"))
        found = list(pieces(source))
        assert "".join(source.text[each.start : each.end] for each in found) == source.text
        assert [source.text.count("\n", 0, each.start) + 1 for each in found] == [each.line for each in found]


def test_a_declaration_that_was_replaced_is_forgotten(read_anew: list[str]) -> None:
    """What is kept would otherwise grow with everything that is typed."""
    rules = "".join(f"rule r{number} {{ forbid flow }}\n" for number in range(50))
    rereader, typed = Rereader(), "rule typed { forbid system }"
    for text in (rules, rules + typed, rules, f"{rules}data {{ typed in }}", rules + typed):
        read_anew.clear()
        rereader.read(SourceText("x", text))
    assert typed in read_anew
