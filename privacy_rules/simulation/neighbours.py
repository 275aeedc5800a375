"""Find the flows, systems, parties and contracts that something in an estate (or a rule) touches.

found = touched(graph, "party", "mailer")
found.leaving, found.entering        # flows of its outgoing and its incoming data
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Subject
from privacy_rules.findings.owners import declared_owners
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity

KINDS = ("party", "system", "flow", "contract", "category", "purpose", "country", "owner", "rule")


@dataclass(frozen=True, slots=True)
class Scope:
    """What something touches: systems and flows by number. `leaving` and `entering` are the flows of its outgoing and incoming data."""

    flows: frozenset[int] = frozenset()
    systems: frozenset[int] = frozenset()
    leaving: frozenset[int] = frozenset()
    entering: frozenset[int] = frozenset()
    own_parties: frozenset[str] | None = None
    """The parties, if they are not just those of the systems."""

    def parties(self, graph: FlowGraph, beyond: Iterable[int] = ()) -> set[str]:
        """Return the parties touched, and those of systems `beyond`."""
        of_systems = {party for each in (*self.systems, *beyond) if (party := graph.parties[each]) is not None}
        return of_systems if self.own_parties is None else set(self.own_parties)


def names_by_kind(estate: Estate, policy: Policy) -> dict[str, Collection[str]]:
    """Return what may be named, by kind."""
    found: tuple[Collection[str], ...] = (
        estate.parties,
        estate.systems,
        estate.flows,
        estate.contracts,
        policy.taxonomy("data").index,
        policy.taxonomy("purpose").index,
        policy.taxonomy("region").index,
        declared_owners(estate, policy),
        [each.name for each in policy.rules],
    )
    return dict(zip(KINDS, found, strict=True))


def touched(graph: FlowGraph, kind: str, name: str, subjects: Mapping[Kind, Collection[str]] | None = None) -> Scope:
    """Return what something touches. `subjects` are those of a rule, by kind."""
    match kind:
        case "flow":
            return _of_flows(graph, [graph.flow_number[name]])
        case "system":
            return _of_systems(graph, [graph.system_number[name]])
        case "party":
            return _of_systems(graph, graph.systems_of.get(name, ()), own_parties=frozenset([name]))
        case "contract":
            return _of_contract(graph, name)
        case "category":
            below = graph.data.below(name)
            return _of_flows(graph, _flows_if(graph.leaves, below), holding(graph, name))
        case "purpose":
            return _of_purpose(graph, name)
        case "country":
            return _of_systems(graph, _in_country(graph, name))
        case "owner":
            return _of_owner(graph, name)
        case _:
            return _of_rule(graph, subjects or {})


def _of_flows(graph: FlowGraph, flows: Iterable[int], more: Collection[int] = ()) -> Scope:
    listed = frozenset(flows)
    ends = {end for flow in listed for end in (graph.source[flow], graph.target[flow])}
    return Scope(listed, frozenset(ends | set(more)), listed, listed)


def _of_systems(graph: FlowGraph, systems: Iterable[int], own_parties: frozenset[str] | None = None) -> Scope:
    listed = frozenset(systems)
    leaving = frozenset(flow for system in listed for flow in graph.outgoing[system])
    entering = frozenset(flow for system in listed for flow in graph.incoming[system])
    return Scope(leaving | entering, listed, leaving - entering, entering - leaving, own_parties)


def _both(one: Scope, other: Scope) -> Scope:
    return Scope(
        one.flows | other.flows,
        one.systems | other.systems,
        one.leaving | other.leaving,
        one.entering | other.entering,
    )


def _flows_if(masks: Collection[int], wanted: int) -> Iterable[int]:
    return (number for number, mask in enumerate(masks) if mask & wanted)


def _of_contract(graph: FlowGraph, name: str) -> Scope:
    """Return the flows between parties that a contract binds, to us or to each other."""
    record = graph.estate.contracts[name]
    bound, with_us = set(record.parties), "with" in record.declared
    ends = [
        {graph.parties[one], graph.parties[other]} - {None}
        for one, other in zip(graph.source, graph.target, strict=True)
    ]
    flows = (
        flow for flow, found in enumerate(ends) if (bound & found if with_us else len(found) == 2 and found <= bound)
    )
    scope = _of_flows(graph, flows)
    parties = frozenset(each for each in record.parties if each in graph.estate.parties)
    return Scope(scope.flows, scope.systems, scope.leaving, scope.entering, parties)


def _of_purpose(graph: FlowGraph, name: str) -> Scope:
    taxonomy, attribute = graph.policy.taxonomy("purpose"), graph.policy.attributes[Entity.FLOW, "purposes"]
    wanted = set(taxonomy.descendants(name))
    said = [known(flow, attribute)[0] for flow in graph.flows]
    flows = [flow for flow, value in enumerate(said) if value is None or wanted & set(value)]  # type: ignore[arg-type]
    uses = (
        (number, dict(item.declared).get("purposes"))
        for number, system in enumerate(graph.systems)
        for item in system.uses or ()
    )
    using = {number for number, purposes in uses if isinstance(purposes, tuple) and not wanted.isdisjoint(purposes)}
    return _of_flows(graph, flows, using)


def _in_country(graph: FlowGraph, name: str) -> Iterable[int]:
    wanted, attribute = (
        set(graph.policy.taxonomy("region").descendants(name)),
        graph.policy.attributes[Entity.SYSTEM, "country"],
    )
    return (each for each in range(len(graph.systems)) if graph.of_system(each, attribute)[0] in wanted)


def _of_owner(graph: FlowGraph, owner: str) -> Scope:
    names = Names(graph.estate, graph.policy)

    systems = [
        number for number, each in enumerate(graph.systems) if names.owner(Subject(Kind.SYSTEM, each.id)) == owner
    ]
    flows = [number for number, each in enumerate(graph.flows) if names.owner(Subject(Kind.FLOW, each.id)) == owner]
    return _both(_of_systems(graph, systems), Scope(frozenset(flows), frozenset(), frozenset(flows), frozenset(flows)))


def _of_rule(graph: FlowGraph, subjects: Mapping[Kind, Collection[str]]) -> Scope:
    """Return what a rule's subjects touch."""
    found = Scope()
    for kind, ids in subjects.items():
        match kind:
            case Kind.PARTY:
                systems = [number for each in ids for number in graph.systems_of.get(each, ())]
                found = _both(found, _of_systems(graph, systems))
            case Kind.CONTRACT:
                for each in ids:
                    found = _both(found, _of_contract(graph, each))
            case Kind.ORGANISATION:
                pass
            case kind if kind.at_system:
                found = _both(found, _of_systems(graph, [graph.system_number[each] for each in ids]))
            case _:
                found = _both(found, _of_flows(graph, [graph.flow_number[each] for each in ids]))
    return found


def holding(graph: FlowGraph, category: str) -> set[int]:
    """Return the systems that store, use or join a category or a narrower one, whether it flows or not."""
    terms = set(graph.data.descendants(category))
    attributes = [graph.policy.built_in(Entity.SYSTEM, each) for each in ("stores", "uses", "joins")]
    held = ((number, known(system, each)[0]) for number, system in enumerate(graph.systems) for each in attributes)
    return {number for number, value in held if isinstance(value, tuple) and any(_is_of(each, terms) for each in value)}


def _is_of(item: object, terms: Collection[str]) -> bool:
    """Whether a stored category, or one of two joined ones, is among the terms."""
    return any(each in terms for each in item) if isinstance(item, tuple) else item in terms
