"""A picture as SVG: frames of parties, boxes, lines with what they carry; violations red, undetermined dashed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from privacy_rules.drawing.caption import note_below
from privacy_rules.drawing.layout import BOX_WIDTH, EFFORT, PAD, framed
from privacy_rules.drawing.picture import Arrow, Box, Lane, Picture, cut, flow_lines
from privacy_rules.drawing.routing import Layout, Point, lay_out
from privacy_rules.reports.markup.html import Html, element, joined, palette, resource, text
from privacy_rules.source.words import counted

SCALE = 1.5
"""Pixels for each unit of a picture that is a file of its own, so that the smallest text is readable."""
_LONGEST_BOX, _LONGEST_BELOW, _MOST_LINES = 19, 23, 24
_ROUND = 4
_COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
_USED = re.compile(r"var\(--([\w-]+)\)")
_NARROWEST = 320


def as_svg(drawn: Picture, *, styled: bool = True, effort: int = EFFORT) -> Html:
    """Return the whole file, with its style inside (unless a page has that); no script, no font, nothing from outside."""
    layout = lay_out(drawn, effort)
    inner, style = (
        joined(*_parts(drawn, layout)),
        Html(f"<style>\n{_standalone_style()}</style>") if styled else "",
    )
    wide, high = layout.width, layout.height
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


@cache
def _standalone_style() -> str:
    """The style of a picture that is a file of its own. Many programs know no variables in it, so the colours are filled in."""
    style, colours = resource(__package__, "svg.css"), _COLOUR.findall(palette())
    light = _filled(style, {name: colour for name, colour, _ in colours})
    dark = _filled(style, {name: colour for name, _, colour in colours})
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _filled(style: str, colours: Mapping[str, str]) -> str:
    return _USED.sub(lambda found: colours[found[1]], style)


def _parts(drawn: Picture, layout: Layout) -> Iterator[Html]:
    """The pieces from back to front: frames, lines with the worst last, and boxes."""
    inside = framed(drawn)
    for lane in drawn.lanes:
        if lane.id in inside:
            yield _lane(lane, layout)
    order = sorted(range(len(drawn.arrows)), key=lambda number: (drawn.arrows[number].grade, number))
    for number in order:
        yield _arrow(drawn.arrows[number], layout.lines[number])
    ranks = {lane.id: lane.rank for lane in drawn.lanes}
    for box in drawn.boxes:
        yield _box(box, layout, ranks[box.lane])


def _lane(lane: Lane, layout: Layout) -> Html:
    x, y, width, height = layout.frames[lane.id]
    most = int((width - 2 * PAD) / 6.6)
    words = [element("text", cut(lane.id or "party unknown", most), class_="name", x=f"{x + PAD:g}", y=f"{y + 13:g}")]
    if lane.id:
        words.append(element("text", cut(lane.label, int(most * 1.3)), x=f"{x + PAD:g}", y=f"{y + 24:g}"))
    tooltip = element("title", f"{lane.id}: {lane.label}" if lane.id else lane.label)
    rect = Html(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>')
    return element("g", tooltip, rect, *words, class_=_rank("lane", lane.rank))


def _rank(kind: str, rank: int) -> str:
    return f"{kind} {('people', 'us', 'others')[rank]}"


def _box(box: Box, layout: Layout, rank: int) -> Html:
    (x, y), height, middle = layout.boxes[box.id], layout.heights[box.id], BOX_WIDTH // 2
    flows = f"{counted(len(box.within), 'flow')} within"
    below = [*([box.below] if box.below else []), *([flows] if box.within else [])]
    line = height / 2 + 4 - 6.5 * len(below)
    parts = [_title(tooltip_lines(box)), Html(f'<rect width="{BOX_WIDTH}" height="{height}" rx="5"/>')]
    if box.folds:
        frame = f'x="3" y="3" width="{BOX_WIDTH - 6}" height="{height - 6}" rx="3"'
        parts.append(Html(f'<rect class="frame" {frame}/>'))
    parts.append(element("text", cut(box.label, _LONGEST_BOX), x=f"{middle}", y=f"{line:g}"))
    for number, written in enumerate(below, start=1):
        at = {"x": f"{middle}", "y": f"{line + 13 * number:g}"}
        parts.append(element("text", cut(written, _LONGEST_BELOW), class_="below", **at))
    kind = f"{_rank('box', rank)} {box.grade.name.lower()}{' folded' if box.folds else ''} {box.change}".rstrip()
    own = {"data_id": box.id, "data_lane": box.lane}
    own |= {"data_parties": json.dumps(box.parties)} if box.folds else {"data_systems": json.dumps([box.id])}
    return element("g", *parts, class_=kind, transform=f"translate({x:g} {y:g})", **own)


def tooltip_lines(box: Box) -> list[str]:
    """The lines of a box's tooltip, at most _MOST_LINES."""
    lines = [f"{box.label} ({box.below})" if box.below else box.label, *box.notes]
    return _first([*lines, *(["among them:"] if box.within else []), *flow_lines(box.within)])


def _title(lines: list[str]) -> Html:
    """The tooltip, line by line."""
    return element("title", Html("\n".join(map(text, lines))))


def _first(lines: list[str]) -> list[str]:
    left = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {left:,} lines more"] if left > 0 else lines


def _arrow(arrow: Arrow, line: tuple[Point, ...]) -> Html:
    name, (x, y) = arrow.grade.name.lower(), line[-1]
    path = Html(f'<path d="{_rounded(line)}"/><path class="head" d="M{x - 7:g} {y - 3.2:g}l7 3.2l-7 3.2z"/>')
    what, why = arrow.short
    words = [element("text", what, x=f"{x - PAD - 3:g}", y=f"{y - 3:g}", class_="what")]
    if why:
        kind = "why" if len(arrow.flows) == 1 else "what"
        words.append(element("text", why, x=f"{x - PAD - 3:g}", y=f"{y + 9:g}", class_=kind))
    lines = [f"{arrow.source} → {arrow.target}", *arrow.words]
    title = _title(_first(lines))
    flows = json.dumps([each.id for each in arrow.flows])
    ends = {"data_source": arrow.source, "data_target": arrow.target, "data_flows": flows}
    kind = f"arrow {name}{' path' if arrow.on_path else ''} {arrow.change}".rstrip()
    return element("g", title, path, *words, class_=kind, data_id=arrow.id, **ends)


def _rounded(line: tuple[Point, ...]) -> str:
    """A line with rounded corners; it ends before the tip of its head."""
    points = [line[0]]
    for point in line[1:]:
        if abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) > 0.01:
            points.append(point)
    points[-1] = (points[-1][0] - 5, points[-1][1])
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        start, end = _toward(corner, before), _toward(corner, after)
        path += f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return f"{path}L{points[-1][0]:g} {points[-1][1]:g}"


def _toward(corner: Point, other: Point) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    part = min(_ROUND, length / 2) / length if length else 0
    return round(corner[0] + (other[0] - corner[0]) * part, 2), round(corner[1] + (other[1] - corner[1]) * part, 2)
