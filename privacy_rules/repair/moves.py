"""The moves of a repair: what each touches, its kind, and what it is billed for.

    Cut("leads")                                                        # the flow is removed
    Amend(Entity.FLOW, "signup", (Step("carries", How.TAKE, ("email",)),))      # the flow carries on without a category
    Sign(("packer",), (Step("obliges", How.PUT, ("audit",)),))          # a new contract with us that obliges to it

A repair is a set of moves. Several moves on one thing are one move in the end (`merged`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from privacy_rules.repair.kinds import MoveKind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform


class How(StrEnum):
    """What is done to an attribute: put terms into a set, take them out of it, or assign a value."""

    PUT = "put"
    TAKE = "take"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one attribute; `value` has the terms (stored categories, pairs of joins) or the new value."""

    attribute: str
    how: How
    value: object


@dataclass(frozen=True, slots=True)
class Cut:
    """Remove a flow."""

    flow: str


@dataclass(frozen=True, slots=True)
class Amend:
    """Change attributes of an entity, or of one `item` that a system stores."""

    entity: Entity
    id: str
    steps: tuple[Step, ...]
    item: Item | Transform | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign a new contract, of one party with us or between two. The steps say what it covers and obliges to."""

    parties: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Connect:
    """Add a flow that brings data to a system. Its other attributes are those of the flow `like`."""

    source: str
    target: str
    data: tuple[str, ...]
    like: str


@dataclass(frozen=True, slots=True)
class Anonymise:
    """Start a flow at an anonymiser, a new system of its sender, which makes `made` of the category that it carried.

    `made` is the category itself if the rule only asks for an anonymiser on the path.
    """

    flow: str
    datum: str
    made: str
    method: str


Move = Cut | Amend | Sign | Connect | Anonymise
Bill = tuple[str, ...]
"""Something that is paid for once, however many moves need it."""

_TAKES = {"carries": MoveKind.DROP_DATA, "purposes": MoveKind.DROP_PURPOSE}
_ORDER = (Sign, Anonymise, Connect, Amend, Cut)


def order(move: Move) -> tuple[object, ...]:
    """The sort key of moves, in which they are made and shown: additions first, removals last."""
    return _ORDER.index(type(move)), str(move)


def kind(move: Move, step: Step | None = None) -> MoveKind:
    """Return the kind of a move; of an amendment, the kind of `step` (by default, of its first)."""
    match move:
        case Cut():
            return MoveKind.CUT
        case Sign():
            return MoveKind.SIGN
        case Connect():
            return MoveKind.CONNECT
        case Anonymise():
            return MoveKind.ANONYMISE
        case Amend(entity=entity, steps=steps):
            return _kind_of_step(entity, step or steps[0])


def _kind_of_step(entity: Entity, step: Step) -> MoveKind:
    if entity is Entity.CONTRACT:
        return MoveKind.EXTEND
    if entity is Entity.FLOW and step.how is How.TAKE and step.attribute in _TAKES:
        return _TAKES[step.attribute]
    if entity is Entity.SYSTEM:
        special = {"stores": MoveKind.STOP_STORING, "joins": MoveKind.KEEP_APART, "country": MoveKind.RELOCATE}
        if step.how is not How.PUT and step.attribute in special:
            return special[step.attribute]
    return MoveKind.MEASURE


def touched(move: Move) -> tuple[str, ...]:
    """Return what a move changes, as `flow:leads`: the configuration can set the cost of each."""
    match move:
        case Cut(flow=flow) | Anonymise(flow=flow):
            return (f"flow:{flow}",)
        case Sign(parties=parties):
            return tuple(f"party:{each}" for each in parties)
        case Connect(target=target):
            return (f"system:{target}",)
        case Amend(entity=entity, id=name):
            return (f"{entity.value}:{name}",)


def bills(move: Move) -> list[tuple[Bill, MoveKind]]:
    """Return what a move is billed for: each dropped category, attribute or contract once."""
    kind_ = kind(move)
    match move:
        case Sign(parties=parties):
            return [(("contract", contract_name(parties)), kind_)]
        case Connect(source=source, target=target):
            return [(("connect", source, target), kind_)]
        case Anonymise(flow=flow, datum=datum):
            return [(("anonymise", flow, datum), kind_)]
        case Cut(flow=flow):
            return [(("cut", flow), kind_)]
        case Amend(entity=Entity.CONTRACT, id=name):
            return [(("contract", name), kind_)]
        case Amend(entity=entity, id=name, steps=steps, item=item):
            of = (entity.value, name, _item(item))
            found: dict[Bill, MoveKind] = {}
            for step in steps:
                each = step.value if step.how is How.TAKE and isinstance(step.value, tuple) else ("",)
                found.update({(*of, step.attribute, str(term)): kind(move, step) for term in each})
            return list(found.items())


def _item(item: Item | Transform | None) -> str:
    """A key of a stored item: a system may store one category several times."""
    return str(item) if item else ""


def contract_name(parties: Iterable[str]) -> str:
    """Return the id of a new contract; `apply_moves` adds a number if it is taken."""
    return "-and-".join(parties) + "-terms"


def slots(move: Move) -> dict[tuple[str, ...], object]:
    """Return the attributes that a move assigns: two moves that assign one of them different values exclude each other."""
    if not isinstance(move, Amend):
        return {}
    of = (move.entity.value, move.id, _item(move.item))
    return {(*of, step.attribute): step.value for step in move.steps if step.how is How.ASSIGN}


def takes(move: Move) -> dict[tuple[Entity, str, str], frozenset[object]]:
    """Return the terms that a move takes out of attributes of a thing."""
    if not isinstance(move, Amend) or move.item is not None:
        return {}
    return {
        (move.entity, move.id, step.attribute): frozenset(step.value)
        for step in move.steps
        if step.how is How.TAKE and isinstance(step.value, tuple)
    }


def merged(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Merge the moves on one thing, and sort them."""
    groups: dict[object, list[Move]] = defaultdict(list)
    for move in sorted(moves, key=order):
        groups[_together(move)].append(move)
    return tuple(sorted((_merged(each) for each in groups.values()), key=order))


def _together(move: Move) -> object:
    match move:
        case Amend(entity=entity, id=name, item=item):
            return Amend, entity, name, item
        case Sign(parties=parties):
            return Sign, parties
        case Connect(source=source, target=target):
            return Connect, source, target
        case _:
            return move


def _merged(moves: list[Move]) -> Move:
    first = moves[0]
    match first:
        case Amend(entity=entity, id=name, item=item):
            return Amend(entity, name, joined(step for each in moves for step in each.steps), item)  # type: ignore[union-attr]
        case Sign(parties=parties):
            return Sign(parties, joined(step for each in moves for step in each.steps))  # type: ignore[union-attr]
        case Connect(source=source, target=target, like=like):
            data = {term for each in moves for term in each.data}  # type: ignore[union-attr]
            return Connect(source, target, tuple(sorted(data)), like)
        case _:
            return first


def joined(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Merge the steps on one attribute."""
    found: dict[tuple[str, How], Step] = {}
    for step in steps:
        key = step.attribute, step.how
        if key in found and isinstance(step.value, tuple):
            both = {*found[key].value, *step.value}  # type: ignore[misc]
            found[key] = Step(step.attribute, step.how, tuple(sorted(both)))
        else:
            found[key] = step
    return tuple(found[key] for key in sorted(found))
