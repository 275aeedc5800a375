"""Where things stand: columns in the order in which data move on, a frame around the boxes of each party.

Columns are the layers of the graph once its circles are drawn together (networkx finds them); boxes of one party and column
stand below each other, and frames are let down into the first place that is free.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from privacy_rules.drawing.picture import Box, Picture

BOX_WIDTH, BOX_HEIGHT = 168, 40
COLUMN, ROW = 380, 68
MARGIN, LANE_LABEL, GAP, PAD = 24, 30, 14, 14


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner of a box, in pixels."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around a party's boxes."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where boxes and the frames of lanes stand, by id; the size of the whole."""

    boxes: dict[str, Place]
    lanes: dict[str, Frame]
    width: int
    height: int


def place(drawn: Picture) -> Layout:
    """Places for all boxes of a picture, the same for the same picture."""
    columns = _columns(drawn)
    places: dict[str, Place] = {}
    frames: dict[str, Frame] = {}
    bottom: dict[int, int] = defaultdict(lambda: MARGIN)
    for lane in drawn.lanes:
        rows = _rows([each for each in drawn.boxes if each.lane == lane.id], columns)
        if rows:
            frame = _frame(rows, bottom)
            frames[lane.id] = frame
            for column, boxes in rows.items():
                for row, box in enumerate(boxes):
                    places[box.id] = Place(_x(column), frame.y + LANE_LABEL + row * ROW)
    return Layout(
        places,
        frames,
        _x(max(columns.values(), default=0)) + BOX_WIDTH + 5 * MARGIN,
        max(bottom.values(), default=MARGIN),
    )


def _x(column: int) -> int:
    return MARGIN + column * COLUMN


def _frame(rows: dict[int, list[Box]], bottom: dict[int, int]) -> Frame:
    """The next free stretch of all columns that a lane takes; below it they are free again."""
    first, last = min(rows), max(rows)
    span = range(first, last + 1)
    top = max(bottom[column] for column in span)
    height = LANE_LABEL + max(map(len, rows.values())) * ROW
    for column in span:
        bottom[column] = top + height + GAP
    return Frame(_x(first) - PAD, top, (last - first) * COLUMN + BOX_WIDTH + 2 * PAD, height)


def _columns(drawn: Picture) -> dict[str, int]:
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(each.id for each in drawn.boxes)
    graph.add_edges_from((each.source, each.target) for each in drawn.arrows)
    circles = networkx.condensation(graph)
    found: dict[str, int] = {}
    for column, layer in enumerate(networkx.topological_generations(circles)):
        for circle in layer:
            found.update((name, column) for name in circles.nodes[circle]["members"])
    return _spread(drawn, found)


def _spread(drawn: Picture, columns: dict[str, int]) -> dict[str, int]:
    """Columns without gaps; a big circle, which is one layer, is spread in the order in which data go round."""
    members: dict[int, list[str]] = defaultdict(list)
    for box in drawn.boxes:
        members[columns[box.id]].append(box.id)
    next_to: dict[str, list[str]] = defaultdict(list)
    for arrow in drawn.arrows:
        next_to[arrow.source].append(arrow.target)
    found: dict[str, int] = {}
    offset = 0
    for column in sorted(members):
        depth = _around(members[column], next_to)
        found.update((name, offset + depth[name]) for name in members[column])
        offset += 1 + max(depth.values(), default=0)
    return found


def _around(members: list[str], next_to: dict[str, list[str]]) -> dict[str, int]:
    """How many steps from the first, for boxes that data go round between; 0 for boxes side by side."""
    within, depth = set(members), dict.fromkeys(members, 0)
    joined = [name for name in members if any(each in within and each != name for each in next_to[name])]
    if not joined:
        return depth
    waiting, seen = [joined[0]], {joined[0]}
    for name in waiting:
        for each in next_to[name]:
            if each in within and each not in seen:
                seen.add(each)
                depth[each] = min(depth[name] + 1, 6)
                waiting.append(each)
    return depth


def _rows(members: list[Box], columns: dict[str, int]) -> dict[int, list[Box]]:
    found: dict[int, list[Box]] = defaultdict(list)
    for box in members:
        found[columns[box.id]].append(box)
    return found
