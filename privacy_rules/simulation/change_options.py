"""Changes given as options of a command line, each as the line of YAML that a file of changes would have.

written("remove", "flow:signup", {}).yaml                    == "- remove: {flow: signup}"
written("set", "party:mailer.role=marketer", {}).yaml        == "- set: {party: mailer, role: marketer}"
written("unset", "party:a.b.role", {"party": ["a.b"]}).yaml  == '- set: {party: "a.b", unset: [role]}'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
"""The one attribute that has a dot begins so."""

Ids = Mapping[str, Collection[str]]
"""The known ids, by kind."""

FORMS = {
    "remove": "KIND:ID",
    "set": "KIND:ID.ATTRIBUTE=VALUE",
    "unset": "KIND:ID.ATTRIBUTE",
    "add": "KIND:{id: ..., ...}",
}
"""The form of each option's value. An id may be plain or a JSON string."""

EXAMPLES = {
    "remove": "flow:signup",
    "set": "party:mailer.role=marketer",
    "unset": "flow:signup.purposes",
    "add": "flow:{id: new, from: website, to: analytics, carries: [email]}",
}


_Piece = str | tuple[str, int, int]
"""A piece of YAML; if it comes from the option's value, with the start and the end of its place in the value."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option as typed, and the YAML that it means.

    Each of `places` is a start and an end in the YAML, and the start and the end of what it comes from in `typed`.
    """

    typed: str
    yaml: str
    places: tuple[tuple[int, int, int, int], ...]

    def typed_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the start and the end in `typed` of what is at an offset of the YAML; an end of 0 is not known."""
        for first, last, typed_first, typed_last in self.places:
            if first <= start < last:
                if last - first == typed_last - typed_first:
                    return typed_first + start - first, end and typed_first + min(end, last) - first
                return typed_first, typed_last
        if start >= self.places[-1][1]:
            return len(self.typed), 0
        return self.places[0][2], len(self.typed)


@dataclass(frozen=True, slots=True)
class Unclear:
    """An id with dots that may end at more than one of them. `ids` are the known ones that may be meant, `all` any that may be."""

    kind: str
    ids: tuple[str, ...]
    all: tuple[str, ...]
    help: str


def _option(flag: str, value: str, *pieces: _Piece) -> Option:
    typed, yaml = f"--{flag} ", ""
    places: list[tuple[int, int, int, int]] = []
    for each in pieces:
        text = each if isinstance(each, str) else each[0]
        if not isinstance(each, str):
            _, start, end = each
            places.append((len(yaml), len(yaml) + len(text), len(typed) + start, len(typed) + end))
        yaml += text
    return Option(typed + value, yaml, tuple(places))


def written(flag: str, value: str, known: Ids) -> Option | Unclear | None:
    """Return the change that an option means; None if its value is not of the option's form."""
    if flag == "remove":
        found = _AIM.fullmatch(value)
        return found and _option(
            flag,
            value,
            "- remove: {",
            _group(found, "kind"),
            ": ",
            (_id(unquoted(found["id"])), *found.span("id")),
            "}",
        )
    if flag == "add":
        found = _ADDING.fullmatch(value)
        return found and _option(flag, value, "- add: {", _group(found, "kind"), ": ", _group(found, "body"), "}")
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
    start, end = found.span("aim")
    dot = end - len(ways[name]) - 1
    attribute = (ways[name], dot + 1, end)
    setting = (attribute, ": ", _value(found)) if flag == "set" else ("unset: [", attribute, "]")
    return _option(flag, value, "- set: {", _group(found, "kind"), ": ", (_id(name), start, dot), ", ", *setting, "}")


def _group(found: re.Match[str], name: str) -> tuple[str, int, int]:
    return found[name], *found.span(name)


def _value(found: re.Match[str]) -> tuple[str, int, int]:
    """The value of a setting without the blanks around it; an empty one is an empty text."""
    value, end = found["value"].lstrip(), found.end("value")
    return value.rstrip() or yaml_text(""), end - len(value), end - len(value) + len(value.rstrip())


def added(values: Iterable[str]) -> Mapping[str, Collection[str]]:
    """Return the ids that the values of `--add` bring, by kind."""
    found: dict[str, set[str]] = {}
    for value in values:
        adding = _ADDING.fullmatch(value)
        name = adding and _ADDED.search(adding["body"])
        if adding and name:
            found.setdefault(adding["kind"], set()).add(unquoted(name["id"].strip()))
    return found


def contract_ends(value: str, id_: str, day: date) -> Option:
    """Return the change that a contract ends on a day; `value` is the option's, and names the contract."""
    pieces = "- set: {contract: ", (yaml_text(id_), 0, len(value)), f", until: {day}}}"
    return _option("end-contract", value, *pieces)


def as_of(day: date) -> Option:
    """Return the change of the day that is judged."""
    return _option("as-of", str(day), "- as_of: ", (str(day), 0, len(str(day))))


def _ways(aim: str) -> dict[str, str]:
    """The ids that may be meant, the shortest first, each with the attribute that then follows."""
    said = _QUOTED.fullmatch(aim)
    if said:
        return {unquoted(said["id"]): said["attribute"]} if _ATTRIBUTE.fullmatch(said["attribute"]) else {}
    dots = [at for at, letter in enumerate(aim) if letter == "." and at]
    return {aim[:at]: aim[at + 1 :] for at in dots if _ATTRIBUTE.fullmatch(aim, at + 1)}


def _id(name: str) -> str:
    return name if _PLAIN.match(name) else yaml_text(name)
