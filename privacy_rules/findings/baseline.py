"""A baseline: the findings that somebody has accepted for now, in a file that is committed beside the manifests.

{"version": 1, "findings": [
  {"rule": "no_selling", "verdict": "violation", "subject": {"kind": "flow", "id": "crm-to-broker"},
   "judged": [{"data": "email", "purpose": null, "verdict": "violation"}], "message": "…", "fingerprint": "…"}]}

One finding a line, in the order of rule and subject: moved lines and files change nothing in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Part, Subject
from privacy_rules.findings.fingerprint import fingerprint
from privacy_rules.language.policy import Kind

if TYPE_CHECKING:
    from privacy_rules.findings.baseline_model import BaselineFinding

VERSION = 1


def text_of(findings: Iterable[Finding]) -> str:
    """The file's text for accepted findings."""
    in_order = sorted(findings, key=lambda each: (each.rule, each.subject))
    lines = ",".join("\n    " + json.dumps(_plain(each)) for each in in_order)
    end = "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{lines}{end}]\n}}\n'


def read(text: bytes) -> tuple[list[Finding] | None, str | None]:
    """The findings of a file, or in words what is wrong with it."""
    from pydantic import ValidationError

    from privacy_rules.findings.baseline_model import Baseline

    try:
        found = Baseline.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"])
        message = first["msg"][:1].lower() + first["msg"][1:]
        return None, f"{message}, at `{where}`" if where else message
    return [_finding(each) for each in found.findings], None


def _plain(finding: Finding) -> object:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict.word,
        "subject": {"kind": finding.subject.kind.value, "id": finding.subject.id},
        "judged": [_part(each) for each in finding.judged],
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }


def _part(part: Part) -> object:
    told: dict[str, object] = {"data": part.data, "purpose": part.purpose, "verdict": part.verdict.word}
    return {**told, "pair": list(part.pair)} if part.pair else told


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
            Part(part.data, part.purpose, Verdict[part.verdict.upper()], waived=False, pair=part.pair)
            for part in found.judged
        ),
        explained=False,
    )
