"""The format `json`: the published document of findings, the same bytes for the same input.

`findings/document_model.py` has it as a model, to read it back; every other format is a view of the same report.
"""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.gaps import Gap
from privacy_rules.checking.judgements import (
    Assumption,
    Cause,
    Completed,
    EachWay,
    Explained,
    Fact,
    JudgedPair,
    Missing,
    RuleCount,
)
from privacy_rules.findings.changed_settings import CheckContext
from privacy_rules.findings.finding import Finding, Hop
from privacy_rules.findings.reasons import cause_words, grouped
from privacy_rules.findings.report import Report, Summary
from privacy_rules.findings.wording import missing_words
from privacy_rules.manifest.model import Waiver
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.markup.json import Json, dumps, dumps_long, place, plain
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.vocabulary.dated_edges import Dated

_CONTRACTS = 8  # of one test
VERSION = 1
"""The version of the document's structure."""


def render(report: Report, view: View) -> str:
    """The document of a report; with `quiet`, only the findings that fail. The figures always cover all findings."""
    shown = report.only(report.failing(view.threshold)) if view.quiet else report
    return dumps_long({**_head(shown), "findings": []}, map(finding_document, shown.findings), len(shown.findings))


def document(report: Report) -> dict[str, Json]:
    """The report as plain data, keys in the published order."""
    return {**_head(report), "findings": [finding_document(each) for each in report.findings]}


def _head(report: Report) -> dict[str, Json]:
    return {
        "version": VERSION,
        "policies": list(report.policies),
        "as_of": report.as_of.isoformat(),
        "terms": terms(report.terms),
        "summary": {**summary(report.summary), **_states(report)},
        "rules": [_rule(each) for each in report.rules],
        "assumptions": [_assumption(each) for each in report.assumptions],
        "warnings": [_warning(each) for each in report.warnings],
        "gaps": [_gap(each) for each in report.gaps],
        "causes": [
            _shared(cause, found)
            for cause, found in grouped(each for each in report.findings if each.state != "fixed")[0]
        ],
    }


def _shared(cause: Cause, found: Sequence[Finding]) -> Json:
    """A cause that several findings have."""
    return {**_cause(cause), "findings": [each.fingerprint for each in found]}


def summary(found: Summary) -> dict[str, Json]:
    """The figures of a check."""
    return {
        "rules": found.rules,
        "systems": found.systems,
        "flows": found.flows,
        "violations": found.violations,
        "undetermined": found.undetermined,
        "waived": found.waived,
    }


def terms(found: CheckContext) -> dict[str, Json]:
    """The terms of a check: its day, severities and comparison."""
    return {
        "as_of_from": found.as_of_from,
        "severities": [{"rule": each.rule, "was": each.was, "now": each.now} for each in found.severities],
        "compared_with": found.compared_with,
        "compared_commit": found.compared_commit,
        "past": list(found.past),
        "changed": None if found.changed is None else list(found.changed),
        "left_out": found.left_out,
        "all_because": found.all_because,
        **({"omitted": found.omitted} if found.omitted else {}),
        **({"owners": list(found.owners), "of_others": found.of_others} if found.owners is not None else {}),
    }


def _states(report: Report) -> dict[str, Json]:
    """How many findings are new, unchanged and fixed; null if there is no comparison."""
    return {state: report.states.get(state) for state in ("new", "unchanged", "fixed")}


def _rule(count: RuleCount) -> dict[str, Json]:
    rule = count.rule
    return {
        "name": rule.name,
        "title": rule.title,
        "severity": rule.severity,
        "cites": list(rule.cites),
        "hint": rule.hint,
        "subjects": count.subjects,
        "applies": count.applies,
        "compliant": count.compliant,
        "violations": count.violations,
        "undetermined": count.undetermined,
        "location": place(rule.span),
    }


def _assumption(found: Assumption) -> dict[str, Json]:
    return {
        "kind": found.entity.value,
        "attribute": found.attribute,
        "value": plain(found.value),
        "source": found.source,
        "subjects": found.subjects,
        "location": place(found.location),
    }


def _warning(found: Diagnostic) -> dict[str, Json]:
    return {"code": found.code, "message": found.message, "help": found.help, "location": place(found.span)}


def _gap(found: Gap) -> dict[str, Json]:
    return {
        "kind": found.kind,
        "system": found.system,
        "data": list(found.data),
        "location": place(found.location),
    }


def finding_document(found: Finding) -> dict[str, Json]:
    """A finding as plain data."""
    return {
        "rule": found.rule,
        "verdict": found.verdict.word,
        "severity": found.severity,
        "waived": found.waived,
        "waiver": _waiver(found.waiver),
        "state": found.state,
        "owner": found.owner,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "data": list(found.data),
        "purposes": list(found.purposes),
        "pairs": [list(pair) for pair in found.pairs],
        "judged": [_pair(each) for each in found.judged],
        "message": found.message,
        "explained": found.explained,
        **({"in_every_case": True} if found.in_every_case else {}),
        **({"too_many_cases": True} if found.too_many_cases else {}),
        **({"open": _each_way(found.open)} if found.open else {}),
        "because": [_test(each) for each in found.because],
        "path": list(found.path),
        "hops": [_hop(each) for each in found.hops],
        "missing": [_missing(each) for each in found.missing],
        "cause": _cause(found.cause) if found.cause else None,
        "cites": list(found.cites),
        "hint": found.hint,
        "location": place(found.location),
        "rule_location": place(found.rule_location),
        "fingerprint": found.fingerprint,
    }


def _waiver(found: Waiver | None) -> Json:
    if found is None:
        return None
    return {
        "reason": found.reason,
        "approved_by": found.approved_by,
        "from": found.from_.isoformat() if found.from_ else None,
        "until": found.until.isoformat(),
        "data": None if found.data is None else list(found.data),
        "location": place(found.location),
    }


def _pair(found: JudgedPair) -> dict[str, Json]:
    entry: dict[str, Json] = {
        "data": found.data,
        "purpose": found.purpose,
        "verdict": found.verdict.word,
        "waived": found.waived,
    }
    return {**entry, "pair": list(found.pair)} if found.pair else entry


def dated(found: Dated) -> dict[str, Json]:
    """Return a term that is below another on some days only."""
    data: dict[str, Json] = {"term": found.term, "parent": found.parent, "exists": found.exists}
    days = (("from", found.begins), ("until", found.ends))
    return {**data, **{name: str(day) for name, day in days if day is not None}}


def _test(found: Explained) -> dict[str, Json]:
    entry: dict[str, Json] = {
        "test": found.text,
        "value": found.value.word,
        "facts": [fact(each) for each in found.facts],
    }
    if found.defined:
        entry["defined"] = list(found.defined)
    if found.lacks:
        entry["lacks"] = list(found.lacks)
    if found.dated:
        entry["dated"] = [dated(each) for each in found.dated]
    if found.carried:
        entry["carried"] = list(found.carried)
    if found.contracts:
        entry["contracts"] = [_contract(each) for each in found.contracts[:_CONTRACTS]]
    return entry


def _contract(found: Explained) -> dict[str, Json]:
    """A contract that concerns the parties, and each part of what the test asks of it."""
    parts = [found.children[0], *(leaf for each in found.children[1:] for leaf in each.walk() if not leaf.children)]
    tests: list[Json] = [
        {"test": each.text, "value": each.value.word, "facts": [fact(one) for one in each.facts]} for each in parts
    ]
    return {"id": found.contract, "value": found.value.word, "tests": tests}


def _cause(found: Cause) -> dict[str, Json]:
    changes: list[Json] = [
        {
            "kind": each.entity.value,
            "id": each.id,
            "attribute": each.attribute,
            "action": each.action,
            "location": place(each.location),
        }
        for each in found.changes
    ]
    return {"message": cause_words(found), "changes": changes}


def fact(found: Fact) -> dict[str, Json]:
    """A fact that decided a test."""
    return {
        "kind": found.entity.value,
        "id": found.id,
        "attribute": found.attribute,
        "value": plain(found.value),
        "location": place(found.location),
        **({"item": found.item.term, "within": found.item.within} if found.item else {}),
    }


def _each_way(found: EachWay) -> dict[str, Json]:
    """A completion of the manifest each way; null if none was found."""
    ways = {"complies": found.complies, "violates": found.violates}
    return {name: None if facts is None else [_of_completion(each) for each in facts] for name, facts in ways.items()}


def _of_completion(found: Completed) -> Json:
    return {
        "kind": found.entity.value,
        "id": found.id,
        "attribute": found.attribute,
        "action": found.action,
        "value": plain(found.value),
        **({"item": found.item.term, "within": found.item.within} if found.item else {}),
    }


def _hop(found: Hop) -> dict[str, Json]:
    return {"flow": found.flow, "from": found.source, "to": found.target, "location": place(found.location)}


def _missing(found: Missing) -> dict[str, Json]:
    return {
        "kind": found.entity.value,
        "id": found.id,
        "attribute": found.attribute,
        "action": found.action,
        "proved": found.proved,
        "message": missing_words(found),
        **({"item": found.item.term, "within": found.item.within} if found.item else {}),
    }


def errors(wrong: Errors) -> str:
    """The errors as a document of their own."""
    return dumps({"version": VERSION, "errors": [_error(each) for each in wrong.all]})


def _error(found: Diagnostic) -> dict[str, Json]:
    places = [found.span, *found.also] if found.span else list(found.also)
    return {
        "code": found.code,
        "message": found.message,
        "help": found.help,
        "locations": [place(each) for each in places],
    }
