"""Walks over resolved conditions.

A policy shares its defines, so every walk visits an object once, however many conditions hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    ComparesFact,
    Condition,
    Defined,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsTerm,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Reached,
    Reference,
    Rule,
    Subject,
    UnderContract,
    Within,
)

_INSIDE: Mapping[type[Condition], tuple[str, ...]] = {
    All: ("parts",),
    AnyOf: ("parts",),
    Negation: ("part",),
    Defined: ("body",),
    UnderContract: ("terms",),
    OwnedBy: ("owner",),
    CollectedWith: ("terms",),
    EndMatches: ("selector",),
    Reached: ("start", "avoiding"),
    Holds: ("received",),
}
"""The fields of each class that hold conditions."""

_Node = TypeVar("_Node", Rule, Subject, Condition)

CONNECTIVES = (All, AnyOf, Negation, Defined)
"""Conditions that ask the same subject as the conditions inside them. Every other condition is a test."""


def children(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions directly inside one, in the order in which they are written."""
    found: list[Condition] = []
    for name in _INSIDE.get(type(condition), ()):
        held = getattr(condition, name)
        found += held if isinstance(held, tuple) else () if held is None else (held,)
    return tuple(found)


def walk(*roots: Condition, enter: Callable[[Condition], bool] | None = None) -> Iterator[Condition]:
    """Yield the conditions and every condition inside them, each object once and before its children.

    `enter` says whether to visit the children of a condition; without it, all are visited.
    """
    waiting = list(reversed(roots))
    seen: set[int] = set()
    while waiting:
        condition = waiting.pop()
        if id(condition) not in seen:
            seen.add(id(condition))
            yield condition
            if enter is None or enter(condition):
                waiting += reversed(children(condition))


def own_tests(condition: Condition) -> tuple[Condition, ...]:
    """Return the tests that a condition puts to its own subject; not those inside other tests."""
    found = walk(condition, enter=lambda each: isinstance(each, CONNECTIVES))
    return tuple(each for each in found if not isinstance(each, CONNECTIVES))


def rule_conditions(rule: Rule) -> Iterator[Condition]:
    """Yield every condition of a rule, the limits of its subject included."""
    own = (*rule.subject.limits, rule.when, rule.unless, rule.required, *rule.alternatives)
    return walk(*(each for each in own if each is not None))


def terms(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield the terms that a test names, each as vocabulary and term. The vocabulary of plain text is ""."""
    match condition:
        case JudgedIs(judged=judged, terms=named):
            yield from ((judged, each) for each in named)
        case Derives(terms=named):
            yield from (("data", each) for each in named)
        case Joins(terms=named, other=other):
            yield from (("data", each) for each in (*named, *(other or ())))
        case Holds(data=data):
            yield from (("data", each) for each in data)
        case Reached(data=data, methods=methods):
            yield from (("data", each) for each in data)
            yield from (("method", each) for each in methods or ())
        case IsTerm() | Includes() | Within():
            vocabulary = condition.reference.attribute.type.vocabulary or ""
            yield from ((vocabulary, each) for each in condition.terms)


def references(condition: Condition) -> tuple[Reference, ...]:
    """Return the names of attributes in a test, in the order in which they are written."""
    named = (getattr(condition, name, None) for name in ("reference", "other"))
    return tuple(each for each in named if isinstance(each, Reference))


def asks_today(condition: Condition) -> bool:
    """Return whether a test compares with the day of the check."""
    return isinstance(condition, ComparesFact) and condition.other is None


class Rewriter:
    """Replaces conditions. What holds no replaced condition stays the same object, and what is shared stays shared.

    `table` maps the `id` of a condition to its replacement.
    """

    def __init__(self, table: Mapping[int, Condition]) -> None:
        self._done = dict(table)

    def rule(self, rule: Rule) -> Rule:
        """Return the rule with its conditions rewritten."""
        limits = {"limits": self._rewritten(rule.subject.limits)}
        names = ("when", "unless", "required", "alternatives")
        own = {name: self._rewritten(getattr(rule, name)) for name in names}
        return _with(rule, {"subject": _with(rule.subject, limits), **own})

    def condition(self, condition: Condition) -> Condition:
        """Return the condition, rewritten."""
        found = self._done.get(id(condition))
        if found is None:
            changed = {name: self._rewritten(getattr(condition, name)) for name in _INSIDE.get(type(condition), ())}
            found = self._done[id(condition)] = _with(condition, changed)
        return found

    def _rewritten(self, held: Any) -> Any:
        """The same for what a field holds: a condition, several, or None."""
        if isinstance(held, tuple):
            found = tuple(map(self.condition, held))
            return held if all(new is old for new, old in zip(found, held, strict=True)) else found
        return None if held is None else self.condition(held)


def _with(node: _Node, fields: Mapping[str, Any]) -> _Node:
    """The node with other fields; the same object if none of them differs."""
    changed = {name: value for name, value in fields.items() if value is not getattr(node, name)}
    return replace(node, **changed) if changed else node
