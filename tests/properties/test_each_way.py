"""The completions of an undetermined finding: judged with the whole manifest, they have the verdict that they are for."""

from __future__ import annotations

from hypothesis import given, note

from privacy_rules.checking.checker import judge
from privacy_rules.checking.deciding_completions import EachWays
from privacy_rules.checking.judgements import Completed
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.trial_completions import STRANGER, Need, completed
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from tests.properties.checking import TODAY, load
from tests.properties.strategies import Sample, samples, some
from tests.properties.world import Options

SMALL = Options(declared=False, rules=2, systems=4, flows=4, parties=3)


def can_be_written(facts: tuple[Completed, ...], policy: Policy) -> bool:
    """Whether a manifest can say all of it: no party that it does not name, and no value that no term means."""
    terms = {term for each in policy.vocabularies.values() for term in each.terms}
    said = [str(one) for each in facts for one in (each.value if isinstance(each.value, tuple) else (each.value,))]
    made_up = [one for one in said if one.startswith(("other ", "no ", STRANGER)) and one not in terms]
    return not made_up and all("other " not in one and "'no " not in one for one in said)


@some
@given(samples(SMALL))
def test_each_completion_has_its_verdict_when_the_whole_manifest_is_judged(sample: Sample) -> None:
    note(str(sample))
    policy, estate = load(sample)
    graph = FlowGraph.of(estate, policy)
    finder = EachWays(policy, graph, TODAY, budget=60_000)
    for each in judge(policy, graph, TODAY, most_explained=0).judgements:
        found = finder.of(each.rule.name, each.subject) if each.verdict is Verdict.UNDETERMINED else None
        ways = ((Verdict.COMPLIANT, found.complies), (Verdict.VIOLATION, found.violates)) if found else ()
        for verdict, facts in ways:
            if facts is not None and can_be_written(facts, policy):
                told = {
                    Need(fact.entity, fact.id, fact.attribute, fact.action, fact.item): fact.value for fact in facts
                }
                then = graph.with_records(completed(estate, told))
                after = judge(policy, then, TODAY, rules=[each.rule.name], most_explained=0).judgements
                verdicts = {one.subject: one.verdict for one in after}
                assert verdicts.get(each.subject, Verdict.COMPLIANT) is verdict, (each.rule.name, each.subject, facts)
