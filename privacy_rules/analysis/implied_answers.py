"""What tests that count as one variable each imply about one another, as conditions that every manifest meets."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import permutations
from operator import or_

from privacy_rules.analysis.domains import DECLARED
from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.search import Wish
from privacy_rules.analysis.term_answers import Mask
from privacy_rules.analysis.variables import (
    PARTIES_DIFFER,
    WITHIN_COLLECTED,
    CollectedTest,
    ContractTest,
    DerivedTerm,
    FactsTest,
    HoldsTest,
    OwnerTest,
    PathTest,
    ValueOf,
)
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.language.policy import How, Owner, Policy, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity

_ROLE, _PARTY_ROLE = BUILT_IN[Entity.SYSTEM, "role"], BUILT_IN[Entity.PARTY, "role"]


class Relations:
    """The conditions on the variables of one family of subjects; `implies` says whether a node is never truer than another."""

    def __init__(self, make: Formulas, policy: Policy, family: Kind, implies: Callable[[int, int], bool]) -> None:
        self._make, self._policy, self._family, self._implies = make, policy, family, implies

    def of(self, variables: Iterable[int]) -> Iterator[Wish]:
        """Yield what holds of the variables, given by number."""
        numbers = list(variables)
        keys = [self._make.variables[each].key for each in numbers]
        paths = [each for each in keys if isinstance(each, PathTest)]
        holds = [each for each in keys if isinstance(each, HoldsTest)]
        for path in paths:
            yield from self._of_wider(path, path, [(each, each) for each in paths if each is not path])
        for held in holds:
            yield from self._of_wider(held, held.path, [(each, each.path) for each in holds if each is not held])
        for path in paths:
            yield from self._of_wider(path, path, [(each, each.path) for each in holds])
        yield from self.of_facts(numbers)
        yield from self._of_declared(numbers, keys)
        yield from self._of_chains([each for each in keys if isinstance(each, ContractTest)])
        yield from self._of_items(keys)
        yield from self._of_collected([each for each in keys if isinstance(each, CollectedTest)])
        if self._family is Kind.FLOW:
            yield from self._of_judged_flow(paths, holds)
            yield from self._of_collections(keys)
            for number in numbers:
                yield from self._of_judged_set(number)

    def at_most(self, one: int, other: int, values: Sequence[int] = (UNKNOWN, TRUE)) -> Iterator[Wish]:
        """Yield the conditions that a node is never truer than another; `values`: only as far as these truth values go."""
        for value in values:
            yield self._make.all_of([self._make.least(one, value), self._denied(other, value)]), False, TRUE

    def _denied(self, node: int, value: int) -> int:
        return self._make.negation(self._make.least(node, value))

    # ---- paths

    def _of_wider(self, key: Hashable, path: PathTest, others: Iterable[tuple[Hashable, PathTest]]) -> Iterator[Wish]:
        """Data that arrives by a path also arrives by each wider path, or by one of several that together are wider."""
        wider = [(other, each) for other, each in others if self._is_wider(each, path)]
        for other, each in wider:
            if _covers(each.data, path.data):
                yield from self.at_most(self._make.whole(key), self._make.whole(other), _values(each, path))
        masks = [each.data for _, each in wider if isinstance(each.data, int)]
        if len(masks) > 1 and isinstance(path.data, int) and path.data & reduce(or_, masks) == path.data:
            any_of = self._make.any_of([self._make.whole(other) for other, each in wider if isinstance(each.data, int)])
            yield from self.at_most(self._make.whole(key), any_of, (TRUE,))

    def _is_wider(self, one: PathTest, other: PathTest) -> bool:
        """Whether everything that satisfies the other path test satisfies this one, apart from the data."""
        derived = not other.derived or (
            one.derived and (one.methods is None or (other.methods is not None and _covers(one.methods, other.methods)))
        )
        if one.side is not other.side or not derived:
            return False
        starts = one.start is None or (other.start is not None and self._implies(other.start, one.start))
        return starts and (
            one.avoiding is None or (other.avoiding is not None and self._implies(one.avoiding, other.avoiding))
        )

    def _of_judged_flow(self, paths: Iterable[PathTest], holds: Iterable[HoldsTest]) -> Iterator[Wish]:
        """The judged flow brings its datum to its recipient, and its source has it."""
        for path in paths:
            if path.side is Side.RECIPIENT and path.start is None:
                yield from self.at_most(self._data(path.data), self._make.whole(path))
        for held in holds:
            if held.path.side in (Side.SOURCE, Side.RECIPIENT):
                yield from self.at_most(self._data(held.path.data), self._make.whole(held))

    def _data(self, mask: Mask) -> int:
        return self._make.test(Variable("data", "one", "data"), mask)

    # ---- collections

    def _of_collected(self, tests: Sequence[CollectedTest]) -> Iterator[Wish]:
        """What tests of the same collections imply about one another, if the condition of one implies that of the other."""
        make = self._make
        for one, other in permutations(tests, 2):
            first, second = make.whole(one), make.whole(other)
            if self._implies(one.terms, other.terms):
                yield from self.at_most(first, second, _FOLLOWS[one.how, other.how])
            if self._family is not Kind.JOINING and one.terms == make.negation(other.terms):
                is_dual = (one.how, other.how) in _DUALS
                for value in (UNKNOWN, TRUE) if is_dual else ():
                    yield make.all_of([make.least(first, value), make.least(second, 3 - value)]), False, TRUE
                    yield make.any_of([make.least(first, value), make.least(second, 3 - value)]), True, TRUE

    def _of_collections(self, keys: Iterable[Hashable]) -> Iterator[Wish]:
        """If a person gives data to somebody else, this very flow collects it."""
        given = self._given_by_person()
        for key in keys:
            if isinstance(key, CollectedTest):
                for one, other in ((self._make.whole(key), key.terms), (key.terms, self._make.whole(key))):
                    for value in (UNKNOWN, TRUE):
                        parts = [given, self._make.least(one, value), self._denied(other, value)]
                        yield self._make.all_of(parts), False, TRUE
            elif key == WITHIN_COLLECTED:
                parts = [given, self._is_known("purpose"), self._denied(self._make.whole(key), TRUE)]
                yield self._make.all_of(parts), False, TRUE

    def _given_by_person(self) -> int:
        """The node that says that a known datum must go from a data subject's system to somebody else."""
        roles = self._policy.taxonomy("role")
        mask = roles.below("data_subject") if "data_subject" in roles else 0
        key = ValueOf(Side.SOURCE, Owner.SYSTEM, "role", _ROLE.type, _ROLE.default)
        role = self._make.test(Variable(key, "set", "role", _ROLE), ("includes", mask))
        sure = [self._make.least(each, TRUE) for each in (role, self._make.whole(PARTIES_DIFFER))]
        return self._make.all_of([*sure, self._is_known("data")])

    def _is_known(self, judged: str) -> int:
        whole = (1 << len(self._policy.taxonomy(judged).terms)) - 1
        return self._make.least(self._make.test(Variable(judged, "one", judged), whole), TRUE)

    # ---- what is declared

    def _of_declared(self, numbers: Sequence[int], keys: Sequence[Hashable]) -> Iterator[Wish]:
        """A flow has both ends, whether they are of one party is known only if both parties are declared, and who owns a party only if its `parent` is."""
        for number, key in zip(numbers, keys, strict=True):
            variable = self._make.variables[number]
            if not isinstance(key, ValueOf) or DECLARED not in variable.tests:
                continue
            declared = self._make.test(variable, DECLARED)
            if key.owner is Owner.FLOW and key.name in ("from", "to"):
                yield declared, True, TRUE
            elif (key.owner, key.name) == (Owner.SYSTEM, "party") and key.side in (Side.SOURCE, Side.RECIPIENT):
                is_open = self._make.exactly(self._make.whole(PARTIES_DIFFER), UNKNOWN)
                yield self._make.any_of([declared, is_open]), True, TRUE
            elif key.owner is Owner.PARTY and key.name == "parent":
                for owned in (each for each in keys if isinstance(each, OwnerTest) and each.side is key.side):
                    is_open = self._make.exactly(self._make.whole(owned), UNKNOWN)
                    yield self._make.any_of([declared, is_open]), True, TRUE

    def _of_items(self, keys: Iterable[Hashable]) -> Iterator[Wish]:
        """What a system is declared to store, use or make has a known datum."""
        if self._family not in (Kind.STORAGE, Kind.USE, Kind.DERIVATION):
            return
        there = self._make.test(Variable(self._family.value, "sure", nullable=False), ())
        whole = (1 << len(self._policy.taxonomy("data").terms)) - 1
        for key in keys:
            if isinstance(key, DerivedTerm) or (key == "data" and self._family is not Kind.DERIVATION):
                known = self._make.test(Variable(key, "one", "data"), whole)
                yield self._make.all_of([self._make.least(there, TRUE), self._denied(known, TRUE)]), False, TRUE

    # ---- contracts, two facts, and sets

    def of_facts(self, variables: Iterable[int]) -> Iterator[Wish]:
        """How `<`, `<=` and `=` of the same two facts follow from one another; a fact equals itself."""
        keys = (self._make.variables[each].key for each in variables)
        for each in [key for key in keys if isinstance(key, FactsTest)]:
            # `parent: none` names no party, and so does not equal itself.
            if each.one == each.other and each.shift is None and each.one[2] != "parent":
                is_less = each.operator == "<"
                yield (self._make.whole(each), False, TRUE) if is_less else (self._make.whole(each), True, UNKNOWN)
            less, equal = (self._make.whole(replace(each, operator=sign)) for sign in ("<", "="))
            if each.operator == "<=":
                yield from self.at_most(less, self._make.whole(each))
                yield from self.at_most(equal, self._make.whole(each))
                yield from self.at_most(self._make.whole(each), self._make.any_of([less, equal]))
            yield self._make.all_of([less, equal]), False, TRUE

    def _of_chains(self, tests: list[ContractTest]) -> Iterator[Wish]:
        """A contract with us is a chain of one, and we are bound to ourselves."""
        for chain in (each for each in tests if each.chain):
            if chain.side is not Side.BOTH:
                yield from self.at_most(self._is_us(chain.side), self._make.whole(chain))
            for each in tests:
                if not each.chain and each.side is chain.side and chain.terms in (None, each.terms):
                    yield from self.at_most(self._make.whole(each), self._make.whole(chain))

    def _is_us(self, side: Side) -> int:
        """The node that says that the party of a side has the role `us`."""
        roles = self._policy.taxonomy("role")
        key = ValueOf(side, Owner.PARTY, "role", _PARTY_ROLE.type, _PARTY_ROLE.default)
        mask = roles.below("us") if "us" in roles else 0
        return self._make.test(Variable(key, "set", "role", _PARTY_ROLE), ("includes", mask))

    def _of_judged_set(self, number: int) -> Iterator[Wish]:
        """The judged datum or purpose is one of those of its flow."""
        variable = self._make.variables[number]
        judged = _JUDGED.get(variable.key.name) if isinstance(variable.key, ValueOf) else None
        for test in list(variable.tests) if judged else ():
            if judged and isinstance(test, tuple) and isinstance(test[1], int):
                of_set = self._make.test(variable, test)
                is_one = self._make.test(Variable(judged, "one", judged), test[1])
                yield from self.at_most(of_set, is_one) if test[0] == "within" else self.at_most(is_one, of_set)


_FOLLOWS: dict[tuple[How | None, How | None], Sequence[int]] = {
    **{(each, each): (UNKNOWN, TRUE) for each in (None, "only", "partly")},
    **dict.fromkeys((("only", None), ("only", "partly"), (None, "partly")), (UNKNOWN, TRUE)),
    (None, "only"): (TRUE,),
    ("partly", None): (UNKNOWN,),
    ("partly", "only"): (),
}
"""How far one form of `collected` implies another. All collections satisfy C if `only` or `collected with` is true; all fail it if
`partly` or `collected with` is false."""
_DUALS = ((None, None), ("only", "partly"), ("partly", "only"))
"""The forms of which one with C is the opposite of the other with `not C`."""
_JUDGED = {"carries": "data", "purposes": "purpose"}


def _values(one: PathTest, other: PathTest) -> Sequence[int]:
    """For which truth values a wider path follows: unsourced data may begin a path, even if there is no path."""
    return (TRUE,) if one.start is None and other.start is not None else (UNKNOWN, TRUE)


def _covers(one: Mask, other: Mask) -> bool:
    """Whether one mask has all terms of the other."""
    if isinstance(one, int) and isinstance(other, int):
        return one & other == other
    return one == other
