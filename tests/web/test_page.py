"""The page, driven in a real browser: what an architect does on it, by mouse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from privacy_rules.web.session import Asked, Session
from tests.builders import write
from tests.web.browsing import NARROW, WIDE, click_in_graph, explorer, opened, seen, settled, with_class

PATH = {"flow:newsletter-signup", "flow:audience-input", "flow:audience-upload"}
FINDING = '[data-finding="no_selling_through_others system audiences"]'


def figures(page: Page) -> str:
    return " / ".join(page.locator("#summary .figure").all_inner_texts())


def goes(page: Page) -> list[str]:
    return page.locator("li.card.goes [data-finding]").evaluate_all("all => all.map((each) => each.dataset.finding)")


def comes(page: Page) -> list[str]:
    return page.locator("li.card.comes [data-finding]").evaluate_all("all => all.map((each) => each.dataset.finding)")


def saved(page: Page, name: str) -> Any:
    text = saved_text(page, name)
    return json.loads(text) if text.startswith("[") else yaml.safe_load(text)


def saved_text(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).first.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_a_violation_is_clicked_its_path_seen_the_flow_cut_undone_and_saved(
    browser: Browser, address: str, hashed: Session, size: dict[str, int]
) -> None:
    with opened(browser, address, size) as page:
        assert figures(page) == "1 violation / 0 undetermined"
        assert with_class(page, "violation") >= {*PATH, "system:audiences"}
        page.click(FINDING)
        assert with_class(page, "glow") == {
            *PATH,
            *(f"system:{each}" for each in ("browser", "mailer", "audience_builder", "audiences")),
        }
        card = page.locator("li.card.open")
        for told in (
            "role",
            "advertiser, service_provider",
            "Contact information is not for sale",
            "Remove one flow on the path",
        ):
            assert told in card.inner_text()
        page.get_by_role("button", name="Remove flow audience-upload").click()
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        assert goes(page) == ["no_selling_through_others system audiences"]
        assert with_class(page, "violation") == set()
        assert with_class(page, "cut") == {"flow:audience-upload"}
        page.click("#undo")
        settled(page)
        assert figures(page) == "1 violation / 0 undetermined"
        assert with_class(page, "violation") >= PATH
        page.click("#redo")
        settled(page)
        page.click("#tab-changes")
        changes = [{"remove": {"flow": "audience-upload"}}]
        assert saved(page, "Save what-if as a change set in YAML") == changes
        assert saved(page, "Save what-if as a change set in JSON") == changes
        patch = saved_text(page, "Save what-if as a patch to the manifests")
        assert patch == hashed.patch(Asked(changes))
        assert hashed.judge(Asked(changes)).report.findings == ()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_what_is_clicked_in_the_graph_is_opened_to_be_edited(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        click_in_graph(page, "system:audiences")
        assert page.locator('[data-key="system audiences"]').get_attribute("aria-expanded") == "true"
        assert "chosen" in seen(page)["system:audiences"]["classes"]
        click_in_graph(page, "flow:audience-upload")
        assert page.locator('[data-key="flow audience-upload"]').get_attribute("aria-expanded") == "true"


def test_flows_are_labelled_by_data_and_purpose_and_parties_are_groups(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        found = seen(page)
        assert found["flow:audience-upload"]["label"] == ["hashed_email", "interest_assessment"]
        assert found["system:audiences"]["label"] == ["An advertising platform", "audiences"]
        assert "The IAPMO Group" in page.locator("g.lane text").all_text_contents()


def test_another_role_changes_verdicts_at_once(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.select_option('[data-key="section"]', "parties")
        page.click('[data-key="party ad_platform"]')
        page.get_by_role("button", name="Remove advertiser from role of party ad_platform").click()
        settled(page)
        assert figures(page) == "0 violations / 0 undetermined / 1 resolved"
        field = page.get_by_label("Add to role of party survey_firm")
        page.click('[data-key="party survey_firm"]')
        field.fill("marketer")
        field.press("Enter")
        settled(page)
        page.click("#tab-findings")
        assert any(each.startswith("no_selling_through_others") for each in comes(page))
        page.click("#tab-changes")
        assert saved(page, "Save what-if as a change set in YAML") == [
            {"set": {"party": "ad_platform", "role": ["service_provider"]}},
            {"set": {"party": "survey_firm", "role": ["service_provider", "marketer"]}},
        ]


def test_a_contract_is_ended_and_an_attribute_made_unknown_and_undeclared(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.select_option('[data-key="section"]', "contracts")
        page.click('[data-key="contract learning-terms"]')
        page.click('[data-key="end learning-terms"]')
        settled(page)
        assert "violation" in figures(page)
        page.get_by_label("allows_onward of contract learning-terms", exact=True).select_option(label="unknown")
        settled(page)
        page.get_by_role("button", name="Make covers.purposes of contract learning-terms undeclared").click()
        settled(page)
        page.click("#tab-changes")
        assert saved(page, "Save what-if as a change set in JSON") == [
            {"set": {"contract": "learning-terms", "until": "2026-11-01"}},
            {"set": {"contract": "learning-terms", "allows_onward": None}},
            {"set": {"contract": "learning-terms", "covers": {"data": ["course_record", "email_address", "name"]}}},
        ]


def test_a_flow_is_added_and_seen(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.click('[data-key="add flow"]')
        page.locator('[data-key="new id"]').fill("to-the-magazine")
        page.select_option('[data-key="new from"]', "mailer")
        page.select_option('[data-key="new to"]', "magazine_desk")
        carries = page.get_by_label("Add to carries of the new flow")
        carries.fill("email_address")
        carries.press("Enter")
        page.click('[data-key="new add"]')
        settled(page)
        assert "new" in seen(page)["flow:to-the-magazine"]["classes"]
        page.click("#tab-findings")
        assert any("to-the-magazine" in each for each in comes(page))
        page.click("#tab-changes")
        (change,) = saved(page, "Save what-if as a change set in YAML")
        assert change == {
            "add": {
                "flow": {"id": "to-the-magazine", "from": "mailer", "to": "magazine_desk", "carries": ["email_address"]}
            }
        }


def test_the_day_is_moved_and_contracts_expire(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("button", name="To the next day on which a verdict changes").click()
        settled(page)
        assert page.locator("#day-field").input_value() == "2027-01-01"
        assert any("contracted_processors_only" in each for each in comes(page))
        page.locator("#day-slider").fill(page.locator("#day-slider").get_attribute("max") or "")
        expect(page.locator("#day-field")).to_have_value(re.compile("^20(2[7-9]|[3-9])"))
        expect(page.locator("#view h3", has_text="New with the changes")).to_be_attached()
        page.get_by_role("button", name="Reset").click()
        settled(page)
        assert figures(page) == "1 violation / 0 undetermined"


def test_what_the_server_refuses_is_reported_and_taken_back(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click("#tab-estate")
        page.select_option('[data-key="section"]', "systems")
        page.click('[data-key="system shop"]')
        field = page.get_by_label("retention of system shop", exact=True)
        field.fill("a while")
        with page.expect_response(lambda answer: answer.status == 422):
            field.press("Tab")
        page.wait_for_selector("#trouble:not([hidden])")
        assert "write one such as `2 years`" in page.locator("#trouble").inner_text()
        assert page.get_by_label("retention of system shop", exact=True).input_value() == "3 years"
        assert page.locator("#undo").is_disabled()


def test_filters_leave_out_what_does_not_fit(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.select_option('[data-key="filter party"]', "court")
        assert page.locator("[data-finding]").count() == 0
        assert "unfit" in seen(page)["flow:checkout"]["classes"]
        page.get_by_role("button", name="Clear filters").click()
        page.select_option('[data-key="filter data"]', "contact_information")
        assert page.locator("[data-finding]").count() == 1
        assert "unfit" not in seen(page)["flow:newsletter-signup"]["classes"]
        page.select_option('[data-key="filter verdict"]', "undetermined")
        assert page.locator("[data-finding]").count() == 0
        page.select_option('[data-key="filter verdict"]', "violation")
        page.select_option('[data-key="filter rule"]', "no_selling")
        assert page.locator("[data-finding]").count() == 0
        page.select_option('[data-key="filter rule"]', "")
        page.select_option('[data-key="filter purpose"]', "payment")
        assert "unfit" in seen(page)["flow:audience-upload"]["classes"]
        assert (
            "unfit" not in seen(page)["flow:newsletter-signup"]["classes"]
            or page.locator("[data-finding]").count() == 0
        )
        page.select_option('[data-key="filter purpose"]', "")
        page.locator('[data-key="filter words"]').fill("audience")
        assert page.locator("[data-finding]").count() == 1


def test_without_the_token_the_page_says_what_to_do(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address.partition("#")[0])
    page.wait_for_selector("#trouble:not([hidden])")
    assert "Open the address" in page.locator("#trouble").inner_text()
    context.close()


def test_the_whole_reason_and_the_rules_are_at_hand(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.click(FINDING)
        page.click('[data-key="explain"]')
        page.wait_for_selector(".tree li")
        assert "would pass if" in page.locator(".tree").inner_text()
        page.click("#tab-rules")
        page.click('[data-key="rule no_selling_through_others"]')
        assert "Contact information is not for sale" in page.locator("li.card.open").inner_text()
        assert with_class(page, "glow") >= PATH


TITLE = "document.title='pwned'"
ATTACKS = (
    f"<script>{TITLE}</script>",
    f'"><img src=x onerror="{TITLE}">',
    f"<svg onload={TITLE}>",
    f"javascript:{TITLE}",
    "__proto__",
    "constructor",
)


def test_markup_in_names_is_only_text(browser: Browser, tmp_path: Path) -> None:
    parties = {each: {"role": "marketer", "name": each, "owner": each} for each in ATTACKS}
    systems = {each: {"party": each, "owner": each} for each in ATTACKS}
    flows = [
        {"id": f"{each} ", "from": "browser", "to": each, "carries": ["email_address"], "owner": each}
        for each in ATTACKS
    ]
    manifest = {
        "manifest": 1,
        "name": ATTACKS[1],
        "policy": ["p.privacy"],
        "parties": {**parties, "people": {"role": "data_subject"}},
        "systems": {**systems, "browser": {"party": "people"}},
        "flows": flows,
    }
    write(tmp_path / "estate.json", json.dumps(manifest))
    policy = 'policy p {{ language "1.0" }}\nuse std.core\ndata {{ email_address }}\nrule r {{ title "{0}" cites "{0}" hint "{0}" forbid flow of email_address to marketer }}\n'
    write(tmp_path / "p.privacy", policy.format("<b onclick=document.title='pwned'>"))
    with explorer("estate.json", folder=tmp_path) as address, opened(browser, address) as page:
        for each in ATTACKS:
            assert f"system:{each}" in seen(page)
        for tab in ("findings", "rules", "estate", "changes"):
            page.click(f"#tab-{tab}")
            for head in page.locator("#view .card .head").all()[:3]:
                head.click()
                settled(page)
        page.click("#tab-findings")
        page.click("[data-finding] >> nth=0")
        page.get_by_role("button", name="Remove flow").first.click()
        settled(page)
        page.click("#tab-changes")
        assert saved(page, "Save what-if as a change set in YAML")[0]["remove"]["flow"].rstrip() in ATTACKS
        assert page.title() != "pwned"
        assert page.locator("#view img, #view svg, #view script, #view b[onclick], #top img, #filters img").count() == 0
