"""Two estates of one repository are two to the tools that compare reports; one estate stays one."""

from __future__ import annotations

from itertools import product

from privacy_rules.reports.estate_identity import fingerprint_in, identity, run_id


def test_an_estate_is_known_by_the_folder_of_its_configuration_and_its_names() -> None:
    assert identity("", ()) == ""
    assert identity("services/shop", ()) == "services/shop"
    assert identity("", ("Shop",)) == "name=Shop"
    assert identity("services/shop", ("Shop",)) == "services/shop/name=Shop"
    assert run_id(identity("services/shop", ("Shop",))) == "privacy-rules/services/shop/name=Shop/"


def test_the_order_of_names_does_not_matter() -> None:
    assert identity("", ("b", "a", "b")) == identity("", ("a", "b"))


def test_no_two_estates_have_one_identity() -> None:
    names = [(), ("a",), ("b",), ("a", "b"), ("a+b",), ("a/b",), ("%",), ("%25",), ("a\n",), ("a" * 101,), ("a" * 102,)]
    known = [identity(*each) for each in product(("", "a", "a/b"), names)]
    assert len(set(known)) == len(known)
    assert all(len(each) < 120 and each.isprintable() for each in known)


def test_runs_that_judge_nothing_and_runs_of_lint_are_others() -> None:
    assert len({run_id(""), run_id("", "errors"), run_id("", "lint"), run_id("a"), run_id("a", "lint")}) == 5


def test_a_fingerprint_without_an_identity_is_the_findings_own() -> None:
    own = "0" * 32
    assert fingerprint_in("", own) == own
    assert len({own, fingerprint_in("a", own), fingerprint_in("b", own)}) == 3
    assert len(fingerprint_in("\ud800", own)) == 32
