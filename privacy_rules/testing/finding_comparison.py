"""Compare the findings of a case with the expected ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from privacy_rules.checking.judgements import JudgedPair
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Subject
from privacy_rules.testing.suite import Expectation, Mode, Pair


class FindingLike(Protocol):
    """The parts of a finding that a case can expect."""

    @property
    def rule(self) -> str:
        """The rule's name."""
        ...

    @property
    def subject(self) -> Subject:
        """What it is about."""
        ...

    @property
    def verdict(self) -> Verdict:
        """Violation or undetermined."""
        ...

    @property
    def judged(self) -> tuple[JudgedPair, ...]:
        """The judged pairs that are not compliant."""
        ...

    @property
    def waived(self) -> bool:
        """Whether waivers cover all of them."""
        ...


_Finding = TypeVar("_Finding", bound=FindingLike)


def differences(
    expected: Sequence[Expectation], findings: Iterable[_Finding], mode: Mode
) -> Iterator[tuple[Expectation | None, _Finding | None]]:
    """Yield the differences as pairs: each unmet expectation with its finding (None if there is none), then (None, finding) for each unexpected finding."""
    found = {(each.rule, each.subject.id): each for each in findings}
    for each in expected:
        finding = found.pop(each.key, None)
        if finding is None:
            if each.verdict is not Verdict.COMPLIANT:
                yield each, None
        elif not _meets(each, finding):
            yield each, finding
    if mode == "exact":
        yield from ((None, each) for each in found.values())


def _meets(expected: Expectation, found: FindingLike) -> bool:
    if found.verdict is not expected.verdict:
        return False
    if expected.waived is not None and found.waived is not expected.waived:
        return False
    return expected.judged is None or same_pairs(expected.judged, found.judged)


def same_pairs(expected: Sequence[Pair], judged: Sequence[JudgedPair]) -> bool:
    """Return whether the judged pairs are the expected ones, in the fields that the case names."""
    fields = expected[0].fields if expected else ("verdict",)
    return sorted(_written(each, fields) for each in expected) == sorted(_written(each, fields) for each in judged)


def _written(pair: Pair | JudgedPair, fields: Sequence[str]) -> list[str]:
    return [str(sorted(pair.pair) if name == "pair" and pair.pair else getattr(pair, name)) for name in fields]
