"""Test cases, and changes of a policy, that would take too many judgements are refused unless the call limits the time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.time_limit import time_limit
from privacy_rules.testing import loader, mutation_run, runner
from privacy_rules.testing.suite import Loaded
from tests.unit.testing.building import HEAD, folder_of, loaded

TESTS = """
  - {name: as it is, mode: includes, expect: [{rule: bound, subject: letters, verdict: compliant}]}
  - {name: sold, mode: includes, changes: [{set: {flow: list, exchange: sale}}], expect: [{rule: no_sale, subject: list, verdict: violation}]}
"""


def refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        act()
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == codes.TOO_LARGE_CHECK
    assert diagnostic.help is not None
    assert "--timeout" in str(diagnostic.help)


@pytest.fixture
def cases(tmp_path: Path) -> Loaded:
    return loaded(tmp_path, TESTS)


def test_cases_with_too_many_entities_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder_of(tmp_path, HEAD + TESTS)
    monkeypatch.setattr(loader, "MOST_ENTITIES", 24)  # two cases of 12 entities each
    assert loader.load([file], root=tmp_path)[0] is not None
    monkeypatch.setattr(loader, "MOST_ENTITIES", 23)
    refused(lambda: loader.load([file], root=tmp_path), "the estates of the cases are too large: more than 23 entities")


def test_cases_with_too_many_judgements_are_refused(cases: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        runner, "MOST_JUDGED", 9 + runner.OF_FINDING
    )  # three flows by `bound` and its permit, and by `no_sale`
    assert runner.run(cases)[0] is not None
    monkeypatch.setattr(runner, "MOST_JUDGED", 8 + runner.OF_FINDING)
    refused(lambda: runner.run(cases), "the cases are too large")


def test_mutants_with_too_many_judgements_are_refused(cases: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation_run, "MOST_JUDGED", 1_000)
    refused(lambda: mutation_run.mutate(cases.cases), "the changes of the policy are too large")


def test_a_call_that_limits_its_time_may_judge_as_much_as_it_has_time_for(
    cases: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "MOST_JUDGED", 1)
    with time_limit(3600):
        assert runner.run(cases)[0] is not None
