"""The results of policy tests as JSON, with coverage and mutation if they were asked for."""

from __future__ import annotations

from privacy_rules.findings.finding import Finding
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.policy_tests import Outcome
from privacy_rules.reports.registry import View
from privacy_rules.testing.runner import CaseResult, Difference
from privacy_rules.testing.suite import Expectation, Pair

VERSION = 1


def render(found: Outcome, _: View) -> str:
    """The document."""
    results = found.cases
    failed = sum(not each.passed for each in results)
    return dumps(
        {
            "version": VERSION,
            "summary": {"cases": len(results), "passed": len(results) - failed, "failed": failed},
            "cases": [_case(each) for each in results],
            **found.more,
        }
    )


def _case(result: CaseResult) -> Json:
    case = result.case
    return {
        "file": result.suite.file,
        "name": case.name,
        "as_of": case.day.isoformat(),
        "mode": case.mode,
        "passed": result.passed,
        "differences": [_difference(each) for each in result.differences],
        "location": place(case.where),
    }


def _difference(found: Difference) -> Json:
    return {
        "kind": found.kind,
        "expected": _expected(found.expected) if found.expected else None,
        "found": _found(found.found) if found.found else None,
    }


def _expected(found: Expectation) -> Json:
    expected: dict[str, Json] = {
        "rule": found.rule,
        "subject": {"kind": found.kind.value, "id": found.subject},
        "verdict": found.verdict.word,
    }
    if found.judged is not None:
        expected["judged"] = [_pair(each) for each in found.judged]
    if found.waived is not None:
        expected["waived"] = found.waived
    return {**expected, "location": place(found.where)}


def _pair(found: Pair) -> Json:
    values: dict[str, Json] = {
        "data": found.data,
        "purpose": found.purpose,
        "pair": list(found.pair) if found.pair else None,
        "verdict": found.verdict.word if found.verdict is not None else None,
    }
    return {name: values[name] for name in found.fields}


def _found(found: Finding) -> Json:
    return {
        "rule": found.rule,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "verdict": found.verdict.word,
        "judged": [
            {
                "data": each.data,
                "purpose": each.purpose,
                "verdict": each.verdict.word,
                **({"pair": list(each.pair)} if each.pair else {}),
            }
            for each in found.judged
        ],
        "waived": found.waived,
        "message": found.message,
        "location": place(found.location),
    }
