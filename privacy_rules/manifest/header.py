"""Read the head of a manifest file: its format version, name, day, policy files and includes."""

from __future__ import annotations

from datetime import date

from privacy_rules.manifest import scalars
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.nodes import Node, Numeral, Plain, quoted
from privacy_rules.manifest.shape_hints import a_list, key_and_value, of_entities
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass

FORMAT_VERSION = "1"
SECTIONS = ("shared_defaults", "defaults", "organisation", "parties", "contracts", "systems", "flows", "waivers")
KEYS = ("manifest", "name", "policy", "as_of", "include", *SECTIONS)


@dataclass(frozen=True, slots=True)
class Header:
    """The head of one file. `policies` and `includes` are as written, with None for an item that is not text."""

    name: str | None = None
    as_of: date | None = None
    policies: tuple[str | None, ...] = ()
    includes: tuple[str | None, ...] = ()


def read_header(data: Node, sink: DiagnosticSink, *, versioned: bool = True) -> Header | None:
    """The head of a file; None if the file is not a map. `versioned`: the file must give its version."""
    if type(data) is not dict:
        sink.misfit("`key: value` pairs", data, (), "a manifest begins with `manifest: 1`")
        return None
    _unknown_keys(data, sink)
    if versioned or "manifest" in data:
        _version(data, sink)
    return Header(
        name=None if data.get("name") is None else scalars.text(data["name"], ("name",), sink),
        as_of=None if data.get("as_of") is None else scalars.day(data["as_of"], ("as_of",), sink),
        policies=_names(data, "policy", sink),
        includes=_names(data, "include", sink),
    )


def _unknown_keys(data: dict[str, Node], sink: DiagnosticSink) -> None:
    for key in data:
        if key not in KEYS:
            help_ = _outdented(key, data) or key_and_value(key, KEYS) or of_entities(key)
            help_ = help_ or sink.suggestions.near(key, KEYS, "keys of a manifest")
            known = "a manifest's keys are " + ", ".join(f"`{each}`" for each in KEYS)
            sink.add(codes.UNKNOWN_KEY, f"unknown key {quoted(key)}", (key,), key=True, help=help_ or known)


def _outdented(key: str, data: dict[str, Node]) -> str | None:
    """Help for an entity that is not indented below its section, so that the section is empty."""
    keys = list(data)
    above = keys[keys.index(key) - 1] if keys[0] != key else ""
    empty = above in SECTIONS and data[above] is None and type(data[key]) in (dict, list)
    return f"indent it if it belongs to {quoted(above)}" if empty else None


def _version(data: dict[str, Node], sink: DiagnosticSink) -> None:
    if "manifest" not in data:
        sink.add(codes.MISSING_KEY, "the file has no `manifest`", (), help="a manifest begins with `manifest: 1`")
        return
    given = data["manifest"]
    written = given.text if type(given) is Numeral else given if type(given) is Plain else None
    if written is None:
        sink.misfit("a format version", given, ("manifest",), "write `manifest: 1`")
    elif written != FORMAT_VERSION:
        sink.add(
            codes.UNFIT_VALUE, f"unknown format version {quoted(written)}", ("manifest",), help="write `manifest: 1`"
        )


def _names(data: dict[str, Node], key: str, sink: DiagnosticSink) -> tuple[str | None, ...]:
    given = data.get(key)
    if given is None:
        return ()
    if type(given) is not list:
        sink.misfit("a list of files", given, (key,), a_list(given))
        return ()
    return tuple(scalars.identifier(each, (key, index), sink) for index, each in enumerate(given))
