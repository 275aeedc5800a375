"""Choose a column and a vertical order for the boxes, so that arrows are short and lead to the right.

Each party has a frame over one or more columns. Frames are placed one after the other, as high as there is room in all of
their columns. Then boxes and frames swap places as long as that makes arrows shorter. The same picture always gets the
same layout.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import field

from privacy_rules.drawing.picture import Box, Picture
from privacy_rules.source.records import dataclass

BOX_WIDTH, BOX_HEIGHT, FOLDED_HEIGHT, PER_LINE = 130, 28, 31, 13
PORT = 22  # between two arrows that come into a box
NAME, PAD, GAP, MARGIN = 28, 9, 12, 12
_COLUMN = 250  # about the distance of two columns
EFFORT = 1_000_000  # arrows and boxes that may be looked at to improve one picture
_ACROSS, _BACK, _SAME = 150, 380, 260  # what it costs to pass a column, to go back, to stay in the column
_HEIGHT = 2.5


@dataclass(slots=True)
class Plan:
    """The frames from top to bottom, and in each frame the boxes of each column from top to bottom."""

    columns: int
    lanes: list[str]
    stacks: dict[str, list[list[str]]]
    height: dict[str, int]
    framed: set[str]
    column: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """The first and last column of a party, and its upper and lower edge."""

    first: int
    last: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Packed:
    """The upper edge of each box and the frame of each party, by id."""

    top: dict[str, int]
    frames: dict[str, Frame]
    height: int


def plan(drawn: Picture, effort: int = EFFORT) -> Plan:
    """Arrange the boxes of a picture; at most `effort` arrows and boxes are looked at to improve the first plan."""
    made = _begin(drawn)
    ends = [(each.source, each.target) for each in drawn.arrows if each.source != each.target]
    _Climb(made, ends, {each.id for each in drawn.lanes if each.rank == 0}, effort).climb()
    return made


def pack(made: Plan, room: Mapping[str, int] | None = None) -> Packed:
    """Place the frames. `room` is the space that lines need above a box, beyond the usual gap."""
    extra = room or {}
    bottom = [MARGIN] * made.columns
    tops: dict[str, int] = {}
    frames: dict[str, Frame] = {}
    for lane in made.lanes:
        stacks = made.stacks[lane]
        taken = [column for column in range(made.columns) if stacks[column]]
        if not taken:
            continue
        first, last = taken[0], taken[-1]
        framed = lane in made.framed
        start = max(
            bottom[column] + (extra.get(stacks[column][0], 0) if stacks[column] else 0)
            for column in range(first, last + 1)
        )
        end = start
        for column in taken:
            y = start + (NAME + 3 if framed else 0)
            for number, box in enumerate(stacks[column]):
                y += extra.get(box, 0) if number else 0
                tops[box] = y
                y += made.height[box] + GAP
            end = max(end, y - GAP + (PAD if framed else 0))
        frames[lane] = Frame(first, last, start, end)
        for column in range(first, last + 1):
            bottom[column] = end + GAP
    return Packed(tops, frames, max(bottom) - GAP + MARGIN)


def _begin(drawn: Picture) -> Plan:
    """The first plan: a box is in the column of the number of steps that data takes to it."""
    arriving: dict[str, int] = defaultdict(int)
    for arrow in drawn.arrows:
        arriving[arrow.target] += 1
    height = {each.id: max(_least(each), 10 + PORT * arriving[each.id]) for each in drawn.boxes}
    columns = _how_many(sum(height.values()) + 24 * len(drawn.boxes), len(drawn.boxes))
    steps = _steps(drawn)
    stacks: dict[str, list[list[str]]] = {lane.id: [[] for _ in range(columns)] for lane in drawn.lanes}
    plan = Plan(columns, [each.id for each in drawn.lanes], stacks, height, framed(drawn))
    for box in drawn.boxes:
        column = min(steps[box.id], columns - 1)
        plan.column[box.id] = column
        stacks[box.lane][column].append(box.id)
    return plan


def framed(drawn: Picture) -> set[str]:
    """The parties that have a frame: all except those that are one folded box."""
    return {each.lane for each in drawn.boxes if not (each.folds and each.below)}


def _least(box: Box) -> int:
    below = bool(box.below) + bool(box.within)
    return FOLDED_HEIGHT + PER_LINE * below if below else BOX_HEIGHT


def _how_many(height: int, boxes: int) -> int:
    """The number of columns that makes the whole somewhat wider than high."""
    return max(1, min(boxes, max(3, round(math.sqrt(height * 1.5 / _COLUMN)))))


def _steps(drawn: Picture) -> dict[str, int]:
    """The number of flows from the sources of data to each box. Sources are people or, without people, boxes without incoming arrows."""
    onward: dict[str, list[str]] = defaultdict(list)
    for arrow in drawn.arrows:
        onward[arrow.source].append(arrow.target)
    people = {each.id for each in drawn.lanes if each.rank == 0}
    reached = {arrow.target for arrow in drawn.arrows}
    begin = [each.id for each in drawn.boxes if each.lane in people]
    begin = (
        begin or [each.id for each in drawn.boxes if each.id not in reached] or [each.id for each in drawn.boxes][:1]
    )
    found = dict.fromkeys(begin, 0)
    waiting = list(begin)
    for name in waiting:
        for each in onward[name]:
            if each not in found:
                found[each] = found[name] + 1
                waiting.append(each)
    return {each.id: found.get(each.id, 0 if each.lane in people else 1) for each in drawn.boxes}


class _Climb:
    """Hill climbing: tries changes of a plan one by one, and keeps those that improve it."""

    def __init__(self, made: Plan, ends: list[tuple[str, str]], people: set[str], effort: int) -> None:
        self.plan, self.ends = made, ends
        self.people = [box for lane in people if lane in made.stacks for stack in made.stacks[lane] for box in stack]
        self.half = {box: height / 2 for box, height in made.height.items()}
        self.price = {over: _price(over) for over in range(-made.columns, made.columns + 1)}
        self.left = effort // (len(ends) + len(made.column) + 1)
        self.best = self._cost()

    def climb(self) -> None:
        before = float("inf")
        while self.best < before and self.left > 0:
            before = self.best
            for lane in list(self.plan.lanes):
                self._lane(lane)
                for stack in self.plan.stacks[lane]:
                    for box in list(stack):
                        self._box(lane, box)

    def _cost(self) -> float:
        packed, column, half = pack(self.plan), self.plan.column, self.half
        middle = {box: top + half[box] for box, top in packed.top.items()}
        cost = _HEIGHT * len(self.ends) * packed.height / 10 + sum(400 * column[box] for box in self.people)
        return cost + sum(
            self.price[column[target] - column[source]] + abs(middle[source] - middle[target])
            for source, target in self.ends
        )

    def _better(self, do: Callable[[], None], undo: Callable[[], None]) -> bool:
        """Try a change; undo it unless it improves the plan."""
        if self.left <= 0:
            return False
        self.left -= 1
        do()
        now = self._cost()
        if now < self.best - 1e-6:
            self.best = now
            return True
        undo()
        return False

    def _lane(self, lane: str) -> None:
        """Try every other place for a frame."""
        lanes = self.plan.lanes
        for place in range(len(lanes)):
            here = lanes.index(lane)
            if place != here:
                self._better(
                    lambda to=place: _move(lanes, lane, to),  # type: ignore[misc]
                    lambda to=here: _move(lanes, lane, to),  # type: ignore[misc]
                )

    def _box(self, lane: str, box: str) -> None:
        """Try every other place for a box in its frame."""
        stacks, column = self.plan.stacks[lane], self.plan.column

        def put(to: int, place: int) -> None:
            stacks[column[box]].remove(box)
            stacks[to].insert(place, box)
            column[box] = to

        for to in range(self.plan.columns):
            for place in range(len(stacks[to]) + 1):
                old = column[box], stacks[column[box]].index(box)
                if (to, place) == old or (to == old[0] and place >= len(stacks[to])):
                    continue
                self._better(
                    lambda to=to, place=place: put(to, place),  # type: ignore[misc]
                    lambda old=old: put(*old),  # type: ignore[misc]
                )


def _price(over: int) -> int:
    """The cost of an arrow that leads a number of columns to the right."""
    return _ACROSS * (over - 1) if over > 0 else _SAME - _BACK * over


def _move(items: list[str], item: str, place: int) -> None:
    items.remove(item)
    items.insert(place, item)
