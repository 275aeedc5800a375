"""A drift as text.

new recipient: crm -> leads (observed 12 times, last 2026-06-01)
  traces.json:4:7
  undetermined: contracted, no_selling
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.logic import Verdict
from privacy_rules.drift.comparison import Drift, Undeclared
from privacy_rules.reports.drift.words import observed, rules, summary
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.span import Span

MOST = 200
"""At most this many entries of a kind are listed; `json` has all."""


def render(found: Drift, view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, view.ink))


def _lines(found: Drift, ink: Ink) -> Iterator[str]:
    for each in found.undeclared[:MOST]:
        yield from _undeclared(each, ink)
    yield from _more(len(found.undeclared), "undeclared flows")
    if found.unjudged:
        yield f"{found.unjudged:,} undeclared flows are not judged: declare some of the others first"
    for finding in found.elsewhere[:MOST]:
        words = f"{finding.verdict.word}[{finding.rule}] on {finding.subject}: {finding.message}"
        yield f"{ink('would add:', bold=True)} {ink(words)}"
    yield from _more(len(found.elsewhere), "findings on other subjects")
    for flow in found.unobserved[:MOST]:
        ends = f"{flow.declared['from']} -> {flow.declared['to']}".replace("->", ink.arrow)
        yield f"{ink('never observed:', bold=True)} flow {ink(flow.id)} ({ink(ends)}){_at(flow.location(), ink)}"
    yield from _more(len(found.unobserved), "declared flows")
    for unknown in found.unknown[:MOST]:
        yield f"{ink('unknown system:', bold=True)} {ink(unknown.name)}{_at(unknown.place, ink)}"
    yield from _more(len(found.unknown), "unknown systems")
    if found.undeclared or found.unobserved or found.unknown:
        yield ""
    yield ink(summary(found), bold=True)


def _undeclared(flow: Undeclared, ink: Ink) -> Iterator[str]:
    label = ink("new recipient:", "red", bold=True) if flow.is_new_recipient else ink("undeclared:", bold=True)
    ends = f"{flow.source} -> {flow.target}".replace("->", ink.arrow)
    yield f"{label} {ink(ends)} (observed {ink(observed(flow))}){_at(flow.place, ink)}"
    is_broken = any(each.verdict is Verdict.VIOLATION for each in flow.findings)
    for line in rules(flow.findings):
        yield f"  {ink(line, 'red' if is_broken and line.startswith('breaks') else None)}"


def _at(place: Span | None, ink: Ink) -> str:
    return f" {ink(f'{place.file}:{place.line}:{place.column}')}" if place else ""


def _more(count: int, what: str) -> Iterator[str]:
    if count > MOST:
        yield f"and {count - MOST:,} more {what}"
