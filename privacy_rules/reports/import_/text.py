"""What an import writes: the manifest, or the suggested map, as YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from privacy_rules.manifest.edit.rendering import Style
from privacy_rules.manifest.importing.suggested_map import SuggestedMap, Suggestion
from privacy_rules.manifest.nodes import Numeral, Plain
from privacy_rules.manifest.write import Data
from privacy_rules.reports.import_.document import ImportReport
from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible
from privacy_rules.vocabulary.values import read_flag, read_number

_STYLE = Style()
_ORDER = ("parties", "systems", "flows")
_OF_ENTITIES = {"parties", "systems", "flows"}


def render(found: ImportReport, _: View) -> str:
    """The YAML text."""
    return "".join(f"{line}\n" for line in (_manifest(found) if found.map is None else _map(found, found.map)))


def _manifest(found: ImportReport) -> Iterator[str]:
    names = ", ".join(visible(each) for each in found.result.files[:5])
    yield f"# From {found.result.format.title}: {names}{', …' if len(found.result.files) > 5 else ''}"
    yield "manifest: 1"
    for section in _ORDER:
        value = as_data(found.result.manifest.get(section))
        if value:
            yield ""
            yield from _STYLE.keyed(section, value, "", lambda key, each: key in _OF_ENTITIES or _is_entity(each))


def _is_entity(value: Data) -> bool:
    return isinstance(value, Mapping) and len(_STYLE.inline(value)) > 100


def as_data(node: Any) -> Data:
    """Manifest data as a writer takes it."""
    match node:
        case dict():
            return {str(key): as_data(each) for key, each in node.items()}
        case list():
            return [as_data(each) for each in node]
        case Plain():
            flag = read_flag(node)
            return str(node) if flag is None else flag
        case Numeral(text=text):
            return read_number(text)
        case _:
            return node


def _map(found: ImportReport, suggested: SuggestedMap) -> Iterator[str]:
    yield f"# A draft map for {found.result.format.title}. Check every line: a wrong term leads to wrong findings."
    yield "# `null` means: not decided yet, so what uses the word is undeclared. `[]` means: not covered by any rule."
    yield "map: 1"
    for section, suggestions in suggested.sections.items():
        yield ""
        yield f"{section}:"
        yield from map(_line, suggestions)
    yield ""
    yield "# Add who runs these systems, and anything else that the files do not say: `{party: acme, country: DE, stores: []}`"
    yield "systems:" if suggested.systems else "systems: {}"
    yield from (f"  {_STYLE.key(each)}: {{}}" for each in suggested.systems)
    yield ""
    yield "# The parties, declared as in a manifest: `acme: {role: us, country: DE}`"
    yield "parties: {}"


def _line(found: Suggestion) -> str:
    times = f"{found.count:,} time{'' if found.count == 1 else 's'}"
    near = "" if found.term is None or found.sure else f"; perhaps `{found.term}`"
    near = near if found.compared else "; not compared with the terms: there are too many words"
    value = found.term if found.sure and found.term else found.otherwise
    return f"  {_STYLE.key(found.word)}: {value}  # {times}{near}"
