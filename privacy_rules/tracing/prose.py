"""The clauses of a prose policy, in Markdown or plain text, with the names by which a rule may cite each.

A clause is the smallest piece that has a name: a numbered or anchored paragraph or list item, else the text below a heading.

    ## 12. No selling {#no-selling}      cited as "#no-selling", "12" or "No selling"
    We do not sell it. {#sell}           cited as "#sell"
    4.2 We keep it for two years.        cited as "4.2"

The little of Markdown that this needs – headings, fences, comments, where a paragraph ends – is read here line by line: a whole parser gives a tree in
which the lines, which every message needs, are the hard part. A heading with no text of its own is no clause.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

_UNDERLINE = re.compile(r"(=+|-{3,})[ \t]*\Z")
# Long runs of blanks and brackets are taken once (`++`, `*+`, or only from their beginning), so that no line is slow to read.
_ANCHOR = re.compile(
    r"""(?:(?<!\s)\s+)?\{#([\w.:-]+)\}|(?:(?<!\s)\s+)?<a\s+(?:id|name)=["']([\w.:-]+)["']\s*/?>(?:\s*</a>)?"""
)
_NUMBER = re.compile(r"(?:[§*_(\[]|\s)*+((?:\d+\.)*\d+|\d+)[.)\]*_:]*(?=\s|\Z)\s*")
_PARAGRAPH_NUMBER = re.compile(r"(?:[-*+]\s++)?+(?:[§*_(\[]|\s)*+(\d+(?:\.\d+)+)[.)\]*_:]*(?=\s)\s*")
_LIST_NUMBER = re.compile(r"(\d+)[.)]\s+(?=\S)")
_PLAIN_NUMBER = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(?=\S)")
_ENUMERATED = re.compile(r"(?:\d+[.)]|\d+(?:\.\d+)+[.)]?)\s+(?=\S)")  # not a wrapped line that begins with `2 years`
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\u00a0": " "})
_FEWEST_WORDS = 3
"""Fewer quoted words could stand anywhere."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause. `names` are normalised; `id` is the name that people see; `text` is its own, as written."""

    id: str
    file: str
    line: int
    title: str
    text: str
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def fingerprint(self) -> str:
        """What stays while the words do: of the normalised words, titles and numbers aside."""
        return sha256(normalised(self.text).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, or a heading (level > 0), with the line that it begins on."""

    line: int
    text: str
    level: int = 0


def clauses(text: str, file: str, *, markdown: bool) -> list[Clause]:
    """The clauses of a file, in order."""
    pieces = list(_markdown(text) if markdown else _plain(text))
    found: list[Clause] = []
    title = _Piece(1, "")
    body: list[_Piece] = []
    for piece in pieces:
        if piece.level:
            found += _section(title, body, file)
            title, body = piece, []
        elif _own_name(piece, markdown=markdown):
            found += _section(title, body, file)
            body = []
            found.append(_named(piece, title, file, markdown=markdown))
        else:
            body.append(piece)
    return _told_apart([*found, *_section(title, body, file)])


def normalised(text: str) -> str:
    """Words as they count: anchors, markup, case, blanks, kinds of quotes and dashes aside."""
    plain = unicodedata.normalize("NFKC", _ANCHOR.sub("", text)).translate(_QUOTES).casefold()
    return " ".join(re.sub(r"[*_`]|^[^\S\n]*+(?:[-+>]|\d+[.)])\s", " ", plain, flags=re.MULTILINE).split()).strip(
        " .,;:"
    )


def meant(cite: str, among: Sequence[Clause]) -> list[Clause]:
    """The clauses that a cite may mean: by name, else those in which its words stand; `#` asks for an anchor or number."""
    bare = cite.strip()
    if bare.startswith("#"):
        return [each for each in among if f"#{normalised(bare[1:])}" in each.names]
    name = normalised(bare)
    number = _NUMBER.match(name)
    found = [each for each in among if name in each.names]
    if not found and number and number.end() == len(name):
        found = [each for each in among if number[1] in each.names]
    if not found and len(name.split()) >= _FEWEST_WORDS:
        found = [each for each in among if name in normalised(f"{each.title} {each.text}")]
    return found


def _markdown(text: str) -> Iterator[_Piece]:
    lines = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text).splitlines()
    start, held, fence = 0, list[str](), ""
    for number, line in enumerate([*lines, ""], start=1):
        mark = _FENCE.match(line)
        if fence or mark:
            fence = "" if fence and mark and mark[1].startswith(fence) else fence or (mark[1] if mark else "")
            continue
        heading = _heading(line)
        if heading or not line.strip() or _ITEM.match(line):
            if held:
                yield _Piece(start, "\n".join(held))
            held = []
        if heading:
            yield _Piece(number, heading[1], heading[0])
        elif len(held) == 1 and _UNDERLINE.match(line):
            yield _Piece(start, held[0], 1 if line.startswith("=") else 2)
            held = []
        elif line.strip():
            start = start if held else number
            held.append(line)


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a `#` heading, marks at its end aside."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or line[level : level + 1] not in (" ", "\t"):
        return None
    words = line[level:].strip()
    bare = words.rstrip("#")
    return level, bare.rstrip() if bare[-1:] in ("", " ", "\t") else words


def _plain(text: str) -> Iterator[_Piece]:
    """Paragraphs, apart by blank lines or, where there are none, by line; a short one without a full stop is a heading."""
    lines = text.strip("\n").splitlines()
    by_line = all(line.strip() for line in lines)
    start, held = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if held and (by_line or not line.strip() or _ENUMERATED.match(line)):
            whole = "\n".join(held).strip()
            heads = len(held) == 1 and len(whole) <= 80 and not whole.endswith((".", ";", ",", "!", "?", ":"))
            yield _Piece(start, whole, 1 if heads else 0)
            held = []
        if line.strip():
            start = start if held else number
            held.append(line)


def _own_name(piece: _Piece, *, markdown: bool) -> bool:
    return bool(_ANCHOR.search(piece.text) or _numbered(piece, markdown=markdown))


def _numbered(piece: _Piece, *, markdown: bool) -> re.Match[str] | None:
    """The number that a piece begins with, if it does: in Markdown that of a paragraph, or of a list that is not inside another."""
    if markdown:
        return _PARAGRAPH_NUMBER.match(piece.text) or _LIST_NUMBER.match(piece.text)
    return _PLAIN_NUMBER.match(piece.text)


def _named(piece: _Piece, title: _Piece, file: str, *, markdown: bool) -> Clause:
    numbered = _numbered(piece, markdown=markdown)
    anchors = _anchors(piece.text)
    names = [*anchors, *([numbered[1]] if numbered else [])]
    text = _ANCHOR.sub("", piece.text[numbered.end() :] if numbered else piece.text)
    shown = f"#{anchors[0]}" if anchors else numbered[1] if numbered else ""
    return Clause(shown, file, piece.line, _bare(title.text)[0], text, _names(names, []))


def _section(title: _Piece, body: Sequence[_Piece], file: str) -> list[Clause]:
    """The clause that a heading makes with what stands below it, where something does."""
    text = "\n\n".join(each.text for each in body)
    if not text.strip() or not title.level:
        return []
    words, number = _bare(title.text)
    anchors = _anchors(title.text)
    whole = [words, *([f"{number} {words}", f"{number}. {words}"] if number else [])]
    shown = f"#{anchors[0]}" if anchors else number or words
    names = _names([*anchors, *([number] if number else [])], whole)
    return [Clause(shown, file, title.line, words, text, names)]


def _names(short: Sequence[str], words: Sequence[str]) -> frozenset[str]:
    """All names, normalised; those that a `#` may stand before with it, too."""
    plain = [normalised(each) for each in short]
    return frozenset([*plain, *(f"#{each}" for each in plain), *map(normalised, words)])


def _bare(title: str) -> tuple[str, str]:
    """A heading's words and its number, apart."""
    plain = _ANCHOR.sub("", title).strip()
    numbered = _NUMBER.match(plain)
    return (plain[numbered.end() :].strip() or plain, numbered[1]) if numbered else (plain, "")


def _anchors(text: str) -> list[str]:
    return [one or other for one, other in _ANCHOR.findall(text)]


def _told_apart(found: list[Clause]) -> list[Clause]:
    """Clauses of which no two show the same: a second of a name gets its line."""
    seen: set[str] = set()
    for number, each in enumerate(found):
        if each.id in seen:
            found[number] = replace(each, id=f"{each.id} (line {each.line})")
        seen.add(each.id)
    return found
