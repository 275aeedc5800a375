"""What the tests of graph and checking start from: a small policy in words, an estate as data, short ways to judge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy_rules.checking.checker import judge
from privacy_rules.checking.judgements import Explained, Judged, Judgement
from privacy_rules.checking.rule_subjects import Explanation, explain
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from tests import builders

DAY = date(2026, 11, 1)

WORDS = """
use std.core
data {
  contact { email phone }
  sensitive { health }
  phone in sensitive
  hashed_email
  clicks
}
purpose { service { delivery } marketing }
attribute tier on flow: number
attribute reviewed on system: date
attribute labels on flow: set of text
attribute lawful on flow: flag default no
attribute wiped on system: flag
"""

PARTIES: dict[str, Any] = {
    "we": {"role": "us"},
    "people": {"role": "data_subject"},
    "mailer": {"role": "service_provider"},
    "broker": {"role": "data_broker"},
    "somebody": {},
}
SYSTEMS: dict[str, Any] = {
    "browser": {"party": "people"},
    "site": {"party": "we"},
    "crm": {"party": "we"},
    "post": {"party": "mailer"},
    "market": {"party": "broker"},
    "dark": {"party": "somebody"},
    "stray": {},
}


def policy_of(text: str) -> Policy:
    return builders.policy_of(WORDS + text, "rules.privacy")


def manifest(*flows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Manifest data with the usual parties and systems; `systems` adds to those."""
    systems = {**SYSTEMS, **more.pop("systems", {})}
    parties = {**PARTIES, **more.pop("parties", {})}
    return {"manifest": 1, "parties": parties, "systems": systems, "flows": list(flows), **more}


@dataclass(frozen=True)
class Case:
    """A policy on an estate."""

    policy: Policy
    graph: FlowGraph

    def judged(self, *, rules: Collection[str] | None = None) -> Judged:
        return judge(self.policy, self.graph, DAY, rules=rules)

    def all(self) -> dict[tuple[str, str], Judgement]:
        return {(each.rule.name, each.subject): each for each in self.judged().judgements}

    def one(self) -> Judgement:
        """The one judgement that is not compliant."""
        (only,) = self.judged().judgements
        return only

    def verdicts(self) -> dict[str, str]:
        """By subject, of a policy with one rule."""
        return {each.subject: each.verdict.word for each in self.judged().judgements}

    def missing(self) -> list[tuple[str, str, str]]:
        return [(each.id, each.attribute, each.action) for each in self.one().missing]

    def explained(self, rule: str, subject: str) -> tuple[Explanation, ...]:
        return explain(self.policy, self.graph, DAY, rule, subject)


def case(text: str, data: Mapping[str, Any]) -> Case:
    policy = policy_of(text)
    return Case(policy, FlowGraph.of(builders.estate_of(data, policy), policy))


def graph_of(data: Mapping[str, Any]) -> FlowGraph:
    return case("rule any { forbid flow }", data).graph


def every(node: Explained) -> list[Explained]:
    """A node of an explanation and all that is below it."""
    return [node, *(each for child in node.children for each in every(child))]
