"""A fingerprint is of rule, subject and verdict, and of nothing else."""

from __future__ import annotations

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.fingerprint import LENGTH, fingerprint
from privacy_rules.language.subject_kinds import Kind
from tests.unit.findings.building import judgement, reported, rule, shop

BASE = ("no_selling", "flow", "crm-to-broker", "violation")


def test_a_fingerprint_is_pinned_so_that_baselines_outlive_releases() -> None:
    assert fingerprint(*BASE) == "d829652d79555d2e9088b46527403bb3"


def test_each_of_the_four_makes_a_difference() -> None:
    others = [tuple(f"{each}x" if number == place else each for number, each in enumerate(BASE)) for place in range(4)]
    assert len({fingerprint(*each) for each in [BASE, *others]}) == 5


def test_what_belongs_to_one_part_cannot_pass_as_another() -> None:
    assert fingerprint("a", "b", "c", "d") != fingerprint("a", "bc", "", "d")


def test_unrelated_edits_leave_a_fingerprint_alone() -> None:
    before = judgement(rule(line=3), Kind.FLOW, "crm-to-broker", ("email", None, Verdict.VIOLATION))
    after = judgement(
        rule(line=9, title="Said otherwise"), Kind.FLOW, "crm-to-broker", ("name", "x", Verdict.VIOLATION)
    )
    (one,), (other,) = reported(before).findings, reported(after, estate=shop().build()).findings
    assert one.fingerprint == other.fingerprint


def test_an_id_that_utf_8_cannot_hold_has_one_too() -> None:
    assert len(fingerprint("r", "flow", "\ud800", "violation")) == LENGTH
