"""`collected with (C)` and `purpose within collected purposes`: what the collections of a judged datum answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from privacy_rules.checking.collected import MOST_SHOWN, Answers, Came
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.table import is_term
from privacy_rules.graph.known import known
from privacy_rules.language.policy import CollectedWith, WithinCollectedPurposes
from privacy_rules.vocabulary.attributes import Entity

if TYPE_CHECKING:
    from privacy_rules.checking.evaluator import Evaluator


class CollectedTests:
    """The tests on collections of one check; the collections of all flows are found once for each test."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._by_condition: dict[int, Answers] = {}
        self._by_purposes: Answers | None = None

    def test(self, condition: CollectedWith | WithinCollectedPurposes) -> Callable[[Frame], int]:
        """The condition as a function of a frame."""
        if isinstance(condition, CollectedWith):
            return lambda frame: self._with(condition, frame)
        return self._within

    def answers(self, condition: CollectedWith | WithinCollectedPurposes) -> Answers:
        """What all collections answer to a test."""
        if isinstance(condition, WithinCollectedPurposes):
            return self._of_purposes()
        answers = self._by_condition.get(id(condition))
        if answers is None:
            test = self._evaluator.test(condition.terms)
            answers = self._answers([test(Frame(flow=flow)) for flow in self._evaluator.collections.flows])
            self._by_condition[id(condition)] = answers
        return answers

    def _of_purposes(self) -> Answers:
        if self._by_purposes is None:
            attribute = self._evaluator.policy.attributes[Entity.FLOW, "purposes"]
            flows = self._evaluator.graph.flows
            self._by_purposes = self._answers(
                [known(flows[flow], attribute)[0] for flow in self._evaluator.collections.flows]
            )
        return self._by_purposes

    def _with(self, condition: CollectedWith, frame: Frame) -> int:
        return self._decide(frame, self.answers(condition), lambda answer: answer)  # type: ignore[arg-type, return-value]

    def _within(self, frame: Frame) -> int:
        taxonomy = self._evaluator.policy.taxonomy("purpose")
        purpose = frame.purpose

        def decide(purposes: Hashable) -> int:
            if purpose is None or purposes is None:
                return UNKNOWN
            return is_term(taxonomy, purpose, taxonomy.below_any(purposes))  # type: ignore[arg-type]

        return self._decide(frame, self._of_purposes(), decide)

    def _answers(self, answers: Sequence[Hashable]) -> Answers:
        evaluator = self._evaluator
        return Answers(evaluator.graph, evaluator.collections, evaluator.standing, answers)

    def _decide(self, frame: Frame, answers: Answers, decide: Callable[[Hashable], int]) -> int:
        if frame.flow >= 0 and self._evaluator.collections.origin_unknown(frame.flow):
            return UNKNOWN
        came = answers.of_flow(frame.flow, frame.data) if frame.flow >= 0 else self._of_storage(answers, frame)
        values = {decide(answer) for answer in came.answers}
        if not came.surely or len(values) != 1:
            return UNKNOWN
        (value,) = values
        return value if value in (FALSE, TRUE) else UNKNOWN

    def origins(self, frame: Frame) -> list[int]:
        """The collections (flows' numbers, in order) that the frame's datum may have come from."""
        collections = self._evaluator.collections
        if frame.flow < 0:
            return collections.leading_to(frame.system, frame.data, leaving=False)
        named = collections.named(frame.flow, frame.data)
        if named is not None:
            return named[:MOST_SHOWN]
        found = set(collections.leading_to(self._evaluator.graph.source[frame.flow], frame.data, leaving=True))
        if self._evaluator.standing.gives[frame.flow] and collections.first(frame.flow, frame.data):
            found.add(frame.flow)
        return sorted(found)

    @staticmethod
    def _of_storage(answers: Answers, frame: Frame) -> Came:
        return answers.of_storage(frame.system, frame.data)
