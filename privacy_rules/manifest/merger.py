"""Merge the declarations of all files, and check that ids are unique, references are declared and nothing contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from privacy_rules.manifest.declaration_reader import DEFAULTS, SECTION_OF, SHARED_DEFAULTS, Declarations
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, places_of
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Declaration, Located, PathKey, Record
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.invisible_characters import difference, spelt, twins
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import in_another_form
from privacy_rules.vocabulary.attributes import Entity, is_nobody
from privacy_rules.vocabulary.values import Item, Value, show

_MOST_NAMED = 5
Records = dict[Entity, dict[str, Record]]
Parsed = tuple[Declarations, DiagnosticSink]
"""The declarations of one file, and its diagnostics."""

ORGANISATION = "organisation"


def share_defaults(parts: Sequence[Parsed]) -> None:
    """Give the records of all files the shared defaults for which their own file has no default.

    If two files declare a shared default differently, the first counts, and the other is reported (E211).
    """
    if not any(declarations.shared for declarations, _ in parts):
        return
    for entity in SECTION_OF:
        values, places = _shared(entity, parts)
        for declarations, _ in parts:
            own = declarations.defaults.get(entity, {})
            defaults = {**values, **own}
            taken = {name: place for name, place in places.items() if name not in own}
            declarations.records[entity] = [
                (path, replace(record, defaults=defaults, shared=taken))
                for path, record in declarations.records.get(entity, ())
            ]


def _shared(entity: Entity, parts: Sequence[Parsed]) -> tuple[dict[str, Value | None], dict[str, Span | None]]:
    """The shared defaults of a kind, with their places."""
    values, places = dict[str, Value | None](), dict[str, Span | None]()
    for declarations, sink in parts:
        for name, value in declarations.shared.get(entity, {}).items():
            inner = name.split(".") if entity is Entity.CONTRACT else [name]
            path: PathKey = (SHARED_DEFAULTS, entity.value, *inner)
            if name not in values:
                values[name], places[name] = value, declarations.document.place(path)
            elif values[name] != value:
                here, there = ("`null`" if each is None else quoted(show(each)) for each in (value, values[name]))
                message = f"the shared default of a {entity}'s `{name}` is {here} here and {there} elsewhere"
                also = (place,) if (place := places[name]) else ()
                with sink.bounded():
                    sink.add(codes.CONTRADICTION, message, path, help="declare it once for all files", also=also)
    return values, places


def merge_records(parts: Sequence[Parsed]) -> Records:
    """All records by kind and id. If two have the same id, the first is kept and the other reported (E206)."""
    merged: Records = {entity: {} for entity in SECTION_OF}
    implied = set[int]()
    for declarations, sink in parts:
        with sink.bounded():
            for entity, records in declarations.records.items():
                known = merged[entity]
                for path, record in records:
                    first = known.get(record.id)
                    if first is None or id(first) in implied:
                        known[record.id] = record
                    elif path not in declarations.implied:
                        _duplicate(record, first, path, sink)
                    if path in declarations.implied:
                        implied.add(id(record))
    _report_twins(parts, merged)
    return merged


def _report_twins(parts: Sequence[Parsed], merged: Records) -> None:
    """Report each id that looks like another of its kind (E206)."""
    alike = {entity: {name: records[first] for name, first in twins(records)} for entity, records in merged.items()}
    if not any(alike.values()):
        return
    for declarations, sink in parts:
        with sink.bounded():
            for entity, records in declarations.records.items():
                for path, record in records:
                    first = alike[entity].get(record.id)
                    if first is not None and merged[entity][record.id] is record:
                        _twin(record, first, path, sink)


def _twin(record: Record, first: Record, path: PathKey, sink: DiagnosticSink) -> None:
    at, is_key = _id_path(record.entity, path)
    message = (
        f"{record.entity} {quoted(record.id)} differs from another {record.entity} {difference(record.id, first.id)}"
    )
    help_ = f"write both in the same way, or rename one: `{spelt(record.id)}` here, `{spelt(first.id)}` there"
    sink.add(codes.DUPLICATE_ID, message, at, key=is_key, help=help_, also=_place_of_id(first))


def _place_of_id(record: Record) -> tuple[Span, ...]:
    if record.where is None:
        return ()
    path, is_key = _id_path(record.entity, record.where.path)
    return places_of(record.where.document, path, is_key)


def _duplicate(record: Record, first: Record, path: PathKey, sink: DiagnosticSink) -> None:
    at, is_key = _id_path(record.entity, path)
    message = f"{record.entity} {quoted(record.id)} is declared twice"
    help_ = "ids are unique across all files of a check"
    sink.add(codes.DUPLICATE_ID, message, at, key=is_key, help=help_, also=_place_of_id(first))


def _id_path(entity: Entity, path: PathKey) -> tuple[PathKey, bool]:
    """The path of an entity's id, and whether it is a key there."""
    return ((*path, "id"), False) if entity is Entity.FLOW else (path, True)


def check_references(parts: Sequence[Parsed], merged: Records, lexicon: Lexicon) -> None:
    """Report each reference to an id that is not declared (E205)."""
    for declarations, sink in parts:
        with sink.bounded():
            for entity, records in declarations.records.items():
                references = [(name, target, merged[target]) for name, target in lexicon.references(entity)]
                for path, record in records:
                    for name, target, known in references:
                        value = record.declared.get(name)
                        if value is not None and _dangles(value, known) and not is_nobody(entity, name, value):
                            _dangling(declarations.data, (*path, name), target, merged, sink)
                    if any(item is not None for item, _ in record.origins()):
                        _origins(declarations.data, path, merged, sink)
                for section, by_kind in ((DEFAULTS, declarations.defaults), (SHARED_DEFAULTS, declarations.shared)):
                    defaults = by_kind.get(entity, {})
                    for name, target, known in references:
                        value = defaults.get(name)
                        if value is not None and _dangles(value, known) and not is_nobody(entity, name, value):
                            _dangling(declarations.data, (section, entity.value, name), target, merged, sink)
                    if defaults:
                        _origins(declarations.data, (section, entity.value), merged, sink)


def origins_of_items(body: Node, path: PathKey) -> Iterator[tuple[PathKey, list[Node]]]:
    """Yield the origins that items of `stores` or `carries` name, with their places in the file."""
    for name in ("stores", "carries"):
        listed = body.get(name)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            named = item.get("origin") if isinstance(item, dict) else None
            if isinstance(named, list):
                yield (*path, name, index, "origin"), named


def _origins(data: Node, path: PathKey, merged: Records, sink: DiagnosticSink) -> None:
    """Report each flow that the origin of an item names and that is not declared (E205)."""
    body = data
    for step in path:
        body = body[step]
    for at, _ in origins_of_items(body, path):
        _dangling(data, at, Entity.FLOW, merged, sink)


def _dangles(value: Value | None, known: Mapping[str, Record]) -> bool:
    return value not in known if isinstance(value, str) else any(each not in known for each in value)  # type: ignore[union-attr]


def another_kind(name: str, target: Entity, records: Mapping[Entity, Mapping[str, Record]]) -> str | None:
    """Help for a party that is named instead of a system, or a system instead of a party; else None."""
    if target is Entity.SYSTEM and name in records[Entity.PARTY]:
        own = [quoted(each.id) for each in records[Entity.SYSTEM].values() if each.declared.get("party") == name]
        listed = ", ".join(own[:_MOST_NAMED]) + (", …" if len(own) > _MOST_NAMED else "")
        if not own:
            return f"{quoted(name)} is a party, and no system of it is declared"
        return f"{quoted(name)} is a party; its {'system is' if len(own) == 1 else 'systems are'} {listed}"
    if target is Entity.PARTY and name in records[Entity.SYSTEM]:
        party = records[Entity.SYSTEM][name].declared.get("party")
        return f"{quoted(name)} is a system" + (f"; its party is {quoted(party)}" if isinstance(party, str) else "")
    return None


def _dangling(data: Node, path: PathKey, target: Entity, merged: Records, sink: DiagnosticSink) -> None:
    node, known = data, merged[target]
    for step in path:
        node = node[step]
    written = [(path, node)] if isinstance(node, str) else [((*path, index), each) for index, each in enumerate(node)]
    for at, name in written:
        if name not in known:
            help_ = in_another_form(str(name), known)
            help_ = help_ or another_kind(str(name), target, merged) or sink.suggestions.near(str(name), known, target)
            sink.add(codes.DANGLING_REFERENCE, f"no {target} {quoted(name)} is declared", at, help=help_)


def check_items(parts: Sequence[Parsed]) -> None:
    """Report each flow in which the items of a datum and a purpose state the same attribute differently (E211)."""
    for declarations, sink in parts:
        with sink.bounded():
            for path, flow in declarations.records.get(Entity.FLOW, ()):
                if not flow.states_facts:
                    continue
                for one, other in product(flow.facts("carries").values(), flow.facts("purposes").values()):
                    for name in sorted(dict(one.declared).keys() & dict(other.declared).keys()):
                        if dict(one.declared)[name] != dict(other.declared)[name]:
                            _contradicting(flow, name, (one, other), path, sink)


def _contradicting(flow: Record, name: str, items: tuple[Item, Item], path: PathKey, sink: DiagnosticSink) -> None:
    one, other = items
    said = [show(dict(each.declared)[name]) for each in items]
    message = (
        f"`{name}` of {one.term} for {other.term} is `{said[0]}` in `carries` and `{said[1]}` in `purposes` "
        f"of flow {quoted(flow.id)}"
    )
    own = flow.declared.get("carries")
    inner = (*path, "carries", own.index(one), name) if isinstance(own, tuple) else path
    here = sink.document.place(inner)
    places = (flow.location_in_item(each, name) for each in items)
    also = tuple(each for each in places if each is not None and each != here)
    sink.add(codes.CONTRADICTION, message, inner, help="state it in one of the two, or the same in both", also=also)


class _Scattered:
    """The places of the organisation's attributes, if several files declare them."""

    def __init__(self, first: Located, by_attribute: Mapping[str, Located]) -> None:
        self._first = first
        self._by_attribute = by_attribute

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        attribute = str(path[1]) if len(path) > 1 else ""
        return self._by_attribute.get(attribute, self._first).place(path, key)


def merge_organisation(parts: Sequence[Parsed]) -> Record:
    """The organisation's attributes from all files; reports those that two files contradict (E211)."""
    declared: dict[str, Value | None] = {}
    places: dict[str, Located] = {}
    documents: list[Located] = []
    for declarations, sink in parts:
        if declarations.organisation is not None:
            documents.append(declarations.document)
            for name, value in declarations.organisation.items():
                if name not in declared:
                    declared[name], places[name] = value, declarations.document
                elif declared[name] != value:
                    _report_contradiction(name, declared[name], value, sink, places[name])
    where: Declaration | None = None
    if documents and isinstance(documents[0], Document):
        located = documents[0] if len(documents) == 1 else _Scattered(documents[0], places)
        where = Declaration(located, (ORGANISATION,))
    return Record(Entity.ORGANISATION, ORGANISATION, declared, {}, where)


def _report_contradiction(
    name: str, first: Value | None, value: Value | None, sink: DiagnosticSink, place: Located
) -> None:
    path = (ORGANISATION, name)
    message = f"the organisation's `{name}` is {quoted(show(value))} here and {quoted(show(first))} elsewhere"
    with sink.bounded():
        sink.add(
            codes.CONTRADICTION,
            message,
            path,
            help="all files describe the same organisation",
            also=places_of(place, path),
        )
