"""The answers of `what-if` as Markdown, for a comment or a memo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.reports.finding_changes import change_words
from privacy_rules.reports.markup.markdown import code, escaped, words
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.text import (
    headline,
    later_line,
    later_omitted,
    later_parts,
    omitted,
    reasons,
    summary,
    table,
    through,
)
from privacy_rules.simulation.compare import Answer, ExplainedChange
from privacy_rules.simulation.finding_delta import WAYS, FindingChange
from privacy_rules.source.words import counted


def render(answers: Sequence[Answer], _: View) -> str:
    """The Markdown, in which no name can become markup."""
    return "".join(f"{line}\n" for line in _markdown(answers))


def _markdown(answers: Sequence[Answer]) -> Iterator[str]:
    yield "# What if"
    if len(answers) > 1:
        head, rows = table(answers)
        yield ""
        yield f"| {' | '.join(escaped(each) for each in head)} |"
        yield f"|{' --- |' * len(head)}"
        yield from (f"| {' | '.join(escaped(each) for each in row)} |" for row in rows)
    for answer in answers:
        yield f"\n## {escaped(answer.scenario.name)}\n"
        yield from (f"- {escaped(each)}" for each in answer.scenario.steps)
        if answer.world.removed_along:
            yield f"- also removed: {', '.join(map(escaped, answer.world.removed_along))}"
        yield f"\n**{escaped(summary(answer))}**\n"
        for each in answer.in_way(*WAYS):
            yield from change_lines(each, several=len(answer.scenario.steps) > 1)
        yield from (f"\n{each}" for each in omitted(answer))
        for day in answer.later.days:
            for title, changes in later_parts(day):
                yield f"\n**{escaped(title)}**\n"
                yield from (f"- {words(later_line(change))}" for change in changes)
        yield from (f"\n{each}" for each in later_omitted(answer))
    found = counted(answers[0].delta.before.found, "finding")
    yield f"\nCompared with the current state on {answers[0].present.day}: {found}."


def change_lines(found: ExplainedChange, *, several: bool) -> Iterator[str]:
    """A changed finding as an item of a list: why it changes, and through which of `several` steps."""
    yield f"- **{found.change.way}**: {words(headline(found.change))}{_change_words(found.change)}"
    for line in reasons(found):
        indent = "      " if line.startswith("  ") else "  "
        yield f"{indent}- {words(line.strip()) if '`' in line else code(line.strip())}"
    if several:
        yield f"  - through {escaped(through(found))}"


def _change_words(change: FindingChange) -> str:
    return f" ({escaped(change_words(change))})" if change.way == "changes" else ""
