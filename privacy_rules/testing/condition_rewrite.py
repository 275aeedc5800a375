"""A condition with some of its parts replaced; what holds none of them stays the very object that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Condition,
    Defined,
    EndMatches,
    Negation,
    Reached,
    Rule,
    UnderContract,
)


class Rewriting:
    """Replaces conditions, found by identity. Shared parts are walked once, and stay shared."""

    def __init__(self, table: Mapping[int, Condition]) -> None:
        self._table = table
        self._memo: dict[int, Condition] = {}

    def rule(self, rule: Rule) -> Rule:
        """The rule with its conditions rewritten; the same object where none of them changed."""
        limits = tuple(map(self.condition, rule.subject.limits))
        alternatives = tuple(map(self.condition, rule.alternatives))
        when, unless, required = map(self._maybe, (rule.when, rule.unless, rule.required))
        same = all(
            new is old
            for new, old in zip(
                (*limits, *alternatives, when, unless, required),
                (*rule.subject.limits, *rule.alternatives, rule.when, rule.unless, rule.required),
                strict=True,
            )
        )
        if same:
            return rule
        subject = replace(rule.subject, limits=limits)
        return replace(rule, subject=subject, alternatives=alternatives, when=when, unless=unless, required=required)

    def condition(self, condition: Condition) -> Condition:
        """The condition, rewritten."""
        if id(condition) in self._table:
            return self._table[id(condition)]
        found = self._memo.get(id(condition))
        if found is None:
            found = self._memo[id(condition)] = self._rewritten(condition)
        return found

    def _maybe(self, condition: Condition | None) -> Condition | None:
        return None if condition is None else self.condition(condition)

    def _rewritten(self, condition: Condition) -> Condition:
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                found = tuple(map(self.condition, parts))
                same = all(new is old for new, old in zip(found, parts, strict=True))
                return condition if same else replace(condition, parts=found)
            case Negation(part=inner):
                return self._with(condition, part=(inner, self.condition(inner)))
            case Defined(body=inner):
                return self._with(condition, body=(inner, self.condition(inner)))
            case EndMatches(selector=inner):
                return self._with(condition, selector=(inner, self.condition(inner)))
            case UnderContract(terms=terms):
                return self._with(condition, terms=(terms, self._maybe(terms)))
            case CollectedWith(terms=inner):
                return self._with(condition, terms=(inner, self.condition(inner)))
            case Reached(start=start, avoiding=avoiding):
                ends = {"start": (start, self._maybe(start)), "avoiding": (avoiding, self._maybe(avoiding))}
                return self._with(condition, **ends)
            case _:
                return condition

    @staticmethod
    def _with(condition: Condition, **inner: tuple[Condition | None, Condition | None]) -> Condition:
        changed = {name: new for name, (old, new) in inner.items() if new is not old}
        return replace(condition, **changed) if changed else condition  # type: ignore[arg-type]
