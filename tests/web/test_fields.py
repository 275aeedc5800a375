"""What is typed into a field of the page and is no known word: told at the field, kept there, and never dropped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chromium import assert_accessible
from tests.web.browsing import opened, seen, settled
from tests.web.test_accessible import reaches_over_no_edge
from tests.web.test_page import figures, saved


def new_flow(page: Page, source: str = "mailer", target: str = "magazine_desk") -> None:
    page.click("#tab-estate")
    page.click('[data-key="add flow"]')
    page.select_option('[data-key="new from"]', source)
    page.select_option('[data-key="new to"]', target)


def adding(page: Page, attribute: str) -> Locator:
    return page.get_by_label(f"Add to {attribute} of the new flow")


def told_at(page: Page, field: Locator) -> str:
    """What a field is described by, for those who cannot see."""
    assert field.get_attribute("aria-invalid") == "true"
    return page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()


@pytest.mark.parametrize(
    ("attribute", "typed", "told"), [("carries", "emial_address", "category"), ("purposes", "marketting", "purpose")]
)
def test_an_unknown_word_in_a_new_flow_is_reported_at_its_field_and_stays(
    browser: Browser, address: str, attribute: str, typed: str, told: str
) -> None:
    with opened(browser, address) as page:
        new_flow(page)
        field = adding(page, attribute)
        field.fill(typed)
        field.press("Tab")
        assert f"unknown {told} “{typed}”" in told_at(page, field)
        assert field.input_value() == typed
        expect(page.locator("#told")).to_contain_text(typed)
        page.click('[data-key="new add"]')
        assert "flow:new-flow-1" not in seen(page)
        assert page.evaluate("document.activeElement.id") == field.get_attribute("id")
        field.fill("")
        field.press("Enter")
        assert field.get_attribute("aria-invalid") is None
        page.click('[data-key="new add"]')
        settled(page)
        assert "new" in seen(page)["flow:new-flow-1"]["classes"]


def test_known_words_are_completed_and_the_nearest_one_is_offered(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        new_flow(page)
        for attribute, known in (("carries", "email_address"), ("purposes", "communications")):
            listed = page.locator(f"#{adding(page, attribute).get_attribute('list')} option")
            assert known in listed.evaluate_all("all => all.map((each) => each.value)")
        adding(page, "carries").fill("emial_adress")
        adding(page, "carries").press("Enter")
        page.get_by_role("button", name="Add email_address to carries of the new flow").press("Enter")
        assert page.locator(".new-flow .chip").all_text_contents() == ["email_address×"]
        assert adding(page, "carries").input_value() == ""
        page.locator(".new-flow .chip button").click()
        assert page.locator(".new-flow .chip").count() == 0
        adding(page, "carries").fill("emial")  # near to a part of a known word only
        adding(page, "carries").press("Enter")
        page.get_by_role("button", name="Add email_address to carries of the new flow").click()
        assert page.locator(".new-flow .chip").all_text_contents() == ["email_address×"]


def test_a_word_that_is_typed_and_not_yet_put_in_is_part_of_what_is_added(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        new_flow(page)
        adding(page, "carries").fill("email_address")
        page.click('[data-key="new add"]')
        settled(page)
        page.click("#tab-changes")
        (change,) = saved(page, "Save what-if as a change set in YAML")
        assert change["add"]["flow"]["carries"] == ["email_address"]


def test_an_id_that_is_there_already_is_reported_at_its_field_and_nothing_is_lost(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        new_flow(page)
        adding(page, "carries").fill("email_address")
        adding(page, "carries").press("Enter")
        field = page.locator('[data-key="new id"]')
        field.fill("checkout")
        page.click('[data-key="new add"]')
        assert "already exists" in told_at(page, field)
        field.fill("another")
        page.click('[data-key="new add"]')
        settled(page)
        assert "new" in seen(page)["flow:another"]["classes"]


def test_what_the_server_refuses_of_a_new_flow_is_still_filled_in(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        new_flow(page)
        adding(page, "carries").fill("email_address")
        adding(page, "carries").press("Enter")
        page.locator('[data-key="new id"]').fill("bell\u0007")
        with page.expect_response(lambda answer: answer.status == 422):
            page.click('[data-key="new add"]')
        page.wait_for_selector("#trouble:not([hidden])")
        assert page.locator('[data-key="new from"]').input_value() == "mailer"
        assert page.locator(".new-flow .chip").all_text_contents() == ["email_address×"]
        assert figures(page) == "1 violation / 0 undetermined"


def test_an_unknown_word_for_what_is_declared_already_is_reported_at_its_field(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.click('[data-key="flow checkout"]')
        field = page.get_by_label("Add to carries of flow checkout")
        field.fill("no such thing")
        field.press("Enter")
        assert "unknown category “no such thing”" in told_at(page, field)
        assert page.locator("#undo").get_attribute("aria-disabled") == "true"
        page.get_by_role("button", name="Discard no such thing from carries of flow checkout").click()
        assert field.input_value() == ""


def test_axe_finds_nothing_in_a_field_with_an_error(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.select_option('[data-key="filter party"]', "court")  # what it hides is told above
        new_flow(page)
        adding(page, "carries").fill("emial_address")
        adding(page, "carries").press("Enter")
        assert_accessible(page, lambda: reaches_over_no_edge(page))
