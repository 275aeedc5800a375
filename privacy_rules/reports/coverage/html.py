"""Coverage as one HTML page: how often each value of each part of a rule was seen."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.reports.coverage.text import label, percent, untested
from privacy_rules.reports.markup.html import NEWLINE, Html, bullets, element, joined, page, resource, table
from privacy_rules.reports.registry import View
from privacy_rules.testing.coverage import Coverage, Covered, RuleCoverage


def render(found: Coverage, _: View) -> str:
    """The page."""
    figures = [
        (f"{percent(found)}", "seen"),
        (f"{found.met:,} of {found.goals:,}", "values"),
        (f"{sum(each.met == each.goals for each in found.rules):,} of {len(found.rules):,}", "rules whole"),
    ]
    items = (element("li", element("strong", number), f" {what}") for number, what in figures)
    title = "What the policy tests show"
    head = element("header", element("h1", title), element("ul", *items, class_="figures"))
    body = joined(head, NEWLINE, element("main", *map(_rule, found.rules)), NEWLINE)
    return page(title, [body], resource(__package__, "page.css"))


def _rule(found: RuleCoverage) -> Html:
    rule = found.rule
    state = "whole" if found.met == found.goals else "partly" if found.met else "never"
    name = element("h3", element("code", rule.name), f" {rule.title or ''}")
    place = element("p", f"{rule.span}: {found.met:,} of {found.goals:,}", class_="place")
    head = [element("th", "part"), *(element("th", each, class_="number") for each in ("true", "false", "unknown"))]
    items = table(head, map(_item, found.items)) if found.items else ""
    lacking = bullets(_untested(found)) if found.met < found.goals else ""
    return joined(element("section", name, place, _verdicts(found), lacking, items, class_=f"part {state}"), NEWLINE)


def _untested(found: RuleCoverage) -> Iterator[str]:
    """The values that no case tests, with a line for the rule as a whole and for each part."""
    if found.unseen:
        yield f"the rule as a whole: {untested(found.unseen)}"
    yield from (f"{label(each)}: {untested(each.unseen)}" for each in found.items if each.unseen)


def _verdicts(found: RuleCoverage) -> Html:
    if not found.able:
        return joined()
    order = (Verdict.VIOLATION, Verdict.UNDETERMINED, Verdict.COMPLIANT)
    return element("p", ", ".join(f"{each.word} {found.verdicts[each]:,}" for each in order if each in found.able))


def _item(found: Covered) -> Html:
    values = (_value(found, each) for each in (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN))
    where = element("span", f"line {found.item.span.line}", class_="place")
    return element("tr", element("td", element("code", label(found)), " ", where), *values)


def _value(found: Covered, value: Truth) -> Html:
    if value not in found.item.able:
        return element("td", class_="number")
    seen = found.seen[value]
    return element("td", f"{seen:,}" if seen else "never", class_="number" if seen else "number unseen")
