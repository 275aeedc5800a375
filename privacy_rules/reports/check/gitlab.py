"""The format `gitlab`: a code quality report, which GitLab shows in a merge request.

[{"description": "…", "check_name": "no_selling", "fingerprint": "…", "severity": "major",
  "location": {"path": "estate.yaml", "lines": {"begin": 38}}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.fingerprint import LENGTH
from privacy_rules.findings.reasons import path_words, reason_lines, ways_out
from privacy_rules.findings.report import Report
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.estate_identity import digest, fingerprint_in
from privacy_rules.reports.markup.json import Json, dumps, dumps_long
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span

_REASONS = 3  # of one entry
_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report, view: View) -> str:
    """The report; with `quiet`, only what fails. GitLab itself finds out what is new and what is fixed."""
    return dumps_long([], _issues(report, view), len(report.findings))


def _issues(report: Report, view: View) -> Iterator[Json]:
    for found in report.failing(view.threshold) if view.quiet else report.findings:
        if found.state != "fixed":
            place = found.location or found.rule_location
            identity = fingerprint_in(view.estate, found.fingerprint)
            yield _issue(_words(found, report.as_of), found.rule, identity, _severity(found), _where(place, view))
    terms = replace(report.terms, compared_commit=None)  # in each merge request another: it would always be a new issue
    for words in () if view.quiet else terms.words():
        identity = fingerprint_in(view.estate, digest("terms", words)[:LENGTH])
        yield _issue(words, "terms", identity, "info", _where(None, view))
    reported: set[str] = set()
    for warning in report.warnings:
        fails, identity = warning.code in view.threshold.warnings, fingerprint_in(view.estate, _fingerprint(warning))
        if identity not in reported and (fails or not view.quiet):
            reported.add(identity)
            words = f"{warning.message} ({warning.help})" if warning.help else warning.message
            yield _issue(words, warning.code, identity, "major" if fails else "info", _where(warning.span, view))


def _where(span: Span | None, view: View) -> tuple[str, int]:
    """The file, relative to the top of the repository, and the line. GitLab drops issues without a file, so the folder is given instead."""
    return (view.paths.of(span.file), span.line) if span else (".", 1)


def _issue(words: str, check: str, fingerprint: str, severity: str, where: tuple[str, int]) -> Json:
    path, line = where
    return {
        "description": words,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


def _severity(found: Finding) -> str:
    if found.waived:
        return "info"
    unsure = found.verdict is Verdict.UNDETERMINED and found.severity == "error"
    return "minor" if unsure else _SEVERITIES[found.severity]


def _words(found: Finding, day: date) -> str:
    if found.waiver:
        return f"{found.subject}: waived until {found.waiver.until} ({found.waiver.reason}): {found.message}"
    parts = [f"{found.subject}: {found.message}"]
    parts += [f"path: {path_words(found)}"] if found.hops else []
    parts += [f"because {each}" for each in reason_lines(found, day, _REASONS)]
    return "; ".join([*parts, *(f"{label}: {words}" for label, words in ways_out(found))])


def _fingerprint(warning: Diagnostic) -> str:
    """The identity of a warning, without the line, which changes easily."""
    return digest(warning.code, warning.message, warning.span.file if warning.span else "")[:LENGTH]


def errors(wrong: Errors) -> str:
    """A blocking issue for each error."""
    entries = {digest(each.code, each.message, str(each.span))[:LENGTH]: each for each in wrong.all}
    return dumps([_error(each, identity, View(paths=wrong.paths)) for identity, each in entries.items()])


def _error(found: Diagnostic, identity: str, view: View) -> Json:
    words = f"nothing was judged: {found.message}" + (f" ({found.help})" if found.help else "")
    return _issue(words, found.code, identity, "blocker", _where(found.span, view))
