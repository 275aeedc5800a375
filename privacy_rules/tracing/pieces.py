"""Prose as pieces: headings, paragraphs and list items, each with its line.

The little of Markdown that this needs – headings, fences, comments, lists, where a paragraph ends – is read here line by line: a whole parser gives a
tree in which the lines, which every message needs, are the hard part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from privacy_rules.tracing.plain import ANCHOR

_UNDERLINE = re.compile(r"(=+|-{3,})[ \t]*\Z")
_BREAK = re.compile(r" {0,3}(?:(?:-[ \t]*+){3,}|(?:\*[ \t]*+){3,}|(?:_[ \t]*+){3,})\Z")
# Long runs of blanks and brackets are taken once (`++`, `*+`), so that no line is slow to read.
_PARAGRAPH_NUMBER = re.compile(r"(?:[-*+]\s++)?+(?:[§*_(\[]|\s)*+(\d+(?:\.\d+)+)[.)\]*_:]*(?=\s)\s*")
_LIST_NUMBER = re.compile(r"(\d+)[.)]\s+(?=\S)")
_PLAIN_NUMBER = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(?=\S)")
_ENUMERATED = re.compile(
    r"(?:\d+[.)]|\d+(?:\.\d+)+[.)]?|[-*+•])\s+(?=\S)"
)  # not a wrapped line that begins with `2 years`
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_BULLET = re.compile(r"\s*[-*+•]\s++(?=\S)")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NESTED_BY = 2
"""What stands so much further right than an item is part of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or list item, or a heading (`level` > 0), with the line that it begins on.

    `number` is the one that it begins with, `start` where its own words begin; `bullet`: it is an item without a number.
    """

    line: int
    text: str
    level: int = 0
    indent: int = 0
    number: str = ""
    start: int = 0
    bullet: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether it has a name of its own: a number, or an anchor."""
        return not self.level and bool(self.number or ANCHOR.search(self.text))


def pieces(text: str, *, markdown: bool) -> list[Piece]:
    """The pieces of a text, in order: each item with what is nested in it, a sentence with the list that continues it."""
    found = _markdown(text) if markdown else _plain(text)
    return _with_lists(_with_nested(_marked(each, markdown=markdown) for each in found))


def _marked(piece: Piece, *, markdown: bool) -> Piece:
    """A piece with the number or bullet that it begins with; in Markdown that of a list that is not inside another."""
    if piece.level:
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
    """Items with the lists and paragraphs that stand further right below them; what has a name of its own stays apart."""
    made: list[Piece] = []
    open_: list[int] = []
    for piece in found:
        if piece.level:
            open_ = []
        while open_ and piece.indent < made[open_[-1]].indent + _NESTED_BY:
            open_.pop()
        if open_ and not piece.stands_alone:
            made[open_[-1]] = _joined(made[open_[-1]], piece)
            continue
        if piece.number or piece.bullet or _ITEM.match(piece.text):
            open_.append(len(made))
        made.append(piece)
    return made


def _with_lists(found: Iterable[Piece]) -> list[Piece]:
    """Sentences that end in a colon with the items in lower case that continue them: none of those says anything by itself."""
    made: list[Piece] = []
    begun: int | None = None
    for piece in found:
        continues = piece.bullet and piece.text[piece.start : piece.start + 1].islower()
        if continues and begun is None and made and not made[-1].level and made[-1].text.rstrip(" \n*_").endswith(":"):
            begun = len(made) - 1
        if not continues:
            begun = None
        if begun is None or piece.stands_alone:
            made.append(piece)
        else:
            made[begun] = _joined(made[begun], piece)
    return made


def _joined(piece: Piece, more: Piece) -> Piece:
    return replace(piece, text=f"{piece.text}\n\n{more.text}")


def _markdown(text: str) -> Iterator[Piece]:
    lines = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text).splitlines()
    start, held, fence = 0, list[str](), ""
    for number, line in enumerate([*lines, ""], start=1):
        mark = _FENCE.match(line)
        if fence or mark:
            fence = "" if fence and mark and mark[1].startswith(fence) else fence or (mark[1] if mark else "")
            continue
        heading = _heading(line)
        underlines = len(held) == 1 and _UNDERLINE.match(line)
        ends = not underlines and _BREAK.match(line)
        if heading or ends or not line.strip() or _ITEM.match(line):
            if held:
                yield Piece(start, "\n".join(held), indent=_indent(held[0]))
            held = []
        if heading:
            yield Piece(number, heading[1], heading[0])
        elif underlines:
            yield Piece(start, held[0], 1 if line.startswith("=") else 2)
            held = []
        elif line.strip() and not ends:
            start = start if held else number
            held.append(line)


def _indent(line: str) -> int:
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip())


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a `#` heading, marks at its end aside."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or line[level : level + 1] not in (" ", "\t"):
        return None
    words = line[level:].strip()
    bare = words.rstrip("#")
    return level, bare.rstrip() if bare[-1:] in ("", " ", "\t") else words


def _plain(text: str) -> Iterator[Piece]:
    """Paragraphs, apart by blank lines or, where there are none, by line; a short one without a full stop is a heading."""
    lines = text.strip("\n").splitlines()
    by_line = all(line.strip() for line in lines)
    start, held = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if held and (by_line or not line.strip() or _ENUMERATED.match(line)):
            whole = "\n".join(held).strip()
            short = len(held) == 1 and len(whole) <= 80 and not whole.endswith((".", ";", ",", "!", "?", ":"))
            heads = short and not _BULLET.match(whole)
            yield Piece(start, whole, 1 if heads else 0, _indent(held[0]))
            held = []
        if line.strip():
            start = start if held else number
            held.append(line)
