"""What lints find, as JSON."""

from __future__ import annotations

from privacy_rules.analysis.checked_examples import CheckedExample
from privacy_rules.lint.framework.allow_comments import Allow
from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.runner import Finding
from privacy_rules.reports.diff.json import plain
from privacy_rules.reports.diff.sentences import subject_words
from privacy_rules.reports.markup.json import Json, dumps
from privacy_rules.reports.registry import View
from privacy_rules.source.span import Span


def render(content: FixResult, _: View) -> str:
    """The document, its keys in the published order."""
    found = content.linted
    return dumps(
        {
            "version": 1,
            "errors": [],
            "rules": [each.name for each in found.policy.rules],
            "findings": [_finding(each) for each in found.findings],
            "allowed": [_allowed(each, by) for each, by in found.allowed],
            "mended": content.count,
            "not_proved": found.undecided,
            "not_proved_of": list(found.unproved),
            "not_finished": list(found.unfinished),
            "solved": found.solved,
            "solved_of": list(found.solved_of),
        }
    )


def _finding(finding: Finding) -> dict[str, Json]:
    found = finding.found
    return {
        "code": finding.lint.code,
        "lint": finding.lint.name,
        "severity": finding.severity,
        "message": found.message,
        "help": found.help,
        "location": _place(found.span),
        "also": [_place(each) for each in found.also],
        "fixable": bool(found.edits),
        **({"example": _example(found.example)} if found.example else {}),
        **({"solver": finding.solver} if finding.solver else {}),
    }


def _example(example: CheckedExample) -> Json:
    return {
        "sentence": subject_words(example.data, example.topic),
        "day": example.day.isoformat(),
        "verdicts": {name: verdict.word for name, verdict in example.verdicts},
        "manifest": plain(example.data),
    }


def _allowed(finding: Finding, by: Allow) -> dict[str, Json]:
    return {**_finding(finding), "reason": by.reason, "allowed_at": _place(by.span)}


def _place(span: Span) -> dict[str, Json]:
    ends: dict[str, Json] = {"end_line": span.end_line, "end_column": span.end_column} if span.end_line else {}
    return {"file": span.file, "line": span.line, "column": span.column, **ends}
