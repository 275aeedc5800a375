"""Write records as manifest data: the maps, lists and scalars that a manifest would give.

attributes({"role": ("us",), "covers.data": ("email",)})   # {"role": "us", "covers": {"data": ["email"]}}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Record, Waiver
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform

Data = Any
"""A value as a manifest gives it: a map, a list, text, a flag, a `Decimal`, `date` or `Duration`, or None."""

Scalar = Callable[[Any], Data]
"""Converts what is neither a list nor a map."""

_COVERS = "covers."


def _unchanged(value: Any) -> Data:
    return value


def record(found: Record, *, defaults: bool = False, scalar: Scalar = _unchanged) -> dict[str, Data]:
    """All that an entity declares, without its id; with `defaults`, also what its file says for all of its kind."""
    return attributes({**found.defaults, **found.declared} if defaults else found.declared, scalar)


def attributes(values: Mapping[str, Any], scalar: Scalar = _unchanged) -> dict[str, Data]:
    """Attributes as the map of an entity: `covers` is a map of its own, and a single role is not a list."""
    found: dict[str, Data] = {}
    for name, each in values.items():
        if name.startswith(_COVERS):
            found.setdefault("covers", {})[name.removeprefix(_COVERS)] = value(each, scalar)
        else:
            found[name] = (
                each[0] if name == "role" and isinstance(each, tuple) and len(each) == 1 else value(each, scalar)
            )
    return found


def built_in(policy: Policy, entity: Entity, values: Mapping[str, Data]) -> dict[str, Data]:
    """Return values of built-in attributes, without those whose names the policy has its own attributes for."""
    return {name: each for name, each in values.items() if policy.has_built_in(entity, name)}


def value(given: Any, scalar: Scalar = _unchanged) -> Data:
    """One value of an attribute."""
    match given:
        case Item(term=term, declared=declared):
            return {given.key: term, **_own(declared, scalar)} if declared else term
        case Transform(takes=takes, makes=makes, declared=declared):
            made = makes[0] if len(makes) == 1 else list(makes)
            return {"from": takes, "to": made, **_own(declared, scalar)}
        case tuple():
            return [value(each, scalar) for each in given]
        case _:
            return scalar(given)


def _own(declared: Iterable[tuple[str, Any]], scalar: Scalar) -> dict[str, Data]:
    return {name: value(each, scalar) for name, each in declared}


def waiver(found: Waiver) -> dict[str, Data]:
    """A waiver, without the keys that it does not give."""
    given: dict[str, Data] = {
        "rule": found.rule,
        "subject": found.subject,
        "from": found.from_,
        "until": found.until,
        "reason": found.reason,
        "approved_by": found.approved_by,
        "data": None if found.data is None else list(found.data),
    }
    return {name: each for name, each in given.items() if each is not None}
