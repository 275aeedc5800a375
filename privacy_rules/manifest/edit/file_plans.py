"""Plan the edits of each file from two estates, so that the files declare the second one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest import write
from privacy_rules.manifest.declaration_reader import DEFAULTS, SECTION_OF, SHARED_DEFAULTS
from privacy_rules.manifest.edit.cst import Tree, UneditableError, tree
from privacy_rules.manifest.edit.edit_plan import FilePlan, New, attributes
from privacy_rules.manifest.file_set import ManifestFile
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.merger import origins_of_items
from privacy_rules.manifest.model import Estate, PathKey, Record
from privacy_rules.manifest.write import Data
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, is_nobody

_ORGANISATION, _WAIVERS = "organisation", "waivers"
_REGION = "region"
_HEAD = ("manifest", "name", "policy", "as_of")


class HomelessError(Exception):
    """No file can take a new entity."""


class UnplannedError(Exception):
    """A file whose form cannot be edited."""

    def __init__(self, file: ManifestFile, why: UneditableError) -> None:
        super().__init__(why.message)
        self.file, self.why = file, why


@dataclass(slots=True)
class Work:
    """A file and its plan. The tree is made when it is first needed."""

    file: ManifestFile
    plan: FilePlan = field(default_factory=FilePlan)
    fresh: dict[str, Any] = field(default_factory=dict)  # entries of sections that are absent or empty
    _tree: Tree | None = None

    @property
    def tree(self) -> Tree:
        """The elements of the file. Raises UnplannedError for a form that cannot be edited."""
        if self._tree is None:
            try:
                self._tree = tree(self.file.document, self.file.data, json=self.file.json)
            except UneditableError as error:
                raise UnplannedError(self.file, error) from error
        return self._tree

    def alter(self, path: PathKey, now: dict[str, Data], names: Iterable[str]) -> None:
        """Plan that these names of the map at a path have the values in `now`. Raises UnplannedError if it is an alias."""
        try:
            attributes(self.plan, self.tree, path, now, names)
        except UneditableError as error:
            raise UnplannedError(self.file, error) from error

    def take(self, section: str, name: str | None, said: Data) -> None:
        """Add an entry to a section. An entry of a list has no name."""
        if self.file.data.get(section):
            self.plan.add((section,), New(name, said))
        elif name is None:
            self.fresh.setdefault(section, []).append(said)
        else:
            self.fresh.setdefault(section, {})[name] = said

    def settle(self) -> bool:
        """Complete the plan, and return whether it changes anything."""
        for section, said in self.fresh.items():
            if section in self.file.data:
                self.plan.put[(section,)] = said
            else:
                self.plan.add((), New(section, said))
        if not (self.plan.gone or self.plan.put or self.plan.new):
            return False
        self.plan.remove_empty(self.tree)
        return True


class Plan:
    """The plans of all files of an estate."""

    def __init__(self, files: tuple[ManifestFile, ...], policy: Policy, before: Estate, after: Estate) -> None:
        self.works = [Work(each) for each in files]
        self.before, self.after = before, after
        self.lexicon = Lexicon(policy)
        self._places: dict[tuple[Entity, str], tuple[Work, PathKey]] = {}

    def files(self) -> list[Work]:
        """The files that change, with their plans. Raises UnplannedError or HomelessError."""
        self._places = dict(self._found())
        self._defaults()
        for entity in SECTION_OF:
            self._records(entity)
        self._organisation()
        self._waivers()
        if self.after.as_of != self.before.as_of:
            self._day()
        return [each for each in self.works if each.settle()]

    def _found(self) -> Iterator[tuple[tuple[Entity, str], tuple[Work, PathKey]]]:
        for work in self.works:
            for entity, section in SECTION_OF.items():
                listed = work.file.data.get(section) or ()
                if isinstance(listed, dict):
                    yield from (((entity, str(each)), (work, (section, each))) for each in listed)
                else:
                    for number, each in enumerate(listed):
                        yield (entity, str(each["id"])), (work, (section, number))

    # Entities.

    def _records(self, entity: Entity) -> None:
        old, new = self.before.records(entity), self.after.records(entity)
        for name, record in old.items():
            now = new.get(name)
            if now is record:
                continue
            if (entity, name) not in self._places:
                raise _not_a_manifest(self._imported(record))
            work, path = self._places[entity, name]
            if now is None or all_keys(now) != {**self._holding(work, entity), **own_keys(now)}:
                work.plan.gone.add(path)
            elif now.declared != record.declared:
                self._altered(work, path, record, now)
        for name, record in new.items():
            place = self._places.get((entity, name))
            is_new = place is None and name not in old
            if is_new or (place is not None and place[1] in place[0].plan.gone):
                self._added(record)

    def _imported(self, record: Record) -> ManifestFile:
        """The file from another tool, or the table, that declares an entity."""
        place = record.location()
        files = [work.file for work in self.works if work.file.imported is not None or work.file.table is not None]
        return next((each for each in files if place is not None and each.document.name == place.file), files[0])

    def _altered(self, work: Work, path: PathKey, old: Record, new: Record) -> None:
        then, now = (self._said(each) for each in (old, new))
        names = [name for name in {**then, **now} if then.get(name) != now.get(name) or (name in then) != (name in now)]
        work.alter(path, now, names)

    def _added(self, record: Record) -> None:
        work, section = self._home(record), SECTION_OF[record.entity]
        said = self._said(record)
        if record.entity is Entity.FLOW:
            work.take(section, None, {"id": record.id, **said})
        else:
            work.take(section, record.id, said)

    def _said(self, record: Record) -> dict[str, Data]:
        """The declarations of an entity, with country codes in capitals, as people write them."""
        said = write.record(record)
        for name, attribute in self.lexicon.known[record.entity].items():
            if attribute.type.vocabulary == _REGION and name in said:
                value = said[name]
                said[name] = [self._region(each) for each in value] if isinstance(value, list) else self._region(value)
        return said

    def _region(self, term: Data) -> Data:
        if not isinstance(term, str) or len(term) != 2:
            return term
        return term.upper() if self.lexicon.spelling(_REGION, term.upper()) == term else term

    def _home(self, record: Record) -> Work:
        """The file for a new entity: one whose `defaults` do not affect it, preferably one with similar entities."""
        section = SECTION_OF[record.entity]
        found = [
            (not work.file.data.get(section), -self._likeness(work, record), number)
            for number, work in enumerate(self.works)
            if work.file.is_editable and set(self._holding(work, record.entity)) <= set(own_keys(record))
        ]
        if not found:
            raise HomelessError(f"the `defaults` of each file would apply to {record.entity} `{record.id}`")
        return self.works[min(found)[2]]

    def _likeness(self, work: Work, record: Record) -> int:
        """How many entries of a file have the same source as a flow, or the same party as a system."""
        section = work.file.data.get(SECTION_OF[record.entity]) or ()
        key = {Entity.FLOW: "from", Entity.SYSTEM: "party"}.get(record.entity)
        value = record.declared.get(key) if key else None
        listed = section.values() if isinstance(section, dict) else section
        return sum(1 for each in listed if value is not None and each and each.get(key) == value)

    # Defaults and the rest of a file.

    def _holding(self, work: Work, entity: Entity) -> dict[str, None]:
        """The names of the attributes with a default for a kind after the change, from the file or for all files."""
        found: dict[str, None] = {}
        for section, works in ((DEFAULTS, [work]), (SHARED_DEFAULTS, self.works)):
            for each in works:
                said = (each.file.data.get(section) or {}).get(entity.value) or {}
                gone = {path[2] for path in each.plan.gone if path[:2] == (section, entity.value) and len(path) == 3}
                found |= {name: None for name, value in said.items() if name not in gone and value != {}}
        return found

    def _defaults(self) -> None:
        """Remove references to removed entities from `defaults` and `shared_defaults`."""
        for work in self.works:
            for section in (DEFAULTS, SHARED_DEFAULTS):
                for kind, said in (work.file.data.get(section) or {}).items():
                    for name, target in self.lexicon.references(Entity(kind)) if said else ():
                        if not is_nobody(Entity(kind), name, said.get(name)):
                            self._mentions(work, (section, kind, name), said.get(name), self.after.records(target))
                    for path, named in origins_of_items(said or {}, (section, kind)):
                        self._mentions(work, path, named, self.after.flows)

    def _mentions(self, work: Work, path: PathKey, said: Data, known: Mapping[str, Record]) -> None:
        if isinstance(said, list):
            gone = {(*path, number) for number, each in enumerate(said) if each not in known}
            work.plan.gone |= gone if len(gone) < len(said) else {path} if said else set()
        elif said is not None and said not in known:
            work.plan.gone.add(path)

    def _organisation(self) -> None:
        old, new = (write.record(each.organisation) for each in (self.before, self.after))
        names = [name for name in {**old, **new} if (name in old, old.get(name)) != (name in new, new.get(name))]
        saying = [work for work in self.works if work.file.data.get(_ORGANISATION)]
        unsaid = [name for name in names if not any(name in work.file.data[_ORGANISATION] for work in saying)]
        for work in saying:
            own = [name for name in names if name in work.file.data[_ORGANISATION]]
            own += unsaid if work is saying[0] else []
            if own:
                work.alter((_ORGANISATION,), new, own)
        for name in () if saying else unsaid:
            self._first().take(_ORGANISATION, name, new[name])

    def _waivers(self) -> None:
        left, known = {id(each) for each in self.after.waivers}, {id(each) for each in self.before.waivers}
        waivers = iter(self.before.waivers)
        having: Work | None = None
        for work in self.works:
            for number, _ in enumerate(work.file.data.get(_WAIVERS) or ()):
                having = having or work
                if id(next(waivers)) not in left:
                    work.plan.gone.add((_WAIVERS, number))
        for each in self.after.waivers:
            if id(each) not in known:
                (having or self._first()).take(_WAIVERS, None, write.waiver(each))

    def _day(self) -> None:
        saying = [work for work in self.works if work.file.header.as_of is not None]
        for work in saying:
            work.plan.put[("as_of",)] = self.after.as_of
        first = self._first()
        if not saying and "as_of" in first.file.data:
            first.plan.put[("as_of",)] = self.after.as_of
        elif not saying:
            first.plan.add((), New("as_of", self.after.as_of, _HEAD))

    def _first(self) -> Work:
        found = next((each for each in self.works if each.file.is_editable), None)
        if found is None:
            raise HomelessError("no manifest is a file")
        return found


def own_keys(record: Record) -> dict[str, None]:
    """The keys that an entity declares itself."""
    return {name.partition(".")[0] if record.entity is Entity.CONTRACT else name: None for name in record.declared}


def all_keys(record: Record) -> dict[str, None]:
    """The keys that an entity declares, or has by default."""
    names = [*record.declared, *record.defaults]
    return {name.partition(".")[0] if record.entity is Entity.CONTRACT else name: None for name in names}


def _not_a_manifest(file: ManifestFile) -> UnplannedError:
    what = "a table" if file.table is not None else "a file from another tool"
    return UnplannedError(file, UneditableError(f"it is {what}", 0))
