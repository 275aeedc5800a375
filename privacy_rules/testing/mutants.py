"""Every small change of a policy's rules and defines that its tests should notice.

no_selling: `barter` dropped in `exchange is (sale, rental, barter)`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from privacy_rules.language.conditions import Rewriter, walk
from privacy_rules.language.policy import Condition, Defined, Kind, Policy, Rule
from privacy_rules.source.span import Span
from privacy_rules.testing.condition_mutations import Alterations, Altered
from privacy_rules.testing.observables import parts_of

_NARROWED = (Kind.COLLECTION, Kind.SHARING, Kind.DISCLOSURE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed policy. `name` says what is changed, and is the same as long as the words of the policy there are.

    `rules` are the changed rules by name; `affected` those that may now judge otherwise: a permit affects what it lifts.
    """

    name: str
    span: Span
    rules: tuple[Rule, ...]
    affected: frozenset[str]


def mutants(policy: Policy) -> tuple[Mutant, ...]:
    """All of them, by place; two of one name are numbered."""
    alterations = Alterations(policy)
    found = [each for rule in policy.rules for each in _of_rule(rule, alterations)]
    found += _of_defines(policy, alterations)
    found.sort(key=lambda each: (each.span.file, each.span.line, each.span.column))
    times: Counter[str] = Counter()
    numbered = []
    for each in found:
        times[each.name] += 1
        again = f" ({times[each.name]})" if times[each.name] > 1 else ""
        numbered.append(replace(each, name=each.name + again))
    return tuple(numbered)


def _of_rule(rule: Rule, alterations: Alterations) -> Iterator[Mutant]:
    for span, words, changed in _changed(rule, alterations):
        affected = rule.despite if rule.statement == "permit" else (rule.name,)
        yield Mutant(f"{rule.name}: {words}", span, (changed,), frozenset(affected))


def _changed(rule: Rule, alterations: Alterations) -> Iterator[tuple[Span, str, Rule]]:
    yield from _changed_subject(rule, alterations)
    for name, word in (("when", "when "), ("unless", "unless ")):
        condition: Condition | None = getattr(rule, name)
        if condition is not None:
            yield condition.span, f"without `{word}{condition.text}`", _put(rule, name, None)
    for name in ("when", "unless", "required"):
        condition = getattr(rule, name)
        for each in alterations.of(condition) if condition is not None else ():
            yield each.span, each.words, _put(rule, name, each.condition)
    for number, alternative in enumerate(rule.alternatives):
        before, after = rule.alternatives[:number], rule.alternatives[number + 1 :]
        words = f"without the alternative `{alternative.text}`"
        yield alternative.span, words, replace(rule, alternatives=(*before, *after))
        for each in alterations.of_alternative(alternative):
            yield each.span, each.words, replace(rule, alternatives=(*before, each.condition, *after))
    for number, name in enumerate(rule.despite):
        rest = (*rule.despite[:number], *rule.despite[number + 1 :])
        yield rule.name_span or rule.span, f"does not lift `{name}`", replace(rule, despite=rest)
    for name, word in (("applies_from", "from"), ("applies_until", "until")):
        day = getattr(rule, name)
        if day is not None:
            yield rule.span, f"without `applies {word} {day}`", _put(rule, name, None)


def _changed_subject(rule: Rule, alterations: Alterations) -> Iterator[tuple[Span, str, Rule]]:
    subject = rule.subject
    if subject.kind in _NARROWED:
        words = f"`{subject.kind}` widened to `flow`"
        yield subject.span, words, replace(rule, subject=replace(subject, kind=Kind.FLOW))
    for number, limit in enumerate(subject.limits):
        before, after = subject.limits[:number], subject.limits[number + 1 :]
        dropped = replace(subject, limits=(*before, *after))
        yield limit.span, f"without the limit `{limit.text}`", replace(rule, subject=dropped)
        for each in alterations.of(limit):
            changed = replace(subject, limits=(*before, each.condition, *after))
            yield each.span, each.words, replace(rule, subject=changed)


def _put(rule: Rule, name: str, value: Condition | None) -> Rule:
    changed: dict[str, Any] = {name: value}
    return replace(rule, **changed)


# Defines: one change is made at every use.


def _of_defines(policy: Policy, alterations: Alterations) -> list[Mutant]:
    bodies: dict[str, dict[int, Condition]] = {}
    for rule in policy.rules:
        for _, condition in parts_of(rule):
            for used in walk(condition):
                if isinstance(used, Defined):
                    bodies.setdefault(used.name, {})[id(used.body)] = used.body
    return [
        each for name in sorted(bodies) for each in _of_define(name, list(bodies[name].values()), policy, alterations)
    ]


def _of_define(name: str, bodies: list[Condition], policy: Policy, alterations: Alterations) -> Iterator[Mutant]:
    """The bodies are one text, resolved for each place that it is used in: the changes of all go side by side."""
    changes: list[list[Altered]] = [list(alterations.of(body)) for body in bodies]
    for together in zip(*changes, strict=True):
        rewriter = Rewriter({id(body): each.condition for body, each in zip(bodies, together, strict=True)})
        pairs = [(rule, rewriter.rule(rule)) for rule in policy.rules]
        changed = [(old, new) for old, new in pairs if new is not old]
        affected = {each for old, _ in changed for each in (old.despite if old.statement == "permit" else (old.name,))}
        first = together[0]
        yield Mutant(f"define {name}: {first.words}", first.span, tuple(new for _, new in changed), frozenset(affected))
