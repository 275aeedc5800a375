"""A drift as JSON."""

from __future__ import annotations

from privacy_rules.drift.comparison import Drift, Undeclared
from privacy_rules.findings.finding import Finding
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View


def render(found: Drift, _: View) -> str:
    """The document."""
    return dumps(
        {
            "version": 1,
            "counts": {
                "observed": found.observed,
                "undeclared": len(found.undeclared),
                "new_recipients": len(found.new_recipients),
                "never_observed": len(found.unobserved),
                "unknown_systems": len(found.unknown),
                "not_judged": found.unjudged,
            },
            "undeclared": [_undeclared(each) for each in found.undeclared],
            "would_come": [_finding(each) for each in found.elsewhere],
            "never_observed": [
                {
                    "id": each.id,
                    "from": str(each.declared["from"]),
                    "to": str(each.declared["to"]),
                    "location": place(each.location()),
                }
                for each in found.unobserved
            ],
            "unknown_systems": [
                {"name": each.name, "count": each.count, "location": place(each.place)} for each in found.unknown
            ],
        }
    )


def _undeclared(flow: Undeclared) -> Json:
    return {
        "id": flow.id,
        "from": flow.source,
        "to": flow.target,
        "count": flow.count,
        "last_seen": flow.last_seen,
        "new_recipient": flow.is_new_recipient,
        "location": place(flow.place),
        "findings": [_finding(each) for each in flow.findings],
    }


def _finding(found: Finding) -> Json:
    return {
        "rule": found.rule,
        "verdict": found.verdict.word,
        "severity": found.severity,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "message": found.message,
    }
