"""The findings of one rule on all subjects of its kind, class by class, and how two such outcomes differ.

    before, after = Outcome(ruling, classes), Outcome(other_ruling, other_classes)
    for (one, other), size in Pairing(before, after).sizes.items():
        before.result(one) == after.result(other)

All subjects of a class have the same verdict on the same judged pairs. Even millions of findings fall into few classes,
so outcomes are compared without examining each finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field

from privacy_rules.checking.batch_verdicts import Alike, Classes
from privacy_rules.checking.byte_columns import combined, grouped
from privacy_rules.checking.checker import NonCompliant, open_permits, verdict_alone
from privacy_rules.checking.core_rules import conditions
from privacy_rules.checking.judgements import JudgedPair
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling, Worst
from privacy_rules.checking.subjects import Subject
from privacy_rules.language.policy import CollectedWith, WithinCollectedPurposes
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """The verdict on a subject that is not compliant, and each judged pair that is not.

    `permits` are those that may lift the rule; they play no part in comparisons of findings.
    """

    verdict: Verdict
    judged: tuple[JudgedPair, ...]
    permits: tuple[str, ...] = field(default=(), compare=False)


def result_of(ruling: Ruling, subject: Subject) -> SubjectResult | None:
    """Judge one subject by a rule; None if it is compliant, or the rule does not apply to it."""
    worst = ruling.worst(subject)
    if not worst:
        return None
    found = NonCompliant(ruling, subject, worst, max(each for each, _ in worst.values()), 0)
    return SubjectResult(found.verdict, verdict_alone(found).judged, open_permits(found))


class Outcome:
    """The findings of one rule. `verdicts` has one for each class, None if the rule does not apply to the class."""

    def __init__(self, ruling: Ruling, classes: Classes) -> None:
        self.ruling, self.classes = ruling, classes
        self.alike: Alike = classes.alike(ruling)
        self.verdicts: Sequence[Verdict | None] = self.alike.verdicts
        self._results: dict[int, SubjectResult | None] = {}
        if any(isinstance(each, CollectedWith | WithinCollectedPurposes) for each in conditions([ruling.core])):
            self.settle()  # so that every system from which a judged datum comes is looked at

    def settle(self) -> None:
        """Work out all results now, so that the evaluator can move to another day."""
        for number, verdict in enumerate(self.verdicts):
            if verdict:
                self.result(number)

    def result(self, number: int | None) -> SubjectResult | None:
        """Return the result for each subject of a class; None if they are compliant or not in scope."""
        verdict = None if number is None else self.verdicts[number]
        if number is None or not verdict:
            return None
        if number not in self._results:
            subject = self.classes.subjects[self.alike.first[number]]
            self._results[number] = self._whole(number, verdict) or result_of(self.ruling, subject)
        return self._results[number]

    def _whole(self, number: int, verdict: Verdict) -> SubjectResult | None:
        """Return the result of a flow whose pairs all have the same verdict, because the rule does not distinguish them."""
        subject = self.classes.subjects[self.alike.first[number]]
        unsure = bool(self.ruling.permits) and verdict is Verdict.UNDETERMINED
        if unsure or self.ruling.family is not Kind.FLOW or not self.alike.uniform:
            return None
        worst: Worst = {(*binding, None): (verdict, binding) for binding in subject[2]}
        return SubjectResult(verdict, verdict_alone(NonCompliant(self.ruling, subject, worst, verdict, 0)).judged)

    def count(self, verdicts: Collection[Verdict]) -> int:
        """Return how many subjects have one of the verdicts."""
        return sum(size for each, size in zip(self.verdicts, self.alike.sizes, strict=True) if each in verdicts)

    def verdict_on(self, name: str) -> Verdict | None:
        """Return the verdict on a subject; None if the rule does not apply to it, or the estate lacks it."""
        number = self.classes.number_of.get(name)
        return None if number is None else self.verdicts[self.alike.numbers[number]]

    def found(self) -> Iterator[tuple[str, Verdict]]:
        """Yield each subject that is not compliant, with the verdict on it."""
        for name, number in zip(self.classes.number_of, self.alike.numbers, strict=True):
            verdict = self.verdicts[number]
            if verdict:
                yield name, verdict

    def result_on(self, name: str) -> SubjectResult | None:
        """Return the result for a subject; None if it is compliant or not in scope, or the estate lacks it."""
        number = self.classes.number_of.get(name)
        return None if number is None else self.result(self.alike.numbers[number])

    def verdict_of(self, number: int | None) -> Verdict | None:
        """Return the verdict on each subject of a class; None without a class, or if the rule does not apply."""
        return None if number is None else self.verdicts[number]


ClassPair = tuple[int | None, int | None]
"""The classes of a subject in two outcomes; None if an outcome lacks the subject."""


class Pairing:
    """The pairs of classes of two outcomes, and how many subjects have each (`sizes`)."""

    def __init__(self, before: Outcome | None, after: Outcome | None) -> None:
        one, other = ([*each.classes.number_of] if each else [] for each in (before, after))
        numbers: list[Sequence[int | None]] = [each.alike.numbers if each else () for each in (before, after)]
        self.names: Sequence[str] = one or other
        if one != other:
            self.names = sorted({*one, *other}) if one and other else self.names
            numbers = [
                column if names is self.names else _placed(column, names, self.names)
                for column, names in zip(numbers, (one, other), strict=True)
            ]
        _, first, sizes = grouped(combined(*numbers))
        self.sizes: Mapping[ClassPair, int] = {
            (numbers[0][place], numbers[1][place]): size for place, size in zip(first, sizes, strict=True)
        }
        self._numbers = numbers

    @property
    def pairs(self) -> Iterator[ClassPair]:
        """The pair of each subject."""
        return zip(*self._numbers, strict=True)

    @property
    def named(self) -> Iterator[tuple[str, ClassPair]]:
        """Each subject with its pair of classes, in the order of ids."""
        return zip(self.names, self.pairs, strict=True)


def _placed(numbers: Sequence[int | None], names: Sequence[str], among: Sequence[str]) -> Sequence[int | None]:
    """Return the numbers of some subjects, each at its place among others; None at the places of these."""
    known = dict(zip(names, numbers, strict=True))
    return [*map(known.get, among)]
