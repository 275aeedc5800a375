"""The maps that belong to shipped vocabularies: what the identifiers of Fides and DPV mean in a policy that uses these.

`std/fides.map.yaml` belongs to `std/fides.privacy`. Maps of the user take precedence.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.importing.draft import Meaning
from privacy_rules.manifest.importing.term_map import BEGINS, SECTIONS, MapFile, TermMap, read_map
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.read_file import read_document
from privacy_rules.source.language_files import language_home
from privacy_rules.source.spelling import Suggestions

_SHIPPED = "std/"


def meaning_in(lexicon: Lexicon) -> Meaning:
    """What words mean in a policy: its own terms, and the identifiers of the shipped vocabularies that it uses."""
    shipped = _maps_of(lexicon.policy)

    def meaning(section: str, word: str) -> str | None:
        vocabulary = SECTIONS[section]
        if lexicon.spelling(vocabulary, word) is not None:
            return word
        meant = shipped.known(section, word) or ()
        return next((each for each in meant if lexicon.spelling(vocabulary, each) is not None), None)

    return meaning


def identifiers(policy: Policy) -> Mapping[str, Mapping[str, str]]:
    """Return the identifiers of terms in the vocabularies that a policy uses: by section of a map, such as `data`, and by term.

    If several vocabularies have a term, the identifier is that of the first one by name.
    """
    found: dict[str, dict[str, str]] = {}
    for file in _maps_of(policy).files:
        for section, vocabulary in SECTIONS.items():
            known = set(policy.taxonomy(vocabulary).terms)
            for word, term in file.section(section).items():
                if str(term) in known:
                    found.setdefault(section, {}).setdefault(str(term), word)
    return found


def _maps_of(policy: Policy) -> TermMap:
    names = sorted(each.removeprefix(_SHIPPED) for each in policy.files if each.startswith(_SHIPPED))
    return TermMap([each for each in map(_read, names) if each is not None])


@cache
def _read(name: str) -> MapFile | None:
    """The map of a shipped vocabulary; None if it has none."""
    path = (language_home() / _SHIPPED / name).with_suffix(".map.yaml")
    if not path.is_file():
        return None
    content = path.read_bytes()
    read, sink = read_document(
        f"{_SHIPPED}{path.name}",
        content,
        json=False,
        limit=len(content),
        suggestions=Suggestions(),
        begins=BEGINS,
    )
    return None if read is None else read_map(read.data, sink)
