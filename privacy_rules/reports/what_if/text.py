"""The answers of `what-if` as text: the findings that come, go and change, why, and through which step.

sell the list
  set flow newsletter-list: exchange = sale

  comes    violation[no_selling] on flow newsletter-list: personal_information (email) is disclosed to mailer in a sale (privacy.yaml:67:5)
             because  exchange is (sale, rental): true
                        `exchange` of flow newsletter-list is sale (the options:1:37)
  1 finding comes, 3 stay: 3 findings before, 4 after
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from privacy_rules.findings.wording import fact_and_place
from privacy_rules.reports.finding_changes import change_words, colour_of_change
from privacy_rules.reports.markup.terminal import COLOURS, Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.simulation.compare import Answer, ExplainedChange
from privacy_rules.simulation.finding_delta import WAYS, FindingChange, Key
from privacy_rules.simulation.later import LaterDay
from privacy_rules.simulation.world import World
from privacy_rules.source.words import counted, first_few

_FACTS, _STEPS = 4, 12
_MOST = 200
"""At most this many changed findings of a scenario are listed; `json` has them all."""


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
        found = counted(answers[0].delta.before.found, "finding")
        yield ink(f"compared with the current state on {answers[0].present.day}: {found}", dim=True)


def _answer(answer: Answer, ink: Ink, *, several: bool) -> Iterator[str]:
    yield ink(answer.scenario.name, bold=True)
    for step in answer.scenario.steps:
        yield f"  {ink(step)}"
    if answer.world.removed_along:
        yield f"  {ink(f'also removed: {first_few(answer.world.removed_along, 12)}', dim=True)}"
    yield ""
    for each in islice(answer.in_way(*WAYS), _MOST):
        yield from change_lines(each, ink, several=several)
    more = sum(answer.delta.counts[way] for way in WAYS) - min(_MOST, len(answer.delta.changed))
    if more:
        yield f"  and {more:,} more"
    yield f"  {ink(summary(answer), colour_of(answer), bold=True)}"
    left = _MOST
    for day in answer.later.days:
        for words, changes in later_parts(day):
            yield f"  {ink(words, bold=True)}"
            for change in changes[:left]:
                yield f"    {ink(later_line(change).replace('->', ink.arrow), colour_of_change(change))}"
            if len(changes) > left:
                yield f"    and {len(changes) - left:,} more"
            left = max(0, left - len(changes))
    yield from (f"  {each}" for each in later_omitted(answer))


def later_parts(found: LaterDay) -> Iterator[tuple[str, Sequence[FindingChange]]]:
    """The heading of a later day, and what changes on it: only with the changes, and only without them."""
    events = ", ".join(each.words for each in found.events)
    if found.only_after:
        yield f"and on {found.day}: {events}", found.only_after
    if found.only_now:
        yield f"and no longer on {found.day}" + ("" if found.only_after else f": {events}"), found.only_now


def later_line(change: FindingChange) -> str:
    """`compliant -> violation  contracted on flow parcels: …`."""
    return f"{change_words(change)}  {change.rule} on {change.subject}: {change.finding.message}"


def later_omitted(answer: Answer) -> Iterator[str]:
    """A line that says that days far ahead are not compared, if there are any."""
    if answer.later.until:
        yield f"days after {answer.later.until} are not compared"


def change_lines(found: ExplainedChange, ink: Ink, *, several: bool, quiet: bool = False) -> Iterator[str]:
    """A changed finding, why it changes, and through which of `several` steps. `quiet`: without the reasons."""
    change = found.change
    words = f" ({change_words(change).replace('->', ink.arrow)})" if change.way == "changes" else ""
    yield f"  {ink(change.way.ljust(8), colour_of_change(change))} {ink(headline(change))}{ink(words)}"
    for number, line in enumerate(() if quiet else reasons(found)):
        yield f"           {ink('because' if number == 0 else '       ', 'cyan')}  {ink(line)}"
    if several:
        yield f"           {ink('through', 'cyan')}  {ink(through(found))}"


def headline(change: FindingChange) -> str:
    """The finding in one line, with its subject."""
    shown = change.finding
    place = f" ({shown.location})" if shown.location else ""
    return f"{_word(shown.verdict.word, waived=shown.waived)}[{shown.rule}] on {shown.subject}: {shown.message}{place}"


def through(found: ExplainedChange) -> str:
    """The steps that cause a change."""
    more = len(found.brought_by) - _STEPS
    steps = "; ".join(found.brought_by[:_STEPS]) + (f"; and {more:,} more" if more > 0 else "")
    return f"{steps}{'' if found.proved else ' (not narrowed down further)'}"


def reasons(found: ExplainedChange) -> Iterator[str]:
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
    found = answer.delta
    counts = {way: found.counts[way] for way in WAYS}
    verbs = {"comes": "come", "goes": "go", "changes": "change"}
    parts = [f"{count:,} {way if count == 1 else verbs[way]}" for way, count in counts.items() if count]
    parts = parts or ["nothing changes"]
    staying = found.counts["stays"]
    parts += [f"{staying:,} {'stays' if staying == 1 else 'stay'}"] if staying else []
    figures = f"{counted(found.before.found, 'finding')} before, {found.after.found:,} after"
    days = "" if answer.present.day == answer.world.day else f" (as of {answer.world.day})"
    return f"{', '.join(parts)}: {figures}{days}"


def omitted(answer: Answer) -> Iterator[str]:
    """A line that says how many changed findings are only counted, if there are too many to list."""
    left = sum(count for way, count in answer.delta.omitted.items() if way != "stays")
    if left:
        yield f"too many changed findings to list: {left:,} {'is' if left == 1 else 'are'} only counted"


def colour_of(answer: Answer) -> Colour | None:
    """The colour of the worst verdict that comes; green if findings only go."""
    if answer.delta.worst:
        return COLOURS[answer.delta.worst]
    return "green" if any(answer.delta.counts[way] for way in WAYS) else None


# Several scenarios.


def table(answers: Sequence[Answer]) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of the table of all scenarios: figures first, then each finding that changes in one of them."""
    head = ["", "now", *(each.scenario.name for each in answers)]
    figures = [answers[0].delta.before, *(each.delta.after for each in answers)]
    rows = [["violations", *(f"{each.violations:,}" for each in figures)]]
    rows.append(["undetermined", *(f"{each.undetermined:,}" for each in figures)])
    rows += [[way, "", *(f"{each.delta.counts[way]:,}" for each in answers)] for way in WAYS]
    worlds = [answers[0].present, *(each.world for each in answers)]
    keys = sorted({key for answer in answers for _, key in answer.delta.changed})
    rows += [[_name(key), *(_state(each, key) for each in worlds)] for key in keys[:_MOST]]
    return head, rows


def _name(key: Key) -> str:
    return f"{key[0]} on {key[1]}"


def _word(verdict: str, *, waived: bool) -> str:
    return f"waived {verdict}" if waived else verdict


def _state(world: World, key: Key) -> str:
    found = world.state(key[0], key[1].kind, key[1].id)
    return _word(found.verdict.word, waived=found.waived) if found else "-"


def _side_by_side(answers: Sequence[Answer], ink: Ink) -> Iterator[str]:
    head, rows = table(answers)
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    yield ink("  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip(), bold=True)
    for row in rows:
        yield ink("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
