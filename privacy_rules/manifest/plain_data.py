"""Convert Python values to plain data, as if they had been read from JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from privacy_rules.manifest.nodes import MAX_DEPTH, Node, Numeral, Unfit
from privacy_rules.vocabulary.values import Duration


def plain(value: Any, depth: int = 1) -> Node:
    """Plain data for maps, lists, tuples, sets, text, flags, numbers, dates and durations.

    Other values become `Unfit`, and so do maps with keys that are not text, and data that nests deeper than
    `MAX_DEPTH`.
    """
    if value is None or type(value) is str or type(value) is bool:
        return value
    if depth > MAX_DEPTH:
        return Unfit(f"data that nests deeper than {MAX_DEPTH} levels")
    convert = _CONVERSIONS.get(type(value)) or _by_base(value)
    return convert(value, depth + 1)


def _map(value: Mapping[Any, Any], depth: int) -> Node:
    if not all(isinstance(key, str) for key in value):
        return Unfit("a Python map with keys that are not text")
    return {str(key): each if type(each) is str else plain(each, depth) for key, each in value.items()}


def _list(value: Any, depth: int) -> Node:
    return [each if type(each) is str else plain(each, depth) for each in value]


def _set(value: Any, depth: int) -> Node:
    return sorted(_list(value, depth), key=str)


def _unfit(value: Any, _: int) -> Node:
    return Unfit(f"a Python {type(value).__name__}")


_CONVERSIONS: Mapping[type, Callable[[Any, int], Node]] = {
    dict: _map,
    list: _list,
    tuple: _list,
    set: _set,
    frozenset: _set,
    int: lambda value, _: Numeral(str(value)),
    float: lambda value, _: Numeral(repr(float(value))),
    Decimal: lambda value, _: Numeral(str(value)),
    datetime: _unfit,  # a subclass of date, but not a day
    date: lambda value, _: value.isoformat(),
    str: lambda value, _: str.__str__(value),
    Duration: lambda value, _: str(value),
}


def _by_base(value: Any) -> Callable[[Any, int], Node]:
    """The conversion for a subclass of a type that has one."""
    return next((convert for base, convert in _CONVERSIONS.items() if isinstance(value, base)), _unfit)
