"""Read a change set: an ordered list of removals, settings, additions and days. Two are combined by concatenation.

- remove: {flow: signup}
- set: {party: mailer, role: marketer, unset: [country]}
- add: {flow: {id: new, from: website, to: analytics, carries: [email_address]}}
- as_of: 2027-06-01
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest import scalars
from privacy_rules.manifest.attribute_reader import AttributeReader, Declared
from privacy_rules.manifest.declaration_reader import SECTION_OF, read_declarations
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, NoDocument
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey, Record, Waiver
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.plain_data import plain
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.subdocument import inner
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.spelling import Suggestions
from privacy_rules.vocabulary.attributes import Attribute, Entity

ORGANISATION = Entity.ORGANISATION.value
_KINDS: Mapping[str, Entity] = {each.value: each for each in SECTION_OF}
_VERBS = ("remove", "set", "add", "as_of")
_WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class Written:
    """The source of a change: its document, the path of its map, the path of the id that it names, and the map."""

    document: Document | NoDocument
    path: PathKey
    id_path: PathKey
    body: Node = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove something, and whatever cannot exist without it."""

    written: Written
    entity: Entity
    id: str


@dataclass(frozen=True, slots=True)
class Alter:
    """Set attributes of something (None: unknown), and make those of `unset` undeclared."""

    written: Written
    entity: Entity
    id: str
    declared: Mapping[str, Any]
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """Add something. No `defaults` of a file apply to it."""

    written: Written
    record: Record


@dataclass(frozen=True, slots=True)
class AddWaiver:
    """Add a waiver."""

    waiver: Waiver


@dataclass(frozen=True, slots=True)
class AsOf:
    """Judge on another day."""

    day: date


Change = Remove | Alter | Add | AddWaiver | AsOf
Changes = tuple[Change, ...]


def last_day(changes: Sequence[Change]) -> date | None:
    """Return the day that the changes say to judge on."""
    return next((each.day for each in reversed(changes) if isinstance(each, AsOf)), None)


def read_changes(node: Node, path: PathKey, lexicon: Lexicon, sink: DiagnosticSink) -> Changes:
    """Read the change set at a path of a document. Errors go to `sink`, which knows the document."""
    if type(node) is not list:
        sink.misfit("a list of changes", node, path, "write `- set: {flow: …, …}`, a line for each change")
        return ()
    reader = _Reader(lexicon, sink)
    read = [reader.change(each, (*path, index)) for index, each in enumerate(node)]
    return tuple(each for each in read if each is not None)


def changes_from_data(data: Sequence[Any], policy: Policy) -> tuple[Changes | None, tuple[Diagnostic, ...]]:
    """Read a change set from Python data, with a manifest's values (see `loader.estate_from_data`). None if there are errors."""
    sink = DiagnosticSink(NoDocument(), Suggestions())
    read: Changes = ()
    with sink.bounded():
        read = read_changes(plain(data), (), Lexicon(policy), sink)
    return (None, in_order(sink.found)) if sink.found else (read, ())


class _Reader:
    def __init__(self, lexicon: Lexicon, sink: DiagnosticSink) -> None:
        self.lexicon, self.sink, self.document = lexicon, sink, sink.document
        self.attributes = AttributeReader(lexicon, sink, shared=False)

    def change(self, node: Node, path: PathKey) -> Change | None:
        verb = self._one_key(node, path, _VERBS, "a change", "`remove`, `set`, `add` or `as_of`")
        if verb is None:
            return None
        readers: Mapping[str, Callable[[Node, PathKey], Change | None]] = {
            "remove": self._remove,
            "set": self._alter,
            "add": self._add,
            "as_of": self._as_of,
        }
        return readers[verb](node[verb], (*path, verb))

    def _one_key(self, node: Node, path: PathKey, known: Sequence[str], what: str, which: str) -> str | None:
        """Return the only key of a map, which must be a known one; None after an error."""
        if type(node) is not dict:
            self.sink.misfit(what, node, path, f"write a map with {which}")
            return None
        strange = [name for name in node if name not in known]
        for name in strange:
            self.attributes.unknown_key(name, (*path, name), known)
        if not strange and len(node) != 1:
            found = "none" if not node else " and ".join(f"`{each}`" for each in node)
            self.sink.add(codes.UNFIT_VALUE, f"{what} needs exactly one of {which}, found {found}", path)
        return None if strange or len(node) != 1 else str(next(iter(node)))

    def _remove(self, node: Node, path: PathKey) -> Change | None:
        kind = self._one_key(node, path, tuple(_KINDS), "what is removed", "`party`, `contract`, `system` or `flow`")
        if kind is None:
            return None
        name = scalars.identifier(node[kind], (*path, kind), self.sink)
        return None if name is None else Remove(Written(self.document, path, (*path, kind)), _KINDS[kind], name)

    # What is set.

    def _alter(self, node: Node, path: PathKey) -> Change | None:
        entity = self._kind_of(node, path)
        if entity is None:
            return None
        kind = entity.value
        name = self._id_of(entity, node[kind], (*path, kind))
        declared = self._declared(entity, {key: each for key, each in node.items() if key != kind}, path)
        unset = self._unset(entity, node, path)
        if len(node) == 1:
            help_ = f"say what of the {kind} changes, such as `{{{kind}: …, owner: …}}`"
            self.sink.add(codes.MISSING_KEY, "this does not set anything", path, help=help_)
        written = Written(self.document, path, (*path, kind), node)
        return None if name is None else Alter(written, entity, name, declared, unset)

    def _kind_of(self, node: Node, path: PathKey) -> Entity | None:
        """Return the kind of entity that is set: a kind that has the other keys as attributes."""
        kinds = {**_KINDS, ORGANISATION: Entity.ORGANISATION}
        if type(node) is not dict:
            self.sink.misfit("what is set", node, path, "write `{flow: …, exchange: sale}`")
            return None
        named = [key for key in node if key in kinds]
        for key in named:
            if all(other in self.lexicon.known[kinds[key]] for other in named if other != key):
                return kinds[key]
        which, found = ", ".join(f"`{each}`" for each in kinds), " and ".join(f"`{each}`" for each in named) or "none"
        help_ = "set one party, contract, system or flow in each change"
        self.sink.add(codes.UNFIT_VALUE, f"`set` needs exactly one of {which}, found {found}", path, help=help_)
        return None

    def _id_of(self, entity: Entity, node: Node, path: PathKey) -> str | None:
        """Return the id; the organisation needs none."""
        if entity is not Entity.ORGANISATION:
            return scalars.identifier(node, path, self.sink)
        if node is not None and node != ORGANISATION:
            help_ = "there is one: write `{organisation: organisation, …}`"
            self.sink.misfit("`organisation`", node, path, help_)
            return None
        return ORGANISATION

    def _declared(self, entity: Entity, body: dict[str, Node], path: PathKey) -> Declared:
        known = self.lexicon.known[entity]
        if entity is not Entity.CONTRACT:
            return self.attributes.attributes(body, path, known, ("unset",))
        declared = self.attributes.attributes(body, path, {**known, **self._parts()}, ("covers", "unset"))
        if "covers" in body:  # set as a whole, as in a manifest
            both = next((each for each in self._parts() if each in body), None)
            if both is not None:
                self.sink.add(
                    codes.UNFIT_VALUE, f"`covers` and its part {quoted(both)} are both set", (*path, both), key=True
                )
            declared.update(self._covers(body["covers"], (*path, "covers")))
        return declared

    def _parts(self) -> dict[str, Attribute]:
        """The parts of a contract's `covers`: setting `covers.data` does not change the purposes."""
        return {f"covers.{name}": each for name, each in self.lexicon.covered.items()}

    def _covers(self, covers: Node, path: PathKey) -> Declared:
        if covers is None:
            return {"covers.data": None, "covers.purposes": None}
        if type(covers) is not dict:
            self.sink.misfit("what is covered", covers, path, "write `{data: […], purposes: […]}`")
            return {}
        covered = self.attributes.attributes(covers, path, self.lexicon.covered)
        return {f"covers.{name}": value for name, value in covered.items()}

    def _unset(self, entity: Entity, node: dict[str, Node], path: PathKey) -> tuple[str, ...]:
        if "unset" not in node:
            return ()
        given, known = node["unset"], [*self.lexicon.known[entity]]
        known += ["covers", *self._parts()] if entity is Entity.CONTRACT else []
        names = self.attributes.texts(given, (*path, "unset")) or ()
        for index, name in enumerate(given if names else ()):
            at = (*path, "unset", index)
            if name not in known:
                help_ = self.sink.suggestions.near(str(name), known, ",".join(known))
                self.sink.add(codes.UNKNOWN_KEY, f"a {entity} has no attribute {quoted(name)}", at, help=help_)
            elif name in node and name != entity.value:
                self.sink.add(codes.UNFIT_VALUE, f"{quoted(name)} is both set and unset", at)
        return names

    # What is added.

    def _add(self, node: Node, path: PathKey) -> Change | None:
        which = "`party`, `contract`, `system`, `flow` or `waiver`"
        kind = self._one_key(node, path, (*_KINDS, _WAIVER), "what is added", which)
        if kind is None:
            return None
        body, inside = node[kind], (*path, kind)
        if kind == _WAIVER:
            return self._add_waiver(body, inside)
        if type(body) is not dict:
            self.sink.misfit(f"a {kind}", body, inside, f"write `{{{kind}: {{id: …, …}}}}`")
            return None
        if not self.attributes.required(body, ("id",), inside, f"a {kind}"):
            return None
        name = scalars.identifier(body["id"], (*inside, "id"), self.sink)
        record = None if name is None else self._record(_KINDS[kind], name, body, inside)
        return None if record is None else Add(Written(self.document, inside, (*inside, "id"), body), record)

    def _record(self, entity: Entity, name: str, body: dict[str, Node], path: PathKey) -> Record | None:
        """Read the record as in a manifest that has nothing else."""
        section = SECTION_OF[entity]
        if entity is Entity.FLOW:
            data: dict[str, Node] = {section: [body]}
            document = inner(self.document, {(section, 0): path})
        else:
            data = {section: {name: {key: each for key, each in body.items() if key != "id"}}}
            document = inner(self.document, {(section, name): path}, {(section, name): (*path, "id")})
        sink = DiagnosticSink(document, self.sink.suggestions)
        read = read_declarations(data, self.lexicon, sink, shared=False).records[entity]
        self.sink.found.extend(sink.found)
        return read[0][1] if read and not sink.found else None

    def _add_waiver(self, body: Node, path: PathKey) -> Change | None:
        sink = DiagnosticSink(inner(self.document, {("waivers", 0): path}), self.sink.suggestions)
        read = read_declarations({"waivers": [body]}, self.lexicon, sink, shared=False).waivers
        self.sink.found.extend(sink.found)
        return AddWaiver(read[0]) if read else None

    def _as_of(self, node: Node, path: PathKey) -> Change | None:
        day = scalars.day(node, path, self.sink)
        return None if day is None else AsOf(day)
