"""Read the declarations of one manifest file, with the attributes and terms of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from privacy_rules.manifest import scalars
from privacy_rules.manifest.attribute_reader import AttributeReader, Declared
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink, NoDocument
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Declaration, PathKey, Record, Waiver
from privacy_rules.manifest.nodes import Node, quoted
from privacy_rules.manifest.shape_hints import attributes_as_text
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Value

SECTION_OF: Mapping[Entity, str] = {
    Entity.PARTY: "parties",
    Entity.CONTRACT: "contracts",
    Entity.SYSTEM: "systems",
    Entity.FLOW: "flows",
}
"""The key under which a manifest lists the entities of a kind (the organisation is one map)."""

DEFAULTS, SHARED_DEFAULTS = "defaults", "shared_defaults"
"""The keys under which a file declares values for what does not declare its own: in this file, or in all files of a check."""

OWN: Mapping[Entity, tuple[str, ...]] = {Entity.FLOW: ("id", "from", "to"), Entity.CONTRACT: ("with", "between")}
"""The keys that each entity must give itself: they have no defaults, and are never null."""

WAIVER_REQUIRED = ("rule", "subject", "until", "reason", "approved_by")
_WAIVER_KEYS = (*WAIVER_REQUIRED, "from", "data")
_ENTRIES: Mapping[tuple[str, type], str] = {
    **{
        (section, list): f"write {section} by id: `{section}: {{ID: {{…}}}}`"
        for section in ("parties", "systems", "contracts")
    },
    ("flows", dict): "begin each flow with a dash: `- {id: …, from: …, to: …}`",
    ("waivers", dict): "begin each waiver with a dash: `- {rule: …, subject: …, …}`",
    ("defaults", list): "write defaults by kind: `{flow: {…}}`",
}
"""Help for sections that are a list instead of a map, or a map instead of a list."""
_NOTHING: Mapping[str, Value | None] = {}


@dataclass(slots=True)
class Declarations:
    """The declarations of one file: `records` in its order, each with its path; `defaults` for all entities of a kind.

    `shared` are the file's `shared_defaults`, which are for all files. `implied` are the paths of entities that the file only refers
    to: any other declaration of them takes precedence.
    """

    document: Document | NoDocument
    data: dict[str, Node]
    records: dict[Entity, list[tuple[PathKey, Record]]] = field(default_factory=dict)
    defaults: dict[Entity, Declared] = field(default_factory=dict)
    shared: dict[Entity, Declared] = field(default_factory=dict)
    organisation: Declared | None = None
    waivers: list[Waiver] = field(default_factory=list)
    implied: frozenset[PathKey] = frozenset()
    warnings: tuple[Diagnostic, ...] = ()


def read_declarations(data: dict[str, Node], lexicon: Lexicon, sink: DiagnosticSink, *, shared: bool) -> Declarations:
    """The declarations of a file. `shared`: some of its values occur in several places."""
    return _Validator(lexicon, sink, data, shared=shared).read()


class _Validator:
    def __init__(self, lexicon: Lexicon, sink: DiagnosticSink, data: dict[str, Node], *, shared: bool) -> None:
        self.lexicon = lexicon
        self.sink = sink
        self.data = data
        self.reader = AttributeReader(lexicon, sink, shared=shared)
        self.document = sink.document

    def read(self) -> Declarations:
        made = Declarations(self.document, self.data)
        made.shared = self._defaults(SHARED_DEFAULTS)
        made.defaults = self._defaults(DEFAULTS)
        for entity in SECTION_OF:
            entries = self._listed(entity) if entity is Entity.FLOW else self._mapped(entity)
            made.records[entity] = list(self._records(entity, entries, made.defaults.get(entity, _NOTHING)))
        made.organisation = self._organisation()
        made.waivers = list(self._waivers())
        return made

    def _section(self, name: str, form: type, expected: str) -> Node:
        """A section of the file; empty if it is absent, null or does not fit."""
        found = self.data.get(name)
        if found is not None and type(found) is not form:
            self.sink.misfit(expected, found, (name,), _ENTRIES.get((name, type(found))))
            found = None
        return form() if found is None else found

    def _defaults(self, section: str) -> dict[Entity, Declared]:
        made: dict[Entity, Declared] = {}
        kinds = {entity.value: entity for entity in SECTION_OF}
        for kind, body in self._section(section, dict, "a map of defaults").items():
            path: PathKey = (section, kind)
            if kind not in kinds:
                self.reader.unknown_key(kind, path, sorted(kinds))
            elif body is not None and type(body) is not dict:
                self.sink.misfit("a map of attributes", body, path, attributes_as_text(body))
            elif body is not None:
                made[kinds[kind]] = self._default_attributes(kinds[kind], body, path)
        return made

    def _default_attributes(self, entity: Entity, body: dict[str, Node], path: PathKey) -> Declared:
        own = OWN.get(entity, ())
        for name in own:
            if name in body:
                self.sink.add(
                    codes.UNKNOWN_KEY,
                    f"`{name}` has no default",
                    (*path, name),
                    key=True,
                    help=f"give it in each {entity}",
                )
        return self._attributes(entity, {name: value for name, value in body.items() if name not in own}, path)

    def _mapped(self, entity: Entity) -> Iterator[tuple[str, Node, PathKey]]:
        section = SECTION_OF[entity]
        for key, body in self._section(section, dict, f"a map of {section} by id").items():
            path = (section, key)
            name = scalars.identifier(key, path, self.sink, key=True)
            if body is not None and type(body) is not dict:
                self.sink.misfit("a map of attributes", body, path, attributes_as_text(body))
            elif name is not None:
                yield self.lexicon.ids.setdefault(name, name), body or {}, path

    def _listed(self, entity: Entity) -> Iterator[tuple[str, Node, PathKey]]:
        section = SECTION_OF[entity]
        for index, body in enumerate(self._section(section, list, f"a list of {section}")):
            path = (section, index)
            if type(body) is not dict:
                self.sink.misfit(f"a {entity}", body, path, "write `- {id: …, from: …, to: …}`")
                continue
            name = self._own_id(entity, body, path)
            yield name, body, path

    def _own_id(self, entity: Entity, body: dict[str, Node], path: PathKey) -> str:
        if not self.reader.required(body, ("id",), path, f"a {entity}"):
            return ""
        return scalars.identifier(body["id"], (*path, "id"), self.sink) or ""

    def _records(
        self, entity: Entity, entries: Iterator[tuple[str, Node, PathKey]], defaults: Mapping[str, Value | None]
    ) -> Iterator[tuple[PathKey, Record]]:
        check = _CHECKS.get(entity)
        document = self.document if isinstance(self.document, Document) else None
        for name, body, path in entries:
            if check is not None:
                check(self, name, body, path)
            declared = self._attributes(entity, body, path)
            where = Declaration(document, path) if document is not None else None
            yield path, Record(entity, name, declared, defaults, where)

    def _attributes(self, entity: Entity, body: dict[str, Node], path: PathKey) -> Declared:
        known = self.lexicon.known[entity]
        if entity is not Entity.CONTRACT:
            return self.reader.attributes(body, path, known, ("id",) if entity is Entity.FLOW else ())
        declared = self.reader.attributes(body, path, known, ("covers",))
        if "covers" in body:
            declared.update(self._covers(body["covers"], (*path, "covers")))
        return declared

    def _covers(self, node: Node, path: PathKey) -> Declared:
        if node is None:
            return {"covers.data": None, "covers.purposes": None}
        if type(node) is not dict:
            self.sink.misfit("a map of what is covered", node, path, "write `{data: […], purposes: […]}`")
            return {}
        covered = self.reader.attributes(node, path, self.lexicon.covered)
        return {f"covers.{name}": value for name, value in covered.items()}

    def check_flow(self, name: str, body: dict[str, Node], path: PathKey) -> None:
        """Report a flow without two ends."""
        self.reader.required(body, ("from", "to"), path, f"flow {quoted(name)}")

    def check_contract(self, name: str, body: dict[str, Node], path: PathKey) -> None:
        """Report a contract without its parties, or with `with` and `between`."""
        given = [key for key in ("with", "between") if key in body]
        if not given:
            self._no_parties(f"contract {quoted(name)} has neither `with` nor `between`", path)
        elif len(given) == 2:
            self._no_parties(f"contract {quoted(name)} has both `with` and `between`", (*path, "between"))
        elif body[given[0]] is None:
            self.sink.add(codes.UNFIT_VALUE, f"`{given[0]}` cannot be null", (*path, given[0]))
        elif given == ["between"] and _names_fewer_than_two(body["between"]):
            message = f"contract {quoted(name)} is between fewer than two parties"
            self.sink.add(
                codes.CONTRACT_PARTIES, message, (*path, "between"), help="name two different parties or more"
            )

    def _no_parties(self, message: str, path: PathKey) -> None:
        help_ = "`with` names the other party of a contract with us, `between` two or more parties"
        self.sink.add(codes.CONTRACT_PARTIES, message, path, key=True, help=help_)

    def _organisation(self) -> Declared | None:
        if self.data.get("organisation") is None:
            return None
        body = self._section("organisation", dict, "a map of attributes")
        return self.reader.attributes(body, ("organisation",), self.lexicon.known[Entity.ORGANISATION])

    def _waivers(self) -> Iterator[Waiver]:
        for index, body in enumerate(self._section("waivers", list, "a list of waivers")):
            waiver = self._waiver(body, ("waivers", index))
            if waiver is not None:
                yield waiver

    def _waiver(self, body: Node, path: PathKey) -> Waiver | None:
        if type(body) is not dict:
            self.sink.misfit("a waiver", body, path)
            return None
        before = len(self.sink.found)
        for name in body:
            if name not in _WAIVER_KEYS:
                self.reader.unknown_key(name, (*path, name), _WAIVER_KEYS)
        self.reader.required(body, WAIVER_REQUIRED, path, "a waiver")
        read = {
            name: _WAIVER_READERS[name](self, node, (*path, name))
            for name, node in body.items()
            if node is not None and name in _WAIVER_READERS
        }
        if len(self.sink.found) > before:
            return None
        return Waiver(
            read["rule"],
            read["subject"],
            read["reason"],
            read["approved_by"],
            read["until"],
            read.get("from"),
            read.get("data"),
            self.document.place(path),
        )

    def waiver_id(self, node: Node, path: PathKey) -> str | None:
        """The id of the rule or the subject."""
        return scalars.identifier(node, path, self.sink)

    def waiver_words(self, node: Node, path: PathKey) -> str | None:
        """The reason, or who approved: text that is not blank."""
        found = scalars.text(node, path, self.sink)
        if found is not None and not found.strip():
            self.sink.add(codes.UNFIT_VALUE, "this cannot be blank", path)
        return found

    def waiver_day(self, node: Node, path: PathKey) -> Node:
        """A day: `from` or `until`."""
        return scalars.day(node, path, self.sink)

    def waiver_data(self, node: Node, path: PathKey) -> tuple[str, ...] | None:
        """The categories that the waiver is limited to."""
        return self.reader.unless_empty(self.reader.terms(node, path, "data"), path)


def _names_fewer_than_two(node: Node) -> bool:
    """Whether a node is a list of fewer than two different ids. Other errors in it are reported elsewhere."""
    return type(node) is list and all(isinstance(each, str) for each in node) and len(set(node)) < 2


_CHECKS: Mapping[Entity, Callable[[_Validator, str, dict[str, Node], PathKey], None]] = {
    Entity.FLOW: _Validator.check_flow,
    Entity.CONTRACT: _Validator.check_contract,
}
_WAIVER_READERS: Mapping[str, Callable[[_Validator, Node, PathKey], Node]] = {
    "rule": _Validator.waiver_id,
    "subject": _Validator.waiver_id,
    "reason": _Validator.waiver_words,
    "approved_by": _Validator.waiver_words,
    "until": _Validator.waiver_day,
    "from": _Validator.waiver_day,
    "data": _Validator.waiver_data,
}
