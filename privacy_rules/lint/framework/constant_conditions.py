"""Finds conditions that are never true, or never false: the smallest ones, each where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.language.policy import Condition, Defined, Includes, IsTerm, JudgedIs, Policy, Side, Within
from privacy_rules.lint.framework.condition_polarity import SignedCondition, inner, signed_conditions
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """A condition that is never true (`value` False) or never false (True)."""

    condition: Condition
    value: bool


def constants(lint_input: LintInput) -> Iterator[Constant]:
    """Yield the constant conditions of the examined rules and of the defines that they use, in order of place."""
    known: dict[tuple[int, Side], bool] = {}
    found: dict[tuple[object, bool], Constant] = {}
    for rule, _ in lint_input.rules:
        for signed in _inside_out(signed_conditions(rule), known):
            below = any(known[id(each.condition), each.side] for each in inner(signed))
            value = None if below or isinstance(signed.condition, Defined) else _value(lint_input, signed)
            known[id(signed.condition), signed.side] = below or value is not None
            if value is not None and lint_input.looks_at(signed.condition.span):
                found.setdefault((signed.condition.span, value), Constant(signed.condition, value))
    yield from sorted(found.values(), key=lambda each: each.condition.span)


def _value(lint_input: LintInput, signed: SignedCondition) -> bool | None:
    ask = lint_input.questions
    node = ask.of(signed.condition, signed.side)
    if ask.never_true(node):
        return False
    return True if ask.never_false(node) and not _is_whole(lint_input.policy, signed.condition) else None


def _is_whole(policy: Policy, condition: Condition) -> bool:
    """Whether a test asks for the topmost term. If the vocabulary grows, such a test may become false."""
    if not isinstance(condition, JudgedIs | IsTerm | Includes | Within):
        return False
    asked = condition.judged if isinstance(condition, JudgedIs) else condition.reference.attribute.type.vocabulary
    taxonomy = policy.taxonomy(asked or "")
    return any(term in taxonomy and taxonomy.below(term) == (1 << len(taxonomy.terms)) - 1 for term in condition.terms)


def _inside_out(roots: Iterable[SignedCondition], known: dict[tuple[int, Side], bool]) -> Iterator[SignedCondition]:
    """Yield the parts that have not been examined yet, children first, each once."""
    waiting = [(signed, False) for signed in roots]
    while waiting:
        signed, seen = waiting.pop()
        if (id(signed.condition), signed.side) in known:
            continue
        if seen:
            yield signed
        else:
            waiting += [(signed, True), *((each, False) for each in inner(signed))]
