"""Diagnostics for editors: errors and findings of each file, with codes, help and related places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
)

from privacy_rules.checking.judgements import Explained, Fact
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.reasons import ways_out
from privacy_rules.findings.wording import fact_words
from privacy_rules.lsp import quick_fixes
from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.lint_diagnostics import of_lints
from privacy_rules.lsp.policy_view import is_shipped
from privacy_rules.lsp.protocol_places import SOURCE, ByFile, Diagnostics, Places
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.source import codes
from privacy_rules.source import diagnostic as ours
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible, visible_lines
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity

_RELATED = 20
_LEVELS = {ours.Level.ERROR: DiagnosticSeverity.Error, ours.Level.WARNING: DiagnosticSeverity.Warning}
_GRAVITY = ("error", "warning", "note")


def of_policies(space: Workspace) -> ByFile:
    """Return the errors of policies and configurations, by file.

    A file without rules is not reported while it is being written.
    """
    places, found = Places(space.texts), dict[Path, Diagnostics]()
    for view in space.policies():
        for path in view.survey.files:
            found.setdefault(path, [])
        for each in view.survey.found:
            if each.code != codes.NO_RULES:
                _add(found, places, each)
    for each in space.misconfigured():
        _add(found, places, each)
    return _of_ours(found)


def of_estates(space: Workspace) -> ByFile:
    """Return the errors, warnings and findings of manifests, by file."""
    places, found = Places(space.texts), dict[Path, Diagnostics]()
    for view in space.estates():
        for path in view.files:
            found.setdefault(path, [])
        for each in view.found:
            if each.code not in codes.POLICY_ERRORS:  # errors of the policy are reported with the policy
                _add(found, places, each, view.roots[0])
        for finding in view.report.present if view.report else ():
            span = place_of(finding, view)
            if span:
                listed = found.setdefault(places.path(span), [])
                listed.append(_finding(finding, span, view, places))
    return _of_ours(found)


@dataclass(frozen=True, slots=True)
class Layer:
    """A kind of diagnostics: computed by `look`, `pause` seconds after the previous kind unless a key is pressed.

    A layer that `can_wait` runs in its own thread and gives way to all other work.
    """

    pause: float
    look: Callable[[Workspace], ByFile | None]
    can_wait: bool = False


LAYERS = (Layer(0.01, of_policies), Layer(0.15, of_estates), Layer(0.4, of_lints, can_wait=True))
"""The kinds of diagnostics, quick ones before slow ones; another source of diagnostics is one more entry.

A layer is looked at in a thread while others of the session answer: it only reads. Each replaces its earlier diagnostics; None replaces nothing.
"""


def _of_ours(found: dict[Path, Diagnostics]) -> ByFile:
    return {path: each for path, each in found.items() if not is_shipped(path)}


def _add(found: dict[Path, Diagnostics], places: Places, error: ours.Diagnostic, elsewhere: Path | None = None) -> None:
    span = error.span
    path = places.path(span) if span else elsewhere
    if path is None:
        return
    made = _error(error, span or Span("", 1, 1), places, path)
    listed = found.setdefault(path, [])
    if made not in listed:
        listed.append(made)


def _error(error: ours.Diagnostic, span: Span, places: Places, path: Path) -> Diagnostic:
    message = error.message + (f"\nhelp: {error.help}" if error.help else "")
    return Diagnostic(
        range=places.lines(path).range(span),
        message=visible_lines(message),
        severity=_LEVELS[error.level],
        code=error.code,
        source=SOURCE,
        related_information=[DiagnosticRelatedInformation(places.location(each), "see here") for each in error.also]
        or None,
        data=quick_fixes.data_of(error.help),
    )


# ---- findings


def place_of(finding: Finding, view: EstateView) -> Span | None:
    """Return the place at which a finding is shown: the subject's id."""
    if view.estate and finding.subject.kind.value == "flow":
        record = view.estate.records(Entity.FLOW).get(finding.subject.id)
        if record and record.where:
            return record.where.place("id")
    return finding.location


def _finding(finding: Finding, span: Span, view: EstateView, places: Places) -> Diagnostic:
    return Diagnostic(
        range=places.lines(places.path(span)).range(span),
        message="\n".join(map(visible, _lines(finding))),
        severity=_severity(finding),
        code=finding.rule,
        source=SOURCE,
        related_information=list(_related(finding, view, places)) or None,
    )


def _severity(finding: Finding) -> DiagnosticSeverity:
    """Return the rule's severity, one step lower if undetermined, and lowest if accepted or waived."""
    if finding.waived:
        return DiagnosticSeverity.Hint
    if finding.state == "unchanged":
        return DiagnosticSeverity.Information
    step = _GRAVITY.index(finding.severity) + (finding.verdict is not Verdict.VIOLATION)
    return (DiagnosticSeverity.Error, DiagnosticSeverity.Warning, DiagnosticSeverity.Information)[min(step, 2)]


def _lines(finding: Finding) -> Iterator[str]:
    waived = f" (waived until {finding.waiver.until})" if finding.waiver else ""
    known = " (in the baseline)" if finding.state == "unchanged" else ""
    yield finding.message + waived + known
    yield from (f"{label}: {words}" for label, words in ways_out(finding))


def _related(finding: Finding, view: EstateView, places: Places) -> Iterator[DiagnosticRelatedInformation]:
    rule = view.policy.policy.rule(finding.rule) if view.policy else None
    if rule and rule.name_span:
        yield DiagnosticRelatedInformation(places.location(rule.name_span), finding.title or finding.rule)
    for fact in list(dict.fromkeys(facts_of(finding.because)))[:_RELATED]:
        if fact.location:
            yield DiagnosticRelatedInformation(places.location(fact.location), fact_words(fact))
    for hop in finding.hops:
        if hop.location:
            yield DiagnosticRelatedInformation(places.location(hop.location), f"{hop.source} → {hop.target}")


def facts_of(nodes: Iterable[Explained]) -> Iterator[Fact]:
    """Yield the facts behind tests, including those inside them."""
    return (fact for root in nodes for node in root.walk() for fact in node.facts)
