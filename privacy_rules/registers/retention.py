"""How long systems keep what they store."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.manifest.model import Record
from privacy_rules.registers.material import Material
from privacy_rules.registers.model import Entry, missing
from privacy_rules.vocabulary.values import Item, Value, show


def kept(material: Material, system: Record, mask: int) -> Iterator[Entry]:
    """Yield for how long a system keeps the categories of `mask` that it stores; nothing if it stores none of them."""
    if system.items is None:
        yield missing(system.location(), f"what {system.id} stores")
        return
    periods: dict[str | None, list[Item]] = {}
    for item in system.items:
        if material.graph.data.below(item.term) & mask:
            periods.setdefault(_period(material, system, item), []).append(item)
    for period, items in periods.items():
        what = system.id if len(periods) == 1 else f"{system.id} ({', '.join(sorted(each.term for each in items))})"
        place = system.location_in_item(items[0], "retention")
        yield missing(place, what) if period is None else Entry(f"{period}: {what}", place)


def _period(material: Material, system: Record, item: Item) -> str | None:
    own = dict(item.declared)

    def of(name: str) -> Value | None:
        return own[name] if name in own else material.value(system, name)[0]

    length, begins = of("retention"), of("retention_from")
    if length is None:
        return None
    return f"{show(length)} from {show(begins)}" if begins else show(length)
