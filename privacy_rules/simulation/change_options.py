"""Read changes from command-line options. Each becomes the data of a change, with its places in the option as typed.

read("remove", "flow:signup", 1, {}).change                     == {"remove": {"flow": "signup"}}
read("set", "party:mailer.role=marketer", 1, {}).change         == {"set": {"party": "mailer", "role": "marketer"}}
read("unset", "party:a.b.role", 1, {"party": ["a.b"]}).change   == {"set": {"party": "a.b", "unset": ["role"]}}

The value of an attribute, and what is added, are read as YAML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node
from privacy_rules.manifest.read_file import read_document
from privacy_rules.manifest.source_document import Document, Places
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import quoted, unquoted
from privacy_rules.source.file_system import LIMIT
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

_STRING = r'"(?:[^"\\]|\\.)*"'
_AIM = re.compile(r"(?P<kind>[a-z]+):(?P<id>[^\s].*)", re.DOTALL)
_SETTING = re.compile(rf"(?P<kind>[a-z]+):(?P<aim>{_STRING}\.[^=\s]+|[^=\s\"][^=]*)(?:=(?P<value>.*))?", re.DOTALL)
_QUOTED = re.compile(rf"(?P<id>{_STRING})\.(?P<attribute>.+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w.-]*")
_ADDING = re.compile(r"(?P<kind>[a-z]+):\s*(?P<body>\{.*\})\s*", re.DOTALL)
_NULLS = ("null", "~")
_COMMENT = re.compile(r"(?:[^\"'\[{].*?\s)??#", re.DOTALL)
"""A comment after a value without quotes or brackets, or in place of it."""
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

_EXAMPLES = {
    "remove": "flow:signup",
    "set": "party:mailer.role=marketer",
    "unset": "flow:signup.purposes",
    "add": "flow:{id: new, from: website, to: analytics, carries: [email]}",
}


class Option(Document):
    """An option as typed (the only line of its document) and the change that it means."""

    __slots__ = ("_before", "_line", "_parts", "_read", "change")

    def __init__(self, flag: str, value: str, line: int) -> None:
        super().__init__("the options", f"--{flag} {value}")
        self.change: Node = None
        self._line, self._before = line, len(self.text) - len(value)
        self._read: PathKey | None = None
        self._parts: dict[tuple[PathKey, bool], tuple[int, int]] = {}
        self.note((), (0, len(value)))

    def note(self, path: PathKey, place: tuple[int, int], *, key: bool = False) -> None:
        """Note the start and end, in the option's value, of a part of the change or of its key."""
        start, end = place
        self._parts[path, key] = self._before + start, self._before + end

    def node(self, path: PathKey, place: tuple[int, int]) -> Node:
        """Read a part of the option's value as YAML. Raises InputError."""
        self.note(path, place)
        start, end = self._parts[path, False]
        text = self.text[start:end]
        if text in _NULLS:
            return None
        if found := _COMMENT.match(text):
            message, at = "this is read as a comment, not as part of the value", start + found.end() - 1
            help_ = "put the value in quotes"
            raise InputError([Diagnostic(codes.UNREADABLE_DATA, message, self.span(at, end), help_, (), self.text)])
        self._read = path
        padded = " " * start + text  # offsets are then those in the option
        read, sink = read_document(
            self.name,
            padded.encode("utf-8", "surrogatepass"),
            json=False,
            limit=LIMIT,
            suggestions=Suggestions(),
            made=self._with_places,
        )
        if read is None or sink.found:
            raise InputError(sink.found)
        return read.data

    def _with_places(self, _name: str, _text: str, places: Places | None) -> Document:
        self.places = places or self.places
        return self

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """Return the place of a part of the change, or of the nearest enclosing one."""
        for length in range(len(path), -1, -1):
            outer, whole = path[:length], length == len(path)
            if outer == self._read and not whole:
                return super().place(path[length:], key)
            found = self._parts.get((outer, key and whole)) or self._parts.get((outer, False))
            if found:
                return self.span(*found)
        return None

    def span(self, start: int, end: int = 0) -> Span:
        """Return a place in the option, which is one line even if it has line ends."""
        return Span(self.name, self._line, start + 1, *((self._line, end + 1) if end > start else ()))

    def excerpt(self, span: Span) -> str:  # noqa: ARG002
        """Return the option as typed."""
        return self.text


class Options(Document):
    """Options as one document, a line for each. The data is the list of their changes."""

    __slots__ = ("_options",)

    def __init__(self, options: Sequence[Option]) -> None:
        super().__init__("the options", "\n".join(each.text for each in options))
        self._options = options

    def place(self, path: PathKey, key: bool = False) -> Span | None:
        """Return the place of a part of a change."""
        return self._options[int(path[0])].place(path[1:], key) if path else None

    def excerpt(self, span: Span) -> str:
        """Return the option as typed."""
        return self._options[span.line - 1].text


def read(flag: str, value: str, line: int, known: Ids) -> Option:
    """Return the change that an option means.

    `line` is the option's number. Raises InputError if the option has the wrong form.
    """
    option = Option(flag, value, line)
    if flag == "remove" and (found := _AIM.fullmatch(value)):
        kind = _kind(option, flag, found)
        option.note((flag, kind), found.span("id"))
        option.change = {flag: {kind: unquoted(found["id"])}}
    elif flag == "add" and (found := _ADDING.fullmatch(value)):
        kind = _kind(option, flag, found)
        option.change = {flag: {kind: option.node((flag, kind), found.span("body"))}}
    elif (
        flag in ("set", "unset")
        and (found := _SETTING.fullmatch(value))
        and (found["value"] is None) is (flag == "unset")
    ):
        option.change = _setting(option, flag, found, known)
    if option.change is None:
        message = f"`{value}` is not of the form {FORMS[flag]}"
        raise InputError([Diagnostic(codes.USAGE, message, help=f"such as `--{flag} {_EXAMPLES[flag]}`")])
    return option


def added(options: Sequence[Option]) -> Mapping[str, Collection[str]]:
    """Return the ids that options add, by kind."""
    found: dict[str, set[str]] = {}
    for option in options:
        for kind, body in option.change["add"].items():
            found.setdefault(kind, set()).add(str(body.get("id")))
    return found


def contract_ends(value: str, id_: str, day: date, line: int) -> Option:
    """Return the change that a contract ends on a day; `value` is the option's, and names the contract."""
    option = Option("end-contract", value, line)
    option.change = {"set": {"contract": id_, "until": day.isoformat()}}
    return option


def as_of(day: date, line: int) -> Option:
    """Return the change of the day that is judged."""
    option = Option("as-of", str(day), line)
    option.change = {"as_of": day.isoformat()}
    return option


def _kind(option: Option, verb: str, found: re.Match[str]) -> str:
    kind = found["kind"]
    option.note((verb, kind), found.span("kind"), key=True)
    return kind


def _setting(option: Option, flag: str, found: re.Match[str], known: Ids) -> Node:
    """The change that sets or unsets an attribute; None if the option does not name one."""
    ways = _ways(found["aim"])
    if not ways:
        return None
    kind, (start, end) = _kind(option, "set", found), found.span("aim")
    name = _named(flag, found, ways, known.get(kind, ()))
    attribute = ways[name]
    dot = end - len(attribute) - 1
    option.note(("set", kind), (start, dot))
    if flag == "unset":
        option.note(("set", "unset", 0), (dot + 1, end))
        return {"set": {kind: name, "unset": [attribute]}}
    option.note(("set", attribute), (dot + 1, end), key=True)
    text, end = found["value"].lstrip(), found.end("value")
    place = end - len(text), end - len(text) + len(text.rstrip())
    return {"set": {kind: name, attribute: option.node(("set", attribute), place) if text else ""}}


def _named(flag: str, found: re.Match[str], ways: Mapping[str, str], known: Collection[str]) -> str:
    """Return the id that is meant. Raises InputError for an id with dots that may end at several of them."""
    declared, shortest = [name for name in ways if name in known], next(iter(ways))
    if len(declared) == 1 or (not declared and (len(ways) == 1 or ways[shortest].startswith(_PART))):
        return (declared or [shortest])[0]
    longest, kind = [*ways][-1], found["kind"]
    message = f"`{found[0]}` is ambiguous: the {kind} may be {' or '.join(f'`{name}`' for name in declared or ways)}"
    message = message if declared else f"{message}, and none of these is declared"
    said = f"{kind}:{quoted(longest)}.{ways[longest]}{'=…' if flag == 'set' else ''}"
    raise InputError([Diagnostic(codes.USAGE, message, help=f"write an id with dots as a JSON string, as in `{said}`")])


def _ways(aim: str) -> dict[str, str]:
    """The ids that may be meant, the shortest first, each with the attribute that then follows."""
    said = _QUOTED.fullmatch(aim)
    if said:
        return {unquoted(said["id"]): said["attribute"]} if _ATTRIBUTE.fullmatch(said["attribute"]) else {}
    dots = [at for at, letter in enumerate(aim) if letter == "." and at]
    return {aim[:at]: aim[at + 1 :] for at in dots if _ATTRIBUTE.fullmatch(aim, at + 1)}
