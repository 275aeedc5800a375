"""Show what depends on a party, system, flow, contract or category: what it touches, which rules apply, what removing it changes.

found = impact(policy, estate, date(2026, 11, 1), "contract", "mail-terms")
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_subjects import Explanations
from privacy_rules.findings.finding import Finding
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Kind, Policy, Rule
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.category_reach import Arrival, reaching, subjects_at
from privacy_rules.simulation.finding_delta import Turn, by_key, turns
from privacy_rules.simulation.removal import Gone, without
from privacy_rules.simulation.scenario import Ground, World
from privacy_rules.vocabulary.attributes import Entity

KINDS = ("party", "system", "flow", "contract", "category")
Subjects = tuple[tuple[str, Verdict], ...]
"""The subjects that a rule applies to, each with its verdict."""
Arrivals = Mapping[str, tuple[Arrival, ...]]
"""By rule, where its path tests find a category."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What something touches: sorted ids. `before` and `after` are the systems that its data comes from and goes to.

    For a category, `parties` and `after` include those to which a path of a rule follows it, transforms included.
    """

    parties: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """A rule that applies to something touched: to how many subjects, and how many of them are not compliant."""

    rule: Rule
    subjects: int
    violations: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole result. `paths` are the findings whose witness path goes through it; `turned` are those that removing it changes."""

    kind: str
    id: str
    touched: Touched
    rules: tuple[Resting, ...]
    paths: tuple[Finding, ...]
    gone: Gone
    turned: tuple[Turn, ...]

    def in_way(self, way: str) -> list[Turn]:
        """The findings of one `way` (`comes`, `goes` or `changes`) without it, waived ones included, as `what-if` shows them."""
        return [each for each in self.turned if each.way == way]


def impact(policy: Policy, estate: Estate, day: date, kind: str, name: str) -> Impact:
    """Return what depends on something, which must exist."""
    ground = Ground(World(policy, estate, day))
    graph, now = ground.world.graph, ground.report
    arrivals = reaching(policy, graph, day, name) if kind == "category" else {}
    explanations = Explanations(policy, graph, day)
    subjects_of = {rule.name: explanations.subjects_of(rule.name) for rule in policy.rules}
    touched = _touched(graph, kind, name, _arrived(policy, graph, subjects_of, arrivals))
    smaller, gone = without(estate, policy, kind, name)
    then = ground.report_on(World(policy, smaller, day))
    flows = set(touched.flows)
    return Impact(
        kind,
        name,
        touched,
        tuple(_rules(policy, graph, subjects_of, touched, arrivals)),
        tuple(each for each in now.findings if flows & set(each.path)),
        gone,
        tuple(turns(by_key(now), by_key(then))),
    )


def _touched(graph: FlowGraph, kind: str, name: str, arrived: set[int]) -> Touched:
    flows = _flows(graph, kind, name)
    systems = {end for flow in flows for end in (graph.source[flow], graph.target[flow])}
    middle = _middle(graph, kind, name, systems)
    beyond = arrived - middle
    within = set(flows) if kind == "category" else None
    parties = {party for each in (*middle, *beyond) if (party := graph.parties[each]) is not None}
    if kind == "contract":
        parties = {each for each in graph.estate.contracts[name].parties if each in graph.estate.parties}
    contracts = {each.id for each in graph.estate.contracts.values() if not parties.isdisjoint(each.parties)}
    return Touched(
        tuple(sorted(parties)),
        tuple(sorted({name} if kind == "contract" else contracts)),
        _ids(graph, middle),
        tuple(sorted(graph.flows[flow].id for flow in flows)),
        _ids(graph, _reach(graph.incoming, graph.source, middle, within) - middle),
        _ids(graph, _reach(graph.outgoing, graph.target, middle, within) - middle | beyond),
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
    """Whether a flow is between parties that a contract binds, to us or to each other."""
    record = graph.estate.contracts[contract]
    bound = set(record.parties)
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
        case "category":
            return ends | _holding(graph, name)
        case _:
            return ends


def _holding(graph: FlowGraph, category: str) -> set[int]:
    """Return the systems that store or join a category or a narrower one, whether it flows or not."""
    terms = set(graph.data.descendants(category))
    attributes = [graph.policy.attributes[Entity.SYSTEM, each] for each in ("stores", "joins")]
    held = ((number, known(system, each)[0]) for number, system in enumerate(graph.systems) for each in attributes)
    return {number for number, value in held if isinstance(value, tuple) and any(_is_of(each, terms) for each in value)}


def _is_of(item: object, terms: Collection[str]) -> bool:
    """Whether a stored category, or one of two joined ones, is among the terms."""
    return any(each in terms for each in item) if isinstance(item, tuple) else item in terms


def _reach(ways: list[list[int]], end: list[int], start: Collection[int], within: set[int] | None) -> set[int]:
    """Return the systems that flows lead to (or from) in any number of steps, including the start."""
    found, waiting = set(start), list(start)
    while waiting:
        for flow in ways[waiting.pop()]:
            if (within is None or flow in within) and end[flow] not in found:
                found.add(end[flow])
                waiting.append(end[flow])
    return found


def _arrived(policy: Policy, graph: FlowGraph, subjects_of: Mapping[str, Subjects], arrivals: Arrivals) -> set[int]:
    """Return the systems to which a path of some rule follows a category, for subjects that the rule applies to."""
    found: set[int] = set()
    for rule in policy.rules:
        ends = {end for each in arrivals.get(rule.name, ()) for end in each.systems}
        if ends:
            kind = rule.subject.kind.family
            of = {subject for subject, _ in subjects_of[rule.name]} & subjects_at(graph, kind, arrivals[rule.name])
            found |= {end for end in ends if of & _subjects_of(graph, kind, end)}
    return found


def _subjects_of(graph: FlowGraph, kind: Kind, system: int) -> set[str | None]:
    """Return the subjects of a kind that are at a system."""
    match kind:
        case Kind.FLOW:
            return {graph.flows[each].id for each in (*graph.incoming[system], *graph.outgoing[system])}
        case Kind.PARTY:
            return {graph.parties[system]}
        case _:
            return {graph.systems[system].id}


def _rules(
    policy: Policy, graph: FlowGraph, subjects_of: Mapping[str, Subjects], touched: Touched, arrivals: Arrivals
) -> Iterable[Resting]:
    """Yield the rules that apply to a touched subject, or to one to which they follow the category, in the order of the policy."""
    subjects: dict[Kind, set[str]] = defaultdict(set)
    subjects[Kind.FLOW] = set(touched.flows)
    for kind in (Kind.SYSTEM, Kind.STORAGE, Kind.JOINING):
        subjects[kind] = set(touched.systems)
    subjects[Kind.PARTY], subjects[Kind.CONTRACT] = set(touched.parties), set(touched.contracts)
    for rule in policy.rules:
        family = rule.subject.kind.family
        wanted = subjects[family] | subjects_at(graph, family, arrivals.get(rule.name, ()))
        found = [verdict for subject, verdict in subjects_of[rule.name] if subject in wanted]
        if found:
            yield Resting(rule, len(found), found.count(Verdict.VIOLATION), found.count(Verdict.UNDETERMINED))
