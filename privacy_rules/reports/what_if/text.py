"""The answers of `what-if` as text: the findings that come, go and change, why, and through which step.

sell the list
  set flow newsletter-list: exchange = sale

  comes    violation[no_selling] on flow newsletter-list: personal_information (email) is disclosed to mailer in a sale (privacy.yaml:67:5)
             because  exchange is (sale, rental): true
                        `exchange` of flow newsletter-list is sale (the options:1:37)
  1 finding comes, 3 stay: 3 findings before, 4 after
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from privacy_rules.findings.report import Report
from privacy_rules.findings.wording import fact_and_place
from privacy_rules.reports.finding_changes import change_words, colour_of_change
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.simulation.compare import Answer, Turned
from privacy_rules.simulation.finding_delta import Key, Turn, by_key
from privacy_rules.source.words import counted, first_few

_FACTS = 4
_MOST = 200
"""At most this many changed findings of a scenario are listed; `json` has them all."""
WAYS = ("comes", "goes", "changes")


def render(answers: Sequence[Answer], view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(answers, view.ink))


def _lines(answers: Sequence[Answer], ink: Ink) -> Iterator[str]:
    for answer in answers:
        yield from _answer(answer, ink, several=len(answer.scenario.steps) > 1)
        yield ""
    if len(answers) > 1:
        yield from _side_by_side(answers, ink)
    else:
        yield _ground(answers[0].before, ink)


def _ground(before: Report, ink: Ink) -> str:
    return ink(f"beside things as they are on {before.as_of}: {counted(len(before.present), 'finding')}", dim=True)


def _answer(answer: Answer, ink: Ink, *, several: bool) -> Iterator[str]:
    yield ink(answer.scenario.name, bold=True)
    for step in answer.scenario.steps:
        yield f"  {ink(step)}"
    if answer.went:
        yield f"  {ink(f'with it go {first_few(answer.went, 12)}', dim=True)}"
    yield ""
    told = [each for way in WAYS for each in answer.in_way(way)]
    for each in told[:_MOST]:
        yield from _turned(each, ink, several=several)
    if len(told) > _MOST:
        yield f"  and {len(told) - _MOST:,} more"
    yield f"  {ink(summary(answer), _colour_of(answer), bold=True)}"


def _turned(found: Turned, ink: Ink, *, several: bool) -> Iterator[str]:
    turn = found.turn
    words = f" ({change_words(turn).replace('->', ink.arrow)})" if turn.way == "changes" else ""
    yield f"  {ink(turn.way.ljust(8), colour_of_change(turn))} {ink(headline(turn))}{ink(words)}"
    for number, line in enumerate(reasons(found)):
        yield f"           {ink('because' if number == 0 else '       ', 'cyan')}  {ink(line)}"
    if several:
        yield f"           {ink('through', 'cyan')}  {ink(through(found))}"


def headline(turn: Turn) -> str:
    """The finding in one line, with its subject."""
    told = turn.finding
    place = f" ({told.location})" if told.location else ""
    return f"{_word(told.verdict.word, waived=told.waived)}[{told.rule}] on {told.subject}: {told.message}{place}"


def through(found: Turned) -> str:
    """The steps that cause a change."""
    return f"{'; '.join(found.brought_by)}{'' if found.proved else ' (not narrowed down further)'}"


def reasons(found: Turned) -> Iterator[str]:
    """Why a finding changes: a line for each test, followed by its facts."""
    if found.gone:
        yield found.gone
    for test in found.because:
        yield f"{test.text}: {test.value.word}"
        for fact in test.facts[:_FACTS]:
            yield f"  {fact_and_place(fact)}"
        if len(test.facts) > _FACTS:
            yield f"  and {len(test.facts) - _FACTS:,} more"


def summary(answer: Answer) -> str:
    """`2 findings come, 1 goes, 3 stay: 4 findings before, 5 after`."""
    counts = {way: len(answer.in_way(way)) for way in WAYS}
    verbs = {"comes": "come", "goes": "go", "changes": "change"}
    told = [f"{count:,} {way if count == 1 else verbs[way]}" for way, count in counts.items() if count]
    told = told or ["nothing changes"]
    told += [f"{len(answer.stays):,} {'stays' if len(answer.stays) == 1 else 'stay'}"] if answer.stays else []
    figures = f"{counted(len(answer.before.present), 'finding')} before, {len(answer.after.present):,} after"
    days = "" if answer.before.as_of == answer.after.as_of else f" (as of {answer.after.as_of})"
    return f"{', '.join(told)}: {figures}{days}"


def _colour_of(answer: Answer) -> Colour | None:
    if any(colour_of_change(each.turn) != "green" for each in answer.turned):
        return "red" if any(colour_of_change(each.turn) == "red" for each in answer.turned) else "yellow"
    return "green" if answer.turned else None


# Several scenarios.


def table(answers: Sequence[Answer]) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of the table of all scenarios: figures first, then each finding that changes in one of them."""
    head = ["", "now", *(each.scenario.name for each in answers)]
    reports = [answers[0].before, *(each.after for each in answers)]
    rows = [["violations", *(f"{each.summary.violations:,}" for each in reports)]]
    rows.append(["undetermined", *(f"{each.summary.undetermined:,}" for each in reports)])
    rows += [[way, "", *(f"{len(each.in_way(way)):,}" for each in answers)] for way in WAYS]
    states = [
        {key: _word(found.verdict.word, waived=found.waived) for key, found in by_key(each).items()} for each in reports
    ]
    keys = sorted({each.turn.key for answer in answers for each in answer.turned})
    rows += [[_name(key), *(_state(each, key) for each in states)] for key in keys[:_MOST]]
    return head, rows


def _name(key: Key) -> str:
    return f"{key[0]} on {key[1]}"


def _word(verdict: str, *, waived: bool) -> str:
    return f"waived {verdict}" if waived else verdict


def _state(states: Mapping[Key, str], key: Key) -> str:
    return states.get(key, "-")


def _side_by_side(answers: Sequence[Answer], ink: Ink) -> Iterator[str]:
    head, rows = table(answers)
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    yield ink("  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip(), bold=True)
    for row in rows:
        yield ink("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
