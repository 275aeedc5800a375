"""An impact as JSON."""

from __future__ import annotations

from privacy_rules.findings.finding import Finding
from privacy_rules.reports.finding_changes import difference_document
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.simulation.finding_delta import WAYS, FindingChange
from privacy_rules.simulation.impact import MOST_DESCRIBED, AppliedRule, Impact
from privacy_rules.simulation.senders_and_recipients import Holder, Lost


def render(found: Impact, _: View) -> str:
    """The document."""
    touched = found.touched
    omitted: dict[str, Json] = {way: count for way, count in found.difference.omitted.items() if way in WAYS}
    return dumps(
        {
            "version": 1,
            "kind": found.kind,
            "id": found.id,
            "touches": {
                "parties": list(touched.parties),
                "contracts": list(touched.contracts),
                "systems": list(touched.systems),
                "flows": list(touched.flows),
                "data_from": list(touched.before),
                "data_to": list(touched.after),
            },
            "data": _data(found),
            "rules": [_rule(each) for each in found.rules],
            "paths": [_change(each) for each in found.paths],
            "without": {
                "gone": [{"kind": kind, "id": id_} for kind, id_ in found.gone],
                "without_source": _lost(found.lost[0]),
                "without_recipient": _lost(found.lost[1]),
                "comes": [_change(each.finding) for each in found.in_way("comes")],
                "goes": [_change(each.finding) for each in found.in_way("goes")],
                "changes": [_finding_change(each) for each in found.in_way("changes")],
                **({"omitted": omitted} if omitted else {}),
            },
        }
    )


def _data(found: Impact) -> dict[str, Json]:
    """The systems that data gets to and comes from, up to a limit; `omitted` counts the others."""
    described: dict[str, Json] = {}
    omitted: dict[str, Json] = {}
    for name, holders in (("to", found.gets), ("from", found.gives)):
        left, listed = MOST_DESCRIBED, list[Json]()
        for each in holders:
            left -= len(each.passages)
            if left >= 0:
                listed.append(_holder(each))
        described[name] = listed
        if len(listed) < len(holders):
            omitted[name] = len(holders) - len(listed)
    return {**described, **({"omitted": omitted} if omitted else {})}


def _holder(holder: Holder) -> Json:
    return {
        "system": holder.system,
        "party": holder.party,
        "roles": list(holder.roles),
        "country": holder.country,
        "where": holder.where,
        "contracts": [
            {"id": each.id, "until": str(each.until) if each.until else None, "until_known": each.known}
            for each in holder.contracts
        ],
        "retention": None if holder.retention is None else str(holder.retention),
        "passages": [
            {
                "category": each.category,
                "at_system": list(each.at_system),
                "may_be": list(each.may_be),
                "must": each.must,
                "path": list(each.path),
            }
            for each in holder.passages
        ],
    }


def _lost(found: Lost) -> list[Json]:
    return [{"system": system, "categories": list(categories)} for system, categories in found]


def _rule(found: AppliedRule) -> Json:
    return {
        "name": found.rule.name,
        "kind": found.rule.subject.kind.family.value,
        "subjects": found.subjects,
        "violations": found.violations,
        "undetermined": found.undetermined,
        "location": place(found.rule.span),
    }


def _finding_change(change: FindingChange) -> Json:
    before = change.before
    return {
        **_change(change.finding),
        "before": before.verdict.word if before else "compliant",
        "before_waived": bool(before and before.waived),
        "differs": difference_document(change),
    }


def _change(found: Finding) -> dict[str, Json]:
    return {
        "rule": found.rule,
        "verdict": found.verdict.word,
        "waived": found.waived,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "message": found.message,
        "path": list(found.path),
        "location": place(found.location),
    }
