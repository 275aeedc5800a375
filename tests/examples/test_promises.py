"""The catalogue of promises: its rules and cases hold, and its page is generated from them.

UPDATE_SNAPSHOTS=1 rewrites the page.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from privacy_rules.source.language_files import language_home
from tests.builders import write
from tests.cli.calling import Call, caller

HOME = Path(__file__).parents[2] / "examples" / "promises"
PAGE = HOME / "README.md"
THEMES = ("collection", "consent", "inference", "disclosure", "transfers", "retention", "rights", "security", "trust")
WORDS = {"compliant": "Kept", "violation": "Broken", "undetermined": "Open"}
PACK = (language_home() / "std" / "obligations.privacy").read_text(encoding="utf-8")
ATTRIBUTE = re.compile(r"^attribute (\w+) .*$", re.MULTILINE)
RULE = re.compile(r'^rule (\w+) \{\n  title +"([^"\n]*)"\n  cites +"([^"\n]*)"\n(.*?)^\}$', re.MULTILINE | re.DOTALL)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    return caller(capfd)


def _cases(theme: str) -> dict[str, dict[str, str]]:
    """Return the names of a theme's cases by the rule and verdict of their first expectation; of several, the first."""
    found: dict[str, dict[str, str]] = {}
    for case in yaml.safe_load((HOME / f"{theme}.tests.yaml").read_text(encoding="utf-8"))["cases"]:
        of_rule = found.setdefault(case["expect"][0]["rule"], {})
        of_rule.setdefault(case["expect"][0]["verdict"], case["name"])
    return found


def _text(theme: str) -> str:
    return (HOME / f"{theme}.privacy").read_text(encoding="utf-8")


def _title(theme: str) -> str:
    return re.findall(r'^  title +"(.*)"$', _text(theme), re.MULTILINE)[0]


def _link(theme: str) -> str:
    anchor = re.sub(r"[^\w -]", "", _title(theme)).lower().replace(" ", "-")
    return f"[{_title(theme)}](#{anchor})"


def _catalogue() -> Iterator[str]:
    yield f"Contents: {' · '.join(_link(theme) for theme in THEMES)}\n"
    for theme in THEMES:
        text = _text(theme)
        attributes = {found[1]: found[0] for found in ATTRIBUTE.finditer(text)}
        attributes |= dict.fromkeys(ATTRIBUTE.findall(PACK), "use std.obligations")
        cases = _cases(theme)
        yield f"## {_title(theme)}\n\n[{theme}.privacy]({theme}.privacy) · [{theme}.tests.yaml]({theme}.tests.yaml)\n"
        for name, promise, source, statement in RULE.findall(text):
            asked = [line for attribute, line in attributes.items() if re.search(rf"\b{attribute}\b", statement)]
            declared = "".join(f"{line}\n" for line in dict.fromkeys(asked))
            yield f"### {name.replace('_', ' ').capitalize()}\n\n> {promise} ({source})\n"
            yield f"```privacy\n{declared}rule {name} {{\n{statement}}}\n```\n"
            yield "".join(f"- *{WORDS[verdict]}*: {cases[name][verdict]}.\n" for verdict in WORDS)


def test_the_page_is_made_of_the_rules_and_their_cases() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, start, rest = text.partition("<!-- made of the rules -->\n")
    _, end, after = rest.partition("<!-- end of what is made -->\n")
    made = "".join([before, start, "\n", "\n".join(_catalogue()), "\n", end, after])
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        write(PAGE, made)
    assert start
    assert end
    assert made == PAGE.read_text(encoding="utf-8")


def test_each_policy_has_its_place_on_the_page() -> None:
    assert {path.stem for path in HOME.glob("*.privacy")} == {*THEMES, "terms"}


@pytest.mark.parametrize("theme", THEMES)
def test_each_promise_is_kept_broken_and_left_open_by_a_case(theme: str, call: Call, tmp_path: Path) -> None:
    text = _text(theme)
    names = [name for name, *_ in RULE.findall(text)]
    assert len(names) == len(re.findall("^rule ", text, re.MULTILINE))
    assert {name: set(_cases(theme)[name]) for name in names} == {name: set(WORDS) for name in names}
    outcome = call("test", HOME / f"{theme}.tests.yaml", "--coverage-format", f"json={tmp_path / 'coverage.json'}")
    assert outcome.code == 0, outcome.out
    seen = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))["rules"]
    never = {(each["name"], verdict) for each in seen for verdict, times in each["verdicts"].items() if not times}
    assert never == set(), "a case whose rule does not apply to it"


def test_few_changes_of_the_rules_go_unnoticed(call: Call, tmp_path: Path) -> None:
    """Each survivor that is accepted still survives, and at most one change in fifty survives besides."""
    survivors = HOME / "promises.survivors.yaml"
    call("test", HOME, "--mutate", "--survivors", survivors, "--format", f"json={tmp_path / 'tests.json'}")
    found = json.loads((tmp_path / "tests.json").read_text(encoding="utf-8"))["mutation"]
    assert found["stale"] == []
    assert found["summary"]["mutants"] > 1000
    assert 50 * found["summary"]["survived"] <= found["summary"]["mutants"]
