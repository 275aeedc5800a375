"""What the page of a rule shows."""

from __future__ import annotations

from dataclasses import dataclass

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy, Rule


@dataclass(frozen=True, slots=True)
class Page:
    """A rule, as its policy has it.

    `source` is its text, None where its file cannot be read any more; `spoken_of` are the subjects of a run with their verdicts,
    None where there was no run; `waived` are those of them whose finding a waiver shelters.
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
        """The page of a rule of a policy."""
        lifted_by = tuple(each.name for each in policy.rules if rule.name in each.despite)
        return cls(rule, lifted_by, source, spoken_of, waived)

    def with_verdict(self, verdict: Verdict) -> list[str]:
        """The subjects that have a verdict."""
        return [subject for subject, each in self.spoken_of or () if each is verdict]
