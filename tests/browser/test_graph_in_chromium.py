"""The interactive page of `graph` in a real browser: from the disk, by pointer and by keyboard, in both themes and widths."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.large_estate import estate
from benchmarks.retailer import estate as retailer
from tests.builders import write
from tests.chromium import assert_accessible, launched
from tests.cli.calling import caller
from tests.web.browsing import NARROW, WIDE
from tests.web.test_sight import smallest_text

HOME = Path(__file__).parents[2] / "examples" / "iapmo"
BROKEN = ("estate.yaml", "variants/hashed-audience.yaml")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture
def draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Draws what the words say in the example's folder, and gives the address of the file."""

    def drawn(*words: str | Path) -> str:
        monkeypatch.chdir(HOME)
        file = tmp_path / "graph.html"
        done = caller(capfd)("graph", *words, "--format", f"html={file}")
        assert (done.code, done.err) == (0, "")
        return file.as_uri()

    return drawn


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Five hundred systems."""
    return write(tmp_path / "large.privacy.json", json.dumps(estate(1500, 500)))


@contextmanager
def opened(browser: Browser, address: str, size: Any = WIDE, theme: Any = "light", **more: Any) -> Iterator[Page]:
    """The page. Whatever goes wrong in it, and whatever it asks for but itself, fails the test."""
    own = browser.new_context(viewport=size, color_scheme=theme, **more)
    page, wrong = own.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda told: wrong.append(told.text) if told.type in ("error", "warning") else None)
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url != address else None)
    page.goto(address)
    yield page
    assert wrong == []
    own.close()


def ready(page: Page) -> None:
    page.wait_for_selector("html.drawn")


def ids(page: Page, which: str) -> set[str]:
    found: list[str] = page.eval_on_selector_all(which, "all => all.map(each => each.getAttribute('data-id'))")
    return set(found)


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.getAttribute('data-id')")
    return found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_the_file_is_the_explorers_page_without_what_needs_a_server(
    browser: Browser, draw: Callable[..., str], size: dict[str, int]
) -> None:
    with opened(browser, draw(*BROKEN), size) as page:
        ready(page)
        assert len(ids(page, "g.box")) == 38
        assert smallest_text(page) >= 8.7
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.locator("[role=tab]").all_inner_texts() == ["Findings1", "Rules", "Estate"]
        for absent in ("#undo", "#redo", "#day-slider", "#legend .k-cut"):
            assert page.locator(absent).count() == 0 or page.locator(absent).is_hidden(), absent
        page.click("[data-finding]")
        card = page.locator("li.card.open")
        assert "Contact information is not for sale" in card.inner_text()
        assert card.get_by_role("button", name="Remove").count() == 0
        assert card.get_by_role("button", name="Explain").count() == 0
        assert "privacy-rules explore" in (page.locator("#day").text_content() or "")


def test_a_finding_lights_up_its_path(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.click("[data-finding]")
        assert ids(page, "g.box:not(.pale)") == {"browser", "mailer", "audience_builder", "audiences"}
        assert ids(page, "g.arrow.lit") == ids(page, "g.arrow.violation")
        page.keyboard.press("Escape")
        assert ids(page, "g.pale") == set()


def test_what_is_chosen_is_reported_with_its_values_and_lights_up_its_flows(
    browser: Browser, draw: Callable[..., str]
) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.click('g.box[data-id="support_desk"]')
        told = page.locator("li.card.open").inner_text()
        assert re.search(r"retention\s+2 years", told)
        assert page.locator("li.card.open :is(input, select, textarea)").count() == 0
        assert "form-ticket" in ids(page, "g.arrow.lit")
        assert "audiences" in ids(page, "g.box.pale")


def test_the_filter_leaves_what_has_the_words_or_what_is_wrong(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.fill('[data-key="filter words"]', "form-ticket")
        assert ids(page, "g.arrow:not(.unfit)") == {"form-ticket"}
        page.fill('[data-key="filter words"]', "")
        page.select_option('[data-key="filter verdict"]', "any finding")
        assert ids(page, "g.arrow:not(.unfit)") == ids(page, "g.arrow.violation")


def test_the_parties_are_a_view(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.get_by_role("button", name="Fold all").click()
        assert ids(page, "g.box.folded") == {"party=iapmo;", "party=visitor;"}
        assert page.get_by_role("button", name="Usual view").is_visible()
        page.click("g.box[data-id='party=iapmo;']")
        page.wait_for_selector("g.lane[data-id='party=iapmo;']")


def test_a_part_has_only_what_is_in_it(browser: Browser, draw: Callable[..., str]) -> None:
    address = draw(*BROKEN, "--around", "system:audiences", "--steps", "1")
    with opened(browser, address) as page:
        ready(page)
        assert ids(page, "g.box") == {"audiences", "audience_builder"}
        assert page.locator("[data-finding]").count() == 0, "its path is not in this part"
        page.click("#tab-estate")
        assert page.locator("#view .title").all_inner_texts() == ["audience-upload"]
    assert "newsletter-signup" not in Path(address.removeprefix("file://")).read_text("utf-8")


def test_500_systems_open_folded_by_party_and_unfold_by_keyboard(
    browser: Browser, draw: Callable[..., str], large: Path
) -> None:
    with opened(browser, draw(large, "--policy", "iapmo.privacy")) as page:
        ready(page)
        assert 4 <= len(ids(page, "g.box")) <= 20
        assert ids(page, "g.arrow.violation")
        assert smallest_text(page) >= 9
        page.focus("g.box[tabindex='0']")
        fold = "party=us;"
        for key in ("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp"):
            for _ in range(20):
                page.keyboard.press(key if focused(page) != fold else "Shift")
        assert focused(page) == fold
        page.keyboard.press("Enter")
        page.wait_for_selector(f"g.lane[data-id='{fold}']")
        assert (focused(page) or "").startswith(fold)
        assert smallest_text(page) >= 9
        page.keyboard.press("u")
        page.wait_for_selector(f"g.box[data-id='{fold}']")


def test_500_systems_a_finding_unfolds_what_it_is_about(
    browser: Browser, draw: Callable[..., str], large: Path
) -> None:
    with opened(browser, draw(large, "--policy", "iapmo.privacy"), NARROW) as page:
        ready(page)
        for group in page.locator("[data-group]").all()[:3]:
            group.click()
        buttons = page.locator("[data-finding]")
        assert buttons.count() > 5
        for number in range(5):
            buttons.nth(number).click()
            page.wait_for_selector("g.box.lit")
            assert page.locator("g.box.lit.folded").count() == 0
            page.keyboard.press("Enter")


@pytest.mark.parametrize("count", [500, 2000])
def test_the_first_view_of_a_large_estate_fits_and_so_does_an_open_group(
    browser: Browser, draw: Callable[..., str], tmp_path: Path, count: int
) -> None:
    file = write(tmp_path / "retailer.privacy.json", json.dumps(retailer(count)))
    with opened(browser, draw(file, "--policy", HOME.parents[1] / "benchmarks" / "retailer.privacy")) as page:
        ready(page)
        for group in ("", "Retail Group"):
            if group:
                page.locator("g.box.folded", has_text=group).click()
            assert smallest_text(page) >= 9
            stage, picture = (page.locator(each).bounding_box() for each in ("#graph", "#graph svg"))
            assert stage
            assert picture
            assert picture["width"] <= stage["width"]
            assert picture["height"] <= stage["height"]


def test_without_scripts_the_picture_is_there_with_what_flows_carry(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN), java_script_enabled=False) as page:
        assert page.locator("#graph g.box").count() == 38
        assert page.locator("#graph g.arrow .what").first.is_visible()
        for absent in ("#filters", "#panel", "#share", "#zoom"):
            assert page.locator(absent).is_hidden()


def test_names_that_are_markup_stay_names(browser: Browser, draw: Callable[..., str], tmp_path: Path) -> None:
    attack = "</script><img src=x onerror=\"document.title='pwned'\">"
    file = tmp_path / "odd.privacy.json"
    systems = {f"{attack}{number}": {"party": "we"} for number in range(3)}
    names = list(systems)
    flows = [{"id": attack, "from": names[0], "to": names[1], "carries": ["email_address"], "exchange": "sale"}]
    parties = {"we": {"role": "us"}}
    body = {"manifest": 1, "as_of": "2026-11-01", "parties": parties, "systems": systems, "flows": flows}
    write(file, json.dumps(body))
    with opened(browser, draw(file, "--policy", "iapmo.privacy")) as page:
        ready(page)
        page.click("[data-finding] >> nth=0")
        page.click("g.box >> nth=0")
        assert page.title() != "pwned"
        assert page.locator("img").count() == 0


def as_it_opens(page: Page) -> None:
    assert page.locator("g.box").count() > 0


def with_a_box_chosen(page: Page) -> None:
    page.focus("g.box[tabindex='0']")
    page.keyboard.press("Enter")


def with_a_finding_open(page: Page) -> None:
    page.click("[data-finding]")


def with_parties_folded(page: Page) -> None:
    page.get_by_role("button", name="Fold all").click()


@pytest.mark.parametrize(
    "state",
    [as_it_opens, with_a_box_chosen, with_a_finding_open, with_parties_folded],
    ids=lambda each: each.__name__,
)
def test_axe_finds_nothing(browser: Browser, draw: Callable[..., str], state: Callable[[Page], None]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        state(page)
        assert_accessible(page)
