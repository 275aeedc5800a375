"""A picture as SVG: lanes of parties, boxes, curved arrows with what they carry; violations red, undetermined dashed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from privacy_rules.drawing.picture import Arrow, Grade, Picture
from privacy_rules.drawing.placing import BOX_HEIGHT, BOX_WIDTH, Layout, place
from privacy_rules.reports.html_page import element, text

_LONGEST_BOX, _LONGEST_ARROW = 22, 36

STYLE = """
svg { font: 12px system-ui, sans-serif; background: #fff; color: #1c1f23; }
.lane { fill: #f4f6f8; stroke: #d5d9de; } .lane-name { fill: #5a626b; font-weight: 600; }
.box rect { fill: #fff; stroke: #5a626b; } .box text { fill: #1c1f23; text-anchor: middle; }
.arrow path { fill: none; stroke: #8b939b; } .arrow text { fill: #5a626b; font-size: 10px; text-anchor: middle;
  paint-order: stroke; stroke: #f4f6f8; stroke-width: 3px; }
.violation rect, .violation path { stroke: #b3171d; stroke-width: 2.5; } .violation text { fill: #b3171d; }
.undetermined rect, .undetermined path { stroke: #8a5a00; stroke-dasharray: 5 3; } .undetermined text { fill: #8a5a00; }
.head { fill: #8b939b; } .head.violation { fill: #b3171d; } .head.undetermined { fill: #8a5a00; }
@media (prefers-color-scheme: dark) {
  svg { background: #15181b; } .lane { fill: #1f2428; stroke: #3a4148; } .lane-name { fill: #a2abb4; }
  .box rect { fill: #15181b; stroke: #a2abb4; } .box text { fill: #e6e8ea; } .arrow text { fill: #a2abb4; stroke: #1f2428; }
  .violation rect, .violation path { stroke: #ff8a85; } .violation text { fill: #ff8a85; } .head.violation { fill: #ff8a85; }
  .undetermined rect, .undetermined path { stroke: #f0bd5b; } .undetermined text { fill: #f0bd5b; }
  .head.undetermined { fill: #f0bd5b; }
}
"""


def as_svg(drawn: Picture, *, styled: bool = True) -> str:
    """The whole file, with its style inside (unless a page has that); no script, no font, nothing from outside."""
    layout = place(drawn)
    inner, style = "".join(_parts(drawn, layout)), f"<style>{STYLE}</style>" if styled else ""
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {layout.height}"'
    size = f'width="{layout.width}" height="{layout.height}" role="img"'
    return f"<svg {head} {size}><title>Flows of the estate</title>{style}{inner}</svg>\n"


def _parts(drawn: Picture, layout: Layout) -> Iterator[str]:
    yield f"<defs>{''.join(map(_head, Grade))}</defs>"
    for lane in drawn.lanes:
        frame = layout.lanes[lane.id]
        yield f'<rect class="lane" x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}" rx="6"/>'
        words = text(_cut(lane.label, max(30, frame.width // 7)))
        yield element("text", words, class_="lane-name", x=str(frame.x + 10), y=str(frame.y + 19))
    taken: Counter[tuple[str, str]] = Counter()
    for arrow in drawn.arrows:
        yield _arrow(arrow, layout, taken[arrow.source, arrow.target])
        taken[arrow.source, arrow.target] += 1
    for box in drawn.boxes:
        at = layout.boxes[box.id]
        words = element("text", text(_cut(box.label, _LONGEST_BOX)), x=str(BOX_WIDTH // 2), y=str(BOX_HEIGHT // 2 + 4))
        rect = f'<rect width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        told = element("title", text("\n".join((box.label, *box.notes))))
        kind = f"box {box.grade.name.lower()}"
        yield element("g", told + rect + words, class_=kind, transform=f"translate({at.x} {at.y})", data_id=box.id)


def _head(grade: Grade) -> str:
    name = grade.name.lower()
    return (
        f'<marker id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto" markerUnits="userSpaceOnUse"><path class="head {name}" d="M0 0L8 4L0 8z"/></marker>'
    )


def _arrow(arrow: Arrow, layout: Layout, number: int) -> str:
    line, x, y = _curve(arrow, layout, number)
    name = arrow.grade.name.lower()
    path = f'<path d="{line}" marker-end="url(#head-{name})"/>'
    words = element("text", text(_cut(arrow.label, _LONGEST_ARROW)), x=str(x), y=str(y - 4))
    told = element("title", text("\n".join((arrow.id, arrow.label, *arrow.notes))))
    ends = {"data_source": arrow.source, "data_target": arrow.target}
    return element("g", told + path + words, class_=f"arrow {name}", data_id=arrow.id, **ends)


def _curve(arrow: Arrow, layout: Layout, number: int) -> tuple[str, int, int]:
    """The line and where its words stand; further arrows between the same ends bow out, one back goes around."""
    source, target = layout.boxes[arrow.source], layout.boxes[arrow.target]
    bow = 14 * number
    middle = BOX_HEIGHT // 2
    if source == target:
        x, y = source.x + BOX_WIDTH, source.y + middle
        return f"M{x} {y - 8}C{x + 50 + bow} {y - 40 - bow} {x + 50 + bow} {y + 40 + bow} {x} {y + 8}", x + 46, y
    if target.x > source.x:
        a, b = (source.x + BOX_WIDTH, source.y + middle + bow // 2), (target.x, target.y + middle + bow // 2)
        pull = max(40, (b[0] - a[0]) // 2)
        line = f"M{a[0]} {a[1]}C{a[0] + pull} {a[1] + bow} {b[0] - pull} {b[1] + bow} {b[0]} {b[1]}"
        return line, (a[0] + b[0]) // 2, (a[1] + b[1]) // 2 + bow * 3 // 4
    a, b = (source.x + BOX_WIDTH // 2, source.y + BOX_HEIGHT), (target.x + BOX_WIDTH // 2, target.y + BOX_HEIGHT)
    if target.x == source.x:
        a, b = (source.x + BOX_WIDTH, source.y + middle), (target.x + BOX_WIDTH, target.y + middle)
        out = 46 + bow
        line = f"M{a[0]} {a[1]}C{a[0] + out} {a[1]} {b[0] + out} {b[1]} {b[0]} {b[1]}"
        return line, a[0] + out * 3 // 4, (a[1] + b[1]) // 2
    deep = max(a[1], b[1]) + 26 + bow
    return f"M{a[0]} {a[1]}C{a[0]} {deep} {b[0]} {deep} {b[0]} {b[1]}", (a[0] + b[0]) // 2, deep - 6


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
