"""Make moves on an estate: as a change set with a manifest's values, and as the estate after it.

changes = change_set(estate, policy, day, [Cut("leads")])        # [{"remove": {"flow": "leads"}}]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from privacy_rules.graph.declared_values import known
from privacy_rules.language.policy import Policy
from privacy_rules.manifest import write
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.repair.moves import (
    Amend,
    Anonymise,
    Connect,
    Cut,
    How,
    Move,
    Sign,
    Step,
    contract_name,
    merged,
)
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.overlay import ChangedEstate, apply
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, Form, has_items
from privacy_rules.vocabulary.values import Item, Transform, Value

Data = dict[str, Any]


_NEW = (Sign, Connect, Anonymise)


@dataclass(frozen=True, slots=True)
class Made:
    """The change set of some moves, and the estate after it."""

    changes: tuple[Data, ...]
    outcome: ChangedEstate


def make(estate: Estate, policy: Policy, moves: Iterable[Move]) -> Made | None:
    """Make the moves; None if they cannot be made."""
    changes: list[Data] = []
    now = estate
    for move in merged(moves):
        said = _said(move, now, policy)
        if said is None:
            return None
        if isinstance(move, _NEW):  # what is new may be amended; amendments and cuts have nothing to do with each other
            after = changed(now, policy, said) if said else Made((), ChangedEstate(now))
            if after is None:
                return None
            now = after.outcome.estate
        changes += said
    return changed(estate, policy, _compact(changes))


def changed(estate: Estate, policy: Policy, changes: Iterable[Data]) -> Made | None:
    """Return the estate with a change set applied; None if that is not possible."""
    listed = list(changes)
    read, _ = changes_from_data(listed, policy)
    outcome = None if read is None else apply(estate, policy, read)[0]
    return None if outcome is None else Made(tuple(listed), outcome)


def _said(move: Move, estate: Estate, policy: Policy) -> list[Data] | None:
    """Return the changes of a move: an empty list if there is nothing to do, None if it cannot be made."""
    match move:
        case Cut(flow=flow):
            return [{"remove": {"flow": flow}}] if flow in estate.flows else []
        case Amend():
            return _amended(move, estate, policy)
        case Sign(parties=parties, steps=steps):
            return [{"add": {"contract": _contract(parties, steps, estate, policy)}}]
        case Connect():
            return _connected(move, estate)
        case Anonymise():
            return _anonymised(move, estate, policy)


# Amending.


def _amended(move: Amend, estate: Estate, policy: Policy) -> list[Data] | None:
    record = estate.records(move.entity).get(move.id)
    if record is None:
        return []
    if move.item is not None:
        body = _of_item(record, move.item, move.steps)
    else:
        found = {step.attribute: _value(record, step, policy) for step in move.steps}
        if any(value == () and policy.attributes[move.entity, name].non_empty for name, value in found.items()):
            return None
        before = {name: _stated(record, name, policy) for name in found}
        body = _written({name: value for name, value in found.items() if value != before[name]}, record, policy)
    return [{"set": {move.entity.value: move.id, **body}}] if body else []


def _stated(record: Record, name: str, policy: Policy) -> Any:
    attribute = policy.attributes[record.entity, name]
    return record.stated(name) if has_items(attribute) else known(record, attribute)[0]


def _value(record: Record, step: Step, policy: Policy) -> Any:
    """Return the attribute's value after the step."""
    now = _stated(record, step.attribute, policy)
    if step.how is How.ASSIGN:
        return step.value
    terms: Any = step.value
    if step.how is How.TAKE:
        return tuple(each for each in now or () if _name(each) not in terms)
    if any(isinstance(each, Item) for each in now or ()):
        known_ = {each.term for each in now}
        return (*now, *(Item(term, within=step.attribute) for term in sorted(terms) if term not in known_))
    return tuple(sorted({*(now or ()), *terms}))


def _name(value: object) -> object:
    return value.term if isinstance(value, Item) else value


def _of_item(record: Record, item: Item | Transform, steps: Iterable[Step]) -> Data:
    """Return a list with changed attributes of one item."""
    listed: Any = record.stated(item.within)
    changed: list[Any] = []
    for each in listed or ():
        said = dict(each.declared)
        for step in steps if each == item else ():
            now: Any = said.get(step.attribute)
            terms: Any = step.value
            if step.how is How.PUT:
                said[step.attribute] = tuple(sorted({*(now or ()), *terms}))
            elif step.how is How.TAKE:
                said[step.attribute] = tuple(term for term in now or () if term not in terms)
            else:
                said[step.attribute] = terms
        changed.append(each.stating(said) if each == item else each)
    return {item.within: write.value(tuple(changed))}


def _written(values: Mapping[str, Any], record: Record, policy: Policy) -> Data:
    """Attributes as a change gives them; `covers` as a whole."""
    others = {name: value for name, value in values.items() if not name.startswith("covers.")}
    if len(others) == len(values):
        return write.attributes(values)
    covers = {name: values.get(name, _stated(record, name, policy)) for name in ("covers.data", "covers.purposes")}
    return write.attributes({**others, **{name: value for name, value in covers.items() if value is not None}})


# What is new.


def _contract(parties: tuple[str, ...], steps: Iterable[Step], estate: Estate, policy: Policy) -> Data:
    name = free(contract_name(parties), estate.contracts)
    sides = {"with": parties[0]} if len(parties) == 1 else {"between": list(parties)}
    steps_by_name = {step.attribute: step.value for step in steps}
    return {"id": name, **sides, **write.attributes({**unwritten(policy), **steps_by_name})}


def unwritten(policy: Policy) -> dict[str, Value]:
    """Return the values with which a new contract starts: it covers nothing and obliges to nothing.

    A flag that the policy declares is off, unless it has a default.
    """
    added = (each for each in policy.of_entity(Entity.CONTRACT).values() if each.span is not None)
    flags = {each.name: False for each in added if each.type.form is Form.FLAG and each.default is None}
    return {"covers.data": (), "covers.purposes": (), "obliges": (), "allows_onward": False, **flags}


def free(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number if it is taken."""
    known_ = set(taken)
    number = 2
    found = name
    while found in known_:
        found, number = f"{name}-{number}", number + 1
    return found


def _connected(move: Connect, estate: Estate) -> list[Data] | None:
    like = estate.flows.get(move.like)
    if like is None or move.source not in estate.systems or move.target not in estate.systems:
        return None
    said = {name: value for name, value in write.record(like, defaults=True).items() if name != "origin"}
    name = free(f"{move.source}-to-{move.target}", estate.flows)
    own = {"id": name, "from": move.source, "to": move.target, "carries": list(move.data)}
    return [{"add": {"flow": {**own, **{key: value for key, value in said.items() if key not in own}}}}]


def _anonymised(move: Anonymise, estate: Estate, policy: Policy) -> list[Data] | None:
    flow = estate.flows.get(move.flow)
    if flow is None:
        return []
    said: dict[str, Any] = {**flow.defaults, **flow.declared}
    source = estate.systems[str(said["from"])]
    party = known(source, policy.attributes[Entity.SYSTEM, "party"])[0]
    carries = said.get("carries")
    if party is None or not isinstance(carries, tuple) or move.datum not in map(_name, carries):
        return None
    name = free(f"{move.flow}-anonymiser", estate.systems)
    makes = move.made != move.datum
    transforms = [{"from": move.datum, "to": [move.made], "method": move.method}] if makes else []
    system = {"party": party, "stores": [], "uses": [], "joins": [], "transforms": transforms}
    if "anonymiser" in policy.taxonomy("kind"):
        system["kind"] = "anonymiser"
    own = {"id": free(f"{move.flow}-input", estate.flows), "from": said["from"], "to": name}
    leg = {**own, **{key: value for key, value in write.attributes(said).items() if key not in own}}
    rest = [write.value(each) for each in carries if _name(each) not in (move.datum, move.made)]
    after = sorted([*rest, move.made], key=lambda each: str(each["data"] if isinstance(each, dict) else each))
    return [
        {"add": {"system": {"id": name, **write.built_in(policy, Entity.SYSTEM, system)}}},
        {"add": {"flow": leg}},
        {"set": {"flow": move.flow, "from": name, "carries": after}},
    ]


def _compact(changes: Iterable[Data]) -> list[Data]:
    """Merge each `set` into an earlier change of the same thing."""
    found: list[Data] = []
    bodies: dict[tuple[str, str], Data] = {}
    for change in changes:
        ((verb, body),) = change.items()
        if verb == "set":
            kind = next(iter(body))
            key = (kind, body[kind])
            if key in bodies:
                bodies[key].update({name: value for name, value in body.items() if name != kind})
                continue
            body = dict(body)
            bodies[key] = body
        elif verb == "add":
            ((kind, inner),) = body.items()
            inner = dict(inner)
            body, bodies[kind, inner["id"]] = {kind: inner}, inner
        found.append({verb: body})
    return found


def renewed(day: date) -> date:
    """Return the day on which a contract that is renewed on a day ends: a year later."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the last of February, or of the calendar
        return date.max if day.year == date.max.year else date(day.year + 1, 3, 1)
