"""Read maps, which translate the words of other tools into terms of a policy: `map: 1`, then sections.

data: {user.contact.email: email, system: []}      # a term, several, or none that matters
owners: {Payments team: acme}                       # the id of a party
systems: {mailer: {party: letters}}                 # attributes of a system
parties: {letters: {role: service_provider}}        # declared as in a manifest
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral, Plain, is_text, quoted
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass

SECTIONS: Mapping[str, str] = {
    "data": "data",
    "classifications": "data",
    "tags": "data",
    "purposes": "purpose",
    "countries": "region",
    "kinds": "kind",
    "roles": "role",
    "methods": "method",
    "safeguards": "safeguard",
    "legal_bases": "basis",
}
"""The sections of words that mean terms, each with the vocabulary of the terms."""
NAMES = ("owners", "services")
"""The sections of names that mean an id: of a party, and of a system."""
ATTRIBUTES = ("systems", "zones")
"""The sections of names with attributes of systems."""
COLUMNS, PARTIES = "columns", "parties"
KEYS = ("map", *SECTIONS, *NAMES, *ATTRIBUTES, COLUMNS, PARTIES)
BEGINS = "a map begins with `map: 1`"
EVERYTHING = "*"
"""The word whose entry applies to every word that a section does not have."""


@dataclass(slots=True)
class MapFile:
    """One map as read."""

    document: Document
    data: dict[str, Node]

    def section(self, name: str) -> dict[str, Node]:
        """A section; empty if it is absent."""
        return self.data.get(name) or {}


@dataclass(slots=True)
class TermMap:
    """All maps of a call. Earlier maps take precedence; `absent` counts the words that are in no map."""

    files: list[MapFile] = field(default_factory=list)
    absent: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def parties(self) -> set[str]:
        """The ids of the parties that the maps declare."""
        return {name for each in self.files for name in each.section(PARTIES)}

    def terms(self, section: str, word: str) -> tuple[str, ...] | None:
        """The terms that a word means; None if no map says so.

        `user.contact` also covers `user.contact.email`, unless that has an entry of its own; `*` covers everything else.
        """
        found = self.known(section, word)
        if found is None:
            found = self._entry(section, EVERYTHING)
        if found is None:
            self.missing(section, word)
        return found

    def known(self, section: str, word: str) -> tuple[str, ...] | None:
        """The terms that a word means by its own entry, or by that of a broader word such as `a.b` for `a.b.c`."""
        entries = (self._entry(section, each) for each in _outwards(word))
        return next((each for each in entries if each is not None), None)

    def _entry(self, section: str, word: str) -> tuple[str, ...] | None:
        for file in self.files:
            found = file.section(section).get(word)
            if found is not None:
                return tuple(map(str, found)) if type(found) is list else (str(found),)
        return None

    def missing(self, section: str, word: str) -> None:
        """Count a word that no map has."""
        self.absent[section, word] += 1

    def owner(self, name: str) -> str | None:
        """The party that a name means."""
        return self._name("owners", name)

    def service(self, name: str) -> str | None:
        """The system that the name of an observed service means."""
        return self._name("services", name)

    def column(self, name: str) -> str | None:
        """The attribute that a column of a table means."""
        return self._name(COLUMNS, name)

    def _name(self, section: str, name: str) -> str | None:
        found = (file.section(section).get(name) for file in self.files)
        return next((str(each) for each in found if each is not None), None)

    def of_system(self, name: str) -> Iterator[tuple[str, Node, tuple[Document, PathKey]]]:
        """The attributes that the maps give to a system, with their places."""
        return self._attributes("systems", name)

    def of_zone(self, name: str) -> Iterator[tuple[str, Node, tuple[Document, PathKey]]]:
        """The attributes that the maps give to the systems in a zone, with their places."""
        if not any(name in file.section("zones") for file in self.files):
            self.missing("zones", name)
        return self._attributes("zones", name)

    def _attributes(self, section: str, name: str) -> Iterator[tuple[str, Node, tuple[Document, PathKey]]]:
        for file in self.files:
            for attribute, value in (file.section(section).get(name) or {}).items():
                yield attribute, value, (file.document, (section, name, attribute))


def _outwards(word: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`."""
    while word:
        yield word
        word = word.rpartition(".")[0]


def read_map(data: Node, sink: DiagnosticSink) -> MapFile | None:
    """The map in a file's data; None after errors."""
    assert isinstance(sink.document, Document)
    if type(data) is not dict:
        sink.misfit("`key: value` pairs", data, (), BEGINS)
        return None
    before = len(sink.found)
    _version(data, sink)
    for key, section in data.items():
        if key not in KEYS:
            help_ = sink.suggestions.near(key, KEYS, "keys of a map")
            known = "a map's keys are " + ", ".join(f"`{each}`" for each in KEYS)
            sink.add(codes.UNKNOWN_KEY, f"unknown key {quoted(key)}", (key,), key=True, help=help_ or known)
        elif key != "map" and section is not None and type(section) is not dict:
            sink.misfit("a map", section, (key,))
        elif key != "map":
            _check_section(key, section or {}, sink)
    return MapFile(sink.document, data) if len(sink.found) == before else None


def _version(data: dict[str, Node], sink: DiagnosticSink) -> None:
    given = data.get("map")
    written = given.text if type(given) is Numeral else given if type(given) is Plain else None
    if "map" not in data:
        sink.add(codes.MISSING_KEY, "the file has no `map`", (), help=BEGINS)
    elif written != "1":
        sink.misfit("the format version 1", given, ("map",), "write `map: 1`")


def _check_section(key: str, section: dict[str, Node], sink: DiagnosticSink) -> None:
    for word, meant in section.items():
        path: PathKey = (key, word)
        if meant is None or key == PARTIES:
            continue
        if key in ATTRIBUTES:
            if type(meant) is not dict:
                sink.misfit("a map of attributes", meant, path)
        elif type(meant) is list and key in SECTIONS:
            for index, each in enumerate(meant):
                if not is_text(each):
                    sink.misfit("a term", each, (*path, index))
        elif not is_text(meant):
            sink.misfit("a term, or a list of terms" if key in SECTIONS else "a name", meant, path)
