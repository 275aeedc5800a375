"""Paths, one step after the other, each kept as the tuple of its flows: nothing here is fast or clever.

A path is followed together with the one category that it carries. In the sure reading a category is a name, in the
maybe reading a term that stands for "this and nothing narrower", so that a broad name is every term below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Condition, Reached
from privacy_rules.language.subject_kinds import Kind
from tests.reference.facts import Context, Facts
from tests.reference.origins import Origins
from tests.reference.terms import FALSE, TRUE, UNKNOWN, is_one_of, opposite

Path = tuple[str, ...]
Judge = Callable[[Condition, Context], Truth]


class Reading(Enum):
    SURELY = "surely"
    MAYBE = "maybe"

    def admits(self, value: Truth) -> bool:
        return value is TRUE if self is Reading.SURELY else value is not FALSE


@dataclass(frozen=True)
class Arrival:
    """A path that has come to a system with a category; `path` is empty at the system where it starts.

    `made`: the category was made on the way, so no origin applies to it.
    """

    system: str
    category: str
    path: Path
    made: bool = False

    @property
    def what(self) -> tuple[str, str, bool]:
        return self.system, self.category, self.made


def step_by_step(starts: Iterable[Arrival], onward: Callable[[Arrival], Iterator[Arrival]]) -> Iterator[Arrival]:
    """Everything that a path of at least one flow comes to, by a shortest path, shortest ones first."""
    waiting = [(0, number, each) for number, each in enumerate(sorted(set(starts), key=lambda each: each.what))]
    number, seen, begun = len(waiting), set[tuple[str, str, bool]](), set[tuple[str, str, bool]]()
    while waiting:
        length, _, arrival = heappop(waiting)
        known = seen if length else begun
        if arrival.what in known:
            continue
        known.add(arrival.what)
        if length:
            yield arrival
        for found in onward(arrival):
            number += 1
            heappush(waiting, (len(found.path), number, found))


class Paths:
    def __init__(self, facts: Facts, judge: Judge) -> None:
        self.facts = facts
        self.judge = judge
        self.origins = Origins(facts)

    def forwarded(self, flow: str, reading: Reading) -> frozenset[str]:
        """What a flow forwards of whatever its source has, as its origin does not say where that came from."""
        carried = self.carried(flow, reading)
        if reading is Reading.SURELY:
            return frozenset(each for each in carried if not self.origins.applies_to_name(flow, each))
        return frozenset(each for each in carried if not self.origins.surely_applies_to(flow, each))

    def carried(self, flow: str, reading: Reading) -> frozenset[str]:
        return self.facts.surely_carries(flow) if reading is Reading.SURELY else self.facts.may_carry(flow)

    def flows_from(self, system: str) -> Iterator[tuple[str, str]]:
        for flow in self.facts.estate.flows:
            if self.facts.end(flow, "from") == system:
                yield flow, self.facts.end(flow, "to")

    # `reached by`

    def shortest(self, test: Reached, reading: Reading, goals: Iterable[str]) -> Path | None:
        """A shortest path of the reading to one of `goals`; None where there is none.

        It starts where the test says, if such a path exists, else with data that nothing brings; those may be there already.
        """
        wanted = set(goals)
        declared = self.arrivals(test, reading, self.starts(test, reading))
        found = next((each.path for each in declared if each.system in wanted), None)
        if found is not None:
            return found
        unsourced = list(self.unsourced(test, reading))
        if any(each.system in wanted for each in unsourced):
            return ()
        return next((each.path for each in self.arrivals(test, reading, unsourced) if each.system in wanted), None)

    def arrivals(self, test: Reached, reading: Reading, starts: Iterable[Arrival]) -> Iterator[Arrival]:
        def onward(arrival: Arrival) -> Iterator[Arrival]:
            on_the_way = bool(arrival.path)
            if on_the_way and not self.forwards(arrival.system, test, reading):
                return
            for flow, system in self.flows_from(arrival.system):
                passes = self.carried if arrival.made else self.forwarded
                if arrival.category in passes(flow, reading):
                    yield from self.arriving(arrival, system, (flow,), test, reading)
            for origin, flow in self.drawn_from(arrival, test, reading):
                by = (flow,) if flow == origin else (origin, flow)
                yield from self.arriving(arrival, self.facts.end(flow, "to"), by, test, reading)

        return step_by_step(starts, onward)

    def arriving(self, before: Arrival, system: str, by: Path, test: Reached, reading: Reading) -> Iterator[Arrival]:
        path = (*before.path, *by)
        yield Arrival(system, before.category, path, before.made)
        for category in sorted(self.made_of({before.category}, system, test, reading)):
            yield Arrival(system, category, path, made=True)

    def drawn_from(self, arrival: Arrival, test: Reached, reading: Reading) -> Iterator[tuple[str, str]]:
        """The collections that take the category from here, each with a flow whose origin it is and that carries it."""
        for flow in self.facts.estate.flows:
            for origin, carried in self.origins.drawn(flow, sure=reading is Reading.SURELY):
                here = self.facts.end(origin, "from") == arrival.system and arrival.category in carried
                if here and self.lies_open(origin, flow, arrival.category, test, reading):
                    yield origin, flow

    def lies_open(self, origin: str, flow: str, category: str, test: Reached, reading: Reading) -> bool:
        """Whether what lies between a collection and the flow that draws on it lets the category through."""
        if test.avoiding is None or origin == flow:
            return True
        begin, end = self.facts.end(origin, "to"), self.facts.end(flow, "from")
        if not self.forwards(begin, test, reading) or not self.forwards(end, test, reading):
            return False

        def onward(arrival: Arrival) -> Iterator[Arrival]:
            for each, system in self.flows_from(arrival.system):
                if category in self.carried(each, reading) and self.forwards(system, test, reading):
                    yield Arrival(system, category, (*arrival.path, each))

        if reading is Reading.MAYBE or begin == end:
            return True
        return any(found.system == end for found in step_by_step([Arrival(begin, category, ())], onward))

    def starts(self, test: Reached, reading: Reading) -> Iterator[Arrival]:
        for system in self.facts.estate.systems:
            if test.start is None or reading.admits(self.judge(test.start, Context(Kind.SYSTEM, system))):
                for category in self.facts.below(test.data):
                    yield Arrival(system, category, ())
                for category in self.made_at_the_first(system, test, reading):
                    yield Arrival(system, category, (), made=True)

    def unsourced(self, test: Reached, reading: Reading) -> Iterator[Arrival]:
        """Where data that nothing brings may have come from a start: it is there, and goes on from there."""
        if test.start is None or reading is Reading.SURELY:
            return
        for system in self.facts.estate.systems:
            found = self.facts.unsourced(system)
            if test.derived:  # it may have been made elsewhere
                found |= self.made_of(found, system, test, reading)
            else:
                found &= self.facts.below(test.data)
            for category in sorted(found):
                yield Arrival(system, category, (), made=test.derived)

    def forwards(self, system: str, test: Reached, reading: Reading) -> bool:
        if test.avoiding is None:
            return True
        return reading.admits(opposite(self.judge(test.avoiding, Context(Kind.SYSTEM, system))))

    # `including derived`

    def made_at_the_first(self, system: str, test: Reached, reading: Reading) -> frozenset[str]:
        """What the first system makes of D.

        A transform surely starts a path where all that it takes is D, and may where the two overlap.
        """
        if not test.derived:
            return frozenset()
        declared = self.facts.estate.systems[system].transforms
        if declared is None:
            return frozenset() if reading is Reading.SURELY else self.facts.all_categories()
        data = self.facts.policy.taxonomy("data")
        made: set[str] = set()
        for each in declared:
            takes = is_one_of(each.takes, test.data, data)
            if reading.admits(takes) and reading.admits(self.counts(each.method, test)):
                made |= self.makes(each.makes, reading)
        return frozenset(made) | self.made_of(made, system, test, reading)

    def made_of(self, held: Iterable[str], system: str, test: Reached, reading: Reading) -> frozenset[str]:
        """What a system makes of what it holds, and of that again."""
        held = set(held)
        if not test.derived or not held:
            return frozenset()
        declared = self.facts.estate.systems[system].transforms
        if declared is None:
            return frozenset() if reading is Reading.SURELY else self.facts.all_categories()
        data, made = self.facts.policy.taxonomy("data"), set[str]()
        while True:
            more = set(made)
            for each in declared:
                taken = any(data.is_a(category, each.takes) for category in held | made)
                if taken and reading.admits(self.counts(each.method, test)):
                    more |= self.makes(each.makes, reading)
            if more == made:
                return frozenset(made)
            made = more

    def counts(self, method: str | None, test: Reached) -> Truth:
        if test.methods is None:
            return TRUE
        return is_one_of(method, test.methods, self.facts.policy.taxonomy("method"))

    def makes(self, categories: tuple[str, ...], reading: Reading) -> frozenset[str]:
        return frozenset(categories) if reading is Reading.SURELY else self.facts.below(categories)

    # Paths of one datum, for `collected`: none passes through a data subject's system.

    def leads(self, reading: Reading, datum: str | None, first: str, flow: str | None, storage: str | None) -> bool:
        """Whether flows that carry the datum lead from the flow `first` to `flow`, or to the system that stores it."""
        if flow is not None and first == flow:
            return True
        for category in self.as_categories(datum, reading):
            if category not in self.forwarded(first, reading):
                continue
            begun = self.facts.end(first, "to")
            if self.comes_to(reading, category, begun, flow, storage):
                return True
        return False

    def comes_to(self, reading: Reading, category: str, begun: str, flow: str | None, storage: str | None) -> bool:
        def ends(system: str) -> bool:
            if storage is not None:
                return system == storage
            assert flow is not None
            passes = self.may_be_passed(system, reading)
            return passes and self.facts.end(flow, "from") == system and category in self.carried(flow, reading)

        return ends(begun) or any(
            ends(found.system) for found in self.of_one(reading, category, [begun], free_start=False)
        )

    def named_on_the_way(
        self, reading: Reading, datum: str | None, flow: str | None, storage: str | None, *, known: bool = True
    ) -> Iterator[str]:
        """The collections from which a flow brought the datum, as its origin says, and from there it leads here.

        Those that it names; else (not `known`) those that it may draw on where it says that nobody knows.
        """
        for by in self.facts.estate.flows:
            for first, brought in self.origins.drawn(by, sure=reading is Reading.SURELY, known=known):
                if any(
                    category in brought and self.comes_to(reading, category, self.facts.end(by, "to"), flow, storage)
                    for category in self.as_categories(datum, reading)
                ):
                    yield first

    def of_one(
        self, reading: Reading, category: str, starts: Iterable[str], *, free_start: bool, whatever: bool = False
    ) -> Iterator[Arrival]:
        """Where flows that carry one category lead; `free_start`: the path starts there, rather than passes through.

        `whatever`: flows count that carry it, though an origin says from where.
        """
        passes = self.carried if whatever else self.forwarded

        def onward(arrival: Arrival) -> Iterator[Arrival]:
            if (arrival.path or not free_start) and not self.may_be_passed(arrival.system, reading):
                return
            for flow, system in self.flows_from(arrival.system):
                if category in passes(flow, reading):
                    yield Arrival(system, category, (*arrival.path, flow))

        return step_by_step([Arrival(system, category, ()) for system in starts], onward)

    def may_be_of_an_unknown_origin(self, datum: str | None, flow: str | None, storage: str | None) -> bool:
        """Whether a flow whose origin is `null` may have brought the datum here from some collection."""
        return any(True for _ in self.named_on_the_way(Reading.MAYBE, datum, flow, storage, known=False))

    def may_be_of_an_unknown_source(self, datum: str | None, flow: str | None, storage: str | None) -> bool:
        """Whether a datum that nothing brings to a system of the organisation may lead to a flow, or to a storage."""
        unsourced = {
            each: self.facts.unsourced(each)
            for each in self.facts.estate.systems
            if self.facts.stands_at(each, "organisation") is not FALSE
        }
        for category in self.as_categories(datum, Reading.MAYBE):
            starts = [each for each, found in unsourced.items() if category in found]
            arrived = {found.system for found in self.of_one(Reading.MAYBE, category, starts, free_start=True)}
            if storage is not None and storage in arrived:
                return True
            if flow is None or category not in self.carried(flow, Reading.MAYBE):
                continue
            source = self.facts.end(flow, "from")
            if source in starts or (source in arrived and self.may_be_passed(source, Reading.MAYBE)):
                return True
        return False

    def may_be_passed(self, system: str, reading: Reading) -> bool:
        return reading.admits(opposite(self.facts.stands_at(system, "data_subject")))

    def as_categories(self, datum: str | None, reading: Reading) -> frozenset[str]:
        if datum is None:
            return frozenset() if reading is Reading.SURELY else self.facts.all_categories()
        return frozenset([datum]) if reading is Reading.SURELY else self.facts.below((datum,))

    def was_held_before(self, system: str, datum: str | None) -> Truth:
        """Whether a path that carries the datum leads to the system from the organisation, or from a data subject."""
        for reading, value in ((Reading.SURELY, TRUE), (Reading.MAYBE, UNKNOWN)):
            starts = [
                each
                for each in self.facts.estate.systems
                if reading.admits(self.facts.stands_at(each, "organisation", "data_subject"))
            ]
            for category in self.as_categories(datum, reading):
                if any(
                    found.system == system
                    for found in self.of_one(reading, category, starts, free_start=True, whatever=True)
                ):
                    return value
        return FALSE
