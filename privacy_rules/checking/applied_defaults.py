"""The defaults that verdicts depend on. They are easy to forget, so every report lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from privacy_rules.checking.core_rules import CoreRule, SubjectIs, conditions
from privacy_rules.checking.judgements import Assumption
from privacy_rules.graph.declared_values import Given, known, says
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import references
from privacy_rules.language.policy import (
    CollectedWith,
    Condition,
    Covers,
    Holds,
    IsEntity,
    Joins,
    JudgedIs,
    OwnedBy,
    Policy,
    Reached,
    UnderContract,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import METHOD, PARENT, Attribute, Entity
from privacy_rules.vocabulary.values import Value, show

_Key = tuple[Entity, str]
_PLAYED: tuple[_Key, ...] = ((Entity.PARTY, "role"), (Entity.SYSTEM, "role"))
_ROLES: tuple[_Key, ...] = (*_PLAYED, (Entity.SYSTEM, "party"))
_PAIRS: tuple[_Key, ...] = ((Entity.FLOW, "carries"), (Entity.FLOW, "purposes"))


def assumptions(policy: Policy, graph: FlowGraph, cores: Sequence[CoreRule]) -> tuple[Assumption, ...]:
    """Return the defaults in use, by entity and attribute, each with the number of entities that use it."""
    used = sorted({key for condition in conditions(cores) for key in _used(condition) if key in policy.attributes})
    found: list[Assumption] = []
    for key in used:
        attribute = policy.attributes[key]
        records = list(graph.estate.records(key[0]).values())
        if _may_default(attribute, records):
            found += _of_attribute(attribute, records)
        if key == (Entity.SYSTEM, "country"):
            found += _of_parties_country(graph)
    return tuple(found)


def _used(condition: Condition) -> tuple[_Key, ...]:
    if named := references(condition):
        keys = [(each.attribute.entity, each.attribute.name) for each in named if each.attribute != METHOD]
        return tuple(key for each in keys for key in (_PLAYED if each in _PLAYED else (each,)))
    match condition:
        case SubjectIs(kind=kind):
            return _of_kind(kind)
        case JudgedIs():
            return _PAIRS
        case Joins():
            return ((Entity.SYSTEM, "joins"),)
        case IsEntity():
            return ((Entity.SYSTEM, "party"),)
        case UnderContract():
            return ((Entity.CONTRACT, "from"), (Entity.CONTRACT, "until"), *_ROLES)
        case OwnedBy():
            return (PARENT, (Entity.SYSTEM, "party"))
        case Covers():
            return ((Entity.CONTRACT, "covers.data"), (Entity.CONTRACT, "covers.purposes"))
        case Holds():
            return ((Entity.SYSTEM, "stores"), (Entity.SYSTEM, "creates"), (Entity.FLOW, "carries"))
        case Reached(derived=derived):
            return ((Entity.FLOW, "carries"), *([(Entity.SYSTEM, "transforms")] if derived else []))
        case CollectedWith() | WithinCollectedPurposes():
            return (*_PAIRS, (Entity.FLOW, "origin"), *_ROLES)
        case _:
            return ()


def _of_kind(kind: Kind) -> tuple[_Key, ...]:
    match kind:
        case Kind.STORAGE:
            return ((Entity.SYSTEM, "stores"),)
        case Kind.JOINING:
            return ((Entity.SYSTEM, "joins"),)
        case Kind.USE:
            return ((Entity.SYSTEM, "uses"),)
        case Kind.DERIVATION:
            return ((Entity.SYSTEM, "transforms"),)
        case Kind.FLOW:
            return _PAIRS
        case Kind.COLLECTION | Kind.SHARING | Kind.DISCLOSURE:
            return (*_PAIRS, *_ROLES)
        case _:
            return ()


def _may_default(attribute: Attribute, records: Iterable[Record]) -> bool:
    """Return whether a record could use a default: most attributes have none, and many records share their file's."""
    if attribute.default is not None or attribute.entity is Entity.CONTRACT:
        return True
    return any(attribute.name in said for said in {id(r.defaults): r.defaults for r in records}.values())


def _of_attribute(attribute: Attribute, records: Iterable[Record]) -> list[Assumption]:
    counts: dict[tuple[str, Value, Span | None], int] = {}
    for record in records:
        value, given = known(record, attribute)
        key: tuple[str, Value, Span | None]
        if given in (Given.MANIFEST_DEFAULT, Given.SHARED_DEFAULT) and value is not None:
            key = (given.value, value, record.location(attribute.name))
        elif given is Given.POLICY_DEFAULT and value is not None:
            key = (given.value, value, attribute.span)
        elif given is Given.BUILT_IN_DEFAULT and attribute.name == "until":
            key = (given.value, "until ended", None)
        else:
            continue
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: (str(each[0][2] or ""), show(each[0][1])))
    return [
        Assumption(attribute.entity, attribute.name, value, given, count, location)
        for (given, value, location), count in ordered
    ]


def _of_parties_country(graph: FlowGraph) -> list[Assumption]:
    count = sum(
        not says(record, "country") and graph.parties[number] is not None for number, record in enumerate(graph.systems)
    )
    if not count:
        return []
    return [Assumption(Entity.SYSTEM, "country", "its party's", Given.BUILT_IN_DEFAULT.value, count, None)]
