"""The page of a rule as text: its clauses, its text, what lifts it, and the subjects that it applied to.

no_selling: Contact information is not sold or rented
  at        iapmo.privacy:24:1, severity error
  clause    #no-selling
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.logic import Verdict
from privacy_rules.reports.markup.terminal import COLOURS, Ink
from privacy_rules.reports.registry import View
from privacy_rules.reports.rule.page import Page
from privacy_rules.source.words import first_few

_LABEL = 10


_MOST = 20


def render(page: Page, view: View) -> str:
    """The text for a terminal."""
    rule, ink = page.rule, view.ink
    title = f": {rule.title}" if rule.title else ""
    lines = [f"{ink(rule.name, bold=True)}{ink(title)}"]
    lines += [f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(words)}" for label, words in _about(page)]
    if page.source is not None:
        lines += ["", *(f"  {ink(line)}" for line in page.source.split("\n"))]
    if page.spoken_of is not None:
        lines += ["", *_spoken_of(page, ink)]
    return "".join(f"{line}\n" for line in lines)


def _about(page: Page) -> Iterator[tuple[str, str]]:
    rule = page.rule
    yield "at", str(rule.span) if rule.statement == "permit" else f"{rule.span}, severity {rule.severity}"
    if rule.applies_from or rule.applies_until:
        days = [f"from {rule.applies_from}" if rule.applies_from else ""]
        days += [f"until {rule.applies_until}" if rule.applies_until else ""]
        yield "applies", " ".join(filter(None, days))
    yield from (("" if number else "clause", cite) for number, cite in enumerate(rule.cites))
    if rule.despite:
        yield "lifts", ", ".join(rule.despite)
    if page.lifted_by:
        yield "lifted by", ", ".join(page.lifted_by)
    if rule.hint:
        yield "hint", rule.hint


def _spoken_of(page: Page, ink: Ink) -> Iterator[str]:
    if page.rule.statement == "permit":
        yield f"  {ink('a permit judges nothing itself')}"
    elif not page.spoken_of:
        yield f"  {ink('it applied to nothing in this run')}"
    for verdict in sorted(Verdict, reverse=True):
        subjects = [f"{each} (waived)" if each in page.waived else each for each in page.with_verdict(verdict)]
        if subjects:
            head = f"{verdict.word} ({len(subjects):,})"
            yield f"  {ink(head, COLOURS[verdict])}: {ink(first_few(subjects, _MOST))}"
