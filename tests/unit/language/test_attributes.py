from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from privacy_rules.vocabulary.attributes import BUILT_IN, Attribute, Entity, Form, Type
from privacy_rules.vocabulary.values import UNLIMITED, Duration
from tests.builders import policy_of
from tests.unit.language.policies import errors_of, under, wrong

RULE = "\nrule r { forbid flow }"


def attribute(declared: str, entity: Entity = Entity.FLOW, name: str = "a") -> Attribute:
    return policy_of(f"use std.core\n{declared}{RULE}").attributes[entity, name]


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("flag", Type(Form.FLAG)),
        ("number", Type(Form.NUMBER)),
        ("duration", Type(Form.DURATION)),
        ("date", Type(Form.DATE)),
        ("text", Type(Form.TEXT)),
        ("one of region", Type(Form.ONE, "region")),
        ("set of data", Type(Form.SET, "data")),
        ("set of text", Type(Form.TEXTS)),
    ],
)
def test_a_type_is_read(written: str, type_: Type) -> None:
    found = attribute(f"attribute a on flow: {written}")
    assert (found.type, found.default) == (type_, None)
    assert str(found.span) == "policy.privacy:2:11"


@pytest.mark.parametrize(
    ("written", "default"),
    [
        ("flag default yes", True),
        ("flag default no", False),
        ("number default -1.5", Decimal("-1.5")),
        ("duration default 2 years", Duration(2, "year")),
        ("duration default unlimited", UNLIMITED),
        ("date default 2026-11-01", date(2026, 11, 1)),
        ('text default "a \\"b\\" \\\\ \\n"', 'a "b" \\ \n'),
        ("one of region default US", "us"),
        ("set of right default (deletion, access, access)", ("access", "deletion")),
        ("set of right default access", ("access",)),
        ('set of text default ("b", "a")', ("a", "b")),
    ],
)
def test_a_default_is_read(written: str, default: object) -> None:
    assert attribute(f"attribute a on flow: {written}").default == default


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("flag default maybe", "E108", "maybe"),
        ('flag default "yes"', "E108", '"yes"'),
        ("number default 2 years", "E108", "2 years"),
        ("number default many", "E108", "many"),
        ("number default " + "1" * 31, "E113", "1" * 31),
        ("duration default 2", "E108", "2"),
        ("duration default 2 yaers", "E113", "2 yaers"),
        ("duration default 1.5 years", "E113", "1.5 years"),
        ("date default 2026-02-30", "E113", "2026-02-30"),
        ("date default 2026-2-3", "E113", "2026-2-3"),
        ('text default ("a")', "E108", '("a")'),
        ("one of region default (us)", "E108", "(us)"),
        ("one of region default 5", "E108", "5"),
        ("one of region default nowhere", "E105", "nowhere"),
        ('one of region default "us"', "E108", '"us"'),
        ("set of right default (access, 5)", "E108", "5"),
        ("set of right default ((access))", "E108", "(access)"),
        ("set of text default (a)", "E108", "a"),
        ("one of nothing", "E105", "nothing"),
        ("one of text", "E105", "text"),
    ],
)
def test_what_does_not_fit_the_type_is_reported(written: str, code: str, words: str) -> None:
    assert wrong(f"use std.core\nattribute a on flow: {written}{RULE}") == [(code, words)]


def test_a_misspelt_unit_is_reported_with_the_one_that_is_near() -> None:
    assert errors_of("attribute a on flow: duration default 2 yaers" + RULE)[0].help == "did you mean `years`?"


def test_one_declaration_may_name_several_entities() -> None:
    policy = policy_of("attribute a on party, system, flow, contract, organisation: flag" + RULE)
    assert all((entity, "a") in policy.attributes for entity in Entity)
    assert set(policy.attributes) > set(BUILT_IN)


def test_declared_again_alike_an_attribute_adds_entities() -> None:
    policy = policy_of("attribute a on flow: flag default no\nattribute a on party, flow: flag default no" + RULE)
    assert policy.attributes[Entity.PARTY, "a"].default is False
    assert str(policy.attributes[Entity.FLOW, "a"].span) == "policy.privacy:1:11"


@pytest.mark.parametrize("second", ["text", "flag", "flag default yes"])
def test_declared_again_otherwise_an_attribute_clashes(second: str) -> None:
    (found,) = errors_of(f"attribute a on flow: flag default no\nattribute a on party: {second}{RULE}")
    assert (found.code, under(found), str(found.also[0])) == ("E104", "a", "policy.privacy:1:11")


def test_a_built_in_attribute_may_be_added_to_another_entity_alike() -> None:
    policy = policy_of("attribute retention on contract: duration\nattribute from on system: date" + RULE)
    assert policy.attributes[Entity.CONTRACT, "retention"].span is not None
    assert policy.attributes[Entity.SYSTEM, "from"].type.form is Form.DATE


def test_a_built_in_attribute_declared_again_alike_stays_built_in() -> None:
    assert policy_of("attribute notice on flow: flag" + RULE).attributes[Entity.FLOW, "notice"].span is None


@pytest.mark.parametrize(
    "clash",
    [
        "notice on flow: text",
        "notice on flow: flag default yes",
        "notice on system: text",
        "role on party: set of role",
        "retention on contract: duration default 1 year",
    ],
)
def test_a_built_in_attribute_declared_otherwise_clashes(clash: str) -> None:
    (found,) = errors_of(f"attribute {clash}{RULE}")
    assert (found.code, under(found)) == ("E104", clash.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "name", ["data", "purpose", "source", "recipient", "under", "reached", "collected", "covers", "not", "id"]
)
def test_attributes_and_defines_cannot_have_reserved_names(name: str) -> None:
    assert wrong(f"attribute {name} on flow: flag{RULE}") == [("E104", name)]
    assert wrong(f"define {name} as notice{RULE}") == [("E104", name)]


def test_attributes_and_defines_share_one_space_of_names() -> None:
    assert wrong("attribute a on flow: flag\ndefine a as notice" + RULE) == [("E104", "a")]
    assert wrong("define country as notice" + RULE) == [("E104", "country")]


def test_a_define_named_twice_is_reported_with_the_first_place() -> None:
    (found,) = errors_of("define a as notice\ndefine a as necessary" + RULE)
    assert (found.code, str(found.span), str(found.also[0])) == ("E104", "policy.privacy:2:8", "policy.privacy:1:8")


def test_uses_of_a_wrong_attribute_are_not_reported() -> None:
    text = "attribute a on flow: one of nothing\nattribute a on flow: flag\nrule r { forbid flow when a is b and system.a }"
    assert [code for code, _ in wrong(text)] == ["E105"]
