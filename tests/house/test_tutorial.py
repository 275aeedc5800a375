"""The tutorial says what holds: each clause is kept, broken and left open as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from privacy_rules import engine
from privacy_rules.testing.loading import load
from privacy_rules.testing.mutating import mutate
from privacy_rules.testing.running import run
from tests.house.pages import VERDICTS, Example, examples, hold

PAGE = Path(__file__).parents[2] / "dsl" / "tutorial.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = examples(PAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_clause_has_the_verdict_that_it_says(example: Example, tmp_path: Path) -> None:
    hold(example, tmp_path)


def test_each_clause_with_a_rule_is_kept_broken_and_left_open() -> None:
    clauses = {each.name: {other.expected for other in EXAMPLES if other.name == each.name} for each in EXAMPLES}
    assert len(clauses) == 8
    assert {name for name, verdicts in clauses.items() if verdicts != set(VERDICTS)} == set()


def test_the_nine_clauses_are_cited_or_accounted_for() -> None:
    quoted = re.findall(r"^> (\d)\. ", TEXT, re.MULTILINE)
    assert quoted == [str(number) for number in range(1, 10)]
    cited = set(re.findall(r'^  cites "#(\d)"|^clause "#(\d)"', TEXT, re.MULTILINE))
    assert {one or other for one, other in cited} == set(quoted)


def _whole_policy(folder: Path) -> Path:
    blocks = re.findall(r"^```privacy ([^\n]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    whole = "\n".join(text for about, text in blocks if about != "example=processors")
    (folder / "shop.privacy").write_text(whole, encoding="utf-8")
    return folder / "shop.privacy"


def _block(about: str) -> str:
    (found,) = re.findall(rf"^```yaml {about}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_tests_pass_and_would_notice_another_boundary(tmp_path: Path) -> None:
    _whole_policy(tmp_path)
    (tmp_path / "small-shop.yaml").write_text(_block("prelude"), encoding="utf-8")
    (tmp_path / "shop.tests.yaml").write_text(_block("tests"), encoding="utf-8")
    loaded, wrong, _ = load([tmp_path / "shop.tests.yaml"], root=tmp_path)
    assert loaded is not None, wrong
    results, wrong = run(loaded)
    assert results is not None, wrong
    assert [each.case.name for each in results if not each.passed] == []
    assert "two_years: `retention <= 2 years` with `<`" not in {each.name for each in mutate(loaded.cases).survivors}


def test_the_rules_together_are_one_policy(tmp_path: Path) -> None:
    policy, wrong = engine.load_policy([_whole_policy(tmp_path)])
    assert policy is not None, wrong
    assert len(policy.rules) == 8
