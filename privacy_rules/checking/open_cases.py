"""Decide the cases that the columns of a rule leave undetermined, once for all cases with the same open facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from privacy_rules.checking.aspects import BINDINGS, ENDS, NEAR_NAMED_ORIGIN, Aspect
from privacy_rules.checking.byte_columns import Column, Spread, packed, unpacked
from privacy_rules.checking.condition_columns import ConditionColumns
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.pair_groups import PairGroup
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.work_limit import DECISIONS
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import Condition, Holds, Reached
from privacy_rules.language.subject_kinds import Kind

_MANY = 64


def decided(
    ruling: Ruling, columns: ConditionColumns, doubtful: int, pairs: PairGroup
) -> tuple[Column, Sequence[int] | None]:
    """Return a column that is right in the doubtful cases, and false elsewhere.

    If the pairs of a case may have different verdicts, also return a number for each case, equal for cases that were decided alike.
    """
    size = columns.cases.size
    must = may = number = 0
    apart: list[int] | None = None
    for cases, groups, by_pair in _alike(ruling, columns, doubtful):
        chosen = cases.to_bytes(size, "little")
        first = dict(zip(compress(groups.numbers, chosen), compress(range(size), chosen), strict=True))
        table = bytearray(groups.most + 1)
        for group, case in first.items():
            ruling.evaluator.work.take(DECISIONS, 1)
            table[group] = _judged(ruling, columns, case, pairs, by_pair=by_pair)
        one, other = packed(groups(bytes(table)))
        must, may = must | one & cases, may | other & cases
        if by_pair and not columns.cases.each:
            apart = apart or [0] * size
            for case in compress(range(size), chosen):
                apart[case] = 1 + number + groups.numbers[case]
        number += groups.most + 1
    return (must, may), apart


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


def _alike(ruling: Ruling, columns: ConditionColumns, doubtful: int) -> Iterator[tuple[int, Spread, bool]]:
    """Yield some of the doubtful cases with groups of which each gets one decision, and whether the pairs of one case may differ."""
    cases, tests = columns.cases, [each.test for each in ruling.repeated.asked]
    for values, some in _by_values([columns.of(each, doubtful) for each in tests], doubtful, cases.size):
        open_ = [test for test, value in zip(tests, values, strict=True) if value == UNKNOWN]
        # A path may begin with the judged datum, so what it leaves open differs from pair to pair.
        by_pair = any(ruling.evaluator.by_pair(each) or _asks_paths(each) for each in open_)
        aspects = frozenset[Aspect]().union(
            *(cases.aspects.of(each) for each in open_),
            {ENDS} if ruling.family is Kind.FLOW else (),
            {BINDINGS} if by_pair else (),
            {NEAR_NAMED_ORIGIN} if ruling.evaluator.named_origins.in_doubt else (),
            *(cases.aspects.of(each) for each in tests if isinstance(each, SubjectIs)),
        )
        yield some, columns.agreeing(aspects), by_pair


def _by_values(columns: Sequence[Column], cases: int, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the values that tests have together, given their columns, each with the cases in which they have them."""
    found: dict[tuple[int, ...], int] = {(): cases}
    for must, may in columns:
        split = [
            ((*values, value), inside)
            for values, some in found.items()
            for value, there in ((FALSE, ~may), (UNKNOWN, may & ~must), (TRUE, must))
            if (inside := some & there)
        ]
        if len(split) > _MANY:
            yield from _one_by_one(columns, cases, size)
            return
        found = dict(split)
    yield from found.items()


def _one_by_one(columns: Sequence[Column], cases: int, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield the same, if there are many."""
    chosen = cases.to_bytes(size, "little")
    values = [bytes(compress(unpacked(each, size), chosen)) for each in columns]
    found: dict[tuple[int, ...], bytearray] = {}
    for case, pattern in zip(compress(range(size), chosen), zip(*values, strict=True), strict=True):
        found.setdefault(pattern, bytearray(size))[case] = 1
    yield from ((pattern, int.from_bytes(some, "little")) for pattern, some in found.items())


def _asks_paths(test: Condition) -> bool:
    return any(isinstance(each, Reached | Holds) for each in walk(test))
