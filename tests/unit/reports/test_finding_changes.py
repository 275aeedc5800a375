"""What of a finding that stays is new, gone, or judged or waived otherwise."""

from __future__ import annotations

import pytest

from privacy_rules.checking.judgements import JudgedPair
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.reports.finding_changes import change_words, difference_document, difference_words
from privacy_rules.simulation.finding_delta import FindingChange

FLOW = Subject(Kind.FLOW, "parcels")


def part(said: str) -> JudgedPair:
    """`email/billing`, `email/billing?` (undetermined), `email/billing*` (waived), `email+card` (joined)."""
    waived, unsure = said.endswith("*"), said.rstrip("*").endswith("?")
    data, _, purpose = said.rstrip("*?").partition("/")
    one, _, other = data.partition("+")
    verdict = Verdict.UNDETERMINED if unsure else Verdict.VIOLATION
    joined = (one, other) if other else None
    return JudgedPair(None if joined else data or None, purpose or None, verdict, joined, waived)


def change(before: str, after: str) -> FindingChange:
    return FindingChange("a", FLOW, *(_finding(tuple(map(part, each.split()))) for each in (before, after)))


def _finding(judged: tuple[JudgedPair, ...]) -> Finding | None:
    verdict = max((each.verdict for each in judged), default=None)
    return verdict and Finding("a", verdict, "error", FLOW, "", "", judged)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("email/billing", "email/billing email/treatment", "now also for treatment"),
        ("email/billing name/billing", "name/billing", "no longer email"),
        ("email/billing", "name/billing", "now also name; no longer email"),
        ("email/billing", "email/billing name/research", "now also name for research"),
        ("email/billing name/billing", "email/billing name/billing name/research", "now also name for research"),
        ("email/billing name/research", "email/research name/billing", "now also email for research and name for billing; no longer email for billing and name for research"),
        ("email/billing", "email/billing name/billing email/ads name/ads", "now also name and for ads"),
        ("email/billing", "email/billing name/billing?", "now also name (undetermined)"),
        ("email/billing? name/billing?", "email/billing name/billing?", "now a violation: email for billing"),
        ("email/billing name/billing", "email/billing name/billing*", "now waived: name for billing"),
        ("email* name", "email name", "no longer waived: email"),
        ("email", "email email+card", "now also email with card"),
        ("email/", "email/billing", "now also for billing; no longer for an unknown purpose"),
    ],
)  # fmt: skip
def test_what_is_new_and_what_is_gone_is_reported(before: str, after: str, told: str) -> None:
    assert difference_words(change(before, after)) == told


@pytest.mark.parametrize(("before", "after"), [("a/b?", "a/b"), ("", "a/b"), ("a/b", "")])
def test_nothing_is_added_where_the_verdicts_say_it_all(before: str, after: str) -> None:
    found = change(before, after)
    assert difference_words(found) == ""
    assert change_words(found) == found.words


def test_the_verdicts_come_before_what_differs() -> None:
    assert change_words(change("a/b", "a/b a/c")) == "violation -> violation, now also for c"


def test_many_are_counted() -> None:
    assert difference_words(change("a", " ".join("abcdefghij"))) == "now also b, c, d, e, f, g and 3 more"


def test_as_data_each_pair_has_its_state_before_and_after() -> None:
    assert difference_document(change("a/b c/b", "a/b* d/b?")) == {
        "words": "now also d (undetermined); no longer c; now waived: a for b",
        "pairs": [
            {
                "data": "a",
                "purpose": "b",
                "before": {"verdict": "violation", "waived": False},
                "after": {"verdict": "violation", "waived": True},
            },
            {"data": "c", "purpose": "b", "before": {"verdict": "violation", "waived": False}, "after": None},
            {"data": "d", "purpose": "b", "before": None, "after": {"verdict": "undetermined", "waived": False}},
        ],
    }
    assert difference_document(change("", "a/b")) is None
