"""Show what depends on a party, system, flow, contract or category: what it touches, which rules apply, what removing it changes.

found = impact(policy, estate, date(2026, 11, 1), "contract", "mail-terms")
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from privacy_rules.checking.checker import MOST_KEPT, judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, order
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.category_reach import Arrival, reaching, subjects_at
from privacy_rules.simulation.finding_delta import Delta, FindingChange, Way, delta
from privacy_rules.simulation.removal import Gone, without
from privacy_rules.simulation.world import World
from privacy_rules.source.records import dataclass
from privacy_rules.vocabulary.attributes import Entity

KINDS = ("party", "system", "flow", "contract", "category")
MOST_DESCRIBED = 10_000
"""At most this many changed findings are described, and as many with a path; the others are only counted."""
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
    """The whole result. `paths` are the findings whose witness path goes through it; removing it makes the `difference`."""

    kind: str
    id: str
    touched: Touched
    rules: tuple[Resting, ...]
    paths: tuple[Finding, ...]
    gone: Gone
    worlds: tuple[World, World]
    difference: Delta

    def in_way(self, way: Way) -> Iterator[FindingChange]:
        """Yield the findings of one `way` (`comes`, `goes` or `changes`) without it, waived ones included, as `what-if` shows them."""
        for each, (rule, subject) in self.difference.changed:
            if each == way:
                before, after = (world.finding(rule, subject.kind, subject.id) for world in self.worlds)
                yield FindingChange(rule, subject, before, after)


def impact(policy: Policy, estate: Estate, day: date, kind: str, name: str) -> Impact:
    """Return what depends on something, which must exist."""
    now = World(policy, estate, day)
    policy = now.policy
    arrivals = reaching(policy, now.graph, day, name) if kind == "category" else {}
    touched = _touched(now.graph, kind, name, _arrived(now, arrivals))
    smaller, gone = without(estate, policy, kind, name)
    worlds = now, World(policy, smaller, day, beside=now)
    rules, paths = tuple(_rules(now, touched, arrivals)), tuple(_paths(now, set(touched.flows)))
    return Impact(kind, name, touched, rules, paths, gone, worlds, delta(*worlds, most=MOST_DESCRIBED))


def _paths(now: World, flows: Collection[str]) -> list[Finding]:
    """Return the findings with a path through one of the flows."""
    judged = judge(now.policy, now.graph, now.day, most_kept=MOST_KEPT, evaluator=now.evaluator)
    through = (each for each in judged.judgements if not set(each.path).isdisjoint(flows))
    return sorted(map(now.findings.finding, through), key=order)


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
    """Return the systems that store, use or join a category or a narrower one, whether it flows or not."""
    terms = set(graph.data.descendants(category))
    attributes = [graph.policy.built_in(Entity.SYSTEM, each) for each in ("stores", "uses", "joins")]
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


def _arrived(now: World, arrivals: Arrivals) -> set[int]:
    """Return the systems to which a path of some rule follows a category, for subjects that the rule applies to."""
    found: set[int] = set()
    for name in now.cores:
        ends, outcome = {end for each in arrivals.get(name, ()) for end in each.systems}, now.outcome(name)
        if ends and outcome:
            kind = outcome.ruling.family
            at = subjects_at(now.graph, kind, arrivals[name])
            of = {each for each in at & outcome.classes.number_of.keys() if outcome.verdict_on(each) is not None}
            found |= {end for end in ends if of & _subjects_of(now.graph, kind, end)}
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


def _rules(now: World, touched: Touched, arrivals: Arrivals) -> Iterator[Resting]:
    """Yield the rules that apply to a touched subject, or to one to which they follow the category, in the order of the policy."""
    subjects: dict[Kind, set[str]] = defaultdict(set)
    subjects[Kind.FLOW] = set(touched.flows)
    for kind in (kind for kind in Kind if kind.at_system):
        subjects[kind] = set(touched.systems)
    subjects[Kind.PARTY], subjects[Kind.CONTRACT] = set(touched.parties), set(touched.contracts)
    for name, core in now.cores.items():
        outcome = now.outcome(name)
        if outcome:
            family = outcome.ruling.family
            wanted = subjects[family] | subjects_at(now.graph, family, arrivals.get(name, ()))
            known = wanted & outcome.classes.number_of.keys()
            found = Counter(outcome.alike.numbers[outcome.classes.number_of[each]] for each in known)
            verdicts = Counter[Verdict | None]()
            for number, count in found.items():
                verdicts[outcome.verdicts[number]] += count
            applies = verdicts.total() - verdicts[None]
            if applies:
                yield Resting(core.rule, applies, verdicts[Verdict.VIOLATION], verdicts[Verdict.UNDETERMINED])
