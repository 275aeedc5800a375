"""Apply several edits to a text at once. Offsets are those in the text before the edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from privacy_rules.source.fast_dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces `start` to `end` by `text`. Of two insertions at one place, the deeper one comes first."""

    start: int
    end: int
    text: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Finds the lines of a text, by offset."""

    text: str

    def start(self, at: int) -> int:
        """The start of the line."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def end(self, at: int) -> int:
        """The end of the line, without its line end."""
        found = _LINE_END.search(self.text, at)
        return found.start() if found else len(self.text)

    def next(self, at: int) -> int:
        """The start of the next line, or the end of the text."""
        found = _LINE_END.search(self.text, at)
        return found.end() if found else len(self.text)

    def before(self, start: int) -> int:
        """The end of the line before the one that starts at `start`."""
        if self.text.startswith("\n", start - 1) and self.text.startswith("\r", start - 2):
            return start - 2
        return start - 1

    def indent(self, at: int) -> str:
        """The blanks at the start of the line."""
        start = self.start(at)
        line = self.text[start : self.end(at)]
        return line[: len(line) - len(line.lstrip())]

    def is_first(self, at: int) -> bool:
        """Whether only blanks come before an offset on its line."""
        return not self.text[self.start(at) : at].strip()

    def rest(self, at: int) -> str:
        """The rest of the line, without blanks around it."""
        return self.text[at : self.end(at)].strip()

    @property
    def break_(self) -> str:
        """The text's line end."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits."""
    lines, once = Lines(text), list(dict.fromkeys(edits))
    cuts = _joined(each for each in once if each.start < each.end)
    puts = [_beside(each, cuts, lines) for each in once if each.start == each.end]
    pieces: list[str] = []
    at = 0
    for edit in sorted([*cuts, *puts], key=lambda each: (each.start, -each.depth if each.start == each.end else 1)):
        pieces += [text[at : edit.start], edit.text]
        at = max(at, edit.end)
    return "".join([*pieces, text[at:]])


def _joined(cuts: Iterable[Edit]) -> list[Edit]:
    """The removals, with overlapping ones merged."""
    found: list[Edit] = []
    for each in sorted(cuts, key=lambda cut: (cut.start, cut.end)):
        if found and each.start < found[-1].end:
            last = found.pop()
            found.append(Edit(last.start, max(last.end, each.end), last.text + each.text))
        else:
            found.append(each)
    return found


def _beside(put: Edit, cuts: Sequence[Edit], lines: Lines) -> Edit:
    """Move an insertion at the end of a removed line to the end of the line before it."""
    at, end = put.start, len(lines.text)
    for cut in reversed(cuts):
        whole = not cut.text and cut.start == lines.start(cut.start)
        if cut.start < at < cut.end or (whole and at == cut.end == end):
            at = lines.before(cut.start) if whole else cut.start
    return Edit(at, at, put.text, put.depth)
