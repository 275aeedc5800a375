"""Pieces of SQL, in the words of DuckDB. Truth values are the numbers 0 (false), 1 (unknown) and 2 (true).

    all_of(["a", "b"])      # LEAST(a, b)

Text from a policy or a table reaches SQL only through `text` and `name`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FALSE, UNKNOWN, TRUE = "0", "1", "2"


def text(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """The name of a table or column, in quotes."""
    return '"' + value.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """Texts as the items of an `IN` list."""
    return ", ".join(map(text, values))


def array(values: Iterable[str]) -> str:
    """Texts as a list."""
    return f"CAST([{texts(values)}] AS VARCHAR[])"


def all_of(parts: Sequence[str]) -> str:
    """The `and` of truth values; true if there are none."""
    return _folded("LEAST", parts, neutral=TRUE, end=FALSE)


def any_of(parts: Sequence[str]) -> str:
    """The `or` of truth values; false if there are none."""
    return _folded("GREATEST", parts, neutral=FALSE, end=TRUE)


def negated(part: str) -> str:
    """The `not` of a truth value."""
    return {FALSE: TRUE, UNKNOWN: UNKNOWN, TRUE: FALSE}.get(part, f"(2 - {part})")


def when(*cases: tuple[str, str], otherwise: str) -> str:
    """A `CASE` expression: conditions, each with its value."""
    return "(CASE " + " ".join(f"WHEN {test} THEN {value}" for test, value in cases) + f" ELSE {otherwise} END)"


def _folded(function: str, parts: Sequence[str], *, neutral: str, end: str) -> str:
    kept = list(dict.fromkeys(each for each in parts if each != neutral))
    if end in kept:
        return end
    return neutral if not kept else kept[0] if len(kept) == 1 else f"{function}({', '.join(kept)})"
