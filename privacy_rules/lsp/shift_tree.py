"""Move syntax trees to other lines, so that a line inserted above needs no new parse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from privacy_rules.language import syntax
from privacy_rules.source.span import Span


def moved(declarations: tuple[syntax.Declaration, ...], by: int) -> tuple[syntax.Declaration, ...]:
    """Return the declarations moved down by a number of lines."""
    return tuple(_moved_all(declarations, by))


def _moved(node: Any, by: int) -> Any:
    kind = type(node)
    if kind is tuple:
        return tuple(_moved_all(node, by))
    parts = _PARTS.get(kind)
    if parts is None:
        parts = _PARTS[kind] = _parts(kind)
    values = parts(node)
    return kind(*_moved_all(values, by)) if values else node


def _moved_all(values: Iterable[Any], by: int) -> list[Any]:
    """Move each value. Words and spans are handled inline for speed, since everything below a line is moved at each key."""
    found: list[Any] = []
    for value in values:
        kind = type(value)
        if kind is syntax.Word:
            found.append(syntax.Word(value.text, _lower(value.span, by)))
        elif kind is Span:
            found.append(_lower(value, by))
        elif kind in _PLACELESS or value == ():
            found.append(value)
        else:
            found.append(_moved(value, by))
    return found


def _lower(span: Span, by: int) -> Span:
    return Span(span.file, span.line + by, span.column, span.end_line + by, span.end_column)


def _parts(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return how to read the fields of a node type; other types have no place and no fields."""
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else []
    if len(names) > 1:
        return attrgetter(*names)
    return lambda node: tuple(getattr(node, name) for name in names)


_PLACELESS = frozenset({str, int, bool, type(None)})
_PARTS: dict[type, Callable[[Any], tuple[Any, ...]]] = {}
