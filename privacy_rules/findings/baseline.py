"""A baseline: the findings that somebody has accepted for now, in a file that is committed beside the manifests.

{"version": 1, "findings": [
  {"rule": "no_selling", "verdict": "violation", "subject": {"kind": "flow", "id": "crm-to-broker"},
   "judged": [{"data": "email", "purpose": null, "verdict": "violation"}], "message": "…", "fingerprint": "…"}]}

One finding a line, in the order of rule and subject: moving lines or files in a manifest does not change it.

If two branches record findings, git or jj may report a conflict. `merged` reads all sides of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from privacy_rules.checking.judgements import JudgedPair, PairKey
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.fingerprint import fingerprint
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.merge_conflicts import UnclearConflictError, sides
from privacy_rules.source.words import lower_first

if TYPE_CHECKING:
    from privacy_rules.findings.baseline_model import BaselineFinding

VERSION = 1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMA_TOO_MANY = re.compile(r",([ \t\r]*\n\s*[\]}])")
_COMMA_MISSING = re.compile(r"\}([ \t\r]*\n\s*\{)")


def text_of(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline file that accepts the findings."""
    in_order = sorted(findings, key=lambda each: (each.rule, each.subject))
    lines = ",".join("\n    " + json.dumps(_plain(each)) for each in in_order)
    end = "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{lines}{end}]\n}}\n'


def read(text: bytes) -> tuple[list[Finding] | None, str | None]:
    """Return the findings of a baseline file, or None and what is wrong with it."""
    from pydantic import ValidationError

    from privacy_rules.findings.baseline_model import Baseline

    try:
        found = Baseline.model_validate_json(text.removeprefix(_BYTE_ORDER_MARK))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"])
        message = lower_first(first["msg"])
        return None, f"{message}, at `{where}`" if where else message
    return [_finding(each) for each in found.findings], None


def merged(content: bytes) -> tuple[list[Finding] | None, str | None]:
    """Return the findings that any side of a conflicted baseline has accepted, or None and what is wrong."""
    try:
        texts = sides(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except UnclearConflictError as error:
        return None, f"line {error.line}: {error}"
    found: dict[tuple[str, Subject], Finding] = {}
    for text in texts:
        findings, wrong = read(_with_commas(text).encode())
        if findings is None:
            return None, f"one side of the conflict is not valid: {wrong}"
        for each in findings:
            key = each.rule, each.subject
            found[key] = _union(found[key], each) if key in found else each
    return list(found.values()), None


def _with_commas(text: str) -> str:
    """Fix the commas of one side: git merges lines, and the last finding of a list has no comma.

    Only commas at line ends change, and a JSON string never spans lines.
    """
    return _COMMA_MISSING.sub(r"},\1", _COMMA_TOO_MANY.sub(r"\1", text))


def _union(one: Finding, other: Finding) -> Finding:
    """Merge a finding of both sides: every pair that either side accepted, with the worse of its verdicts."""
    pairs: dict[PairKey, JudgedPair] = {}
    for pair in (*one.judged, *other.judged):
        if pair.key not in pairs or pairs[pair.key].verdict < pair.verdict:
            pairs[pair.key] = pair
    graver = max(one, other, key=lambda each: each.verdict)
    return replace(graver, judged=tuple(pairs.values()))


def _plain(finding: Finding) -> object:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict.word,
        "subject": {"kind": finding.subject.kind.value, "id": finding.subject.id},
        "judged": [_pair(each) for each in finding.judged],
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }


def _pair(pair: JudgedPair) -> object:
    document: dict[str, object] = {"data": pair.data, "purpose": pair.purpose, "verdict": pair.verdict.word}
    return {**document, "pair": list(pair.pair)} if pair.pair else document


def _finding(found: BaselineFinding) -> Finding:
    verdict = Verdict[found.verdict.upper()]
    subject = Subject(Kind(found.subject.kind), found.subject.id)
    return Finding(
        rule=found.rule,
        verdict=verdict,
        severity="error",
        subject=subject,
        message=found.message,
        fingerprint=fingerprint(found.rule, subject.kind.value, subject.id, verdict.word),
        judged=tuple(
            JudgedPair(pair.data, pair.purpose, Verdict[pair.verdict.upper()], pair.pair) for pair in found.judged
        ),
        explained=False,
    )
