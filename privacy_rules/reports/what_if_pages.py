"""A what-if as Markdown, for a comment or a memo, and as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.reports.finding_changes import turning
from privacy_rules.reports.html_page import bullets, element, page, text
from privacy_rules.reports.html_page import words as html_words
from privacy_rules.reports.markdown import code, escaped, words
from privacy_rules.reports.what_if import WAYS, headline, reasons, summary, table, through
from privacy_rules.simulation.compare import Answer, Turned
from privacy_rules.simulation.finding_delta import Turn
from privacy_rules.source.words import counted


def as_markdown(answers: Sequence[Answer]) -> str:
    """The answers as Markdown; no name in it can become markup."""
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
        if answer.went:
            yield f"- with it go {', '.join(map(escaped, answer.went))}"
        yield f"\n**{escaped(summary(answer))}**\n"
        for way in WAYS:
            for found in answer.in_way(way):
                yield from _markdown_turned(found, several=len(answer.scenario.steps) > 1)
    yield f"\nBeside things as they are on {answers[0].before.as_of}: {counted(len(answers[0].before.present), 'finding')}."


def _markdown_turned(found: Turned, *, several: bool) -> Iterator[str]:
    yield f"- **{found.turn.way}**: {words(headline(found.turn))}{_turning(found.turn)}"
    for line in reasons(found):
        indent = "      " if line.startswith("  ") else "  "
        yield f"{indent}- {words(line.strip()) if '`' in line else code(line.strip())}"
    if several:
        yield f"  - through {escaped(through(found))}"


def _turning(turn: Turn) -> str:
    return f" ({escaped(turning(turn))})" if turn.way == "changes" else ""


def as_html(answers: Sequence[Answer]) -> str:
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
