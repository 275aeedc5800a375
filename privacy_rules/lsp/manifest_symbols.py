"""Find the symbols of a manifest: systems, parties, flows, contracts, terms, attributes, rules and files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from privacy_rules.language.policy import Policy
from privacy_rules.lsp.symbols import Occurrence, Symbol, SymbolKind
from privacy_rules.manifest.declaration_reader import DEFAULTS, SECTION_OF, SHARED_DEFAULTS
from privacy_rules.manifest.file_set import ManifestFile
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, is_text
from privacy_rules.manifest.source_document import Document
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import (
    BUILT_IN,
    OWN_OF_ITEMS,
    Attribute,
    Entity,
    Form,
    Type,
    has_items,
    is_item_attribute,
)

_KINDS: Mapping[Entity, SymbolKind] = {
    Entity.PARTY: "party",
    Entity.SYSTEM: "system",
    Entity.FLOW: "flow",
    Entity.CONTRACT: "contract",
}


class ManifestMeaning:
    """The meaning of keys and values of manifests: the attributes and terms of their policy, and the ids that they declare."""

    def __init__(self, policy: Policy | None, files: Iterable[Mapping[str, Node]]) -> None:
        self.lexicon = Lexicon(policy) if policy else None
        self.ids: dict[Entity, list[str]] = {entity: [] for entity in SECTION_OF}
        for data in files:
            for entity, section in SECTION_OF.items():
                self.ids[entity] += _ids(data.get(section))

    def attributes(self, entity: Entity) -> Mapping[str, Attribute]:
        """Return the attributes of an entity; without a policy, the built-in ones."""
        if self.lexicon:
            return self.lexicon.known[entity]
        return {name: each for (of, name), each in BUILT_IN.items() if of is entity and "." not in name}

    def own_attributes(self, entity: Entity, name: str) -> Mapping[str, Attribute]:
        """Return the attributes that an item of a list may have itself; empty for an attribute without such items."""
        attribute = self.attributes(entity).get(name)
        if name != "transforms" and not (attribute and has_items(attribute)):
            return {}
        own = {each: found for each, found in self.attributes(entity).items() if is_item_attribute(found)}
        return {**OWN_OF_ITEMS.get(name, {}), **own}

    def type_in(self, attribute: Attribute, name: str) -> Type:
        """Return the type of the value below a key of an item of a list, or of a transform."""
        own = self.own_attributes(attribute.entity, attribute.name)
        return own[name].type if name in own else Type(Form.SET, attribute.type.vocabulary)

    def covered(self) -> Mapping[str, Attribute]:
        """The attributes below a contract's `covers`."""
        if self.lexicon:
            return self.lexicon.covered
        return {name: BUILT_IN[Entity.CONTRACT, f"covers.{name}"] for name in ("data", "purposes")}

    def spelling(self, vocabulary: str, text: str) -> str:
        """Return the term that a text names, or else the text."""
        return (self.lexicon.spelling(vocabulary, text) if self.lexicon else None) or text

    def kind_of(self, name: str) -> SymbolKind | None:
        """Return the kind of entity that has this id; systems first, as most subjects are systems or flows."""
        for entity in (Entity.FLOW, Entity.SYSTEM, Entity.PARTY, Entity.CONTRACT):
            if name in self.ids[entity]:
                return _KINDS[entity]
        return None


def _ids(section: Node) -> list[str]:
    if isinstance(section, dict):
        return [str(key) for key in section]
    if isinstance(section, list):
        return [str(each["id"]) for each in section if isinstance(each, dict) and is_text(each.get("id"))]
    return []


def kind_of(entity: Entity) -> SymbolKind:
    """Return the kind of symbol that names such an entity."""
    return _KINDS[entity]


def occurrences(file: ManifestFile, meaning: ManifestMeaning) -> tuple[Occurrence, ...]:
    """Return all symbols of a manifest, in order of place."""
    return tuple(sorted(_Walk(file, meaning).all(), key=lambda each: each.span))


class _Walk:
    def __init__(self, file: ManifestFile, meaning: ManifestMeaning) -> None:
        self._document = file.document
        self._data = file.data
        self._folder = file.folder
        self._meaning = meaning

    def all(self) -> Iterator[Occurrence]:
        for key in ("policy", "include"):
            yield from self._files(key)
        for entity, section in SECTION_OF.items():
            for path, body in self._entities(section):
                yield from self._own(entity, path, body)
                yield from self._attributes(entity, path, body)
        yield from self._attributes(Entity.ORGANISATION, ("organisation",), self._data.get("organisation"))
        for key in (DEFAULTS, SHARED_DEFAULTS):
            defaults = self._data.get(key)
            for entity in SECTION_OF:
                if isinstance(defaults, dict) and entity.value in defaults:
                    yield from self._attributes(entity, (key, entity.value), defaults[entity.value])
        yield from self._waivers()

    def _entities(self, section: str) -> Iterator[tuple[PathKey, Node]]:
        found = self._data.get(section)
        steps: Iterable[str | int] = found if isinstance(found, dict) else range(len(found or ()))
        if isinstance(found, dict | list):
            yield from (((section, step), found[step]) for step in steps)  # type: ignore[index]

    def _own(self, entity: Entity, path: PathKey, body: Node) -> Iterator[Occurrence]:
        if isinstance(path[-1], str):
            yield from self._named(Symbol(_KINDS[entity], path[-1]), path, key=True, declares=True)
        elif isinstance(body, dict) and is_text(body.get("id")):
            yield from self._named(Symbol(_KINDS[entity], str(body["id"])), (*path, "id"), declares=True)

    def _attributes(self, entity: Entity, path: PathKey, body: Node) -> Iterator[Occurrence]:
        if not isinstance(body, dict):
            return
        known = self._meaning.attributes(entity)
        for name, value in body.items():
            if name in known:
                yield from self._key(entity, (*path, name))
                yield from self._value(known[name], value, (*path, name))
            elif name == "covers" and entity is Entity.CONTRACT and isinstance(value, dict):
                for part, attribute in self._meaning.covered().items():
                    if part in value:
                        yield from self._value(attribute, value[part], (*path, name, part))

    def _key(self, entity: Entity, path: PathKey) -> Iterator[Occurrence]:
        name = str(path[-1])
        own = (entity, name) not in BUILT_IN
        yield from self._named(Symbol("attribute", name) if own else Symbol("key", name, entity.value), path, key=True)

    def _value(self, attribute: Attribute, value: Node, path: PathKey) -> Iterator[Occurrence]:
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._value(attribute, each, (*path, index))
        elif isinstance(value, dict):
            for name, each in value.items():
                inner = replace(attribute, type=self._meaning.type_in(attribute, name))
                yield from self._value(inner, each, (*path, name))
        elif is_text(value):
            yield from self._scalar(attribute.type, str(value), path)

    def _scalar(self, type_: Type, text: str, path: PathKey) -> Iterator[Occurrence]:
        if type_.refers_to is not None:
            yield from self._named(Symbol(_KINDS[type_.refers_to], text), path)
        elif type_.vocabulary:
            name = self._meaning.spelling(type_.vocabulary, text)
            yield from self._named(Symbol("term", name, type_.vocabulary), path)

    def _files(self, key: str) -> Iterator[Occurrence]:
        named = self._data.get(key)
        for index, each in enumerate(named if isinstance(named, list) else ()):
            if is_text(each) and "\0" not in each:
                path = Path(os.path.normpath(self._folder / str(each)))
                yield from self._named(Symbol("file", str(path)), (key, index))

    def _waivers(self) -> Iterator[Occurrence]:
        waivers = self._data.get("waivers")
        for index, body in enumerate(waivers if isinstance(waivers, list) else ()):
            if isinstance(body, dict):
                yield from self._waiver(("waivers", index), body)

    def _waiver(self, path: PathKey, body: Mapping[str, Node]) -> Iterator[Occurrence]:
        rule, subject = body.get("rule"), body.get("subject")
        if is_text(rule):
            yield from self._named(Symbol("rule", str(rule)), (*path, "rule"))
        if is_text(subject) and (kind := self._meaning.kind_of(str(subject))):
            yield from self._named(Symbol(kind, str(subject)), (*path, "subject"))
        yield from self._value(BUILT_IN[Entity.FLOW, "carries"], body.get("data"), (*path, "data"))

    def _named(
        self, symbol: Symbol, path: PathKey, *, key: bool = False, declares: bool = False
    ) -> Iterator[Occurrence]:
        span = self._document.place(path, key)
        if span and span.end_line == span.line:
            yield Occurrence(symbol, _unquoted(self._document, span), declares)


def _unquoted(document: Document, span: Span) -> Span:
    """Return the place inside the quotes, if there are any."""
    line = document.excerpt(span)
    if line[span.column - 1 : span.column] not in ("'", '"') or span.end_column - span.column < 2:
        return span
    return Span(span.file, span.line, span.column + 1, span.end_line, span.end_column - 1)
