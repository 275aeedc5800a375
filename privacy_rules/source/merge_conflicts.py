"""Find the conflict markers of git and jj in a text file, and restore the text of each side.

first_marker(text)      # the offset of the first marker, or None
sides(text)             # the file as each side has it
"""

from __future__ import annotations

import re

HAS_MARKERS = "the file has merge-conflict markers"
MARKERS_HELP = "keep one side of each conflict"

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MARKER = re.compile(r"(([<>=|%+\\-])\2{6,})(?: [^\n]*)?\r?$", re.MULTILINE)
_UNMISTAKABLE = re.compile(r"^([<>|%+])\1{6,}(?: [^\n]*)?\r?$", re.MULTILINE)
"""A row of `=` or `-` may as well be a line that somebody has drawn."""
_OF_JJ = "%+-"
_FOLLOWS = {"": "<", "<": "|=%+-", "|": "=", "=": ">", "%": "\\%+->", "+": "%+->", "-": "%+"}
"""Which markers may follow: after `%` comes a diff from the ancestor to a side, after `+` a side, after `|` or `-` the ancestor."""


class UnclearConflictError(ValueError):
    """The markers do not say which side each line belongs to; `line` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def first_marker(text: str) -> int | None:
    """The offset of the first line that can only be a conflict marker; None if there is none."""
    found = _UNMISTAKABLE.search(text)
    return None if found is None else found.start()


def marked_line(content: bytes) -> int | None:
    """The line of the first marker in a file's content, counted from 1; None if there is none."""
    text = content.decode("utf-8-sig", "replace")
    at = first_marker(text)
    return None if at is None else text.count("\n", 0, at) + 1


def is_marker(text: str, at: int) -> bool:
    """Whether the line at an offset is a conflict marker."""
    return _MARKER.match(text, text.rfind("\n", 0, at) + 1) is not None


def sides(text: str) -> tuple[str, ...]:
    """The text as each side has it, or the text alone if it has no conflict. Lines of the common ancestor belong to neither side.

    Raises UnclearConflictError if a marker is missing.
    """
    pieces: list[list[list[str]]] = [[[]]]  # of each piece the lines of every side, or once what all sides have
    sign, size, begun = "", 0, 0
    for number, line in enumerate(_LINE.findall(text), start=1):
        found = _MARKER.match(line)
        if found is None or (sign and len(found[1]) != size):  # a longer one belongs to a merge of ancestors
            _take(line, number, sign, pieces[-1])
            continue
        following = found[2]
        after_text = sign == "<" and following in _OF_JJ and pieces[-1] != [[]]
        if following not in _FOLLOWS[sign] or after_text:
            raise UnclearConflictError(number, f"a conflict marker `{found[1]}` where none can be")
        if following == "<":
            size, begun = len(found[1]), number
        if following in "<>":
            pieces.append([[]])
        elif sign == "<" and following in _OF_JJ:  # which opens every side by a marker of its own
            pieces[-1] = []
        if following in "=+%":
            pieces[-1].append([])
        sign = {">": "", "\\": "%"}.get(following, following)
    if sign:
        raise UnclearConflictError(begun, "the conflict that begins here has no end")
    count = max(map(len, pieces))
    return tuple(
        "".join(line for each in pieces for line in each[min(number, len(each) - 1)]) for number in range(count)
    )


def _take(line: str, number: int, sign: str, piece: list[list[str]]) -> None:
    """Add a line to the last side of a piece. `sign` is that of the marker above."""
    if sign == "%":
        if line[0] not in " +-\r\n":
            raise UnclearConflictError(number, "each line here begins with a blank, `+` or `-`, and this one does not")
        piece[-1] += [line[1:]] if line[0] in " +" else [line] if line[0] in "\r\n" else []
    elif sign not in ("|", "-"):
        piece[-1].append(line)
