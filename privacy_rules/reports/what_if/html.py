"""The answers of `what-if` as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.reports.finding_changes import change_words
from privacy_rules.reports.markup.html import (
    NEWLINE,
    Html,
    bullets,
    definitions,
    element,
    filter_script,
    joined,
    page,
    words,
)
from privacy_rules.reports.markup.html import table as html_table
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.text import (
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
from privacy_rules.simulation.finding_delta import WAYS
from privacy_rules.source.words import counted


def render(answers: Sequence[Answer], _: View) -> str:
    """The page."""
    return page("What if", _body(answers), script=filter_script())


def _body(answers: Sequence[Answer]) -> Iterator[Html]:
    about = f"compared with the current state on {answers[0].present.day}: {counted(answers[0].delta.before.found, 'finding')}"
    yield element("header", element("h1", "What if"), element("p", about, class_="dim"))
    yield Html("\n<main>\n")
    if len(answers) > 1:
        head, rows = table(answers)
        columns = (element("th", each, scope="col") for each in head)
        body = (
            element("tr", element("th", first, scope="row"), *(element("td", each) for each in rest))
            for first, *rest in rows
        )
        yield joined(element("section", element("h2", "Side by side"), html_table(columns, body)), NEWLINE)
    for answer in answers:
        several = len(answer.scenario.steps) > 1
        articles = (article(found, several=several) for found in answer.in_way(*WAYS))
        removed_along = [f"also removed: {', '.join(answer.world.removed_along)}"] if answer.world.removed_along else []
        steps = bullets((*answer.scenario.steps, *removed_along))
        conclusion = element("p", element("strong", summary(answer)))
        name = element("h2", answer.scenario.name)
        rest = (element("p", each) for each in omitted(answer))
        ahead = _later(answer)
        yield joined(
            element("section", name, NEWLINE, steps, conclusion, *articles, *rest, *ahead, class_="rule"), NEWLINE
        )
    yield Html("</main>\n")


def _later(answer: Answer) -> Iterator[Html]:
    """What is different on later days."""
    for day in answer.later.days:
        for title, changes in later_parts(day):
            yield element("h3", title)
            yield bullets(words(later_line(change)) for change in changes)
    yield from (element("p", each) for each in later_omitted(answer))


def article(found: ExplainedChange, *, several: bool) -> Html:
    """A changed finding: why it changes, and through which of `several` steps."""
    change = found.change
    kind = "fixed" if change.after is None else "waived" if change.after.waived else change.after.verdict.word
    tag = element("span", f"{change.way}: {change.rule} on {change.subject}: {change_words(change)}", class_="verdict")
    place = element("span", str(change.finding.location or change.subject), class_="place")
    rows: list[tuple[str, str]] = [("because", bullets(map(words, reasons(found))))]
    rows += [("through", through(found))] if several else []
    head = (element("h3", words(change.finding.message)), element("p", tag, " ", place))
    return joined(element("article", *head, definitions(rows), class_=kind, data_kind=kind), NEWLINE)
