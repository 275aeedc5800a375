from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.language import policy
from privacy_rules.language.policy import Side
from privacy_rules.language.subject_kinds import Kind
from tests.builders import policy_of
from tests.unit.language.policies import WORLD, errors_of, rule, under, wrong, wrong_rule

# ---- statements


def test_forbid_has_a_scope_and_an_exception() -> None:
    found = rule("forbid disclosure of contact when notice unless vetted")
    assert (found.statement, found.subject.kind) == ("forbid", Kind.DISCLOSURE)
    assert isinstance(found.when, policy.IsFlagged)
    assert isinstance(found.unless, policy.IsFlagged)
    assert (found.required, found.alternatives, found.despite) == (None, (), ())


def test_require_has_a_requirement() -> None:
    found = rule("require under contract on disclosure of contact to outside when notice unless vetted")
    assert found.statement == "require"
    assert isinstance(found.required, policy.UnderContract)
    assert found.when is not None
    assert found.unless is not None


def test_allow_has_alternatives_each_the_and_of_its_parts() -> None:
    found = rule("allow flow of contact only - to us when notice - for orders - when vetted and necessary")
    first, second, third = found.alternatives
    assert isinstance(first, policy.All)
    assert [type(each) for each in first.parts] == [policy.EndMatches, policy.IsFlagged]
    assert first.text == "to us when notice"
    assert isinstance(second, policy.JudgedIs)
    assert isinstance(third, policy.All)


def test_permit_names_the_rules_that_it_lifts() -> None:
    text = (
        WORLD
        + "rule a { forbid flow }\nrule b { forbid collection }\nrule p { permit disclosure when notice despite a, b, a }"
    )
    found = policy_of(text).rule("p")
    assert found is not None
    assert (found.statement, found.despite) == ("permit", ("a", "b"))


def test_nested_exceptions_hold_where_the_first_does_and_the_next_does_not() -> None:
    found = rule("forbid flow unless notice unless vetted unless necessary").unless
    assert isinstance(found, policy.All)
    first, rest = found.parts
    assert isinstance(first, policy.IsFlagged)
    assert isinstance(rest, policy.Negation)
    assert isinstance(rest.part, policy.All)
    second, last = rest.part.parts
    assert isinstance(second, policy.IsFlagged)
    assert isinstance(last, policy.Negation)
    assert found.text == "notice unless vetted unless necessary"


def test_exceptions_nest_up_to_100_deep() -> None:
    assert rule("forbid flow" + " unless notice" * 50).unless
    assert wrong_rule("forbid flow" + " unless notice" * 51) == [("E103", "notice")]


def test_a_wrong_exception_is_reported_and_the_others_are_kept() -> None:
    assert wrong_rule("forbid flow unless x unless notice unless y") == [("E106", "x"), ("E106", "y")]


# ---- subjects


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_a_subject(kind: Kind) -> None:
    assert rule(f"forbid {kind}").subject == policy.Subject(kind, (), rule(f"forbid {kind}").subject.span, kind.value)


def test_the_limits_of_a_flow() -> None:
    subject = rule("forbid flow of (email, card) for orders from us to (third_party, court)").subject
    data, purpose, source, recipient = subject.limits
    assert data == policy.JudgedIs(data.span, "of (email, card)", "data", ("email", "card"))
    assert purpose == policy.JudgedIs(purpose.span, "for orders", "purpose", ("orders",))
    assert isinstance(source, policy.EndMatches)
    assert isinstance(recipient, policy.EndMatches)
    assert (source.side, recipient.side, recipient.text) == (Side.SOURCE, Side.RECIPIENT, "to (third_party, court)")
    assert subject.text == "flow of (email, card) for orders from us to (third_party, court)"


@pytest.mark.parametrize("kind", ["system", "storage of email", "joining of email"])
def test_at_asks_for_the_system(kind: str) -> None:
    found = rule(f"forbid {kind} at (role is us and kind is saas)").subject.limits[-1]
    assert isinstance(found, policy.EndMatches)
    assert found.side is Side.SUBJECT
    assert isinstance(found.selector, policy.All)


@pytest.mark.parametrize(
    ("limits", "terms", "other", "text"),
    [
        ("of email", ("email",), None, "of email"),
        ("of email with (card, phone)", ("email",), ("card", "phone"), "of email with (card, phone)"),
        ("with card of email", ("email",), ("card",), "with card of email"),
        ("of email at us with card", ("email",), ("card",), "of email at us with card"),
    ],
)
def test_a_joining_is_of_one_datum_with_another(
    limits: str, terms: tuple[str, ...], other: tuple[str, ...] | None, text: str
) -> None:
    found = rule(f"forbid joining {limits}").subject.limits[0]
    assert found == policy.Joins(found.span, text, terms, other)


@pytest.mark.parametrize("limits", ["", " at us"])
def test_a_joining_may_be_of_anything(limits: str) -> None:
    assert not any(isinstance(each, policy.Joins) for each in rule(f"forbid joining{limits}").subject.limits)


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("flow with email", "with"),
        ("flow at us", "at"),
        ("storage with email", "with"),
        ("storage for orders", "for"),
        ("storage from us", "from"),
        ("joining to us", "to"),
        ("joining for orders", "for"),
        ("system of email", "of"),
        ("party at us", "at"),
        ("contract of email", "of"),
        ("organisation at us", "at"),
        ("joining with email", "with"),
    ],
)
def test_a_limit_that_its_subject_does_not_have_is_reported(subject: str, word: str) -> None:
    assert wrong_rule(f"forbid {subject}") == [("E107", word)]
    if subject != "joining with email":
        assert wrong_rule(f"allow {subject.split(maxsplit=1)[0]} only - {subject.partition(' ')[2]}") == [
            ("E107", word)
        ]


def test_the_help_lists_the_limits_that_a_subject_has() -> None:
    assert errors_of("rule r { forbid storage for x }")[0].help == "its limits are `of`, `at`"
    assert errors_of("rule r { forbid party for x }")[0].help is None


def test_the_pair_of_a_joining_is_said_once() -> None:
    assert wrong_rule("forbid joining of email of card") == [("E117", "of")]
    assert wrong_rule("forbid joining of email with card with phone") == [("E117", "with")]


@pytest.mark.parametrize(
    ("limits", "words"),
    [("of x", "x"), ("for x", "x"), ("from x", "x"), ("to (us, x)", "x"), ("of purpose", "purpose")],
)
def test_an_unknown_term_of_a_limit_is_reported(limits: str, words: str) -> None:
    assert wrong_rule(f"forbid flow {limits}") == [("E105", words)]


def test_unknown_terms_of_a_pair_are_reported() -> None:
    assert wrong_rule("forbid joining of x with y") == [("E105", "x"), ("E105", "y")]
    assert wrong_rule("forbid joining of email with y") == [("E105", "y")]


def test_a_wrong_alternative_hides_no_other() -> None:
    assert wrong_rule("allow flow only - of x - when y - to z when notice") == [
        ("E105", "x"),
        ("E106", "y"),
        ("E105", "z"),
    ]


# ---- permits


def test_an_unknown_rule_is_reported_with_the_nearest() -> None:
    (found,) = errors_of("rule selling { forbid flow }\nrule p { permit flow despite seling }")
    assert (found.code, under(found), found.help) == ("E109", "seling", "did you mean `selling`?")


def test_a_permit_cannot_lift_a_permit() -> None:
    text = "rule a { forbid flow }\nrule p { permit flow despite a }\nrule q { permit flow despite p }"
    assert wrong(text) == [("E109", "p")]


@pytest.mark.parametrize("kind", ["flow", "collection", "sharing", "disclosure"])
def test_all_kinds_of_flow_go_together(kind: str) -> None:
    for other in ("flow", "collection", "sharing", "disclosure"):
        assert policy_of(f"rule a {{ forbid {other} }}\nrule p {{ permit {kind} despite a }}")


def test_every_other_kind_goes_with_itself_only() -> None:
    for kind in Kind:
        for other in Kind:
            text = f"rule a {{ forbid {other} }}\nrule p {{ permit {kind} despite a }}"
            if kind.family is other.family:
                assert policy_of(text)
            else:
                assert wrong(text) == [("E110", "a")]


# ---- what is said about a rule


def test_a_rule_says_much_about_itself() -> None:
    found = rule(
        'title "A" cites "B" cites "#c" severity warning applies from 2026-01-01 until 2027-01-01 forbid flow hint "D"'
    )
    assert (found.title, found.cites, found.severity, found.hint) == ("A", ("B", "#c"), "warning", "D")
    assert (found.applies_from, found.applies_until) == (date(2026, 1, 1), date(2027, 1, 1))


def test_a_rule_that_says_nothing_about_itself_has_the_defaults() -> None:
    found = rule("forbid flow")
    assert (found.title, found.cites, found.severity, found.hint) == (None, (), "error", None)
    assert (found.applies_from, found.applies_until) == (None, None)


@pytest.mark.parametrize(
    ("applies", "begins", "ends"),
    [("from 2026-01-01", date(2026, 1, 1), None), ("until 2026-01-01", None, date(2026, 1, 1))],
)
def test_applies_may_have_one_end(applies: str, begins: date | None, ends: date | None) -> None:
    found = rule(f"applies {applies} forbid flow")
    assert (found.applies_from, found.applies_until) == (begins, ends)


@pytest.mark.parametrize("meta", ['title "a"', 'hint "a"', "severity note", "applies from 2026-01-01"])
def test_what_is_said_once_is_not_said_twice(meta: str) -> None:
    (found,) = errors_of(f"rule r {{ {meta} forbid flow\n {meta} }}")
    assert (found.code, under(found)) == ("E117", meta.split(maxsplit=1)[0])
    assert [str(each) for each in found.also] == ["policy.privacy:1:10"]


def test_what_is_not_a_day_is_an_error() -> None:
    assert wrong_rule("applies from 2026-02-29 until 2026-13-01 forbid flow") == [
        ("E113", "2026-02-29"),
        ("E113", "2026-13-01"),
    ]


def test_a_rule_keeps_its_place_and_that_of_its_name() -> None:
    found = policy_of("\nrule\n  some { forbid\n flow }").rules[0]
    assert (found.span.line, found.span.column, found.span.end_line, found.span.end_column) == (2, 1, 4, 8)
    assert found.name_span is not None
    assert (found.name_span.line, found.name_span.column, found.name_span.end_column) == (3, 3, 7)


def test_a_rule_name_used_twice_is_reported_with_the_first() -> None:
    (found,) = errors_of("rule r { forbid flow }\nrule r { forbid system }")
    assert (found.code, str(found.span), str(found.also[0])) == ("E104", "policy.privacy:2:6", "policy.privacy:1:6")


# ---- clauses and policy blocks


def test_clauses_and_the_policy_block_are_kept() -> None:
    found = policy_of(
        'policy p {\n title "T" owner "O" version "2" effective "2026-01-01" text "policy.md" language "1.0" }\n'
        'clause "b" is scope "why"\nclause "a" is gate "so"\nrule r { forbid flow }'
    )
    (header,) = found.headers
    assert header.name == "p"
    assert header.fields == {
        "title": "T",
        "owner": "O",
        "version": "2",
        "effective": "2026-01-01",
        "text": "policy.md",
        "language": "1.0",
    }
    assert [(each.cited, each.kind, each.reason) for each in found.clauses] == [
        ("b", "scope", "why"),
        ("a", "gate", "so"),
    ]


def test_a_clause_is_accounted_for_once() -> None:
    assert [
        each.code for each in errors_of('clause "a" is gate "b"\nclause "a" is prose "c"\nrule r { forbid flow }')
    ] == ["E117"]


def test_a_file_has_one_policy_block_and_each_field_once() -> None:
    assert wrong('policy a { title "A" title "B" }\npolicy b { }\nrule r { forbid flow }') == [
        ("E117", "title"),
        ("E117", "b"),
    ]


def test_a_policy_without_rules_is_reported() -> None:
    (found,) = errors_of('# nothing\nclause "a" is gate "b"')
    assert (found.code, str(found.span)) == ("E115", "policy.privacy:1:1")


def test_a_broken_rule_is_a_rule() -> None:
    assert [code for code, _ in wrong("rule r { forbd flow }")] == ["E101"]
