"""Small changes of a condition, each a plausible error of a policy's author.

A term widened to a parent, narrowed to a child or dropped; a part of `and` and `or` dropped, or one word for the other; a
comparison turned; a test negated; what a contract must satisfy, and where a path may go, dropped. A define is changed where
it is declared, not here. Changes that mean the same by the vocabularies are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
    ComparesFact,
    Condition,
    Defined,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsEntity,
    IsTerm,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Policy,
    Reached,
    UnderContract,
    Within,
)
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import Taxonomy

_LIMIT_WORDS = ("of ", "for ", "into ")
_TURNED = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "=": ("!=",),
    "!=": ("=",),
}


@dataclass(frozen=True, slots=True)
class Altered:
    """A changed condition, with the place of the change and its description."""

    span: Span
    words: str
    condition: Condition


class TooManySteps(Exception):  # noqa: N818 -- not an error: the changes end here
    """All steps are taken."""


class Steps:
    """The steps that are left. Steps are counted, not time, so that every machine makes the same changes."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, steps: int) -> None:
        """Take some steps. Raises TooManySteps if fewer are left."""
        self._left -= steps
        if self._left < 0:
            raise TooManySteps


def is_limit(condition: Condition) -> bool:
    """Whether a part of an alternative is a limit, not its `when`."""
    return isinstance(condition, EndMatches | Joins | Derives) or (
        isinstance(condition, JudgedIs) and condition.text.startswith(_LIMIT_WORDS)
    )


class Alterations:
    """The changes of conditions of one policy."""

    def __init__(self, policy: Policy, steps: Steps) -> None:
        self._policy = policy
        self._steps = steps

    def of(self, condition: Condition) -> Iterator[Altered]:
        """Every change of a condition, outermost first."""
        match condition:
            case All(parts=parts):
                yield from self._several(condition, parts, AnyOf, "or")
            case AnyOf(parts=parts):
                yield from self._several(condition, parts, All, "and")
            case Negation(part=part):
                yield Altered(condition.span, f"`{condition.text}` without its `not`", part)
                yield from self._inside(condition, "part", part)
            case Defined():
                yield self._negated(condition)
            case _:
                yield from self._test(condition)

    def of_alternative(self, condition: Condition) -> Iterator[Altered]:
        """The changes of an alternative.

        Its limits and its `when` are not joined by a written `and`, so there is no `and` to become an `or`.
        """
        if not isinstance(condition, All) or not any(map(is_limit, condition.parts)):
            yield from self.of(condition)
            return
        for number, part in enumerate(condition.parts):
            rest = (*condition.parts[:number], *condition.parts[number + 1 :])
            what = "the limit " if is_limit(part) else "when "
            words = f"`{condition.text}` without {what}`{part.text}`"
            yield Altered(part.span, words, replace(condition, parts=rest))
        yield from self._parts(condition, condition.parts)

    def _several(
        self, condition: All | AnyOf, parts: tuple[Condition, ...], other: type[All | AnyOf], word: str
    ) -> Iterator[Altered]:
        if not _is_nested_exception(parts):
            yield Altered(
                condition.span, f"`{condition.text}` with `{word}`", other(condition.span, condition.text, parts)
            )
        for number, part in enumerate(parts):
            rest = (*parts[:number], *parts[number + 1 :])
            text = f"unless {part.text}" if number and _is_nested_exception(parts) else part.text
            changed = rest[0] if len(rest) == 1 else replace(condition, parts=rest)
            yield Altered(part.span, f"`{condition.text}` without `{text}`", changed)
        yield from self._parts(condition, parts)

    def _parts(self, condition: All | AnyOf, parts: tuple[Condition, ...]) -> Iterator[Altered]:
        for number, part in enumerate(parts):
            for each in self.of(part):
                changed = (*parts[:number], each.condition, *parts[number + 1 :])
                yield replace(each, condition=replace(condition, parts=changed))

    def _inside(self, condition: Condition, name: str, inner: Condition) -> Iterator[Altered]:
        """The changes of a condition that is inside another one."""
        for each in self.of(inner):
            yield replace(each, condition=_put(condition, name, each.condition))

    def _negated(self, condition: Condition) -> Altered:
        negation = Negation(condition.span, f"not {condition.text}", condition)
        return Altered(condition.span, f"`{condition.text}` negated", negation)

    # Tests.

    def _test(self, condition: Condition) -> Iterator[Altered]:
        if not is_limit(condition) and not isinstance(condition, IsEntity):
            yield self._negated(condition)
        match condition:
            case EndMatches(selector=selector):
                yield from self._selector(condition, "selector", selector)
            case UnderContract(terms=terms, chain=chain):
                if chain:
                    words = f"`{condition.text}` by a contract only with us"
                    yield Altered(condition.span, words, replace(condition, chain=False))
                if terms is not None:
                    words = f"`{condition.text}` without what it must satisfy"
                    yield Altered(condition.span, words, replace(condition, terms=None))
                    yield from self._inside(condition, "terms", terms)
            case OwnedBy(owner=owner):
                yield from self._selector(condition, "owner", owner)
            case CollectedWith(terms=terms, how=how):
                if how is not None:
                    words = f"`{condition.text}` without `{how}`"
                    yield Altered(condition.span, words, replace(condition, how=None))
                yield from self._inside(condition, "terms", terms)
            case Reached():
                yield from self._reached(condition)
            case Holds(received=received):
                for each in self._reached(received):
                    assert isinstance(each.condition, Reached)
                    holds = replace(condition, data=each.condition.data, received=each.condition)
                    yield replace(each, condition=holds)
            case _:
                yield from self._of_value(condition)

    def _of_value(self, condition: Condition) -> Iterator[Altered]:
        match condition:
            case IsTerm() | Within() | Includes():
                yield from self._of_terms(condition, "terms", condition.reference.attribute.type.vocabulary)
                if isinstance(condition, Includes) and len(condition.terms) > 1:
                    words = f"`{condition.text}` of {'any' if condition.every else 'all'}"
                    yield Altered(condition.span, words, replace(condition, every=not condition.every))
                if isinstance(condition, Within) and condition.non_empty:
                    words = f"`{condition.text}` met by an empty set"
                    yield Altered(condition.span, words, replace(condition, non_empty=False))
            case Derives():
                yield from self._of_terms(condition, "terms", "data")
            case JudgedIs(judged=judged):
                yield from self._of_terms(condition, "terms", judged)
            case Joins(other=other):
                for name in ("terms", "other") if other is not None else ("terms",):
                    yield from self._of_terms(condition, name, "data")
            case Compares(operator=operator) | ComparesFact(operator=operator):
                if isinstance(condition, ComparesFact) and condition.shift is not None:
                    words = f"`{condition.text}` without the shift of the day"
                    yield Altered(condition.span, words, replace(condition, shift=None))
                for turned in _TURNED[operator]:
                    words = f"`{condition.text}` with `{turned}`"
                    yield Altered(condition.span, words, replace(condition, operator=turned))

    def _selector(self, condition: Condition, name: str, selector: Condition) -> Iterator[Altered]:
        """The changes of a selector. A list of roles belongs to a limit, so it is not negated."""
        roles = isinstance(selector, IsTerm) and " is " not in selector.text
        changes = self._of_terms(selector, "terms", "role", condition.text) if roles else self.of(selector)
        for each in changes:
            yield replace(each, condition=_put(condition, name, each.condition))

    def _reached(self, condition: Reached) -> Iterator[Altered]:
        yield from self._of_terms(condition, "data", "data")
        without: list[tuple[str, dict[str, Any]]] = []
        if condition.avoiding is not None:
            without.append(("avoiding", {"avoiding": None}))
            yield from self._selector(condition, "avoiding", condition.avoiding)
        if condition.start is not None:
            without.append(("from", {"start": None, "avoiding": None}))
            yield from self._selector(condition, "start", condition.start)
        if condition.derived:
            without.append(("including derived", {"derived": False, "methods": None}))
        if condition.methods is not None:
            without.append(("by", {"methods": None}))
            yield from self._of_terms(condition, "methods", "method")
        for word, changed in without:
            words = f"`{condition.text}` without `{word}`"
            yield Altered(condition.span, words, replace(condition, **changed))

    # Terms.

    def _of_terms(
        self, condition: Condition, name: str, vocabulary: str | None, text: str | None = None
    ) -> Iterator[Altered]:
        """The changes of a list of terms; `text` is the condition that contains it."""
        terms: tuple[str, ...] = getattr(condition, name)
        taxonomy = None if vocabulary is None else self._policy.taxonomy(vocabulary)
        apart = isinstance(condition, Includes) and condition.every
        before = _meaning(terms, taxonomy, apart=apart)
        for words, changed in _changes_of(terms, taxonomy):
            self._steps.take(len(terms))
            if _meaning(changed, taxonomy, apart=apart) != before:
                description = f"{words} in `{text or condition.text}`"
                yield Altered(condition.span, description, _put(condition, name, changed))


def _put(condition: Condition, name: str, value: Condition | tuple[str, ...]) -> Condition:
    changed: dict[str, Any] = {name: value}
    return replace(condition, **changed)


def _changes_of(terms: tuple[str, ...], taxonomy: Taxonomy | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, term in enumerate(terms):
        before, after = terms[:number], terms[number + 1 :]
        if before or after:
            yield f"`{term}` dropped", (*before, *after)
        if taxonomy is not None:
            for parent in taxonomy.parents[term]:
                yield f"`{term}` widened to `{parent}`", (*before, parent, *after)
            for child in taxonomy.children(term):
                yield f"`{term}` narrowed to `{child}`", (*before, child, *after)


def _meaning(terms: tuple[str, ...], taxonomy: Taxonomy | None, *, apart: bool) -> object:
    """The meaning of a list of terms: all terms below any of them, or (`apart`) the terms below each."""
    if taxonomy is None:
        return frozenset(terms)
    return frozenset(map(taxonomy.below, terms)) if apart else taxonomy.below_any(terms)


def _is_nested_exception(parts: tuple[Condition, ...]) -> bool:
    """Whether an `and` means `unless E unless F`, which is E and not F."""
    inner = parts[-1]
    return len(parts) == 2 and isinstance(inner, Negation) and inner.span == inner.part.span
