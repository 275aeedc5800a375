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
    assert found.start.reference.owner is Owner.PARTY
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
        ("flow", "source.role", Side.SOURCE, Owner.PARTY, Entity.PARTY),
        ("flow", "recipient.country", Side.RECIPIENT, Owner.SYSTEM, Entity.SYSTEM),
        ("flow", "recipient.party.country", Side.RECIPIENT, Owner.PARTY, Entity.PARTY),
        ("flow", "recipient.system.country", Side.RECIPIENT, Owner.SYSTEM, Entity.SYSTEM),
        ("system", "retention", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("system", "role", Side.SUBJECT, Owner.PARTY, Entity.PARTY),
        ("system", "party.tags", Side.SUBJECT, Owner.PARTY, Entity.PARTY),
        ("joining", "system.tags", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "retention", Side.SUBJECT, Owner.ITEM, Entity.SYSTEM),
        ("storage", "seats", Side.SUBJECT, Owner.ITEM, Entity.SYSTEM),
        ("storage", "system.retention", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "country", Side.SUBJECT, Owner.SYSTEM, Entity.SYSTEM),
        ("storage", "role", Side.SUBJECT, Owner.PARTY, Entity.PARTY),
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
        ("flow", "obliges includes audit", "obliges", None),
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


# ---- what is out of place


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("system", "data is email", "data"),
        ("joining", "data is email", "data"),
        ("storage", "purpose is orders", "purpose"),
        ("party", "purpose is declared", "purpose"),
        ("system", "data", "data"),
        ("system", "data = 5", "data"),
        ("flow", "collected with (data is email)", "data"),
        ("flow", "collected with (collected with (notice))", "collected with (notice)"),
        ("flow", "collected with (purpose within collected purposes)", "purpose within collected purposes"),
        ("flow", "collected with (under contract (covers data))", "covers data"),
        ("flow", "under contract (data is email)", "data"),
        ("flow", "under contract (under contract)", "under contract"),
        ("flow", "under contract (reached by email)", "reached by email"),
        ("flow", "under contract (collected with (notice))", "collected with (notice)"),
        ("flow", "under contract (purpose within collected purposes)", "purpose within collected purposes"),
        ("flow", "covers data", "covers data"),
        ("storage", "under contract (covers purpose)", "covers purpose"),
        ("system", "under contract (covers data)", "covers data"),
        ("system", "source under contract", "source under contract"),
        ("storage", "recipient reached by email", "recipient reached by email"),
        ("contract", "under contract", "under contract"),
        ("organisation", "under contract", "under contract"),
        ("contract", "reached by email", "reached by email"),
        ("organisation", "reached by email", "reached by email"),
        ("system", "collected with (notice)", "collected with (notice)"),
        ("storage", "purpose within collected purposes", "purpose within collected purposes"),
        ("system", "reached by email avoiding us", "avoiding"),
        ("flow", "reached by email from (under contract)", "under contract"),
        ("flow", "reached by email from (source reached by card)", "source reached by card"),
        ("flow", "reached by email from us avoiding (role is us and data is email)", "data"),
    ],
)
def test_a_test_that_its_subject_does_not_have_is_an_error(subject: str, text: str, words: str) -> None:
    assert wrong_condition(text, subject) == [("E107", words)]


# ---- types


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("flow", "notice is sale", "notice"),
        ("flow", "notice = yes", "notice"),
        ("flow", "purposes is orders", "purposes"),
        ("flow", "purposes = orders", "purposes"),
        ("flow", "exchange includes sale", "exchange"),
        ("flow", "exchange within sale", "exchange"),
        ("flow", "exchange = sale", "exchange"),
        ("flow", "exchange", "exchange"),
        ("flow", "retention", "retention"),
        ("flow", "retention is sale", "retention"),
        ("flow", 'channel < "a"', "channel"),
        ("flow", "channel = mail", "mail"),
        ("flow", "channel = 5", "5"),
        ("flow", 'retention < "2 years"', '"2 years"'),
        ("flow", "retention < 5", "5"),
        ("flow", "retention < 2026-11-01", "2026-11-01"),
        ("flow", "retention < (2 years, 3 years)", "(2 years, 3 years)"),
        ("flow", "retention < soon", "soon"),
        ("system", "seats < 2 years", "2 years"),
        ("system", "seats < unlimited", "unlimited"),
        ("system", "reviewed < 2 years", "2 years"),
        ("flow", "origin includes orders", "origin"),
        ("flow", "from is us", "from"),
        ("system", "joins includes email", "joins"),
        ("system", "transforms", "transforms"),
        ("party", 'parent = "a"', "parent"),
        ("flow", "data", "data"),
        ("flow", "data includes email", "data"),
        ("flow", "data within email", "data"),
        ("flow", "data = email", "data"),
        ("flow", "data within collected purposes", "data"),
        ("flow", "purposes within collected purposes", "purposes"),
        ("flow", "labels includes a", "a"),
        ("flow", 'exchange is "sale"', '"sale"'),
        ("flow", 'exchange is "swap"', '"swap"'),
    ],
)
def test_a_test_that_does_not_fit_the_type_is_reported(subject: str, text: str, words: str) -> None:
    assert wrong_condition(text, subject) == [("E108", words)]


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("notice is sale", "write a flag alone: `notice` or `not notice`"),
        ("notice = no", "write `not notice`"),
        ("notice is yes", "write `notice`"),
        ("notice != no", "write `notice`"),
        ("purposes is orders", "write `purposes includes orders`"),
        (
            "purposes is (orders, newsletter)",
            "write `purposes includes (orders, newsletter)` for any of them, or `purposes includes all (orders, newsletter)`",
        ),
        ("purposes is unheard_of", "write `purposes includes …`, with the term that is meant"),
        ("exchange includes sale", "write `exchange is sale`"),
        ("exchange != sale", "write `not exchange is sale`"),
        ('channel is ("mail", "fax")', 'write `channel = "mail" or channel = "fax"`'),
        ("recipient.seats is five", "write `recipient.seats <= 5`, with the number that is meant"),
        ("retention < 5", "a duration has a unit, such as `2 years`"),
        ("channel = mail", "write text in double quotes"),
        ("labels includes a", 'write it in quotes: `"a"`'),
        ('exchange is "sale"', "write it without quotes"),
        ("origin includes a", "the only test for it is `origin is declared`"),
        ("data within email", "write `data is …`"),
    ],
)
def test_a_type_error_says_what_would_fit(text: str, help_: str) -> None:
    assert errors_of(f"{WORLD}rule r {{ forbid flow when {text} }}")[0].help == help_


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("retention < 2 yaers", "2 yaers"),
        ("source.reviewed < 2026-13-01", "2026-13-01"),
        ("source.seats < " + "9" * 31, "9" * 31),
        ("retention < 1.5 years", "1.5 years"),
        ("retention < " + "9" * 10 + " days", "9" * 10 + " days"),
    ],
)
def test_a_bad_literal_is_reported(text: str, words: str) -> None:
    assert wrong_condition(text) == [("E113", words)]


def test_covers_takes_data_or_purpose() -> None:
    assert wrong_condition("under contract (covers email)") == [("E101", "email")]


# ---- terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exchange is sail", "sail"),
        ("exchange is orders", "orders"),
        ("data is orders", "orders"),
        ("carries includes (email, emial)", "emial"),
        ("reached by emial from us", "emial"),
        ("reached by email from uss", "uss"),
        ("reached by email from us avoiding uss", "uss"),
        ("reached by email including derived by magic", "magic"),
        ("recipient.country is europa", "europa"),
        ("data is contact.email", "contact.email"),
    ],
)
def test_a_term_is_looked_up_in_the_vocabulary_that_its_place_calls_for(text: str, words: str) -> None:
    assert wrong_condition(text) == [("E105", words)]


def test_the_help_for_a_term_of_another_vocabulary_says_so() -> None:
    (found,) = errors_of(f"{WORLD}rule r {{ forbid flow of orders }}")
    assert found.message == "unknown category `orders`"
    assert found.help == "`orders` is a term of `purpose`; this needs a term of `data`"


def test_the_help_without_any_terms_says_how_to_get_some() -> None:
    found = errors_of("rule r { forbid flow of email to us }")
    assert [each.help for each in found] == [
        "no terms are declared: write `data { email }`",
        "write `use std.core` for the usual terms",
    ]


def test_all_errors_of_one_condition_are_reported() -> None:
    text = (
        "exchange is sail and notise or kind is saas and retention < 5 and (under contract (x) or reached by y from z)"
    )
    assert [code for code, _ in wrong_condition(text)] == ["E105", "E106", "E107", "E108", "E106", "E105", "E105"]


# ---- selectors


def test_a_selector_of_roles_asks_the_party() -> None:
    for written in ("third_party", "(third_party)"):
        found = condition(f"reached by email from {written}")
        assert isinstance(found, policy.Reached)
        assert isinstance(found.start, policy.IsTerm)
        assert (found.start.reference.owner, found.start.terms) == (Owner.PARTY, ("third_party",))


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
