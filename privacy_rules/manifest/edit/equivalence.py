"""Compare what two estates declare, whichever files declare it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import ITEM_LISTS, Entity
from privacy_rules.vocabulary.values import Item, Value


def differences(one: Estate, other: Estate) -> Iterator[str]:
    """The differences in words: entities by kind and id."""
    for entity in Entity:
        mine, others = one.records(entity), other.records(entity)
        yield from (
            f"{entity} `{name}`"
            for name in sorted({*mine, *others})
            if name not in mine or name not in others or not _alike(mine[name], others[name])
        )
    if one.as_of != other.as_of:
        yield "`as_of`"
    if _waivers(one) != _waivers(other):
        yield "the waivers"


def _alike(one: Record, other: Record) -> bool:
    """Whether two records declare the same, and have the same defaults for the rest."""
    return _said(one, one.declared) == _said(other, other.declared) and _effective(one) == _effective(other)


def _effective(record: Record) -> dict[str, object]:
    return _said(record, {name: value for name, value in record.defaults.items() if name not in record.declared})


def _said(record: Record, said: Mapping[str, Value | None]) -> dict[str, object]:
    """The declarations of a record; the order of a flow's items does not matter."""
    unordered = ITEM_LISTS[Entity.FLOW] if record.entity is Entity.FLOW else ()
    return {
        name: frozenset((each.term, each.declared) if isinstance(each, Item) else (each, ()) for each in value)
        if name in unordered and isinstance(value, tuple)
        else value
        for name, value in said.items()
    }


def _waivers(estate: Estate) -> Counter[object]:
    return Counter(replace(each, location=None) for each in estate.waivers)
