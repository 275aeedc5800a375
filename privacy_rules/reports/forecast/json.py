"""A forecast as JSON."""

from __future__ import annotations

from privacy_rules.reports.finding_changes import difference_document
from privacy_rules.reports.forecast import Forecast
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.simulation.finding_delta import Turn


def render(found: Forecast, _: View) -> str:
    """The document."""
    days, start, until = found
    return dumps(
        {
            "version": 1,
            "as_of": start.isoformat(),
            "until": until.isoformat(),
            "days": [
                {
                    "day": day.day.isoformat(),
                    "events": [{"message": each.words, "location": place(each.location)} for each in day.events],
                    "changes": [_change(each) for each in day.turns],
                    **({"more": day.more} if day.more else {}),
                }
                for day in days
            ],
        }
    )


def _change(turn: Turn) -> Json:
    told = turn.after or turn.before
    return {
        "rule": turn.rule,
        "subject": {"kind": turn.subject.kind.value, "id": turn.subject.id},
        "before": turn.before.verdict.word if turn.before else "compliant",
        "before_waived": bool(turn.before and turn.before.waived),
        "after": turn.after.verdict.word if turn.after else "compliant",
        "after_waived": bool(turn.after and turn.after.waived),
        "waived": bool(told and told.waived),
        "differs": difference_document(turn),
        "message": told.message if told else None,
        "owner": told.owner if told else None,
        "location": place(told.location if told else None),
    }
