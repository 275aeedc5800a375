"""Compare values of records with elements of a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.manifest.edit.cst import Element, Kind
from privacy_rules.manifest.nodes import Numeral, Plain
from privacy_rules.manifest.write import Data
from privacy_rules.vocabulary.values import Duration, read_flag

_ORDERED = ("stores", "uses", "joins", "transforms")


def is_set(name: str) -> bool:
    """Whether the order of a list under this key has no meaning."""
    return name not in _ORDERED


def form(value: Data) -> Any:
    """A value in a form that can be compared with `form_of` an element."""
    match value:
        case Mapping():
            return frozenset((name, form(each)) for name, each in value.items())
        case list():
            return tuple(map(form, value))
        case bool():
            return "yes" if value else "no"
        case Decimal() | Duration() | date():
            return str(value)
        case _:
            return value


def form_of(element: Element) -> Any:
    """An element in a form that can be compared with `form` of a value. An alias equals no value."""
    match element.kind:
        case Kind.MAP:
            return frozenset((each.name, form_of(each.value)) for each in element.entries)
        case Kind.LIST:
            return tuple(form_of(each.value) for each in element.entries)
        case Kind.ALIAS:
            return element.start, "*"
        case _:
            return _scalar(element.node)


def _scalar(node: Any) -> Any:
    if isinstance(node, Numeral):
        return node.text
    flag = node if isinstance(node, bool) else read_flag(node) if type(node) is Plain else None
    return node if flag is None and not isinstance(node, str) else str(node) if flag is None else form(flag)
