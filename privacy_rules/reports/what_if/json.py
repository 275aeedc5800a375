"""The answers of `what-if` as JSON: for each scenario, the findings that come, go, change and stay, why, and through which step."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.judgements import Explained
from privacy_rules.findings.finding import Subject
from privacy_rules.reports.check.json import fact, finding_document, summary
from privacy_rules.reports.finding_changes import difference_document
from privacy_rules.reports.forecast.json import change_document, event_document
from privacy_rules.reports.markup.json import Json, dumps
from privacy_rules.reports.registry import View
from privacy_rules.simulation.compare import Answer, ExplainedChange
from privacy_rules.simulation.finding_delta import WAYS
from privacy_rules.simulation.later import Later


def render(answers: Sequence[Answer], _: View) -> str:
    """The document."""
    first = answers[0]
    return dumps(
        {
            "version": 1,
            "as_of": first.present.day.isoformat(),
            "summary": summary(first.delta.before),
            "scenarios": [{**answer_document(each), "later": _later(each.later)} for each in answers],
        }
    )


def answer_document(answer: Answer) -> dict[str, Json]:
    """One scenario as plain data."""
    found = answer.delta
    omitted: dict[str, Json] = dict(found.omitted.items())
    return {
        "name": answer.scenario.name,
        "steps": list(answer.scenario.steps),
        "went": list(answer.world.removed_along),
        "as_of": answer.world.day.isoformat(),
        "summary": summary(found.after),
        **{way: [_explained_change(each) for each in answer.in_way(way)] for way in WAYS},
        "stays": [{"rule": rule, "subject": _subject(subject)} for rule, subject in found.stays],
        **({"omitted": omitted} if omitted else {}),
    }


def _later(found: Later) -> Json:
    """The later days on which the changes make a difference. `until`: days after it are not compared; null if all are."""
    return {
        "until": found.until.isoformat() if found.until else None,
        "days": [
            {
                "day": each.day.isoformat(),
                "events": [event_document(event) for event in each.events],
                "changes": [change_document(change) for change in each.only_after],
                "no_longer": [change_document(change) for change in each.only_now],
            }
            for each in found.days
        ],
    }


def _explained_change(found: ExplainedChange) -> Json:
    change = found.change
    return {
        "rule": change.rule,
        "subject": _subject(change.subject),
        "before": finding_document(change.before) if change.before else None,
        "after": finding_document(change.after) if change.after else None,
        "differs": difference_document(change),
        "because": [_test(each) for each in found.because],
        "gone": found.gone,
        "brought_by": list(found.brought_by),
        "proved": found.proved,
    }


def _subject(subject: Subject) -> Json:
    return {"kind": subject.kind.value, "id": subject.id}


def _test(test: Explained) -> Json:
    return {"test": test.text, "value": test.value.word, "facts": [fact(each) for each in test.facts]}
