"""A drift as Markdown, for a ticket or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.drift.comparison import Drift, Undeclared
from privacy_rules.reports.drift.words import observed, rules, summary
from privacy_rules.reports.markup.markdown import code, escaped
from privacy_rules.reports.registry import View
from privacy_rules.source.span import Span

MOST = 200


def render(found: Drift, _: View) -> str:
    """The Markdown."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Drift) -> Iterator[str]:
    yield f"## Drift\n\n{escaped(summary(found))}"
    if found.undeclared:
        yield "\n### Undeclared flows\n\n| flow | observed | rules | where |\n| --- | --- | --- | --- |"
        yield from map(_row, found.undeclared[:MOST])
    if found.elsewhere:
        yield "\n### Other findings that these flows would add\n"
        for finding in found.elsewhere[:MOST]:
            yield f"- {finding.verdict.word} of {code(finding.rule)} on {escaped(str(finding.subject))}: {escaped(finding.message)}"
    if found.unobserved:
        yield "\n### Declared, never observed\n"
        yield from (f"- {code(each.id)}{_at(each.location())}" for each in found.unobserved[:MOST])
    if found.unknown:
        yield "\n### Unknown systems\n"
        yield from (f"- {code(each.name)}{_at(each.place)}" for each in found.unknown[:MOST])
    left = max(len(each) - MOST for each in (found.undeclared, found.unobserved, found.unknown))
    if left > 0:
        yield f"\nUp to {left:,} more of each are in the JSON report."


def _row(flow: Undeclared) -> str:
    new = "**new recipient** " if flow.is_new_recipient else ""
    broken = "; ".join(map(escaped, rules(flow.findings))) or "none"
    return (
        f"| {new}{code(f'{flow.source} → {flow.target}')} | {escaped(observed(flow))} | {broken} |{_at(flow.place)} |"
    )


def _at(place: Span | None) -> str:
    return f" {code(f'{place.file}:{place.line}')}" if place else ""
