"""Questions that are too large for the search: what the solver answers, and what is said if it is not installed or gives up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from privacy_rules.analysis import solver
from privacy_rules.analysis.asking import Answer, Asking
from privacy_rules.analysis.example_shrinking import Checker
from privacy_rules.analysis.policy_comparison import Difference, compare
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Wish
from privacy_rules.checking.logic import TRUE, Verdict
from privacy_rules.cli.questions import Posed, posed
from privacy_rules.configuration.load import Configuration
from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.runner import Files, Linted, lint
from privacy_rules.reports.ask.content import Answered, reason
from privacy_rules.reports.registry import View, render
from tests.builders import policy_of, write

DAY = date(2026, 6, 15)
MARKS = [f"t{number}" for number in range(14)]
WORDS = (
    f"use std.core\ndata {{ card }}\nvocabulary mark {{ {' '.join(MARKS)} }}\nattribute marks on party: set of mark\n"
)
EACH = f"rule a {{ forbid party when {' and '.join(f'marks includes {each}' for each in MARKS)} }}\n"
ALL = f"rule a {{ forbid party when marks includes all ({', '.join(MARKS)}) }}\n"
FEWER = f"rule a {{ forbid party when marks includes all ({', '.join(MARKS[:-1])}) }}\n"


def pigeons(holes: int) -> str:
    """A rule that no flow violates, as more pigeons than holes would have to sit alone; it takes many cases to find out."""
    nests = [[f"p{pigeon}_{hole}" for hole in range(holes)] for pigeon in range(holes + 1)]
    flags = "".join(f"attribute {each} on flow: flag\n" for row in nests for each in row)
    sits = [f"({' or '.join(row)})" for row in nests]
    pairs = [(one, other) for number, one in enumerate(nests) for other in nests[:number]]
    alone = [f"not ({a} and {b})" for one, other in pairs for a, b in zip(one, other, strict=True)]
    return f"use std.core\ndata {{ card }}\n{flags}rule a {{ forbid flow when {' and '.join([*sits, *alone])} }}\n"


@pytest.fixture
def with_solver() -> None:
    pytest.importorskip(solver.NAME)


def linted(text: str) -> Linted:
    path = Path("policy.privacy")
    found, wrong = lint(Files((path,), Path.cwd(), {path: text}), DAY)
    assert found is not None, wrong
    return found


def asked(text: str, question: str, folder: Path) -> Answered:
    path = write(folder / "p.privacy", text)
    policy, (found,) = posed([Posed(question, ())], [path], Configuration(folder=folder), [str(path)])
    answer = Asking(policy, DAY, [found.rule.name]).answer(found)
    return Answered(found, answer, None, DAY)


def differing(one: str, other: str) -> Difference:
    return compare(policy_of(WORDS + one), policy_of(WORDS + other), DAY).whole


# ---- without it


@pytest.mark.usefixtures("without_solver")
def test_without_the_solver_what_is_too_large_is_not_proved(tmp_path: Path) -> None:
    assert (linted(WORDS + EACH).undecided > 0, linted(WORDS + EACH).solved) == (True, 0)
    assert differing(EACH, FEWER).word == "not proved"
    assert asked(WORDS + EACH, "can party violate", tmp_path).answer == Answer("not proved", ("a",))


# ---- with it


@pytest.mark.usefixtures("with_solver")
def test_lints_say_which_rules_the_solver_decided() -> None:
    found = linted(WORDS + EACH)
    assert (found.undecided, found.unproved, found.solved_of) == (0, (), ("a",))
    content = FixResult(found, (), 0)
    assert f"decided with cvc5: {found.solved} questions about a\n" in render("lint", "text", content, View())
    document = json.loads(render("lint", "json", content, View()))
    assert (document["solved"], document["solved_of"], document["not_proved"]) == (found.solved, ["a"], 0)


@pytest.mark.usefixtures("with_solver")
def test_lints_report_what_only_the_solver_proves() -> None:
    rules = ALL.replace("rule a", "rule b") + EACH.replace("rule a", "rule c")
    found = {
        (each.lint.name, each.found.message)
        for each in linted(WORDS + rules.replace(" }\nrule c", " unless marks includes t0 }\nrule c")).findings
    }
    assert ("lifting-exception", "this exception lifts all of `b`: no subject is ever in violation") in found


@pytest.mark.usefixtures("with_solver")
def test_each_finding_that_the_solver_proved_says_so() -> None:
    rules = ALL.replace("rule a { ", "rule b { ").replace(" }", " unless marks includes t0 }")
    plain = 'rule d { forbid party when name = "x" and not name = "x" }\n'
    found = linted(WORDS + rules + plain)
    marked = {(each.lint.name, each.solver) for each in found.findings if each.lint.name != "no-clause"}
    assert ("lifting-exception", "cvc5") in marked
    assert {by for name, by in marked if name in ("always-false", "missing-title")} == {None}
    content = FixResult(found, (), 0)
    text = render("lint", "text", content, View())
    assert text.count("note: proved with cvc5\n") == sum(each.solver is not None for each in found.findings) > 0
    document = json.loads(render("lint", "json", content, View()))
    assert [each.get("solver") for each in document["findings"]] == [each.solver for each in found.findings]


@pytest.mark.usefixtures("with_solver")
def test_an_example_that_the_solver_found_has_the_verdict_that_is_claimed(tmp_path: Path) -> None:
    found = asked(WORDS + EACH, "can party violate", tmp_path)
    assert (found.answer.word, found.answer.solver) == ("yes", "cvc5")
    assert found.answer.data is not None
    assert Checker(policy_of(WORDS + EACH), DAY).verdict(found.answer.data, ["a"]) is Verdict.VIOLATION
    assert sorted(found.answer.data["parties"]["it"]["marks"]) == sorted(MARKS)
    assert reason(found).endswith(" (found with cvc5)")
    assert '"solver": "cvc5"' in render("ask", "json", [found], View())


@pytest.mark.usefixtures("with_solver")
def test_a_proof_of_the_solver_is_marked(tmp_path: Path) -> None:
    found = asked(pigeons(6), "can flow violate", tmp_path)
    assert (found.answer.word, found.answer.solver) == ("no", "cvc5")
    assert reason(found).endswith("(proved with cvc5)")


@pytest.mark.usefixtures("with_solver")
def test_a_difference_that_the_solver_found_is_marked_and_checked() -> None:
    found = differing(ALL, FEWER)
    assert (found.word, found.solver) == ("stricter", "cvc5")
    again = differing(EACH, ALL)
    assert again.word == "equivalent"


def test_what_the_search_answers_is_not_marked(tmp_path: Path) -> None:
    text = "use std.core\ndata { card }\nrule a { forbid flow when notice }\n"
    assert asked(text, "can flow violate", tmp_path).answer.solver is None
    assert linted(text).solved == 0


@pytest.mark.usefixtures("with_solver")
def test_what_the_solver_gives_up_is_not_proved_and_the_rest_of_the_answer_stands(tmp_path: Path) -> None:
    hard = (
        pigeons(9)
        .replace("on flow: flag", "on party: flag")
        .replace(
            "forbid flow when", f"forbid party when {' and '.join(f'marks includes {each}' for each in MARKS)} and"
        )
    )
    text = WORDS + hard.partition("data { card }\n")[2]
    found = linted(text + "rule small { forbid party when role includes marketer }\n")
    assert found.unproved == ("a",)
    assert found.undecided > 0
    assert (
        asked(
            text + "rule small { forbid party when role includes marketer }\n", "can party violate", tmp_path
        ).answer.word
        == "yes"
    )
    assert asked(text, "can party violate", tmp_path).answer == Answer("not proved", ("a",))


# ---- what it encodes

FORMS = """
use std.core
data { contact { email  phone  name } card { visa amex } views }
vocabulary mark { broad { one two three four } five six seven eight nine ten eleven twelve }
attribute marks on system: set of mark
attribute marks_given on system: set of mark default (five)
attribute tags on system: set of text
"""
TWELVE = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _questions() -> Iterator[tuple[str, str]]:
    each = " and ".join(f"marks includes {name}" for name in TWELVE)
    yield "sat", f"forbid system when {each}"
    yield "sat", f"forbid system when {each} and marks is declared"
    yield "unsat", f"forbid system when {each} and not marks is declared"
    yield "unsat", f"forbid system when {each} and not marks includes broad"
    yield "unsat", f"forbid system when {each} and marks within (broad, five)"
    yield "sat", f"forbid system when {each} and not marks within (broad, five)"
    given = each.replace("marks", "marks_given")
    yield "sat", f"forbid system when {given} and marks_given is declared"
    yield "sat", f"forbid system when {given} and not marks_given is declared"
    texts = " and ".join(f'tags includes "{number}"' for number in range(13))
    yield "sat", f"forbid system when {texts}"
    yield "unsat", f'forbid system when {texts} and tags within ("1", "2")'


@pytest.mark.usefixtures("with_solver")
@pytest.mark.parametrize(("answer", "rule"), list(_questions()))
def test_sets_that_are_too_large_for_rows_are_decided_by_their_elements(answer: str, rule: str) -> None:
    policy = policy_of(f"{FORMS}rule a {{ {rule} }}\n")
    ask = Questions(policy)
    wishes: list[Wish] = [(ask.verdict_of(policy.rules[0]), True, TRUE)]
    assert (ask.example(wishes) is not None, ask.never(wishes)) == (answer == "sat", answer == "unsat")
    assert ask.solved == 1
