"""Split a text into tokens. The parser decides whether a word is a keyword, as it knows what is expected."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from privacy_rules.language.parser_tables import END, tables
from privacy_rules.source.invisible_characters import SEPARATORS

NAME, STRING = "NAME", "STRING"
_FOLLOWING = re.compile(r'(?:\s|#[^\n]*)*+(\w+|["(]|)')
_AFTER_A_NAME = "and|or|on|is|includes|within|unless|when|despite|title|cites|hint|severity|applies"
_ONLY_BEFORE = {
    "BOUND": re.compile(r"to\b"),
    "OWNED": re.compile(r"by\b"),
    "HOLDS": re.compile(rf'(?!(?:{_AFTER_A_NAME})\b)[\w"(]'),
}
"""Keywords that count as names unless one of these follows: older policies may have defines and attributes with these names."""
UNENDED = "unended string"
BAD_ESCAPE = "bad escape"
BAD_CHARACTER = "bad character"
_BEFORE_SIGNS = ("DATE", "NUMBER", "SHIFT", "COMPARISON")
_IGNORED = ("COMMENT", "WHITE_SPACE")
_PIECES = re.compile(r'"(?:[^"\\\n]|\\.)*"?|#[^\n]*|[^"#]+')
SEPARATOR = re.compile(f"[{SEPARATORS}]")
"""Line ends for Unicode that are none in this language."""


@dataclass(slots=True)
class Token:
    """A word or sign of the text, from offset `start` up to `end`. The parser changes the kind of a NAME that is a keyword."""

    kind: str
    text: str
    start: int
    end: int


def kind_of_word(word: str, row: Container[str], following: str) -> str:
    """Return the keyword that a word is, if one fits the parser's state and what follows, or NAME."""
    for kind in tables().words.get(word, ()):
        if kind in row and (kind not in _ONLY_BEFORE or _ONLY_BEFORE[kind].match(following)):
            return kind
    return NAME


def kind_in_text(text: str, token: Token, row: Container[str]) -> str:
    """Return the same for a token of a text."""
    found = _FOLLOWING.match(text, token.end) if token.text.upper() in _ONLY_BEFORE else None
    return kind_of_word(token.text, row, found[1] if found else "")


@cache
def _master() -> re.Pattern[str]:
    patterns = dict(tables().tokens)
    ignored = "|".join(patterns.pop(name) for name in _IGNORED)
    first = {name: patterns.pop(name) for name in (NAME, STRING)}
    first[BAD_ESCAPE] = r'"(?:[^"\\\n]|\\.)*"'
    first[UNENDED] = r'"[^\n]*'
    first |= {name: patterns.pop(name) for name in _BEFORE_SIGNS}
    named = [f"(?P<{name.replace(' ', '_')}>{pattern})" for name, pattern in (first | patterns).items()]
    return re.compile(rf"(?:{ignored})*+(?:{'|'.join(named)}|(?P<bad_character>.)|\Z)")


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a text from an offset on. The last is `END`, right after the one before it."""
    match = _master().match
    position, behind = start, start
    while True:
        found = match(text, position)
        assert found is not None  # the pattern matches any character, and the end
        kind = found.lastgroup
        if kind is None:
            yield Token(END, "", behind, behind)
            return
        position = behind = found.end()
        yield Token(kind if kind.isupper() else kind.replace("_", " "), found[kind], found.start(kind), position)


def outside_texts(text: str, wanted: re.Pattern[str]) -> Iterator[int]:
    """Yield the offsets at which a pattern matches in a policy's text, comments included, strings left out."""
    for found in _PIECES.finditer(text):
        if not found[0].startswith('"'):
            yield from (each.start() for each in wanted.finditer(text, found.start(), found.end()))


def comments_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the text of each comment of a policy, those in strings left out."""
    for found in _PIECES.finditer(text):
        if found[0].startswith("#"):
            yield found.start(), found[0]


def without_comments(text: str) -> str:
    """Return a text without its comments."""
    if "#" not in text:
        return text
    return _PIECES.sub(lambda found: " " if found[0].startswith("#") else found[0], text)
