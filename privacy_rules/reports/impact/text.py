"""An impact as text: what an entity touches, which rules apply there, and what would change without it.

contract mail-terms
  flows      newsletter-list
  rules      processors_only (1 flow)

without contract mail-terms:
  comes    violation[processors_only] on flow newsletter-list: no alternative of the rule covers this: email is disclosed to mailer
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice

from privacy_rules.findings.finding import Finding
from privacy_rules.reports.finding_changes import change_words, colour_of_change
from privacy_rules.reports.impact.data import holder_lines, lost_lines
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.simulation.finding_delta import WAYS
from privacy_rules.simulation.impact import AppliedRule, Impact
from privacy_rules.source.words import counted, first_few

_MOST = 12
_MOST_FINDINGS = 200
"""At most this many findings of a kind are listed; `json` has more."""
_LABEL, _WAY = 12, 9


def render(found: Impact, view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, view.ink, whole=view.verbose))


def _lines(found: Impact, ink: Ink, *, whole: bool) -> Iterator[str]:
    most, most_findings = (sys.maxsize, sys.maxsize) if whole else (_MOST, _MOST_FINDINGS)
    yield ink(f"{found.kind} {found.id}", bold=True)
    touched = found.touched
    for label, ids in (
        ("parties", touched.parties),
        ("contracts", touched.contracts),
        ("systems", touched.systems),
        ("flows", touched.flows),
    ):
        if ids:
            yield f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(first_few(ids, most))}"
    yield from holder_lines("data from", found.gives, ink, whole=whole, to=False)
    yield from holder_lines("data to", found.gets, ink, whole=whole, to=True)
    for number, rule in enumerate(found.rules):
        label = "rules" if number == 0 else ""
        yield f"  {ink(label.ljust(_LABEL), 'cyan')}{ink(_rule(rule), _colour(rule))}"
    for number, finding in enumerate(found.paths[:most_findings]):
        yield f"  {ink(('paths' if number == 0 else '').ljust(_LABEL), 'cyan')}{ink(_finding(finding))}"
    if len(found.paths) > most_findings:
        yield f"  {' ' * _LABEL}and {len(found.paths) - most_findings:,} more"
    yield ""
    gone = [f"{kind} {id_}" for kind, id_ in found.gone]
    yield ink(f"without {first_few(gone, most)}:", bold=True)
    yield from lost_lines("gets", found.lost[0], ink, whole=whole)
    yield from lost_lines("sends", found.lost[1], ink, whole=whole)
    for way in WAYS:
        for change in islice(found.in_way(way), most_findings):
            words = f" ({change_words(change).replace('->', ink.arrow)})" if way == "changes" else ""
            yield f"  {ink(way.ljust(_WAY), colour_of_change(change))}{ink(f'{_finding(change.finding)}{words}')}"
        if found.difference.counts[way] > most_findings:
            yield f"  {ink(way.ljust(_WAY))}and {found.difference.counts[way] - most_findings:,} more"
    if not found.difference.changed:
        yield f"  {ink('no verdict changes')}"


def _rule(applied: AppliedRule) -> str:
    kind = applied.rule.subject.kind.family.value
    counts = [counted(applied.subjects, kind)]
    counts += [f"{applied.violations:,} in violation"] if applied.violations else []
    counts += [f"{applied.undetermined:,} undetermined"] if applied.undetermined else []
    return f"{applied.rule.name} ({', '.join(counts)})"


def _colour(applied: AppliedRule) -> Colour | None:
    return "red" if applied.violations else "yellow" if applied.undetermined else None


def _finding(finding: Finding) -> str:
    waived = "waived " if finding.waived else ""
    return f"{waived}{finding.verdict.word}[{finding.rule}] on {finding.subject}: {finding.message}"
