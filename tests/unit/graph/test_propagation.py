from __future__ import annotations

import pytest

from privacy_rules.checking.logic import Verdict
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.propagation import propagate
from privacy_rules.graph.witness import Search
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import Entity
from tests.builders import flow
from tests.unit.checking.judging import Case, graph_of, manifest, policy_of

MANY = 5_000
PEOPLE = {"role": ("data_subject",)}


def _long(text: str, *, closed: bool) -> Case:
    """A policy on a chain of very many systems, or on a circle of them, made without reading it."""
    policy = policy_of(text)
    last = MANY if closed else MANY - 1
    systems = {f"s{n:06}": {"party": "people" if n == 0 else "we"} for n in range(MANY)}
    flows = {
        f"f{n:06}": {"from": f"s{n:06}", "to": f"s{(n + 1) % MANY:06}", "carries": ("email",)} for n in range(last)
    }
    estate = Estate(
        {"we": Record(Entity.PARTY, "we", {"role": ("us",)}), "people": Record(Entity.PARTY, "people", PEOPLE)},
        {name: Record(Entity.SYSTEM, name, said) for name, said in systems.items()},
        {name: Record(Entity.FLOW, name, said) for name, said in flows.items()},
        {},
        Record(Entity.ORGANISATION, "organisation", {}),
    )
    return Case(policy, FlowGraph.of(estate, policy))


@pytest.mark.parametrize("closed", [False, True], ids=["a chain", "a circle"])
def test_very_many_systems_in_a_row_end_without_recursion(closed: bool) -> None:
    graph = _long("rule any { forbid flow }", closed=closed).graph
    everything = [graph.everything] * len(graph.systems)
    state = propagate(graph, graph.leaves, everything)
    assert sum(map(bool, state)) == (MANY if closed else MANY - 1)
    origins = [graph.everything if number == 0 else 0 for number in range(MANY)]
    found = Search(graph, graph.names, origins, None, None).shortest(MANY - 1)
    assert found is not None
    length, path = found
    assert (length, path[0][0], path[-1][0]) == (MANY - 1, 0, MANY - 2)


@pytest.mark.parametrize("closed", [False, True], ids=["a chain", "a circle"])
def test_a_rule_on_paths_and_collections_ends_on_very_many_systems(closed: bool) -> None:
    rule = """
    rule far {
      forbid system at system s004999 when reached by contact from data_subject avoiding service_provider
    }
    rule asked { require collected with (notice) on flow to system s004999 }
    """
    found = _long(rule, closed=closed).all()
    far = found["far", "s004999"]
    assert far.verdict is Verdict.VIOLATION
    assert len(far.path) == MANY - 1
    assert found["asked", "f004998"].verdict is Verdict.UNDETERMINED


def _arrived(graph: FlowGraph, state: list[int]) -> dict[str, tuple[str, ...]]:
    return {record.id: graph.data.names(mask) for record, mask in zip(graph.systems, state, strict=True) if mask}


def _at(graph: FlowGraph, *systems: str) -> list[int]:
    return [graph.everything if record.id in systems else 0 for record in graph.systems]


def test_a_flow_forwards_only_what_it_carries() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site", ["email", "clicks"]), flow("b", "site", "crm", ["email"])))
    state = propagate(graph, graph.names, _at(graph, "browser"))
    assert _arrived(graph, state) == {"site": ("clicks", "email"), "crm": ("email",)}


def test_surely_a_name_travels_only_under_that_name_and_maybe_as_what_it_shares() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site", ["contact"]), flow("b", "site", "crm", ["sensitive"])))
    assert _arrived(graph, propagate(graph, graph.names, _at(graph, "browser"))) == {"site": ("contact",)}
    maybe = _arrived(graph, propagate(graph, graph.leaves, _at(graph, "browser")))
    assert maybe == {"site": ("contact", "email", "phone"), "crm": ("phone",)}


def test_a_flow_that_does_not_say_what_it_carries_surely_carries_nothing_and_maybe_everything() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site")))
    assert (graph.names, graph.leaves) == ([0], [graph.everything])


def test_a_blocked_system_takes_but_does_not_forward() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site", ["email"]), flow("b", "site", "crm", ["email"])))
    blocked = [record.id == "site" for record in graph.systems]
    state = propagate(graph, graph.names, _at(graph, "browser"), blocked)
    assert _arrived(graph, state) == {"site": ("email",)}


def test_a_blocked_system_still_sends_what_is_its_own() -> None:
    graph = graph_of(manifest(flow("b", "site", "crm", ["email"])))
    state = propagate(graph, graph.names, _at(graph, "site"), [True] * len(graph.systems))
    assert _arrived(graph, state) == {"crm": ("email",)}


def test_what_has_arrived_to_begin_with_is_forwarded() -> None:
    graph = graph_of(manifest(flow("b", "site", "crm", ["email"])))
    none = [0] * len(graph.systems)
    state = propagate(graph, graph.names, none, arrived=_at(graph, "site"))
    assert _arrived(graph, state)["crm"] == ("email",)


def test_a_diamond_brings_each_category_along_its_own_side() -> None:
    graph = graph_of(
        manifest(
            flow("a", "browser", "site", ["email"]),
            flow("b", "browser", "crm", ["phone"]),
            flow("c", "site", "post", ["email", "phone"]),
            flow("d", "crm", "post", ["email", "phone"]),
        )
    )
    state = propagate(graph, graph.names, _at(graph, "browser"))
    assert _arrived(graph, state)["post"] == ("email", "phone")


def test_a_system_that_turns_nothing_into_something_is_asked_each_time_that_it_holds_more() -> None:
    graph = graph_of(
        manifest(
            flow("a", "browser", "site", ["email"]),
            flow("b", "crm", "site", ["phone"]),
            flow("c", "browser", "crm", ["phone"]),
            flow("d", "site", "post", ["clicks"]),
        )
    )
    data = graph.data
    both = 1 << data.index["email"] | 1 << data.index["phone"]
    clicks = 1 << data.index["clicks"]

    def transform(system: int, held: int) -> int:
        return held | (clicks if held & both == both else 0)

    state = propagate(graph, graph.names, _at(graph, "browser"), transform=transform)
    assert _arrived(graph, state)["post"] == ("clicks",)
