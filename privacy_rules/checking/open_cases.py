"""Decide the cases that the columns of a rule leave undetermined, once for all cases with the same open facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from privacy_rules.checking.aspects import BINDINGS, ENDS, ITSELF, NEAR_NAMED_ORIGIN, Aspect
from privacy_rules.checking.columns import Column, packed, unpacked
from privacy_rules.checking.condition_columns import ConditionColumns
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.logic import UNKNOWN
from privacy_rules.checking.pair_groups import PairGroup
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.work_limit import DECISIONS
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import Condition, Holds, Reached
from privacy_rules.language.subject_kinds import Kind


def decided(
    ruling: Ruling, columns: ConditionColumns, doubtful: int, pairs: PairGroup
) -> tuple[Column, Sequence[int] | None]:
    """Return a column that is right in the doubtful cases, and false elsewhere.

    If the pairs of a case may have different verdicts, also return a number for each case, equal for cases that were decided alike.
    """
    found, apart = bytearray(columns.cases.size), [0] * columns.cases.size
    differ = False
    for number, (cases, by_pair) in enumerate(_alike(ruling, columns, doubtful), 1):
        ruling.evaluator.work.take(DECISIONS, 1)
        value = _judged(ruling, columns, cases[0], pairs, by_pair=by_pair)
        differ = differ or (by_pair and not columns.cases.each)
        for each in cases:
            found[each], apart[each] = value, number
    return packed(bytes(found)), apart if differ else None


def _judged(ruling: Ruling, columns: ConditionColumns, case: int, pairs: PairGroup, *, by_pair: bool) -> int:
    """Return the verdict on a case; the worst of its pairs if they may differ."""
    frame = columns.cases.frame(case)
    if columns.cases.each or pairs.data is None:
        return ruling.judged(frame)
    worst, bindings = 0, columns.cases.aspects.subjects[columns.cases.owner[case]][2]
    for each in pairs.among(bindings):
        ruling.evaluator.work.take(DECISIONS, 1)
        ruling.bind(frame, each)
        worst = max(worst, ruling.judged(frame))
        if not by_pair:
            break
    return worst


def _alike(ruling: Ruling, columns: ConditionColumns, doubtful: int) -> Iterator[tuple[list[int], bool]]:
    """Yield groups of doubtful cases that get the same decision, and whether the pairs of one case may differ."""
    size, cases = columns.cases.size, columns.cases
    chosen = doubtful.to_bytes(size, "little")
    tests = [each.test for each in ruling.repeated.asked]
    values = [bytes(compress(unpacked(columns.of(each, doubtful), size), chosen)) for each in tests]
    patterns: dict[tuple[int, ...], list[int]] = {}
    every: Iterator[tuple[int, ...]] = zip(*values, strict=True)
    for case, pattern in zip(compress(range(size), chosen), every, strict=True):
        patterns.setdefault(pattern, []).append(case)
    for pattern, some in patterns.items():
        open_ = [test for test, value in zip(tests, pattern, strict=True) if value == UNKNOWN]
        # A path may begin with the judged datum, so what it leaves open differs from pair to pair.
        by_pair = any(ruling.evaluator.by_pair(each) or _asks_paths(each) for each in open_)
        aspects = frozenset[Aspect]().union(
            *(cases.aspects.of(each) for each in open_),
            {ENDS} if ruling.family is Kind.FLOW else (),
            {BINDINGS} if by_pair else (),
            {NEAR_NAMED_ORIGIN} if ruling.evaluator.named_origins.in_doubt else (),
            *(cases.aspects.of(each) for each in tests if isinstance(each, SubjectIs)),
        )
        groups: dict[tuple[int, ...], list[int]] = {}
        read = [range(size) if each == ITSELF else cases.column(each) for each in aspects]
        for case in some:
            groups.setdefault(tuple(column[case] for column in read), []).append(case)
        yield from ((each, by_pair) for each in groups.values())


def _asks_paths(test: Condition) -> bool:
    return any(isinstance(each, Reached | Holds) for each in walk(test))
