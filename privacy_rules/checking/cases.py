"""The cases that conditions are evaluated in: subjects, each with one of its bindings, such as a judged pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from privacy_rules.checking.aspects import BINDINGS, ITSELF, Aspect, Aspects
from privacy_rules.checking.byte_columns import numbered
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.subjects import Binding, binder
from privacy_rules.checking.work_limit import PAIRS


class Cases:
    """The cases of a family: each subject with each of its bindings (`each`), or with one of them."""

    def __init__(self, aspects: Aspects, *, each: bool) -> None:
        self.aspects, self.each = aspects, each
        self._bind, subjects = binder(aspects.family), aspects.subjects
        counts = [len(bindings) if each else 1 for _, _, bindings in subjects]
        self.size = sum(counts)
        if each:
            aspects.evaluator.work.take(PAIRS, self.size - len(subjects))
        one_each = {*counts} <= {1}
        self.owner: Sequence[int] = range(len(subjects))
        """The number of the subject of each case."""
        self.bounds: list[tuple[int, int]] | None = None
        """The first case of each subject, and the one after its last; None if each subject is one case."""
        if not one_each:
            self.owner = [number for number, count in enumerate(counts) for _ in range(count)]
            self.bounds = list(pairwise(accumulate(counts, initial=0)))
        self.bindings: Sequence[Binding] = (
            [one for _, _, bindings in subjects for one in bindings] if each else [some[0] for _, _, some in subjects]
        )
        self.every = int.from_bytes(b"\1" * self.size, "little")

    def frame(self, case: int) -> Frame:
        """Return the frame of a case, bound to it."""
        frame = self.aspects.subjects[self.owner[case]][1]
        self._bind(frame, self.bindings[case])
        return frame

    def frames(self) -> Iterator[Frame]:
        """Yield the frame of each case, bound to it."""
        return map(self.frame, range(self.size))

    def numbered(self, aspects: frozenset[Aspect]) -> list[int]:
        """Return equal numbers for cases that agree in some aspects."""
        if ITSELF in aspects:
            return list(range(self.size))
        columns: list[Sequence[int]] = [self.column(each) for each in aspects]
        return numbered(zip(*columns, strict=True)) if columns else [0] * self.size

    def column(self, aspect: Aspect) -> Sequence[int]:
        """Return equal numbers for cases that agree in an aspect; for the aspect `BINDINGS`, in their own binding."""
        if aspect == BINDINGS and self.each:
            return self.of_binding
        column = self.aspects.column(aspect)
        return column if isinstance(self.owner, range) else [column[each] for each in self.owner]

    @cached_property
    def of_binding(self) -> Sequence[int]:
        """The number of the binding of each case."""
        return numbered(self.bindings)
