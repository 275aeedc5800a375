"""Help for words that the language does not have: the word that was meant, and never another meaning."""

from __future__ import annotations

import pytest

from privacy_rules.source.diagnostic import Help
from tests.unit.language.policies import errors_of

WORLD = """use std.core
data { contact { email  phone }  card }
purpose { orders  newsletter }
attribute labels on flow: set of text
"""
CASE = "each case begins with `-`, as in "
NOT = "write `not` before the whole test: "
ENTITY = "a limit names one party as "


def help_in_rule(body: str) -> str | None:
    return help_of(f"rule r {{ {body} }}")


def help_of(declaration: str) -> str | None:
    (found,) = errors_of(f"{WORLD}{declaration}")
    assert found.span is not None
    assert found.span.line == WORLD.count("\n") + 1
    return found.help


@pytest.mark.parametrize("word", ["where", "if", "whenever", "If"])
def test_a_condition_begins_with_when(word: str) -> None:
    help_ = help_in_rule(f"forbid flow of contact {word} purpose is orders")
    assert help_ == "write `when`"
    assert isinstance(help_, Help)
    assert help_.replacements == ("when",)


@pytest.mark.parametrize(
    ("body", "help_"),
    [
        ("forbid flow purpose is orders", "a condition begins with `when`"),
        ("forbid flow of contact labels includes phone", "a condition begins with `when`"),
        ("forbid flow purpose orders", "write `for` before the term, without `purpose`"),
        ("forbid flow except when notice", "write an exception as `unless` and its condition"),
        ("never flow", "write `forbid` and what must not be"),
        ("must notice on flow", "write `require CONDITION on SUBJECT`"),
        ("only flow", "write `allow SUBJECT only`, and each case after a `-`"),
        ("when notice forbid flow", "the statement comes first, as in `forbid flow when …`"),
        ('description "x" forbid flow', "the texts of a rule are `title`, `cites` and `hint`"),
        ("severity high forbid flow", "write `error`"),
        ('severity "note" forbid flow', "leave out the quotes"),
    ],
)
def test_a_statement_gets_the_words_of_the_language(body: str, help_: str) -> None:
    assert help_in_rule(body) == help_


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("forbid usage of contact", "`use` for what is done within one system, or `flow` for data that moves"),
        ("forbid inference of contact", "`derivation`, as in `derivation of page_views into health`"),
        ("forbid transfer of contact", "`flow` for all data that moves, or `disclosure`"),
        ("forbid keeping of contact", "`storage`"),
        ("forbid selling of contact", "`disclosure … when exchange is sale`"),
        ("require notice on recipient", "`flow`; its ends are asked for by name"),
    ],
)
def test_a_missing_subject_gets_all_subjects_that_may_be_meant(body: str, word: str) -> None:
    assert word in (help_in_rule(body) or "")


def test_data_in_the_place_of_a_subject_are_not_taken_for_a_contract() -> None:
    assert help_in_rule("forbid contact to third_party") == "name a subject first, as in `flow of contact to …`"
    assert help_in_rule("forbid flwo to third_party") == "did you mean `flow`?"
    assert help_in_rule("forbid contrat when notice") == "did you mean `contract`?"


@pytest.mark.parametrize(
    ("body", "help_"),
    [
        ("allow flow only when notice", f"{CASE}`- when …`"),
        ("allow flow only to service_provider", f"{CASE}`- to …`"),
        ("allow flow only: - when notice", "leave out the `:`; each case begins with `-`"),
        (
            "allow flow to service_provider",
            "write `only` and each allowed case after a `-`; to lift another rule, write `permit … despite RULE`",
        ),
        (
            "permit disclosure when mandate is law",
            "name the rule that it lifts: `despite RULE`; to list all that is allowed, write `allow … only`",
        ),
    ],
)
def test_what_a_statement_lacks_is_named_with_both_readings(body: str, help_: str) -> None:
    assert help_in_rule(body) == help_


@pytest.mark.parametrize(
    ("test", "help_"),
    [
        ("purpose is not orders", f"{NOT}`not purpose is orders`"),
        ("purpose is not (orders, newsletter)", f"{NOT}`not purpose is (orders, newsletter)`"),
        ("recipient.country is not in (de, fr)", f"{NOT}`not recipient.country is (de, fr)`"),
        ("safeguards is not within (encryption_at_rest)", f"{NOT}`not safeguards within (encryption_at_rest)`"),
        ("purpose is one of (orders, newsletter)", "write `is (orders, newsletter)`"),
        ("purpose is in (orders, newsletter)", "write `is (orders, newsletter)`"),
        ("data in (email, phone)", "write `is`, which means any of the terms"),
        ("recipient.country in (de, fr)", "write `is`, which means any of the terms"),
        ("safeguards contains encryption_at_rest", "write `includes`"),
        ("retention more than 3 years", "write `>`"),
        ("retention at most 3 years", "write `>=` for at least, or `<=` for at most"),
        (
            "recipient is third_party",
            "say which of its attributes you mean: `recipient.role is …`, `recipient.country is …`",
        ),
        ("purpose = orders", "write `purpose is orders`"),
        ("purpose != orders", "write `not purpose is orders`"),
        ("data != (email, card)", "write `not data is (email, card)`"),
        (
            "contract",
            "`contract` is a term of `basis`: write `legal_basis is contract`; `under contract` asks for a contract in force",
        ),
    ],
)
def test_a_test_keeps_its_meaning(test: str, help_: str) -> None:
    assert help_in_rule(f"forbid flow when {test}") == help_


@pytest.mark.parametrize(
    ("limit", "help_"),
    [
        ("of contact and card", "for any of them, write `of (contact, card)`"),
        ("of [email, phone]", "write a list in parentheses"),
        ("of *", "to mean all of them, leave out the limit"),
        ("of anything", "to mean all of them, leave out the limit or the test"),
        ("to third party", "if `third party` is one name, write `third_party`"),
        ("of e-mail", "if `e-mail` is one name, write `e_mail`"),
        ("to acme", f"{ENTITY}`party acme`, and one system as `system acme`"),
        ('to "Acme Ltd"', f'{ENTITY}`party "Acme Ltd"`, and one system as `system "Acme Ltd"`'),
        (
            "to party (country is de)",
            "leave out `party`: the parentheses hold only a condition, as in `to (country is de)`",
        ),
    ],
)
def test_a_limit_gets_its_form(limit: str, help_: str) -> None:
    assert help_in_rule(f"forbid flow {limit}") == help_


@pytest.mark.parametrize(
    ("declaration", "help_"),
    [
        ('include "shared.privacy"', 'write `use`, as in `use std.core` or `use "shared.privacy"`'),
        ("use std.core, std.regions", "write `use` before each of them"),
        ("forbid flow of email", "a statement belongs in a rule: `rule NAME { … }`"),
        ('language "1.1"', 'it belongs in the policy\'s header, as in `policy NAME { language "1.1" }`'),
        ("rule forbid flow of email", "give the rule a name: `rule NAME { … }`"),
        ("rule r: forbid flow", "write what belongs to it in braces: `r { … }`"),
        ("rule no-selling { forbid flow }", "if `no-selling` is one name, write `no_selling`"),
        (
            'rule "No selling!" { forbid flow }',
            "write the name without quotes, with only letters, digits and `_`: `rule no_selling`",
        ),
        ("define adult = notice", "write `as`"),
        ("define adult as { notice }", "write the condition without braces"),
        ("data contact { email }", "write the term inside the braces: `data { contact … }`"),
        ("data { contact: email }", "write what belongs to it in braces: `contact { … }`"),
        ("attribute a on flow: boolean", "write `flag`"),
        ("attribute a on flow flag", "write a `:` before the type"),
        ('policy { title "x" }', "give it a name: `policy NAME { … }`"),
        ('policy p { name "x" }', "write `title`"),
    ],
)
def test_a_declaration_gets_its_form(declaration: str, help_: str) -> None:
    assert help_of(declaration) == help_
