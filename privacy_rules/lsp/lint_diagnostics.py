"""Lint findings as editor diagnostics: with places, configured severities and links to the lints' pages."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
)

from privacy_rules.lint.framework.registry import page_file
from privacy_rules.lint.framework.runner import Finding
from privacy_rules.lsp.protocol_places import SOURCE, STAYS, ByFile, Places
from privacy_rules.lsp.scheduling import StaleError
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.source.span import Span

_SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "note": DiagnosticSeverity.Information,
}
_UNNECESSARY = frozenset(
    {"unused-term", "unused-define", "unused-attribute", "unused-use", "repeated-use", "duplicate-term", "idle-allow"}
)
"""Findings of these lints can be removed without effect: editors show them faded."""
_RELATED = 20


def of_lints(space: Workspace) -> ByFile | None:
    """Return the lint findings in the open policies, by file; None if they were edited meanwhile.

    A policy with errors cannot be linted, so its earlier findings stay.
    """
    places, found = Places(space.texts), ByFile()
    views = space.edited_policies()
    space.linting.keep_only(views)
    try:
        for view in views:
            if view.has_errors:
                found.update(dict.fromkeys((path for path in view.roots if path in view.survey.files), STAYS))
            else:
                found.update(
                    space.linting.of(view, space.settings(view.roots[0]), lambda each: diagnostics_of(each, places))
                )
    except StaleError:
        return None
    return found


def diagnostics_of(findings: Iterable[Finding], places: Places) -> list[Diagnostic]:
    """Yield the diagnostics of lints, one for each lint and place."""
    found: dict[tuple[str, Span], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.lint.code, each.found.span), []).append(each)
    return [_diagnostic(each, places) for each in found.values()]


def _diagnostic(alike: list[Finding], places: Places) -> Diagnostic:
    first = alike[0]
    span = first.found.span
    more = [f"and {len(alike) - 1} more like this"] if len(alike) > 1 else []
    help_ = [f"help: {first.found.help}"] if first.found.help else []
    related = dict.fromkeys(other for each in alike for other in each.found.also)
    return Diagnostic(
        range=places.lines(places.path(span)).range(span),
        message="\n".join([first.found.message, *more, *help_]),
        severity=_SEVERITIES[first.severity],
        code=first.lint.code,
        code_description=CodeDescription(page_file(first.lint.name).as_uri()),
        source=SOURCE,
        tags=[DiagnosticTag.Unnecessary] if first.lint.name in _UNNECESSARY else None,
        related_information=[
            DiagnosticRelatedInformation(places.location(each), "see here") for each in list(related)[:_RELATED]
        ]
        or None,
    )
