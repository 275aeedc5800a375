"""What the page shows stays in sight and true: filtered, in a window of another size, and after a reload."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.large_estate import estate
from tests.builders import write
from tests.web.browsing import NARROW, WIDE, explorer, opened, seen, settled, with_class
from tests.web.exploring import HOME
from tests.web.test_page import FINDING, PATH, figures

POLICY = """
policy p { language "1.0" }
use std.core
data { card name }
rule kept { title "Names stay" forbid flow of name to marketer }
rule silent { title "Cards stay" forbid flow of card to data_broker }
rule lifted { title "Cards are not for marketers" forbid flow of card to marketer }
rule sometimes { title "Cards may go" permit flow of card to marketer despite lifted }
"""
ESTATE = """
manifest: 1
policy: [p.privacy]
parties: {us: {role: us}, ads: {role: marketer}}
systems: {shop: {party: us}, books: {party: us}, board: {party: ads}}
flows:
  - {id: out, from: shop, to: board, carries: [name]}
  - {id: within, from: shop, to: books, carries: [name]}
"""


def extent(page: Page) -> tuple[float, float]:
    """How much of the stage's width and height the picture takes."""
    found: list[float] = page.evaluate(
        "() => { const [a, b] = ['#graph', '#graph svg'].map((each) => document.querySelector(each).getBoundingClientRect()); return [b.width / a.width, b.height / a.height]; }"
    )
    return found[0], found[1]


def test_a_filter_shows_how_many_findings_it_hides_and_they_stay_red(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.select_option('[data-key="filter party"]', "court")
        assert page.locator("[data-finding]").count() == 0
        assert with_class(page, "violation") >= PATH
        assert with_class(page, "aside") >= PATH
        page.click("#tab-estate")
        page.get_by_role("button", name="1 violation hidden by the filter").click()
        assert page.locator('[data-key="filter party"]').input_value() == ""
        assert "hidden" not in page.locator("#summary").inner_text()
        assert with_class(page, "aside") == set()
        page.select_option('[data-key="filter party"]', "ad_platform")
        assert "hidden" not in page.locator("#summary").inner_text()


def test_the_picture_opens_readable_and_shows_everything_when_asked(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        for size in (WIDE, NARROW, {"width": 1600, "height": 1000}):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.wait_for_timeout(200)
            assert smallest_text(page) >= 8.7, size
            assert extent(page)[0] >= 0.95
            page.get_by_role("button", name="Show everything").click()
            assert 0.85 < max(extent(page)) <= 1.01, size
            page.get_by_role("button", name="Fit to the width").click()


def smallest_text(page: Page) -> float:
    found: float = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("#graph text")].filter((each) => each.checkVisibility()).map((each) =>
            parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getScreenCTM().a))"""
    )
    return found


def test_what_is_wrong_keeps_its_words_from_afar(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("button", name="Show everything").click()
        labelled = {key for key, each in seen(page).items() if key.startswith("flow:") and each["label"]}
        assert labelled == with_class(page, "violation") - {"system:audiences"} == PATH


def test_undo_outlives_a_reload(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click(FINDING)
        page.get_by_role("button", name="Remove flow audience-upload").click()
        settled(page)
        page.get_by_role("button", name="To the next day on which a verdict changes").click()
        settled(page)
        page.click("#undo")
        settled(page)
        page.reload()
        page.wait_for_selector("html.drawn")
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        page.click("#redo")
        settled(page)
        assert page.locator("#day-field").input_value() == "2027-01-01"
        page.click("#undo")
        settled(page)
        page.click("#undo")
        settled(page)
        assert figures(page) == "1 violation / 0 undetermined"


def test_permits_are_counted_apart_and_a_rule_is_kept_only_by_what_it_applies_to(
    browser: Browser, tmp_path: Path
) -> None:
    write(tmp_path / "p.privacy", POLICY)
    write(tmp_path / "estate.yaml", ESTATE)
    with explorer("estate.yaml", folder=tmp_path) as address, opened(browser, address) as page:
        page.click("#tab-rules")
        assert page.locator("#rules-counted").inner_text() == "3 rules and 1 permit of p."
        told = {key: page.locator(f'[data-key="rule {key}"] .message').inner_text() for key in ("kept", "silent")}
        assert told == {
            "kept": "1 violation, applies to 1 flow: 0 compliant, 1 other not in scope",
            "silent": "applies to none of 2 flows",
        }
        assert re.search(r"lifts lifted", page.locator('[data-key="rule sometimes"]').inner_text())


def test_what_of_a_finding_changed_is_reported_where_its_verdict_did_not(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path / "p.privacy", f"{POLICY}purpose {{ orders ads }}\n")
    said = ESTATE.replace("carries: [name]", "carries: [name], purposes: [orders]")
    write(tmp_path / "estate.yaml", said)
    with explorer("estate.yaml", folder=tmp_path) as address, opened(browser, address) as page:
        page.click("#tab-estate")
        page.click('[data-key="flow out"]')
        page.get_by_label("Add to purposes of flow out").fill("ads")
        page.keyboard.press("Enter")
        settled(page)
        page.click("#tab-findings")
        assert page.locator(".card.changes .differs").all_text_contents() == ["now also for ads"]


def test_what_is_chosen_is_unfolded_in_a_large_estate(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path / "large.json", json.dumps(estate(450, 150)))
    words = ("large.json", "--policy", HOME / "iapmo.privacy")
    with explorer(*words, folder=tmp_path) as address, opened(browser, address) as page:
        before = {each for each in seen(page) if each.startswith("system:")}
        page.click("#tab-estate")
        page.click('[data-key="flow flow-0000000"]')
        settled(page)
        lit = {each for each in with_class(page, "lit") if each.startswith("system:")}
        assert len(lit) == 2
        assert not lit <= before
        page.click("#folding")
        page.wait_for_selector("#folding", state="hidden")
        assert {each for each in seen(page) if each.startswith("system:")} == before
