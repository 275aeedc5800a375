"""An explanation as JSON: the whole tree, with the value and the facts of each test."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.flips import Change, grounds, ways_to_pass
from privacy_rules.checking.judgements import Explained
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding
from privacy_rules.reports.check.json import dated, fact, finding_document
from privacy_rules.reports.explanation import Explained as Content
from privacy_rules.reports.explanation.text import worst_verdict
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View


def render(found: Content, _: View) -> str:
    """The document."""
    return dumps(
        {**document(found.explanations, found.finding), "as_of": found.as_of.isoformat() if found.as_of else None}
    )


def document(explanations: Sequence[Explanation], finding: Finding | None = None) -> dict[str, Json]:
    """The document as plain data."""
    first = explanations[0]
    of_finding = finding_document(finding) if finding else {}
    return {
        "version": 1,
        "rule": first.rule.name,
        "rule_location": place(first.rule.span),
        "subject": {"kind": first.kind.value, "id": first.subject},
        "verdict": worst_verdict(explanations).word,
        "judged": [_pair_document(each) for each in explanations],
        "missing": of_finding.get("missing", []),
        **({"open": of_finding["open"]} if "open" in of_finding else {}),
        "waived": of_finding.get("waived", False),
        "waiver": of_finding.get("waiver"),
    }


def _pair_document(found: Explanation) -> Json:
    judged = found.judged
    pair: dict[str, Json] = {"pair": list(judged.pair)} if judged.pair else {}
    return {
        "data": judged.data,
        "purpose": judged.purpose,
        "verdict": found.verdict.word,
        **pair,
        **({"in_every_case": True} if found.in_every_case else {}),
        "scope": _node_document(found.scope),
        "requirement": _node_document(found.requirement),
        "grounds": [each.text for each in grounds(found)],
        "would_pass_if": [[_change(each) for each in way] for way in ways_to_pass(found)],
    }


def _change(found: Change) -> Json:
    return {"test": found.text, "value": found.value.word, "of": found.of}


def _node_document(node: Explained) -> Json:
    return {
        "part": node.part.value,
        "text": node.text,
        "value": node.value.word,
        "facts": [{**fact(each), "source": str(each.source)} for each in node.facts],
        **({"dated": [dated(each) for each in node.dated]} if node.dated else {}),
        "path": list(node.path),
        "collections": list(node.collections),
        "location": place(node.span),
        "children": [_node_document(each) for each in node.children],
    }
