"""One rule's verdict on one subject: the worst of what is judged of it."""

from __future__ import annotations

from privacy_rules.checking.connectives import Test, conjunction, disjunction
from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.judgements import Part
from privacy_rules.checking.logic import FALSE, TRUE, Verdict
from privacy_rules.checking.subjects import Subject, Turn, turn_to

Worst = dict[tuple[str | None, str | None, tuple[str, str] | None], tuple[Verdict, Turn]]
"""Each (datum, purpose, joined pair) that is not compliant, with its verdict and the turn that gave it."""


class Ruling:
    """One rule, ready to be asked of subjects. `spoke_of` counts those that its kind and limits do not surely leave out.

    `permits` are the permits that lift it, each by name with its scope as a test.
    """

    def __init__(self, evaluator: Evaluator, core: CoreRule) -> None:
        self.core = core
        self.family = core.rule.subject.kind.family
        self.turn_to = turn_to(self.family)
        self.spoke_of = 0
        limits = [each.condition for each in core.scope if each.part is not Part.WHEN]
        # What does not depend on the judged pair is asked once for the subject, and first.
        self._fixed: Test = conjunction([evaluator.test(each) for each in limits if not evaluator.by_pair(each)])
        self._limits: Test = conjunction([evaluator.test(each) for each in limits if evaluator.by_pair(each)])
        self._when: Test = conjunction(
            [evaluator.test(each.condition) for each in core.scope if each.part is Part.WHEN]
        )
        self.permits = [
            (each.text, evaluator.test(each.condition)) for each in core.requirement if each.part is Part.PERMIT
        ]
        self._requirement: Test = disjunction([evaluator.test(each.condition) for each in core.requirement])

    def worst(self, subject: Subject) -> Worst:
        """What of the subject is not compliant; empty where all is."""
        _, frame, turns = subject
        found: Worst = {}
        speaks, fixed = False, TRUE
        for number, turn in enumerate(turns):
            self.turn_to(frame, turn)
            if number == 0:
                fixed = self._fixed(frame)
                if fixed == FALSE:
                    break
            scope = min(fixed, self._limits(frame))
            if scope == FALSE:
                continue
            speaks = True
            bad = min(scope, self._when(frame))
            if bad != FALSE:
                bad = min(bad, TRUE - self._requirement(frame))
            if bad != FALSE:
                key = (frame.data, frame.purpose, frame.joined)
                if key not in found or found[key][0] < bad:
                    found[key] = (Verdict(bad), turn)
        self.spoke_of += speaks
        return found
