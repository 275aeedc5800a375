"""The explorer on an estate of 120 systems: what is wrong is found, fixed and undone; everything fits and can be read and reached."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.retailer import estate
from tests.builders import write
from tests.chromium import assert_accessible
from tests.web.browsing import explorer, opened, seen, settled, with_class
from tests.web.test_by_keyboard import tab_to
from tests.web.test_page import figures
from tests.web.test_sight import smallest_text

POLICY = Path(__file__).parents[2] / "benchmarks" / "retailer.privacy"
_CLICK = "(id) => [...document.querySelectorAll('g.box')].find((each) => each.dataset.id === id).dispatchEvent(new MouseEvent('click', { bubbles: true }))"
EXPIRED = "[data-group^='cause contract letterbird-terms']"


@pytest.fixture(scope="module")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a retailer with 120 systems is explored."""
    folder = tmp_path_factory.mktemp("retailer")
    write(folder / "retailer.privacy.json", json.dumps(estate(120)))
    with explorer("retailer.privacy.json", "--policy", POLICY, "--port", "0", folder=folder) as found:
        yield found


def fits(page: Page) -> bool:
    found: bool = page.evaluate(
        "() => { const [a, b] = ['#graph', '#graph svg'].map((each) => document.querySelector(each).getBoundingClientRect()); return b.width <= a.width && b.height <= a.height; }"
    )
    return found


def systems(page: Page) -> set[str]:
    return {each.removeprefix("system:") for each in seen(page) if each.startswith("system:")}


def folds(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all("g.box.folded", "all => all.map((each) => each.dataset.id)")
    return found


def test_the_first_view_fits_and_can_be_read(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        assert fits(page)
        assert smallest_text(page) >= 9
        assert len(folds(page)) >= 3
        names = page.locator("g.box text").all_text_contents()
        assert "Retail Group" in names, "parties have their names"
        page.hover("g.box:has-text('Retail Group')")
        assert page.locator("#pointed").inner_text().startswith("Retail Group (retail-group)")


def test_a_finding_is_taken_out_of_its_groups_its_flow_removed_and_that_undone(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        before = figures(page)
        page.locator(EXPIRED).first.click()
        page.locator(".group [data-finding]").first.click()
        path = with_class(page, "glow")
        assert len([each for each in path if each.startswith("flow:")]) == 1
        assert len([each for each in path if each.startswith("system:")]) == 2
        assert not [each for each in path if each.startswith("fold:")]
        assert fits(page)
        assert smallest_text(page) >= 9
        chosen = page.locator("li.card.open [data-finding]").get_attribute("data-finding")
        page.get_by_role("button", name="Remove flow").first.click()
        settled(page)
        assert with_class(page, "cut") == {each for each in path if each.startswith("flow:")}
        resolved = page.locator("li.card.goes [data-finding]").evaluate_all(
            "all => all.map((each) => each.dataset.finding)"
        )
        assert chosen in resolved
        assert page.locator("#view h3").first.inner_text() == f"Resolved by the changes ({len(resolved)})"
        assert f"{len(resolved)} resolved" in figures(page)
        page.click("#undo")
        settled(page)
        assert figures(page) == before
        assert with_class(page, "cut") == set()


def test_what_would_fix_a_finding_is_offered_and_tried(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        page.locator(EXPIRED).first.click()
        page.locator(".group [data-finding]").first.click()
        page.get_by_role("button", name="What would fix this?").click()
        page.get_by_role("button", name="Try offer 1").click(timeout=30_000)
        settled(page)
        assert "resolved" in figures(page)
        page.click("#tab-changes")
        assert page.locator("ol.changes li").count() >= 1
        page.get_by_role("button", name="Look a year ahead").click()
        page.wait_for_selector("#later li")


def test_a_group_opens_and_is_laid_out_anew(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        party, tried = "party=retail-austria;", set[str]()
        for _ in range(8):
            inner = [each for each in folds(page) if each.startswith(party) and not each.endswith("+")]
            if not (fold := next((each for each in reversed(inner) if each not in tried), None)):
                break
            tried.add(fold)
            page.evaluate(_CLICK, fold)
            assert page.locator(f"g.lane[data-id='{fold}']").count() == 1
            assert fits(page)
            assert smallest_text(page) >= 9
            if any(each.endswith("-at") for each in systems(page)):
                break
        assert [each for each in systems(page) if each.endswith("-at")], "its systems are reached"


def test_systems_are_grouped_by_another_attribute(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        page.select_option("#group-by", "owner")
        assert any(each.startswith(("owner=", "from=owner")) for each in folds(page))
        assert fits(page)
        page.select_option("#then-by", "country")
        link = page.url
        assert "token" not in link
        page.goto("about:blank")
        page.goto(link)
        page.wait_for_selector("html.drawn")
        assert (page.input_value("#group-by"), page.input_value("#then-by")) == ("owner", "country")


def test_a_finding_is_opened_and_its_flow_removed_by_keys_alone(browser: Browser, retailer: str) -> None:
    with opened(browser, retailer) as page:
        before = figures(page)
        tab_to(page, EXPIRED)
        page.keyboard.press("Enter")
        tab_to(page, ".group [data-finding]")
        page.keyboard.press("Enter")
        assert with_class(page, "glow")
        tab_to(page, '[aria-label^="Remove flow"]')
        page.keyboard.press("Enter")
        settled(page)
        assert "resolved" in figures(page)
        page.keyboard.press("Control+z")
        settled(page)
        assert figures(page) == before


def with_a_group_open(page: Page) -> None:
    page.locator("g.box.folded").first.click()


def with_a_finding_chosen(page: Page) -> None:
    page.locator(EXPIRED).first.click()
    page.locator(".group [data-finding]").first.click()


@pytest.mark.parametrize("state", [with_a_group_open, with_a_finding_chosen], ids=lambda each: each.__name__)
def test_axe_finds_nothing(browser: Browser, retailer: str, state: Any) -> None:
    with opened(browser, retailer) as page:
        state(page)
        assert_accessible(page)
