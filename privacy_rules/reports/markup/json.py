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
    """JSON text with a line end. Invisible characters are escaped, and so are those that UTF-8 cannot encode."""
    return visible_json(json.dumps(found, indent=2, ensure_ascii=False)) + "\n"


def dumps_long(found: Json, items: Iterable[Json], count: int) -> str:
    """JSON text in which the last list, empty in `found`, has the `items`; `count` is about their number.

    If there are more than a thousand, each is on one line, which is fast and takes little memory.
    """
    text = dumps(found)
    at = text.rindex("[]") + 1
    line = text[text.rfind("\n", 0, at) + 1 :]
    margin = "\n" + line[: len(line) - len(line.lstrip(" "))]
    inner, indent = f"{margin}  ", None if count > _MANY else 2
    written = [visible_json(json.dumps(each, indent=indent, ensure_ascii=False)).replace("\n", inner) for each in items]
    return "".join((text[:at], inner, f",{inner}".join(written), margin, text[at:])) if written else text


def place(span: Span | None) -> Json:
    """The place of something: file, line and column of its first character."""
    return {"file": span.file, "line": span.line, "column": span.column} if span else None


def plain(value: Value | None) -> Json:
    """A value as JSON data: flags are true or false, sets are lists, everything else is text; null if it is not known."""
    match value:
        case None | bool() | str():
            return value
        case date.min:
            return "from ever"  # the published value
        case Decimal() | Duration() | date():
            return value_words(value)
        case _:
            return [show(each) for each in value]
