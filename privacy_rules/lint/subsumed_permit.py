"""Report a permit that lifts nothing of a rule that other permits do not already lift.

rule r { forbid disclosure of card }
rule p { permit disclosure of card when notice despite r }
rule q { permit disclosure of card for orders when notice despite r }   # found

rule q { permit disclosure of card for orders when mandate is law despite r }   # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.analysis.implication_filter import Candidates
from privacy_rules.checking.logic import TRUE
from privacy_rules.language.policy import Rule
from privacy_rules.lint.framework.lint import Lint, Problem
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import applies, lifts_nothing, needless_beside
from privacy_rules.source.span import Span


def _check(lint_input: LintInput) -> Iterable[Problem]:
    ask = lint_input.questions
    needless: set[tuple[str, str]] = set()
    rivals = {rule: _Rivals(lint_input, permits) for rule, permits in lint_input.permits.items()}
    for permit, rule, place in reversed([*lint_input.liftings]):
        if not applies(ask, permit):
            continue
        others = [each for each in rivals[rule.name].of(permit, rule) if (each.name, rule.name) not in needless]
        if not others or not needless_beside(ask, permit, rule, others) or lifts_nothing(ask, permit, rule):
            continue  # `idle-permit` reports a permit that lifts nothing by itself
        needless.add((permit.name, rule.name))
        yield _problem(lint_input, permit, rule, others, place)


class _Rivals:
    """The permits of one rule. Examples rule out most candidates without a search."""

    def __init__(self, lint_input: LintInput, permits: list[Rule]) -> None:
        self._ask, self._permits = lint_input.questions, permits
        self._candidates = Candidates(lint_input.policy, self._ask.make, [self._ask.scope(each) for each in permits])

    def of(self, permit: Rule, rule: Rule) -> list[Rule]:
        """Return all other permits, or none if an example must be lifted by this permit and by no other."""
        others = [each for each in self._permits if each is not permit]
        both = self._ask.make.all_of([self._ask.verdict_of(rule), self._ask.scope(permit)])
        example = self._ask.example([(both, True, TRUE)]) if others else None
        if example is not None and not any(self._permits[at] is not permit for at in self._candidates.of(example)):
            return []
        return others


def _problem(lint_input: LintInput, permit: Rule, rule: Rule, others: list[Rule], place: Span) -> Problem:
    alone = [each for each in others if needless_beside(lint_input.questions, permit, rule, [each])][:1]
    named = f"`{alone[0].name}` does" if alone else "others together do"
    message = f"`{permit.name}` lifts nothing of `{rule.name}` that {named} not lift"
    help_ = "remove it, or fix the wider permit if that lifts too much; the other can cite both clauses"
    return Problem(place, message, help_, also=tuple(each.name_span or each.span for each in alone))


LINT = Lint("subsumed-permit", "L144", "warning", "a permit that others make redundant", _check)
