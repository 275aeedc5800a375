"""What a policy or a syntax tree says, without its places: two of them that say the same compare equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import Taxonomy


def meaning(root: Any) -> Iterator[Any]:
    """What a policy or a tree says, node by node, places and the rules' wording aside."""
    waiting = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Span) or id(node) in seen:
            continue
        parts = _parts(node)
        yield node if parts is None else (type(node), len(parts))
        if parts is not None and not isinstance(node, tuple):
            seen.add(id(node))  # a policy shares its defines
        waiting += parts or []


def _parts(node: Any) -> list[Any] | None:
    if isinstance(node, Taxonomy):
        return [node.name, node.parents, node.descriptions]
    if isinstance(node, Mapping):
        return [*node, *node.values()]
    if isinstance(node, frozenset | set):
        return sorted(node)
    if isinstance(node, tuple | list):
        return list(node)
    if is_dataclass(node):
        resolved = type(node).__module__.endswith((".policy", ".declarations"))
        return [getattr(node, each.name) for each in fields(node) if not (resolved and each.name == "text")]
    return None
