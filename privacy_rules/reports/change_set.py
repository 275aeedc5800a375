"""A change set as YAML that can be read back, with a line for each change.

- set: {contract: label-terms, until: 2027-11-01}
- remove: {flow: "a flow: with a colon"}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from privacy_rules.source.invisible_characters import visible, yaml_text
from privacy_rules.vocabulary.values import Duration

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*\Z")
_NOTHING = {"null", "Null", "NULL"}


def as_yaml(changes: Iterable[Mapping[str, Any]], heading: Iterable[str] = ()) -> str:
    """Return the change set as a file; `heading` becomes comments at the top."""
    comments = "".join(f"# {visible(' '.join(line.split()))}\n" for line in heading)
    return comments + "".join(f"- {line}\n" for line in lines(changes))


def lines(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The changes, each on one line."""
    return [": ".join((key, _flow(value))) for change in changes for key, value in change.items()]


def plain(value: Any) -> Any:
    """The value as plain JSON data."""
    match value:
        case Mapping():
            return {key: plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_text(key)}: {_flow(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return "yes" if value else "no"
        case None:
            return "null"
        case str():
            return _text(value)
        case Duration() | Decimal():
            return str(value)
        case _:
            return str(value)


def _text(value: str) -> str:
    """Text without quotes if YAML reads it back unchanged, else in double quotes."""
    return value if _BARE.match(value) and value not in _NOTHING else yaml_text(value)
