"""The part of `diff` that judges manifests, to show what a change of a policy means for an estate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from privacy_rules import engine
from privacy_rules.analysis.policy_comparison import PolicyDifference
from privacy_rules.analysis.vocabularies import united
from privacy_rules.checking.invalid_origins import diagnose
from privacy_rules.cli.inputs import read_manifests, with_severities
from privacy_rules.configuration.load import Configuration
from privacy_rules.findings.threshold import Threshold
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.file_set import Documents
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.compare import Answer
from privacy_rules.simulation.policy_change import policy_change, with_renamed_rules
from privacy_rules.simulation.world import Swap, World
from privacy_rules.source.diagnostic import InputError, has_errors, refuse, required
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedTwice:
    """The manifests, read with each policy. Terms and attributes that only the new policy has are added to the old one."""

    old: Policy
    new: Policy
    before: Estate
    after: Estate

    @property
    def day(self) -> date | None:
        """The day on which the manifests ask to be judged."""
        return self.after.as_of

    def judged(self, found: PolicyDifference, name: str) -> Answer:
        """Return the findings that come, go and change on the first day of a comparison. `name` is what the new policy is called.

        Raises InputError if an `origin` of a flow is not a collection.
        """
        renamed = {each.before.name: each.name for each in found.rules if each.before and each.status == "renamed"}
        before = World(*with_renamed_rules(self.old, self.before, renamed), found.day)
        refuse(diagnose(before.graph))
        return required(*policy_change(before, Swap(name, self.new, self.after)))


def read_estate(manifests: Sequence[str], settings: Configuration, old: Policy, new: Policy) -> JudgedTwice:
    """Read manifests (else the configured ones) with both policies. Raises InputError with all errors in them."""
    documents = read_manifests(manifests, settings)
    old, new = with_severities(united(old, new)[0], settings), with_severities(new, settings)
    after = _estate(documents, new)
    return JudgedTwice(old, new, _estate(documents, old), after)


def _estate(documents: Documents, policy: Policy) -> Estate:
    found, wrong = engine.hold(documents, policy)
    if found is None or has_errors(wrong):
        raise InputError(wrong)
    return found


def has_new(answer: Answer, settings: Configuration) -> bool:
    """Whether the change adds a finding that would fail a check."""
    configured = "violation" if settings.fail_on == "never" else settings.fail_on
    return answer.adds_failure(Threshold(configured or "violation", settings.fail_severity or "error"))
