"""Text for a terminal: colour where it is wanted, and nothing in it that could steer the terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# Control characters, halves of surrogate pairs, and marks that turn the direction of writing round.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")

Colour = Literal["red", "yellow", "green", "cyan", "blue"]


def visible(text: str) -> str:
    """The text on one line, each character that cannot be seen as an escape such as `\\x1b`."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


@dataclass(frozen=True, slots=True)
class Ink:
    """Writes pieces of a line; whatever goes through it is made visible first."""

    colour: bool = False
    plain: bool = False

    def __call__(self, text: str, colour: Colour | None = None, *, bold: bool = False, dim: bool = False) -> str:
        """The text in a colour, where there is colour."""
        shown = visible(text)
        if not self.colour:
            return shown
        from click import style

        return style(shown, fg=colour, bold=bold or None, dim=dim or None)

    @property
    def arrow(self) -> str:
        """What stands between two systems of a path."""
        return "->" if self.plain else "→"

    @property
    def dots(self) -> str:
        """What stands for what is left out."""
        return "..." if self.plain else "…"
