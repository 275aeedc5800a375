"""Where things stand: nothing on anything else, no line over a box, no label on another, whatever the estate."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache
from itertools import combinations, pairwise

import pytest

from privacy_rules.drawing.layout import BOX_WIDTH
from privacy_rules.drawing.picture import Arrow, Box, Drawn, Lane, Picture
from privacy_rules.drawing.routing import Layout, lay_out
from privacy_rules.drawing.tracks import ordered

Rectangle = tuple[float, float, float, float]
_LETTER, _HIGH = 4.2, 7.0


def some(seed: int) -> Picture:
    """An estate in which everything may flow to anywhere, back and to itself."""
    draw = random.Random(seed)
    parties = [f"party-{number}" for number in range(draw.randint(1, 9))]
    lanes = tuple(Lane(name, "role", draw.randrange(3)) for name in parties)
    boxes = []
    for number in range(draw.randint(1, 28)):
        lane = draw.choice(parties)
        boxes.append(Box(f"system-{number}", lane, f"system-{number}"))
    if draw.random() < 0.5:
        boxes.append(Box("party-0/*", "party-0", "3 more systems", folds=3))
    names = [each.id for each in boxes]
    ends = sorted({(draw.choice(names), draw.choice(names)) for _ in range(draw.randint(0, 70))})
    flow = Drawn("flow", ("a_category_with_a_very_long_name", "name"), ("a_purpose_with_a_long_name",))
    shown = {each.lane for each in boxes}
    return Picture(
        tuple(each for each in lanes if each.id in shown), tuple(boxes), tuple(Arrow(*each, (flow,)) for each in ends)
    )


SEEDS = range(12)


@cache
def laid_out(seed: int) -> tuple[Picture, Layout]:
    found = some(seed)
    return found, lay_out(found)


def on_each_other(one: Rectangle, other: Rectangle) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def boxes_of(layout: Layout) -> dict[str, Rectangle]:
    return {name: (x, y, BOX_WIDTH, layout.heights[name]) for name, (x, y) in layout.boxes.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_on_anything_else_and_boxes_are_in_their_frames(seed: int) -> None:
    found, layout = laid_out(seed)
    boxes = boxes_of(layout)
    for these in (list(boxes.values()), list(layout.frames.values())):
        assert not [pair for pair in combinations(these, 2) if on_each_other(*pair)]
    for box in found.boxes:
        x, y, width, height = boxes[box.id]
        left, top, wide, high = layout.frames[box.lane]
        assert 0 <= left <= x
        assert x + width <= left + wide <= layout.width
        assert 0 <= top < y
        assert y + height <= top + high <= layout.height


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_leads_over_a_box_and_all_lead_from_their_source_to_their_target(seed: int) -> None:
    found, layout = laid_out(seed)
    boxes = boxes_of(layout)
    for arrow, line in zip(found.arrows, layout.lines, strict=True):
        for (x, y), (to_x, to_y) in pairwise(line):
            assert x == to_x or y == to_y
            piece = (min(x, to_x), min(y, to_y), abs(x - to_x), abs(y - to_y))
            assert not [name for name, box in boxes.items() if on_each_other(piece, box)]
            assert 0 <= piece[0] <= piece[0] + piece[2] <= layout.width
            assert 0 <= piece[1] <= piece[1] + piece[3] <= layout.height
        x, y, width, height = boxes[arrow.source]
        assert line[0] == (x + width, y + height / 2)
        x, y, _, height = boxes[arrow.target]
        assert line[-1][0] == x
        assert y < line[-1][1] < y + height


@pytest.mark.parametrize("seed", SEEDS)
def test_no_label_is_on_another_or_on_a_box_or_on_what_leads_up_and_down(seed: int) -> None:
    found, layout = laid_out(seed)
    labels = []
    for arrow, line in zip(found.arrows, layout.lines, strict=True):
        right, y = line[-1][0] - 12, line[-1][1]
        for words, low in zip(arrow.short, (y - 3, y + 8), strict=True):
            wide = len(words) * _LETTER
            labels.append((right - wide, low - _HIGH * 0.75, wide, _HIGH * 0.95))
    assert not [pair for pair in combinations(labels, 2) if on_each_other(*pair)]
    boxes = boxes_of(layout).values()
    upright = [
        (x, min(y, to_y), 0.1, abs(y - to_y))
        for line in layout.lines
        for (x, y), (to_x, to_y) in pairwise(line)
        if x == to_x and y != to_y
    ]
    assert not [label for label in labels if any(on_each_other(label, each) for each in (*boxes, *upright))]


def test_lines_of_different_boxes_run_on_each_other_only_where_either_order_would_have_it() -> None:
    """Two that change places between two columns would each need a further bend: one in some thousand."""
    shared = total = 0
    for seed in SEEDS:
        found, layout = laid_out(seed)
        pieces: dict[tuple[int, float], set[tuple[float, float, str]]] = defaultdict(set)
        for arrow, line in zip(found.arrows, layout.lines, strict=True):
            for start, end in pairwise(line):
                flat = 0 if start[0] == end[0] else 1
                low, high = sorted((start[1 - flat], end[1 - flat]))
                pieces[flat, start[flat]].add((low, high, arrow.source))
        total += sum(map(len, pieces.values()))
        for along in pieces.values():
            for one, other in combinations(along, 2):
                shared += one[2] != other[2] and min(one[1], other[1]) - max(one[0], other[0]) > 0.5
    assert total > 1000
    assert shared <= total / 1000


def test_data_move_from_left_to_right_where_they_do_not_go_round() -> None:
    boxes = tuple(Box(name, name, name) for name in ("market", "crm", "browser"))
    lanes = (Lane("browser", "people", 0), Lane("crm", "us", 1), Lane("market", "broker", 2))
    flow = (Drawn("flow", ("email",), ("delivery",)),)
    at = lay_out(Picture(lanes, boxes, (Arrow("crm", "market", flow), Arrow("browser", "crm", flow)))).boxes
    assert at["browser"][0] < at["crm"][0] < at["market"][0]


def test_lines_side_by_side_are_in_the_order_in_which_they_do_not_cross() -> None:
    down = {"upper": [(0.0, False), (30.0, True)], "lower": [(10.0, False), (40.0, True)]}
    assert ordered(down) == {"lower": 0, "upper": 1}
    up = {"upper": [(30.0, False), (0.0, True)], "lower": [(40.0, False), (10.0, True)]}
    assert ordered(up) == {"upper": 0, "lower": 1}
    level = {"from": [(0.0, False), (20.0, True)], "to": [(20.0, False), (40.0, True)]}
    assert ordered(level) == {"to": 0, "from": 1}
    apart = {"upper": [(0.0, False), (10.0, True)], "lower": [(30.0, False), (40.0, True)]}
    assert ordered(apart) == {"upper": 0, "lower": 0}
