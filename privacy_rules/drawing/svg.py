"""A picture as SVG: frames of groups, boxes, lines with what they carry; violations red, undetermined dashed.

The page draws in the same way, with the same modules (`js/svg.js`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from privacy_rules.drawing.caption import note_below
from privacy_rules.drawing.engine import laid_out
from privacy_rules.drawing.picture import Arrow, Box, Lane, Picture, flow_lines
from privacy_rules.reports.markup.html import Html, joined, palette, resource
from privacy_rules.source.words import counted

SCALE = 1.25
"""Pixels for each unit of a picture that is a file of its own, so that the smallest text is readable."""
_COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
_USED = re.compile(r"var\(--([\w-]+)\)")
_NARROWEST = 320


def as_svg(drawn: Picture, *, styled: bool = True) -> Html:
    """Return the whole file, with its style inside (unless a page has that); no script, no font, nothing from outside.

    Raises InputError if the extra `svg` is not installed.
    """
    laid = laid_out(picture_document(drawn))
    inner, wide, high = Html(laid["svg"]), laid["width"], laid["height"]
    style = Html(f"<style>\n{_standalone_style()}</style>") if styled else Html("")
    if styled:
        wide = max(wide, _NARROWEST)
        note, below = note_below(drawn, wide, high)
        inner, high = joined(inner, note), high + below
    width, height = f"{wide:.0f}", f"{high:.0f}"
    size = f'width="{wide * SCALE:.0f}" height="{high * SCALE:.0f}"'
    head = f'xmlns="http://www.w3.org/2000/svg" class="flows" viewBox="0 0 {width} {height}"'
    about = "<title>Flows of the estate</title>" if styled else ""
    role = "img" if styled else "group"
    return Html(f'<svg {head} {size} role="{role}" aria-label="flows of the estate">{about}{style}{inner}</svg>\n')


def picture_document(drawn: Picture) -> dict[str, Any]:
    """A picture as plain data, as `js/svg.js` takes it."""
    ranks = {each.id: each.rank for each in drawn.lanes}
    parents = {each.id: each.parent for each in drawn.lanes}
    framed = {each.lane for each in drawn.boxes if not (each.folds and each.below)}
    framed |= {each.parent for each in drawn.lanes if each.parent is not None}
    return {
        "groups": [_group(each) for each in drawn.lanes if each.id in framed],
        "boxes": [
            _box(each, ranks[each.lane], parents[each.lane], in_frame=each.lane in framed) for each in drawn.boxes
        ],
        "arrows": [_arrow(each) for each in drawn.arrows],
    }


def _group(lane: Lane) -> dict[str, Any]:
    words = [f"{lane.id}: {lane.label}" if lane.id else lane.label]
    return {"id": lane.id, "parent": lane.parent, "label": lane.title, "words": words, "rank": lane.rank}


def _box(box: Box, rank: int, parent: str | None, *, in_frame: bool) -> dict[str, Any]:
    return {
        "id": box.id,
        "group": box.lane if in_frame else parent,
        "lane": box.lane,
        "label": box.label,
        "below": box.below,
        "inside": f"{counted(len(box.within), 'flow')} within" if box.within else "",
        "folds": box.folds,
        "members": box.parties if box.folds else [box.id],
        "grade": box.grade.name.lower(),
        "change": box.change,
        "rank": rank,
        "words": tooltip_lines(box),
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    return {
        "id": arrow.id,
        "source": arrow.source,
        "target": arrow.target,
        "short": arrow.short,
        "grade": arrow.grade.name.lower(),
        "path": arrow.on_path,
        "change": arrow.change,
        "flows": [each.id for each in arrow.flows],
        "words": [f"{arrow.source} → {arrow.target}", *arrow.words],
    }


def tooltip_lines(box: Box) -> list[str]:
    """The lines of a box's tooltip."""
    lines = [f"{box.label} ({box.below})" if box.below else box.label, *box.notes]
    return [*lines, *(["among them:"] if box.within else []), *flow_lines(box.within)]


@cache
def _standalone_style() -> str:
    """The style of a picture that is a file of its own. Many programs know no variables in it, so the colours are filled in."""
    style, colours = resource(__package__, "svg.css"), _COLOUR.findall(palette())
    light = _filled(style, {name: colour for name, colour, _ in colours})
    dark = _filled(style, {name: colour for name, _, colour in colours})
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _filled(style: str, colours: Mapping[str, str]) -> str:
    return _USED.sub(lambda found: colours[found[1]], style)
