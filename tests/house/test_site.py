"""The site: it is built without a warning, has every page, and needs nothing from another host."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page

from docs.build import COPIED, ROOT, build
from tests.chromium import found_by_axe, launched

VISITED = (
    "",
    "dsl/tutorial/",
    "dsl/language/",
    "dsl/manifest/",
    "docs/command-line/",
    "dsl/messages/",
    "docs/glossary/",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    assert build(folder) == 0, "a warning, such as a dead link, stops the build"
    return folder / "site"


def _html(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text(encoding="utf-8")


def _addresses(page: str) -> set[str]:
    """What a browser loads for a page: not what its links lead to."""
    loaded = re.findall(r"<(?:script|img|iframe|link|source|video|audio|embed|object)\b[^>]*>", page)
    return {address for tag in loaded for address in re.findall(r'(?:src|href|data|srcset)="([^"]*)"', tag)}


def test_each_page_is_in_it(site: Path) -> None:
    pages = {path.relative_to(ROOT) for pattern in COPIED for path in ROOT.glob(pattern) if path.suffix == ".md"}
    written = {site / (path.parent if path.stem == "README" else path.with_suffix("")) / "index.html" for path in pages}
    assert {path for path in written if not path.is_file()} == set()


def test_each_page_can_be_reached_from_the_navigation(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    links = {
        (site / link / "index.html").resolve() for link in re.findall(r'<a href="([^"#]*)" class="md-nav__link', page)
    }
    expected = {path.resolve() for path in site.rglob("index.html")} - {(site / "index.html").resolve()}
    assert {path.relative_to(site.resolve()).as_posix() for path in expected - links} == set()


def test_each_link_leads_to_a_file(site: Path) -> None:
    dead = set()
    for name, page in _html(site):
        for link in re.findall(r'<a\b[^>]*\bhref="([^"#?]+)', page) if name != "404.html" else ():
            target = (site / name).parent / unquote(link)
            if not re.match(r"\w+:", link) and not (target / "index.html").is_file() and not target.is_file():
                dead.add((name, link))
    assert dead == set()


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    outside = {
        (name, each) for name, page in _html(site) for each in _addresses(page) if re.match(r"(?:\w+:)?//", each)
    }
    assert outside == set()
    style = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"""(?:@import|url\()\s*["']?(?:https?:)?//[^)"']*""", style) == []
    drawn = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.svg"))
    assert re.findall(r"""(?:href|src)=["'](?:https?:)?//[^"']*""", drawn) == []


def test_each_page_forbids_the_browser_to_ask_another_host(site: Path) -> None:
    policies = {
        name: re.findall('http-equiv="Content-Security-Policy" content="([^"]*)"', page) for name, page in _html(site)
    }
    assert {name for name, found in policies.items() if len(found) != 1} == set()
    assert {each for found in policies.values() for each in found if "//" in each or "*" in each} == set()


def test_examples_show_their_verdict_and_pictures_say_what_they_show(site: Path) -> None:
    page = (site / "dsl" / "language" / "index.html").read_text(encoding="utf-8")
    assert {"violation", "undetermined", "compliant"} <= set(re.findall(r"verdict-(\w+)", page))
    pictures = re.findall(r'<img alt="([^"]*)" src="([^"]*\.svg)#only-(light|dark)"', page)
    assert len(pictures) >= 12
    assert all(" to " in words for words, _, _ in pictures)
    assert all((site / "dsl" / "language" / address).resolve().is_file() for _, address, _ in pictures)
    assert "```" not in page


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, color_scheme="light", viewport={"width": 1280, "height": 900})
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    found.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
    yield found
    context.close()
    assert wrong == []


def test_pages_fit_on_a_narrow_screen_and_ask_nobody_else(page: Page) -> None:
    for name in VISITED:
        page.goto(name)
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            root = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert root[0] <= root[1], (name, width)


def test_a_search_finds_a_page(page: Page) -> None:
    page.goto("", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("waiver", delay=30)
    found = page.locator('a[href*="manifest"]:visible', has_text="Waiver").first
    found.wait_for()
    found.click()
    page.wait_for_url("**/dsl/manifest/**")


def test_pictures_follow_the_theme(page: Page) -> None:
    page.goto("dsl/language/", wait_until="networkidle")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        shown = page.locator(".picture img:visible")
        assert shown.count() >= 6
        assert {each.get_attribute("src").split("#only-")[1] for each in shown.all()} == {scheme}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["docs/glossary/", "dsl/lints/no-clause/"])
def test_a_page_is_accessible(page: Page, name: str) -> None:
    page.goto(name, wait_until="networkidle")
    assert found_by_axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(page, "color-contrast", "link-in-text-block") == []
