"""Values of records as a manifest says them: maps, lists, text, None, flags, numbers, days and durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from privacy_rules.manifest.edit.cst import Kind, Part
from privacy_rules.manifest.model import Record, Waiver
from privacy_rules.manifest.nodes import Numeral, Plain
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Duration, StoredItem, Transform, read_flag

Data = Any
"""A value as a manifest says it."""

_ORDERED = ("stores", "joins", "transforms")
_COVERS = "covers"


def is_set(name: str) -> bool:
    """Whether the order of a list under this key means nothing."""
    return name not in _ORDERED


def body_of(record: Record) -> dict[str, Data]:
    """All that is declared of an entity, without its id."""
    return body(record.declared, record.entity)


def body(declared: Mapping[str, Any], entity: Entity) -> dict[str, Data]:
    """Attributes as the map of an entity has them."""
    found: dict[str, Data] = {}
    for name, value in declared.items():
        outer, _, inner = name.partition(".")
        if entity is Entity.CONTRACT and outer == _COVERS:
            found.setdefault(_COVERS, {})[inner] = said(value)
        else:
            found[name] = _role(value) if name == "role" else said(value)
    return found


def said(value: Any) -> Data:
    """One value."""
    match value:
        case StoredItem(data=data, declared=declared):
            return {"data": data, **{name: said(each) for name, each in declared}} if declared else data
        case Transform(takes=takes, makes=makes, method=method):
            made = makes[0] if len(makes) == 1 else list(makes)
            return {"from": takes, "to": made, **({"method": method} if method else {})}
        case tuple():
            return [said(each) for each in value]
        case _:
            return value


def _role(value: Any) -> Data:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else said(value)


def waiver_body(waiver: Waiver) -> dict[str, Data]:
    """A waiver as a manifest says it."""
    found: dict[str, Data] = {
        "rule": waiver.rule,
        "subject": waiver.subject,
        "from": waiver.from_,
        "until": waiver.until,
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "data": None if waiver.data is None else list(waiver.data),
    }
    return {name: value for name, value in found.items() if value is not None}


# Whether two say the same.


def form(value: Data) -> Any:
    """What a value says, fit to be compared with what a part says."""
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


def form_of(part: Part) -> Any:
    """What a part says; never that of a value where it stands for another part."""
    match part.kind:
        case Kind.MAP:
            return frozenset((each.name, form_of(each.value)) for each in part.entries)
        case Kind.LIST:
            return tuple(form_of(each.value) for each in part.entries)
        case Kind.ALIAS:
            return part.start, "*"
        case _:
            return _scalar(part.node)


def _scalar(node: Any) -> Any:
    if isinstance(node, Numeral):
        return node.text
    flag = node if isinstance(node, bool) else read_flag(node) if type(node) is Plain else None
    return node if flag is None and not isinstance(node, str) else str(node) if flag is None else form(flag)
