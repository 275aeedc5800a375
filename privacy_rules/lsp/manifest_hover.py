"""Hover text in manifests: the meaning of a name, and each finding with its reasons."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules import engine
from privacy_rules.checking.flips import ways_to_pass
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.checking.subjects import entity_of
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.reasons import ways_out
from privacy_rules.findings.wording import fact_words
from privacy_rules.lsp.diagnostics import facts_of
from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.hover_text import shown
from privacy_rules.lsp.symbols import Symbol
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source.words import counted
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import show

_ENTITIES = {"party": Entity.PARTY, "system": Entity.SYSTEM, "flow": Entity.FLOW, "contract": Entity.CONTRACT}
_MOST = 8
_FIRST = ("role", "party", "from", "to", "carries", "purposes", "stores", "with", "between", "until")


def hover(view: EstateView, symbol: Symbol) -> str | None:
    """Return Markdown about a symbol of a manifest; None if nothing is known about it."""
    if symbol.kind not in _ENTITIES:
        if view.policy is None:
            return None
        return shown(symbol, view.policy.policy, whole=not view.policy.has_errors)
    if view.estate is None:
        return None
    record = view.estate.records(_ENTITIES[symbol.kind]).get(symbol.name)
    if record is None:
        return None
    return "\n\n".join([*_entity(record, view.estate), *_findings(view, record)])


def _entity(record: Record, estate: Estate) -> Iterator[str]:
    name = record.declared.get("name")
    yield f"**{record.entity} `{record.id}`**" + (f" – {name}" if name else "")
    said = [key for key in (*_FIRST, *record.declared) if key in record.declared and key != "name"]
    lines = [f"- {key}: `{show(record.declared[key])}`" for key in dict.fromkeys(said)]
    if lines:
        yield "\n".join(lines[:_MOST])
    if record.entity is Entity.SYSTEM:
        flows = [each.id for each in estate.flows.values() if record.id in (each.declared["from"], each.declared["to"])]
        yield f"{counted(len(flows), 'flow')} from or to it"


def _findings(view: EstateView, record: Record) -> Iterator[str]:
    found = [each for each in (view.report.present if view.report else ()) if _is_of(each, record)]
    for each in found[:_MOST]:
        yield "\n".join(_finding(view, each))
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} more findings"


def _is_of(finding: Finding, record: Record) -> bool:
    entity = entity_of(finding.subject.kind)
    return finding.subject.id == record.id and entity is record.entity


def _finding(view: EstateView, finding: Finding) -> Iterator[str]:
    waived = f", waived until {finding.waiver.until}" if finding.waiver else ""
    yield f"**{finding.verdict.word}{waived}** `{finding.rule}`: {finding.message}"
    for test in finding.because[:_MOST]:
        yield f"- because `{test.text}`: {test.value.word}"
        yield from (f"  - {fact_words(fact)}" for fact in list(dict.fromkeys(facts_of([test])))[:_MOST])
    yield from (f"- {label}: {words}" for label, words in ways_out(finding))
    yield from (f"- would pass if {each}" for each in dict.fromkeys(_ways(view, finding)))
    yield from (f"- clause *{each}*" for each in finding.cites)


def _ways(view: EstateView, finding: Finding) -> Iterator[str]:
    if view.inputs is None or view.report is None:
        return
    explained, _ = engine.explain(view.inputs, finding.rule, finding.subject.id, day=view.report.as_of)
    failing: list[Explanation] = [each for each in explained or () if ways_to_pass(each)]
    for way in ways_to_pass(failing[0])[:_MOST] if failing else ():
        yield " and ".join(str(change) for change in way)
