"""What a rule's conditions speak of: walked once, shared defines once, without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Condition,
    Defined,
    EndMatches,
    Negation,
    Reached,
    UnderContract,
)


def conditions(cores: Iterable[CoreRule]) -> Iterator[Condition]:
    """Every condition of the rules, each object once."""
    yield from within(*(part.condition for core in cores for part in (*core.scope, *core.requirement)))


def within(*roots: Condition) -> Iterator[Condition]:
    """The conditions, and every one inside them, each object once."""
    waiting = list(roots)
    seen: set[int] = set()
    while waiting:
        condition = waiting.pop()
        if id(condition) not in seen:
            seen.add(id(condition))
            yield condition
            waiting += inner(condition)


def inner(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that stand directly inside one."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return parts
        case Negation(part=part):
            return (part,)
        case Defined(body=body):
            return (body,)
        case UnderContract(terms=terms):
            return () if terms is None else (terms,)
        case EndMatches(selector=selector):
            return (selector,)
        case CollectedWith(terms=terms):
            return (terms,)
        case Reached(start=start, avoiding=avoiding):
            return tuple(each for each in (start, avoiding) if each is not None)
        case _:
            return ()
