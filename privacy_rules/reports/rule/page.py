"""What the page of a rule shows."""

from __future__ import annotations

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A rule and what lifts it.

    `source` is its text, None if its file cannot be read any more; `spoken_of` has the subjects to which the rule
    applied, with their verdicts, and is None without a manifest; `waived` are those whose finding a waiver covers.
    """

    rule: Rule
    lifted_by: tuple[str, ...]
    source: str | None
    spoken_of: tuple[tuple[str, Verdict], ...] | None
    waived: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        policy: Policy,
        rule: Rule,
        source: str | None,
        spoken_of: tuple[tuple[str, Verdict], ...] | None,
        waived: frozenset[str] = frozenset(),
    ) -> Page:
        """Return the page of a rule of a policy."""
        lifted_by = tuple(each.name for each in policy.rules if rule.name in each.despite)
        return cls(rule, lifted_by, source, spoken_of, waived)

    def with_verdict(self, verdict: Verdict) -> list[str]:
        """The subjects with a verdict."""
        return [subject for subject, each in self.spoken_of or () if each is verdict]
