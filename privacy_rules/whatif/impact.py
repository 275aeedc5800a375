"""What rests on a party, system, flow, contract or category: what it touches, which rules speak of that, what its going would change.

found = impact(policy, estate, date(2026, 11, 1), "contract", "mail-terms")
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.checker import judge
from privacy_rules.checking.explain import spoken_of
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.comparison import compared
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import Report, report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Policy, Rule
from privacy_rules.manifest.model import Estate
from privacy_rules.whatif.without import Gone, bound_by, without

KINDS = ("party", "system", "flow", "contract", "category")


@dataclass(frozen=True, slots=True)
class Touched:
    """What it touches, by id, each in order. `before` and `after`: systems that data come from, and go on to."""

    parties: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """A rule that speaks of something touched: of how many subjects, and how many are not compliant. `named`: it says the name."""

    rule: Rule
    subjects: int
    violations: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole answer. `paths` are findings whose witness path goes through it; `comes` and `goes` what removing it would bring and end."""

    kind: str
    id: str
    touched: Touched
    rules: tuple[Resting, ...]
    paths: tuple[Finding, ...]
    gone: Gone
    comes: tuple[Finding, ...]
    goes: tuple[Finding, ...]


def impact(policy: Policy, estate: Estate, day: date, kind: str, name: str) -> Impact:
    """What rests on it. The name is known to be there."""
    graph = FlowGraph.of(estate, policy)
    touched = _touched(graph, kind, name)
    now = _report(policy, estate, day)
    smaller, gone = without(estate, policy, kind, name)
    then = compared(_report(policy, smaller, day), now.findings, "now")
    flows = set(touched.flows)
    return Impact(
        kind,
        name,
        touched,
        tuple(_rules(policy, graph, day, touched)),
        tuple(each for each in now.findings if flows & set(each.path)),
        gone,
        tuple(each for each in then.in_state("new") if not each.waived),
        then.in_state("fixed"),
    )


def _report(policy: Policy, estate: Estate, day: date) -> Report:
    return report(policy, estate, judge(policy, FlowGraph.of(estate, policy), day), day)


def _touched(graph: FlowGraph, kind: str, name: str) -> Touched:
    flows = _flows(graph, kind, name)
    systems = {end for flow in flows for end in (graph.source[flow], graph.target[flow])}
    middle = _middle(graph, kind, name, systems)
    within = set(flows) if kind == "category" else None
    parties = {graph.parties[each] for each in middle} - {None}
    if kind == "contract":
        parties = bound_by(graph.estate.contracts[name]) & graph.estate.parties.keys()  # type: ignore[assignment]
    contracts = {each.id for each in graph.estate.contracts.values() if bound_by(each) & parties}
    return Touched(
        tuple(sorted(parties)),  # type: ignore[arg-type]
        tuple(sorted({name} if kind == "contract" else contracts)),
        _ids(graph, middle),
        tuple(sorted(graph.flows[flow].id for flow in flows)),
        _ids(graph, _reach(graph.incoming, graph.source, middle, within) - middle),
        _ids(graph, _reach(graph.outgoing, graph.target, middle, within) - middle),
    )


def _ids(graph: FlowGraph, systems: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(graph.systems[each].id for each in systems))


def _flows(graph: FlowGraph, kind: str, name: str) -> list[int]:
    numbers = range(len(graph.flows))
    match kind:
        case "flow":
            return [graph.flow_number[name]]
        case "system":
            system = graph.system_number[name]
            return [each for each in numbers if system in (graph.source[each], graph.target[each])]
        case "party":
            return [each for each in numbers if name in _parties(graph, each)]
        case "category":
            below = graph.data.below(name)
            return [each for each in numbers if graph.leaves[each] & below]
        case _:
            return [each for each in numbers if _may_be_under(graph, name, each)]


def _parties(graph: FlowGraph, flow: int) -> set[str | None]:
    return {graph.parties[graph.source[flow]], graph.parties[graph.target[flow]]}


def _may_be_under(graph: FlowGraph, contract: str, flow: int) -> bool:
    """Whether a flow leads between parties that a contract binds: with us, or with each other."""
    record = graph.estate.contracts[contract]
    bound = bound_by(record)
    ends = _parties(graph, flow) - {None}
    if "with" in record.declared:
        return bool(bound & ends)
    return len(ends) == 2 and ends <= bound


def _middle(graph: FlowGraph, kind: str, name: str, ends: set[int]) -> set[int]:
    match kind:
        case "system":
            return {graph.system_number[name]}
        case "party":
            return {number for number, party in enumerate(graph.parties) if party == name}
        case _:
            return ends


def _reach(ways: list[list[int]], end: list[int], start: Collection[int], within: set[int] | None) -> set[int]:
    """The systems that flows lead to (or from), over any number of steps, the start among them."""
    found, waiting = set(start), list(start)
    while waiting:
        for flow in ways[waiting.pop()]:
            if (within is None or flow in within) and end[flow] not in found:
                found.add(end[flow])
                waiting.append(end[flow])
    return found


def _rules(policy: Policy, graph: FlowGraph, day: date, touched: Touched) -> Iterable[Resting]:
    """The rules that speak of a touched subject, in the order of the policy."""
    subjects: dict[Kind, set[str]] = defaultdict(set)
    subjects[Kind.FLOW] = set(touched.flows)
    for kind in (Kind.SYSTEM, Kind.STORAGE, Kind.JOINING):
        subjects[kind] = set(touched.systems)
    subjects[Kind.PARTY], subjects[Kind.CONTRACT] = set(touched.parties), set(touched.contracts)
    for rule in policy.rules:
        found = [
            verdict
            for subject, verdict in spoken_of(policy, graph, day, rule.name)
            if subject in subjects[rule.subject.kind.family]
        ]
        if found:
            yield Resting(rule, len(found), found.count(Verdict.VIOLATION), found.count(Verdict.UNDETERMINED))
