"""Walks over syntax trees, without recursion, because a file may nest deeper than the stack allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.language import syntax

Node = syntax.Condition | syntax.Selector


def children(node: Node) -> tuple[Node, ...]:
    """Return the conditions and selectors directly inside one, in the order in which they are written."""
    match node:
        case syntax.Conjunction(parts=parts) | syntax.Disjunction(parts=parts):
            return parts
        case syntax.Negated(part=part) | syntax.Grouped(part=part):
            return (part,)
        case syntax.UnderContract(terms=terms) if terms is not None:
            return (terms,)
        case syntax.CollectedWith(terms=terms):
            return (terms,)
        case syntax.Reached(start=start, avoiding=avoiding):
            return tuple(each for each in (start, avoiding) if each is not None)
        case syntax.OwnedBy(owner=owner):
            return (owner,)
        case syntax.Matching(condition=condition):
            return (condition,)
        case _:
            return ()


def walk(*roots: Node) -> Iterator[Node]:
    """Yield the conditions and selectors and everything inside them, in the order in which they are written."""
    return (node for node, _ in with_depth(*roots))


def with_depth(*roots: Node) -> Iterator[tuple[Node, int]]:
    """The same, each with its depth: 1 for a root."""
    waiting = [(root, 1) for root in reversed(roots)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(each, depth + 1) for each in reversed(children(node))]


def without_parentheses(node: syntax.Condition) -> syntax.Condition:
    """Return a condition without the parentheses around it."""
    while isinstance(node, syntax.Grouped):
        node = node.part
    return node


def limits_of(statement: syntax.Statement) -> Iterator[syntax.Limit]:
    """Yield the limits of a statement: those of its subject, then those of its alternatives."""
    yield from statement.subject.limits
    for each in statement.alternatives:
        yield from each.limits


def walk_declaration(declaration: syntax.Declaration) -> Iterator[Node]:
    """Yield every condition and selector of a rule or a define; other declarations have none."""
    match declaration:
        case syntax.Rule(statement=statement):
            conditions = (statement.required, statement.when, *statement.unless)
            whens = (each.when for each in statement.alternatives)
            selectors = (each.selector for each in limits_of(statement))
            return walk(*(each for each in (*conditions, *whens, *selectors) if each is not None))
        case syntax.Define(condition=condition):
            return walk(condition)
        case _:
            return iter(())


def walk_terms(terms: Iterable[syntax.Term]) -> Iterator[syntax.Term]:
    """Yield the terms of a block, each before those nested in it."""
    waiting = list(terms)[::-1]
    while waiting:
        term = waiting.pop()
        yield term
        waiting += reversed(term.children)


def names_in(literal: syntax.Literal) -> list[syntax.Word]:
    """Return the names in a value: terms, or the facts that are compared with."""
    if literal.kind == "name":
        return [syntax.Word(literal.text, literal.span)]
    return [word for each in literal.items for word in names_in(each)]
