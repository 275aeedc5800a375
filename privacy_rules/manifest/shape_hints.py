"""Help for values of the wrong shape: a list where one value is wanted, one value instead of a list, keys without a colon."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral, Plain, is_text, quoted, visible
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity

_OF_SEVERAL = {
    "with": "declare a contract for each, or name all parties of one contract under `between`",
    "from": "declare a flow for each",
    "to": "declare a flow for each",
}
_NOTHING = ("none", "nothing", "n/a", "-")
_ELSEWHERE = {
    ("data", "covers"): "write it inside `covers`, as in `covers: {data: […], purposes: […]}`",
    ("purposes", "covers"): "write it inside `covers`, as in `covers: {data: […], purposes: […]}`",
    ("data", "carries"): "write `carries` for the data of a flow",
    ("data", "stores"): "write `stores` for the data that a system keeps",
}
_MOST = 60
LOST = re.compile(r"[ \t]+(#[^\s#!][^\r\n]*)")
"""What is read as a comment, although no space follows its `#`."""


def one_value(node: Node, path: PathKey) -> str | None:
    """Return the help for a list or a map where one value is wanted, or None."""
    if type(node) is dict and len(node) == 1:
        ((key, value),) = node.items()
        if key in ("data", "purpose") and is_text(value):
            return f"write {quoted(value)}"
        text = visible(f"{key}: {value}")
        return f'put it in quotes: `"{text}"`' if type(value) is Plain else None
    if type(node) is not list:
        return None
    if not node:
        return "leave the key out if nothing is known"
    if len(node) == 1 and (shown := written(node[0])):
        return (
            f"write {quoted(f'{path[-1]}: {shown}')}"
            if path and isinstance(path[-1], str)
            else f"write {quoted(shown)}"
        )
    special = _OF_SEVERAL.get(str(path[-1])) if path and path[0] in ("flows", "contracts") else None
    return special or "write one of them, without brackets"


def after_a_hash(rest: str) -> str | None:
    """Return the help for a value that is read as a comment, by the rest of its line; None if it is not."""
    found = LOST.match(rest)
    return f"{quoted(found[1].rstrip())} is read as a comment: put the value in quotes" if found else None


def a_list(node: Node) -> str | None:
    """Return the help for one value where a list is wanted, or None."""
    if not is_text(node):
        return None
    if node.lower() in _NOTHING:
        return "write `[]` if there is nothing; leave the key out if nobody knows"
    dashed = re.findall(r"(?:^| )-([^\s-]\S*)", node) if type(node) is Plain else []
    if dashed and node.startswith("-"):
        return f"a dash is followed by a space: write {listed_items(dashed)}"
    parts = [each for each in re.split(r"[\s,;|]+", node) if each] if re.search("[,;|]", node) else [str(node)]
    return f"write {listed_items(parts, quotes=type(node) is str)}"


def listed_items(items: Collection[str], *, quotes: bool = False) -> str:
    """Return items as a list in brackets, in backticks."""
    shown = [f'"{each}"' for each in items] if quotes else items
    return quoted(f"[{', '.join(shown)}]")


def key_and_value(name: str, known: Collection[str]) -> str | None:
    """Return the help for a key that has its value in it: `role:us`, `role us`, `role = us`; else None."""
    found = re.fullmatch(r"([\w.-]+)(?::| *=| ) *(\S.*)", name)
    return f"write {quoted(f'{found[1]}: {found[2]}')}" if found and found[1] in known else None


def belongs_elsewhere(name: str, known: Collection[str]) -> str | None:
    """Return the help for an unknown key whose value another of the known keys takes, or None."""
    return next((help_ for (key, other), help_ in _ELSEWHERE.items() if key == name and other in known), None)


def of_entities(name: str) -> str | None:
    """Return the help for an attribute of entities, or for their name in the singular, among the keys of a manifest, or None."""
    if name == "party":
        return "did you mean `parties`?"
    found = ((kind, BUILT_IN.get((kind, name))) for kind in (Entity.PARTY, Entity.SYSTEM, Entity.FLOW))
    kinds = [kind.value for kind, attribute in found if attribute and not attribute.required]
    if not kinds:
        return None
    shown = ", ".join(f"{kind}: {{{name}: …}}" for kind in kinds)
    return f"an attribute belongs to an entity; for all in this file, write {quoted(f'defaults: {{{shown}}}')}"


def attributes_as_text(node: Node) -> str:
    """Return the help for something where a map of attributes is wanted."""
    found = re.fullmatch(r"([\w.-]+) *[=:] *(\S.*)", node) if type(node) is Plain else None
    if found:
        return f"write {quoted(f'{found[1]}: {found[2]}')}"
    return "write the attributes as keys with values, such as `{owner: …}`"


def several_terms(text: str, terms: Collection[str] | Mapping[str, str]) -> str | None:
    """Return the help for several terms that are not separated by commas, or None."""
    parts = [each for each in re.split(r"[\s;|+/&]+", text[: _MOST * 4]) if each]
    if len(parts) < 2 or not all(each in terms for each in parts):
        return None
    return f"separate them by commas: {quoted(', '.join(parts))}"


def written(node: Node) -> str | None:
    """Return a scalar as its text has it, or None if it is not one."""
    if isinstance(node, Numeral):
        return node.text
    if isinstance(node, bool):
        return str(node).lower()
    return None if not is_text(node) or len(node) > _MOST else str(node) if type(node) is Plain else f'"{node}"'
