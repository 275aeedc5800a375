"""The conflict markers that git leaves in a file of text when it cannot merge two versions, and what each side had.

first_marker(text)      # the line of the first marker, or None
sides(text)             # the file as each of the two sides has it
"""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MARKER = re.compile(r"(<{7,}|>{7,}|={7,}|\|{7,})(?: .*)?\r?\n?\Z")


class UnclearConflictError(ValueError):
    """The markers do not say which side has what; `line` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def first_marker(text: str) -> int | None:
    """The line of the first conflict marker, counted from 1; None if there is none."""
    return next((number for number, line in enumerate(_LINE.findall(text), start=1) if _MARKER.match(line)), None)


def sides(text: str) -> tuple[str, str]:
    """The text as each side has it. Lines of the common ancestor (after `|||||||`) belong to neither.

    Raises UnclearConflictError if a marker is missing.
    """
    ours: list[str] = []
    theirs: list[str] = []
    here: tuple[list[str], ...] = (ours, theirs)
    part, size, begun = "", 0, 0
    for number, line in enumerate(_LINE.findall(text), start=1):
        found = _MARKER.match(line)
        if found is None or (part and len(found[1]) != size):  # a longer one belongs to a merge of ancestors
            for side in here:
                side.append(line)
            continue
        sign = found[1][0]
        if sign not in _FOLLOWS[part]:
            raise UnclearConflictError(number, f"a conflict marker `{found[1]}` where none can be")
        if sign == "<":
            size, begun = len(found[1]), number
        part = "" if sign == ">" else sign
        here = {"": (ours, theirs), "<": (ours,), "|": (), "=": (theirs,)}[part]
    if part:
        raise UnclearConflictError(begun, "the conflict that begins here has no end")
    return "".join(ours), "".join(theirs)


_FOLLOWS = {"": "<", "<": "|=", "|": "=", "=": ">"}
"""Which markers may follow: outside of a conflict, in our side, in the ancestor, and in their side."""
