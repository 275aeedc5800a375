"""Text for a terminal: colour where it is wanted, and nothing in it that could steer the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from privacy_rules.source.invisible_characters import visible

Colour = Literal["red", "yellow", "green", "cyan", "blue"]


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
