"""Walks over the trees of policy files and over resolved conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from privacy_rules.language import policy, syntax
from privacy_rules.language.policy import Side

# ---- trees


def parts(node: syntax.Condition) -> tuple[syntax.Condition | syntax.Selector, ...]:
    """What stands directly inside a condition of a tree."""
    match node:
        case syntax.Conjunction(parts=several) | syntax.Disjunction(parts=several):
            return several
        case syntax.Negated(part=part) | syntax.Grouped(part=part):
            return (part,)
        case syntax.UnderContract(terms=terms):
            return () if terms is None else (terms,)
        case syntax.CollectedWith(terms=terms):
            return (terms,)
        case syntax.Reached(start=start, avoiding=avoiding):
            return tuple(each for each in (start, avoiding) if each is not None)
        case _:
            return ()


def below(nodes: Iterable[syntax.Condition | syntax.Selector]) -> Iterator[syntax.Condition | syntax.Selector]:
    """The conditions and selectors, and all that stands in them, in the order in which they are written."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, syntax.Matching):
            waiting.append(node.condition)
        elif isinstance(node, syntax.Condition):
            waiting += reversed(parts(node))


def limits_of(statement: syntax.Statement) -> Iterator[syntax.Limit]:
    """The limits of a statement: those of its subject, then those of its alternatives."""
    yield from statement.subject.limits
    for each in statement.alternatives:
        yield from each.limits


def roots(statement: syntax.Statement) -> Iterator[syntax.Condition | syntax.Selector]:
    """The conditions and selectors that stand by themselves in a statement."""
    yield from (each for each in (statement.required, statement.when) if each is not None)
    yield from statement.unless
    yield from (each.when for each in statement.alternatives if each.when is not None)
    yield from (each.selector for each in limits_of(statement) if each.selector is not None)


def all_of(declaration: syntax.Declaration) -> Iterator[syntax.Condition | syntax.Selector]:
    """Every condition and selector of a rule or define."""
    match declaration:
        case syntax.Rule(statement=statement):
            yield from below(roots(statement))
        case syntax.Define(condition=condition):
            yield from below([condition])


def terms_below(terms: Iterable[syntax.Term]) -> Iterator[syntax.Term]:
    """The terms of a block, each before those that are nested in it."""
    waiting = list(terms)[::-1]
    while waiting:
        term = waiting.pop()
        yield term
        waiting += reversed(term.children)


# ---- resolved conditions


@dataclass(frozen=True, slots=True)
class Part:
    """A condition where it stands. `side`: the end that a selector asks about; `sign`: what it means for who is judged.

    1: to be true is bad (it widens what is forbidden), -1: to be true is good (it lets a subject comply).
    """

    condition: policy.Condition
    side: Side
    sign: Literal[1, -1]


def rule_parts(rule: policy.Rule) -> list[Part]:
    """The conditions of a rule that stand by themselves."""
    permit = rule.statement == "permit"
    scope = [*rule.subject.limits, *([] if rule.when is None else [rule.when])]
    good = [each for each in (rule.required, *rule.alternatives, rule.unless) if each is not None]
    return [
        *(Part(each, Side.SUBJECT, -1 if permit else 1) for each in scope),
        *(Part(each, Side.SUBJECT, -1) for each in good),
    ]


def inner(part: Part) -> list[Part]:
    """What stands directly inside a condition, with the side and the sign that it has there."""
    condition, side, sign = part.condition, part.side, part.sign
    other: Literal[1, -1] = -1 if sign == 1 else 1
    match condition:
        case policy.All(parts=several) | policy.AnyOf(parts=several):
            return [Part(each, side, sign) for each in several]
        case policy.Negation(part=negated):
            return [Part(negated, side, other)]
        case policy.Defined(body=body):
            return [Part(body, side, sign)]
        case policy.EndMatches(side=end, selector=selector):
            return [Part(selector, end, sign)]
        case policy.UnderContract(terms=terms):
            return [] if terms is None else [Part(terms, Side.SUBJECT, sign)]
        case policy.CollectedWith(terms=terms):
            return [Part(terms, Side.SUBJECT, sign)]
        case policy.Reached(start=start, avoiding=avoiding):
            found = [] if start is None else [Part(start, Side.SUBJECT, sign)]
            return [*found, *([] if avoiding is None else [Part(avoiding, Side.SUBJECT, other)])]
        case _:
            return []


def parts_below(found: Iterable[Part]) -> Iterator[Part]:
    """The parts and all that stands in them; what is shared is met once for each side and sign."""
    waiting, seen = list(found)[::-1], set[tuple[int, Side, int]]()
    while waiting:
        part = waiting.pop()
        key = id(part.condition), part.side, part.sign
        if key not in seen:
            seen.add(key)
            yield part
            waiting += reversed(inner(part))


def says_something(text: str | None) -> bool:
    """Whether a text is there and has a letter or a digit: blanks and dots only look as if something were said."""
    return text is not None and any(map(str.isalnum, text))
