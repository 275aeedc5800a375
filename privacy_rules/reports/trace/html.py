"""A trace as a page, with the prose on the left and its rules on the right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from privacy_rules.english.document import meaning
from privacy_rules.english.sentences import in_english
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.reports.markup.html import NEWLINE, Html, bullets, definitions, element, joined, page, resource, text
from privacy_rules.reports.markup.html import words as prose
from privacy_rules.reports.markup.paragraphs import html
from privacy_rules.reports.registry import View
from privacy_rules.reports.trace import Traces
from privacy_rules.reports.trace.text import (
    LABELS,
    STATES,
    astray_words,
    change_words,
    legend,
    lost_words,
    place_words,
    problems,
    uncited_words,
)
from privacy_rules.tracing.coverage import Traced
from privacy_rules.tracing.plain_text import plain


def render(content: Traces, _: View) -> str:
    """The page: each clause beside its rules in plain English."""
    found, policy = content.trace, content.policy
    header = policy.headers[0] if policy.headers else None
    title = (header.fields.get("title") or header.name) if header else "A policy"
    figures = dict[str, int]((state, len(found.in_state(state))) for state in STATES) | problems(found)
    title = f"{title}: prose and rules"
    head = element("h1", title), element("ul", *(_figure(n, word) for word, n in figures.items()), class_="figures")
    uncovered = [element("a", each.clause.id, href=f"#{_anchor(each)}") for each in found.in_state("uncovered")]
    links = element("p", "Uncovered: ", Html(", ".join(uncovered))) if uncovered else joined()
    legends = definitions([(word, prose(said)) for word, said in legend(found)])
    clauses = (_article(each, policy) for each in found.clauses)
    strays = [
        astray_words(each) + (f" ({each.help})" if each.help else "") + f" – {each.span}" for each in found.astray
    ]
    rest = (
        _listing("Citations that match no clause, or several", strays),
        _listing("Clauses that no longer exist", [lost_words(name, found) for name in found.lost]),
        _listing("Rules that cite no clause", [f"{uncited_words(rule)} – {rule.span}" for rule in found.uncited]),
    )
    body = joined(element("header", *head, links, legends), NEWLINE, element("main", *clauses, *rest), NEWLINE)
    return page(title, [body], resource(__package__, "page.css"))


def _figure(count: int, word: str) -> Html:
    number = element("strong", f"{count:,}", class_="verdict")
    return element("li", number, f" {LABELS.get(word, word)}", class_=word if word in STATES or count else "")


def _listing(title: str, lines: Sequence[str]) -> Html:
    return element("section", element("h2", title), bullets(lines)) if lines else joined()


def _article(each: Traced, policy: Policy) -> Html:
    left = (
        element("h2", element("code", each.clause.id), f" {plain(each.clause.title)}"),
        element("p", text_of_lines(plain(each.clause.text))),
        element("span", place_words(each), class_="place"),
    )
    right = [_rule(rule, policy) for rule in each.rules]
    if each.accounted:
        right.append(bullets(joined(element("strong", line.kind), f": {line.reason}") for line in each.accounted))
    right = right or [element("p", "no rule, and no reason given", class_="verdict")]
    if change_words(each):
        right.append(element("p", change_words(each).strip(), class_="tag"))
    kind = "changed" if each.wording == "changed" else each.state
    return joined(
        element("section", element("div", *left), element("div", *right), class_=f"clause {kind}", id=_anchor(each)),
        NEWLINE,
    )


def _anchor(each: Traced) -> str:
    """The id of a clause on the page."""
    return f"clause-{each.clause.file}-{each.clause.line}".replace(" ", "-")


def text_of_lines(written: str) -> Html:
    """Text of several lines; paragraphs stay apart, and the items of a list are on lines of their own."""
    pieces = re.split(r"\n\n(?=[ \t]{0,20}• )", written)
    lines = "<br>".join("\n".join(map(text, piece.splitlines())) for piece in pieces)
    return Html(lines.replace("\n\n", "<br><br>"))


def _rule(rule: Rule, policy: Policy) -> Html:
    """A rule with what it says, and where it is in the policy."""
    rule_text = in_english(rule, policy)
    notes = (meaning(each, among=rule_text.notes) for each in rule_text.notes)
    said = map(html, (*rule_text.passages, *notes))
    place = element("p", element("code", rule.name), " ", element("span", str(rule.span), class_="place"))
    return element("div", element("h3", rule.title or rule.name), *said, place, class_="rule")
