"""A page in a real browser, served by the real command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Page

from privacy_rules.web.guard import TOKEN_HEADER
from tests.running import running

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 400, "height": 800}


@contextmanager
def explorer(*words: str | Path, folder: Path) -> Iterator[str]:
    """The address of a server that `explore` runs in a folder, and ends when it is interrupted."""
    with running(["explore", *map(str, words), "--no-browser"], folder) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        address = server.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:"), server.stderr.read()
            yield address
        finally:
            _idle(address)
            server.send_signal(signal.SIGINT)
            code = server.wait(20)
        told = server.stderr.read()
        assert (code, told) == (0, "serving on this machine only; press Ctrl+C to stop\n"), (code, told)


def _idle(address: str) -> None:
    """Wait until the server has answered what a closed page has asked: it answers one request after the other."""
    place, _, token = address.partition("#token=")
    with suppress(OSError), urlopen(Request(f"{place}session", headers={TOKEN_HEADER: token}), timeout=60) as answer:
        answer.read()


@contextmanager
def opened(
    browser: Browser, address: str, size: dict[str, int] = WIDE, theme: Any = "light", context: Any = None
) -> Iterator[Page]:
    """The page, drawn. Whatever goes wrong in it, and whatever it asks of another host, fails the test."""
    own = context or browser.new_context(viewport=size, color_scheme=theme, accept_downloads=True)  # type: ignore[arg-type]
    page, wrong = own.new_page(), []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "console",
        lambda told: (
            wrong.append(f"{told.type}: {told.text}")
            if told.type in ("error", "warning") and "status of 422" not in told.text
            else 0
        ),
    )
    host = address.split("/")[2]
    page.on(
        "request",
        lambda asked: wrong.append(asked.url) if not asked.url.startswith((f"http://{host}/", "blob:")) else 0,
    )
    page.goto(address)
    page.wait_for_selector("html.drawn", timeout=30_000)
    yield page
    assert wrong == []
    page.close()
    if context is None:
        own.close()


def settled(page: Page) -> None:
    """Waits until what was asked of the server is shown."""
    page.wait_for_selector("html:not(.busy)")


_SEEN = """() => {
    const stage = document.getElementById("graph").getBoundingClientRect();
    const at = ({ left, top, width, height }) => ({ x: left + width / 2 - stage.left, y: top + height / 2 - stage.top, width, height });
    const shown = (each) => [...each.querySelectorAll("text")].filter((one) => one.checkVisibility()).map((one) => one.textContent);
    const boxes = [...document.querySelectorAll("g.box")].map((each) => [
        each.dataset.systems ? `system:${JSON.parse(each.dataset.systems)[0]}` : `fold:${each.dataset.id}`,
        { classes: each.getAttribute("class").split(" "), label: shown(each), ...at(each.getBoundingClientRect()) }]);
    const arrows = [...document.querySelectorAll("g.arrow")].flatMap((each) => {
        const line = each.querySelector("path:not(.hit, .head)"), spot = line.getPointAtLength(line.getTotalLength() - 6);
        const { x, y } = spot.matrixTransform(line.getScreenCTM()), told = { classes: each.getAttribute("class").split(" "), label: shown(each), x: x - stage.left, y: y - stage.top };
        return JSON.parse(each.dataset.flows).map((flow) => [`flow:${flow}`, told]);
    });
    return Object.fromEntries([...boxes, ...arrows]);
}"""


def seen(page: Page) -> dict[str, Any]:
    """The boxes and the arrows of each flow, by id: their classes, their words that show, and where they are in the stage."""
    found: dict[str, Any] = page.evaluate(_SEEN)
    return found


def with_class(page: Page, name: str) -> set[str]:
    return {key for key, each in seen(page).items() if name in each["classes"]}


def click_in_graph(page: Page, key: str) -> None:
    """Scroll to a box or to the head of an arrow, and click there."""
    spot = seen(page)[key]
    page.evaluate(
        "([x, y]) => { const stage = document.getElementById('graph'); stage.scrollBy(x - stage.clientWidth / 2, y - stage.clientHeight / 2); }",
        [spot["x"], spot["y"]],
    )
    spot, box = seen(page)[key], page.locator("#graph").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
