"""What lints find as SARIF 2.1.0, and as the workflow commands that GitHub shows beside changed lines."""

from __future__ import annotations

from dataclasses import replace

from privacy_rules.lint.running.comments import Allow
from privacy_rules.lint.running.lint import Lint
from privacy_rules.lint.running.registry import lints
from privacy_rules.lint.running.run import Finding, Linted
from privacy_rules.reports.github import Command, command
from privacy_rules.reports.json_document import Json
from privacy_rules.reports.places import from_top
from privacy_rules.reports.sarif import PROBLEM, invocation, log, message, place, tool

_COMMANDS: dict[str, Command] = {"error": "error", "warning": "warning", "note": "notice"}


def as_sarif(found: Linted, folder: str = "") -> str:
    """The log, files named as from the top of the repository, which `folder` is named from: every lint is a rule; what comments allow is there, suppressed in its source."""
    every = list(lints().values())
    index = {each.name: number for number, each in enumerate(every)}
    told = [(each, None) for each in found.findings] + list(found.allowed)
    run: dict[str, Json] = {
        "tool": tool([_rule(each) for each in every]),
        "invocations": [invocation([], successful=True)],
        "properties": {
            "not_proved": found.undecided,
            "not_proved_of": list(found.unproved),
            "not_finished": list(found.unfinished),
        },
    }
    return log(run, (_result(each, by, index) for each, by in told), len(told), folder=folder)


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
    text = f"{found.message}\nhelp: {found.help}" if found.help else found.message
    told: dict[str, Json] = {
        "ruleId": finding.lint.code,
        "ruleIndex": index[finding.lint.name],
        "level": finding.severity,
        "message": message(text),
        "locations": [{"physicalLocation": place(found.span)}],
        "relatedLocations": [
            {"id": number, "physicalLocation": place(each)} for number, each in enumerate(found.also, start=1)
        ],
        "suppressions": [] if by is None else [_suppression(by)],
    }
    return told


def _suppression(by: Allow) -> Json:
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": by.reason,
        "location": {"physicalLocation": place(by.span)},
    }


def as_github(found: Linted, folder: str = "") -> str:
    """A command for each finding, files named likewise."""
    return "".join(f"{_annotation(each, folder)}\n" for each in found.findings)


def _annotation(finding: Finding, folder: str) -> str:
    found = finding.found
    told = [found.message, *([f"help: {found.help}"] if found.help else [])]
    place_there = replace(found.span, file=from_top(found.span.file, folder))
    return command(_COMMANDS[finding.severity], place_there, f"{finding.lint.code} {finding.lint.name}", told)
