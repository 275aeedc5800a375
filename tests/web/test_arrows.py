"""Every flow is drawn, and can be followed: a loop, too, and where a label stands between near neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.builders import write
from tests.web.browsing import NARROW, WIDE, click_in_graph, explorer, opened, seen, with_class
from tests.web.test_page import FINDING

POLICY = """
policy p { language "1.0" }
use std.core
data { card name }
purpose { payment }
rule kept { title "Names stay" forbid flow of name to marketer }
"""
ESTATE = """
manifest: 1
policy: [p.privacy]
parties: {us: {role: us}, ads: {role: marketer}}
systems: {shop: {party: us}, books: {party: us}, board: {party: ads}}
flows:
  - {id: there, from: shop, to: books, carries: [card], purposes: [payment]}
  - {id: back, from: books, to: shop, carries: [card]}
  - {id: out, from: books, to: board, carries: [card]}
  - {id: again, from: board, to: board, carries: [name]}
  - {id: more, from: board, to: board, carries: [card]}
  - {id: third, from: board, to: board, carries: [card], purposes: [payment]}
  - {id: own, from: shop, to: shop, carries: [card]}
"""
LOOPS = {"flow:again": "board", "flow:more": "board", "flow:third": "board", "flow:own": "shop"}
BOX = {"width": 132, "height": 42}
"""Of a system, where the graph is not zoomed."""

RED = """([x1, y1, x2, y2]) => {
    const shown = [...document.querySelectorAll("#graph canvas")].at(-1), drawn = shown.width / shown.clientWidth;
    const bad = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim().match(/[0-9a-f]{2}/g).map((each) => parseInt(each, 16));
    const copy = Object.assign(document.createElement("canvas"), { width: shown.width, height: shown.height }).getContext("2d", { willReadFrequently: true });
    copy.drawImage(shown, 0, 0);
    const { data } = copy.getImageData(x1 * drawn, y1 * drawn, (x2 - x1) * drawn, (y2 - y1) * drawn);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) if (bad.every((each, part) => Math.abs(data[at + part] - each) < 40) && data[at + 3] > 200) found += 1;
    return found / ((x2 - x1) * (y2 - y1) * drawn * drawn);
}"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an estate of three systems is explored, one of which sends to itself what it must not have."""
    folder: Path = tmp_path_factory.mktemp("small")
    write(folder / "p.privacy", POLICY)
    write(folder / "estate.yaml", ESTATE)
    with explorer("estate.yaml", folder=folder) as found:
        yield found


def red(page: Page, *box: float) -> float:
    """Which part of a box in the stage has the colour of violations, as painted."""
    page.wait_for_timeout(150)
    found: float = page.evaluate(RED, list(box))
    return found


def over(one: dict[str, float], other: dict[str, float], by: float = 3) -> bool:
    """Whether a box stands over another, by more than the margin that the graph itself leaves around words."""
    return (
        one["x1"] + by < other["x2"]
        and one["x2"] - by > other["x1"]
        and one["y1"] + by < other["y2"]
        and one["y2"] - by > other["y1"]
    )


def holds(box: dict[str, float], spot: dict[str, float]) -> bool:
    return box["x1"] < spot["x"] < box["x2"] and box["y1"] < spot["y"] < box["y2"]


def hidden(found: dict[str, Any]) -> list[str]:
    """The flows of which a label hides the end, or more than half, or all but very little."""
    boxes = [each["box"] for key, each in found.items() if key.startswith("flow:") and each["box"]]
    flows = {
        key: each["line"] for key, each in found.items() if key.startswith("flow:") and "pale" not in each["classes"]
    }
    return sorted(
        key
        for key, line in flows.items()
        if any(holds(each, line[-1]) for each in boxes)
        or sum(any(holds(box, spot) for box in boxes) for spot in line) > len(line) * 0.75
    )


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_a_flow_from_a_system_to_itself_is_a_loop_beside_it_that_can_be_clicked(
    browser: Browser, small: str, size: dict[str, int]
) -> None:
    with opened(browser, small, size) as page:
        found = seen(page)
        zoom = abs(found["flow:own"]["line"][0]["x"] - found["system:shop"]["x"]) / (BOX["width"] / 2)
        for key, system in LOOPS.items():
            line, middle = found[key]["line"], found[f"system:{system}"]
            outside = [each for each in line if abs(each["x"] - middle["x"]) > BOX["width"] / 2 * zoom - 2]
            assert len(line) > 8, f"{key} is not drawn"
            assert outside == line, f"{key} runs over its system"
        click_in_graph(page, "flow:again")
        assert page.locator('[data-key="flow again"]').get_attribute("aria-expanded") == "true"
        assert "chosen" in seen(page)["flow:again"]["classes"]


def test_a_loop_in_violation_is_painted_red_and_another_is_not(browser: Browser, small: str) -> None:
    with opened(browser, small) as page:
        assert with_class(page, "violation") >= {"flow:again"}
        for key, wanted in (("flow:again", True), ("flow:own", False)):
            middle = seen(page)[key]
            painted = red(page, middle["x"] - 4, middle["y"] - 4, middle["x"] + 4, middle["y"] + 4)
            assert (painted > 0.2) is wanted, (key, painted)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_the_hop_between_two_systems_one_above_the_other_shows_its_line_and_its_head(
    browser: Browser, address: str, size: dict[str, int], theme: str
) -> None:
    with opened(browser, address, size, theme) as page:
        page.click(FINDING)
        page.wait_for_timeout(500)
        found = seen(page)
        line = found["flow:audience-input"]["line"]
        start, end = line[0], line[-1]
        height = abs(start["y"] - end["y"])
        painted = red(page, end["x"] - 1, min(start["y"], end["y"]), end["x"] + 1, max(start["y"], end["y"]))
        assert height > 5
        assert painted > 0.4, "the line is hidden"
        assert found["flow:audience-input"]["box"], "the label is left out"
        assert hidden(found) == []


@pytest.mark.parametrize("size", [WIDE, {"width": 1800, "height": 1100}], ids=["1280", "1800"])
def test_no_label_covers_a_head_or_most_of_a_line_or_a_system_or_another_label(
    browser: Browser, address: str, small: str, size: dict[str, int]
) -> None:
    for where, least in ((address, 15), (small, 4)):
        with opened(browser, where, size) as page:
            found = seen(page)
            labels = {key: each["box"] for key, each in found.items() if each["box"]}
            assert len(labels) >= least
            assert hidden(found) == []
            stage = page.locator("#graph").bounding_box()
            assert stage is not None
            zoom = page.evaluate("import('/page/js/graph.js').then((graph) => graph.level())")
            systems = {
                key: {
                    "x1": each["x"] - BOX["width"] / 2 * zoom,
                    "x2": each["x"] + BOX["width"] / 2 * zoom,
                    "y1": each["y"] - BOX["height"] / 2 * zoom,
                    "y2": each["y"] + BOX["height"] / 2 * zoom,
                }
                for key, each in found.items()
                if key.startswith("system:")
            }
            for key, box in labels.items():
                met = [other for other, each in {**systems, **labels}.items() if other != key and over(box, each)]
                assert met == [], (key, met)
                assert 0 <= box["x1"] < box["x2"] <= stage["width"], f"the label of {key} is clipped"


def test_a_label_that_has_no_place_is_shown_where_its_flow_is_pointed_at(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        bare = sorted(with_class(page, "bare"))
        assert bare, "there is room for all labels"
        spot, box = seen(page)["flow:audience-upload"], page.locator("#graph").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
        page.wait_for_selector("#pointed:not([hidden])")
        pointed = seen(page)["flow:audience-upload"]
        assert "named" in pointed["classes"]
        assert pointed["box"]
        assert not holds(pointed["box"], pointed["line"][-1])


def test_no_name_of_a_group_covers_the_head_of_a_flow(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        found = seen(page)
        names = {key: each["box"] for key, each in found.items() if key.startswith("caption:")}
        assert len(names) > 10
        for flow, each in found.items():
            if flow.startswith("flow:"):
                (back, end) = each["line"][-2:]
                length = ((back["x"] - end["x"]) ** 2 + (back["y"] - end["y"]) ** 2) ** 0.5 or 1
                head = {axis: end[axis] + (back[axis] - end[axis]) / length * 8 for axis in "xy"}
                assert [name for name, box in names.items() if holds(box, head)] == [], flow
