"""Hover text in policies: the meaning of a name, the words of its clauses, and the subjects that a rule applied to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from privacy_rules.findings.report import Report
from privacy_rules.language.policy import Policy
from privacy_rules.lsp.hover_text import shown
from privacy_rules.lsp.symbols import Symbol
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.tracing.prose import Clause
from privacy_rules.tracing.prose_loader import clauses_of

_LONGEST, _MOST = 1200, 8


def hover(space: Workspace, path: Path, symbol: Symbol) -> str | None:
    """Return Markdown about a symbol of a policy; None if nothing is known about it."""
    view = space.policy(path)
    if symbol.kind == "clause":
        return "\n\n".join([*_cited(space, path, symbol.name), *_who_cites(symbol.name, view.policy)])
    text = shown(symbol, view.policy, whole=not view.has_errors)
    rule = view.policy.rule(symbol.name) if symbol.kind == "rule" else None
    if text is None or rule is None:
        return text
    more = [each for cite in rule.cites for each in _cited(space, path, cite)]
    applied = [line for each in space.judged_by(path) if each.judged for line in _applied_to(rule.name, each.judged)]
    return "\n\n".join([text, *more, *applied])


# ---- the prose


def _cited(space: Workspace, path: Path, cite: str) -> Iterator[str]:
    """Return a clause in its own words, if the prose has it."""
    prose = [each for each in space.prose(path) if not each.error]
    found = ClauseIndex(clauses_of(prose)).meant(cite)
    if not found:
        names = ", ".join(f"`{each.file.name}`" for each in prose)
        yield f"clause *{cite}*" + (f": no clause of {names} matches" if names else "")
    for clause in found[:_MOST]:
        yield "\n".join(_quoted(cite, clause))


def _quoted(cite: str, clause: Clause) -> Iterator[str]:
    name = clause.title or clause.id
    yield f"clause *{cite}*" + (f" – {name}" if name != cite else "")
    text = clause.text if len(clause.text) <= _LONGEST else f"{clause.text[:_LONGEST]}…"
    yield ""
    yield from (f"> {line}" for line in text.splitlines())


def _who_cites(cite: str, policy: Policy) -> Iterator[str]:
    rules = [f"`{each.name}`" for each in policy.rules if cite in each.cites]
    if rules:
        yield f"cited by {', '.join(rules)}"
    yield from (f"{each.kind}: {each.reason}" for each in policy.clauses if each.cited == cite)


# ---- the run


def _applied_to(rule: str, report: Report) -> Iterator[str]:
    """Return the result of a rule in a check, with the subjects of its findings."""
    for count in report.rules:
        if count.rule.name == rule:
            subjects = [f"{each.subject.id} ({each.verdict.word})" for each in report.present if each.rule == rule]
            more = f" and {len(subjects) - _MOST} more" if len(subjects) > _MOST else ""
            listed = f": {', '.join(subjects[:_MOST])}{more}" if subjects else ", nothing found"
            yield f"considers {count.subjects} subjects in the manifests, applies to {count.applies}{listed}"
