"""Change sets written on a command line, as the YAML that a file would have.

written("remove", "flow:signup", {})                    == "- remove: {flow: signup}"
written("set", "party:mailer.role=marketer", {})        == "- set: {party: mailer, role: marketer}"
written("unset", "party:a.b.role", {"party": ["a.b"]})  == '- set: {party: "a.b", unset: [role]}'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from privacy_rules.source.entity_ref import quoted, unquoted
from privacy_rules.source.invisible_characters import yaml_text

_STRING = r'"(?:[^"\\]|\\.)*"'
_AIM = re.compile(r"(?P<kind>[a-z]+):(?P<id>[^\s].*)", re.DOTALL)
_SETTING = re.compile(rf"(?P<kind>[a-z]+):(?P<aim>{_STRING}\.[^=\s]+|[^=\s\"][^=]*)(?:=(?P<value>.*))?", re.DOTALL)
_QUOTED = re.compile(rf"(?P<id>{_STRING})\.(?P<attribute>.+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w.-]*")
_ADDING = re.compile(r"(?P<kind>[a-z]+):\s*(?P<body>\{.*\})\s*", re.DOTALL)
_ADDED = re.compile(rf"[{{,]\s*id:\s*(?P<id>{_STRING}|[^,}}]+)")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_PART = "covers."
"""So begins the one attribute that has a dot in it."""

Ids = Mapping[str, Collection[str]]
"""The ids that there are, by kind."""

FORMS = {
    "remove": "KIND:ID",
    "set": "KIND:ID.ATTRIBUTE=VALUE",
    "unset": "KIND:ID.ATTRIBUTE",
    "add": "KIND:{id: ..., ...}",
}
"""The form of what each flag takes. An id may stand as it is or as a JSON string."""

EXAMPLES = {
    "remove": "flow:signup",
    "set": "party:mailer.role=marketer",
    "unset": "flow:signup.purposes",
    "add": "flow:{id: new, from: website, to: analytics, carries: [email]}",
}


@dataclass(frozen=True, slots=True)
class Unclear:
    """Of an id with dots, that it may end at more than one of them; `ids` are those that there are, `all` where there may be more."""

    kind: str
    ids: tuple[str, ...]
    all: tuple[str, ...]
    help: str


def written(flag: str, value: str, known: Ids) -> str | Unclear | None:
    """The change as a line of YAML; None where the value has not the flag's form."""
    if flag == "remove":
        found = _AIM.fullmatch(value)
        return found and f"- remove: {{{found['kind']}: {_id(unquoted(found['id']))}}}"
    if flag == "add":
        found = _ADDING.fullmatch(value)
        return found and f"- add: {{{found['kind']}: {found['body']}}}"
    found = _SETTING.fullmatch(value)
    if found is None or (found["value"] is None) is (flag == "set"):
        return None
    ways = _ways(found["aim"])
    if not ways:
        return None
    kind = found["kind"]
    there = [name for name in ways if name in known.get(kind, ())]
    name = there[0] if there else next(iter(ways))
    if len(there) > 1 or (not there and len(ways) > 1 and not ways[name].startswith(_PART)):
        longest = [*ways][-1]
        said = f"{kind}:{quoted(longest)}.{ways[longest]}{'=…' if flag == 'set' else ''}"
        return Unclear(kind, tuple(there), tuple(ways), f"write an id with dots as a JSON string, as in `{said}`")
    setting = _setting(ways[name], found["value"]) if flag == "set" else f"unset: [{ways[name]}]"
    return f"- set: {{{kind}: {_id(name)}, {setting}}}"


def added(values: Iterable[str]) -> Mapping[str, Collection[str]]:
    """The ids that values of `add` bring, by kind."""
    found: dict[str, set[str]] = {}
    for value in values:
        adding = _ADDING.fullmatch(value)
        name = adding and _ADDED.search(adding["body"])
        if adding and name:
            found.setdefault(adding["kind"], set()).add(unquoted(name["id"].strip()))
    return found


def contract_ends(id_: str, day: str) -> str:
    """That a contract ends on a day."""
    return f"- set: {{contract: {yaml_text(id_)}, until: {day}}}"


def _ways(aim: str) -> dict[str, str]:
    """The ids that may be meant, the shortest first, each with the attribute that is then behind it."""
    said = _QUOTED.fullmatch(aim)
    if said:
        return {unquoted(said["id"]): said["attribute"]} if _ATTRIBUTE.fullmatch(said["attribute"]) else {}
    dots = [at for at, letter in enumerate(aim) if letter == "." and at]
    return {aim[:at]: aim[at + 1 :] for at in dots if _ATTRIBUTE.fullmatch(aim, at + 1)}


def _id(name: str) -> str:
    return name if _PLAIN.match(name) else yaml_text(name)


def _setting(attribute: str, value: str) -> str:
    return f"{attribute}: {value.strip() or yaml_text('')}"
