"""Read single values from the text as written, by the type that their key requires.

Each function returns None if the value does not fit, and has then reported it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral, Plain, is_text
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Help
from privacy_rules.vocabulary.values import Duration, meant_duration, read_date, read_duration, read_flag, read_number

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXPONENT = re.compile(r"(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)[eE]([+-]?[0-9]{1,2})\Z")


def text(node: Node, path: PathKey, sink: DiagnosticSink) -> str | None:
    """Any text; a YAML scalar is text as written."""
    if not is_text(node):
        sink.misfit("text", node, path, _quote_it(node))
    elif _SURROGATE.search(node):
        sink.add(codes.UNFIT_VALUE, "text that holds half a character", path)
    else:
        return str(node)
    return None


def identifier(node: Node, path: PathKey, sink: DiagnosticSink, key: bool = False) -> str | None:
    """An id: text without control characters."""
    if not is_text(node):
        sink.misfit("an id", node, path, _quote_it(node))
    elif not node.isprintable() and _CONTROL.search(node):
        sink.add(codes.UNFIT_VALUE, "an id cannot hold control characters", path, key=key)
    else:
        return str(node)
    return None


def flag(node: Node, path: PathKey, sink: DiagnosticSink) -> bool | None:
    """`yes`, `no`, `true`, `false` without quotes; true and false of JSON."""
    found = node if type(node) is bool else read_flag(node) if type(node) is Plain else None
    if found is None:
        help_ = Help("write `yes` or `no` (in JSON `true` or `false`), without quotes", "yes", "no")
        sink.misfit("a flag", node, path, help_)
    return found


def number(node: Node, path: PathKey, sink: DiagnosticSink) -> Decimal | None:
    """A number without quotes."""
    written = node.text if type(node) is Numeral else node if type(node) is Plain else ""
    found = read_number(_without_exponent(written))
    if found is None:
        sink.misfit("a number", node, path, "write one such as `3` or `-0.5`, without quotes")
    return found


def day(node: Node, path: PathKey, sink: DiagnosticSink) -> date | None:
    """A date, with or without quotes."""
    found = read_date(node) if is_text(node) else None
    if found is None:
        sink.misfit("a date", node, path, "write a day of the calendar, such as `2026-11-01`")
    return found


def duration(node: Node, path: PathKey, sink: DiagnosticSink) -> Duration | None:
    """A duration, with or without quotes."""
    found = read_duration(node) if is_text(node) else None
    if found is None:
        meant = meant_duration(node) if is_text(node) else None
        help_ = f"write `{meant}`" if meant else "write one such as `2 years`, `90 days` or `unlimited`"
        sink.misfit("a duration", node, path, help_)
    return found


def _quote_it(node: Node) -> str | None:
    return "put it in quotes" if isinstance(node, bool | Numeral) else None


def _without_exponent(written: str) -> str:
    found = _EXPONENT.match(written)
    return format(Decimal(found[1]).scaleb(int(found[2])), "f") if found else written
