"""A picture as SVG: frames of parties, boxes, lines with what they carry; violations red, undetermined dashed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise

from privacy_rules.drawing.caption import note_below
from privacy_rules.drawing.layout import BOX_WIDTH, EFFORT, PAD, framed
from privacy_rules.drawing.picture import Arrow, Box, Grade, Lane, Picture, cut, told_of
from privacy_rules.drawing.routing import Layout, Point, lay_out
from privacy_rules.reports.markup.html import element, text
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted

SCALE = 1.5
"""Pixels of a picture that stands for itself, for each of its units: then the smallest text can be read."""
_LONGEST_BOX, _LONGEST_BELOW, _MOST_LINES = 19, 23, 24
_ROUND = 4
_NARROWEST = 320

STYLE = """
svg.flows { font: 11.5px system-ui, sans-serif; background: #fff; color: #1c1f23; }
.lane rect { fill: #f4f6f8; stroke: #d5d9de; } .lane.us rect { fill: #e8f0fb; } .lane.people rect { fill: #edf6ea; }
.lane text { fill: #4e565f; font-size: 9.5px; } .lane .name { font-weight: 600; font-size: 11px; }
.box rect { fill: #fff; stroke: #7a838c; } .box text { fill: #1c1f23; text-anchor: middle; }
.box .below { fill: #4e565f; font-size: 10px; } .box.folded .frame { stroke-width: 1; fill: none; }
.arrow path { fill: none; stroke: #8b939b; stroke-width: 1.1; stroke-linejoin: round; } .arrow .head { fill: #8b939b; stroke: none; }
.arrow text { fill: #4e565f; font-size: 8px; text-anchor: end; } .arrow .why { font-style: italic; }
.note text { fill: #4e565f; font-size: 10px; }
.box.violation rect { stroke: #b3171d; stroke-width: 2; } .arrow.violation path { stroke: #b3171d; stroke-width: 2.2; }
.arrow.violation .head { fill: #b3171d; stroke: none; } .violation text { fill: #b3171d; }
.box.undetermined rect { stroke: #8a5a00; stroke-width: 1.6; stroke-dasharray: 5 3; }
.arrow.undetermined path { stroke: #8a5a00; stroke-width: 1.6; stroke-dasharray: 5 3; }
.arrow.undetermined .head { fill: #8a5a00; stroke: none; } .undetermined text { fill: #8a5a00; }
@media (prefers-color-scheme: dark) {
  svg.flows { background: #15181b; } .lane rect { fill: #1f2428; stroke: #3a4148; }
  .lane.us rect { fill: #1a2635; } .lane.people rect { fill: #1c2a1d; } .lane text { fill: #b3bcc5; }
  .box rect { fill: #15181b; stroke: #a2abb4; } .box text { fill: #e6e8ea; } .box .below { fill: #b3bcc5; }
  .arrow path { stroke: #7d868f; } .arrow .head { fill: #7d868f; } .arrow text, .note text { fill: #b3bcc5; }
  .box.violation rect, .arrow.violation path { stroke: #ff8a85; } .violation text, .arrow.violation .head { fill: #ff8a85; }
  .box.undetermined rect, .arrow.undetermined path { stroke: #f0bd5b; }
  .undetermined text, .arrow.undetermined .head { fill: #f0bd5b; }
}
"""


def as_svg(drawn: Picture, *, styled: bool = True, effort: int = EFFORT) -> str:
    """Return the whole file, with its style inside (unless a page has that); no script, no font, nothing from outside."""
    layout = lay_out(drawn, effort)
    inner, style = "".join(_parts(drawn, layout)), f"<style>{STYLE}</style>" if styled else ""
    wide, high = layout.width, layout.height
    if styled:
        wide = max(wide, _NARROWEST)
        note, below = note_below(drawn, wide, high)
        inner, high = inner + note, high + below
    width, height = f"{wide:.0f}", f"{high:.0f}"
    size = f'width="{wide * SCALE:.0f}" height="{high * SCALE:.0f}"'
    head = f'xmlns="http://www.w3.org/2000/svg" class="flows" viewBox="0 0 {width} {height}"'
    about = "<title>Flows of the estate</title>" if styled else ""
    role = "img" if styled else "group"
    return f'<svg {head} {size} role="{role}" aria-label="flows of the estate">{about}{style}{inner}</svg>\n'


def _parts(drawn: Picture, layout: Layout) -> Iterator[str]:
    """From behind to before: frames, lines, the worst of them last, and boxes."""
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


def _lane(lane: Lane, layout: Layout) -> str:
    x, y, width, height = layout.frames[lane.id]
    most = int((width - 2 * PAD) / 6.6)
    words = element(
        "text", text(cut(lane.id or "party unknown", most)), class_="name", x=f"{x + PAD:g}", y=f"{y + 13:g}"
    )
    if lane.id:
        words += element("text", text(cut(lane.label, int(most * 1.3))), x=f"{x + PAD:g}", y=f"{y + 24:g}")
    told = element("title", text(f"{lane.id}: {lane.label}" if lane.id else lane.label))
    rect = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
    return element("g", told + rect + words, class_=_rank("lane", lane.rank))


def _rank(kind: str, rank: int) -> str:
    return f"{kind} {('people', 'us', 'others')[rank]}"


def _box(box: Box, layout: Layout, rank: int) -> str:
    (x, y), height, middle = layout.boxes[box.id], layout.heights[box.id], BOX_WIDTH // 2
    flows = f"{counted(len(box.within), 'flow')} within"
    below = [*([box.below] if box.below else []), *([flows] if box.within else [])]
    line = height / 2 + 4 - 6.5 * len(below)
    parts = _title(words_of(box))
    parts += f'<rect width="{BOX_WIDTH}" height="{height}" rx="5"/>'
    if box.folds:
        parts += f'<rect class="frame" x="3" y="3" width="{BOX_WIDTH - 6}" height="{height - 6}" rx="3"/>'
    parts += element("text", text(cut(box.label, _LONGEST_BOX)), x=f"{middle}", y=f"{line:g}")
    for number, told in enumerate(below, start=1):
        parts += element(
            "text", text(cut(told, _LONGEST_BELOW)), class_="below", x=f"{middle}", y=f"{line + 13 * number:g}"
        )
    kind = f"{_rank('box', rank)} {box.grade.name.lower()}{' folded' if box.folds else ''}"
    at = f"translate({x:g} {y:g})"
    return element("g", parts, class_=kind, transform=at, data_id=box.id, data_lane=box.lane)


def words_of(box: Box) -> list[str]:
    """All that is known of a box; of very much the first lines."""
    lines = [f"{box.label} ({box.below})" if box.below else box.label, *box.notes]
    return _first([*lines, *(["among them:"] if box.within else []), *told_of(box.within)])


def _title(lines: list[str]) -> str:
    """What shows when it is pointed at, line by line."""
    return element("title", "\n".join(map(text, lines)))


def _first(lines: list[str]) -> list[str]:
    left = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {left:,} lines more"] if left > 0 else lines


def _arrow(arrow: Arrow, line: tuple[Point, ...]) -> str:
    name, (x, y) = arrow.grade.name.lower(), line[-1]
    path = f'<path d="{_rounded(line)}"/><path class="head" d="M{x - 7:g} {y - 3.2:g}l7 3.2l-7 3.2z"/>'
    what, why = arrow.short
    words = element("text", text(what), x=f"{x - PAD - 3:g}", y=f"{y - 3:g}", class_="what")
    if why:
        words += element(
            "text", text(why), x=f"{x - PAD - 3:g}", y=f"{y + 8:g}", class_="why" if len(arrow.flows) == 1 else "what"
        )
    lines = [f"{arrow.source} → {arrow.target}", *arrow.words]
    told = _title(_first(lines))
    wrong = json.dumps([visible(each.id) for each in arrow.flows if each.grade > Grade.FINE])
    ends = {"data_source": arrow.source, "data_target": arrow.target, "data_wrong": wrong}
    kind = f"arrow {name}{' path' if arrow.on_path else ''}"
    return element("g", told + path + words, class_=kind, data_id=arrow.id, **ends)


def _rounded(line: tuple[Point, ...]) -> str:
    """A line with rounded corners; it ends before the tip of its head."""
    points = [line[0]]
    for point in line[1:]:
        if abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) > 0.01:
            points.append(point)
    points[-1] = (points[-1][0] - 5, points[-1][1])
    told = f"M{points[0][0]:g} {points[0][1]:g}"
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        start, end = _toward(corner, before), _toward(corner, after)
        told += f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return f"{told}L{points[-1][0]:g} {points[-1][1]:g}"


def _toward(corner: Point, other: Point) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    part = min(_ROUND, length / 2) / length if length else 0
    return round(corner[0] + (other[0] - corner[0]) * part, 2), round(corner[1] + (other[1] - corner[1]) * part, 2)
