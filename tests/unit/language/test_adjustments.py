"""`use … { without …  severity … }`: what the policy has, wherever it says so. What it means for verdicts is in the conformance cases."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from privacy_rules.language.loader import load
from tests.builders import write
from tests.cli.calling import Call

PACK = """
data { x }
rule a { forbid flow of x }
rule b { forbid flow of x }
rule p { permit flow of x despite a }
rule q { permit flow of x despite a, b }
"""
OWN = "rule own { forbid flow of x }\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("pack.privacy", PACK)


def _rules(*files: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    policy, found = load([Path(each) for each in files])
    assert policy is not None, found
    return {each.name: (each.severity, each.despite) for each in policy.rules}


def test_a_permit_that_lifts_only_what_is_left_out_is_left_out_too() -> None:
    write("a.privacy", f'use "pack.privacy" {{ without a "why" }}\n{OWN}')
    assert _rules("a.privacy") == {"b": ("error", ()), "own": ("error", ()), "q": ("error", ("b",))}


def test_the_order_of_files_and_lines_means_nothing() -> None:
    write("a.privacy", f'use "pack.privacy" {{ without a "why" }}\n{OWN}')
    write("b.privacy", 'use "pack.privacy" {\n  severity note for b\n  without a, p, q "why"\n}')
    write("c.privacy", 'use "pack.privacy" {\n  without a "another"\n  severity note for b\n}')
    orders = {tuple(_rules(*files).items()) for files in permutations(("a.privacy", "b.privacy", "c.privacy"))}
    assert orders == {(("own", ("error", ())), ("b", ("note", ())), ("q", ("error", ("b",))))}


def test_a_file_that_the_call_names_is_taken_whole() -> None:
    write("a.privacy", 'use "pack.privacy" { without a, b "why" }')
    assert set(_rules("a.privacy", "pack.privacy")) == {"a", "b", "p", "q"}


def test_files_that_use_each_other_in_a_circle_leave_out_what_no_way_brings() -> None:
    write("a.privacy", f'use "b.privacy" {{ without a "why" }}\n{OWN}')
    write("b.privacy", 'use "pack.privacy"\nuse "a.privacy"')
    assert "a" not in _rules("a.privacy")
    write("b.privacy", 'use "pack.privacy"\nuse "a.privacy" { without own "why" }')
    assert set(_rules("a.privacy")) == {"own", "b", "q"}


def test_a_policy_knows_what_it_leaves_out_and_why() -> None:
    write("a.privacy", f'use "pack.privacy" {{ without a, b "our\\nreason" }}\n{OWN}')
    policy, _ = load([Path("a.privacy")])
    assert policy is not None
    said = [(each.rule, each.reason, str(each.span)) for each in policy.left_out]
    assert said == [("a", "our\nreason", "a.privacy:1:30"), ("b", "our\nreason", "a.privacy:1:33")]


def test_a_permit_of_ones_own_may_go_on_naming_a_rule_that_is_left_out() -> None:
    write("a.privacy", 'use "pack.privacy" { without a, p, q "why" }\nrule mine { permit flow despite a, b }')
    assert _rules("a.privacy") == {"b": ("error", ()), "mine": ("error", ("b",))}


def test_what_is_left_out_must_still_be_right() -> None:
    write("pack.privacy", "rule a { forbid flow of nothing }")
    write("a.privacy", f'use "pack.privacy" {{ without a "why" }}\n{OWN}')
    assert [each.code for each in load([Path("a.privacy")])[1]] == ["E105", "E105"]


def test_a_file_that_is_missing_is_the_only_error() -> None:
    write("a.privacy", f'use "absent.privacy" {{ without a "why" }}\n{OWN}')
    assert [each.code for each in load([Path("a.privacy")])[1]] == ["E112"]


MANIFEST = "manifest: 1\nsystems: {s: {}}\nflows: [{id: f, from: s, to: s, carries: [x], purposes: [y]}]\n"


def test_the_configuration_has_the_last_word_on_a_severity(call: Call) -> None:
    write("a.privacy", 'use "pack.privacy" {\n  without p, q "why"\n  severity note for a\n}\npurpose { y }')
    write("m.yaml", MANIFEST)
    write("privacy-rules.toml", 'policy = ["a.privacy"]\nmanifests = ["m.yaml"]\nseverity = {b = "warning"}\n')
    out = call("check").out
    assert "violation[a] (note)" in out
    assert "violation[b] (warning)" in out
    write("privacy-rules.toml", 'policy = ["a.privacy"]\nmanifests = ["m.yaml"]\nseverity = {a = "warning"}\n')
    assert "violation[a] (warning)" in call("check").out


def test_lint_and_docs_see_the_policy_as_adjusted(call: Call) -> None:
    write("a.privacy", f'use "pack.privacy" {{ without a, p, q "we have our own" }}\n{OWN}')
    assert call("lint", "a.privacy", "pack.privacy").code in (0, 1)
    page = call("docs", "a.privacy").out
    assert "| a | we have our own |" in page
    assert "### 3." not in page
