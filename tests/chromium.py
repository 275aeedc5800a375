"""The browser that pages are tested in, the one that the machine has, and what holds of every page in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
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
    "--disable-sync",
    "--no-first-run",
)
"""It draws by itself, and calls nobody."""


def chromium() -> str:
    """Where the browser is. A test that has none is left out, in CI it fails."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        message = "no chromium is installed (on Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, running."""
    where = chromium()
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        yield found
        found.close()


def assert_accessible(page: Page) -> None:
    """Fails where axe-core finds anything in the page as it is, in its light or its dark theme. It was opened light."""
    light = ground(page)
    assert found_by_axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert ground(page) != light
    assert found_by_axe(page) == []


def found_by_axe(page: Page) -> list[tuple[str, str, str]]:
    """What axe-core finds in the page as it is: the check, the element, and how to fix it."""
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    return [(each["id"], node["html"][:150], node["failureSummary"]) for each in found for node in each["nodes"]]


def ground(page: Page) -> str:
    """The colour that the page stands on."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
