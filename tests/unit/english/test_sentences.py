"""Rules read aloud: each statement, subject and test in words that a lawyer would sign."""

from __future__ import annotations

import pytest

from privacy_rules.english.document import meaning
from privacy_rules.english.phrases import Passage
from privacy_rules.english.sentences import in_english
from privacy_rules.english.terms import BEGIN, END, capital, quoted, shown, term, unmarked
from tests.builders import policy_of
from tests.unit.language.policies import WORLD


def said(rules: str, name: str = "r") -> list[str]:
    """The sentences of a rule, lists as `lead [joiner: item | item]`, then what its defined names mean."""
    policy = policy_of(WORLD + rules)
    rule = policy.rule(name)
    assert rule is not None
    text = in_english(rule, policy)
    notes = [meaning(each, among=text.notes) for each in text.notes]
    return [unmarked(flat(each)) for each in (*text.passages, *notes)]


def flat(passage: Passage) -> str:
    inner = " | ".join(map(flat, passage.items))
    return f"{passage.text} [{passage.joiner}: {inner}]" if passage.items else passage.text


def of(statement: str) -> list[str]:
    return said(f"rule r {{ {statement} }}")


def test_a_name_is_put_to_nothing_but_what_it_means() -> None:
    defines = "define dark as not notice\ndefine kept as retention <= 1 year\ndefine told as notice\n"
    for statement, sentence in {
        "require not dark on flow": "For every flow, “dark” must not apply",
        "require not kept on storage": "For all stored data, “kept” must not apply",
        "require dark on flow": "For every flow, the person concerned must not be told of it (“dark”)",
        "require not told on flow": "For every flow, the person concerned must not be told of it (“told”)",
    }.items():
        assert said(f"{defines}rule r {{ {statement} }}")[0] == sentence


def test_a_name_in_an_exception_is_not_turned_round() -> None:
    exception = said("define dark as not notice\nrule r { forbid flow unless dark }")[1]
    assert exception == "This does not apply where the person concerned is not told of it (“dark”)"


def test_an_allow_restricts_only_what_it_applies_to() -> None:
    """`for orders only` would say that there is no other purpose."""
    assert of("allow flow for orders only - of card from us") == [
        "Data may be sent for orders only in this case: card from us"
    ]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("forbid flow", "Data may not be sent"),
        ("forbid flow of card for orders", "Card may not be sent for orders"),
        (
            "forbid flow of (card, email) from us to third_party",
            "Card or email may not be sent from us to third parties",
        ),
        ("forbid collection of card to us", "Card may not be collected by us"),
        (
            "forbid sharing of card to group_member",
            "Card may not be shared within the organisation with group members",
        ),
        ("forbid disclosure of contact", "Contact may not be disclosed outside the organisation"),
        ("forbid disclosure to public_authority", "Data may not be disclosed to public authorities"),
        ('forbid disclosure to party "acme"', "Data may not be disclosed to the party “acme”"),
        ('forbid flow to system "crm"', "Data may not be sent to the system “crm”"),
        ("forbid storage of card at us", "Card may not be stored in systems of ours"),
        ("forbid joining of contact with card", "Contact may not be joined with card"),
        ("forbid joining of contact", "Contact may not be joined with any data"),
        ("forbid system at data_broker", "There may be no system of data brokers"),
        (
            "forbid system at data_broker when reached by card",
            "No system of data brokers may receive card, directly or through other systems",
        ),
        ("forbid party when vetted", "No party may be marked “vetted”"),
        (
            "forbid contract when until < 2026-01-01",
            "There may be no contract where the end of the contract is before 2026-01-01",
        ),
        ("forbid organisation when not trains_employees", "The organisation must train its employees"),
        ("require notice on collection", "For every collection, the person concerned must be told of it"),
        ("require necessary on disclosure of card", "Every disclosure of card must be necessary"),
        ("require seats <= 5 on system", "For every system, the “seats” of the system must be at most 5"),
        (
            "require trains_employees on organisation when privacy_contact is declared",
            "Where the privacy contact of the organisation is stated, the organisation must train its employees",
        ),
        (
            "require retention <= 2 years on storage of card",
            "For all stored card, the retention period of the stored data must be at most 2 years",
        ),
        (
            "require recipient.country is eea on disclosure",
            "For every disclosure, the recipient's system must be in the European Economic Area (EEA)",
        ),
        (
            "require recipient.role is (court, regulator) on disclosure of card",
            "For every disclosure of card, the recipient must be a court or a regulator",
        ),
        (
            "require purpose within collected purposes on flow",
            "For every flow, the purpose must be one for which the data were collected",
        ),
        (
            "require collected with (notice) on storage",
            "For all stored data, the data must come from collections in which the person concerned is told of it",
        ),
        (
            "require collected only with (notice) on flow",
            "For every flow, the data must come only from collections in which the person concerned is told of it",
        ),
        (
            "require collected partly with (notice) on flow",
            "For every flow, the data must come at least partly from collections in which the person concerned is told of it",
        ),
        (
            "require recipient under contract (covers data and covers purpose and obliges includes audit) on disclosure",
            "For every disclosure, the recipient must be under a contract with us that covers the data and the purpose "
            "and imposes audit",
        ),
        (
            "require not under contract (allows_onward) on disclosure",
            "For every disclosure, the sender and the recipient must not be under a contract with each other that "
            "allows passing on",
        ),
        (
            "require reached by email from data_subject avoiding (kind is anonymiser) including derived by hashing on system",
            "Every system must receive email (or anything derived from it by hashing) from systems of data subjects, "
            "directly or through other systems, on a path that avoids systems (those for which the kind of that system is anonymiser)",
        ),
        (
            "require not reached by email on party",
            "No party may have a system that receives email, directly or through other systems",
        ),
        ('require channel != "fax" on flow', "For every flow, the “channel” of the flow must be other than “fax”"),
        ('require not channel != "fax" on flow', "For every flow, the “channel” of the flow must be “fax”"),
        (
            'require labels within ("a", "b") on flow',
            "For every flow, the “labels” of the flow must all fall within “a” or “b”",
        ),
        (
            "require safeguards includes all (backup, audit_log) on system",
            "For every system, the safeguards of the system must include both backup and audit log",
        ),
        (
            "require retention < unlimited on system",
            "For every system, the retention period of the system must be less than without limit",
        ),
    ],
)
def test_a_statement_is_one_sentence(statement: str, sentence: str) -> None:
    assert of(statement) == [sentence]


def test_an_exception_is_a_sentence_of_its_own_and_one_to_it_is_turned_round() -> None:
    statement = (
        "require supports includes deletion on storage unless retained_for includes legal_obligation unless seats > 10"
    )
    assert of(statement) == [
        "For all stored data, the system must support deletion for these data",
        "This does not apply where the data are retained for legal obligation, and the “seats” of the stored data is at most 10",
    ]


def test_alternatives_are_a_list_and_what_nests_is_a_list_in_it() -> None:
    statement = """allow disclosure of contact only
      - of email to third_party for orders
      - to service_provider when necessary and (notice or choice is opt_in)"""
    assert of(statement) == [
        "Contact may be disclosed outside the organisation only in these cases: "
        "[or: email to third parties for orders | to service providers where all of these hold: "
        "[and: the disclosure is necessary | the person concerned is told of it, or the choice offered is opt in]]"
    ]


def test_one_alternative_needs_no_list_where_it_names_no_data() -> None:
    assert of("allow disclosure of contact from us only - to service_provider when necessary") == [
        "Contact may be disclosed by us only in this case: to service providers where the disclosure is necessary"
    ]
    assert of("allow disclosure of contact only - for orders") == [
        "Contact may be disclosed outside the organisation only in this case: for orders"
    ]
    assert of("allow disclosure from us only - of card to court") == [
        "Data may be disclosed by us only in this case: card to courts"
    ]


def test_what_a_storage_says_of_its_data_and_of_its_system_are_told_apart() -> None:
    told = of("require safeguards includes backup and kind is anonymiser on storage of card at us")
    assert told == [
        "For all stored card in systems of ours, the safeguards of the stored data must include backup, "
        "and the kind of the system must be anonymiser"
    ]
    assert of("require safeguards includes backup on system") == [
        "For every system, the safeguards of the system must include backup"
    ]


def test_an_exception_that_says_not_is_turned_into_what_the_rule_applies_to() -> None:
    assert of("forbid flow when vetted unless not choice is opt_in") == [
        "Data may not be sent where the flow is marked “vetted”",
        "This applies only where the choice offered is opt in",
    ]


def test_a_duty_not_to_is_a_ban_on_all() -> None:
    assert of("require not necessary on disclosure of card") == ["No disclosure of card may be necessary"]
    assert of("require not vetted on party") == ["No party may be marked “vetted”"]


def test_alternatives_of_what_is_no_event_are_demanded() -> None:
    assert of("allow party only - when vetted - when role is court") == [
        "For every party, at least one of these must hold: [or: the party is marked “vetted” | the party is a court]"
    ]


def test_a_complex_case_comes_before_its_duty() -> None:
    assert of("require necessary on disclosure when (notice and vetted) or choice is opt_in") == [
        "This is about every disclosure where at least one of these holds: "
        "[or: the person concerned is told of it, and the disclosure is marked “vetted” | the choice offered is opt in]",
        "In each such case, the disclosure must be necessary",
    ]


def test_a_complex_case_of_the_organisation_is_not_lost() -> None:
    told = of(
        "require trains_employees on organisation when (privacy_contact is declared and trains_employees) or not notifies_material_changes"
    )
    assert told == [
        "This is about the case that at least one of these holds: "
        "[or: the privacy contact of the organisation is stated, and the organisation trains its employees | "
        "the organisation does not give notice of material changes]",
        "In that case, the organisation must train its employees",
    ]


def test_not_is_pushed_to_the_tests() -> None:
    (told,) = of("forbid flow when not (notice and (vetted or choice is opt_in))")
    assert told == (
        "Data may not be sent where at least one of these holds: [or: the person concerned is not told of it | "
        "the flow is not marked “vetted”, and the choice offered is not opt in]"
    )


def test_a_subject_is_said_again_after_a_not() -> None:
    (told,) = of('forbid flow when not channel = "a" and not labels includes "b" and labels includes "c"')
    assert told.endswith("the “labels” of the flow do not include “b”, and the “labels” of the flow include “c”")


def test_a_permit_names_what_it_lifts_by_title() -> None:
    rules = """rule r { permit disclosure to court when mandate is law despite closed, safe }
    rule closed { title "Nothing leaves" forbid disclosure }
    rule safe { forbid flow when not vetted }"""
    assert said(rules) == [
        "Data may be disclosed to courts where the mandate is law",
        "This lifts these rules, and no others: [and: “Nothing leaves” (closed) | safe]",
    ]


def test_a_short_define_is_read_out_with_its_name_and_a_long_one_is_noted() -> None:
    rules = """define asked as choice is (opt_in, opt_out)
    define proper as asked and notice
    rule r { require proper and not asked on collection }"""
    assert said(rules) == [
        "For every collection, “proper” must apply, and the choice offered must not be opt in or opt out (“asked”)",
        "Here “proper” means that the choice offered is opt in or opt out (“asked”), and the person concerned is told of it",
    ]


def test_a_define_that_means_two_things_says_of_what() -> None:
    rules = """define known as kind is declared and owner is declared
    define kept as seats > 1 and known
    rule r { require known on storage at (not not known) }"""
    notes = [each for each in said(rules) if each.startswith("Here")]
    assert notes == [
        f"Here “known”, said of {what}, means that the kind of the system is stated, and the owner of the system is stated"
        for what in ("the system", "the storage")
    ]


def test_defines_that_nest_deep_are_read_once_each() -> None:
    deep = "define d0 as notice and vetted\n"
    deep += "".join(f"define d{n} as d{n - 1} and (d{n - 1} or not d{n - 1})\n" for n in range(1, 20))
    notes = said(f"{deep}rule r {{ forbid flow when d19 }}")[1:]
    assert len(notes) == 20


def test_a_selector_too_long_for_the_sentence_is_said_as_a_condition() -> None:
    assert of("forbid disclosure to (role is third_party and not country is eea)") == [
        "Data may not be disclosed outside the organisation where the recipient is a third party, and the "
        "recipient's system is not in the European Economic Area (EEA)"
    ]


def test_a_limit_said_twice_is_said_twice() -> None:
    assert of("forbid disclosure of contact of email") == [
        "Contact may not be disclosed outside the organisation where the category of data is email"
    ]


def test_marks_of_terms_are_ours_alone() -> None:
    assert (
        shown(f"a {term('x_y')} {quoted(f'{BEGIN}evil{END}')}", lambda each: f"<{each}>", str.upper) == "A <x y> “EVIL”"
    )
    assert capital(term("x_y")) == f"{BEGIN}X y{END}"
