"""Errors of syntax: each is reported once, at its place, and hides no other."""

from __future__ import annotations

import pytest

from privacy_rules.language.loader import load_text
from tests.builders import policy_of
from tests.unit.language.policies import WORLD, errors_of, under, wrong

GOOD = "rule good { forbid flow }\n"
UNKNOWN = ("E106", "nonsense")
LATER = "rule later { forbid flow when nonsense }\n"


@pytest.mark.parametrize(
    ("text", "message", "help_"),
    [
        ("rul r { forbid flow }", "expected a declaration, such as `rule`, found `rul`", "did you mean `rule`?"),
        ("rule { forbid flow }", "expected the rule's name, found `{`", None),
        ("rule r forbid flow", "expected `{`, found `forbid`", None),
        ("rule r { }", "expected a statement (`forbid`, `require`, `allow` or `permit`), found `}`", None),
        (
            "rule r { forbd flow }",
            "expected a statement (`forbid`, `require`, `allow` or `permit`), found `forbd`",
            "did you mean `forbid`?",
        ),
        ("rule r { forbid flows }", "expected a subject, such as `flow`, found `flows`", "did you mean `flow`?"),
        ("rule r { forbid flow when }", "expected a condition, such as `exchange is sale`, found `}`", None),
        ("rule r { forbid flow when a and }", "expected a condition, such as `exchange is sale`, found `}`", None),
        ("rule r { forbid flow to }", "expected a selector, such as a role, found `}`", None),
        (
            "rule r { forbid flow to () }",
            "expected a role, or a condition, such as `exchange is sale`, found `)`",
            None,
        ),
        ("rule r { forbid flow of }", "expected a term, or several in parentheses, found `}`", None),
        ("rule r { forbid flow when a <= }", "expected a value, such as `2 years`, found `}`", None),
        ("rule r { allow flow only }", "expected `-`, found `}`", "each case begins with `-`, as in `- when …`"),
        ("rule r { applies from soon forbid flow }", "expected a date, such as `2026-11-01`, found `soon`", None),
        ("rule r { severity 5 forbid flow }", "expected `error`, `warning` or `note`, found `5`", None),
        ("rule r { title 5 forbid flow }", "expected text in double quotes, found `5`", "write text in double quotes"),
        ("rule r { permit flow despite 5 }", "expected the name of a rule, or the text of a clause, found `5`", None),
        (
            "rule r { forbid flow",
            "expected a limit, such as `to`, `}`, `unless` or `when`, found the end of the file",
            None,
        ),
        ("define 5 as a", "expected the define's name, found `5`", None),
        ("define a is b", "expected `as`, found `is`", None),
        (
            "attribute a on flows: flag",
            "expected `party`, `system`, `flow`, `contract` or `organisation`, found `flows`",
            "did you mean `flow`?",
        ),
        ("attribute a on flow: bool", "expected a type, such as `flag`, found `bool`", "write `flag`"),
        ("attribute a on flow: one of 5", "expected the name of a vocabulary, found `5`", None),
        ('policy p { titel "a" }', "expected a field, such as `title` or `}`, found `titel`", "did you mean `title`?"),
        ('clause "a" is nothing "b"', "expected `definition`, `scope`, `prose` or `gate`, found `nothing`", None),
        ("use 5", "expected a name, or text in double quotes, found `5`", None),
        ("rule r { forbid flow when under a }", "expected `contract`, found `a`", None),
        (
            "rule r { require a in b on flow }",
            "expected a test, such as `is`, `and`, `on` or `or`, found `in`",
            "for one term, write `is`, which means any of a list; for a set, `includes` (any) or `within` (no others)",
        ),
        ("data { a in }", "expected a name, found `}`", None),
        ("data { 5 }", "expected a term or `}`, found `5`", None),
        ("vocabulary { a }", "expected the vocabulary's name, found `{`", None),
        (
            "rule r { forbid flow when source is us }",
            "expected `.`, `bound`, `holds`, `owned`, `reached` or `under`, found `is`",
            "say which of its attributes you mean: `source.role is …`, `source.country is …`",
        ),
        ("}", "expected a declaration, such as `rule`, found `}`", None),
        ("rule r { forbid flow when " + "y" * 80 + " z }", None, None),
        (
            "rule " + '"' + "y" * 80 + '"' + " {}",
            "expected the rule's name, found `\"" + "y" * 49 + "…`",
            "write the name without quotes, with only letters, digits and `_`: `rule NAME`",
        ),
    ],
)
def test_a_syntax_error_says_in_words_what_was_expected(text: str, message: str | None, help_: str | None) -> None:
    (found,) = errors_of(text)
    assert found.code == "E101"
    if message:
        assert (found.message, found.help) == (message, help_)
    assert "_" not in found.message.replace(under(found), "")


def test_the_help_for_a_not_after_is_shows_its_place() -> None:
    (found,) = errors_of("rule r { forbid flow when exchange is not sale }")
    assert (under(found), found.help) == ("sale", "write `not` before the whole test: `not exchange is sale`")


@pytest.mark.parametrize(
    ("text", "where", "help_"),
    [
        ("rule r {\n  cites #2\n  forbid flow\n}", "#2", '`#` begins a comment; write `cites "#2"`'),
        ("rule r { hint #a-b, x\n  forbid flow }", "#a-b", '`#` begins a comment; write `hint "#a-b"`'),
        ("rule r { cites #2", "#2", '`#` begins a comment; write `cites "#2"`'),
        ('clause #7 is prose "x"\n', "#7", '`#` begins a comment; write `clause "#7"`'),
        ("rule r {\n  title # which\n  forbid flow\n}", "forbid", None),
        ("rule r {\n  title\n  forbid flow\n}", "forbid", None),
        (
            "rule r {\n  title Contact details # a\n  forbid flow\n}",
            "Contact",
            'write text in double quotes: `title "Contact details"`',
        ),
        ("policy p { version 1.2 }", "1.2", "write text in double quotes"),
        ("rule r {\n  cites §2\n  forbid flow\n}", "§", 'write text in double quotes: `cites "§2"`'),
        (
            "rule r { forbid flow when exchange is sale, rental }",
            ",",
            "write a list in parentheses: `is (sale, rental)`",
        ),
        (
            'rule r { forbid flow when data includes all a.b , "x y",\n c }',
            ",",
            'write a list in parentheses: `includes all (a.b, "x y", c)`',
        ),
        ("rule r { forbid flow of email, phone }", ",", "write a list in parentheses: `of (email, phone)`"),
        (f"rule r {{ forbid flow of {'a' * 50}, {'b' * 50} }}", ",", "write a list in parentheses"),
        ("rule r { forbid flow when a, b }", ",", None),
        ('rule r { cites "a", "b" forbid flow }', ",", None),
        ("data { name email, phone }", ",", "leave out the commas between terms: `email phone`"),
        ('data { c { name "A", phone } }', ",", "leave out the commas between terms"),
    ],
)
def test_a_slip_of_quotes_parentheses_or_commas_is_shown_as_it_is_written(
    text: str, where: str, help_: str | None
) -> None:
    found, *_ = errors_of(text)
    assert (under(found), found.help) == (where, help_)


@pytest.mark.parametrize(
    ("sign", "help_"),
    [
        ("&", "write `and`"),
        ("|", "write `or`"),
        ("!", "write `not`"),
        ("'", "write text in double quotes"),
        ("$", None),
    ],
)
def test_the_help_for_a_sign_of_another_language_shows_ours(sign: str, help_: str | None) -> None:
    (found,) = errors_of(f"rule r {{ forbid flow when a {sign} b }}")
    assert (found.code, found.message, found.help) == ("E102", f"unexpected character `{sign}`", help_)


def test_a_character_that_does_not_print_is_named_by_its_number() -> None:
    (found,) = errors_of("rule r { forbid flow \x00 }")
    assert found.message == "unexpected character U+0000"


# ---- recovery


@pytest.mark.parametrize(
    "broken",
    [
        "rule b { forbd flow }",
        "rule b { forbid flow when (a }",
        "rule b { forbid flow when )) }",
        "rule b { forbid flow",
        "rule b {\n  forbid flow\n  when a b c d\n}",
        'rule b { title "x forbid flow }',
        "rule b { title 'x' forbid flow }",
        "rule b forbid flow }",
        "rule b { } forbid flow }",
        "rule b { forbid flow } }",
        "rul b { forbid flow }",
        "b { c { d } } { e }",
        "define b as",
        "define b as (a",
        "define b is a",
        "attribute b on flow flag",
        "attribute b: flag",
        'clause "b" prose "c"',
        "policy b { title 5 }",
        'policy b { title "a"',
        "vocabulary { a { b } }",
        "data { a { b }",
        "data { a, b }",
        "@",
        '"',
        "}",
    ],
)
def test_one_broken_declaration_is_one_error_and_hides_no_other(broken: str) -> None:
    found = list(errors_of(f"{GOOD}{broken}\n{LATER}{GOOD.replace('good', 'also_good')}"))
    assert len(found) == 2
    assert found[0].code in ("E101", "E102")
    assert (found[1].code, under(found[1])) == UNKNOWN


@pytest.mark.parametrize(
    "use",
    [
        "rule r { permit flow despite b }\nrule b { forbd flow }",
        "rule r { forbid flow when b }\ndefine b as )",
        "rule r { forbid flow when b is x }\nattribute b on flow one of c",
        "rule r { forbid flow when source.b }\nattribute b on system flag",
        "rule r { forbid flow of (b, c, d) }\ndata { b = c  d }",
        "rule r { forbid flow of (b, c) }\ndata { b ( { c } }",
        "data { x in b  b = }\nrule r { forbid flow }",
        "attribute a on flow: one of b\nvocabulary b = { c }\nrule r { forbid flow }",
        "rule r { forbid flow of b when c is d }\nuse std.core )",
    ],
)
def test_what_a_broken_part_declares_is_not_missed_elsewhere(use: str) -> None:
    assert len(errors_of(use)) == 1


def test_a_rule_of_one_line_may_follow_a_broken_define() -> None:
    assert wrong("define a as ) rule r { forbid flow when a or nonsense }") == [("E101", ")"), UNKNOWN]


def test_a_word_that_begins_a_line_does_not_break_the_declaration_before_it() -> None:
    found = wrong(
        "use std.core\nattribute a on flow: flag\ndefine b as a\nanf notice\nrule r { forbid flow when b or nonsense }"
    )
    assert found == [("E101", "anf"), UNKNOWN]


def test_each_broken_term_is_reported() -> None:
    assert wrong("data {\n a = 1\n b ,\n c { d ) }\n}\n" + GOOD) == [("E101", "="), ("E101", ","), ("E101", ")")]


def test_a_broken_term_is_reported_once_however_much_follows_on_its_line() -> None:
    assert wrong("data { a = b = c = d }\n" + GOOD) == [("E101", "=")]
    assert wrong("data { a = b, c, d { e } f }\n" + GOOD) == [("E101", "=")]


def test_a_bad_character_is_reported_even_after_a_broken_term() -> None:
    assert wrong("data { a@ b$ c }\n" + GOOD) == [("E102", "@"), ("E102", "$")]


def test_the_terms_around_a_broken_one_are_known() -> None:
    assert wrong("data { a { b } c = { d } e }\nrule r { forbid flow of (a, b, e, f) }") == [
        ("E101", "="),
        ("E105", "f"),
    ]


def test_a_block_of_terms_without_its_closing_brace_is_reported_where_the_next_declaration_begins() -> None:
    (found,) = errors_of("data {\n a { b\n}\n" + GOOD)
    assert (under(found), found.message) == ("rule", "expected a term or `}`, found `rule`")
    assert found.help == "the block of terms that begins on line 1 lacks a closing brace"


def test_every_block_of_terms_without_its_closing_brace_is_reported() -> None:
    text = "data {\nrule a { forbid flow }\npurpose { x\nrule b { forbid flow }\nkind { y"
    assert [each.span.line for each in errors_of(text) if each.span] == [2, 4, 5]


def test_terms_may_be_named_as_declarations_are() -> None:
    policy = policy_of('data {\n rule r\n define "a" as\n use "b"\n clause "c" { in }\n}\n' + GOOD)
    assert set(policy.vocabularies["data"].terms) == {"rule", "r", "define", "as", "use", "clause", "in"}


def test_text_that_does_not_end_is_reported_once_and_its_rule_is_parsed_further() -> None:
    assert wrong('rule r {\n title "a\n forbid flow when nonsense\n}') == [("E102", '"a'), UNKNOWN]
    assert wrong('data { a "b }\n' + GOOD) == [("E102", '"b }')]
    assert wrong('rule r { title "a }\n' + GOOD) == [("E102", '"a }')]


def test_an_unknown_escape_is_reported() -> None:
    (found,) = errors_of(r'rule r { title "a\q" forbid flow }')
    assert (found.code, under(found), found.message) == ("E102", r'"a\q"', "unknown escape in this text")


def test_an_empty_file_has_no_syntax_error() -> None:
    assert [each.code for each in load_text("")[1]] == ["E115"]


def test_an_error_at_the_end_of_the_file_is_placed_after_its_last_word() -> None:
    (found,) = errors_of("rule r {\n forbid flow when   # why\n\n")
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 18)


# ---- words of the language


@pytest.mark.parametrize(
    "text",
    [
        "rule r { forbid flow when legal_basis is contract }",
        "data { sharing flow rule when data purpose not and or }\nrule r { forbid flow of (sharing, rule, when, not, and) }",
        "role { system party source }\nrule r { forbid flow to (system, party, us) }",
        "rule r { require under contract (from < 2026-01-01 and until > 2026-01-01 and with is declared) on disclosure }",
        "rule r { forbid flow when from is declared and to is declared }",
        "rule rule { forbid flow }\nrule forbid { permit flow despite rule }",
        "define when as notice\nrule r { forbid flow when when unless when }",
        'attribute title on flow: text\nrule r { forbid flow when title = "x" title "y" }',
        "region { IN in adequate }\nrule r { forbid flow to (country is in or country is IN or country is (US, gb)) }",
        "kind { kind }\nrule r { forbid system when kind is kind }",
        "vocabulary data { x }\nrule r { forbid flow of x }",
        'attribute text on flow: set of text\nrule r { forbid flow when text includes "a" }',
        "attribute default on flow: number default 5\ndata { x }\nrule r { forbid flow when default = 5 }",
        "rule r { forbid flow when source.party.role is us and recipient.system.kind is saas }",
        "rule r { forbid flow when covers.data is declared }",
    ],
)
def test_a_word_of_the_language_is_a_name_where_it_cannot_be_meant(text: str) -> None:
    found = load_text("use std.core\n" + text)[1]
    assert all(each.code == "E107" and "covers" in text for each in found), found


def test_commas_and_line_breaks_mean_what_they_look_like() -> None:
    spread = WORLD + "rule r\n{\nforbid\nflow of (\nemail\n,\ncard\n)\nwhen\nnot\n(\nnotice\n)\n}"
    assert policy_of(spread).rules[0].subject.text == "flow of (email, card)"


# ---- invisible characters


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"], ids=ascii)
@pytest.mark.parametrize(
    "text", ["# agreed{}rule r {{ forbid flow }}\nrule s {{ forbid flow }}", 'rule r {{ title "#" {}forbid flow }}']
)
def test_a_line_separator_outside_texts_is_refused(text: str, end: str) -> None:
    (found,) = errors_of(text.format(end))
    assert (found.code, under(found)) == ("E102", end)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"], ids=ascii)
def test_a_line_separator_in_a_text_is_warned_about(end: str) -> None:
    policy, (found,) = load_text(f'rule r {{ title "a{end}b" forbid flow }}')
    assert policy is not None
    assert found.code == "W321"


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x1e"], ids=ascii)
def test_a_comment_ends_with_its_line_only(end: str) -> None:
    policy, (found,) = load_text(f"# agreed{end}rule r {{ forbid flow }}\nrule s {{ forbid flow }}")
    assert policy is not None
    assert [rule.name for rule in policy.rules] == ["s"]
    assert found.code == "W321"


def test_a_carriage_return_among_other_line_ends_is_warned_about() -> None:
    policy, (found,) = load_text("rule r { forbid flow } # said\rrule s { forbid flow }\n")
    assert policy is not None
    assert (found.code, str(found.span)) == ("W321", "policy.privacy:1:30")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data { ﬁle file }", "category `file` differs from another category only in Unicode normalisation"),
        ("purpose { x x\u3164 }", "purpose `x\u3164` differs from another purpose only by invisible characters"),
        (
            "vocabulary ﬁ { x }\nvocabulary fi { x }",
            "vocabulary `fi` differs from another vocabulary only in Unicode normalisation",
        ),
        (
            "define ﬁ as necessary\ndefine fi as necessary",
            "name `fi` differs from another name only in Unicode normalisation",
        ),
        (
            "attribute ﬁ on flow: flag\ndefine fi as necessary",
            "name `fi` differs from another name only in Unicode normalisation",
        ),
        (
            "rule ﬁ { forbid flow }\nrule fi { forbid flow }",
            "rule `fi` differs from another rule only in Unicode normalisation",
        ),
    ],
)
def test_two_names_that_are_easily_confused_are_an_error_at_both_places(text: str, words: str) -> None:
    found = errors_of(f"{text}\nrule last {{ forbid flow }}")
    assert [(each.code, each.message, len(each.also)) for each in found if each.code == "E104"] == [("E104", words, 1)]


def test_the_help_for_a_name_in_another_unicode_form_says_how_it_differs() -> None:
    (found,) = errors_of("data { ﬁle }\nrule r { forbid flow of file }")
    assert found.code == "E105"
    assert found.help is not None
    assert "`\\ufb01le` there and `file` here" in found.help
