"""Find the edges that close cycles in a graph, without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def in_order(graph: Mapping[str, Iterable[str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the nodes, each after the nodes that it points to, and the edges that close cycles. Without these edges there is no cycle.

    >>> in_order({"a": ["b"], "b": ["a", "c"], "c": []})
    (['c', 'b', 'a'], [('b', 'a')])
    """
    order: list[str] = []
    closing: list[tuple[str, str]] = []
    open_: dict[str, bool] = {}  # node → whether the walk is still below it
    for first in graph:
        if first in open_:
            continue
        open_[first] = True
        walk = [(first, iter(graph[first]))]
        while walk:
            node, rest = walk[-1]
            for target in rest:
                if target not in open_:
                    open_[target] = True
                    walk.append((target, iter(graph[target])))
                    break
                if open_[target]:
                    closing.append((node, target))
            else:
                open_[node] = False
                order.append(node)
                walk.pop()
    return order, closing
