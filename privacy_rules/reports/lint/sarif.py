"""What lints find, as SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.findings.threshold import SEVERITIES
from privacy_rules.lint.framework.allow_comments import Allow
from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.lint import Lint
from privacy_rules.lint.framework.registry import lints
from privacy_rules.lint.framework.runner import Finding, Linted
from privacy_rules.reports.check.sarif import PROBLEM, invocation, log, message, place, tool
from privacy_rules.reports.code_scanning import PLACES, first, fitting, left_out_words
from privacy_rules.reports.estate_identity import run_id
from privacy_rules.reports.lint.text import message_lines
from privacy_rules.reports.markup.json import Json
from privacy_rules.reports.registry import View
from privacy_rules.reports.repository_paths import RepositoryPaths


def render(content: FixResult, view: View) -> str:
    """The log. Every lint is a rule. Findings that comments allow are included as suppressed in source."""
    found = content.linted
    results = [(each, None) for each in found.findings] + list(found.allowed)
    return fitting(lambda room: _log(found, results, room, view.paths, view.estate), len(results))


def _log(
    found: Linted, entries: Sequence[tuple[Finding, Allow | None]], room: int, paths: RepositoryPaths, identity: str
) -> str:
    """The log with as many findings as there is room for, the gravest first."""
    every = list(lints().values())
    index = {each.name: number for number, each in enumerate(every)}
    kept = first(entries, room, lambda each: (each[1] is not None, -SEVERITIES.index(each[0].severity)))
    left_out = [left_out_words(len(entries) - len(kept), len(entries))] if len(kept) < len(entries) else []
    run: dict[str, Json] = {
        "tool": tool([_rule(each) for each in every]),
        "automationDetails": {"id": run_id(identity, "lint")},
        "invocations": [invocation([], successful=True, left_out=left_out)],
        "properties": {
            "not_proved": found.undecided,
            "not_proved_of": list(found.unproved),
            "not_finished": list(found.unfinished),
            "solved": found.solved,
            "solved_of": list(found.solved_of),
        },
    }
    return log(run, (_result(each, by, index) for each, by in kept), len(kept), paths=paths)


def _rule(lint: Lint) -> Json:
    return {
        "id": lint.code,
        "name": lint.name,
        "shortDescription": {"text": lint.title},
        "help": {"text": f"`privacy-rules lint --explain {lint.name}` shows its page"},
        "defaultConfiguration": {"level": lint.severity},
        "properties": {"tags": ["policy"], "problem.severity": PROBLEM[lint.severity]},
    }


def _result(finding: Finding, by: Allow | None, index: dict[str, int]) -> Json:
    found = finding.found
    text = "\n".join(message_lines(found))
    result: dict[str, Json] = {
        "ruleId": finding.lint.code,
        "ruleIndex": index[finding.lint.name],
        "level": finding.severity,
        "message": message(text),
        "locations": [{"physicalLocation": place(found.span)}],
        "relatedLocations": [
            {"id": number, "physicalLocation": place(each)} for number, each in enumerate(found.also[:PLACES], start=1)
        ],
        "suppressions": [] if by is None else [_suppression(by)],
    }
    return result


def _suppression(by: Allow) -> Json:
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": by.reason,
        "location": {"physicalLocation": place(by.span)},
    }
