"""Every flow is drawn and can be followed: from a system to itself, one of several, an added one and a cut one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.builders import write
from tests.web.browsing import NARROW, WIDE, click_in_graph, explorer, opened, seen, settled, with_class

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
  - {id: own, from: shop, to: shop, carries: [card]}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an estate of three systems is explored, one of which sends to itself what it must not have."""
    folder: Path = tmp_path_factory.mktemp("small")
    write(folder / "p.privacy", POLICY)
    write(folder / "estate.yaml", ESTATE)
    with explorer("estate.yaml", folder=folder) as found:
        yield found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_a_flow_from_a_system_to_itself_is_drawn_and_can_be_clicked(
    browser: Browser, small: str, size: dict[str, int]
) -> None:
    with opened(browser, small, size) as page:
        assert with_class(page, "violation") == {"flow:again", "flow:more"}
        click_in_graph(page, "flow:own")
        assert page.locator('[data-key="flow own"]').get_attribute("aria-expanded") == "true"
        assert "chosen" in seen(page)["flow:own"]["classes"]


def test_an_arrow_of_several_flows_lists_them(browser: Browser, small: str) -> None:
    with opened(browser, small) as page:
        click_in_graph(page, "flow:again")
        assert page.locator("#view .card .title").all_text_contents() == ["again", "more"]
        page.get_by_role("button", name="Show all flows").click()
        assert page.locator("#view .card").count() == 6


def test_what_is_pointed_at_is_reported(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.hover("g.box[data-id='mailer']")
        assert page.locator("#pointed").inner_text() == "mailer"
        page.hover("g.arrow[data-id='audience-input'] .what")
        told = page.locator("#pointed").inner_text()
        assert told.startswith("mailer → audience_builder\naudience-input: email_address")


def test_an_added_flow_and_a_cut_one_are_drawn_as_such(browser: Browser, small: str) -> None:
    with opened(browser, small) as page:
        before = {key: (each["x"], each["y"]) for key, each in seen(page).items()}
        click_in_graph(page, "flow:there")
        page.get_by_role("button", name="Remove this flow").click()
        settled(page)
        assert with_class(page, "cut") == {"flow:there"}
        assert {key: (each["x"], each["y"]) for key, each in seen(page).items()} == before, "nothing moves"
        page.click('[data-key="add flow"]')
        page.locator('[data-key="new id"]').fill("straight")
        page.select_option('[data-key="new from"]', "shop")
        page.select_option('[data-key="new to"]', "board")
        page.click('[data-key="new add"]')
        settled(page)
        assert with_class(page, "new") == {"flow:straight"}
