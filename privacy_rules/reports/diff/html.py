"""What changed in a policy, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from privacy_rules.analysis.policy_comparison import DIRECTIONS, Example, RuleDifference
from privacy_rules.analysis.search import No
from privacy_rules.reports.diff.content import (
    Compared,
    estate_title,
    headline,
    remarks,
    status_words,
    verdicts,
    word_words,
)
from privacy_rules.reports.diff.sentences import sentence, snippet
from privacy_rules.reports.markup.html import NEWLINE, Html, bullets, element, joined, page
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.html import article
from privacy_rules.reports.what_if.text import omitted, summary
from privacy_rules.simulation.compare import Answer
from privacy_rules.source.words import upper_first


def render(found: Compared, _: View) -> str:
    """The page: the answer, then each rule that differs with its examples."""
    title = "What changes in the policy"
    head = element(
        "header",
        element("h1", title),
        element("p", element("code", found.old), " → ", element("code", found.new)),
        element("p", element("strong", upper_first(headline(found)))),
    )
    return page(title, [joined(head, NEWLINE, element("main", *_sections(found)), NEWLINE)])


def _sections(found: Compared) -> Iterator[Html]:
    if found.material:
        yield element("section", element("h2", "This is a material change"), bullets(found.material))
    yield from (_rule(each, found.found.day) for each in found.changed)
    if found.estate:
        yield from _estate(found.estate)
    notes = [f"{each.before.name} is now called {each.name}" for each in found.renamed if each.before]
    notes += [f"{each.name}: {'; '.join(each.notes)}" for each in found.noted]
    if notes:
        yield element("section", element("h2", "Rules that judge the same"), bullets(notes))
    if found.found.words:
        yield element("section", element("h2", "Words"), bullets(map(word_words, found.found.words)))
    yield from (element("p", each) for each in remarks(found))


def _estate(answer: Answer) -> Iterator[Html]:
    yield element("h2", estate_title(answer))
    for rule, changes in answer.by_rule():
        articles = (article(each, several=False) for each in changes)
        yield element("section", element("h3", element("code", rule)), *articles, class_="rule")
    yield element("p", element("strong", summary(answer)))
    yield from (element("p", each) for each in omitted(answer))


def _rule(rule: RuleDifference, first: date) -> Html:
    pieces = [element("h2", element("code", rule.name), f": {status_words(rule)}")]
    pieces += [bullets(rule.notes)] if rule.notes else []
    for direction in DIRECTIONS:
        answer = getattr(rule.difference, direction)
        if isinstance(answer, Example):
            shown = verdicts(answer).replace("->", "→")
            pieces.append(element("p", element("strong", direction), f": {sentence(answer, first)} ({shown})"))
            lines = (piece for line in snippet(answer) for piece in (line, NEWLINE))
            pieces.append(element("pre", *lines, class_="wide", tabindex="0"))
        elif answer is No.NOT_PROVED:
            pieces.append(element("p", element("strong", direction), ": not proved"))
    return element("section", *pieces)
