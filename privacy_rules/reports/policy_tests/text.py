"""The results of policy tests as text: each case by name and, if it fails, the differences and their reasons.

customers.tests.yaml
  ok    the estate keeps every promise
  FAIL  a list is rented (customers.tests.yaml:9:11)
          expected  violation[no_selling] on flow address-list
          found     undetermined[no_selling]: cannot decide whether contact (email) is disclosed to …
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.wording import fact_and_place, missing_words
from privacy_rules.reports.flip_conditions import reason_lines
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.policy_tests import Outcome
from privacy_rules.reports.registry import View
from privacy_rules.source.words import counted, listed
from privacy_rules.testing.runner import CaseResult, Difference
from privacy_rules.testing.suite import Expectation, Pair

_LABEL = 12
_MOST_PAIRS = 3
"""At most this many pairs of a subject are explained."""


def render(found: Outcome, view: View) -> str:
    """All results and a summary."""
    return "".join(f"{line}\n" for line in _lines(found.cases, view.ink))


def _lines(results: Sequence[CaseResult], ink: Ink) -> Iterator[str]:
    for file, group in groupby(results, lambda each: each.suite.file):
        yield ink(file, bold=True)
        for each in group:
            yield from _case(each, ink)
    yield summary(results, ink)


def _case(result: CaseResult, ink: Ink) -> Iterator[str]:
    if result.passed:
        yield f"  {ink('ok', 'green')}    {ink(result.case.name)}"
        return
    where = f" ({result.case.where})" if result.case.where else ""
    yield f"  {ink('FAIL', 'red', bold=True)}  {ink(result.case.name, bold=True)}{ink(where, dim=True)}"
    for label, words in differing(result.differences):
        yield f"        {ink(label.ljust(_LABEL), 'cyan')}{ink(words)}"


def summary(results: Sequence[CaseResult], ink: Ink) -> str:
    """How many passed and failed."""
    failed = sum(not each.passed for each in results)
    cases = counted(len(results), "case")
    if failed:
        return ink(f"{failed:,} of {cases} failed", "red", bold=True)
    return ink(f"{cases} passed", "green", bold=True)


def differing(differences: Iterable[Difference]) -> Iterator[tuple[str, str]]:
    """The label and the text of each line of the differences."""
    for each in differences:
        if each.expected:
            yield "expected", expected_words(each.expected)
        if each.found is None:
            yield "found", "nothing: the subject complies with the rule, or the rule does not apply to it"
            yield from _content(each)
        else:
            yield ("found" if each.expected else "also found"), found_words(each)
            yield from _why(each.found)


def expected_words(expected: Expectation) -> str:
    """`violation[no_selling] on flow address-list, judged …`."""
    words = f"{expected.verdict.word}[{expected.rule}] on {Subject(expected.kind, expected.subject)}"
    if expected.waived is not None:
        words += ", waived" if expected.waived else ", not waived"
    if expected.judged is not None:
        words += f", judged {'; '.join(map(_pair, expected.judged)) or 'as nothing'}"
    return words


def found_words(difference: Difference) -> str:
    """The finding in one line, with everything that the expectation names besides the verdict."""
    found, expected = difference.found, difference.expected
    assert found is not None
    aside = ""
    if expected and expected.waived is not None:
        aside += ", waived" if found.waived else ", not waived"
    if expected and expected.judged is not None:
        fields = expected.judged[0].fields if expected.judged else ("data", "purpose", "verdict")
        pairs = (Pair(fields, each.data, each.purpose, each.pair, each.verdict) for each in found.judged)
        aside += f", judged {'; '.join(map(_pair, pairs))}"
    return f"{found.verdict.word}[{found.rule}] on {found.subject}{aside}: {found.message}"


def _pair(pair: Pair) -> str:
    words = []
    if "pair" in pair.fields and pair.pair:
        words.append(listed(pair.pair, "with"))
    if "data" in pair.fields:
        words.append(pair.data or "unknown data")
    if "purpose" in pair.fields:
        words.append(f"for {pair.purpose or 'an unknown purpose'}")
    if pair.verdict is not None and "verdict" in pair.fields:
        words.append(pair.verdict.word)
    return " ".join(words)


def _content(difference: Difference) -> Iterator[tuple[str, str]]:
    """Why a subject complies that was expected to violate the rule."""
    for number, each in enumerate(difference.explanations[:_MOST_PAIRS]):
        judged = each.judged
        data = judged.together or judged.data or ""
        pair = " ".join(filter(None, (data, f"for {judged.purpose}" if judged.purpose else "")))
        for line in reason_lines(each):
            label = "why" if number == 0 and line == "passes because" else ""
            yield label, f"{pair} {line}".strip() if line == "passes because" else line


def _why(found: Finding) -> Iterator[tuple[str, str]]:
    lines: list[str] = []
    for test in found.because:
        lines.append(f"{test.text}: {test.value.word}")
        lines += [f"  {fact_and_place(fact)}" for fact in test.facts[:4]]
    for number, line in enumerate(lines):
        yield ("" if number else "why"), line
    for number, each in enumerate(found.missing):
        yield ("" if number else "missing"), missing_words(each)
