"""`collected with (C)` and `purpose within collected purposes`: tests of the collections of a judged datum."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from privacy_rules.checking.collection_answers import Answers, Provenance
from privacy_rules.checking.collections import MOST_SHOWN, Collections
from privacy_rules.checking.connectives import Test
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.term_tests import covered
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.incremental_propagation import Rewiring
from privacy_rules.language.policy import CollectedWith, Condition, WithinCollectedPurposes
from privacy_rules.vocabulary.attributes import Entity

_Condition = CollectedWith | WithinCollectedPurposes


class CollectedTests:
    """The tests on collections of one check; the collections of all flows are found once for each test.

    `test` compiles a condition to a function of a frame.
    """

    def __init__(
        self, graph: FlowGraph, roles: Roles, collections: Collections, test: Callable[[Condition], Test]
    ) -> None:
        self._graph, self._roles, self._collections, self._test = graph, roles, collections, test
        self._made: dict[int, Answers] = {}
        self._before: CollectedTests | None = None
        self._rewiring: Rewiring | None = None

    def hold_against(self, other: CollectedTests, rewiring: Rewiring | None) -> None:
        """Derive answers from those of another estate. `rewiring`: the flows added and removed, if no system or party was."""
        self._before, self._rewiring = other, rewiring

    def ask_again(self, condition: CollectedWith) -> None:
        """Forget the answers of the collections to a test."""
        self._made.pop(_key(condition), None)

    def differing(self, condition: _Condition) -> set[str]:
        """Return the systems that the other was asked about and whose answers may now differ."""
        asked = None if self._before is None else self._before.asked(condition)
        return asked.differing(self.answers(condition)) if asked else set()

    def test(self, condition: _Condition) -> Callable[[Frame], int]:
        """Return the condition as a function of a frame."""
        if isinstance(condition, CollectedWith):
            return lambda frame: self._decide(frame, self.answers(condition), lambda answer: answer)  # type: ignore[arg-type, return-value]
        return lambda frame: self._within(condition, frame)

    def answers(self, condition: _Condition) -> Answers:
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
                before=None if before is None else before.answers(condition),
                rewiring=self._rewiring,
            )
        return found

    def asked(self, condition: _Condition) -> Answers | None:
        """Return the answers of all collections to a test if it was asked; else None."""
        return self._made.get(_key(condition))

    def _of(self, condition: CollectedWith) -> list[int]:
        test = self._test(condition.terms)
        return [test(Frame(flow=flow)) for flow in self._collections.flows]

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
        if frame.flow >= 0 and self._collections.origin_unknown(frame.flow):
            return UNKNOWN
        provenance = answers.of_flow(frame.flow, frame.data) if frame.flow >= 0 else self._of_storage(answers, frame)
        values = {decide(answer) for answer in provenance.answers}
        if not provenance.must or len(values) != 1:
            return UNKNOWN
        (value,) = values
        return value if value in (FALSE, TRUE) else UNKNOWN

    def origins(self, frame: Frame) -> list[int]:
        """Return the collections (numbers of flows, in order) that the frame's datum may have come from."""
        collections = self._collections
        if frame.flow < 0:
            return collections.leading_to(frame.system, frame.data, leaving=False)
        named = collections.named(frame.flow, frame.data)
        if named is not None:
            return named[:MOST_SHOWN]
        found = set(collections.leading_to(self._graph.source[frame.flow], frame.data, leaving=True))
        if self._roles.gives[frame.flow] and collections.first(frame.flow, frame.data):
            found.add(frame.flow)
        return sorted(found)

    @staticmethod
    def _of_storage(answers: Answers, frame: Frame) -> Provenance:
        return answers.of_storage(frame.system, frame.data)


def _key(condition: _Condition) -> int:
    """The identity of a test: all tests of collected purposes share one."""
    return 0 if isinstance(condition, WithinCollectedPurposes) else id(condition)
