"""Split a text into tokens. The parser decides whether a word is a keyword, as it knows what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from privacy_rules.language.parser_tables import END, accepts, tables
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import SEPARATORS
from privacy_rules.vocabulary.taxonomy import BUILT_IN

NAME, STRING = "NAME", "STRING"
_AFTER_A_TERM = "and|or|including|unless|despite|title|cites|hint|severity|applies"
_AFTER_A_NAME = f"{_AFTER_A_TERM}|on|is|includes|within|when"
_DECLARATION = (
    rf'(?:rule|define|attribute|policy|vocabulary) \w+ (?:\{{|as\b|on\b)|clause "|(?:{"|".join(BUILT_IN)}) \{{'
    rf'|use (?:"|(?!(?:{_AFTER_A_TERM})\b)\w)'
)
_BEFORE_TERMS = re.compile(rf'(?!(?:{_AFTER_A_NAME})\b|{_DECLARATION})[\w"(]')
_ONLY_BEFORE = {
    "BOUND": re.compile(r"to\b"),
    "OWNED": re.compile(r"by\b"),
    "HOLDS": _BEFORE_TERMS,
    "ONLY": _BEFORE_TERMS,
    "FROM": re.compile(r"[0-9]"),
    "UNTIL": re.compile(r"[0-9]"),
}
"""Keywords that count as names unless one of these follows: older policies may have terms, defines and attributes with these names."""
_FOLLOWING = 3
"""How many words and signs these patterns read."""
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


def kind_of_word(word: str, states: Sequence[int], following: Iterable[str]) -> str:
    """Return the keyword that a word is, if one fits the parser's stack of states and the words and signs that follow, or NAME."""
    row = tables().actions[states[-1]]
    for kind in tables().words.get(word, ()):
        if kind in row and not (NAME in row and accepts(states, NAME) and _is_name(kind, states, following)):
            return kind
    return NAME


def _is_name(kind: str, states: Sequence[int], following: Iterable[str]) -> bool:
    """Return whether a keyword is a name in a place that allows both."""
    if kind in _ONLY_BEFORE and not _ONLY_BEFORE[kind].match(" ".join(islice(following, _FOLLOWING))):
        return True
    return not accepts(states, kind)


def kind_in_text(text: str, token: Token, states: Sequence[int]) -> str:
    """Return the keyword that a token of a text is, or NAME."""
    return kind_of_word(token.text, states, (each.text for each in tokens(text, token.end)))


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
