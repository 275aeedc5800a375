"""Apply a change set to an estate: the result is a new estate, and what was removed along with something else.

    outcome, diagnostics = apply(estate, policy, changes)
    outcome.estate, outcome.removed_along       # … ("system post", "flow list", "`form` in `origin` of flow sold")

The changes are made in order, and the things that each names must exist at that point. References are checked at the
end, so that a flow can be added before the system that it leads to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from privacy_rules.checking.subjects import entity_of
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.declaration_reader import SECTION_OF
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, places_of
from privacy_rules.manifest.merger import another_kind, origins_of_items
from privacy_rules.manifest.model import Declaration, Estate, Located, PathKey, Record, Waiver
from privacy_rules.manifest.nodes import quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.simulation.change_set import Add, AddWaiver, Alter, AsOf, Change, Remove, Written
from privacy_rules.simulation.removal import without
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Entity, is_nobody

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ChangedEstate:
    """The estate after a change set. `removed_along` lists, in words and in order, what was removed along with something else."""

    estate: Estate
    removed_along: tuple[str, ...] = ()


def apply(estate: Estate, policy: Policy, changes: Iterable[Change]) -> tuple[ChangedEstate | None, Diagnostics]:
    """Make the changes; None if one of them is impossible or leaves an invalid estate."""
    overlay = _Overlay(estate, policy)
    for change in changes:
        overlay.make(change)
    overlay.hold_together()
    if overlay.found:
        return None, in_order(overlay.found)
    return ChangedEstate(overlay.estate, tuple(overlay.removed_along)), ()


class _Patched:
    """The places of an entity that has attributes set in another document."""

    def __init__(self, first: Declaration, places: Mapping[str, tuple[Located, PathKey]]) -> None:
        self._first, self._places = first, places

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        own = self._first.path
        if len(path) > len(own) and path[: len(own)] == own and path[len(own)] in self._places:
            document, at = self._places[str(path[len(own)])]
            return document.place((*at, *path[len(own) + 1 :]), key)
        return self._first.document.place(path, key)


class _Overlay:
    def __init__(self, estate: Estate, policy: Policy) -> None:
        self.estate, self.policy = estate, policy
        self.removed_along: list[str] = []
        self.found: list[Diagnostic] = []
        self._suggestions = Suggestions()
        self._touched: dict[tuple[Entity, str], list[Written]] = {}

    def make(self, change: Change) -> None:
        """Make one change, after those before it."""
        match change:
            case Remove(written=written, entity=entity, id=name):
                if self._is_there(written, entity, name):
                    self._remove(entity, name)
            case Alter(written=written, entity=entity, id=name):
                if self._is_there(written, entity, name):
                    self._alter(change)
            case Add(written=written, record=record):
                if self._is_new(written, record):
                    self._put(record)
                    self._touched[record.entity, record.id] = [written]
            case AddWaiver(waiver=waiver):
                self.estate = replace(self.estate, waivers=(*self.estate.waivers, waiver))
            case AsOf(day=day):
                self.estate = replace(self.estate, as_of=day)

    def _is_there(self, written: Written, entity: Entity, name: str) -> bool:
        known = self.estate.records(entity)
        if name in known:
            return True
        help_ = self._suggestions.near(name, known, entity)
        self._report(
            (written, written.id_path), codes.DANGLING_REFERENCE, f"no {entity} {quoted(name)} is declared", help=help_
        )
        return False

    def _is_new(self, written: Written, record: Record) -> bool:
        known = self.estate.records(record.entity).get(record.id)
        if known is None:
            return True
        also = places_of(known.where.document, known.where.path) if known.where else ()
        message, help_ = f"{record.entity} {quoted(record.id)} already exists", "`set` changes what exists"
        self._report((written, written.id_path), codes.DUPLICATE_ID, message, help=help_, also=also)
        return False

    def _report(
        self,
        at: tuple[Written, PathKey],
        code: str,
        message: str,
        *,
        help: str | None = None,  # noqa: A002 - the diagnostic's own word
        also: tuple[Span, ...] = (),
    ) -> None:
        written, path = at
        sink = DiagnosticSink(written.document, self._suggestions)
        sink.add(code, message, path, help=help, also=also)
        self.found += sink.found

    def _put(self, record: Record) -> None:
        if record.entity is Entity.ORGANISATION:
            self.estate = replace(self.estate, organisation=record)
            return
        records: Any = {**self.estate.records(record.entity), record.id: record}
        self.estate = replace(self.estate, **{SECTION_OF[record.entity]: records})

    # Removing.

    def _remove(self, entity: Entity, name: str) -> None:
        before = self.estate
        smaller, gone = without(before, self.policy, entity.value, name)
        ids = {id_ for _, id_ in gone}
        idle = [each for each in before.waivers if self._is_idle(each, smaller, ids)]
        self.removed_along += [f"{kind} {id_}" for kind, id_ in gone if (kind, id_) != (entity.value, name)]
        self.removed_along += _unnamed(before, smaller, self.policy.built_in(Entity.CONTRACT, "systems").name)
        self.removed_along += [f"the waiver of {each.rule} for {each.subject}" for each in idle]
        gone_too = {id(each) for each in idle}
        waivers = tuple(each for each in before.waivers if id(each) not in gone_too) if idle else before.waivers
        self.estate = replace(smaller, waivers=waivers)
        for kind, id_ in gone:
            self._touched.pop((Entity(kind), id_), None)

    def _is_idle(self, waiver: Waiver, left: Estate, gone: Collection[str]) -> bool:
        """Whether the subject of the waiver has just been removed."""
        if waiver.subject not in gone:
            return False
        rule = self.policy.rule(waiver.rule)
        kinds = [entity_of(rule.subject.kind.family)] if rule else list(Entity)
        return all(waiver.subject not in left.records(each) for each in kinds)

    # Setting.

    def _alter(self, change: Alter) -> None:
        record = self.estate.records(change.entity)[change.id]
        self._nothing_to_unset(change, record)
        replaced = {*map(str, change.written.body or ()), *change.unset, *change.declared}
        kept = {name: value for name, value in record.declared.items() if replaced.isdisjoint(_names_of(name))}
        self._put(replace(record, declared={**kept, **change.declared}, where=_where(change, record)))
        self._touched.setdefault((change.entity, change.id), []).append(change.written)

    def _nothing_to_unset(self, change: Alter, record: Record) -> None:
        """Report attributes that are unset but not declared."""
        written, of = change.written, f"{change.entity} {quoted(change.id)}"
        for index, name in enumerate(written.body["unset"] if change.unset else ()):
            if name != "covers" and not _states(record.declared, name):  # `covers: {}` is declared, but has no part
                by_default = "`defaults` give it; set it to null to make it unknown"
                help_ = by_default if _states(record.defaults, name) else None
                at = (written, (*written.path, "unset", index))
                self._report(at, codes.DANGLING_REFERENCE, f"{quoted(name)} of {of} is not declared", help=help_)

    # What must hold at the end.

    def hold_together(self) -> None:
        """Report references to what does not exist, and flows and contracts that lack a required attribute."""
        for (entity, name), written in self._touched.items():
            record = self.estate.records(entity)[name]
            if entity is Entity.FLOW:
                self._known(record, ("from", "to"), written[-1])
            elif entity is Entity.CONTRACT:
                self._sides(record, written[-1])
            for each in written:
                self._references(record, each)

    def _references(self, record: Record, written: Written) -> None:
        flows = self.estate.flows
        named = {each for _, named in record.origins() for each in named or ()}  # type: ignore[union-attr]
        for path, listed in origins_of_items(written.body, written.path):
            for index, id_ in enumerate(map(str, listed)):
                if id_ not in flows and id_ in named:
                    self._dangling(Entity.FLOW, id_, (written, (*path, index)))
        for (entity, name), attribute in self.policy.attributes.items():
            target = attribute.type.refers_to
            if entity is record.entity and target is not None and name in written.body:
                known = self.estate.records(target)
                for path, id_ in _written_ids(written, name):
                    if id_ not in known and _names(record, name, id_) and not is_nobody(entity, name, id_):
                        self._dangling(target, id_, (written, path))

    def _dangling(self, target: Entity, id_: str, at: tuple[Written, PathKey]) -> None:
        records = {each: self.estate.records(each) for each in (Entity.PARTY, Entity.SYSTEM)}
        help_ = another_kind(id_, target, records) or self._suggestions.near(id_, self.estate.records(target), target)
        self._report(at, codes.DANGLING_REFERENCE, f"no {target} {quoted(id_)} is declared", help=help_)

    def _known(self, record: Record, names: tuple[str, ...], written: Written) -> None:
        at = written, written.path
        for name in names:
            if name not in record.declared:
                message = f"{record.entity} {quoted(record.id)} has no `{name}`"
                self._report(at, codes.MISSING_KEY, message)
            elif record.declared[name] is None:
                self._report(at, codes.UNFIT_VALUE, f"`{name}` cannot be null")

    def _sides(self, record: Record, written: Written) -> None:
        given = tuple(name for name in ("with", "between") if name in record.declared)
        if len(given) != 1:
            words = "both `with` and `between`" if given else "neither `with` nor `between`"
            help_ = "give exactly one: `with` names the other party, `between` names two or more; `unset` removes one that is set"
            self._report(
                (written, written.path), codes.CONTRACT_PARTIES, f"contract {quoted(record.id)} has {words}", help=help_
            )
            return
        self._known(record, given, written)
        several = record.declared[given[0]]
        if isinstance(several, tuple) and len(several) < 2:
            message = f"contract {quoted(record.id)} is between fewer than two parties"
            self._report(
                (written, written.path), codes.CONTRACT_PARTIES, message, help="name two different parties or more"
            )


def _states(said: Mapping[str, Any], name: str) -> bool:
    return any(name in _names_of(each) for each in said)


def _names_of(name: str) -> tuple[str, str]:
    """The keys that set an attribute: `covers.data` is set by that key, or by `covers`."""
    return name, name.partition(".")[0]


def _where(change: Alter, record: Record) -> Declaration | None:
    """Return the places of the record and of the attributes that the change sets."""
    document = change.written.document
    if record.where is None or not isinstance(document, Document):
        return record.where
    places: dict[str, tuple[Located, PathKey]] = {
        name.partition(".")[0]: (document, (*change.written.path, _said(name, change.written.body)))
        for name in change.declared
    }
    return Declaration(_Patched(record.where, places), record.where.path)


def _said(name: str, body: Any) -> str:
    """Return the key that sets an attribute."""
    return name if name in (body or ()) else name.partition(".")[0]


def _unnamed(before: Estate, after: Estate, limit: str) -> Iterator[str]:
    """Describe the mentions that were removed along with the things that they name."""
    for kind in (Entity.FLOW, Entity.SYSTEM, Entity.CONTRACT):
        records = before.records(kind)
        for record in (each for each in after.records(kind).values() if each is not records[each.id]):
            left = dict(_naming(record, limit))
            for of, was in _naming(records[record.id], limit):
                names = (each for each in was if each not in left.get(of, ()))
                yield from (f"{quoted(str(each))} in {of} of {kind} {record.id}" for each in names)
    for party in after.parties.values():
        if before.parties[party.id].declared.get("parent") != party.declared.get("parent"):
            yield f"`parent` of party {party.id}"


def _naming(record: Record, limit: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield the parts of a record (not of its defaults) that name flows or systems, in words, with these names."""
    systems = record.declared.get(limit) if record.entity is Entity.CONTRACT else None
    if isinstance(systems, tuple):
        yield "`systems`", systems
    for item, named in record.origins():
        if isinstance(named, tuple) and (item.within if item else "origin") in record.declared:
            yield f"`origin`{f' of {item.term} in `{item.within}`' if item else ''}", named


def _written_ids(written: Written, name: str) -> list[tuple[PathKey, str]]:
    node, path = written.body[name], (*written.path, name)
    if isinstance(node, list):
        return [((*path, index), str(each)) for index, each in enumerate(node)]
    return [] if node is None else [(path, str(node))]


def _names(record: Record, attribute: str, id_: str) -> bool:
    """Whether the record still names the id: a later change may have set the attribute again."""
    said = record.declared.get(attribute)
    return id_ in said if isinstance(said, tuple) else said == id_
