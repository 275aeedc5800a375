"""Find out what kind of name is expected at the cursor: a term of a vocabulary, a rule, or a name in a condition."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.language.condition_contexts import COLLECTED, END, OWNER, PLACES, Place, Site, place_of
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.language.syntax import LIMITS_OF_TERMS
from privacy_rules.lsp.parser_state import Cursor, Symbol
from privacy_rules.lsp.symbols import Meaning
from privacy_rules.source.fast_dataclasses import dataclass

_OF_LIMIT = {
    **{word.upper(): vocabulary for word, vocabulary in LIMITS_OF_TERMS.items()},
    **dict.fromkeys(("FROM", "TO", "AT"), "role"),
}
_SELECTING = ("FROM", "TO", "AT", "AVOIDING")
_TESTING = ("IS", "INCLUDES", "WITHIN", "ALL")
_BEFORE_CONDITIONS = ("WHEN", "UNLESS", "REQUIRE", "AS", "NOT", "AND", "OR")
_LISTED = ("COMMA", "item", "dotted")
_TERMS = Place(Site.TERMS, datum=True, purpose=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The names that fit: terms of `vocabulary`, names in conditions at `places`, or the names in `also`."""

    vocabulary: str | None = None
    places: tuple[Place, ...] = ()
    also: str | None = None


def wanted(cursor: Cursor, meaning: Meaning) -> Wanted:
    """Return the kind of name that is expected at the cursor."""
    stack = list(cursor.stack)
    while stack and (stack[0].kind in _LISTED or stack[0].kind.startswith("__")) and not _is_terms(stack):
        stack.pop(0)
    if not stack:
        return Wanted()
    if stack[0].kind == "LPAR" and len(stack) > 1:
        return _in_parentheses(stack, cursor, meaning)
    return _behind(stack, cursor, meaning)


def _is_terms(stack: Sequence[Symbol]) -> bool:
    """Return whether terms of a block follow directly after its brace, grouped or not."""
    return stack[0].kind.startswith("__vocabulary")


def _in_parentheses(stack: list[Symbol], cursor: Cursor, meaning: Meaning) -> Wanted:
    before = stack[1]
    if before.kind == "BY" and "NOT" in cursor.accepted:
        return Wanted("role", (OWNER,))
    if before.kind in _SELECTING and "NOT" in cursor.accepted:
        return Wanted("role", (END,))
    if before.kind in _TESTING or before.kind == "BY" or (before.kind in _OF_LIMIT and not _collects(stack)):
        return _behind(stack[1:], cursor, meaning)
    return Wanted(places=_places(stack, cursor))


def _collects(stack: Sequence[Symbol]) -> bool:
    kinds = [each.kind for each in stack[1:4]]
    return kinds[:2] == ["WITH", "COLLECTED"] or (kinds[:1] == ["WITH"] and kinds[2:] == ["COLLECTED"])


def _behind(stack: list[Symbol], cursor: Cursor, meaning: Meaning) -> Wanted:
    kind, below = stack[0].kind, stack[1] if len(stack) > 1 else Symbol("", "")
    if kind in _TESTING:
        name = next((each.text for each in stack if each.kind == "name"), "")
        return Wanted(meaning.vocabulary(name))
    if kind == "OF" and below.kind in ("ONE", "SET"):
        return Wanted(also="vocabulary")
    if kind == "WITHOUT" or (kind == "FOR" and below.kind == "SEVERITY_NAME"):
        return Wanted(also="brought")
    if kind in _OF_LIMIT or kind == "AVOIDING":
        return Wanted(_OF_LIMIT.get(kind, "role"))
    if kind == "BY" and below.kind == "OWNED":
        return Wanted("role")
    if kind == "BY":
        return Wanted("data" if below.kind == "REACHED" else "method")
    if kind in _BEFORE_CONDITIONS:
        return Wanted(places=_places(stack, cursor))
    if kind == "COMPARISON":
        return Wanted(places=_places(stack, cursor), also="compared")
    if kind == "DEFAULT":
        return Wanted(_type_before(stack), also="value")
    if kind in ("PARTY", "SYSTEM"):
        return Wanted(also=kind.lower())
    simple = {"DESPITE": "rule", "USE": "package", "COVERS": "judged"}
    return Wanted(also=simple[kind]) if kind in simple else Wanted(_block(stack))


def _type_before(stack: Sequence[Symbol]) -> str | None:
    """Return the vocabulary that the type of an attribute names."""
    written = next((each.text.split() for each in stack if each.kind == "type"), [])
    return written[2] if len(written) == 3 and written[2] != "text" else None


def _block(stack: Sequence[Symbol]) -> str | None:
    """Return the vocabulary whose block contains the cursor."""
    for index, each in enumerate(stack):
        if each.kind == "VOCABULARY_NAME":
            return each.text
        if each.kind == "NAME" and index + 1 < len(stack) and stack[index + 1].kind == "VOCABULARY":
            return each.text
    return None


def _places(stack: Sequence[Symbol], cursor: Cursor) -> tuple[Place, ...]:
    """Return the kinds of place for the condition: one, or all of them in a define or an unfinished `require`."""
    for index, each in enumerate(stack):
        below = stack[index + 1].kind if index + 1 < len(stack) else ""
        if each.kind == "LPAR" and below == "CONTRACT":
            return (_TERMS,)
        if each.kind == "LPAR" and _collects(stack[index:]):
            return (COLLECTED,)
        if each.kind == "LPAR" and below == "BY" and index + 2 < len(stack) and stack[index + 2].kind == "OWNED":
            return (OWNER,)
        if each.kind == "LPAR" and below in _SELECTING:
            return (END,)
        if each.kind in ("KIND", "subject"):
            return _place_of(each.text)
    return _place_of(cursor.subject or "")


def _place_of(word: str) -> tuple[Place, ...]:
    return (place_of(Kind(word)),) if word in set(Kind) else PLACES
