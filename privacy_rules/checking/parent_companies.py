"""Find who owns a party: the party that its `parent` names, that party's parent, and so on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import NOBODY, PARENT
from privacy_rules.vocabulary.values import Value

_NOBODY, _UNKNOWN = -1, -2


def owners(graph: FlowGraph, party: str) -> tuple[str, ...]:
    """Return the known owners of a party, the nearest first, each once. In a circle the party itself is one."""
    found: dict[str, None] = {}
    parent = _parent(graph, party)
    while parent is not None and parent != NOBODY and parent not in found:
        found[parent] = None
        parent = _parent(graph, parent)
    return tuple(found)


class Owners:
    """The owners of all parties."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each party."""
        return {party: number for number, party in enumerate(self._graph.estate.parties)}

    def one(self, party: str) -> bytes:
        """Return the value of being one party: for a party that is not known, and then for each party."""
        found = bytearray([UNKNOWN]) + bytearray(len(self.number))
        if party in self.number:
            found[1 + self.number[party]] = TRUE
        return bytes(found)

    @cached_property
    def _parents(self) -> list[int]:
        """The number of each party's parent; `_NOBODY` or `_UNKNOWN` if it has none, or if that is not known."""
        parents = (_parent(self._graph, party) for party in self.number)
        return [_UNKNOWN if each is None else _NOBODY if each == NOBODY else self.number[each] for each in parents]

    @cached_property
    def _lines(self) -> tuple[list[list[int]], list[int]]:
        """The circles of parties that own each other, and all other parties, parents first."""
        parents, seen, circles, order = self._parents, set[int](), list[list[int]](), list[int]()
        for first in range(len(parents)):
            line: dict[int, None] = {}
            party = first
            while party >= 0 and party not in seen and party not in line:
                line[party] = None
                party = parents[party]
            found = list(line)
            if party in line:
                start = found.index(party)
                circles.append(found[start:])
                found = found[:start]
            seen.update(line)
            order += reversed(found)
        return circles, order

    def owned(self, matches: Sequence[int]) -> bytes:
        """Return for each party, by number, whether some owner of it matches.

        If none does, the answer is false only if the chain ends with `parent: none`. It is unknown if the last owner declares
        no `parent`, or if the chain is a circle.
        """
        parents, (circles, order) = self._parents, self._lines
        found = bytearray(len(parents))
        for circle in circles:
            best = max(UNKNOWN, *(matches[each] for each in circle))
            for each in circle:
                found[each] = best
        for party in order:
            parent = parents[party]
            if parent < 0:
                found[party] = FALSE if parent == _NOBODY else UNKNOWN
            else:
                found[party] = max(matches[parent], found[parent])
        return bytes(found)


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
