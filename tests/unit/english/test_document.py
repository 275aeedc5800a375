"""What a document says beside its sentences."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.english.document import all_but, document
from tests.builders import policy_of
from tests.unit.language.policies import WORLD

NAMES = ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("some", "every", "told"),
    [
        (NAMES, NAMES, ("every thing", ())),
        (("a", "b", "c"), NAMES, ("every thing but", ("d",))),
        (("a", "b"), NAMES, ("", ("a", "b"))),
        (("a",), ("a",), ("", ("a",))),
    ],
)
def test_a_long_list_is_said_by_what_it_lacks(
    some: tuple[str, ...], every: tuple[str, ...], told: tuple[str, tuple[str, ...]]
) -> None:
    assert all_but(some, every, "thing") == told


def test_the_day_is_said_only_where_rules_begin_or_cease() -> None:
    day = date(2026, 6, 15)
    assert document(policy_of(WORLD + "rule r { forbid flow }"), day).day is None
    assert document(policy_of(WORLD + "rule r { applies from 2027-01-01 forbid flow }"), day).day == day


def test_each_meaning_of_a_defined_name_is_reported_once() -> None:
    text = """define known as kind is declared and owner is declared
    define idle as notice
    rule a { forbid system when known }
    rule b { require known on storage of card }
    rule c { forbid disclosure to (not not known) }"""
    found = document(policy_of(WORLD + text), date(2026, 6, 15))
    assert [(each.name, each.of) for each in found.definitions] == [
        ("known", "the recipient's system"),
        ("known", "the system"),
    ]
    assert found.unused == ("idle",)
