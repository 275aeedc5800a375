"""The formulas of a policy admit what the checker judges: with the facts of a subject put in, they have the verdict of the check.

A proof about all manifests searches these formulas, so it would be wrong if they excluded one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, note

from privacy_rules.analysis.finder import Asked, Finder, unbounded
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Wish
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import children
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Condition,
    Defined,
    EndMatches,
    Negation,
    Side,
)
from tests.properties.checking import TODAY, load
from tests.properties.strategies import Sample, samples, some
from tests.properties.world import Options

OPTIONS = Options(rules=2, systems=4, flows=5, parties=4)
Fact = tuple[int, int]
"""The node of a test, and its value."""


class Subjects:
    """The judged pairs of an estate, each with the facts that a rule asks about."""

    def __init__(self, sample: Sample) -> None:
        self.policy, self.estate = load(sample)
        self.graph = FlowGraph.of(self.estate, self.policy)
        self.evaluator = Evaluator(self.policy, self.graph, TODAY)
        self.ask = Questions(self.policy.only_on(TODAY), effort=unbounded())
        self.finder = Finder(self.ask, self.policy)

    def judged(self, core: CoreRule) -> Iterator[tuple[str, Frame, Ruling]]:
        family, ruling = core.rule.subject.kind.family, Ruling(self.evaluator, core)
        for name in self.estate.records(entity_of(family)):
            _, frame, bindings = named_subject(self.evaluator.graph, family, name)
            for each in bindings:
                ruling.bind(frame, each)
                yield name, frame, ruling

    def facts(self, condition: Condition, frame: Frame, side: Side = Side.SUBJECT) -> Iterator[Fact]:
        """The tests of a condition, with their values for what a frame is bound to."""
        match condition:
            case All() | AnyOf() | Negation() | Defined():
                for each in children(condition):
                    yield from self.facts(each, frame, side)
            case EndMatches(side=end, selector=selector):
                graph = self.evaluator.graph
                ends = {Side.SOURCE: graph.source, Side.RECIPIENT: graph.target}
                system = ends[end][frame.flow] if end in ends else frame.system
                yield from self.facts(selector, Frame(system=system), end)
            case _:
                yield self.ask.of(condition, side), self.evaluator.test(condition)(frame)

    def admitted(self, core: CoreRule, facts: list[Fact], verdict: int) -> bool:
        """Whether some facts of the formulas have these values and this verdict, and all that holds of every manifest."""
        make, node = self.ask.make, self.ask.core(core)
        wishes: list[Wish] = [(make.exactly(each, value), True, TRUE) for each, value in (*facts, (node, verdict))]
        asked = Asked[None](wishes, core.rule.subject.kind.family, TODAY, lambda _: None)
        return self.finder._model(asked, wishes) is not None


@given(samples(OPTIONS))
@some
def test_the_formulas_admit_each_judged_pair_with_its_verdict(sample: Sample) -> None:
    note(str(sample))
    subjects = Subjects(sample)
    for core in core_rules(subjects.policy, TODAY):
        node, family = subjects.ask.core(core), core.rule.subject.kind.family
        for value in (TRUE, UNKNOWN):  # so that what these searches refute for every manifest is examined, too
            subjects.finder.find(Asked([(node, True, value)], family, TODAY, lambda _: None))
        for name, frame, ruling in subjects.judged(core):
            parts = [*core.scope, *core.requirement]
            facts = [each for part in parts for each in subjects.facts(part.condition, frame)]
            tests = [subjects.evaluator.test(each.condition)(frame) for each in core.scope]
            met = [subjects.evaluator.test(each.condition)(frame) for each in core.requirement]
            by_tables = min([*tests, TRUE - max(met, default=0)])
            assert subjects.admitted(core, facts, by_tables), (core.rule.name, name)
            decided = ruling.judged(frame)
            if decided.value != by_tables:  # in every case of what is open
                known = [(each, value) for each, value in facts if value != UNKNOWN]
                assert subjects.admitted(core, known, decided.value), (core.rule.name, name, "in every case")
