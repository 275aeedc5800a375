"""Convert files from other tools into a manifest, and report what is lost and which words no map has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from privacy_rules.manifest.file_set import FileReader, Stdin, default_root
from privacy_rules.manifest.importing.draft import UNLABELLED
from privacy_rules.manifest.importing.imported_file import lost
from privacy_rules.manifest.importing.registry import Format
from privacy_rules.manifest.importing.shipped_maps import meaning_in
from privacy_rules.manifest.importing.term_map import PARTIES, SECTIONS
from privacy_rules.manifest.importing.work import Importing
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.loader import without_collector
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, has_errors, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, FileSystem

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an import.

    `manifest` has the sections of a manifest. `lost` counts what could not be imported, by path. `unmapped` counts the words
    that no map has, by section of a map; those for which the policy has no term are undeclared in the manifest.
    """

    format: Format
    files: tuple[str, ...]
    manifest: Mapping[str, Any]
    lost: Counter[str]
    unmapped: Counter[tuple[str, str]]

    def count(self, section: str) -> int:
        """How many entities of a section there are."""
        return len(self.manifest.get(section, ()))

    @property
    def terms(self) -> int:
        """How many different categories of data the manifest has."""
        return len(_data(self.manifest))


def import_files(
    paths: Sequence[Path | Stdin],
    *,
    only: Format | None = None,
    maps: Sequence[Path] = (),
    lexicon: Lexicon | None = None,
    limit: int,
    root: Path | None = None,
    disk: FileSystem = DISK,
) -> tuple[Result | None, Diagnostics]:
    """Import files of one format. Without `lexicon`, words that no map has become terms themselves."""
    importing = Importing(only, alone=True)
    reader = FileReader(disk.real(root or default_root(paths, disk)), limit, {}, disk, maps=maps, importing=importing)
    with without_collector():
        reader.read_all(paths)
        found = list(reader.found)
        formats = {each.format.name for each in importing.files}
        if len(formats) > 1:
            names = " and ".join(sorted(formats))
            message = f"the files are of several formats: {names}"
            found.append(Diagnostic(codes.USAGE, message, help="import each format in a separate call"))
        if has_errors(found) or not importing.files:
            return None, in_order(found)
        draft = importing.files[0].draft
        manifest: dict[str, Any] = {}
        parties = {name: each for file in importing.terms.files for name, each in file.section(PARTIES).items()}
        if parties:
            manifest[PARTIES] = parties
        for imported in importing.files:
            for section, entities in imported.written(lexicon).data.items():
                _add(manifest, section, entities)
    unmapped = Counter(draft.map.absent)
    if lexicon is not None:
        meaning = meaning_in(lexicon)
        for section, word in draft.map.absent:
            if section in SECTIONS and meaning(section, word) is not None:
                del unmapped[section, word]
    files = tuple(each.source.document.name for each in importing.files)
    return Result(importing.files[0].format, files, manifest, lost(importing.files), unmapped), in_order(found)


def _add(manifest: dict[str, Any], section: str, entities: Any) -> None:
    if isinstance(entities, list):
        manifest.setdefault(section, []).extend(entities)
    else:
        manifest.setdefault(section, {}).update(entities)


def _data(manifest: Mapping[str, Any]) -> set[str]:
    """The categories in all lists of data of a manifest."""
    found: set[str] = set()
    for body in (*manifest.get("systems", {}).values(), *manifest.get("flows", ())):
        for name in ("carries", "stores", "uses", "creates"):
            for each in body.get(name) or ():
                found.add(str(each["data"] if isinstance(each, dict) else each))
        for each in body.get("transforms") or ():
            found.add(str(each["from"]))
    return found - {UNLABELLED}
