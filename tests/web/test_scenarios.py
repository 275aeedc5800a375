"""What is tried out on the page is kept: scenarios side by side, links and files that hold the state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import WIDE, explorer, opened, settled, with_class
from tests.web.exploring import HOME
from tests.web.test_page import FINDING, figures, saved_text

SHARED = "Save as a file"


def remove_upload(page: Page) -> None:
    page.click("#tab-findings")
    page.click(FINDING)
    page.get_by_role("button", name="Remove flow audience-upload").click()
    settled(page)


def kept(page: Page, name: str) -> None:
    """Keep what is tried out as a scenario, and go back to the start."""
    page.click("#tab-changes")
    page.locator('[data-key="keep name"]').fill(name)
    page.locator('[data-key="keep"]').click()
    page.locator('[data-key="reset"]').click()
    settled(page)


def set_field(page: Page, section: str, entity: str, label: str, value: str) -> None:
    page.click("#tab-estate")
    page.select_option('[data-key="section"]', section)
    page.click(f'[data-key="{entity}"]')
    page.get_by_label(label, exact=True).select_option(value)
    settled(page)


def test_scenarios_are_kept_compared_and_tried_again(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        remove_upload(page)
        page.click("#tab-changes")
        page.locator('[data-key="keep name"]').fill("no upload")
        page.locator('[data-key="keep"]').click()
        page.locator('[data-key="reset"]').click()
        settled(page)
        assert figures(page) == "1 violation / 0 undetermined"
        page.locator('[data-key="compare"]').click()
        page.wait_for_selector("#comparison tbody tr")
        (row,) = page.locator("#comparison tbody tr").all_inner_texts()
        assert row.split("\t")[1:] == ["violation", "–"]
        page.get_by_role("button", name="Try no upload").click()
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"


def test_a_link_holds_the_state(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    with opened(browser, address, context=context) as page:
        assert "token" not in page.url
        remove_upload(page)
        page.select_option('[data-key="filter party"]', "ad_platform")
        page.get_by_role("button", name="To the next day on which a verdict changes").click()
        settled(page)
        link = page.url
        state = figures(page)
    assert "token" not in link
    with opened(browser, link, context=context) as other:
        assert figures(other) == state
        assert other.locator("#day-field").input_value() == "2027-01-01"
        assert other.locator('[data-key="filter party"]').input_value() == "ad_platform"
        assert other.locator("li.card.open [data-finding]").count() == 1
        assert with_class(other, "cut") == {"flow:audience-upload"}
    context.close()


@pytest.mark.parametrize("shared", ["%%%", "bm8", "eyJjaGFuZ2VzIjpbeyJyZW1vdmUiOnsiZmxvdyI6Im5vbmUifX1dfQ"])
def test_a_link_that_is_broken_leaves_the_start(browser: Browser, address: str, shared: str) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}&s={shared}")
    page.wait_for_selector("html.drawn")
    assert figures(page) == "1 violation / 0 undetermined"
    context.close()


def test_four_scenarios_are_compared_and_only_what_differs_is_shown(browser: Browser, address: str) -> None:
    sale = ("flows", "flow agency-answer", "exchange of flow agency-answer")
    with opened(browser, address) as page:
        remove_upload(page)
        kept(page, "no upload")
        set_field(page, *sale, "sale")
        kept(page, "sold")
        remove_upload(page)
        set_field(page, *sale, "sale")
        kept(page, "both")
        page.locator('[data-key="compare"]').click()
        page.wait_for_selector("#comparison tbody tr")
        names = [each.split(" ")[0].strip() for each in page.locator("#comparison thead th").all_inner_texts()]
        rows = [each.split("\t")[1:] for each in page.locator("#comparison tbody tr").all_inner_texts()]
    assert names == ["Finding", "without", "no", "sold", "both"]
    assert ["violation", "–", "violation", "–"] in rows
    assert ["–", "–", "violation", "violation"] in rows
    assert all(len(set(row)) > 1 for row in rows)


def test_a_field_from_defaults_says_so_and_is_set_for_one_flow(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.select_option('[data-key="section"]', "flows")
        page.click('[data-key="flow newsletter-signup"]')
        field = page.locator(".field", has=page.get_by_label("exchange of flow newsletter-signup", exact=True))
        assert "manifest default" in field.inner_text()
        page.get_by_label("exchange of flow newsletter-signup", exact=True).select_option("sale")
        settled(page)
        assert "manifest default" not in field.inner_text()
        assert "was none" in field.inner_text()
        page.click("#tab-changes")
        patch = saved_text(page, "Save what-if as a patch to the manifests")
    changed = [each for each in patch.splitlines() if each.startswith(("+", "-")) and each[:3] not in ("+++", "---")]
    assert changed == ["+    exchange: sale"]


def test_a_file_holds_the_state_for_another_explorer(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address) as page:
        remove_upload(page)
        page.get_by_role("button", name="To the next day on which a verdict changes").click()
        settled(page)
        kept_figures = figures(page)
        page.click("#tab-changes")
        text = saved_text(page, SHARED)
    assert "token" not in text
    assert json.loads(text)["changes"] == [{"remove": {"flow": "audience-upload"}}]
    file = tmp_path / "explore.json"
    file.write_text(text, encoding="utf-8")
    with (
        explorer("estate.yaml", "variants/hashed-audience.yaml", folder=HOME) as elsewhere,
        opened(browser, elsewhere) as page,
    ):
        page.click("#tab-changes")
        page.locator('[data-key="open state"]').set_input_files(file)
        page.wait_for_function("() => document.getElementById('day-field').value === '2027-01-01'")
        settled(page)
        assert figures(page) == kept_figures
        assert with_class(page, "cut") == {"flow:audience-upload"}


@pytest.mark.parametrize("text", ["", "[]", "null", "no JSON"])
def test_a_file_that_is_no_state_is_refused(browser: Browser, address: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "explore.json"
    file.write_text(text, encoding="utf-8")
    with opened(browser, address) as page:
        before = figures(page)
        page.click("#tab-changes")
        page.locator('[data-key="open state"]').set_input_files(file)
        page.wait_for_selector("#trouble:not([hidden])")
        assert "does not hold the state of an explorer" in page.locator("#trouble").inner_text()
        assert figures(page) == before
