"""Find where to continue after a syntax error, so that each broken part is reported once and hides no other."""

from __future__ import annotations

import re

from privacy_rules.language.lost_names import Lost
from privacy_rules.language.parser_tables import END
from privacy_rules.language.scanner import Token, tokens
from privacy_rules.language.source_text import SourceText
from privacy_rules.vocabulary.taxonomy import BUILT_IN

_NAME = r"[^\W\d]\w*+"
_BLOCKS = "|".join(BUILT_IN)
# What must begin a declaration, even among terms.
_MUST_BEGIN = rf"(?:rule|vocabulary)\s++{_NAME}\s*+\{{|define\s++{_NAME}\s++as\b|attribute\s++{_NAME}\s++on\b"
_OPENING = re.compile(rf'{_MUST_BEGIN}|policy\s++{_NAME}\s*+\{{|(?:{_BLOCKS})\s*+\{{|clause\s*+"|use\s++(?:{_NAME}|")')
_DECLARATION_LINE = re.compile(rf"^[ \t]*+(?={_MUST_BEGIN})", re.MULTILINE)
# What may be meant to begin one.
_LIKE_ONE = re.compile(rf"{_NAME}\s*+(?:{_NAME}\s*+)?(?:\{{|(?:as|on)\b)")
DECLARATION_WORDS = ("rule", "vocabulary", "define", "attribute")
_DECLARATION = re.compile(_MUST_BEGIN)
_DECLARED = re.compile(rf"\b(?:rule|define|attribute)\s++({_NAME})")
_WORD = re.compile(_NAME)


def next_declaration(source: SourceText, start: int, error: int) -> int:
    """Return the offset to go on from after an error at `error`, in a declaration that began at `start`.

    That is where another declaration begins: at the start of a line, outside all braces, or, perhaps misspelt, right after the brace
    that closes this one.
    """
    depth, closed = 0, False
    for token in tokens(source.text, start):
        begins = _opens(source, token, depth) or (closed and _LIKE_ONE.match(source.text, token.start))
        if begins and token.start >= error and token.start > start:
            return token.start
        closed = False
        if token.kind == "LBRACE":
            depth += 1
        elif token.kind == "RBRACE" and depth:
            depth -= 1
            closed = not depth
    return len(source.text)


def _opens(source: SourceText, token: Token, depth: int) -> bool:
    if token.kind != "NAME" or not _OPENING.match(source.text, token.start):
        return False
    return source.begins_line(token.start) or (not depth and token.text not in ("use", "clause"))


def declaration_among_terms(source: SourceText, start: int, end: int) -> int | None:
    """Return the offset of another declaration in a block of terms, which then lacks a brace, or None."""
    found = _DECLARATION_LINE.search(source.text, start, end)
    return found.end() if found else None


def must_begin_declaration(source: SourceText, offset: int) -> bool:
    """Return whether a line begins at this offset that must begin a declaration, even among terms."""
    return _DECLARATION.match(source.text, offset) is not None and source.begins_line(offset)


def next_term(source: SourceText, error: Token) -> int | None:
    """Return the offset of the next term or closing brace after an error in a block of terms; None at the end of the file."""
    depth = 0
    for token in tokens(source.text, error.start):
        match token.kind:
            case "LBRACE":
                depth += 1
            case "RBRACE" if depth:
                depth -= 1
            case "RBRACE" | "NAME" if not depth:
                return token.start
            case _ if token.kind == END:
                return None
    return None  # pragma: no cover - END is always last


def words_in(text: str) -> Lost:
    """Return all words of a stretch that could not be parsed, as it may declare any of them."""
    return Lost(frozenset(_WORD.findall(text)))


def declared_in(text: str) -> Lost:
    """Return the names that unparsable text seems to declare."""
    return Lost(frozenset(_DECLARED.findall(text)))
