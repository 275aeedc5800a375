"""A trace as JSON."""

from __future__ import annotations

from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.reports.trace import Traces
from privacy_rules.reports.trace.text import STATES, problems
from privacy_rules.tracing.coverage import Traced
from privacy_rules.tracing.lock import Accepted


def render(content: Traces, _: View) -> str:
    """The document, with what was just accepted."""
    found, accepted = content.trace, content.accepted
    return dumps(
        {
            "version": 1,
            "summary": {
                **{state: len(found.in_state(state)) for state in STATES},
                **problems(found),
            },
            "accepted": None if accepted is None else _accepted(accepted),
            "clauses": [_clause(each) for each in found.clauses],
            "astray": [
                {
                    "by": each.by,
                    "cite": each.cite,
                    "location": place(each.span),
                    "candidates": list(each.candidates),
                    "help": each.help,
                }
                for each in found.astray
            ],
            "lost": list(found.lost),
            "uncited": [{"rule": each.name, "location": place(each.span)} for each in found.uncited],
        }
    )


def _accepted(done: Accepted) -> Json:
    return {
        "clauses": done.count,
        "added": list(done.added),
        "changed": list(done.changed),
        "moved": [{"id": name, "was": was} for name, was in done.moved],
        "dropped": list(done.dropped),
    }


def _clause(each: Traced) -> Json:
    return {
        "id": each.clause.id,
        "title": each.clause.title,
        "state": each.state,
        "wording": each.wording,
        "was": each.was,
        "rules": [rule.name for rule in each.rules],
        "accounted": [{"kind": line.kind, "reason": line.reason} for line in each.accounted],
        "fingerprint": each.clause.fingerprint,
        "location": {"file": each.clause.file, "line": each.clause.line, "column": 1},
    }
