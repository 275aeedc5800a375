"""Finds conditions that are never true, or never false: the smallest ones, each where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from privacy_rules.language.policy import Condition, Defined, Includes, IsTerm, JudgedIs, Policy, Side, Within
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.signed_conditions import Part, inner, rule_parts


@dataclass(frozen=True, slots=True)
class Constant:
    """A condition that is never true (`value` False) or never false (True)."""

    condition: Condition
    value: bool


def constants(reading: Reading) -> Iterator[Constant]:
    """Yield the constant conditions of the examined rules and of the defines that they use, in order of place."""
    known: dict[tuple[int, Side], bool] = {}
    found: dict[tuple[object, bool], Constant] = {}
    for rule, _ in reading.rules:
        for part in _inside_out(rule_parts(rule), known):
            below = any(known[id(each.condition), each.side] for each in inner(part))
            value = None if below or isinstance(part.condition, Defined) else _value(reading, part)
            known[id(part.condition), part.side] = below or value is not None
            if value is not None and reading.looks_at(part.condition.span):
                found.setdefault((part.condition.span, value), Constant(part.condition, value))
    yield from sorted(found.values(), key=lambda each: each.condition.span)


def _value(reading: Reading, part: Part) -> bool | None:
    ask = reading.questions
    node = ask.of(part.condition, part.side)
    if ask.never_true(node):
        return False
    return True if ask.never_false(node) and not _is_whole(reading.policy, part.condition) else None


def _is_whole(policy: Policy, condition: Condition) -> bool:
    """Whether a test asks for the term above all others. If the vocabulary grows, such a test may become false."""
    if not isinstance(condition, JudgedIs | IsTerm | Includes | Within):
        return False
    asked = condition.judged if isinstance(condition, JudgedIs) else condition.reference.attribute.type.vocabulary
    taxonomy = policy.taxonomy(asked or "")
    return any(term in taxonomy and taxonomy.below(term) == (1 << len(taxonomy.terms)) - 1 for term in condition.terms)


def _inside_out(roots: Iterable[Part], known: dict[tuple[int, Side], bool]) -> Iterator[Part]:
    """Yield the parts that are not known yet, children first, each once."""
    waiting = [(part, False) for part in roots]
    while waiting:
        part, seen = waiting.pop()
        if (id(part.condition), part.side) in known:
            continue
        if seen:
            yield part
        else:
            waiting += [(part, True), *((each, False) for each in inner(part))]
