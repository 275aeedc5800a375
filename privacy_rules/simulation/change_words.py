"""Describe a change in one line: `set party mailer: role = marketer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from privacy_rules.simulation.change_set import Add, AddWaiver, Alter, AsOf, Change, Remove
from privacy_rules.vocabulary.values import show

_MOST = 120
"""A longer value is cut."""


def step_words(change: Change) -> str:
    """Return the description, with every attribute."""
    match change:
        case Remove(entity=entity, id=id_):
            return f"remove {entity} {id_}"
        case Alter(entity=entity, id=id_, declared=declared, unset=unset):
            return f"set {entity} {id_}: {', '.join([*_said(declared), *(f'{each} undeclared' for each in unset)])}"
        case Add(record=record):
            return f"add {record.entity} {record.id}: {', '.join(_said(record.declared))}"
        case AddWaiver(waiver=waiver):
            return f"waive {waiver.rule} for {waiver.subject} until {waiver.until}"
        case AsOf(day=day):
            return f"as of {day}"


def _said(declared: Mapping[str, Any]) -> Iterator[str]:
    """Each attribute with its value. Only long values are cut: no attribute is left out."""
    for name, value in declared.items():
        yield f"{name} = {'nothing' if value == () else _cut(show(value))}"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 3]}..."
