"""Text for a terminal, in colour if wanted, without characters that could control the terminal."""

from __future__ import annotations

from typing import Literal

from privacy_rules.checking.logic import Verdict
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible

Colour = Literal["red", "yellow", "green", "cyan", "blue"]

COLOURS: dict[Verdict, Colour] = {Verdict.VIOLATION: "red", Verdict.UNDETERMINED: "yellow", Verdict.COMPLIANT: "green"}
"""The colour of each verdict."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Writes pieces of a line, in which invisible characters become escapes."""

    colour: bool = False
    plain: bool = False

    def __call__(self, text: str, colour: Colour | None = None, *, bold: bool = False, dim: bool = False) -> str:
        """The text, in a colour if colour is wanted."""
        shown = visible(text)
        if not self.colour:
            return shown
        from click import style

        return style(shown, fg=colour, bold=bold or None, dim=dim or None)

    @property
    def arrow(self) -> str:
        """The arrow between two systems of a path."""
        return "->" if self.plain else "→"

    @property
    def dots(self) -> str:
        """The mark of an omission."""
        return "..." if self.plain else "…"
