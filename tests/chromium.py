"""The browser that pages are tested in, the one that the machine has, and what holds of every page in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-software-rasterizer",
    "--disable-sync",
    "--no-first-run",
    "--num-raster-threads=1",
)
"""The browser draws by itself, does nothing besides, and sends nothing to anybody."""


def chromium() -> str:
    """The path of the browser. Without one, a test is skipped; in CI it fails."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        message = "no chromium is installed (on Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser."""
    where = chromium()
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        yield found
        found.close()


WIDTHS = (1280, 400)


def assert_accessible(page: Page, at_each_width: Callable[[], None] = lambda: None) -> None:
    """Check that axe-core finds nothing in the page as it is, and call what else has to hold at each width.

    The page was opened in its light theme and at the first width. All rules run once. In the dark theme only those of colours
    run, and at the other widths those of sizes, because nothing else depends on them.
    """
    at_each_width()
    light = ground(page)
    assert found_by_axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert ground(page) != light
    assert found_by_axe(page, "color-contrast", "link-in-text-block") == []
    for width in WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        at_each_width()
        assert found_by_axe(page, "color-contrast", "target-size", "scrollable-region-focusable") == []


def found_by_axe(page: Page, *rules: str) -> list[tuple[str, str, str]]:
    """What axe-core finds in the page as it is, by some rules or by all: the rule, the element, and how to fix it."""
    options: dict[str, object] = {"rules": {"target-size": {"enabled": True}}}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], node["html"][:150], node["failureSummary"]) for each in found for node in each["nodes"]]


def ground(page: Page) -> str:
    """The colour of the page's background."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
