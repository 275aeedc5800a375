"""The formats that an estate can be exported to, each with the module that writes it.

A new format is a module in `formats/` with a function `write(data)`, a line here, a section in `docs/exporting.md` and a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from privacy_rules.manifest.exporting.estate_data import EstateData
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format. It has several files if `files` has more than one name."""

    name: str
    title: str
    files: tuple[str, ...]

    def write(self, data: EstateData) -> Mapping[str, str]:
        """The text of each file. What the format cannot hold is counted in `data.lost`."""
        texts = import_module(f"privacy_rules.manifest.exporting.formats.{self.name}").write(data)
        data.count_what_is_left()
        return dict(zip(self.files, texts, strict=True))


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "tables of systems and flows", ("systems.csv", "flows.csv")),
        Format("cyclonedx", "a CycloneDX 1.6 document with services", ("bom.json",)),
        Format("dpv", "JSON-LD with the W3C Data Privacy Vocabulary", ("dpv.jsonld",)),
        Format("openlineage", "OpenLineage events, one on each line", ("events.ndjson",)),
        Format("otm", "an Open Threat Model 0.2", ("otm.yaml",)),
        Format("threagile", "a Threagile model", ("threagile.yaml",)),
    )
}
"""The formats by name."""
