"""Coverage as one HTML page: each rule with what it says of itself, and how often each value of each part was seen."""

from __future__ import annotations

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.reports.coverage.text import label, percent
from privacy_rules.reports.markup.html import STYLE, element, page, text
from privacy_rules.reports.registry import View
from privacy_rules.testing.coverage import Coverage, Covered, RuleCoverage

_STYLE = (
    STYLE
    + """
section.part { border-left: .35rem solid var(--edge); padding: .2rem .9rem; margin: .9rem 0; break-inside: avoid; }
.whole { --edge: var(--good); } .partly { --edge: var(--open); } .never { --edge: var(--bad); }
td.unseen { color: var(--bad); font-weight: 700; } td.number { width: 6.5rem; }
"""
)


def render(found: Coverage, _: View) -> str:
    """The page, which stands by itself."""
    figures = [
        (f"{percent(found)}", "seen"),
        (f"{found.met:,} of {found.goals:,}", "values"),
        (f"{sum(each.met == each.goals for each in found.rules):,} of {len(found.rules):,}", "rules whole"),
    ]
    told = "".join(element("li", f"{element('strong', text(number))} {text(what)}") for number, what in figures)
    title = "What the policy tests show"
    head = element("header", element("h1", title) + element("ul", told, class_="figures"))
    rules = "".join(_rule(each) for each in found.rules)
    return page(title, [f"{head}\n{element('main', rules)}\n"], _STYLE, "")


def _rule(found: RuleCoverage) -> str:
    rule = found.rule
    state = "whole" if found.met == found.goals else "partly" if found.met else "never"
    name = f"{element('code', text(rule.name))} {text(rule.title or '')}"
    place = element("p", text(f"{rule.span}: {found.met:,} of {found.goals:,}"), class_="place")
    head = "".join(element("th", each, class_="number") for each in ("true", "false", "unknown"))
    table = element("tr", element("th", "part") + head) + "".join(_item(each) for each in found.items)
    tables = element("div", element("table", table), class_="wide") if found.items else ""
    return element("section", element("h3", name) + place + _verdicts(found) + tables, class_=f"part {state}") + "\n"


def _verdicts(found: RuleCoverage) -> str:
    if not found.able:
        return ""
    order = (Verdict.VIOLATION, Verdict.UNDETERMINED, Verdict.COMPLIANT)
    told = [f"{each.word} {found.verdicts[each]:,}" for each in order if each in found.able]
    return element("p", text(", ".join(told)))


def _item(found: Covered) -> str:
    values = "".join(_value(found, each) for each in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN))
    where = element("span", text(f"line {found.item.span.line}"), class_="place")
    return element("tr", element("td", f"{element('code', text(label(found)))} {where}") + values)


def _value(found: Covered, value: Truth) -> str:
    if value not in found.item.able:
        return element("td", "", class_="number")
    seen = found.seen[value]
    return element("td", f"{seen:,}" if seen else "never", class_="number" if seen else "number unseen")
