"""A picture in Mermaid, within Mermaid's default limits of 500 edges and 50,000 characters."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.drawing.dot import COLOURS
from privacy_rules.drawing.legend import legend
from privacy_rules.drawing.picture import Arrow, Box, Grade, Lane, Picture
from privacy_rules.reports.markup.markdown import mermaid_label

MOST_EDGES, MOST_CHARACTERS = 500, 50_000
_ROOM_FOR_THE_NOTE = 1_500


def as_mermaid(drawn: Picture) -> str:
    """Return Mermaid with a subgraph for each party and one edge for all flows between two boxes.

    Violations are thick and red, undetermined flows dotted. If that exceeds the limits, edges without findings are left out first,
    and a note says how many.
    """
    worst_first = sorted(drawn.arrows, key=lambda each: -each.grade)
    few, many = 0, min(len(worst_first), MOST_EDGES)
    if len(_written(drawn, worst_first[:many])) > MOST_CHARACTERS - _ROOM_FOR_THE_NOTE:
        while few < many:
            middle = (few + many + 1) // 2
            fits = len(_written(drawn, worst_first[:middle])) <= MOST_CHARACTERS - _ROOM_FOR_THE_NOTE
            few, many = (middle, many) if fits else (few, middle - 1)
    kept = set(map(id, worst_first[:many]))
    notes = [drawn.left_out] if drawn.left_out else []
    if many < len(worst_first):
        notes.append(f"{len(worst_first) - many:,} of {len(worst_first):,} arrows are left out; Mermaid draws no more")
    notes = [legend(drawn, "thick red", "dotted"), *notes]
    return _written(drawn, [each for each in drawn.arrows if id(each) in kept], "; ".join(filter(None, notes)))


def _written(drawn: Picture, arrows: Sequence[Arrow], note: str = "") -> str:
    names = {box.id: f"n{number}" for number, box in enumerate(drawn.boxes)}
    lines = ["flowchart LR"]
    for number, lane in enumerate(drawn.lanes):
        if lane.parent is None:
            lines += _subgraph(number, lane, drawn, names)
    bad = []
    for number, arrow in enumerate(arrows):
        line = "-.->" if arrow.grade is Grade.UNDETERMINED else "==>" if arrow.grade is Grade.VIOLATION else "-->"
        words = "<br>".join(mermaid_label(each) for each in arrow.short if each)
        lines.append(f'  {names[arrow.source]} {line}|"{words}"| {names[arrow.target]}')
        bad += [str(number)] if arrow.grade is Grade.VIOLATION else []
    if bad:
        lines.append(f"  linkStyle {','.join(bad)} stroke:{COLOURS[Grade.VIOLATION]}")
    if note:
        lines.append(f'  note["{mermaid_label(note)}"]')
    return "".join(f"{line}\n" for line in [*lines, *_classes(drawn, names)])


def _subgraph(number: int, lane: Lane, drawn: Picture, names: dict[str, str]) -> list[str]:
    lines = [f'  subgraph p{number}["{mermaid_label(f"{lane.title} ({lane.label})" if lane.id else lane.label)}"]']
    lines += [f"    {names[box.id]}{_box(box)}" for box in drawn.boxes if box.lane == lane.id]
    for other, each in enumerate(drawn.lanes):
        lines += [f"  {line}" for line in _subgraph(other, each, drawn, names)] if each.parent == lane.id else []
    return [*lines, "  end"]


def _box(box: Box) -> str:
    words = "<br>".join(mermaid_label(each) for each in (box.label, box.below) if each)
    return f'[["{words}"]]' if box.folds else f'["{words}"]'


def _classes(drawn: Picture, names: dict[str, str]) -> list[str]:
    lines = []
    for grade in (Grade.VIOLATION, Grade.UNDETERMINED):
        boxes = [names[box.id] for box in drawn.boxes if box.grade is grade]
        if boxes:
            dashed = ",stroke-dasharray:4 3" if grade is Grade.UNDETERMINED else ""
            lines.append(f"  classDef {grade.name.lower()} stroke:{COLOURS[grade]}{dashed}")
            lines.append(f"  class {','.join(boxes)} {grade.name.lower()}")
    return lines
