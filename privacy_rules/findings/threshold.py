"""Which findings and warnings fail a check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from privacy_rules.source.fast_dataclasses import dataclass

if TYPE_CHECKING:  # so that a call's options can be known without all that a finding is made of
    from privacy_rules.checking.logic import Verdict
    from privacy_rules.findings.finding import Finding
    from privacy_rules.language.policy import Severity

FailOn = Literal["violation", "undetermined", "never"]

SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
"""All severities, the mildest first."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What fails a check: unwaived findings from a verdict and a severity upwards, and warnings by code.

    Compared with a baseline or a commit, only new findings fail.
    """

    fail_on: FailOn = "violation"
    severity: Severity = "error"
    warnings: frozenset[str] = frozenset()

    def fails(self, finding: Finding) -> bool:
        """Whether the finding fails the check."""
        if finding.waived or finding.state in ("unchanged", "fixed"):
            return False
        return self.includes(finding.verdict, finding.severity)

    def includes(self, verdict: Verdict, severity: Severity) -> bool:
        """Whether findings of a verdict and a severity fail the check, unless they are waived or known."""
        grave = SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)
        return grave and self.fail_on in ("undetermined", verdict.word)


USUAL = Threshold()
"""By default, violations of severity error fail."""
