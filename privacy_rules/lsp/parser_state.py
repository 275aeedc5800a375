"""Find what the parser could accept at a place in an unfinished policy: its stack just before the word there.

The parser's own tables are run over the declaration up to the cursor, without building a tree. A token that is not
allowed in its place is skipped, because the rest of the declaration is more useful than the error.
"""

from __future__ import annotations

import re

from privacy_rules.language.expected_tokens import acceptable
from privacy_rules.language.parser_tables import Tables, defaults, tables
from privacy_rules.language.scanner import BAD_ESCAPE, NAME, STRING, UNENDED, Token, kind_in_text, tokens
from privacy_rules.language.source_text import SourceText
from privacy_rules.lsp.incremental_parser import Piece, pieces
from privacy_rules.source.fast_dataclasses import dataclass

_WORD = re.compile(r"[\w.]*\Z")
_REST = re.compile(r"\w*")
_ON = re.compile(r"\bon\s+(\w+)")
_OPENS_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|(?P<open>"[^\n]*)')
_JOINED = ("name", "dotted")


@dataclass(frozen=True, slots=True)
class Symbol:
    """One entry of the parser's stack: a terminal or nonterminal, with its first word (of a name or type: all words)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place among words: `accepted` are the terminals that fit, `stack` what comes before, the top first.

    The word that is being typed is from offset `start` up to `end`; `subject` is the kind that the rule applies to, if
    that is stated after the cursor.
    """

    accepted: frozenset[str]
    stack: tuple[Symbol, ...]
    start: int
    end: int
    subject: str | None


def cursor(text: str, offset: int) -> Cursor | None:
    """Return the cursor at an offset of a text (line ends folded); None within a string or a comment."""
    begun = _WORD.search(text, 0, offset)
    start = begun.start() if begun else offset
    rest = _REST.match(text, offset)
    end = rest.end() if rest else offset
    if _within_text(text, start):
        return None
    piece = _piece_at(text, start)
    states, stack = _run(text[:start], piece.start)
    asked = _ON.search(text, end, piece.end)
    return Cursor(acceptable(states), tuple(reversed(stack)), start, end, asked[1] if asked else None)


def _within_text(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    last = None
    for last in _OPENS_TEXT.finditer(line):
        if last["open"]:
            return True
    return last is not None and last[0].startswith("#")


def _piece_at(text: str, offset: int) -> Piece:
    found = list(pieces(SourceText("", text)))
    return next((each for each in reversed(found) if each.start < offset), found[0])


def _run(text: str, start: int) -> tuple[list[int], list[Symbol]]:
    known = tables()
    states, stack = [known.start], list[Symbol]()
    for token in tokens(text, start):
        if token.kind in (UNENDED, BAD_ESCAPE):
            token.kind = STRING
        if token.kind == NAME:
            token.kind = kind_in_text(text, token, states)
        if token.text and token.kind in acceptable(states):
            _take(known, states, stack, token)
    return states, stack


def _take(known: Tables, states: list[int], stack: list[Symbol], token: Token) -> None:
    while (action := known.actions[states[-1]][token.kind]) < 0:
        _reduce(known, states, stack, ~action)
    states.append(action)
    stack.append(Symbol(token.kind, token.text))
    while (default := defaults()[states[-1]]) is not None:
        _reduce(known, states, stack, default)


def _reduce(known: Tables, states: list[int], stack: list[Symbol], number: int) -> None:
    made = known.productions[number]
    keep = len(stack) - made.size
    parts = stack[keep:]
    if made.origin == "type":
        text = " ".join(each.text for each in parts)
    elif made.origin in _JOINED or made.origin.startswith("__name"):
        text = "".join(each.text for each in parts)
    else:
        text = parts[0].text if parts else ""
    del stack[keep:], states[keep + 1 :]
    states.append(known.gotos[states[-1]][made.origin])
    stack.append(Symbol(made.origin, text))
