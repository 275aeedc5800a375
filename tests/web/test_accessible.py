"""axe-core finds nothing in the page: in both themes and widths, with everything in it opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import assert_accessible, ground
from tests.web.browsing import opened, settled
from tests.web.test_page import FINDING


def as_it_comes(page: Page) -> None:
    assert page.locator(FINDING).count() == 1


def with_a_finding_open_and_gone(page: Page) -> None:
    page.click(FINDING)
    page.click('[data-key="explain"]')
    page.wait_for_selector(".tree li")
    page.get_by_role("button", name="Remove flow audience-upload").click()
    settled(page)


def with_verdicts_of_all_kinds(page: Page) -> None:
    page.click("#tab-estate")
    page.select_option('[data-key="section"]', "parties")
    page.click('[data-key="party ad_platform"]')
    page.get_by_role("button", name="Make role of party ad_platform undeclared").click()
    settled(page)
    page.click("#tab-findings")
    assert page.locator(".badge.undetermined").count() > 0
    page.click("[data-finding] >> nth=0")


def with_a_rule_open(page: Page) -> None:
    page.click("#tab-rules")
    page.click('[data-key="rule no_selling_through_others"]')


def with_a_flow_to_edit(page: Page) -> None:
    page.click("#tab-estate")
    page.click('[data-key="flow checkout"]')


def with_a_flow_to_add(page: Page) -> None:
    page.click("#tab-estate")
    page.click('[data-key="add flow"]')


def with_a_system_to_edit(page: Page) -> None:
    page.click("#tab-estate")
    page.select_option('[data-key="section"]', "systems")
    page.click('[data-key="system shop"]')


def with_scenarios_compared(page: Page) -> None:
    with_a_finding_open_and_gone(page)
    page.click("#tab-changes")
    page.locator('[data-key="keep name"]').fill("no upload")
    page.locator('[data-key="keep"]').click()
    page.locator("#day-field").fill("2027-06-01")
    page.wait_for_selector("#day button:has-text('Reset')")
    settled(page)
    page.locator('[data-key="compare"]').click()
    page.wait_for_selector("#comparison tbody tr")


STATES = [
    as_it_comes,
    with_a_finding_open_and_gone,
    with_verdicts_of_all_kinds,
    with_a_rule_open,
    with_a_flow_to_edit,
    with_a_flow_to_add,
    with_a_system_to_edit,
    with_scenarios_compared,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    browser: Browser, address: str, state: Callable[[Page], None]
) -> None:
    with opened(browser, address) as page:
        state(page)
        assert_accessible(page, lambda: reaches_over_no_edge(page))


def reaches_over_no_edge(page: Page) -> None:
    """Check that no element reaches over the right edge of the window."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((each) => {
            const box = each.getBoundingClientRect();
            return box.width && box.right > innerWidth + 1 && !each.closest("#filters, #graph, .unseen, .skip, datalist");
        }).map((each) => each.outerHTML.slice(0, 90))"""
    )
    assert found == []


def test_the_theme_is_that_of_the_system_until_the_button_says_another(browser: Browser, address: str) -> None:
    with opened(browser, address, theme="dark") as page:
        dark = ground(page)
        page.get_by_role("button", name="Light theme").click()
        light = ground(page)
        assert light != dark
        page.reload()
        page.wait_for_selector("html.drawn")
        assert ground(page) == light
