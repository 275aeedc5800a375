"""JSON text, the same bytes for the same data, and the values that several documents share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from privacy_rules.findings.wording import value_words
from privacy_rules.source.invisible_characters import visible_json
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.values import Duration, Value, show

_MANY = 1_000


Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def dumps(found: Json) -> str:
    """JSON text with an end of line. What a reader does not see is escaped, and so is what UTF-8 cannot hold."""
    return visible_json(json.dumps(found, indent=2, ensure_ascii=False)) + "\n"


def dumps_long(found: Json, items: Iterable[Json], count: int) -> str:
    """JSON text whose last list, which is empty in `found`, has `items`; `count` says about how many they are.

    More than a thousand stand on a line each: that is written fast and in little memory, and no person reads it.
    """
    text = dumps(found)
    at = text.rindex("[]") + 1
    line = text[text.rfind("\n", 0, at) + 1 :]
    margin = "\n" + line[: len(line) - len(line.lstrip(" "))]
    inner, indent = f"{margin}  ", None if count > _MANY else 2
    told = [visible_json(json.dumps(each, indent=indent, ensure_ascii=False)).replace("\n", inner) for each in items]
    return "".join((text[:at], inner, f",{inner}".join(told), margin, text[at:])) if told else text


def place(span: Span | None) -> Json:
    """Where something stands: its first character."""
    return {"file": span.file, "line": span.line, "column": span.column} if span else None


def plain(value: Value | None) -> Json:
    """A value as JSON has it: flags as true and false, sets as lists, all else as text; null where not known."""
    match value:
        case None | bool() | str():
            return value
        case Decimal() | Duration() | date():
            return value_words(value)
        case _:
            return [show(each) for each in value]
