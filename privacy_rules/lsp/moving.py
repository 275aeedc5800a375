"""Trees moved to other lines: what was read once needs not be read anew because a line was put in above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.source.span import Span


def moved(declarations: tuple[syntax.Declaration, ...], by: int) -> tuple[syntax.Declaration, ...]:
    """The same declarations so many lines further down."""
    found: tuple[syntax.Declaration, ...] = _moved(declarations, by)
    return found


def _moved(node: Any, by: int) -> Any:
    kind = type(node)
    if kind is Span:
        return Span(node.file, node.line + by, node.column, node.end_line + by, node.end_column)
    if kind is tuple:
        return tuple([_moved(each, by) for each in node])
    if kind is str or node is None:
        return node
    getters = _GETTERS.get(kind)
    if getters is None:
        getters = _GETTERS[kind] = _getters(kind)
    return kind(*[_moved(get(node), by) for get in getters]) if getters else node


def _getters(kind: type) -> tuple[Callable[[Any], Any], ...]:
    """How to get at the fields of a node; of anything else, which has no place, none."""
    return tuple(attrgetter(each.name) for each in fields(kind)) if is_dataclass(kind) else ()


_GETTERS: dict[type, tuple[Callable[[Any], Any], ...]] = {}
