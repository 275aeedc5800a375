"""What stands below a picture that is a file of its own: what its signs mean, and what is left out of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from privacy_rules.drawing.legend import grades, meaning, signs
from privacy_rules.drawing.picture import Picture
from privacy_rules.reports.markup.html import element, text

_LINE, _LEFT, _LETTER = 15, 12, 5.4
_SAMPLE = 34


def note_below(drawn: Picture, width: float, top: float) -> tuple[str, float]:
    """The note as SVG from `top` on, no wider than the picture, and how high it is."""
    most = max(20, int((width - 2 * _LEFT) / _LETTER))
    told, y = "", top + _LINE
    for grade in grades(drawn) if drawn.arrows else []:
        line = f'<path d="M{_LEFT} {y - 4:g}h26"/>{_text(meaning(grade), _LEFT + _SAMPLE, y)}'
        told += element("g", line, class_=f"arrow note {grade.name.lower()}")
        y += _LINE
    for words in _lines(drawn, most):
        told += element("g", _text(words, _LEFT, y), class_="note")
        y += _LINE
    return told, y - _LINE - top + (8 if told else 0)


def _lines(drawn: Picture, most: int) -> Iterator[str]:
    for words in ("; ".join(signs(drawn)), drawn.left_out):
        yield from textwrap.wrap(words, most)


def _text(words: str, x: float, y: float) -> str:
    return element("text", text(words), x=f"{x:g}", y=f"{y:g}", style="text-anchor: start")
