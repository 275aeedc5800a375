"""Read the clauses of a prose policy, in Markdown or plain text, with the names by which rules can cite them.

A clause is the smallest piece that has a name: a numbered or anchored paragraph, an item of a list, else the text below a heading.

    ## 12. No selling {#no-selling}      cited as "#no-selling", "12" or "No selling"
    We do not sell it. {#sell}           cited as "#sell"
    4.2 We keep it for two years.        cited as "4.2"
    - We ask before we share it.         cited as "we ask before we share it"

In Markdown, a heading without text of its own is not a clause. In plain text, headings are only guessed, so such a
heading is a clause, unless it is the title or has headings below it. Above the first heading, each paragraph is a
clause, cited by its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import field, replace
from hashlib import sha256
from pathlib import PurePath

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.tracing.plain_text import ANCHOR, plain
from privacy_rules.tracing.prose_pieces import Piece, pieces

NUMBER = re.compile(r"(?:[§*_(\[]|\s)*+((?:\d+\.)*\d+|\d+)[.)\]*_:]*(?=\s|\Z)\s*")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\u00a0": " "})
_MARKS = re.compile(r"[*_`]|^[^\S\n]*+[-+>]\s|(?:\A|(?<=\n\n))[^\S\n]*+\d+[.)]\s", re.MULTILINE)
"""A number is a mark at the start of an item, and a word at the start of a line inside a paragraph."""
FEWEST_WORDS = 3
"""A quotation needs at least this number of words."""
_SHOWN_WORDS = 6
"""An item without number and anchor is named by its first words, this many."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause. `id` is the name that people see; `names` are normalised; `text` is its own text, as written."""

    id: str
    file: str
    line: int
    title: str
    text: str
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def fingerprint(self) -> str:
        """The hash of the normalised words, without title and number."""
        return _hashed(self.text)

    @property
    def heading(self) -> str:
        """The hash of the heading above it, which can change its meaning; empty if there is none."""
        return _hashed(self.title) if self.title else ""


def _hashed(text: str) -> str:
    return sha256(normalised(text).encode("utf-8", "replace")).hexdigest()[:16]


def is_markdown(file: PurePath) -> bool:
    """Return whether a prose file is Markdown, by its name."""
    return file.suffix.lower() in (".md", ".markdown")


def clauses(text: str, file: str, *, markdown: bool) -> list[Clause]:
    """Return the clauses of a text in order."""
    found: list[Clause] = []
    section = _Section(Piece(1, ""), file)
    for piece in pieces(text, markdown=markdown):
        if piece.level:
            found += section.ended()
            section = _Section(piece, file)
        elif piece.apart:
            found += section.ended()
            section = _Section(Piece(1, ""), file)
            found.append(_named(piece, "", file))
        elif piece.has_own_name or piece.bullet or not section.title.level:
            found += section.ended()
            section.items += 1
            found.append(_named(piece, _bare(section.title.text)[0], file))
        else:
            section.body.append(piece)
    return with_distinct_ids([*found, *section.ended()])


def normalised(text: str) -> str:
    """Return the text without differences in anchors, markup, case, blanks, quotes and dashes."""
    bare = unicodedata.normalize("NFKC", ANCHOR.sub("", text)).translate(_QUOTES).casefold()
    return " ".join(_MARKS.sub(" ", bare).split()).strip(" .,;:")


@dataclass(slots=True)
class _Section:
    """A heading with the text collected below it. Only the first text gets the heading's names."""

    title: Piece
    file: str
    body: list[Piece] = field(default_factory=list)
    texts: int = 0
    items: int = 0

    def ended(self) -> list[Clause]:
        """Return the clause of the collected text, if there is any, and start a new one. Its line is the heading's if the text follows directly."""
        body, self.body = self.body, []
        text = "\n\n".join(each.text for each in body)
        if not text.strip() or not self.title.level:
            return []
        words, number = _bare(self.title.text)
        anchors = _anchors(self.title.text)
        whole = [words, *([f"{number} {words}", f"{number}. {words}"] if number else [])]
        names = _names([*anchors, *([number] if number else [])], whole)
        shown = f"#{anchors[0]}" if anchors else number or words or _first_words(text) or text.strip()
        first, self.texts = not self.texts, self.texts + 1
        line = body[0].line if self.items else self.title.line
        return [Clause(shown, self.file, line, words, text, names if first else frozenset())]


def _named(piece: Piece, title: str, file: str) -> Clause:
    """Return the clause of a numbered or anchored piece, or of an item. All words of an item are also its name."""
    anchors = _anchors(piece.text)
    text = ANCHOR.sub("", piece.text[piece.start :])
    shown = f"#{anchors[0]}" if anchors else piece.number or _first_words(text) or piece.text.strip()
    names = _names([*anchors, *([piece.number] if piece.number else [])], [] if piece.number else [text])
    return Clause(shown, file, piece.line, title, text, names)


def _first_words(text: str) -> str:
    words = plain(text.strip().partition("\n\n")[0]).split()
    shown = " ".join(words[:_SHOWN_WORDS])
    return f"{shown}…" if len(words) > _SHOWN_WORDS else shown.rstrip(".,;:") or shown


def _names(short: Sequence[str], words: Sequence[str]) -> frozenset[str]:
    """Return all names, normalised; short names also with `#`."""
    bare = [normalised(each) for each in short]
    return frozenset([*bare, *(f"#{each}" for each in bare), *map(normalised, words)])


def _bare(title: str) -> tuple[str, str]:
    """Split a heading into its words and its number."""
    words = ANCHOR.sub("", title).strip()
    numbered = NUMBER.match(words)
    return (words[numbered.end() :].strip() or words, numbered[1]) if numbered else (words, "")


def _anchors(text: str) -> list[str]:
    return [one or other for one, other in ANCHOR.findall(text)]


def with_distinct_ids(found: Sequence[Clause]) -> list[Clause]:
    """Make ids unique across files: a repeated id gets its file's name or, within one file, its line."""
    seen: dict[str, str] = {}
    made: list[Clause] = []
    files = {each.file for each in found}
    for each in found:
        own = each
        if each.id in seen and seen[each.id] != each.file:
            own = replace(each, id=f"{each.id} ({_file_name(each.file, files)})")
        if own.id in seen:
            own = replace(own, id=f"{own.id} (line {own.line})")
        while own.id in seen:
            own = replace(own, id=f"{own.id} (again)")
        seen[own.id] = own.file
        made.append(own)
    return made


def _file_name(file: str, among: Collection[str]) -> str:
    """Return a file's bare name if it is unique, so that ids do not depend on the working directory."""
    bare = PurePath(file).name
    return bare if all(each == file or PurePath(each).name != bare for each in among) else file
