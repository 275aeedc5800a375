"""Build the server's responses as plain data: the session, an estate, a delta. Values are written as in manifests.

Findings have the form of `reports/check/json.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.drawing.picture import Picture
from privacy_rules.drawing.pictures import Painter
from privacy_rules.drawing.svg import as_svg
from privacy_rules.drawing.views import View, offered, picture_of, summary
from privacy_rules.findings.finding import Finding, order
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.manifest import write
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.reports.check.json import document, finding_document
from privacy_rules.reports.finding_changes import difference_document
from privacy_rules.reports.markup.json import Json, place
from privacy_rules.simulation.finding_delta import by_key, finding_changes
from privacy_rules.simulation.vocabulary_days import turning
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose import Clause
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.web.session import Judged, Session

VERSION = 1
SECTIONS: Mapping[Entity, str] = {
    Entity.PARTY: "parties",
    Entity.SYSTEM: "systems",
    Entity.FLOW: "flows",
    Entity.CONTRACT: "contracts",
    Entity.ORGANISATION: "organisation",
}
_NEVER = (date.min, date.max)


def of_session(session: Session) -> dict[str, Json]:
    """Build the response for a session: the policy's terms, its rules, the manifests."""
    policy, estate = session.policy, session.inputs.estate
    return {
        "version": VERSION,
        "name": estate.name,
        "policies": [each.name for each in policy.headers],
        "manifests": [*estate.files],
        "as_of": session.start.report.as_of.isoformat(),
        "days": [*sorted(each.isoformat() for each in set(_days(policy, estate)))],
        "attributes": [_attribute(each) for each in policy.attributes.values()],
        "vocabularies": {name: _terms(each) for name, each in sorted(policy.vocabularies.items())},
        "rules": [_rule(each, session) for each in policy.rules],
        "waivers": len(estate.waivers),
        "group_by": [*session.group_by],
    }


def of_estate(judged: Judged, policy: Policy) -> dict[str, Json]:
    """Everything declared, with the changes made."""
    estate = judged.estate
    sections: dict[str, Json] = {
        section: [_record(each, policy) for _, each in sorted(estate.records(entity).items())]
        for entity, section in SECTIONS.items()
    }
    return {
        "version": VERSION,
        "as_of": judged.report.as_of.isoformat(),
        "went": list(judged.removed_along),
        **sections,
    }


def of_delta(start: Judged, judged: Judged) -> dict[str, Json]:
    """Build the response for changes: what comes, goes, stays and changes between two checks, and the report of the second."""
    was, now = by_key(start.report), by_key(judged.report)
    found = list(finding_changes(was, now))
    changed_keys = {each.key for each in found}
    before, after = document(start.report), document(judged.report)
    return {
        "version": VERSION,
        "before": {"as_of": before["as_of"], "summary": before["summary"]},
        "went": list(judged.removed_along),
        "comes": _findings(each.after for each in found if each.way == "comes"),
        "goes": _findings(each.before for each in found if each.way == "goes"),
        "stays": _findings(each for key, each in now.items() if key in was and key not in changed_keys),
        "changes": [
            {
                "before": finding_document(each.before),
                "after": finding_document(each.after),
                "differs": difference_document(each),
            }
            for each in found
            if each.before and each.after
        ],
        "after": {name: each for name, each in after.items() if name != "findings"},
    }


def _findings(found: Iterable[Finding | None]) -> list[Json]:
    return [finding_document(each) for each in sorted(filter(None, found), key=order)]


# The picture.


def of_picture(start: Judged, judged: Judged, policy: Policy, view: Sequence[str]) -> dict[str, Json]:
    """Build the response for a view: the picture of the estate with what the changes add and remove, and the views on offer."""
    was, now = start.estate, judged.estate
    both = replace(
        now,
        parties={**was.parties, **now.parties},
        systems={**was.systems, **now.systems},
        flows={**was.flows, **now.flows},
    )
    changes = dict[tuple[Entity, str], str]()
    for entity in (Entity.SYSTEM, Entity.FLOW):
        before, after = was.records(entity), now.records(entity)
        changes |= {(entity, each): "new" for each in after.keys() - before.keys()}
        changes |= {(entity, each): "cut" for each in before.keys() - after.keys()}
    painter = Painter(FlowGraph.of(both, policy.on(judged.report.as_of)), judged.report.findings, changes)
    return {"version": VERSION, **drawn(picture_of(painter, view), view), "views": views_document(offered(painter))}


def drawn(picture: Picture, view: Sequence[str]) -> dict[str, Json]:
    """A picture in the form that the page expects: the view, the SVG, and how much is in it."""
    return {"view": [*view], "svg": as_svg(picture, styled=False), "about": summary(picture)}


def views_document(views: Iterable[View]) -> list[Json]:
    """The views on offer."""
    return [{"id": each.id, "title": each.title} for each in views]


# The policy.


def _rule(rule: Rule, session: Session) -> dict[str, Json]:
    return {
        "name": rule.name,
        "title": rule.title,
        "statement": rule.statement,
        "kind": rule.subject.kind.family.value,
        "severity": session.terms.severities.get(rule.name, rule.severity),
        "hint": rule.hint,
        "lifts": list(rule.despite),
        "clauses": [_clause(cite, session) for cite in rule.cites],
        "location": place(rule.span),
    }


def _clause(cite: str, session: Session) -> dict[str, Json]:
    """Return the clause of a citation, if it means exactly one."""
    found = ClauseIndex(session.clauses).meant(cite)
    clause: Clause | None = found[0] if len(found) == 1 else None
    return {
        "cited": cite,
        "title": clause.title if clause else None,
        "text": clause.text if clause else None,
        "location": {"file": clause.file, "line": clause.line} if clause else None,
    }


def _attribute(found: Attribute) -> dict[str, Json]:
    return {
        "entity": found.entity.value,
        "name": found.name,
        "form": found.type.form.value,
        "vocabulary": found.type.vocabulary,
        "refers_to": found.type.refers_to.value if found.type.refers_to else None,
        "required": found.required,
        "own": found.span is not None,
    }


def _terms(found: Taxonomy) -> list[Json]:
    return [
        {"term": term, "parents": list(found.parents[term]), "description": found.descriptions.get(term)}
        for term in found.terms
    ]


def _days(policy: Policy, estate: Estate) -> Iterator[date]:
    """The days on which something begins or ends that a verdict may depend on."""
    for rule in policy.rules:
        yield from (each for each in (rule.applies_from, rule.applies_until) if each)
    yield from turning(policy)
    for contract in estate.contracts.values():
        yield from (each for each in contract.declared.values() if isinstance(each, date) and each not in _NEVER)
    for waiver in estate.waivers:
        yield from (each for each in (waiver.from_, waiver.until) if each)


# The manifests.


def _record(record: Record, policy: Policy) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for name, attribute in policy.of_entity(record.entity).items():
        value, given = known(record, attribute)
        raw = record.declared.get(name, record.defaults.get(name)) if value is not None else None
        if value in _NEVER:  # a contract without beginning or end
            value = None
        if given != "undeclared":
            values[name] = {
                "value": None if value is None else write.value(raw if raw is not None else value, _scalar),
                "given": given,
            }
    return {"kind": record.entity.value, "id": record.id, "values": values, "location": place(record.location())}


def _scalar(value: Any) -> Json:
    """A scalar as JSON: a number if it is a whole one, else text."""
    match value:
        case None | bool() | str():
            return value
        case Decimal() if value == value.to_integral_value() and abs(value) < 10**15:
            return int(value)
        case _:
            return str(value)
