"""A forecast as JSON."""

from __future__ import annotations

from privacy_rules.reports.finding_changes import difference_document
from privacy_rules.reports.forecast import Forecast
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.simulation.finding_delta import FindingChange
from privacy_rules.simulation.forecast import Event


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
                    "events": [event_document(each) for each in day.events],
                    "changes": [change_document(each) for each in day.finding_changes],
                    **({"more": day.more} if day.more else {}),
                }
                for day in days
            ],
        }
    )


def event_document(event: Event) -> Json:
    """What starts, ends or changes on a day."""
    return {"message": event.words, "location": place(event.location)}


def change_document(change: FindingChange) -> Json:
    """A finding before and after a day."""
    finding = change.after or change.before
    return {
        "rule": change.rule,
        "subject": {"kind": change.subject.kind.value, "id": change.subject.id},
        "before": change.before.verdict.word if change.before else "compliant",
        "before_waived": bool(change.before and change.before.waived),
        "after": change.after.verdict.word if change.after else "compliant",
        "after_waived": bool(change.after and change.after.waived),
        "waived": bool(finding and finding.waived),
        "differs": difference_document(change),
        "message": finding.message if finding else None,
        "owner": finding.owner if finding else None,
        "location": place(finding.location if finding else None),
    }
