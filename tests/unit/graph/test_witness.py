from __future__ import annotations

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.witness import Search
from tests.builders import flow
from tests.unit.checking.judging import graph_of, manifest


def _path(graph: FlowGraph, start: str, end: str, *, around: str | None = None) -> list[str] | None:
    origins = [graph.everything if record.id == start else 0 for record in graph.systems]
    blocked = None if around is None else [record.id == around for record in graph.systems]
    found = Search(graph, graph.names, origins, blocked, None).shortest(graph.system_number[end])
    return None if found is None else [graph.flows[number].id for number, _ in found[1]]


EMAIL = ["email"]


def test_the_shortest_path_is_taken_not_the_first_by_id() -> None:
    graph = graph_of(
        manifest(
            flow("a1", "browser", "site", EMAIL),
            flow("a2", "site", "crm", EMAIL),
            flow("a3", "crm", "post", EMAIL),
            flow("z1", "browser", "stray", EMAIL),
            flow("z2", "stray", "post", EMAIL),
        )
    )
    assert _path(graph, "browser", "post") == ["z1", "z2"]


def test_among_equally_short_paths_the_first_by_flow_ids_is_taken() -> None:
    graph = graph_of(
        manifest(
            flow("b1", "browser", "site", EMAIL),
            flow("a1", "browser", "crm", EMAIL),
            flow("a2", "site", "post", EMAIL),
            flow("b2", "crm", "post", EMAIL),
        )
    )
    assert _path(graph, "browser", "post") == ["a1", "b2"]


def test_of_two_parallel_flows_the_first_by_id_is_taken() -> None:
    graph = graph_of(manifest(flow("b", "browser", "site", EMAIL), flow("a", "browser", "site", EMAIL)))
    assert _path(graph, "browser", "site") == ["a"]


def test_a_flow_from_a_system_to_itself_is_a_path() -> None:
    graph = graph_of(manifest(flow("again", "site", "site", EMAIL)))
    assert _path(graph, "site", "site") == ["again"]


def test_a_circle_gives_the_shortest_way_back() -> None:
    graph = graph_of(manifest(flow("a", "site", "crm", EMAIL), flow("b", "crm", "site", EMAIL)))
    assert _path(graph, "site", "site") == ["a", "b"]


def test_a_path_keeps_to_one_category() -> None:
    graph = graph_of(manifest(flow("a", "browser", "site", EMAIL), flow("b", "site", "crm", ["phone"])))
    assert _path(graph, "browser", "crm") is None


def test_the_way_round_a_blocked_system_is_found() -> None:
    graph = graph_of(
        manifest(
            flow("a1", "browser", "site", EMAIL),
            flow("a2", "site", "post", EMAIL),
            flow("b1", "browser", "crm", EMAIL),
            flow("b2", "crm", "stray", EMAIL),
            flow("b3", "stray", "post", EMAIL),
        )
    )
    assert _path(graph, "browser", "post", around="site") == ["b1", "b2", "b3"]
    assert _path(graph, "browser", "site", around="site") == ["a1"]
