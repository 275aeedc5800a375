"""Show what depends on something: what it touches, who gets its data, which rules apply, and the effect of removing it.

found = impact(policy, estate, date(2026, 11, 1), "contract", "mail-terms")
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from privacy_rules.checking.checker import MOST_KEPT, judge
from privacy_rules.checking.core_rules import conditions
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, order
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Reached, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.category_reach import Arrival, reaching, subjects_at
from privacy_rules.simulation.data_paths import DataPaths, Passage
from privacy_rules.simulation.finding_delta import Delta, FindingChange, Way, delta
from privacy_rules.simulation.neighbours import Scope, holding, touched
from privacy_rules.simulation.removal import Gone, without, without_rule
from privacy_rules.simulation.senders_and_recipients import Holder, Holders, Lost, Supply, lost
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass

MOST_DESCRIBED = 10_000
"""At most this many changed findings are described, as many with a path, and as many passages of data; the others are only counted."""
_PLACES = ("system", "party", "country", "owner")
"""The kinds whose data is that of their systems."""
Arrivals = Mapping[str, tuple[Arrival, ...]]
"""By rule, where its path tests find a category."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The ids of everything that something touches, sorted.

    `before` and `after` are the other systems that its data comes from and goes to.

    For a category, `parties` and `after` include those that a path of a rule leads to, transforms included.
    """

    parties: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A rule that applies to something touched: to how many subjects, and how many of them are not compliant."""

    rule: Rule
    subjects: int
    violations: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole result.

    `paths` has the findings whose witness path goes through it; `difference` is the effect of removing it.

    `gets` are the systems that receive its data, `gives` those that send it, and `lost` the systems that would no longer get, and no
    longer send, some data without it.
    """

    kind: str
    id: str
    touched: Touched
    gets: tuple[Holder, ...]
    gives: tuple[Holder, ...]
    rules: tuple[AppliedRule, ...]
    paths: tuple[Finding, ...]
    gone: Gone
    lost: tuple[Lost, Lost]
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
    policy, graph = now.policy, now.graph
    arrivals = reaching(policy, graph, day, name) if kind == "category" else {}
    scope = touched(graph, kind, name, now.subjects(name) if kind == "rule" else None)
    gets, gives = _passing(now, kind, name, scope)
    about = _touched(graph, (kind, name), scope, _arrived(now, arrivals), gives, gets)
    without_it, smaller, gone = _without(policy, estate, kind, name)
    after = World(without_it, smaller, day, beside=now)
    missing = lost(now.evaluator, after.evaluator, graph.data.below(name) if kind == "category" else 0)
    rules, paths = tuple(_rules(now, about, arrivals)), tuple(_paths(now, set(about.flows)))
    difference = delta(now, after, most=MOST_DESCRIBED)
    return Impact(kind, name, about, gets, gives, rules, paths, gone, missing, (now, after), difference)


def _without(policy: Policy, estate: Estate, kind: str, name: str) -> tuple[Policy, Estate, Gone]:
    if kind == "rule":
        return without_rule(policy, name), estate, (("rule", name),)
    return policy, *without(estate, policy, kind, name)


def _paths(now: World, flows: Collection[str]) -> list[Finding]:
    """Return the findings with a path through one of the flows."""
    rules = [name for name, core in now.cores.items() if any(isinstance(each, Reached) for each in conditions([core]))]
    if not rules:
        return []
    judged = judge(now.policy, now.graph, now.day, rules=rules, most_kept=MOST_KEPT, evaluator=now.evaluator)
    through = (each for each in judged.judgements if not set(each.path).isdisjoint(flows))
    return sorted(map(now.findings.finding, through), key=order)


def _passing(now: World, kind: str, name: str, scope: Scope) -> tuple[tuple[Holder, ...], tuple[Holder, ...]]:
    """Return the systems that data gets to, and those that it comes from, but not the systems whose data is meant."""
    graph, paths, holders = now.graph, DataPaths(now.evaluator), Holders(now.evaluator)
    if kind == "category":
        return of_category(now, name)
    own = {graph.systems[each].id for each in scope.systems} if kind in _PLACES else set[str]()
    gets_it, gives_it = paths.onward(scope.leaving), paths.back(scope.entering)
    return tuple(holders.of(each for each in found if each.system not in own) for found in (gets_it, gives_it))  # type: ignore[return-value]


def of_category(now: World, name: str) -> tuple[tuple[Holder, ...], tuple[Holder, ...]]:
    """Return the systems that a category gets to, those that hold it anyway included, and those where it originates."""
    graph, paths, holders = now.graph, DataPaths(now.evaluator), Holders(now.evaluator)
    begins = Supply(now.evaluator).begins
    first = [graph.system_number[each] for each, held in begins.items() if held & graph.data.below(name)]
    gets = (
        paths.of_category(name, first),
        paths.at_rest(name, {graph.systems[each].id: -1 for each in holding(graph, name)}),
    )
    return holders.of(_once(chain(*gets))), holders.of(paths.at_rest(name, begins))


def _once(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield the first passage of each system."""
    return iter({each.system: each for each in reversed(list(passages))}.values())


def _touched(
    graph: FlowGraph,
    thing: tuple[str, str],
    scope: Scope,
    arrived: set[int],
    *ends: tuple[Holder, ...],
) -> Touched:
    parties = scope.parties(graph, arrived)
    contracts = {each.id for each in graph.estate.contracts.values() if not parties.isdisjoint(each.parties)}
    systems = set(_ids(graph, scope.systems))
    before, after = ({each.system for each in holders} - systems for holders in ends)
    return Touched(
        tuple(sorted(parties)),
        tuple(sorted({thing[1]} if thing[0] == "contract" else contracts)),
        tuple(sorted(systems)),
        tuple(sorted(graph.flows[flow].id for flow in scope.flows)),
        tuple(sorted(before)),
        tuple(sorted(after | (set(_ids(graph, arrived)) - systems))),
    )


def _ids(graph: FlowGraph, systems: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(graph.systems[each].id for each in systems))


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


def _rules(now: World, touched: Touched, arrivals: Arrivals) -> Iterator[AppliedRule]:
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
                yield AppliedRule(core.rule, applies, verdicts[Verdict.VIOLATION], verdicts[Verdict.UNDETERMINED])
