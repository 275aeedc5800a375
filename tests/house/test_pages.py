"""All pages together: their links lead somewhere, and what they say is the same everywhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from privacy_rules import engine
from tests.builders import write
from tests.house.pages import Example, examples, hold, policies

ROOT = Path(__file__).parents[2]
CANNOT_BE_SAID = ROOT / "docs" / "cannot-be-said.md"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "dsl").glob("*.md")),
    *sorted((ROOT / "dsl" / "lints").glob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    *(ROOT / "dsl" / name for name in ("conformance/README.md", "editors/vscode/README.md")),
]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@cache
def _text(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


@cache
def _anchors(page: Path) -> set[str]:
    """The anchors of a page: those of its headings, as GitHub makes them, and those that it sets itself."""
    headings = re.findall(r"^#+ (.*)$", _text(page), re.MULTILINE)
    made = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    return (
        made | set(re.findall(r'<a id="([\w-]+)"></a>', _text(page))) | set(re.findall(r"\{#([\w-]+)\}", _text(page)))
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_to_a_file_and_to_an_anchor_in_it(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", _text(page))):
        if re.match(r"https?://|mailto:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


@pytest.mark.parametrize("example", examples(CANNOT_BE_SAID), ids=str)
def test_the_nearest_rule_has_the_verdict_that_the_page_says(example: Example, tmp_path: Path) -> None:
    hold(example, tmp_path)


@pytest.mark.parametrize(("name", "code", "text"), policies(CANNOT_BE_SAID))
def test_what_cannot_be_said_is_refused(name: str, code: str | None, text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "policy.privacy", text)
    policy, wrong = engine.load_policy([path], root=tmp_path)
    assert (policy is None) == (code is not None), wrong
    assert {each.code for each in wrong if each.level == "error"} == ({code} if code else set())
    assert code or name in {example.name for example in examples(CANNOT_BE_SAID)}, "an example without a manifest"


def test_the_glossary_has_each_term_once() -> None:
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| ([^|]+?) \|$", GLOSSARY, re.MULTILINE)
    terms = [term.strip() for each, _ in rows if each not in ("term", "---") for term in each.split(",")]
    assert len(terms) > 80
    assert len(set(terms)) == len(terms)
    assert all(source for _, source in rows)
