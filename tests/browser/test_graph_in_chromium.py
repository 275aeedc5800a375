"""The interactive page of `graph` in a real browser: from the disk, by pointer and by keyboard, in both themes and widths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.large_estate import estate
from tests.builders import write
from tests.chromium import assert_accessible, launched
from tests.cli.calling import caller
from tests.web.browsing import NARROW, WIDE

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
    page.wait_for_selector("html.ready")


def ids(page: Page, which: str) -> set[str]:
    found: list[str] = page.eval_on_selector_all(which, "all => all.map(each => each.getAttribute('data-id'))")
    return set(found)


def focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.getAttribute('data-id')")
    return found


def smallest(page: Page, which: str) -> float:
    """The size in pixels of the smallest text that shows."""
    return float(
        page.eval_on_selector_all(
            which,
            """all => Math.min(...all.filter(each => getComputedStyle(each).display !== "none").map(each =>
                parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getScreenCTM().a))""",
        )
    )


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "400"])
def test_the_example_opens_with_every_system_so_that_it_can_be_read(
    browser: Browser, draw: Callable[..., str], size: dict[str, int]
) -> None:
    with opened(browser, draw(*BROKEN), size) as page:
        ready(page)
        assert len(ids(page, "g.box")) == 38
        assert smallest(page, "g.box text:not(.below)") >= 10.9
        assert smallest(page, "g.arrow text") >= 7.9
        wide = page.evaluate("[document.getElementById('canvas').scrollWidth, canvas.clientWidth, innerWidth]")
        assert size is NARROW or wide[0] == wide[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= wide[2]


def test_what_flows_carry_shows_when_it_is_near_and_of_violations_always(
    browser: Browser, draw: Callable[..., str]
) -> None:
    def shown(page: Page) -> set[str]:
        visible = "all => all.filter(e => e.checkVisibility()).map(e => e.parentNode.getAttribute('data-id'))"
        return set(page.eval_on_selector_all("g.arrow .what", visible))

    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        assert shown(page) == ids(page, "g.arrow")
        page.click("#farther")
        path = {"audience-feed", "audience-upload"}
        far = shown(page)
        assert path & far
        assert far == ids(page, "g.arrow.violation")
        page.click("#nearer")
        assert shown(page) == ids(page, "g.arrow")


def test_a_finding_lights_up_its_path(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.click("#list")
        page.click("#findings button")
        assert ids(page, "g.box:not(.pale)") == {"browser", "mailer", "audience_builder", "audiences"}
        assert ids(page, "g.arrow.lit") == ids(page, "g.arrow.violation")
        page.keyboard.press("Escape")
        assert ids(page, "g.pale") == set()


def test_what_is_chosen_is_told_with_its_flows(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.click('g.box[data-id="support_desk"]')
        told = page.locator("#told").inner_text()
        assert "contact_forms → support_desk" in told
        assert "form-ticket: email_address, name, phone_number, support_issue for customer_service" in told
        assert "audiences" in ids(page, "g.box.pale")
        page.click("#close")
        assert page.locator("#side").is_hidden()


def test_the_filter_leaves_what_has_the_words(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        page.fill("#words", "hashed_email")
        assert ids(page, "g.arrow:not(.pale)") == {"audience-upload"}
        page.fill("#words", "")
        page.check("#bad")
        assert ids(page, "g.arrow:not(.pale)") == ids(page, "g.arrow.violation")


def test_500_systems_open_folded_by_party_and_unfold_by_keyboard(
    browser: Browser, draw: Callable[..., str], large: Path
) -> None:
    with opened(browser, draw(large, "--policy", "iapmo.privacy")) as page:
        ready(page)
        assert all(each.endswith("/*") for each in ids(page, "g.box"))
        assert 4 <= len(ids(page, "g.box")) <= 12
        assert ids(page, "g.arrow.violation")
        page.focus("g.box[tabindex='0']")
        for _ in range(20):
            page.keyboard.press("ArrowUp")
        for _ in range(20):
            page.keyboard.press("ArrowDown" if focused(page) != "us/*" else "Shift")
        assert focused(page) == "us/*"
        page.keyboard.press("Enter")
        assert page.input_value("#view") == "party:us"
        single = {each for each in ids(page, "g.box") if not each.endswith("/*")}
        assert single
        assert focused(page) in ids(page, 'g.box[data-lane="us"]')
        page.keyboard.press("u")
        assert page.input_value("#view") == "parties"
        assert focused(page) == "us/*"


def test_500_systems_a_finding_unfolds_what_it_speaks_of(
    browser: Browser, draw: Callable[..., str], large: Path
) -> None:
    with opened(browser, draw(large, "--policy", "iapmo.privacy"), NARROW) as page:
        ready(page)
        page.click("#list")
        buttons = page.locator("#findings button")
        assert buttons.count() > 5
        for number in range(5):
            buttons.nth(number).click()
            lit = ids(page, "g.box.chosen")
            assert lit
            assert not any(each.endswith("/*") for each in lit)


def test_it_is_walked_by_keyboard_alone(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        for _ in range(12):
            page.keyboard.press("Tab")
            if focused(page):
                break
        first = focused(page)
        assert first
        page.keyboard.press("ArrowRight")
        second = focused(page)
        assert second not in (None, first)
        page.keyboard.press("f")
        assert focused(page) in ids(page, "g.arrow")
        page.keyboard.press("Enter")
        assert "→" in page.locator("#told").inner_text()
        page.keyboard.press("F")
        page.keyboard.press("Escape")
        assert ids(page, "g.pale") == set()
        page.keyboard.press("Tab")
        assert focused(page) is None


def test_without_scripts_the_picture_is_there_with_what_flows_carry(browser: Browser, draw: Callable[..., str]) -> None:
    with opened(browser, draw(*BROKEN), java_script_enabled=False) as page:
        assert page.locator("#canvas g.box").count() == 38
        assert page.locator("#canvas g.arrow .what").first.is_visible()
        assert page.locator("#filter").is_hidden()
        assert page.locator(".keys").is_hidden()


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
        page.click("#list")
        page.locator("#findings button").first.click()
        page.click("g.box >> nth=0")
        assert page.title() != "pwned"
        assert page.locator("img").count() == 0


def as_it_opens(page: Page) -> None:
    assert page.locator("g.box").count() > 0


def with_a_box_chosen(page: Page) -> None:
    page.focus("g.box[tabindex='0']")
    page.keyboard.press("Enter")


def with_a_finding_followed(page: Page) -> None:
    page.click("#list")
    page.click("#findings button")


def with_parties_folded(page: Page) -> None:
    page.select_option("#view", "parties")


@pytest.mark.parametrize(
    "state",
    [as_it_opens, with_a_box_chosen, with_a_finding_followed, with_parties_folded],
    ids=lambda each: each.__name__,
)
def test_axe_finds_nothing(browser: Browser, draw: Callable[..., str], state: Callable[[Page], None]) -> None:
    with opened(browser, draw(*BROKEN)) as page:
        ready(page)
        state(page)
        assert_accessible(page)
