"""The format `github`: workflow commands, which a GitHub Actions log shows as annotations of the changed files.

::error file=estate.yaml,line=38,col=5,title=no_selling::contact (email) is disclosed to lead_broker in a sale
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.reasons import path_words, reason_lines, ways_out
from privacy_rules.findings.report import Report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.registry import View
from privacy_rules.reports.repository_paths import RepositoryPaths
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.span import Span

_REASONS = 4  # of one annotation

Command = Literal["error", "warning", "notice"]


def render(report: Report, view: View) -> str:
    """A command for each finding and each warning; with `quiet`, only for those that fail."""
    return "".join(f"{line}\n" for line in _commands(report, view))


def _commands(report: Report, view: View) -> Iterator[str]:
    for found in report.failing(view.threshold) if view.quiet else report.findings:
        # A step shows ten annotations of a kind: what is old is counted, not annotated; what is waived is never hidden.
        if found.state != "fixed" and (found.waived or found.state != "unchanged"):
            title = f"{found.rule}: {found.title}" if found.title else found.rule
            place = found.location or found.rule_location
            yield command(
                _of_finding(found, view.threshold), _from_top(place, view), title, _words(found, report.as_of)
            )
    counted = ", ".join(f"{count:,} {state}" for state, count in report.states.items())
    if (report.terms.words() or counted) and not view.quiet:
        settings = [f"as of {report.as_of} ({report.terms.as_of_words})", *report.terms.words()]
        settings += [f"since {report.terms.compared_with}: {counted}"] if counted else []
        yield command("notice", None, "settings of this check", settings)
    for warning in report.warnings if view.verbose else report.warnings_in_short(view.threshold):
        fails = warning.code in view.threshold.warnings
        if fails or not view.quiet:
            place = _from_top(warning.span, view)
            yield command("error" if fails else "warning", place, warning.code, _with_help(warning))


def _from_top(place: Span | None, view: View) -> Span | None:
    """The place, with its file relative to the top of the repository, where GitHub looks for it."""
    return place and replace(place, file=view.paths.of(place.file))


def _of_finding(found: Finding, threshold: Threshold) -> Command:
    """`error` if the finding fails the check, or violates a rule whose severity is error."""
    if threshold.fails(found):
        return "error"
    if found.waived or found.severity == "note":
        return "notice"
    sure = found.verdict is Verdict.VIOLATION and found.severity == "error"
    return "error" if sure else "warning"


def _words(found: Finding, day: date) -> list[str]:
    if found.waiver:
        waiver = found.waiver
        return [
            f"waived: {found.message}",
            f"subject: {found.subject}",
            f"until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by})",
        ]
    message = found.message if found.verdict is Verdict.VIOLATION else f"undetermined: {found.message}"
    lines = [message, f"subject: {found.subject}"]
    lines += [f"path: {path_words(found)}"] if found.hops else []
    lines += [f"because: {each}" for each in reason_lines(found, day, _REASONS)]
    return lines + [f"{label}: {words}" for label, words in ways_out(found)]


def _with_help(found: Diagnostic) -> list[str]:
    return [found.message, f"help: {found.help}"] if found.help else [found.message]


def command(word: Command, span: Span | None, title: str, lines: list[str]) -> str:
    """A workflow command, which GitHub shows as an annotation."""
    properties = {**(_place(span) if span else {}), "title": visible(title)}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{word} {listed}::{_data(chr(10).join(visible(line) for line in lines))}"


def _place(span: Span) -> dict[str, str]:
    properties = {"file": visible(span.file), "line": str(span.line), "col": str(span.column)}
    if span.end_line > span.line:
        properties["endLine"] = str(span.end_line)
    elif span.end_line:  # a column of an end is taken only on the line of the start
        properties["endColumn"] = str(span.end_column)
    return properties


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def errors(wrong: Errors) -> str:
    """A command for each error."""
    return "".join(f"{_error(each, wrong.paths)}\n" for each in wrong.all)


def _error(found: Diagnostic, paths: RepositoryPaths) -> str:
    span = found.span and replace(found.span, file=paths.of(found.span.file))
    title = f"{found.code}: {codes.ALL.get(found.code, 'error')}"
    return command("error", span, title, [*_with_help(found), "nothing was judged"])
