"""What becomes of each finding between two checks: it comes, goes, changes or stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.report import Report

Key = tuple[str, Subject]
"""A rule's name and what it judges: of each there is at most one finding."""

Way = Literal["comes", "goes", "changes"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rule says of a subject before and after; None where there is no finding. Both are never alike."""

    rule: str
    subject: Subject
    before: Finding | None
    after: Finding | None

    @property
    def key(self) -> Key:
        """What it is of."""
        return self.rule, self.subject

    @property
    def way(self) -> Way:
        """What becomes of the finding. It changes where a verdict, a judged pair or a waived state does."""
        return "comes" if self.before is None else "goes" if self.after is None else "changes"

    @property
    def words(self) -> str:
        """`compliant -> violation`, `waived violation -> violation`."""
        return f"{_state(self.before)} -> {_state(self.after)}"

    @property
    def told(self) -> Finding:
        """The finding that says it best: of after, else of before."""
        found = self.after or self.before
        assert found is not None
        return found


def by_key(report: Report) -> dict[Key, Finding]:
    """A report's findings by rule and subject."""
    return {(each.rule, each.subject): each for each in report.present}


def turns(before: Mapping[Key, Finding], after: Mapping[Key, Finding]) -> Iterator[Turn]:
    """All that differs, in order of rule and subject."""
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if essence(was) != essence(now):
            yield Turn(*key, was, now)


def essence(finding: Finding | None) -> object:
    """What of a finding counts: its verdicts, pair by pair, and what waivers shelter of them."""
    return None if finding is None else (finding.verdict, finding.judged, finding.waived)


def _state(finding: Finding | None) -> str:
    if finding is None:
        return "compliant"
    if finding.waived:
        return f"waived {finding.verdict.word}"
    partly = any(part.waived for part in finding.judged)
    return f"partly waived {finding.verdict.word}" if partly else finding.verdict.word
