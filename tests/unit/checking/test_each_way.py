"""An undetermined finding has a completion of the manifest each way, and judging the manifest with it confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from privacy_rules.checking.deciding_completions import EachWays
from privacy_rules.checking.judgements import Completed
from privacy_rules.graph.flow_graph import FlowGraph
from tests.builders import estate_of, policy_of

DAY = date(2026, 6, 15)
HEAD = "use std.core\ndata { contact { email  phone }  card }\npurpose { orders }\n"
FLOW = {"id": "out", "from": "crm", "to": "mailer", "carries": ["email"], "purposes": ["orders"]}
MANIFEST: Mapping[str, Any] = {
    "parties": {"acme": {"role": "us"}, "vendor": {"role": "service_provider"}},
    "systems": {"crm": {"party": "acme"}, "mailer": {"party": "vendor"}},
    "flows": [FLOW],
}


def ways(
    rules: str, subject: str = "out", budget: int | None = None, **more: Any
) -> tuple[list[str], list[str]] | None:
    """The facts of both completions in short; None if the budget is spent."""
    policy = policy_of(HEAD + rules)
    graph = FlowGraph.of(estate_of({**MANIFEST, **more}, policy), policy)
    finder = EachWays(policy, graph, DAY) if budget is None else EachWays(policy, graph, DAY, budget)
    found = finder.of("r", subject)
    return None if found is None else (_short(found.complies), _short(found.violates))


def _short(facts: tuple[Completed, ...] | None) -> list[str]:
    return ["nothing found"] if facts is None else [f"{each.id}.{each.attribute} = {each.value}" for each in facts]


def test_each_way_takes_only_the_facts_that_it_needs() -> None:
    rules = "rule r { forbid flow when notice and necessary and exchange is sale }"
    assert ways(rules) == (
        ["out.notice = False"],
        ["out.notice = True", "out.necessary = True", "out.exchange = sale"],
    )


def test_a_broad_name_may_mean_what_none_of_the_narrower_ones_does() -> None:
    flows = [{**FLOW, "carries": ["contact"]}]
    assert ways("rule r { allow flow only - of (email, phone) }", flows=flows) == (
        ["out.carries = ('email',)"],
        ["out.carries = ('other contact',)"],
    )


def test_an_attribute_of_one_term_may_be_none_of_them() -> None:
    tiers = "vocabulary tier { gold  silver }\nattribute tier on party: one of tier\n"
    found = ways(f"{tiers}rule r {{ require tier is (gold, silver) on party }}", "vendor")
    assert found == (["vendor.tier = gold"], ["vendor.tier = no tier"])


def test_a_system_may_belong_to_a_party_that_the_manifest_does_not_name() -> None:
    systems = {"crm": {"party": "acme"}, "mailer": {}}
    found = ways('rule r { allow flow only - to party ("acme", "vendor") }', systems=systems)
    assert found == (["mailer.party = acme"], ["mailer.party = another party"])


def test_such_a_party_has_the_role_that_matters() -> None:
    systems = {"crm": {"party": "acme"}, "mailer": {}}
    parties = {"acme": {"role": "us"}}
    found = ways("rule r { forbid disclosure to data_broker }", systems=systems, parties=parties)
    assert found is not None
    assert found[0] == ["mailer.party = acme"]
    assert found[1] == ["mailer.party = another party", "another party.role = ('data_broker',)"]


def test_what_cannot_be_declared_is_not_found() -> None:
    """Nothing brings the datum, so no fact of the manifest says whether it was collected with a notice."""
    assert ways("rule r { require collected with (notice) on flow }") == (["nothing found"], ["nothing found"])


def test_a_spent_budget_finds_nothing() -> None:
    assert ways("rule r { forbid flow when notice }", budget=0) is None
