"""`ask`: questions about a policy, for every possible manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import write
from tests.cli.calling import Call, on_record

DAY = ("--as-of", "2026-06-15")


def answered(call: Call, *words: str, code: int = 0) -> list[dict[str, Any]]:
    done = call("ask", *words, "--policy", "shop.privacy", *DAY, "--format", "json")
    assert (done.code, done.err) == (code, "")
    answers: list[dict[str, Any]] = json.loads(done.out)["answers"]
    return answers


@pytest.mark.parametrize(
    ("question", "answer", "rules"),
    [
        ("can disclosure of card comply", "yes", []),
        ("can disclosure of card to service_provider when not recipient.role is third_party and exchange is none violate", "yes", ["contracted"]),
        ("can disclosure of card to (role includes only court) comply", "no", ["contracted"]),
        ("can disclosure of name to marketer when exchange is sale comply?", "no", ["no_selling"]),
        ("can joining of card with card violate", "no", ["not_combined"]),
        ("can party violate", "no", []),
        ("does no_selling imply no_selling", "yes", ["no_selling", "no_selling"]),
        ("does no_selling imply contracted", "no", ["no_selling", "contracted"]),
        ("is anything forbidden that deletion requires", "no", []),
    ],
)  # fmt: skip
def test_a_question_has_an_answer_and_the_rules_behind_it(
    question: str, answer: str, rules: list[str], shop: Path, call: Call
) -> None:
    (found,) = answered(call, question)
    assert (found["answer"], found["rules"]) == (answer, rules)


def test_an_example_is_what_the_question_asks_for(shop: Path, call: Call) -> None:
    (found,) = answered(call, "can disclosure of email to marketer comply")
    assert found["answer"] == "yes"
    write("example.json", json.dumps({**found["manifest"], "as_of": found["day"]}))
    done = call("check", "example.json", "--policy", "shop.privacy", "--format", "json")
    assert [each for each in json.loads(done.out)["findings"] if each["subject"]["id"] == "it"] == []


def test_only_the_rules_that_are_named_count(shop: Path, call: Call) -> None:
    question = "can disclosure of card to court comply"
    assert answered(call, question)[0]["answer"] == "yes"  # the court may be a service provider, too
    strict = "can disclosure of card to (role includes only court) comply"
    assert answered(call, strict)[0]["answer"] == "no"
    assert answered(call, strict, "--under", "no_selling")[0]["answer"] == "yes"


def test_what_one_rule_requires_another_may_forbid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    write("p.privacy", """
        use std.core
        data { card }
        rule kept { require retained_for includes legal_obligation on storage of card }
        rule short { forbid storage when retained_for includes legal_obligation and retention > 1 year }
        rule apart { forbid storage when safeguards includes backup }
    """)  # fmt: skip
    done = call(
        "ask",
        "p.privacy",
        "is anything forbidden that kept requires",
        "is anything forbidden that apart requires",
        *DAY,
    )
    assert (done.code, done.err) == (0, "")
    assert "is anything forbidden that kept requires: yes" in done.out
    assert "(kept: compliant, short: violation)" in done.out
    assert "is anything forbidden that apart requires: no" in done.out


def test_another_rule_that_asks_for_something_else_forbids_nothing_that_is_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    write("shop.privacy", """
        use std.core
        data { card  contact { email  phone } }
        rule stored { require safeguards includes all (backup, access_control) on storage of card }
        rule kept { require supports includes all (deletion, access) and retention <= 2 years on storage }
        rule asked { require choice is (opt_in, opt_out) on disclosure of contact }
        rule left_out { forbid disclosure of contact when choice is opt_out and not notice }
        rule said { require notice on disclosure of contact to marketer }
    """)  # fmt: skip
    for rule in ("stored", "kept", "asked", "said"):
        assert answered(call, f"is anything forbidden that {rule} requires")[0]["answer"] == "no"


def test_an_example_against_an_implication_complies_with_one_and_violates_the_other(shop: Path, call: Call) -> None:
    (found,) = answered(call, "does no_selling imply contracted")
    assert found["verdicts"] == {"no_selling": "compliant", "contracted": "violation"}


def test_a_party_of_which_nothing_is_needed_is_somebody(shop: Path, call: Call) -> None:
    for question in ("can disclosure of email to marketer comply", "can storage of card violate"):
        (found,) = answered(call, question)
        parties = (found["manifest"] or {}).get("parties", {})
        assert [each for each, record in parties.items() if not record and not each.startswith("somebody")] == []


def test_questions_with_expected_answers_are_a_suite(shop: Path, call: Call) -> None:
    write("invariants.yaml", """\
policy: shop.privacy
questions:
  - {ask: can disclosure of name to marketer when exchange is sale comply, expect: no}
  - {ask: can disclosure of name to marketer when exchange is sale comply, under: [contracted], expect: no}
  - {ask: does no_selling imply contracted, expect: "no"}
""")  # fmt: skip
    done = call("ask", "--file", "invariants.yaml", *DAY)
    assert (done.code, done.err) == (1, "")
    on_record("ask.txt", done.out)


def test_the_examples_are_saved_as_policy_tests_that_pass(shop: Path, call: Call) -> None:
    questions = ["can disclosure of email to marketer comply", "can disclosure of email violate"]
    more = ["does no_selling imply contracted", "can disclosure of name to marketer when exchange is sale comply"]
    answered(call, *questions, *more, questions[0], "--save", "asked.tests.yaml")
    done = call("test", "asked.tests.yaml")
    assert (done.code, done.err) == (0, "")
    assert "3 cases passed" in done.out  # one of the answers is no, and one question is asked twice
    kept = Path("asked.tests.yaml").read_text(encoding="utf-8")
    for each in (
        "{rule: no_selling, subject: it, verdict: compliant}",
        "{rule: contracted, subject: it, verdict: violation}",
    ):
        assert each in kept
    edit = kept.replace("verdict: compliant", "verdict: violation")
    write("wrong.tests.yaml", edit)
    assert call("test", "wrong.tests.yaml").code == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["can we go home"], "`can we go home` is not a question"),
        (["can disclosure of crad comply"], "in the question `can disclosure of crad comply`: "),
        (["can disclosure of comply"], "in the question"),
        (["does no_selling imply no_leak"], "judge different things"),
        (["does no_seling imply no_leak"], "`no_seling` is not a rule"),
        (["can flow comply", "--under", "nothing"], "`nothing` is not a rule"),
        ([], "no question is asked"),
        (["--file", "missing.yaml"], "missing.yaml"),
    ],
)
def test_a_wrong_question_is_an_error(words: list[str], message: str, shop: Path, call: Call) -> None:
    done = call("ask", *words, "--policy", "shop.privacy")
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("questions: []\n", "a list of `questions`"),
        ("questions: [can flow comply]\n", "a question"),
        ("questions: [{ask: can flow comply, expect: maybe}]\n", "`yes` or `no`"),
        ("questions: [{ask: can flow comply, expect: no, udner: [x]}]\n", "unknown key `udner`"),
        ("questions: [{ask: can flow comply, expect: no}]\nplicy: x\n", "unknown key `plicy`"),
        ("questions: [\n", "invariants.yaml"),
    ],
)
def test_a_wrong_file_of_questions_is_an_error(text: str, message: str, shop: Path, call: Call) -> None:
    write("invariants.yaml", text)
    done = call("ask", "--file", "invariants.yaml", "--policy", "shop.privacy")
    assert done.code == 2
    assert message in done.err
