"""A trace as a page, with the prose on the left and its rules on the right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from privacy_rules.english.document import meaning
from privacy_rules.english.sentences import read_aloud
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.reports.markup.html import STYLE, bullets, element, page, text
from privacy_rules.reports.markup.paragraphs import html
from privacy_rules.reports.registry import View
from privacy_rules.reports.trace import Traces
from privacy_rules.reports.trace.text import (
    LABELS,
    STATES,
    astray_words,
    change_words,
    lost_words,
    place_words,
    problems,
    uncited_words,
)
from privacy_rules.tracing.coverage import Traced
from privacy_rules.tracing.plain_text import plain

_STYLE = (
    STYLE
    + """
.clause { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 1.5rem; border-left: .35rem solid var(--edge);
  padding: .6rem .9rem; margin: .7rem 0; background: var(--box); border-radius: .4rem; break-inside: avoid; }
.clause h2, .clause h3 { margin-top: 0; } .clause p { margin-top: 0; } .covered { --edge: var(--good); } .accounted { --edge: var(--link); }
.clause ul { margin: .2rem 0 .5rem; padding-left: 1.2rem; } .rule { font-size: .92rem; margin-bottom: .8rem; } .term { font-style: italic; }
.uncovered { --edge: var(--bad); } .changed, .uncited { --edge: var(--open); }
.astray, .lost { --edge: var(--bad); }
@media (max-width: 40rem) { .clause { grid-template-columns: 1fr; } }
"""
)


def render(content: Traces, _: View) -> str:
    """A page that stands by itself: each clause beside what the policy has for it, in plain English."""
    found, policy = content.trace, content.policy
    header = policy.headers[0] if policy.headers else None
    title = (header.fields.get("title") or header.name) if header else "A policy"
    figures = dict[str, int]((state, len(found.in_state(state))) for state in STATES) | problems(found)
    counts = "".join(_figure(count, word) for word, count in figures.items())
    clauses = "".join(_article(each, policy) for each in found.clauses)
    strays = [
        astray_words(each) + (f" ({each.help})" if each.help else "") + f" – {each.span}" for each in found.astray
    ]
    rest = (
        _listing("Cites that mean no clause, or several", strays)
        + _listing("Clauses that are lost", [lost_words(name, found) for name in found.lost])
        + _listing("Rules that cite no clause", [f"{uncited_words(rule)} – {rule.span}" for rule in found.uncited])
    )
    head = element("h1", text(f"{title}: prose and rules")) + element("ul", counts, class_="figures")
    return page(f"{title}: prose and rules", [f"<header>{head}</header>\n<main>{clauses}{rest}</main>\n"], _STYLE, "")


def _figure(count: int, word: str) -> str:
    told = f"{element('strong', f'{count:,}', class_='verdict')} {LABELS.get(word, word)}"
    return element("li", told, class_=word if word in STATES or count else "")


def _listing(title: str, lines: Sequence[str]) -> str:
    return element("section", element("h2", title) + bullets(map(text, lines))) if lines else ""


def _article(each: Traced, policy: Policy) -> str:
    title = f"{element('code', text(each.clause.id))} {text(plain(each.clause.title))}"
    left = (
        element("h2", title)
        + element("p", text_of_lines(plain(each.clause.text)))
        + element("span", text(place_words(each)), class_="place")
    )
    lines = [f"{element('strong', text(line.kind))}: {text(line.reason)}" for line in each.accounted]
    right = "".join(_rule(rule, policy) for rule in each.rules) + (bullets(lines) if lines else "")
    right = right or element("p", "no rule, and no reason why there is none", class_="verdict")
    wording = element("p", text(change_words(each).strip()), class_="tag") if change_words(each) else ""
    kind = "changed" if each.wording == "changed" else each.state
    return element("section", element("div", left) + element("div", right + wording), class_=f"clause {kind}") + "\n"


def text_of_lines(told: str) -> str:
    """Text of several lines, each made visible by itself; paragraphs stay apart, and items of a list on lines of their own."""
    return "<br>".join(
        "\n".join(map(text, piece.splitlines())) for piece in re.split(r"\n\n(?=[ \t]{0,20}• )", told)
    ).replace("\n\n", "<br><br>")


def _rule(rule: Rule, policy: Policy) -> str:
    """A rule with what it says, and where its own words stand."""
    reading = read_aloud(rule, policy)
    notes = (meaning(each, among=reading.notes) for each in reading.notes)
    said = "".join(map(html, (*reading.passages, *notes)))
    place_ = f"{element('code', text(rule.name))} {element('span', text(str(rule.span)), class_='place')}"
    return element("div", element("h3", text(rule.title or rule.name)) + said + element("p", place_), class_="rule")
