"""Plan the changes to one file: which entries to remove, to change and to add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from privacy_rules.manifest.edit.cst import Element, Entry, Kind, Tree, UneditableError
from privacy_rules.manifest.edit.value_comparison import form, form_of, is_set
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.write import Data
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class New:
    """A new entry of a map (with a name) or a list. It comes after all others, or after the last one in `after`."""

    name: str | None
    value: Data
    after: tuple[str, ...] = ()


@dataclass(slots=True)
class FilePlan:
    """The planned changes of one file: entries to remove, values to put, entries to add. Paths are those before the change."""

    gone: set[PathKey] = field(default_factory=set)
    put: dict[PathKey, Data] = field(default_factory=dict)
    new: dict[PathKey, list[New]] = field(default_factory=dict)

    def add(self, path: PathKey, entry: New) -> None:
        """Add an entry to the map or list at a path."""
        self.new.setdefault(path, []).append(entry)

    def remove_empty(self, tree: Tree) -> None:
        """Remove a section, or the `defaults` of a kind, as a whole if all its entries are removed."""
        for depth in (2, 1):
            for path in {each[:depth] for each in self.gone if len(each) == depth + 1 and _may_go(each[:depth])}:
                element = tree.element(path)
                inside = {each[depth] for each in self.gone if len(each) == depth + 1 and each[:depth] == path}
                left = element is None or len(inside) < len(element.entries) or element.kind is Kind.ALIAS
                if not left and path not in self.new:
                    self.gone = {path, *(each for each in self.gone if each[:depth] != path)}


def _may_go(path: PathKey) -> bool:
    return len(path) == 1 or path[0] in ("defaults", "shared_defaults")


def attributes(plan: FilePlan, tree: Tree, path: PathKey, now: dict[str, Data], names: Iterable[str]) -> None:
    """Plan that, in the map at a path, these names have the values in `now`; names that `now` lacks are removed."""
    element = tree.element(path)
    if element is None or element.kind is Kind.ALIAS:
        raise UneditableError(
            f"`{path[-1]}` is an alias for something written elsewhere", element.start if element else 0
        )
    if element.kind is not Kind.MAP:
        kept = {name: now[name] for name in names if name in now}
        if kept:
            plan.put[path] = kept
        return
    for name in names:
        entry = element.named(name)
        if name not in now:
            if entry is not None:
                plan.gone.add((*path, name))
        elif entry is None:
            plan.add(path, New(name, now[name]))
        else:
            value(plan, tree, (*path, name), entry, now[name])


def value(plan: FilePlan, tree: Tree, path: PathKey, entry: Entry, wanted: Data) -> None:
    """Plan another value for an entry, with as few changes as possible."""
    element = entry.value
    if form_of(element) == form(wanted):
        return
    if (
        isinstance(wanted, dict)
        and wanted
        and element.kind is Kind.MAP
        and element.entries
        and not tree.is_shared(element)
    ):
        attributes(plan, tree, path, wanted, dict.fromkeys([*(each.name or "" for each in element.entries), *wanted]))
    elif (
        isinstance(wanted, list)
        and wanted
        and element.kind is Kind.LIST
        and element.entries
        and not tree.is_shared(element)
    ):
        _listed(plan, tree, path, element, wanted)
    else:
        plan.put[path] = wanted


def _listed(plan: FilePlan, tree: Tree, path: PathKey, element: Element, wanted: list[Data]) -> None:
    """Remove and add items if that is enough; otherwise change each in place."""
    here, there = [form_of(each.value) for each in element.entries], [form(each) for each in wanted]
    gone = [number for number, each in enumerate(here) if each not in there]
    new = [each for each, said in zip(wanted, there, strict=True) if said not in here]
    left = [each for each in here if each in there] + [form(each) for each in new]
    alike = set(left) == set(there) if is_set(str(path[-1])) else left == there
    if alike and len(gone) < len(here):
        plan.gone |= {(*path, number) for number in gone}
        for each in new:
            plan.add(path, New(None, each))
    elif len(here) == len(there):
        for number, each in enumerate(wanted):
            value(plan, tree, (*path, number), element.entries[number], each)
    else:
        plan.put[path] = wanted
