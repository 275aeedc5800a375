"""The limits of GitHub code scanning. It refuses a SARIF file beyond them, or silently ignores the rest.

https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

RESULTS = 25_000
"""How many results a run may have."""
RULES = 25_000
"""How many rules a run may have."""
TAGS = 20
"""How many tags a rule may have."""
STEPS = 1_000
"""How many steps a path may have: of up to 10,000 the first 1,000 are used; with more, the file is refused."""
PLACES = 1_000
"""How many places a result may have."""
TITLE = 1_024
"""How many characters a description of a rule may have."""
BYTES = 10_000_000
"""How many bytes the compressed file may have."""

_Item = TypeVar("_Item")


def first(items: Sequence[_Item], room: int, order: Callable[[_Item], Any]) -> list[_Item]:
    """At most `room` items, chosen by `order`, in their original order."""
    if len(items) <= room:
        return list(items)
    chosen = sorted(sorted(range(len(items)), key=lambda number: order(items[number]))[:room])
    return [items[number] for number in chosen]


def ends(items: Sequence[_Item], room: int) -> list[_Item]:
    """At most `room` items, from the beginning and the end."""
    last = room // 2
    return list(items) if len(items) <= room else [*items[: room - last], *items[-last:]]


def fitting(write: Callable[[int], str], count: int) -> str:
    """Return what `write` writes for the largest number of results that stays within the limits."""
    room = min(count, RESULTS)
    while True:
        text = write(room)
        size = len(text)
        if size > BYTES // 4:  # a character has up to four bytes; less cannot be too large
            size = len(zlib.compress(text.encode("utf-8", "backslashreplace")))
        if size <= BYTES or not room:
            return text
        room = min(room - 1, room * BYTES * 9 // (size * 10))


def left_out_words(count: int, whole: int) -> str:
    """Say how many findings are left out, and why."""
    size = f"{BYTES // 1_000_000} MB"
    return (
        f"{count:,} of {whole:,} findings {'is' if count == 1 else 'are'} left out: code scanning takes at most {RESULTS:,} "
        f"results of a run, and at most {size} compressed; violations are kept first, then the gravest findings"
    )
