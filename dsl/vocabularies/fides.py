"""Make `std.fides` from the taxonomy that the package `fideslang` publishes: `fides.py [--check] FOLDER_OR_WHEEL`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from writing import Concept, Data, mapped, run, tree

HEADER = """\
# The taxonomy of Fides: categories of data, uses of data as purposes, and data subjects as roles. A key is a term with `_` for each dot:
# `user.contact.email` is `user_contact_email`. With `use std.fides`, files from other tools may have the keys themselves.
#
# Made from fideslang {version} (https://github.com/ethyca/fideslang, the taxonomy is licensed under CC BY 4.0) by
# dsl/vocabularies/fides.py. Do not edit it.
"""
MAP = (
    "# The keys of fideslang {version} and the terms of `std.fides`. Made by dsl/vocabularies/fides.py; do not edit it."
)


def made(data: Data) -> tuple[str, str]:
    """Return the texts of the vocabulary and of its map."""
    version = _version(data)
    categories, uses, subjects = (list(_entries(data, each)) for each in ("categories", "uses", "subjects"))
    blocks = [tree("data", categories), tree("purpose", uses), tree("role", subjects, below="data_subject")]
    vocabulary = "\n".join([HEADER.format(version=version), "use std.core\n", "\n\n".join(blocks)]) + "\n"
    return vocabulary, mapped(MAP.format(version=version), {"data": categories, "purposes": uses, "roles": subjects})


def _version(data: Data) -> str:
    found = re.search(
        r"^__version__ = .*'(.+)'$", (data / "fideslang" / "_version.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found, "fideslang does not say its version"
    return found[1]


def _entries(data: Data, kind: str) -> Iterator[Concept]:
    """The entries of a taxonomy: calls of a factory with constants. The code is parsed, not run."""
    text = (data / "fideslang" / "default_taxonomy" / f"data_{kind}.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        said = {each.arg: each.value.value for each in _keywords(node) if isinstance(each.value, ast.Constant)}
        if "fides_key" in said:
            above = (_term(said["parent_key"]),) if said.get("parent_key") else ()
            yield Concept(said["fides_key"], _term(said["fides_key"]), said["description"], above)


def _keywords(node: ast.AST) -> list[ast.keyword]:
    return node.keywords if isinstance(node, ast.Call) else []


def _term(key: str) -> str:
    return key.replace(".", "_")


if __name__ == "__main__":
    run("fides", made)
