"""The shape of conditions, the names in them, selectors and nesting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from privacy_rules.language import policy
from privacy_rules.language.policy import Owner, Side
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import UNLIMITED, Duration
from tests.builders import policy_of
from tests.unit.language.policies import WORLD, condition, errors_of, wrong, wrong_condition

# ---- the shape of conditions


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    found = condition("not notice and vetted or necessary")
    assert isinstance(found, policy.AnyOf)
    both, necessary = found.parts
    assert isinstance(both, policy.All)
    assert isinstance(both.parts[0], policy.Negation)
    assert isinstance(necessary, policy.IsFlagged)


def test_chains_are_flat_and_parentheses_leave_no_node() -> None:
    found = condition("((notice) and (vetted and necessary) and notice)")
    assert isinstance(found, policy.All)
    assert [type(each) for each in found.parts] == [policy.IsFlagged, policy.All, policy.IsFlagged]


def test_a_condition_keeps_its_words_and_place() -> None:
    found = condition("notice   and # why\n   (exchange is\n sale)")
    assert isinstance(found, policy.All)
    assert found.text == "notice and (exchange is sale)"
    assert found.parts[1].text == "exchange is sale"
    assert (found.span.line, found.span.column, found.span.end_line) == (10, 27, 12)


# ---- tests


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("exchange is sale", policy.IsTerm, {"terms": ("sale",)}),
        ("exchange is (sale, rental, sale)", policy.IsTerm, {"terms": ("sale", "rental")}),
        ("recipient.role is us", policy.IsTerm, {"terms": ("us",)}),
        ("recipient.country is US", policy.IsTerm, {"terms": ("us",)}),
        ("carries includes email", policy.Includes, {"terms": ("email",), "every": False}),
        ("safeguards includes all (encryption, backup)", policy.Includes, {"every": True}),
        ("source.role includes us", policy.Includes, {"terms": ("us",)}),
        ('labels includes ("a", "b")', policy.Includes, {"terms": ("a", "b")}),
        ("purposes within (orders, newsletter)", policy.Within, {"terms": ("orders", "newsletter")}),
        ('tags within "a"', policy.Within, {"terms": ("a",)}),
        ("retention <= 2 years", policy.Compares, {"operator": "<=", "value": Duration(2, "year")}),
        ("retention < unlimited", policy.Compares, {"value": UNLIMITED}),
        ("recipient.seats != -1.50", policy.Compares, {"operator": "!=", "value": Decimal("-1.5")}),
        ("source.reviewed >= 2026-11-01", policy.Compares, {"value": date(2026, 11, 1)}),
        ('channel = "mail"', policy.Compares, {"operator": "=", "value": "mail"}),
        ("retention <= recipient.retention", policy.ComparesFact, {"operator": "<=", "shift": None}),
        ("source.reviewed > today", policy.ComparesFact, {"other": None, "shift": None}),
        ("source.reviewed > today - 12 months", policy.ComparesFact, {"shift": Duration(-12, "month")}),
        ("source.reviewed > today -12 months", policy.ComparesFact, {"shift": Duration(-12, "month")}),
        ("source.reviewed = recipient.reviewed +3 days", policy.ComparesFact, {"shift": Duration(3, "day")}),
        ("vetted", policy.IsFlagged, {}),
        ("origin is declared", policy.IsDeclared, {}),
        ("data is declared", policy.IsDeclared, {"reference": "data"}),
        ("data is (email, card)", policy.JudgedIs, {"judged": "data", "terms": ("email", "card")}),
        ("purpose is newsletter", policy.JudgedIs, {"judged": "purpose"}),
        ("purpose within collected purposes", policy.WithinCollectedPurposes, {}),
        ("under contract", policy.UnderContract, {"side": Side.BOTH, "terms": None}),
        ("source under contract", policy.UnderContract, {"side": Side.SOURCE}),
        ("reached by email", policy.Reached, {"side": Side.RECIPIENT, "start": None, "derived": False}),
        ("source reached by (email, card)", policy.Reached, {"side": Side.SOURCE, "data": ("email", "card")}),
        ("reached by email including derived", policy.Reached, {"derived": True, "methods": None}),
        ("reached by email including derived by hashing", policy.Reached, {"methods": ("hashing",)}),
    ],
)
def test_a_test_is_resolved(text: str, kind: type, fields: dict[str, object]) -> None:
    found = condition(text)
    assert type(found) is kind
    assert found.text == text
    for field, value in fields.items():
        assert getattr(found, field) == value


def test_a_path_keeps_where_it_starts_and_what_it_avoids() -> None:
    found = condition("reached by email from data_subject avoiding (kind is anonymiser and not reached by card)")
    assert isinstance(found, policy.Reached)
    assert isinstance(found.start, policy.IsTerm)
    assert found.start.reference.owner is Owner.SYSTEM
    assert isinstance(found.avoiding, policy.All)
    inner = found.avoiding.parts[1]
    assert isinstance(inner, policy.Negation)
    assert isinstance(inner.part, policy.Reached)
    assert inner.part.side is Side.SUBJECT


def test_a_condition_in_under_contract_is_about_the_contract() -> None:
    found = condition(
        "under contract (covers data and covers purpose and covers.data includes email and obliges includes audit)"
    )
    assert isinstance(found, policy.UnderContract)
    assert isinstance(found.terms, policy.All)
    data, purpose, named, obliges = found.terms.parts
    assert data == policy.Covers(data.span, "covers data", "data")
    assert isinstance(purpose, policy.Covers)
    assert isinstance(named, policy.Includes)
    assert named.reference.attribute.name == "covers.data"
    assert isinstance(obliges, policy.Includes)
    assert (obliges.reference.side, obliges.reference.owner) == (Side.SUBJECT, Owner.CONTRACT)


def test_collected_with_takes_what_a_flow_has() -> None:
    found = condition(
        "collected with (notice and source.role is data_subject and under contract and reached by card)", "storage"
    )
    assert isinstance(found, policy.CollectedWith)
    assert isinstance(found.terms, policy.All)
    notice, source, contract, reached = found.terms.parts
    assert isinstance(notice, policy.IsFlagged)
    assert notice.reference.owner is Owner.FLOW
    assert isinstance(source, policy.IsTerm)
    assert source.reference.side is Side.SOURCE
    assert isinstance(contract, policy.UnderContract)
    assert contract.side is Side.BOTH
    assert isinstance(reached, policy.Reached)


# ---- names


@pytest.mark.parametrize(
    ("subject", "name", "side", "owner", "entity"),
    [
        ("flow", "safeguards", Side.SUBJECT, Owner.FLOW, Entity.FLOW),
        ("disclosure", "tags", Side.SUBJECT, Owner.FLOW, Entity.FLOW),
        ("flow", "source.kind", Side.SOURCE, Owner.SYSTEM, Entity.SYSTEM),
        ("flow", "source.role", Side.SOURCE, Owner.SYSTEM, Entity.SYSTEM),
        ("flow", "recipient.country", Side.RECIPIENT, Owner.SYSTEM, Entity.SYSTEM),
        ("flow", "recipient.party.country", Side.RECIPIENT, Owner.PARTY, Entity.PARTY),
        ("flow", "recipient.system.country", Side.RECIPIENT, Owner.SYSTEM, Entity.SYSTEM),
        ("system", "retention", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("system", "role", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("system", "party.tags", Side.SUBJECT, Owner.PARTY, Entity.PARTY),
        ("joining", "system.tags", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "retention", Side.SUBJECT, Owner.ITEM, Entity.SYSTEM),
        ("storage", "seats", Side.SUBJECT, Owner.ITEM, Entity.SYSTEM),
        ("storage", "system.retention", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "country", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "role", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("party", "country", Side.SUBJECT, Owner.PARTY, Entity.PARTY),
        ("contract", "covers.purposes", Side.SUBJECT, Owner.CONTRACT, Entity.CONTRACT),
        ("organisation", "privacy_contact", Side.SUBJECT, Owner.ORGANISATION, Entity.ORGANISATION),
    ],
)
def test_a_name_is_looked_up_at_its_place(subject: str, name: str, side: Side, owner: Owner, entity: Entity) -> None:
    found = condition(f"{name} is declared", subject)
    assert isinstance(found, policy.IsDeclared)
    assert isinstance(found.reference, policy.Reference)
    assert (found.reference.side, found.reference.owner, found.reference.text) == (side, owner, name)
    assert found.reference.attribute.entity is entity


@pytest.mark.parametrize(
    ("subject", "text", "words", "help_"),
    [
        ("flow", "kind is saas", "kind", "write `source.kind` or `recipient.kind`"),
        ("flow", "system.kind is saas", "system.kind", None),
        (
            "flow",
            "obliges includes audit",
            "obliges",
            "ask a contract in force for it: `under contract (obliges …)`",
        ),
        ("system", "notice", "notice", None),
        ("system", "source.kind is saas", "source.kind", "write `kind`"),
        ("party", "party.country is us", "party.country", "write `country`"),
        ("party", "kind is saas", "kind", None),
        ("contract", "country is us", "country", None),
        ("organisation", "role is us", "role", None),
        ("flow", "under contract (notice)", "notice", None),
        ("flow", "collected with (kind is saas)", "kind", "write `source.kind` or `recipient.kind`"),
    ],
)
def test_a_name_of_another_subject_is_an_error(subject: str, text: str, words: str, help_: str | None) -> None:
    assert wrong_condition(text, subject) == [("E107", words)]
    assert errors_of(f"{WORLD}rule r {{ forbid {subject} when {text} }}")[0].help == help_


def test_an_unknown_name_is_reported_with_the_nearest() -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow when recipient.cuntry is us }}")
    assert (found.code, found.message) == ("E106", "unknown name `recipient.cuntry`")
    assert found.help == "did you mean `recipient.country`?"


def test_a_define_is_near_as_an_attribute_is() -> None:
    assert (
        errors_of("define safeguarded as notice\nrule r { forbid flow when safegarded }")[0].help
        == "did you mean `safeguarded`?"
    )


# ---- selectors


def test_a_selector_of_roles_asks_the_party() -> None:
    for written in ("third_party", "(third_party)"):
        found = condition(f"reached by email from {written}")
        assert isinstance(found, policy.Reached)
        assert isinstance(found.start, policy.IsTerm)
        assert (found.start.reference.owner, found.start.terms) == (Owner.SYSTEM, ("third_party",))


def test_a_selector_names_a_party_or_system_and_is_mentioned() -> None:
    policy_ = policy_of(
        f'{WORLD}rule r {{ forbid flow from party acme to system "ads/eu.1" when reached by email from party acme }}'
    )
    first, second = policy_.rules[0].subject.limits
    assert isinstance(first, policy.EndMatches)
    assert isinstance(second, policy.EndMatches)
    assert first.selector == policy.IsEntity(first.selector.span, "party acme", Entity.PARTY, "acme")
    assert second.selector == policy.IsEntity(second.selector.span, 'system "ads/eu.1"', Entity.SYSTEM, "ads/eu.1")
    assert [(each.entity, each.id, each.span.column) for each in policy_.mentions] == [
        (Entity.PARTY, "acme", 33),
        (Entity.SYSTEM, "ads/eu.1", 48),
        (Entity.PARTY, "acme", 92),
    ]


def test_a_lone_name_in_the_parentheses_of_a_selector_is_a_role() -> None:
    assert wrong_condition("reached by email from (vetted)") == [("E105", "vetted")]
    found = condition("reached by email from ((vetted))")
    assert isinstance(found, policy.Reached)
    assert isinstance(found.start, policy.IsFlagged)


@pytest.mark.parametrize("written", ['"us"', '("us")', '("us", us)'])
def test_text_is_not_a_role(written: str) -> None:
    assert wrong_condition(f"reached by email from {written}") == [("E108", '"us"')]


# ---- nesting


@pytest.mark.parametrize(
    ("open_", "close"),
    [
        ("(", ")"),
        ("not ", ""),
        ("notice and (", ")"),
        ("under contract (", ")"),
        ("collected with (", ")"),
        ("reached by email from (vetted or ", ")"),
    ],
)
def test_conditions_nest_up_to_100_deep(open_: str, close: str) -> None:
    steps = 120
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow when {open_ * steps}notice{close * steps} }}")
    assert found.code == "E103"


def test_a_hundred_are_not_too_deep() -> None:
    assert condition("not " * 99 + "notice")
    assert wrong_condition("not " * 100 + "notice")[0][0] == "E103"
    assert condition("(" * 99 + "notice" + ")" * 99)
    assert wrong_condition("(" * 100 + "notice" + ")" * 100)[0][0] == "E103"


def test_a_selector_counts_as_the_conditions_in_it() -> None:
    assert wrong(f"{WORLD}rule r {{ forbid flow to ({'not ' * 100}vetted) }}")[0][0] == "E103"


def test_a_deep_condition_hides_no_other_error() -> None:
    deep = "not " * 100 + "notice"
    assert [code for code, _ in wrong(f"{WORLD}rule r {{ forbid flow of x when {deep} unless y }}")] == [
        "E105",
        "E103",
        "E106",
    ]
