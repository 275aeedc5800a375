"""The sentence of a finding says what is the case, or what cannot be told."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.checking.judgements import Fact, Judgement, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.wording import fact_words, missing_words
from privacy_rules.language.policy import Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.vocabulary.attributes import Entity
from tests.unit.findings.building import (
    EstateBuilder,
    both,
    either,
    exchange_is,
    flagged,
    for_purposes,
    joined,
    judgement,
    of,
    of_data,
    purposes_declared,
    reached,
    reported,
    retained_for_ever,
    rule,
    shop,
    under_contract,
)

BAD, OPEN = Verdict.VIOLATION, Verdict.UNDETERMINED
SOLD = ("email", "orders", BAD)


def message(found: Judgement, estate: EstateBuilder | None = None) -> str:
    return reported(found, estate=(estate or shop()).build()).findings[0].message


def on_flow(made: Rule, *pairs: tuple[str | None, str | None, Verdict], flow: str = "crm-to-broker") -> str:
    return message(judgement(made, Kind.FLOW, flow, *(pairs or (SOLD,))))


def test_a_forbidden_disclosure_names_category_recipient_and_exchange() -> None:
    sold = rule(subject=of(Kind.DISCLOSURE, of_data("contact")), when=exchange_is("sale", "rental"))
    assert on_flow(sold) == "email is disclosed to lead_broker (data_broker, marketer) in a sale"


def test_the_limits_own_category_is_not_said_twice() -> None:
    sold = rule(subject=of(Kind.DISCLOSURE, of_data("email")))
    assert on_flow(sold) == "email is disclosed to lead_broker (data_broker, marketer)"


def test_categories_that_no_one_limit_has_are_listed() -> None:
    either_of_two = rule(subject=of(Kind.DISCLOSURE, of_data("contact", "card")))
    pairs = (("email", None, BAD), ("card", None, BAD))
    assert on_flow(either_of_two, *pairs) == "card and email are disclosed to lead_broker (data_broker, marketer)"


def test_a_category_outside_the_limit_stands_alone() -> None:
    odd = rule(subject=of(Kind.DISCLOSURE, of_data("contact")))
    assert on_flow(odd, ("card", None, BAD)) == "card is disclosed to lead_broker (data_broker, marketer)"


def test_an_unknown_category_is_said_to_be_unknown() -> None:
    told = on_flow(rule(), (None, None, OPEN))
    assert (
        told == "cannot decide whether data of an unknown category is disclosed to lead_broker (data_broker, marketer)"
    )


def test_conditions_that_are_no_exchange_are_quoted() -> None:
    made = rule(when=both(exchange_is("sale"), flagged("notice"), flagged("necessary")))
    told = on_flow(made)
    assert told.endswith("to lead_broker (data_broker, marketer) in a sale where `notice` and `necessary`")


def test_an_alternative_of_conditions_is_quoted_whole() -> None:
    assert on_flow(rule(when=either(flagged("notice"), flagged("necessary")))).endswith("where `notice or necessary`")


def test_an_exchange_without_words_of_its_own_is_quoted() -> None:
    told = message(judgement(rule(when=exchange_is("none")), Kind.FLOW, "signup", ("email", "orders", OPEN)))
    assert told.endswith(" where `exchange is none`")


def test_an_exception_that_does_not_hold_is_named() -> None:
    assert on_flow(rule(unless=flagged("notice"))).endswith("to lead_broker (data_broker, marketer) without `notice`")


def test_purposes_are_named_where_the_rule_applies_to_them() -> None:
    for made in (
        rule(subject=of(Kind.DISCLOSURE, for_purposes("orders"))),
        rule(when=under_contract()),
        rule(when=purposes_declared()),
    ):
        assert "(data_broker, marketer) for orders" in on_flow(made)


def test_an_unknown_purpose_is_said_to_be_unknown() -> None:
    made = rule(subject=of(Kind.DISCLOSURE, for_purposes("orders")))
    assert on_flow(made, ("email", None, OPEN)).endswith("for an unknown purpose")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.COLLECTION, "email is collected from visitor (data_subject) by acme (us)"),
        (Kind.SHARING, "email is shared by visitor (data_subject) with acme (us)"),
        (Kind.FLOW, "email is sent from browser at visitor (data_subject) to crm at acme (us)"),
    ],
)
def test_each_kind_of_flow_has_its_verb(kind: Kind, words: str) -> None:
    assert on_flow(rule(subject=of(kind)), flow="signup") == words


def test_what_a_require_lacks_is_quoted() -> None:
    wanting = rule(statement="require", required=flagged("notice"), subject=of(Kind.FLOW, of_data("email")))
    assert on_flow(wanting).endswith(" to leads at lead_broker (data_broker, marketer) without `notice`")


def test_a_require_with_an_exception_lacks_both() -> None:
    wanting = rule(statement="require", required=flagged("notice"), unless=flagged("necessary"))
    assert on_flow(wanting).endswith("without `notice` or `necessary`")


def test_a_require_that_cannot_be_decided_cannot_be_told() -> None:
    wanting = rule(statement="require", required=flagged("notice"), subject=of(Kind.STORAGE, of_data("contact")))
    told = message(judgement(wanting, Kind.STORAGE, "crm", ("email", None, OPEN)))
    assert told == "cannot decide whether email is stored in crm at acme (us) without `notice`"


def test_what_no_alternative_allows_is_not_allowed() -> None:
    only = rule(statement="allow", alternatives=(flagged("notice"),))
    assert (
        on_flow(only)
        == "no alternative of the rule covers this: email is disclosed to lead_broker (data_broker, marketer)"
    )


def test_what_may_be_allowed_cannot_be_told() -> None:
    only = rule(statement="allow", alternatives=(flagged("notice"),), subject=of(Kind.SYSTEM))
    told = message(judgement(only, Kind.SYSTEM, "crm", (None, None, OPEN)))
    assert told == "cannot decide whether an alternative of the rule covers system crm at acme (us)"


def test_a_path_is_reported_by_what_reaches_the_system() -> None:
    leak = rule(subject=of(Kind.SYSTEM), when=reached("contact", start=flagged("notice")))
    told = message(judgement(leak, Kind.SYSTEM, "leads"))
    assert told == "contact from notice reaches system leads at lead_broker (data_broker, marketer)"


def test_a_path_to_a_storage_is_reported_by_the_storage() -> None:
    leak = rule(subject=of(Kind.STORAGE), when=reached("contact", "card"))
    told = message(judgement(leak, Kind.STORAGE, "crm", ("email", None, BAD)))
    assert told == "contact or card reaches the storage of email in crm at acme (us)"


def test_a_condition_on_a_thing_holds_for_it() -> None:
    told = message(judgement(rule(subject=of(Kind.SYSTEM), when=retained_for_ever()), Kind.SYSTEM, "crm"))
    assert told == "`retention = unlimited` holds for system crm at acme (us)"


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        (Kind.SYSTEM, "leads", "system leads is at lead_broker (data_broker, marketer)"),
        (Kind.PARTY, "acme", "there is party acme (us)"),
        (Kind.CONTRACT, "terms", "there is contract terms with lead_broker"),
        (Kind.ORGANISATION, "organisation", "there is an organisation"),
    ],
)
def test_a_forbidden_thing_is_there(kind: Kind, subject: str, words: str) -> None:
    assert message(judgement(rule(subject=of(kind)), kind, subject)) == words


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        (Kind.PARTY, "acme", "party acme (us) is without `notice`"),
        (Kind.CONTRACT, "terms", "contract terms with lead_broker is without `notice`"),
        (Kind.ORGANISATION, "organisation", "the organisation is without `notice`"),
    ],
)
def test_a_thing_is_without_what_is_required(kind: Kind, subject: str, words: str) -> None:
    wanting = rule(statement="require", required=flagged("notice"), subject=of(kind))
    assert message(judgement(wanting, kind, subject)) == words


def test_joined_categories_are_named_in_pairs() -> None:
    made = rule(subject=of(Kind.JOINING))
    assert message(joined(made, "crm", ("card", "email"))) == "card with email is joined in crm at acme (us)"
    two = message(joined(made, "crm", ("card", "email"), ("card", "name")))
    assert two == "card with email and card with name are joined in crm at acme (us)"


def test_an_undeclared_joining_may_join_anything() -> None:
    told = message(joined(rule(subject=of(Kind.JOINING)), "crm", verdict=OPEN))
    assert told == "cannot decide whether unknown data is joined in crm at acme (us)"


def test_unknown_parties_and_roles_are_said_to_be_unknown() -> None:
    estate = (
        EstateBuilder()
        .add(Entity.PARTY, "somebody")
        .add(Entity.SYSTEM, "here", party="somebody")
        .add(Entity.SYSTEM, "there")
        .add(Entity.FLOW, "f", from_="here", to="there")
        .add(Entity.CONTRACT, "c")
        .add(Entity.CONTRACT, "three", between=("a", "b", "c"))
    )
    shared = message(judgement(rule(subject=of(Kind.SHARING)), Kind.FLOW, "f", SOLD), estate)
    assert shared == "email is shared by somebody (role unknown) with system there (party unknown)"
    stands = message(judgement(rule(subject=of(Kind.SYSTEM)), Kind.SYSTEM, "there"), estate)
    assert stands == "system there is at an unknown party"
    binds = message(judgement(rule(subject=of(Kind.CONTRACT)), Kind.CONTRACT, "c"), estate)
    assert binds == "there is contract c with unknown parties"
    several = message(judgement(rule(subject=of(Kind.CONTRACT)), Kind.CONTRACT, "three"), estate)
    assert several == "there is contract three between a, b and c"


def test_what_is_missing_is_to_be_declared_or_narrowed() -> None:
    declare = Missing(Entity.FLOW, "f", "exchange", "declare", None)
    narrow = Missing(Entity.ORGANISATION, "organisation", "privacy_contact", "narrow", None)
    assert missing_words(declare) == "declare `exchange` on flow f"
    assert missing_words(narrow) == "narrow `privacy_contact` on the organisation"


@pytest.mark.parametrize(
    ("value", "source", "words"),
    [
        ("sale", "declared", "is sale"),
        (None, "undeclared", "is not declared"),
        (None, "null", "is declared unknown"),
        ("none", "manifest default", "is none (manifest default)"),
        (date.min, "built-in default", "is open (built-in default)"),
        (date.max, "built-in default", "is until ended (built-in default)"),
        (date(2026, 1, 2), "declared", "is 2026-01-02"),
    ],
)
def test_a_fact_says_what_gave_its_value(value: str | date | None, source: str, words: str) -> None:
    assert fact_words(Fact(Entity.FLOW, "f", "exchange", value, source, None)) == f"`exchange` of flow f {words}"
