"""Group the judged pairs of flows that a rule does not distinguish. A group has some categories, each with some purposes.

    for pairs in PairGroups(aspects).of(tests): ...     # each test is about the judged datum or the judged purpose

Flows may have lists of hundreds of categories and purposes. A rule that names a few of them judges one pair of each group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from privacy_rules.checking.aspects import Aspects
from privacy_rules.checking.byte_columns import Spread, numbered, numbers_of, term_table
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.subjects import Binding
from privacy_rules.language.policy import Condition, IsDeclared, JudgedIs
from privacy_rules.source.fast_dataclasses import dataclass

_FEW, _EACH = 1_000, 3
"""Grouping does not pay for fewer pairs than this, in all or for each flow."""
_JUDGED = ("data", "purpose")
Terms = dict[str | None, None]


@dataclass(frozen=True, slots=True)
class PairGroup:
    """A group of judged pairs.

    `having`: the flows with such a pair, a byte for each flow, 1 or 0. A group without terms has all pairs.
    """

    data: Terms | None = None
    purposes: Terms | None = None
    having: int = 0

    @property
    def datum(self) -> str | None:
        """One category of the group."""
        return next(iter(self.data or ()), None)

    @property
    def purpose(self) -> str | None:
        """One purpose of the group."""
        return next(iter(self.purposes or ()), None)

    def among(self, bindings: Sequence[Binding]) -> Iterator[Binding]:
        """Yield the pairs of a flow that are in the group."""
        assert self.data is not None
        assert self.purposes is not None
        return (each for each in bindings if each[0] in self.data and each[1] in self.purposes)


class PairGroups:
    """The groups of the pairs of all flows."""

    def __init__(self, aspects: Aspects) -> None:
        self._aspects, self._policy = aspects, aspects.evaluator.policy
        subjects = aspects.subjects
        self._number = sum(len(bindings) for _, _, bindings in subjects)
        self._lists = {judged: _Lists(aspects, axis) for axis, judged in enumerate(_JUDGED)}

    def distinguish(self, tests: Sequence[Condition]) -> bool:
        """Return whether all tests are about the judged datum or purpose, and there are enough pairs to group."""
        if not all(isinstance(each, JudgedIs | IsDeclared) and _judged(each) for each in tests):
            return False
        if self._number <= max(_FEW, _EACH * len(self._aspects.subjects)):
            return False
        groups = 1
        for judged in _JUDGED:
            groups *= len(self._of_terms(judged, tests, exactly=False))
        return groups <= _FEW or groups * len(self._aspects.subjects) < self._number

    def of(self, tests: Sequence[Condition], *, exactly: bool) -> Iterator[PairGroup]:
        """Yield the groups. `exactly`: each term for which the value of a test is unknown has a separate group."""
        groups = {judged: self._of_terms(judged, tests, exactly=exactly) for judged in _JUDGED}
        for data in groups["data"]:
            for purposes in groups["purpose"]:
                having = self._lists["data"].having(data) & self._lists["purpose"].having(purposes)
                if having:
                    yield PairGroup(data, purposes, having)

    def _of_terms(self, judged: str, tests: Sequence[Condition], *, exactly: bool) -> list[Terms]:
        """Return the groups of the terms in the lists."""
        asked = [each for each in tests if _judged(each) == judged]
        lists, taxonomy = self._lists[judged], self._policy.taxonomy(judged)
        if not asked:
            return [lists.terms]
        declared = bytes([TRUE]) * len(taxonomy.terms) + bytes([FALSE])
        tables = [term_table(taxonomy, each.terms) if isinstance(each, JudgedIs) else declared for each in asked]
        columns = [lists.numbers(each) for each in tables]
        groups: dict[object, Terms] = {}
        for term, values in zip(lists.terms, zip(*columns, strict=True), strict=True):
            alone = term if exactly and UNKNOWN in values else None
            groups.setdefault((values, alone), {})[term] = None
        return list(groups.values())


def _judged(test: Condition) -> str | None:
    """`data` or `purpose`, whichever a test is about; None if it is about neither."""
    if isinstance(test, JudgedIs):
        return test.judged
    return test.reference if isinstance(test, IsDeclared) and isinstance(test.reference, str) else None


class _Lists:
    """The lists of categories (axis 0) or of purposes (axis 1) of all flows."""

    def __init__(self, aspects: Aspects, axis: int) -> None:
        self._taxonomy = aspects.evaluator.policy.taxonomy(_JUDGED[axis])
        lists = [(bindings.data, bindings.purposes)[axis] for _, _, bindings in aspects.subjects]  # type: ignore[attr-defined]
        self._spread, self._different = Spread(numbered(lists)), list(dict.fromkeys(lists))

    @cached_property
    def terms(self) -> Terms:
        """All terms of the lists; None is an unknown term."""
        return dict.fromkeys(term for each in self._different for term in each)

    @cached_property
    def numbers(self) -> Spread:
        """The number of each of the terms in a table."""
        return Spread(numbers_of(self._taxonomy, self.terms))

    def having(self, terms: Terms) -> int:
        """Return the flows whose list has one of these terms: a byte for each flow, 1 or 0."""
        keys = terms.keys()
        table = bytes(
            1 if len(terms) == len(self.terms) or not keys.isdisjoint(each) else 0 for each in self._different
        )
        return int.from_bytes(self._spread(table), "little")
