"""One rule's verdict on one subject: the worst verdict on its judged pairs."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.connectives import Test, conjunction, disjunction
from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.judgements import PairKey, Part
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN, Verdict
from privacy_rules.checking.open_formula import Decision
from privacy_rules.checking.open_tests import OpenTests
from privacy_rules.checking.repeated_facts import RepeatedFacts
from privacy_rules.checking.subjects import Binding, Pairs, Subject, binder
from privacy_rules.language.policy import JudgedIs

Worst = dict[PairKey, tuple[Verdict, Binding]]
"""Each judged pair that is not compliant, with its verdict and the binding that gave it."""

_VERDICTS = tuple(Verdict)


class Ruling:
    """One rule, compiled for judging subjects.

    `permits` are the permits that lift it, each by name with its scope as a test.
    """

    def __init__(self, evaluator: Evaluator, core: CoreRule) -> None:
        self.core, self.evaluator = core, evaluator
        self.family = core.rule.subject.kind.family
        self.bind = binder(self.family)
        limits = [each.condition for each in core.scope if each.part is not Part.WHEN]
        # What does not depend on the judged pair is evaluated first, once for the subject.
        self._fixed: Test = conjunction([evaluator.test(each) for each in limits if not evaluator.by_pair(each)])
        self._limits: Test = conjunction([evaluator.test(each) for each in limits if evaluator.by_pair(each)])
        self._when: Test = conjunction(
            [evaluator.test(each.condition) for each in core.scope if each.part is Part.WHEN]
        )
        self.permits = [
            (each.text, evaluator.test(each.condition)) for each in core.requirement if each.part is Part.PERMIT
        ]
        self._of_terms = [each for each in limits if isinstance(each, JudgedIs)]
        self._in_scope: tuple[Pairs, Pairs] | None = None
        self._open, self.repeated = OpenTests(evaluator, core), RepeatedFacts(evaluator, core)
        self._requirement: Test = disjunction([evaluator.test(each.condition) for each in core.requirement])

    def verdict(self, frame: Frame, bindings: Sequence[Binding]) -> Verdict | None:
        """Return the verdict on a subject; None if the rule does not apply to it."""
        verdict, fixed = None, None
        for binding in bindings:
            self.bind(frame, binding)
            if fixed is None:
                fixed = self._fixed(frame)
                if fixed == FALSE:
                    return None
            scope = min(fixed, self._limits(frame))
            if scope == FALSE:
                continue
            bad = self._bad(scope, frame)
            if bad == TRUE:
                return Verdict.VIOLATION
            verdict = bad if verdict is None else max(verdict, bad)
        return None if verdict is None else _VERDICTS[verdict]

    def in_scope(self, bindings: Sequence[Binding]) -> Sequence[Binding]:
        """Return what is judged of a subject, without pairs of a datum or a purpose that the rule is certainly not about."""
        if not self._of_terms or not isinstance(bindings, Pairs):
            return bindings
        if self._in_scope is None or self._in_scope[0] is not bindings:
            data, purposes = bindings.data, bindings.purposes
            for each in self._of_terms:
                test = self.evaluator.test(each)
                if each.judged == "data":
                    data = [datum for datum in data if test(Frame(data=datum)) != FALSE]
                else:
                    purposes = [purpose for purpose in purposes if test(Frame(purpose=purpose)) != FALSE]
            self._in_scope = bindings, Pairs(data, purposes)
        return self._in_scope[1]

    def worst(self, subject: Subject) -> Worst:
        """Return what of the subject is not compliant; empty if all is."""
        _, frame, bindings = subject[0], subject[1], self.in_scope(subject[2])
        found: Worst = {}
        fixed = None
        for binding in bindings:
            self.bind(frame, binding)
            if fixed is None:
                fixed = self._fixed(frame)
                if fixed == FALSE:
                    break
            scope = min(fixed, self._limits(frame))
            bad = FALSE if scope == FALSE else self._bad(scope, frame)
            if bad != FALSE:
                key = (frame.data, frame.purpose, frame.joined)
                if key not in found or found[key][0] < bad:
                    found[key] = (_VERDICTS[bad], binding)
        return found

    def may_apply(self, frame: Frame, *, when: bool) -> bool:
        """Return whether the judged pair of a bound frame may be in the rule's scope, with or without its `when`."""
        limits = self._fixed(frame) != FALSE and self._limits(frame) != FALSE
        return limits and (not when or self._when(frame) != FALSE)

    def judged(self, frame: Frame) -> Verdict:
        """Return the verdict on the frame's judged pair; compliant if the rule does not apply to it."""
        scope = min(self._fixed(frame), self._limits(frame))
        return _VERDICTS[FALSE if scope == FALSE else self._bad(scope, frame)]

    def _bad(self, scope: int, frame: Frame) -> int:
        """Whether the rule's scope is true and its requirement is not; `scope` is the value of its limits."""
        bad = min(scope, self._when(frame))
        if bad != FALSE:
            bad = min(bad, TRUE - self._requirement(frame))
        return self.decision(frame).value if bad == UNKNOWN and self.repeated(frame) else bad

    def decision(self, frame: Frame) -> Decision:
        """Return whether the frame's judged pair is at fault, decided over all cases of the open facts."""
        return self._open.decided(frame)
