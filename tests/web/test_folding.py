"""What the page folds: every system is in exactly one box, and can be reached by opening groups; a frame holds few."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import quickjs

from benchmarks.retailer import estate
from privacy_rules import engine
from privacy_rules.drawing.script import bundled
from privacy_rules.web.responses import of_delta, of_estate, of_session
from privacy_rules.web.session import Session
from tests.builders import write

POLICY = Path(__file__).parents[2] / "benchmarks" / "retailer.privacy"
_BEGIN = """(() => {{ "use strict";
{modules}
const {{ state }} = _state, tree = (node) => [node.children.length, node.isSystem ? [node.systems[0].id] : [], node.children.map(tree)];
globalThis.begin = (text) => {{ const found = JSON.parse(text); Object.assign(state, found, {{ start: found.estate }}); }};
globalThis.treeOf = (by, how) => JSON.stringify(tree(_grouping.tree(JSON.parse(by), JSON.parse(how))));
globalThis.pictureOf = (view, how, focus) => {{ state.view = JSON.parse(view); return JSON.stringify(_folding.picture(JSON.parse(how), new Set(JSON.parse(focus)))); }};
globalThis.focusOf = (key) => JSON.stringify([..._folding.focusOf({{ kind: "finding", id: key }})]);
}})();
"""
HOWS = [
    {"root": 20, "most": 18, "arrows": 60, "roles": False},
    {"root": 10, "most": 6, "arrows": 24, "roles": True},
    {"root": 6, "most": 3, "arrows": 10, "roles": "all", "tight": True},
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    file = write(tmp_path_factory.mktemp("retailer") / "retailer.privacy.json", json.dumps(estate(300)))
    inputs, wrong = engine.load([file], [POLICY], keep=True)
    assert inputs is not None, wrong
    return Session(inputs)


@pytest.fixture(scope="module")
def page(session: Session) -> Callable[..., Any]:
    """Calls a function of the page: its name, and its arguments as data."""
    context = quickjs.Context()
    context.eval(_BEGIN.format(modules=bundled("folding", "privacy_rules.web", "page/js")))
    start = session.start
    data = {
        "session": of_session(session),
        "estate": of_estate(start, session.policy),
        "delta": of_delta(start, start),
    }
    context.get("begin")(json.dumps(data, default=str))
    return lambda name, *given: json.loads(
        context.get(name)(*(each if isinstance(each, str) else json.dumps(each) for each in given))
    )


def leaves(node: Any) -> list[str]:
    _, own, children = node
    return [*own, *(each for child in children for each in leaves(child))]


def widest(node: Any) -> int:
    return max(node[0], *map(widest, node[2]), 0) if node[2] else int(node[0])


@pytest.mark.parametrize("how", HOWS, ids=["wide", "narrow", "tight"])
@pytest.mark.parametrize("by", [["party"], ["party", "owner"], ["owner", "country"], ["kind"]], ids="-".join)
def test_every_system_is_in_one_place_of_the_tree_and_no_frame_holds_very_many(
    page: Callable[..., Any], session: Session, by: list[str], how: dict[str, Any]
) -> None:
    found = page("treeOf", by, how)
    assert sorted(leaves(found)) == sorted(session.inputs.estate.systems)
    assert widest(found) <= 1.4 * max(how["root"], how["most"])


@pytest.mark.parametrize("how", HOWS, ids=["wide", "narrow", "tight"])
def test_every_system_is_in_one_box_however_the_groups_are_opened(
    page: Callable[..., Any], session: Session, how: dict[str, Any]
) -> None:
    view = {"by": ["party", "owner"], "open": [], "all": False, "focus": []}
    for _ in range(4):
        found = page("pictureOf", view, how, [])
        assert sorted(each for box in found["boxes"] for each in box["systems"]) == sorted(
            session.inputs.estate.systems
        )
        ends = {end for arrow in found["arrows"] for end in (arrow["source"], arrow["target"])}
        assert ends <= {box["id"] for box in found["boxes"]}
        assert {each["group"] for each in found["boxes"]} <= {None, *(each["id"] for each in found["groups"])}
        folded = [box["key"] for box in found["boxes"] if box["folds"] and box["key"] not in view["open"]]
        view["open"] = [*view["open"], folded[-1]]  # type: ignore[misc]


def test_the_systems_of_a_finding_are_boxes_of_their_own(page: Callable[..., Any], session: Session) -> None:
    view = {"by": ["party", "owner"], "open": [], "all": False, "focus": []}
    tried = 0
    for each in session.start.report.findings[::9]:
        focus = page("focusOf", f"{each.rule} {each.subject.kind.value} {each.subject.id}")
        if not focus:
            continue
        tried += 1
        found = page("pictureOf", view, HOWS[0], focus)
        single = {box["systems"][0] for box in found["boxes"] if len(box["systems"]) == 1}
        assert set(focus) <= single
        drawn = {flow for arrow in found["arrows"] for flow in arrow["flows"]}
        assert set(each.path) <= drawn
    assert tried > 5
