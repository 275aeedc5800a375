"""Split prose into headings, paragraphs and list items, each with its line.

This reads the small part of Markdown that it needs line by line: headings, fences, comments, lists and the ends of paragraphs. A full parser returns a
tree without the line numbers that every message needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.markdown_comments import FENCE, closes, without_comments
from privacy_rules.tracing.plain_text import ANCHOR

_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_QUOTE = re.compile(r" {0,3}>")
_BREAK = re.compile(r" {0,3}(?:(?:-[ \t]*+){3,}|(?:\*[ \t]*+){3,}|(?:_[ \t]*+){3,})\Z")
# Possessive quantifiers (`++`, `*+`) match long runs once, so that no line is slow to read.
_PARAGRAPH_NUMBER = re.compile(r"(?:[-*+]\s++)?+(?:[§*_(\[]|\s)*+(\d+(?:\.\d+)+)[.)\]*_:]*(?=\s)\s*")
_LIST_NUMBER = re.compile(r"(\d+)[.)]\s+(?=\S)")
_PLAIN_NUMBER = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(?=\S)")
_ENUMERATED = re.compile(
    r"(?:\d+[.)]|\d+(?:\.\d+)+[.)]?|[-*+•])\s+(?=\S)"
)  # not a wrapped line that begins with `2 years`
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_BULLET = re.compile(r"\s*[-*+•]\s++(?=\S)")
_LIST_GOES_ON = re.compile(r"\s*(?!0*1[.)])\d+[.)]\s")
"""A number that does not start a list inside a paragraph: `30.` may end a sentence."""
_HTML_HEADING = re.compile(r" {0,3}<h([1-6])(\s[^<>]*)?>(.*?)</h\1\s*>", re.IGNORECASE)
_HTML_ID = re.compile(r"""\sid\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_HTML_TAG = re.compile(r"</?(?:a(?=\s+href)|b|code|em|i|small|span|strong|u)\b[^<>]*>", re.IGNORECASE)
_SHORT = 40
"""A line of at most this length is not wrapped."""
_NESTED_BY = 2
"""Text that is indented this much more than an item is part of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, list item or heading (`level` > 0), with its first line.

    `number` is the number at its start, and `start` the offset of the words after it. `bullet`: an item without a number. `code`: a code
    block, in which marks have no meaning. `apart`: a line that looks like a heading but has no text below it.
    """

    line: int
    text: str
    level: int = 0
    indent: int = 0
    number: str = ""
    start: int = 0
    bullet: bool = False
    code: bool = False
    apart: bool = False

    @property
    def has_own_name(self) -> bool:
        """Whether it has its own name: a number or an anchor."""
        return not self.level and not self.code and bool(self.number or ANCHOR.search(self.text))


def pieces(text: str, *, markdown: bool) -> list[Piece]:
    """Return the pieces of a text in order. An item includes what is nested in it, and a sentence the list that continues it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # other line separators do not end a line in an editor
    found = _markdown(text) if markdown else _without_false_headings([*_plain(text)])
    return _with_lists(_with_nested(_marked(each, markdown=markdown) for each in found))


def _marked(piece: Piece, *, markdown: bool) -> Piece:
    """Return a piece with its number or bullet; in Markdown, only that of an outermost list."""
    if piece.level or piece.code:
        return piece
    if markdown:
        numbered = _PARAGRAPH_NUMBER.match(piece.text) or _LIST_NUMBER.match(piece.text)
    else:
        numbered = _PLAIN_NUMBER.match(piece.text)
    if numbered:
        return replace(piece, number=numbered[1], start=numbered.end())
    bullet = _BULLET.match(piece.text)
    return replace(piece, start=bullet.end(), bullet=True) if bullet else piece


def _with_nested(found: Iterable[Piece]) -> list[Piece]:
    """Join items with the more deeply indented pieces below them, except those with their own name."""
    made: list[Piece] = []
    open_: list[int] = []
    for piece in found:
        if piece.level:
            open_ = []
        while open_ and piece.indent < made[open_[-1]].indent + _NESTED_BY:
            open_.pop()
        if open_ and not piece.has_own_name:
            made[open_[-1]] = _joined(made[open_[-1]], piece)
            continue
        if piece.number or piece.bullet or (_ITEM.match(piece.text) and not piece.code):
            open_.append(len(made))
        made.append(piece)
    return made


def _with_lists(found: Iterable[Piece]) -> list[Piece]:
    """Join sentences that end in a colon with the lower-case items that continue them."""
    made: list[Piece] = []
    begun: int | None = None
    for piece in found:
        continues = piece.bullet and piece.text[piece.start : piece.start + 1].islower()
        if continues and begun is None and made and not made[-1].level and made[-1].text.rstrip(" \n*_").endswith(":"):
            begun = len(made) - 1
        if not continues:
            begun = None
        if begun is None or piece.has_own_name:
            made.append(piece)
        else:
            made[begun] = _joined(made[begun], piece)
    return made


def _joined(piece: Piece, more: Piece) -> Piece:
    return replace(piece, text=f"{piece.text}\n\n{more.text}")


def _markdown(text: str) -> Iterator[Piece]:
    lines = without_comments(text).split("\n")
    start, held, fence = 0, list[str](), ""
    for number, line in enumerate([*lines, ""], start=1):
        if fence and not closes(line, fence) and number <= len(lines):
            held.append(line)
            continue
        mark = None if fence else FENCE.match(line)
        heading = None if fence or mark else _heading(line)
        underlines = not fence and held and not _ITEM.match(held[0]) and not _QUOTE.match(held[-1])
        underlined = _UNDERLINE.match(line) if underlines else None
        ends = fence or mark or heading or not line.strip() or (not underlined and _BREAK.match(line))
        if (ends or _begins_item(line, held)) and held:
            if "".join(held).strip():
                yield Piece(start, "\n".join(held), indent=_indent(held[0]), code=bool(fence))
            held = []
        if fence or mark:
            start, fence = number + 1, mark[1] if mark else ""
        elif heading:
            yield Piece(number, heading.words, heading.level)
            start, held = number, [heading.rest] if heading.rest else []
        elif underlined:
            yield Piece(start, " ".join(each.strip() for each in held), 1 if underlined[1].startswith("=") else 2)
            held = []
        elif not ends:
            start = start if held else number
            held.append(line)


def _begins_item(line: str, held: list[str]) -> bool:
    """Return whether a line starts an item. Inside a paragraph, only the first item of a list does."""
    goes_on = bool(held) and not _ITEM.match(held[0]) and _LIST_GOES_ON.match(line)
    return bool(_ITEM.match(line)) and not goes_on


def _indent(line: str) -> int:
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip())


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading, and the text after it on its line."""

    level: int
    words: str
    rest: str = ""


def _heading(line: str) -> _Heading | None:
    """Return the heading on a line, in HTML or with `#`, without closing marks; None if there is none."""
    tagged = _HTML_HEADING.match(line)
    if tagged:
        named = _HTML_ID.search(tagged[2] or "")
        words = _HTML_TAG.sub("", tagged[3]).strip() + (f" {{#{named[1]}}}" if named else "")
        return _Heading(int(tagged[1]), words, line[tagged.end() :].strip())
    line = line[min(len(line) - len(line.lstrip(" ")), 3) :]
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or line[level : level + 1] not in (" ", "\t"):
        return None
    words = line[level:].strip()
    bare = words.rstrip("#")
    return _Heading(level, bare.rstrip() if bare[-1:] in ("", " ", "\t") else words)


def _without_false_headings(found: Sequence[Piece]) -> Iterator[Piece]:
    """Turn headings of plain text that have no text below them into text."""
    for at, piece in enumerate(found):
        below = found[at + 1] if at + 1 < len(found) else None
        if not piece.level or not (below is None or below.level) or (below is not None and _heads(piece, below, at)):
            yield piece
        else:
            yield replace(piece, level=0, apart=True)


def _heads(piece: Piece, below: Piece, at: int) -> bool:
    """Return whether a heading contains the next one: the title, 4 above 4.1, or an unnumbered heading above a numbered one."""
    number, lower = _PLAIN_NUMBER.match(piece.text), _PLAIN_NUMBER.match(below.text)
    if number is None:
        return at == 0 or lower is not None
    return lower is not None and lower[1].startswith(f"{number[1]}.")


def _plain(text: str) -> Iterator[Piece]:
    """Split plain text at blank lines or, if there are none, at line ends. A short paragraph without a full stop is a heading."""
    lines = text.strip("\n").split("\n")
    by_line = all(line.strip() for line in lines)
    start, held = 0, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if held and (by_line or not line.strip() or (_ENUMERATED.match(line) and not _goes_on(line, held))):
            whole = "\n".join(held).strip()
            short = len(held) == 1 and len(whole) <= 80 and not whole.endswith((".", ";", ",", "!", "?", ":"))
            heads = short and not _BULLET.match(whole)
            yield Piece(start, whole, 1 if heads else 0, _indent(held[0]))
            held = []
        if line.strip():
            start = start if held else number
            held.append(line)


def _goes_on(line: str, held: Sequence[str]) -> bool:
    """Return whether a number at the start of a line continues the sentence of the line before."""
    whole = _ENUMERATED.match(held[0]) or held[-1].rstrip().endswith((".", ":", ";", "!", "?"))
    return bool(_LIST_GOES_ON.match(line)) and not whole and len(held[-1]) > _SHORT
