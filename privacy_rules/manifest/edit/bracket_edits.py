"""Edit maps and lists in brackets, in YAML and JSON: entries with commas between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from privacy_rules.manifest.edit.cst import Element
from privacy_rules.manifest.edit.text_edits import Edit, Lines

_BLANK = re.compile(r"(?:\s+|(?<=\s)#[^\r\n]*)*")


class Brackets:
    """A map or list in brackets."""

    def __init__(self, lines: Lines, element: Element, depth: int) -> None:
        self.lines, self.element, self.depth = lines, element, depth
        self.text = lines.text

    def removed(self, gone: Collection[int]) -> Iterator[Edit]:
        """Remove entries, by their numbers, with the commas that are no longer needed."""
        for first, last in _runs(sorted(gone)):
            yield from self._run(first, last)

    def _run(self, first: int, last: int) -> Iterator[Edit]:
        entries, lines = self.element.entries, self.lines
        start, end = entries[first].start, entries[last].end
        comma = self._comma(last)
        is_last = last + 1 == len(entries)
        stop = end if comma is None else comma + 1
        rest = lines.rest(stop)
        if lines.is_first(start) and (not rest or rest.startswith("#")):
            if is_last and first and comma is None:
                yield self._cut_comma(first - 1)
            yield Edit(lines.start(start), lines.next(stop))
        elif not is_last:
            after = entries[last + 1].start
            yield Edit(start, stop if "#" in self.text[stop:after] else after)
        elif first:
            yield Edit(entries[first - 1].end, end)
        else:
            yield Edit(start, stop)

    def _cut_comma(self, number: int) -> Edit:
        at = self._comma(number)
        assert at is not None  # another entry follows
        return Edit(at, at + 1)

    def _comma(self, number: int) -> int | None:
        """The offset of the comma after an entry."""
        found = _BLANK.match(self.text, self.element.entries[number].end)
        at = found.end() if found else 0
        return at if self.text.startswith(",", at) else None

    def is_spread(self) -> bool:
        """Whether each entry has lines of its own."""
        return bool(self.element.entries) and self.lines.is_first(self.element.entries[-1].start)

    @property
    def indent(self) -> str:
        """The spaces before each entry that has lines of its own."""
        return self.lines.indent(self.element.entries[-1].start)

    def inserted(self, new: Sequence[Sequence[str]], after: int | None, *, ends: bool, comma: str) -> Iterator[Edit]:
        """Insert entries, each given as lines, after one (None: no entry is left). `ends`: no entry is left after it."""
        entries, depth, break_ = self.element.entries, self.depth, self.lines.break_
        joiner = f",{break_}{self.indent}" if self.is_spread() else comma
        text = joiner.join(break_.join(each) for each in new)
        if after is None:
            spread = self.is_spread() and self.lines.is_first(entries[0].start)
            at = (
                self.lines.end(self.element.start)
                if spread
                else entries[0].start
                if entries
                else self.element.start + 1
            )
            yield Edit(at, at, f"{break_}{self.indent}{text}" if spread else text, depth)
            return
        at = entries[after].end
        if not self.is_spread() or not ends or self.lines.start(self.element.end) <= at:
            yield Edit(at, at, joiner + text, depth)
            return
        trailing = None if self._comma(len(entries) - 1) is None else self._comma(after)
        if trailing is None:
            yield Edit(at, at, ",", depth)
        line_end = self.lines.end(at if trailing is None else trailing)
        last = "" if trailing is None else ","
        yield Edit(line_end, line_end, f"{break_}{self.indent}{text}{last}", depth)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of numbers without a gap."""
    for place, number in enumerate(numbers):
        if place == 0 or numbers[place - 1] != number - 1:
            end = place
            while end + 1 < len(numbers) and numbers[end + 1] == numbers[end] + 1:
                end += 1
            yield number, numbers[end]
