"""Compare two checks: which findings come, go or change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.report import Report

Key = tuple[str, Subject]
"""A rule's name and a subject: there is at most one finding of them."""

Way = Literal["comes", "goes", "changes"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule's finding on a subject before and after; None if there is none. The two always differ."""

    rule: str
    subject: Subject
    before: Finding | None
    after: Finding | None

    @property
    def key(self) -> Key:
        """The rule and the subject."""
        return self.rule, self.subject

    @property
    def way(self) -> Way:
        """Whether the finding comes, goes or changes: a verdict, a judged pair or a waived state."""
        return "comes" if self.before is None else "goes" if self.after is None else "changes"

    @property
    def words(self) -> str:
        """`compliant -> violation`, `waived violation -> violation`."""
        return f"{_state(self.before)} -> {_state(self.after)}"

    @property
    def finding(self) -> Finding:
        """The finding after the changes, else the one before."""
        found = self.after or self.before
        assert found is not None
        return found


def by_key(report: Report) -> dict[Key, Finding]:
    """Index a report's findings by rule and subject."""
    return {(each.rule, each.subject): each for each in report.present}


def turns(before: Mapping[Key, Finding], after: Mapping[Key, Finding]) -> Iterator[Turn]:
    """Yield every finding that differs, in the order of rule and subject."""
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if essence(was) != essence(now):
            yield Turn(*key, was, now)


def essence(finding: Finding | None) -> object:
    """What is compared of a finding: its verdicts, pair by pair, and which of them are waived."""
    return None if finding is None else (finding.verdict, finding.judged, finding.waived)


def _state(finding: Finding | None) -> str:
    if finding is None:
        return "compliant"
    if finding.waived:
        return f"waived {finding.verdict.word}"
    partly = any(part.waived for part in finding.judged)
    return f"partly waived {finding.verdict.word}" if partly else finding.verdict.word
