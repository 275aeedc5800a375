"""The cookbook says what holds: each entry is kept, broken and left open as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.pages import VERDICTS, Example, examples, hold

PAGE = Path(__file__).parents[2] / "dsl" / "cookbook.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = examples(PAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_entry_has_the_verdict_that_it_says(example: Example, tmp_path: Path) -> None:
    hold(example, tmp_path)


def test_each_entry_is_kept_broken_and_left_open() -> None:
    entries = {each.name: {other.expected for other in EXAMPLES if other.name == each.name} for each in EXAMPLES}
    assert {name for name, verdicts in entries.items() if verdicts != set(VERDICTS)} == set()
    assert len(entries) == len(re.findall("^## ", TEXT, re.MULTILINE))


def test_the_contents_lead_to_every_entry() -> None:
    headings = re.findall("^## (.*)$", TEXT, re.MULTILINE)
    links = re.findall(r"\]\(#([^)]*)\)", TEXT)
    assert links == [heading.lower().replace(" ", "-") for heading in headings]
