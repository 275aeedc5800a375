"""The note below a picture in its own file: the meaning of its signs, and what is left out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from privacy_rules.drawing.legend import grades, meaning, signs
from privacy_rules.drawing.picture import Picture
from privacy_rules.reports.markup.html import Html, element, joined

_LINE, _LEFT, _LETTER = 15, 12, 5.4
_SAMPLE = 34


def note_below(drawn: Picture, width: float, top: float) -> tuple[Html, float]:
    """Return the note as SVG, starting at `top` and no wider than the picture, and its height."""
    most = max(20, int((width - 2 * _LEFT) / _LETTER))
    lines, y = list[Html](), top + _LINE
    for grade in grades(drawn) if drawn.arrows else []:
        sample = Html(f'<path d="M{_LEFT} {y - 4:g}h26"/>')
        words = _text(meaning(grade), _LEFT + _SAMPLE, y)
        lines.append(element("g", sample, words, class_=f"arrow note {grade.name.lower()}"))
        y += _LINE
    for line in _lines(drawn, most):
        lines.append(element("g", _text(line, _LEFT, y), class_="note"))
        y += _LINE
    return joined(*lines), y - _LINE - top + (8 if lines else 0)


def _lines(drawn: Picture, most: int) -> Iterator[str]:
    for words in ("; ".join(signs(drawn)), drawn.left_out):
        yield from textwrap.wrap(words, most)


def _text(words: str, x: float, y: float) -> Html:
    return element("text", words, x=f"{x:g}", y=f"{y:g}")
