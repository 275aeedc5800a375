"""Where to read on after a syntax error, so that each broken rule or term is told once and hides no other."""

from __future__ import annotations

import re

from privacy_rules.language.parser import END
from privacy_rules.language.scanner import Token, tokens
from privacy_rules.language.source_text import SourceText
from privacy_rules.language.syntax import Lost

_NAME = r"[^\W\d]\w*+"
_BLOCKS = (
    "data|purpose|role|kind|safeguard|mandate|exchange|choice|occasion|obligation|right|basis|retention_ground"
    "|method|region"
)
# What surely begins a declaration, even where terms stand.
_SURE = rf"(?:rule|vocabulary)\s++{_NAME}\s*+\{{|define\s++{_NAME}\s++as\b|attribute\s++{_NAME}\s++on\b"
_OPENING = re.compile(rf'{_SURE}|policy\s++{_NAME}\s*+\{{|(?:{_BLOCKS})\s*+\{{|clause\s*+"|use\s++(?:{_NAME}|")')
_SURE_LINE = re.compile(rf"^[ \t]*+(?={_SURE})", re.MULTILINE)
# What could be meant to begin one.
_LIKE_ONE = re.compile(rf"{_NAME}\s*+(?:{_NAME}\s*+)?(?:\{{|(?:as|on)\b)")
SURE_WORDS = ("rule", "vocabulary", "define", "attribute")
_SURE_START = re.compile(_SURE)
_DECLARED = re.compile(rf"\b(?:rule|define|attribute)\s++({_NAME})")
_WORD = re.compile(_NAME)


def next_declaration(source: SourceText, start: int, error: int) -> int:
    """The offset to read on from, after an error at `error` in a declaration that began at `start`.

    That is where another begins: at the start of a line, outside all braces, or (it may be misspelt) right behind
    the brace that closes this one.
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
    """Where, in a block of terms, another declaration surely begins: the block lacks a brace. None where none does."""
    found = _SURE_LINE.search(source.text, start, end)
    return found.end() if found else None


def begins_surely(source: SourceText, offset: int) -> bool:
    """Whether a line begins at this offset that, even among terms, surely begins a declaration."""
    return _SURE_START.match(source.text, offset) is not None and source.begins_line(offset)


def next_term(source: SourceText, error: Token) -> int | None:
    """The offset of the next term or closing brace after an error in a block of terms; None where the file ends."""
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
    """All the words of a stretch that could not be read: it may declare any of them."""
    return Lost(frozenset(_WORD.findall(text)))


def declared_in(text: str) -> Lost:
    """The names that a stretch which could not be read seems to declare."""
    return Lost(frozenset(_DECLARED.findall(text)))
