"""A page in a real browser, served by the real command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

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
            server.send_signal(signal.SIGINT)
            code = server.wait(20)
        told = server.stderr.read()
        assert (code, told) == (0, "serving on this machine only; press Ctrl+C to stop\n"), (code, told)


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


def seen(page: Page) -> dict[str, Any]:
    """What the graph shows, by id."""
    found: dict[str, Any] = page.evaluate("import('/page/js/graph.js').then((graph) => graph.seen())")
    return found


def with_class(page: Page, name: str) -> set[str]:
    return {key for key, each in seen(page).items() if name in each["classes"]}


def click_in_graph(page: Page, key: str) -> None:
    spot, box = seen(page)[key], page.locator("#graph").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
