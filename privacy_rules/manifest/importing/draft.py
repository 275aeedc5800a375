"""The manifest that importers write: entities whose values have their places in the original file.

Terms are kept as the file writes them, or as a map translates them. When the draft is read with the policy's
vocabularies, a list with an unknown term becomes undeclared as a whole, because the rest of the list would say less
than the file does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from privacy_rules.manifest.importing.fields import Field
from privacy_rules.manifest.importing.term_map import TermMap
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node
from privacy_rules.manifest.source_document import Document
from privacy_rules.source.fast_dataclasses import dataclass

Place = tuple[Document, PathKey]
UNDECLARED = "(undeclared)"
"""What `export` writes where a format needs a word that a manifest does not give; it is read as undeclared."""
UNLABELLED = "(unlabelled)"
"""The word for a field without a category, which may hold anything unless a map says what such fields hold."""
_NEEDED = frozenset({"data", "from", "to"})
"""The keys without which an item of a list is meaningless."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term, and the word of the file that it translates, with the section of the map."""

    term: str
    section: str
    word: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that is already in the form of a manifest."""

    node: Node


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and its place: a `Fixed` one, a `Term`, a list of `Placed`, or a map of them."""

    value: Any
    at: Place


Meaning = Callable[[str, str], str | None]
"""The term of a policy that a word means, by the section of a map that the word belongs to; None if the policy has none."""


@dataclass(slots=True)
class Resolved:
    """A draft read with the vocabularies of a policy: the places of its values, and the words without a term."""

    meaning: Meaning
    paths: dict[PathKey, Place] = field(default_factory=dict)
    unknown: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def value(self, said: Placed, path: PathKey) -> Node:
        """The value in the form of a manifest; `...` if an unknown term makes it undeclared."""
        self.paths[path] = said.at
        match said.value:
            case Term() as term:
                meant = self.meaning(term.section, term.term)
                if meant is not None:
                    return meant
                self.unknown.setdefault((term.section, term.word), []).append(said.at)
                return ...
            case list() as listed:
                items = [self.value(each, (*path, index)) for index, each in enumerate(listed)]
                return ... if any(each is ... for each in items) else items
            case dict() as keyed:
                found = {key: self.value(each, (*path, key)) for key, each in keyed.items()}
                if any(found.get(key) is ... for key in _NEEDED):
                    return ...
                return {key: each for key, each in found.items() if each is not ...}
            case fixed:
                return fixed.node


class DraftEntity:
    """One entity. The first value of an attribute takes precedence, but lists of terms are combined."""

    __slots__ = ("at", "id", "implied", "is_key", "values")

    def __init__(self, name: str, at: Field, *, implied: bool) -> None:
        self.id, self.values = name, dict[str, Placed]()
        self.set_place(at, implied=implied)

    def set_place(self, at: Field, *, implied: bool) -> None:
        """Set the place of the entity: its id, or the value that has its id as a key."""
        self.at, self.implied = _place(at), implied
        self.is_key = type(at.node) is dict and bool(at.path) and isinstance(at.path[-1], str)

    def put(self, name: str, value: Node | Term, at: Field | Place) -> None:
        """Declare an attribute, unless it is declared already or the value is None."""
        if value is not None:
            said = value if isinstance(value, Term) else Fixed(value)
            self.values.setdefault(name, Placed(said, _place(at)))

    def put_text(self, name: str, given: Field) -> None:
        """Declare a text as the file has it."""
        self.put(name, given.text(), given)

    def put_tags(self, given: Field) -> None:
        """Declare the tags, if the file has any."""
        self.put("tags", [each.text() for each in given.texts()] or None, given)

    def add(self, name: str, items: Iterable[Placed], at: Field | Place) -> None:
        """Add items to a list, each once; with none, the list is declared as empty. A list of a map stays as it is."""
        listed = self.values.setdefault(name, Placed([], _place(at))).value
        if isinstance(listed, Fixed):
            return
        known = {_key(each) for each in listed}
        for each in items:
            if _key(each) not in known:
                known.add(_key(each))
                listed.append(each)


class Draft:
    """The entities that importers have found, in all files of one format."""

    def __init__(self, terms: TermMap) -> None:
        self.map = terms
        self.parties: dict[str, DraftEntity] = {}
        self.systems: dict[str, DraftEntity] = {}
        self.flows: dict[str, DraftEntity] = {}

    # ---- entities

    def party(self, name: str, at: Field, *, implied: bool = True) -> str:
        """The id of the party that a name in the file means. Declares the party unless the map does."""
        meant = self.map.owner(name)
        if meant is not None:
            return meant
        if name not in self.map.parties:
            _entity(self.parties, name, at, implied=implied)
        return name

    def system(self, name: str, at: Field, *, implied: bool = False) -> DraftEntity:
        """The system with an id, with the attributes that the map gives it. `implied`: the file only refers to it."""
        is_new = name not in self.systems
        found = _entity(self.systems, name, at, implied=implied)
        if is_new:
            for attribute, value, place in self.map.of_system(name):
                found.put(attribute, value, place)
        return found

    def flow(self, source: str, target: str, at: Field, name: str | None = None) -> DraftEntity:
        """The flow between two systems, which are implied unless something declares them."""
        for each in (source, target):
            self.system(each, at, implied=True)
        found = _entity(self.flows, name or f"{source} -> {target}", at, implied=False)
        found.put("from", source, at)
        found.put("to", target, at)
        return found

    # ---- values

    def terms(self, section: str, words: Iterable[Field]) -> list[Placed]:
        """The terms that words of the file mean, by a section of the map; a word that the map lacks is a term itself."""
        found: list[Placed] = []
        for each in words:
            word = each.text()
            if word is not None:
                found += self.term(section, word, each)
        return found

    def term(self, section: str, word: str, at: Field) -> list[Placed]:
        """The terms that one word means."""
        meant = self.map.terms(section, word)
        place = _place(at)
        if meant is None:
            return [Placed(Term(word, section, word), place)]
        return [Placed(Term(each, section, word), place) for each in meant]

    def data(self, candidates: Iterable[tuple[str, str | None]], word: str, at: Field) -> list[Placed]:
        """The categories of something with several words: those of the first candidate that the map has, else those of `word`."""
        place, words = _place(at), [(section, each) for section, each in candidates if each is not None]
        for section, each in words:
            meant = self.map.known(section, each)
            if meant is not None:
                return [Placed(Term(term, section, each), place) for term in meant]
        before = self.map.absent["data", word]
        found = self.term("data", word, at)
        if self.map.absent["data", word] > before:  # an entry for any of the words is enough
            for section, each in words:
                if section != "data":
                    self.map.missing(section, each)
        return found

    def put_terms(self, entity: DraftEntity, name: str, section: str, words: Iterable[Field], at: Field) -> None:
        """Add the terms that words of the file mean to a list of an entity."""
        found = self.terms(section, words)
        entity.add(name, found, at)

    def put_term(self, entity: DraftEntity, name: str, section: str, word: Field) -> None:
        """Declare an attribute that is one term."""
        text = word.text()
        for each in self.term(section, text, word)[:1] if text and text != UNDECLARED else ():
            entity.put(name, each.value, word)

    def set_owner(self, entity: DraftEntity, owner: Field) -> None:
        """Set the `owner` of a system, and its `party` if the map has one for that name."""
        name = owner.text()
        if name is None:
            return
        meant = self.map.owner(name)
        if meant is not None:
            entity.put("party", meant, owner)
        else:
            self.map.missing("owners", name)
        entity.put("owner", name, owner)

    def set_zone(self, entity: DraftEntity, zone: Field, name: str | None = None) -> None:
        """Set the zone of a system, and the attributes that the map gives to all systems in it."""
        word = name or zone.text()
        if word is None or word == UNDECLARED:
            return
        for attribute, value, place in self.map.of_zone(word):
            entity.put(attribute, value, place)
        entity.put("zone", word, zone)

    def unlabelled(self, entity: DraftEntity, name: str, at: Field) -> None:
        """Add the word for a field without a category to a list."""
        entity.add(name, self.term("data", UNLABELLED, at), at)

    # ---- the result

    def entities(self) -> Iterator[tuple[str, DraftEntity]]:
        """All entities, each with the section of the manifest that it belongs to."""
        for section, listed in (("parties", self.parties), ("systems", self.systems), ("flows", self.flows)):
            yield from ((section, each) for each in listed.values())

    def written(self, meaning: Meaning, document: Document | None = None) -> Written:
        """The entities as manifest data, of all files or of one."""
        made = Written(Resolved(meaning))
        for section, each in self.entities():
            if document is None or each.at[0] is document:
                made.take(section, each)
        return made


@dataclass(slots=True)
class Written:
    """Manifest data, with the places of its values and of its ids, and the entities that are only referred to."""

    resolved: Resolved
    data: dict[str, Any] = field(default_factory=dict)
    ids: dict[PathKey, tuple[Document, PathKey, bool]] = field(default_factory=dict)
    implied: set[PathKey] = field(default_factory=set)

    def take(self, section: str, entity: DraftEntity) -> None:
        """Add an entity, but leave out a flow if the map says that nothing it carries matters."""
        if section == "flows":
            carries = entity.values.get("carries")
            if carries is not None and carries.value == []:
                return
            listed = self.data.setdefault(section, [])
            path: PathKey = (section, len(listed))
            values = {"id": Placed(Fixed(entity.id), entity.at), **entity.values}
            listed.append(self._attributes(values, path))
        else:
            path = (section, entity.id)
            self.data.setdefault(section, {})[entity.id] = self._attributes(entity.values, path)
            self.ids[path] = (*entity.at, entity.is_key)
            if entity.implied:
                self.implied.add(path)
        self.resolved.paths[path] = entity.at

    def _attributes(self, values: Mapping[str, Placed], path: PathKey) -> dict[str, Node]:
        found = {name: self.resolved.value(each, (*path, name)) for name, each in values.items()}
        return {name: each for name, each in found.items() if each is not ... and not (name == "purposes" and not each)}


def _entity(known: dict[str, DraftEntity], name: str, at: Field, *, implied: bool) -> DraftEntity:
    found = known.get(name)
    if found is None:
        found = known[name] = DraftEntity(name, at, implied=implied)
    elif found.implied and not implied:
        found.set_place(at, implied=False)
    return found


def _place(at: Field | Place) -> Place:
    return (at.source.document, at.path) if isinstance(at, Field) else at


def _key(said: Placed) -> object:
    match said.value:
        case Term(term=term):
            return term
        case dict() as keyed:
            return tuple((key, _key(each)) for key, each in keyed.items())
        case list() as listed:
            return tuple(map(_key, listed))
        case fixed:
            return id(fixed)
