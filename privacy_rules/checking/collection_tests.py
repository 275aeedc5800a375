"""`collected with (C)` and `purpose within collected purposes`: tests of the collections of a judged datum."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from privacy_rules.checking.attribute_lookup import read
from privacy_rules.checking.byte_columns import numbered
from privacy_rules.checking.collection_answers import Answers
from privacy_rules.checking.collections import MOST_SHOWN, Collections
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.term_tests import covered
from privacy_rules.checking.work_limit import Work
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.language.conditions import own_tests, references
from privacy_rules.language.policy import CollectedWith, Condition, How, Owner, WithinCollectedPurposes
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity

CollectedTest = CollectedWith | WithinCollectedPurposes


@dataclass(frozen=True, slots=True)
class ByFacts:
    """A collection's answer that depends on the judged datum or purpose.

    `content`: everything else that it depends on.
    """

    flow: str
    content: Hashable


class CollectedTests:
    """The tests on collections of one check; the collections of all flows are found once for each test.

    `test` compiles a condition to a function of a frame, and `by_pair` says whether the function depends on the judged
    pair. `of_flows` gives the value at each flow of a condition that does not.
    """

    def __init__(
        self,
        graph: FlowGraph,
        roles: Roles,
        collections: Collections,
        test: Callable[[Condition], Test],
        by_pair: Callable[[Condition], bool],
        *,
        of_flows: Callable[[Condition], Sequence[int]],
        work: Work,
    ) -> None:
        self._graph, self._roles, self._collections, self._test = graph, roles, collections, test
        self._by_pair, self._of_flows, self._work = by_pair, of_flows, work
        self._arrived: dict[Hashable, list[int]] = {}
        self._alike_systems: dict[int, tuple[list[int], list[int]]] = {}
        self._made: dict[int, Answers] = {}
        self._places: list[int] = []
        self._before: CollectedTests | None = None
        self._rewiring: Rewiring | None = None

    def hold_against(self, other: CollectedTests, rewiring: Rewiring | None) -> None:
        """Derive answers from those of another estate. `rewiring`: the flows added and removed, if no system or party was."""
        self._before, self._rewiring = other, rewiring

    def ask_again(self, condition: CollectedWith) -> None:
        """Forget the answers of the collections to a test."""
        self._made.pop(_key(condition), None)

    def differing(self, condition: CollectedTest) -> set[str]:
        """Return the systems that the other estate was asked about and whose answers may now differ."""
        asked = None if self._before is None else self._before.asked(condition)
        return asked.differing(self.answers(condition)) if asked else set()

    def test(self, condition: CollectedTest) -> Callable[[Frame], int]:
        """Return the condition as a function of a frame."""
        if isinstance(condition, CollectedWith):
            return lambda frame: min(self._with(condition, each) for each in apart(frame))
        return lambda frame: self._within(condition, frame)

    def answers(self, condition: CollectedTest) -> Answers:
        """The answers of all collections to a test."""
        found = self.asked(condition)
        if found is None:
            answers = self._of_purposes() if isinstance(condition, WithinCollectedPurposes) else self._of(condition)
            before = self._before
            found = self._made[_key(condition)] = Answers(
                self._graph,
                self._collections,
                self._roles,
                answers,
                self._arrived,
                work=self._work,
                before=None if before is None else before.answers(condition),
                rewiring=self._rewiring,
            )
        return found

    def asked(self, condition: CollectedTest) -> Answers | None:
        """Return the answers of all collections to a test if it was asked; else None."""
        return self._made.get(_key(condition))

    def own_answers(self, condition: CollectedTest) -> tuple[Sequence[int], Sequence[int]]:
        """Return the place of each flow among the collections (0 if it is not one), and the number of the answer at each place."""
        number = self._collections.number
        self._places = self._places or [number.get(flow, -1) + 1 for flow in range(len(self._graph.flows))]
        return self._places, [0, *(each + 1 for each in numbered(self.answers(condition).own))]

    def states(self, condition: CollectedTest) -> Sequence[int]:
        """Number the systems so that those with the same answers for the data that leave them are equal."""
        answers = self.answers(condition)
        states, arrived = answers.asked_everywhere(), answers.may_arrive  # tests may share these
        found = self._alike_systems.get(id(arrived))
        if found is None or found[0] is not arrived:
            found = self._alike_systems[id(arrived)] = arrived, numbered(zip(*states, strict=True))
        return found[1]

    def _of(self, condition: CollectedWith) -> list[Hashable]:
        """The answer of each collection: a truth value, or a `ByFacts` if it depends on the judged datum or purpose."""
        if not self._by_pair(condition.terms):
            values = self._of_flows(condition.terms)
            return [values[flow] for flow in self._collections.flows]
        test, facts = self._test(condition.terms), self._graph.facts
        asked = [each for each in own_tests(condition.terms) if self._by_pair(each)] if facts else []
        named = frozenset(
            name.attribute.name for each in asked for name in references(each) if name.owner is Owner.FLOW
        )
        return [
            self._by_facts(flow, condition, asked)
            if flow in facts and not named.isdisjoint(facts[flow].names)
            else test(Frame(flow=flow))
            for flow in self._collections.flows
        ]

    def _by_facts(self, flow: int, condition: CollectedWith, asked: Sequence[Condition]) -> ByFacts:
        graph, record = self._graph, self._graph.flows[flow]
        facts, frame = graph.facts[flow], Frame(flow=flow)
        asked_for = {reference.text: reference for each in asked for reference in references(each)}
        names = {each.attribute.name for each in asked_for.values() if each.owner is Owner.FLOW}
        one_system = graph.source[flow] == graph.target[flow]
        own = one_system, *((name, *read(graph, frame, each)[:2]) for name, each in sorted(asked_for.items()))
        stated = tuple(
            (item.within, term, tuple((name, value) for name, value in item.declared if name in names))
            for items in (facts.data, facts.purposes)
            for term, item in sorted(items.items())
        )
        listed = tuple(known(record, graph.policy.attributes[Entity.FLOW, each])[0] for each in ("carries", "purposes"))
        others = tuple(
            self._test(each)(frame) for each in own_tests(condition.terms) if not any(each is one for one in asked)
        )
        return ByFacts(record.id, (own, stated, listed, others))

    def _with(self, condition: CollectedWith, frame: Frame) -> int:
        test, number = self._test(condition.terms), self._graph.flow_number

        def decide(answer: Hashable) -> int:
            if not isinstance(answer, ByFacts):
                return answer  # type: ignore[return-value]
            return test(Frame(flow=number[answer.flow], data=frame.data, purpose=frame.purpose, collected=True))

        if condition.how is not None:
            named = self.answers(condition).named(frame)
            if named is not None:
                return _of_several([(decide(answer), sure) for answer, sure in named], condition.how)
        return self._decide(frame, self.answers(condition), decide)

    def _of_purposes(self) -> list[Hashable]:
        attribute = self._graph.policy.attributes[Entity.FLOW, "purposes"]
        flows = self._graph.flows
        return [known(flows[flow], attribute)[0] for flow in self._collections.flows]

    def _within(self, condition: WithinCollectedPurposes, frame: Frame) -> int:
        taxonomy = self._graph.policy.taxonomy("purpose")

        def decide(purposes: Hashable) -> int:
            return covered(taxonomy, frame.purpose, purposes)  # type: ignore[arg-type]

        return self._decide(frame, self.answers(condition), decide)

    def _decide(self, frame: Frame, answers: Answers, decide: Callable[[Hashable], int]) -> int:
        if self._collections.own_origin(frame)[1] is Given.NULL:
            return UNKNOWN
        provenance = answers.of(frame)
        values = {decide(answer) for answer in provenance.answers}
        if not provenance.must or provenance.unsourced or len(values) != 1:
            return UNKNOWN
        (value,) = values
        return value if value in (FALSE, TRUE) else UNKNOWN

    def origins(self, frame: Frame) -> list[int]:
        """Return the collections (numbers of flows, in order) that the frame's datum may have come from."""
        if frame.joined is not None:
            return sorted({flow for each in apart(frame) for flow in self.origins(each)})
        collections = self._collections
        named = collections.named(frame)
        if named is not None:
            return named[:MOST_SHOWN]
        if frame.flow < 0:
            return collections.leading_to(frame.system, frame.data, leaving=False)
        found = set(collections.leading_to(self._graph.source[frame.flow], frame.data, leaving=True))
        if self._roles.gives[frame.flow] and collections.first(frame.flow, frame.data):
            found.add(frame.flow)
        return sorted(found)

    def is_first_alone(self, condition: WithinCollectedPurposes, frame: Frame) -> int:
        """Whether the judged flow, if it is a collection, is a first one; false if the datum may have come from anywhere else."""
        collections = self._collections
        unknown = collections.own_origin(frame)[1] is Given.NULL or self.answers(condition).of(frame).unsourced
        if unknown or self.origins(frame) != [frame.flow]:
            return FALSE
        return collections.first(frame.flow, frame.data)

    def unsourced(self, frame: Frame) -> list[int]:
        """Return the nearest systems from which the frame's datum may have come although nothing brings it there."""
        if frame.joined is not None:
            return sorted({system for each in apart(frame) for system in self.unsourced(each)})
        collections = self._collections
        if collections.named(frame) is not None:
            return []
        if frame.flow < 0:
            return collections.unsourced_before(frame.system, frame.data, leaving=False)
        return collections.unsourced_before(self._graph.source[frame.flow], frame.data, leaving=True)


def apart(frame: Frame) -> Sequence[Frame]:
    """Return a frame for each datum of a joining, as if its system stored it; for any other subject, the frame itself."""
    if frame.joined is None:
        return [frame]
    return [Frame(system=frame.system, data=each) for each in frame.joined]


def _of_several(values: Sequence[tuple[int, bool]], how: How) -> int:
    """Return the value over declared collections, each with whether it must have brought the datum."""
    sure = {value for value, must in values if must}
    wanted, other = (FALSE, TRUE) if how == "only" else (TRUE, FALSE)
    if wanted in sure:
        return wanted
    return other if sure and all(value == other for value, _ in values) else UNKNOWN


def _key(condition: CollectedTest) -> int:
    """The identity of a test: all tests of collected purposes share one."""
    return 0 if isinstance(condition, WithinCollectedPurposes) else id(condition)
