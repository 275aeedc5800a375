"""Edits of the example policy: `diff` has the right answer about each, and the page says which and why."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from privacy_rules.analysis.policy_comparison import Example, PolicyDifference, compare
from privacy_rules.analysis.search import No
from privacy_rules.language.policy import Policy
from privacy_rules.reports.diff.material_change import material, wanted
from privacy_rules.reports.diff.sentences import sentence
from tests.builders import policy_of, write

HOME = Path(__file__).parents[2] / "examples" / "iapmo"
DAY = date(2026, 11, 1)
CHANGES = yaml.safe_load((HOME / "changes" / "changes.yaml").read_text(encoding="utf-8"))
WAYS = ("looser", "stricter")
HEAD = """\
# Edits of the policy, and what they mean

Each row is an edit of [iapmo.privacy](../iapmo.privacy), with the answer of `privacy-rules diff` about the whole policy. The edits are in
[changes.yaml](changes.yaml); `tests/examples/test_iapmo_changes.py` makes them, compares, and writes this table. Examples are about a rule that changed: other rules may still forbid what it allows.

| edit | answer | for example, by a changed rule | why that is right |
| --- | --- | --- | --- |
"""


def text() -> str:
    return (HOME / "iapmo.privacy").read_text(encoding="utf-8")


@cache
def edited(number: int) -> Policy:
    changed = text()
    for old, new in CHANGES[number]["replace"]:
        assert old in changed, old
        changed = changed.replace(old, new)
    return policy_of(changed)


@cache
def compared(number: int) -> PolicyDifference:
    return compare(policy_of(text()), edited(number), DAY)


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=[each["name"] for each in CHANGES])
def test_an_edit_has_the_right_answer(number: int) -> None:
    change: dict[str, Any] = CHANGES[number]
    found = compared(number)
    assert {each.name: each.difference.word for each in found.rules if each.difference.word != "equivalent"} == change[
        "rules"
    ]
    assert found.whole.word == change["policy"]
    renamed = {each.before.name: each.name for each in found.rules if each.status == "renamed" and each.before}
    assert renamed == change.get("renamed", {})
    assert [each.name for each in found.words] == change.get("words", [])
    assert No.NOT_PROVED not in [
        getattr(each, way) for each in (found.whole, *(rule.difference for rule in found.rules)) for way in WAYS
    ]


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=[each["name"] for each in CHANGES])
def test_an_edit_waits_for_a_notice_if_more_is_collected_used_disclosed_or_kept(number: int) -> None:
    """As clause 38 says of the gate; what the organisation does for itself needs no notice."""
    new, change = edited(number), CHANGES[number]
    found = material(compared(number), wanted((), new), policy_of(text()), new)
    looser = {name for name, answer in change["rules"].items() if answer in ("looser", "both")}
    needs_notice = looser - {"employees_are_trained"} if change["policy"] in ("looser", "both") else set()
    assert {each.split(" is looser on ")[0] for each in found} == needs_notice


def test_the_page_has_every_edit_with_its_answer() -> None:
    rows = []
    for number, change in enumerate(CHANGES):
        rules = [each.difference for each in compared(number).rules] if change["policy"] != "equivalent" else []
        found = [[each for rule in rules if isinstance(each := getattr(rule, way), Example)][:1] for way in WAYS]
        examples = [sentence(each, DAY) for answers in found for each in answers]
        rows.append(f"| {change['name']} | {change['policy']} | {'<br>'.join(examples)} | {change['why']} |\n")
    page, made = HOME / "changes" / "README.md", HEAD + "".join(rows)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        write(page, made)
    assert page.read_text(encoding="utf-8") == made


def test_there_are_enough_edits_of_every_answer() -> None:
    answers = [each["policy"] for each in CHANGES]
    assert len(answers) >= 25
    assert set(answers) == {"equivalent", "looser", "stricter", "both"}
