"""The page without a mouse: whatever it offers is reached with Tab and keys alone."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.web.browsing import opened, seen, settled, with_class
from tests.web.test_page import figures

_MOST = 400
_IS_SEEN = """() => {
    const here = document.activeElement, shape = here.querySelector(":scope > rect, :scope > path:not(.hit)");
    return here.matches("g") ? parseFloat(getComputedStyle(shape).strokeWidth) === 4 : getComputedStyle(here).outlineStyle !== "none";
}"""


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Goes on with Tab until what is wanted has the focus; that it is seen to have it is asked, too."""
    for _ in range(_MOST):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            assert page.evaluate(_IS_SEEN), f"the focus on {selector} is not seen"
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached")


def test_a_finding_is_opened_its_flow_cut_and_that_undone(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        tab_to(page, "[data-finding]")
        page.keyboard.press("Enter")
        assert "flow:audience-upload" in with_class(page, "glow")
        tab_to(page, '[aria-label="Remove flow audience-upload"]')
        page.keyboard.press("Enter")
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        page.keyboard.press("Control+z")
        settled(page)
        assert figures(page) == "1 violation / 0 undetermined"
        page.keyboard.press("Control+y")
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"


def test_a_role_is_changed_a_scenario_kept_and_saved(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        tab_to(page, "#tab-findings")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == "tab-estate"
        tab_to(page, '[data-key="section"]')
        page.keyboard.press("p")  # parties
        tab_to(page, '[data-key="party ad_platform"]')
        page.keyboard.press("Enter")
        tab_to(page, '[data-key="role of party ad_platform advertiser"]')
        page.keyboard.press("Enter")
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        tab_to(page, "#tab-estate", "Shift+Tab")
        page.keyboard.press("ArrowRight")
        tab_to(page, '[data-key="keep name"]')
        page.keyboard.type("no advertiser")
        page.keyboard.press("Enter")
        assert "no advertiser" in page.locator("#view").inner_text()
        tab_to(page, '[data-key="yaml what-if"]')
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "what-if.yaml"


def test_the_day_is_moved_by_arrow_keys(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.wait_for_selector("#day-slider:enabled")
        tab_to(page, "#day-slider")
        before = page.locator("#day-field").input_value()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#summary .figure.delta")
        settled(page)
        assert (before, page.locator("#day-field").input_value()) == ("2026-11-01", "2027-01-01")
        assert page.evaluate("document.activeElement.id") == "day-slider"


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.dataset.id")
    return found


def test_the_graph_is_walked_and_something_in_it_chosen(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        tab_to(page, "g.box")
        visited = set[str | None]()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
            visited.add(focused(page))
        assert len(visited) > 3
        assert all(f"system:{each}" in seen(page) for each in visited)
        page.wait_for_timeout(150)
        assert focused(page) in page.locator("#told").inner_text()
        assert focused(page) in page.locator("#pointed").inner_text()
        page.keyboard.press("f")
        assert page.evaluate("document.activeElement.matches('g.arrow')")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.matches('g.arrow.chosen')")
        tab_to(page, "g.arrow", "Shift+Tab")
        page.keyboard.press("Escape")
        assert with_class(page, "pale") == set()
        assert page.evaluate("document.activeElement.matches('g.arrow')")
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#graph svg')"), "the picture is one stop"


def test_a_party_is_folded_and_unfolded_by_a_key(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        tab_to(page, "g.box")
        while (
            f"system:{focused(page)}" in seen(page) and page.evaluate("document.activeElement.dataset.lane") != "iapmo"
        ):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("x")
        page.wait_for_selector('g.box.folded[data-id="party=iapmo;"]:focus')
        assert "system:shop" not in seen(page)
        assert "system:inbox" in seen(page)
        page.keyboard.press("x")
        page.wait_for_selector('g.box[data-id="shop"]')
        page.keyboard.press("u")
        page.wait_for_selector("#folding:has-text('Fold all')")
        assert len([each for each in seen(page) if each.startswith("system:")]) == 38


def test_the_filter_is_a_key_away(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.keyboard.press("/")
        page.keyboard.type("nothing of the kind")
        assert page.locator("[data-finding]").count() == 0
        assert page.locator('[data-key="filter words"]').input_value() == "nothing of the kind"
