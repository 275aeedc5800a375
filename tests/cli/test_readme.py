"""What the README shows is what the reader will see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from privacy_rules.cli.main import VERBS
from tests.cli.calling import Call

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_finding_in_the_readme_is_a_real_one(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (words, shown) = re.findall(r"\$ \./try check ([^\n#]*variants[^\n]*)\n(.*?)```", README, re.DOTALL)[0]
    done = call("check", *words.split())
    assert (done.code, done.out) == (1, shown)


def test_the_rule_in_the_readme_is_in_the_example() -> None:
    (rule,) = re.findall(r"```\n(rule .*?\n\})\n```", README, re.DOTALL)
    assert rule in (ROOT / "examples" / "iapmo" / "iapmo.privacy").read_text(encoding="utf-8")


def test_every_verb_is_in_the_readme() -> None:
    assert all(f"| `{verb}" in README for verb in VERBS)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
