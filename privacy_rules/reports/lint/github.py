"""What lints find, as the workflow commands that GitHub shows beside changed lines."""

from __future__ import annotations

from dataclasses import replace

from privacy_rules.lint.framework.fixer import FixResult
from privacy_rules.lint.framework.runner import Finding
from privacy_rules.reports.check.github import Command, command
from privacy_rules.reports.lint.text import message_lines
from privacy_rules.reports.registry import View
from privacy_rules.reports.repository_paths import RepositoryPaths

_COMMANDS: dict[str, Command] = {"error": "error", "warning": "warning", "note": "notice"}


def render(content: FixResult, view: View) -> str:
    """A command for each finding."""
    return "".join(f"{_annotation(each, view.paths)}\n" for each in content.linted.findings)


def _annotation(finding: Finding, paths: RepositoryPaths) -> str:
    found = finding.found
    place_there = replace(found.span, file=paths.of(found.span.file))
    return command(
        _COMMANDS[finding.severity], place_there, f"{finding.lint.code} {finding.lint.name}", message_lines(found)
    )
