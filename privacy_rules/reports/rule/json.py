"""The page of a rule as JSON."""

from __future__ import annotations

from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.reports.rule.page import Page


def render(page: Page, _: View) -> str:
    """The document."""
    rule = page.rule
    spoken: Json = None
    if page.spoken_of is not None:
        spoken = [
            {"subject": subject, "verdict": verdict.word, "waived": subject in page.waived}
            for subject, verdict in page.spoken_of
        ]
    return dumps(
        {
            "version": 1,
            "name": rule.name,
            "title": rule.title,
            "statement": rule.statement,
            "severity": None if rule.statement == "permit" else rule.severity,
            "cites": list(rule.cites),
            "hint": rule.hint,
            "applies_from": str(rule.applies_from) if rule.applies_from else None,
            "applies_until": str(rule.applies_until) if rule.applies_until else None,
            "lifts": list(rule.despite),
            "lifted_by": list(page.lifted_by),
            "kind": rule.subject.kind.family.value,
            "text": page.source,
            "location": place(rule.span),
            "spoken_of": spoken,
        }
    )
