"""`site`: all registers as one static site, in folders of all kinds."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from tests.builders import edit, write
from tests.cli.calling import Call

CALL = ("--manifest", "estate.yaml", "--policy", "acme.privacy")
_HREF = re.compile(r'href="([^"]*)"')


def files_in(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_every_link_leads_to_a_line_that_exists(acme: Path, call: Call) -> None:
    done = call("site", "out/site", *CALL)
    assert (done.code, done.err) == (0, "")
    site, texts = acme / "out" / "site", dict[Path, str]()
    assert {"index.html", "vendors.html", "data-map-email.html", "files/processing.xlsx"} <= files_in(site)
    links = 0
    for page in site.rglob("*.html"):
        for link in _HREF.findall(page.read_text(encoding="utf-8")):
            path, _, line = unquote(link).partition("#")
            target = (page.parent / path).resolve()
            assert target.is_file(), (page, link)
            if line:
                text = texts.setdefault(target, target.read_text(encoding="utf-8"))
                assert f'id="{line}"' in text, (page, link)
                links += 1
    assert links > 100
    book = load_workbook(site / "files" / "vendors.xlsx")
    cell = book.worksheets[0][2][-1]
    assert cell.hyperlink.target.replace("\\", "/") == "../sources/1-estate-yaml.html"
    assert cell.value == f"estate.yaml:{cell.hyperlink.location.removeprefix('L')}"
    assert "<script" not in re.sub(r"<script></script>", "", (site / "index.html").read_text(encoding="utf-8"))


def test_a_site_is_updated_and_pages_that_are_no_longer_made_go(acme: Path, call: Call) -> None:
    assert call("site", "site", *CALL).code == 0
    before = files_in(acme / "site")
    write("site/mine.txt", "mine")
    edit("estate.yaml", "carries: [hash]", "carries: [card]")
    assert call("site", "site", *CALL).code == 0
    after = files_in(acme / "site")
    assert before - after == {"data-map-hash.html"}
    assert after - before == {"data-map-card.html", "mine.txt"}


def test_with_links_the_manifests_are_left_out(acme: Path, call: Call) -> None:
    assert call("site", "site", *CALL, "--link", "https://example.org/{file}#L{line}").code == 0
    assert not (acme / "site" / "sources").exists()
    assert 'href="https://example.org/estate.yaml#L8"' in (acme / "site" / "vendors.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("made", "folder", "told"),
    [
        ("other/file.txt", "other", "is not empty"),
        ("other/site.json", "other", "is not empty"),
        ("file", "file", "is not a folder"),
        ("file", "file/site", "file/site"),
    ],
)
def test_a_folder_of_something_else_is_left_alone(acme: Path, call: Call, made: str, folder: str, told: str) -> None:
    write(made, "[]")
    before = files_in(acme)
    done = call("site", folder, *CALL)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert files_in(acme) == before


def test_a_file_of_somebody_else_in_a_site_is_not_overwritten(acme: Path, call: Call) -> None:
    assert call("site", "site", *CALL).code == 0
    write("site/data-map-card.html", "mine")
    edit("estate.yaml", "carries: [hash]", "carries: [card]")
    done = call("site", "site", *CALL)
    assert (done.code, "no earlier site wrote it" in done.err) == (2, True)
    assert (acme / "site" / "data-map-card.html").read_text(encoding="utf-8") == "mine"


def test_if_the_input_is_wrong_no_folder_is_made(acme: Path, call: Call) -> None:
    edit("estate.yaml", "carries: [hash]", "carries: [hsah]")
    assert call("site", "site", *CALL).code == 2
    assert not (acme / "site").exists()
