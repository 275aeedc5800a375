"""The answers of `what-if` as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.reports.finding_changes import turning
from privacy_rules.reports.markup.html import bullets, element, page, text
from privacy_rules.reports.markup.html import words as html_words
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.text import WAYS, reasons, summary, table, through
from privacy_rules.simulation.compare import Answer, Turned
from privacy_rules.source.words import counted


def render(answers: Sequence[Answer], _: View) -> str:
    """The answers as a page that works from the disk."""
    return page("What if", _html(answers))


def _html(answers: Sequence[Answer]) -> Iterator[str]:
    before = answers[0].before
    about = f"beside things as they are on {before.as_of}: {counted(len(before.present), 'finding')}"
    yield f"<header>{element('h1', 'What if')}{element('p', text(about), class_='dim')}</header>\n<main>\n"
    if len(answers) > 1:
        head, rows = table(answers)
        cells = "".join(f'<th scope="col">{text(each)}</th>' for each in head)
        body = "".join(element("tr", f'<th scope="row">{text(row[0])}</th>' + _cells(row[1:])) for row in rows)
        whole = element("table", element("thead", element("tr", cells)) + element("tbody", body))
        yield f"{element('section', element('h2', 'Side by side') + element('div', whole, class_='wide'))}\n"
    for answer in answers:
        yield f'<section class="rule">{element("h2", text(answer.scenario.name))}\n'
        yield bullets(text(each) for each in (*answer.scenario.steps, *_with_it(answer)))
        yield element("p", element("strong", text(summary(answer))))
        several = len(answer.scenario.steps) > 1
        yield from (_article(found, several=several) for way in WAYS for found in answer.in_way(way))
        yield "</section>\n"
    yield "</main>\n"


def _with_it(answer: Answer) -> list[str]:
    return [f"with it go {', '.join(answer.went)}"] if answer.went else []


def _cells(row: Sequence[str]) -> str:
    return "".join(element("td", text(each)) for each in row)


def _article(found: Turned, *, several: bool) -> str:
    turn = found.turn
    kind = "fixed" if turn.after is None else "waived" if turn.after.waived else turn.after.verdict.word
    head = element("h3", html_words(turn.told.message))
    tag = f"{turn.way}: {turn.rule} on {turn.subject}: {turning(turn)}"
    place = element("span", text(str(turn.told.location or turn.subject)), class_="place")
    about = element("p", f"{element('span', text(tag), class_='verdict')} {place}")
    rows = element("dt", "because") + element("dd", bullets(map(html_words, reasons(found))))
    rows += element("dt", "through") + element("dd", text(through(found))) if several else ""
    return f"{element('article', head + about + element('dl', rows), class_=kind, data_kind=kind)}\n"
