"""Help for common slips: text without quotes, a list without parentheses, commas between terms.

cites #2                       → write `cites "#2"`
exchange is sale, rental       → write `is (sale, rental)`
"""

from __future__ import annotations

import re

from privacy_rules.language.parser_tables import END
from privacy_rules.language.scanner import Token

_TEXT = frozenset({"STRING"})
_MOST = 60
_ITEM = r'(?:"(?:[^"\\\n]|\\.)*"|[^\W\d]\w*(?:\.[^\W\d]\w*)*)'
_HIDDEN = re.compile(r"[ \t]*(#[^\s\"{},;]+)")
_BEFORE_A_LIST = re.compile(
    rf"\b(is|includes all|includes only|includes|within|by|of|with|for|from|to|at)\s+({_ITEM})\Z"
)
_MORE = re.compile(rf"(?:\s*,\s*{_ITEM})+")
_NEXT = re.compile(r",\s*([^\W\d]\w*)")


def hidden(text: str, last: Token | None, accepted: frozenset[str]) -> Token | None:
    """Return the comment after the last accepted token, if text in double quotes is expected there."""
    found = _HIDDEN.match(text, last.end) if last and accepted == _TEXT else None
    return Token("COMMENT", found[1], found.start(1), found.end(1)) if found else None


def help_for(text: str, last: Token | None, token: Token, accepted: frozenset[str], *, among_terms: bool) -> str | None:
    """Return how to write what an unexpected token seems to mean, or None."""
    if last is None or token.kind == END:
        return None
    if token.kind == "COMMENT":
        return f'`#` begins a comment; write `{last.text} "{token.text}"`'
    if accepted == _TEXT:
        return _in_quotes(text, last, token)
    if token.text != ",":
        return None
    return _side_by_side(text, last, token) if among_terms else _in_parentheses(text, last, token)


def _in_quotes(text: str, last: Token, token: Token) -> str | None:
    if "\n" in text[last.end : token.start]:  # the text is missing, and something else follows
        return None
    rest = text[token.start :].partition("\n")[0].partition(" #")[0].rstrip()
    if len(rest) > _MOST or not rest.isprintable() or set(rest) & set('{}"`\\'):
        return "write text in double quotes"
    return f'write text in double quotes: `{last.text} "{rest}"`'


def _side_by_side(text: str, last: Token, token: Token) -> str:
    following = _NEXT.match(text, token.start)
    shown = f": `{last.text} {following[1]}`" if following and last.kind == "NAME" else ""
    return f"leave out the commas between terms{shown if len(shown) <= _MOST else ''}"


def _in_parentheses(text: str, last: Token, token: Token) -> str | None:
    begun = _BEFORE_A_LIST.search(text, max(last.start - 2 * _MOST, 0), last.end)
    more = _MORE.match(text, token.start)
    if begun is None or more is None:
        return None
    items = ", ".join(each.strip() for each in re.findall(_ITEM, begun[2] + more[0]))
    shown = f": `{begun[1]} ({items})`" if len(items) <= _MOST else ""
    return f"write a list in parentheses{shown}"
