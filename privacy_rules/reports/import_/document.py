"""The content of the report of an import, and the notes for standard error."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.manifest.importing.result import Result
from privacy_rules.manifest.importing.suggested_map import SuggestedMap
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted, listed

_MOST = 20


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import, and the suggested map if the call asks for one."""

    result: Result
    map: SuggestedMap | None = None

    def notes(self) -> Iterator[str]:
        """Lines for standard error: what was imported, what is lost, and how many words no map has."""
        result = self.result
        counts = [counted(result.count(section), section.removesuffix("s")) for section in ("systems", "flows")]
        yield f"imported {listed([*counts, counted(result.terms, 'category')])} from {counted(len(result.files), 'file')} ({result.format.name})"
        rows = sorted(result.lost.items(), key=lambda each: (-each[1], each[0]))
        for path, count in rows[:_MOST]:
            yield f"lost: {visible(path)} ({count:,})"
        if len(rows) > _MOST:
            yield f"lost: {len(rows) - _MOST:,} more paths; `--format json` lists them all"
        if result.unmapped and self.map is None:
            yield f"not in a map: {counted(len(result.unmapped), 'word')}; `--suggest-map` lists them"
