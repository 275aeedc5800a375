"""Parse a policy file again after each edit, and reuse what has not changed.

A file is cut into pieces where declarations must begin, and the tree of each piece is kept, with the line on which the
piece begins. If that line has changed, the tree is moved. A syntax error may depend on the text that follows: so a
broken piece is read together with the next one, and after a block of terms that lacks a brace, the whole rest is read.
(A test checks that the result equals that of reading the whole file.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from operator import or_

from privacy_rules.language import syntax
from privacy_rules.language.error_recovery import declaration_among_terms, must_begin_declaration
from privacy_rules.language.file_parser import read
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.source_text import SourceText
from privacy_rules.lsp.shift_tree import moved
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import BUILT_IN

_MARKS = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*"?)|(?P<comment>\#[^\n]*)|(?P<open>\{)|(?P<close>\})"""
    r"""|^(?P<begins>(?:rule|define|attribute|policy|clause|use|vocabulary|""" + "|".join(BUILT_IN) + r""")\b)""",
    re.MULTILINE | re.VERBOSE,
)
_BLOCK = re.compile(rf"\b(?:vocabulary\s+\w+|{'|'.join(BUILT_IN)})\s*\{{")
_TERMS = frozenset({"vocabulary", *BUILT_IN})
_Read = tuple[tuple[syntax.Declaration, ...], Lost, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that begins with a declaration (`word` is its first), or with the text itself."""

    start: int
    end: int
    line: int
    word: str


class Rereader:
    """Parses files and keeps the latest result of each. If two threads parse one file, the later result is kept."""

    def __init__(self) -> None:
        self._files: dict[str, _Kept] = {}

    def read(self, source: SourceText) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
        """Parse a file with the same result as `file_parser.read`."""
        kept = self._files.get(source.file)
        if kept and kept.text == source.text:
            return kept.made
        parse = _Parse(source, kept.pieces if kept else {})
        made = parse.file()
        self._files[source.file] = _Kept(source.text, made, parse.pieces)
        return made


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as last read: its text, the result, and the results of its pieces by line and text."""

    text: str
    made: tuple[syntax.File, tuple[Diagnostic, ...]]
    pieces: dict[tuple[int, str], _Read]


class _Parse:
    """One parse of a file; `pieces` are all pieces parsed or reused on the way."""

    def __init__(self, source: SourceText, before: Mapping[tuple[int, str], _Read]) -> None:
        self._source = source
        self._before = before
        self.pieces: dict[tuple[int, str], _Read] = {}

    def file(self) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
        found: list[_Read] = []
        waiting = list(pieces(self._source))[::-1]
        while waiting:
            piece = waiting.pop()
            known = None if piece.word in _TERMS and self._may_run_on(piece) else self._piece(piece)
            while known and known[2]:
                if self._may_run_on(piece):
                    known = None
                elif not waiting:
                    break
                else:
                    more = waiting.pop()
                    sound = not self._piece(more)[2]
                    piece = Piece(piece.start, more.end, piece.line, piece.word)
                    known = self._piece(piece)
                    if sound:
                        break
            if known is None:
                self._keep(waiting)
                return read(self._source)
            found.append(known)
        declarations = tuple(each for part in found for each in part[0])
        lost = reduce(or_, (part[1] for part in found), Lost())
        return syntax.File(self._source, declarations, lost), tuple(each for part in found for each in part[2])

    def _keep(self, waiting: Iterable[Piece]) -> None:
        """Keep the known results of pieces that this parse skips."""
        for piece in waiting:
            key = piece.line, self._source.text[piece.start : piece.end]
            if key in self._before:
                self.pieces[key] = self._before[key]

    def _may_run_on(self, piece: Piece) -> bool:
        """Whether an error in the piece could make the following text parse as terms (a missing brace)."""
        blocks = len(_BLOCK.findall(self._source.text, piece.start, piece.end))
        if piece.word not in _TERMS:
            return blocks > 0
        return blocks > 1 or declaration_among_terms(self._source, piece.start + 1, piece.end) is not None

    def _piece(self, piece: Piece) -> _Read:
        text = self._source.text[piece.start : piece.end]
        key = piece.line, text
        made = self.pieces.get(key) or self._before.get(key) or self._moved(piece, text)
        if made is None:
            file, wrong = read(SourceText(self._source.file, text, piece.line))
            made = file.declarations, file.lost, wrong
        self.pieces[key] = made
        return made

    def _moved(self, piece: Piece, text: str) -> _Read | None:
        """Return the moved result of the same text on another line, if it had no errors."""
        line, made = self._elsewhere.get(text, (0, None))
        if made is None or made[2]:
            return None
        return moved(made[0], piece.line - line), made[1], ()

    @cached_property
    def _elsewhere(self) -> Mapping[str, tuple[int, _Read]]:
        return {text: (line, made) for (line, text), made in self._before.items()}


def pieces(source: SourceText) -> Iterator[Piece]:
    """Yield the pieces of a text; each starts at the start of a line."""
    text, start, line, word, depth = source.text, 0, 1, "", 0
    for found in _MARKS.finditer(text):
        kind = found.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "begins" and (not depth or (word not in _TERMS and must_begin_declaration(source, found.start()))):
            at = found.start()
            if at:
                yield Piece(start, at, line, word)
            line += text.count("\n", start, at)
            start, word, depth = at, found["begins"], 0
    yield Piece(start, len(text), line, word)
