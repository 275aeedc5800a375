"""Edit maps and lists without brackets, in which each entry has lines of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from privacy_rules.manifest.edit.cst import Element, Entry, UneditableError
from privacy_rules.manifest.edit.text_edits import Edit, Lines


class Block:
    """A map or list without brackets. `floor` is the offset above which nothing is edited."""

    def __init__(self, lines: Lines, element: Element, floor: int, depth: int) -> None:
        self.lines, self.element, self.floor, self.depth = lines, element, floor, depth

    @property
    def indent(self) -> str:
        """The spaces before each entry."""
        at = self.element.entries[0].start
        return " " * (at - self.lines.start(at))

    def removed(self, gone: Collection[int]) -> Iterator[Edit]:
        """Remove entries, by their numbers: their lines, and the lines of comment directly above them."""
        for number in sorted(gone):
            entry = self.element.entries[number]
            self._refuse_followed(entry)
            yield self._lines_of(number) if self.lines.is_first(entry.start) else self._beside_dash(number, gone)

    def _lines_of(self, number: int) -> Edit:
        lines, entry = self.lines, self.element.entries[number]
        floor = self.element.entries[number - 1].end if number else self.floor
        start = self._with_comments(entry.start, floor)
        end = lines.next(entry.end)
        above = start > 0 and self._is_blank(lines.start(lines.before(start))) and lines.before(start) > floor
        while above and end < len(lines.text) and self._is_blank(end):
            end = lines.next(end)
        while end == len(lines.text) and start > 0:
            before = lines.start(lines.before(start))
            if before <= floor or not self._is_blank(before):
                break
            start = before
        return Edit(start, end)

    def _with_comments(self, at: int, floor: int) -> int:
        """The start of the comment directly above the line, with the same indentation."""
        lines = self.lines
        start, column = lines.start(at), at - lines.start(at)
        while start > 0:
            above = lines.start(lines.before(start))
            line = lines.text[above : lines.before(start)]
            if above <= floor or not line[column:].startswith("#") or line[:column].strip():
                break
            start = above
        return start

    def _is_blank(self, start: int) -> bool:
        return not self.lines.text[start : self.lines.end(start)].strip()

    def _beside_dash(self, number: int, gone: Collection[int]) -> Edit:
        """Remove the first entry of a map that begins on the line of a dash."""
        lines, entry, entries = self.lines, self.element.entries[number], self.element.entries
        if number + 1 < len(entries) and number + 1 not in gone:
            after = entries[number + 1].start
            if lines.start(after) == lines.next(entry.end) and not lines.rest(entry.end):
                return Edit(entry.start, after)
        before = len(lines.text[: entry.start].rstrip(" "))
        return Edit(before, entry.end)

    def _refuse_followed(self, entry: Entry) -> None:
        rest = self.lines.rest(entry.end)
        if rest and not rest.startswith("#"):
            raise UneditableError("its last line also contains something else", entry.start)

    def inserted(self, new: Sequence[str], after: int | None) -> Edit:
        """Insert lines after an entry (None: in the place of the first one)."""
        if after is None:
            at = self.lines.end(self.floor)
        else:
            self._refuse_followed(self.element.entries[after])
            at = self.lines.end(self.element.entries[after].end)
        return Edit(at, at, "".join(self.lines.break_ + line for line in new), self.depth)

    def is_separated(self) -> bool:
        """Whether a blank line separates the last two entries."""
        if len(self.element.entries) < 2:
            return False
        one, other = self.element.entries[-2:]
        between = self.lines.text[one.end : other.start]
        return any(not line.strip() for line in between.splitlines()[1:-1])
