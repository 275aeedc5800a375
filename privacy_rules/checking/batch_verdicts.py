"""Judge all subjects of a family by a rule at once, and group subjects with the same result.

    classes = Classes(evaluator, Kind.FLOW)
    classes.found(ruling)           # the subjects that violate the rule, and those that are undetermined
    classes.alike(ruling)           # the subjects of one class have the same verdict on the same judged pairs

The tests of a rule are columns of truth values (`condition_columns.py`). If a rule may need cases
(`repeated_facts.py`), subjects that the columns leave undetermined are decided case by case, once for all subjects with
the same open facts (`open_cases.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import and_, neg

from privacy_rules.checking.aspects import BINDINGS, Aspects
from privacy_rules.checking.byte_columns import Column, combined, grouped, numbered, unpacked
from privacy_rules.checking.cases import Cases
from privacy_rules.checking.condition_columns import ConditionColumns
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import Labelled
from privacy_rules.checking.judgements import Part
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.open_cases import decided
from privacy_rules.checking.pair_groups import PairGroup, PairGroups
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject
from privacy_rules.checking.work_limit import JUDGED_PAIRS
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule finds: how many subjects it applies to, and those that are not compliant, by number."""

    applies: int
    violations: Sequence[int]
    undetermined: Sequence[int]


@dataclass(frozen=True, slots=True)
class Alike:
    """The classes of subjects for which the result of a rule is the same.

    `numbers`: the class of each subject, by number; `first`: the first subject of each class; `sizes`: how many subjects it has;
    `verdicts`: its verdict, None if the rule does not apply to it. `uniform`: all pairs of a subject have the same verdict.
    """

    numbers: Sequence[int]
    first: Sequence[int]
    sizes: Sequence[int]
    verdicts: Sequence[Verdict | None]
    uniform: bool


@dataclass(slots=True)
class _Judged:
    """What a rule finds in some cases: those in its scope, those that must violate it, and those that may.

    `apart` has different numbers for cases whose non-compliant pairs differ; None: all pairs of a case have the same
    verdict.
    """

    applies: int
    must: int
    may: int
    pairs: PairGroup
    apart: Sequence[int] | None = None


class Classes:
    """Judges the subjects of a family by rules. Keep the rules' conditions alive for as long as this object."""

    def __init__(self, evaluator: Evaluator, family: Kind) -> None:
        self._evaluator, self._family = evaluator, family
        self._aspects = Aspects(evaluator, family)
        self.subjects: Sequence[Subject] = self._aspects.subjects

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The number of each subject."""
        return {each[0]: number for number, each in enumerate(self.subjects)}

    @cached_property
    def _whole(self) -> ConditionColumns:
        """The columns in which each subject is one case."""
        return ConditionColumns(Cases(self._aspects, each=False))

    @cached_property
    def _of_pairs(self) -> ConditionColumns:
        """The columns in which each binding of a subject is a case."""
        return ConditionColumns(Cases(self._aspects, each=True))

    @cached_property
    def _groups(self) -> PairGroups:
        return PairGroups(self._aspects)

    def found(self, ruling: Ruling) -> Found:
        """Return which subjects are not compliant with a rule."""
        columns, judged = self._judged(ruling)
        size, owner = columns.cases.size, columns.cases.owner
        applies = must = may = 0
        for each in judged:
            applies, must, may = applies | each.applies, must | each.must, may | each.may
        in_scope, bad, worse = (compress(owner, each.to_bytes(size, "little")) for each in (applies, may, must))
        if isinstance(owner, range):
            violations = list(worse)
            undetermined = list(compress(owner, (may & ~must).to_bytes(size, "little")))
            return Found(len(list(in_scope)), violations, undetermined)
        violations = sorted({*worse})
        return Found(len({*in_scope}), violations, sorted({*bad}.difference(violations)))

    def alike(self, ruling: Ruling) -> Alike:
        """Return the classes of subjects for which the result is the same."""
        columns, judged = self._judged(ruling)
        worst = self._by_verdict(columns, judged)
        patterns = [each for one in judged for each in self._patterns(ruling, columns, one)]
        if len(judged) == 1 and len(patterns) == 1 and isinstance(columns.cases.owner, range):
            patterns = []  # the only pattern follows from the verdicts
        if worst.translate(None, b"\0\1"):
            patterns.append(self._bindings_of_bad(worst))
        numbers, first, sizes = grouped(combined(worst, *patterns))
        verdicts = [Verdict(worst[each] - 1) if worst[each] else None for each in first]
        uniform = not columns.cases.each and len(judged) == 1 and judged[0].apart is None
        return Alike(numbers, first, sizes, verdicts, uniform)

    def _bindings_of_bad(self, worst: bytes) -> Sequence[int]:
        """Return for each subject that is not compliant a number of its bindings, and 0 for the others."""
        bad = worst.translate(bytes([0, 0]) + bytes([255]) * 254)
        if isinstance(self._bindings, bytes):
            both = int.from_bytes(self._bindings, "little") & int.from_bytes(bad, "little")
            return both.to_bytes(len(bad), "little")
        return list(map(and_, self._bindings, map(neg, map(bool, bad))))

    @cached_property
    def _bindings(self) -> Sequence[int]:
        """A number for the bindings of each subject; as bytes, if there are few different ones."""
        numbers = self._aspects.column(BINDINGS)
        return bytes(numbers) if max(numbers, default=0) < 256 else numbers

    def _by_verdict(self, columns: ConditionColumns, judged: Sequence[_Judged]) -> bytes:
        """Return for each subject 0 if the rule does not apply to it, else one more than the verdict."""
        applies = must = may = 0
        for each in judged:
            applies, must, may = applies | each.applies, must | each.must, may | each.may
        values = sum((applies, must, may)).to_bytes(columns.cases.size, "little")
        if isinstance(columns.cases.owner, range):
            return values
        found = bytearray(len(self.subjects))
        for owner, value in zip(columns.cases.owner, values, strict=True):
            found[owner] = max(found[owner], value)
        return bytes(found)

    def _patterns(self, ruling: Ruling, columns: ConditionColumns, judged: _Judged) -> Iterator[Sequence[int]]:
        """Yield numbers of the subjects, which differ if the pairs, or permits that may lift the rule, differ."""
        open_ = judged.may & ~judged.must
        if judged.pairs.data is not None:
            columns.judge(judged.pairs.datum, judged.pairs.purpose)
        found = [unpacked((judged.must, judged.may), columns.cases.size)] if judged.may else []
        for part in ruling.core.requirement if open_ else ():
            if part.part is Part.PERMIT:
                must, may = columns.shared(part.condition, open_)
                found.append((may & ~must & open_).to_bytes(columns.cases.size, "little"))
        bounds = columns.cases.bounds
        for each in found:
            yield each if bounds is None else numbered(each[start:end] for start, end in bounds)
        if judged.apart is not None:
            yield judged.apart

    def _judged(self, ruling: Ruling) -> tuple[ConditionColumns, list[_Judged]]:
        by_pair = [each.test for each in ruling.repeated.asked if self._evaluator.by_pair(each.test)]
        if self._family is not Kind.FLOW or (by_pair and not self._groups.distinguish(by_pair)):
            self._evaluator.work.take(JUDGED_PAIRS, self._of_pairs.cases.size)
            return self._of_pairs, [self._judge(ruling, self._of_pairs, self._of_pairs.cases.every, PairGroup())]
        columns, found = self._whole, []
        for pairs in self._groups.of(by_pair, exactly=ruling.repeated.may_repeat):
            self._evaluator.work.take(JUDGED_PAIRS, columns.cases.size)
            columns.judge(pairs.datum, pairs.purpose)
            found.append(self._judge(ruling, columns, pairs.having, pairs))
        return columns, found

    def _judge(self, ruling: Ruling, columns: ConditionColumns, wanted: int, pairs: PairGroup) -> _Judged:
        """Judge cases by a rule."""
        limits = [each.condition for each in ruling.core.scope if each.part is not Part.WHEN]
        when = [each.condition for each in ruling.core.scope if each.part is Part.WHEN]
        limited = columns.all_of(limits, wanted)
        applies = limited[1] & wanted
        asked = columns.all_of(when, applies)
        must, may = limited[0] & asked[0] & wanted, applies & asked[1]
        met = self._met(ruling.core.requirement, columns, may)
        must, may = must & ~met[1], may & ~met[0]
        judged = _Judged(applies, must, may, pairs)
        doubtful = ruling.repeated.of_all(columns, may & ~must) if may & ~must else 0
        if doubtful:
            (must, may), judged.apart = decided(ruling, columns, doubtful, pairs)
            judged.must, judged.may = judged.must | must, judged.may & ~doubtful | may
        return judged

    @staticmethod
    def _met(requirement: Sequence[Labelled], columns: ConditionColumns, wanted: int) -> Column:
        """Return the `or` of a requirement. Permits are parts of all rules that they lift."""
        must = may = 0
        for each in requirement:
            left = wanted & ~must
            if left:
                of = columns.shared if each.part is Part.PERMIT else columns.of
                one, other = of(each.condition, left)
                must, may = must | one, may | other
        return must, may
