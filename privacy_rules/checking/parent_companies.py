"""Find who owns a party: the party that its `parent` names, that party's parent, and so on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from privacy_rules.checking.logic import FALSE, UNKNOWN
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import NOBODY, PARENT
from privacy_rules.vocabulary.values import Value


def owners(graph: FlowGraph, party: str) -> tuple[str, ...]:
    """Return the known owners of a party, the nearest first, each once. In a circle the party itself is one."""
    found: dict[str, None] = {}
    parent = _parent(graph, party)
    while parent is not None and parent != NOBODY and parent not in found:
        found[parent] = None
        parent = _parent(graph, parent)
    return tuple(found)


def owned(graph: FlowGraph, matches: Callable[[str], int]) -> dict[str, int]:
    """Return for each party whether some owner of it matches.

    If none does, the answer is false only if the chain ends with `parent: none`. It is unknown if the last owner declares no
    `parent`, or if the chain is a circle.
    """
    test = cache(matches)
    found: dict[str, int] = {}
    for first in graph.estate.parties:
        party = first
        line: dict[str, str] = {}  # each party with its parent
        while party not in found and party not in line:
            parent = _parent(graph, party)
            if parent is None or parent == NOBODY:
                found[party] = UNKNOWN if parent is None else FALSE
            else:
                line[party] = parent
                party = parent
        if party in line:
            circle = list(line)[list(line).index(party) :]
            best = max(UNKNOWN, *map(test, circle))
            found.update(dict.fromkeys(circle, best))
        for each in reversed([each for each in line if each not in found]):
            found[each] = max(test(line[each]), found[line[each]])
    return found


def circles(estate: Estate, policy: Policy) -> list[list[Record]]:
    """Return the parties that own each other in a circle, each circle once, in the order of the manifest."""
    attribute, found, seen = policy.attributes[PARENT], list[list[Record]](), set[str]()
    for first in estate.parties:
        party: Value | None = first
        line: dict[Value, Record] = {}
        while isinstance(party, str) and party in estate.parties and party not in seen:
            seen.add(party)
            line[party] = estate.parties[party]
            party = known(estate.parties[party], attribute)[0]
        if party is not None and party in line:
            found.append(list(line.values())[list(line).index(party) :])
    return found


def _parent(graph: FlowGraph, party: str) -> str | None:
    return known(graph.estate.parties[party], graph.policy.attributes[PARENT])[0]  # type: ignore[return-value]
