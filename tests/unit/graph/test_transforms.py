from __future__ import annotations

from typing import Any

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.transforms import Transforming
from tests.unit.checking.judging import graph_of, manifest


def _graph(transforms: list[dict[str, Any]] | None, **more: Any) -> FlowGraph:
    system: dict[str, Any] = {"party": "we"} if transforms is None else {"party": "we", "transforms": transforms}
    return graph_of(manifest(systems={"crm": system}, **more))


def _turned(graph: FlowGraph, held: list[str], methods: tuple[str, ...] | None = None, *, sure: bool) -> set[str]:
    data = graph.data
    mask = sum(1 << data.index[name] for name in held)
    transforming = Transforming(graph, methods, sure=sure)
    return set(data.names(transforming.transform(graph.system_number["crm"], mask)))


def _starts(graph: FlowGraph, wanted: str, *, sure: bool) -> set[str]:
    """What is wanted, and what the first system of a path makes of it."""
    made = Transforming(graph, None, sure=sure).first(graph.system_number["crm"], (wanted,))
    return set(graph.data.names(graph.data.below(wanted) | made))


HASHED = {"from": "email", "to": ["hashed_email"], "method": "pseudonymisation"}
BARE = {"from": "email", "to": ["hashed_email"]}


def test_a_declared_transform_makes_what_it_says_and_keeps_what_it_took() -> None:
    for sure in (True, False):
        assert _turned(_graph([HASHED]), ["email"], sure=sure) == {"email", "hashed_email"}


def test_transforms_follow_one_another() -> None:
    graph = _graph([{"from": "hashed_email", "to": ["clicks"]}, HASHED])
    assert _turned(graph, ["email"], sure=True) == {"email", "hashed_email", "clicks"}


def test_an_undeclared_transform_surely_makes_nothing_and_maybe_anything() -> None:
    graph = _graph(None)
    assert _turned(graph, ["email"], sure=True) == {"email"}
    assert _turned(graph, ["email"], sure=False) == set(graph.data.terms)
    assert _turned(graph, [], sure=False) == set()


def test_no_transforms_make_nothing() -> None:
    assert _turned(_graph([]), ["email"], sure=False) == {"email"}


def test_a_method_that_is_not_asked_for_does_not_count() -> None:
    for sure in (True, False):
        assert _turned(_graph([HASHED]), ["email"], ("encryption",), sure=sure) == {"email"}
        assert "hashed_email" in _turned(_graph([HASHED]), ["email"], ("pseudonymisation",), sure=sure)


def test_an_unknown_method_may_be_the_one_that_is_asked_for() -> None:
    assert _turned(_graph([BARE]), ["email"], ("encryption",), sure=True) == {"email"}
    assert "hashed_email" in _turned(_graph([BARE]), ["email"], ("encryption",), sure=False)


def test_a_path_surely_starts_with_what_is_made_of_a_wanted_category_only() -> None:
    graph = _graph([{"from": "contact", "to": ["hashed_email"]}])
    assert _starts(graph, "contact", sure=True) == {"contact", "email", "phone", "hashed_email"}
    assert _starts(graph, "email", sure=True) == {"email"}
    assert _starts(graph, "email", sure=False) == {"email", "hashed_email"}


def test_what_a_first_transform_made_is_turned_further() -> None:
    graph = _graph([HASHED, {"from": "hashed_email", "to": ["clicks"]}])
    assert _starts(graph, "email", sure=True) == {"email", "hashed_email", "clicks"}


def test_a_system_that_declares_no_transforms_may_start_a_path_with_anything() -> None:
    graph = _graph(None)
    assert _starts(graph, "email", sure=True) == {"email"}
    assert _starts(graph, "email", sure=False) == set(graph.data.terms)


def test_a_broad_product_may_be_any_of_what_is_below_it() -> None:
    graph = _graph([{"from": "clicks", "to": ["sensitive"]}])
    assert _turned(graph, ["clicks"], sure=True) == {"clicks", "sensitive"}
    assert _turned(graph, ["clicks"], sure=False) == {"clicks", "sensitive", "phone", "health"}
