"""Route each arrow: out of a box to the right, up or down between columns, through gaps between boxes, and in from the left.

All arrows of one box leave it as one line, which forks. No line crosses a box, lines of two boxes never overlap, and the
label of an arrow is where the arrow arrives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from privacy_rules.drawing.layout import (
    BOX_WIDTH,
    EFFORT,
    GAP,
    MARGIN,
    NAME,
    PAD,
    PORT,
    Frame,
    Packed,
    Plan,
    pack,
    plan,
)
from privacy_rules.drawing.picture import Picture
from privacy_rules.drawing.tracks import ordered
from privacy_rules.source.records import dataclass

TRACK = 6  # between two lines side by side
LABEL = 106  # room for what an arrow carries
_CLEAR = 5

Point = tuple[float, float]
Gap = tuple[int, int]  # the column, and the number of the box that is below


@dataclass(frozen=True, slots=True)
class Layout:
    """The upper left corner and the height of each box, the frame of each party as (x, y, width, height), and the corners of each arrow, all in pixels."""

    boxes: dict[str, Point]
    heights: dict[str, int]
    frames: dict[str, tuple[float, float, float, float]]
    lines: tuple[tuple[Point, ...], ...]
    width: float
    height: float


def lay_out(drawn: Picture, effort: int = EFFORT) -> Layout:
    """Place everything in a picture, in the same way for the same picture and `effort` (see `layout.plan`)."""
    made = plan(drawn, effort)
    return _Routes(drawn, made).layout()


class _Routes:
    """Routes arrows through the gaps of a plan, and makes room for them."""

    def __init__(self, drawn: Picture, made: Plan) -> None:
        self.drawn, self.plan = drawn, made
        self.stacks = [
            [box for lane in made.lanes for box in made.stacks[lane][column]] for column in range(made.columns)
        ]
        self.first_of_lane = {
            stack[0] for lane in made.lanes if lane in made.framed for stack in made.stacks[lane] if stack
        }
        self._pack(pack(made))
        self.gaps: dict[Gap, dict[str, float]] = defaultdict(dict)  # who passes, and where it would like to
        self.ways = self._ways()
        self._pack(pack(made, self._room()))

    def _pack(self, packed: Packed) -> None:
        self.packed = packed
        self.top = packed.top

    def layout(self) -> Layout:
        """Everything in pixels."""
        passing = self._passing()
        ports = self._ports(passing)
        stops = [self._stops(number, passing, ports) for number in range(len(self.ways))]
        touched = self._touched(stops)
        tracks = [ordered(channel) for channel in touched]
        labelled = [any(stop[-1][0] == channel for stop in stops) for channel in range(self.plan.columns + 1)]
        left, x_of = self._across(tracks, labelled)
        boxes = {box: (left[self.plan.column[box]], float(self.top[box])) for box in self.top}
        lines = tuple(self._line(number, stops[number], tracks, x_of, boxes) for number in range(len(self.ways)))
        frames = {lane: self._frame(lane, frame, left) for lane, frame in self.packed.frames.items()}
        low = max((y for gap in passing.values() for y in gap.values()), default=0)
        height = max(self.packed.height, low + MARGIN)
        return Layout(boxes, dict(self.plan.height), frames, lines, x_of[-1] + MARGIN, height)

    # Gaps: which of them each arrow goes through.

    def _ways(self) -> list[tuple[Gap, ...]]:
        found: dict[int, tuple[Gap, ...]] = {}
        order = sorted(range(len(self.drawn.arrows)), key=self._reach)
        for number in order:
            found[number] = self._way(number)
        return [found[number] for number in range(len(self.drawn.arrows))]

    def _reach(self, number: int) -> tuple[int, int]:
        arrow = self.drawn.arrows[number]
        return abs(self.plan.column[arrow.target] - self.plan.column[arrow.source]), number

    def _way(self, number: int) -> tuple[Gap, ...]:
        """The gaps with the shortest way up and down. A gap that the same line already uses is cheap, a full one expensive."""
        arrow = self.drawn.arrows[number]
        start, end = self.plan.column[arrow.source], self.plan.column[arrow.target]
        columns = range(start + 1, end) if end > start else range(start, end - 1, -1)
        reached: list[tuple[float, float, tuple[Gap, ...]]] = [(0.0, self._middle(arrow.source), ())]
        for column in columns:
            nearer = []
            for gap in range(len(self.stacks[column]) + 1):
                low, high = self._between((column, gap))
                known = self.gaps[column, gap].get(arrow.source)
                full = 9.0 * len(self.gaps[column, gap]) if high - low < 40 else 2.0 * len(self.gaps[column, gap])
                best = min(
                    (
                        cost + abs(y - to) + (0.0 if known is not None else 14.0 + full),
                        to,
                        (*way, (column, gap)),
                    )
                    for cost, y, way in reached
                    for to in [known if known is not None else min(max(y, low), high)]
                )
                nearer.append(best)
            reached = nearer
        goal = self._middle(arrow.target)
        _, _, way = min((cost + abs(y - goal), y, way) for cost, y, way in reached)
        self._take(arrow.source, way, goal)
        return way

    def _take(self, source: str, way: tuple[Gap, ...], goal: float) -> None:
        y = self._middle(source)
        for gap in way:
            low, high = self._between(gap)
            y = min(max((y + goal) / 2, low), high)
            y = self.gaps[gap].setdefault(source, y)

    def _between(self, gap: Gap) -> tuple[float, float]:
        """The heights between which lines may pass a gap."""
        column, number = gap
        stack = self.stacks[column]
        low = self._bottom(stack[number - 1]) + _CLEAR if number else 2.0
        if number == len(stack):
            return low, max(low, float(self.packed.height))
        high = self.top[stack[number]] - (NAME + 3 if stack[number] in self.first_of_lane else 0) - _CLEAR
        return low, max(low, high)

    def _bottom(self, box: str) -> float:
        return float(self.top[box] + self.plan.height[box])

    def _middle(self, box: str) -> float:
        return self.top[box] + self.plan.height[box] / 2

    def _room(self) -> dict[str, int]:
        """The space that is missing above each box for the lines that pass there."""
        found: dict[str, int] = {}
        for (column, number), passing in self.gaps.items():
            if passing and number < len(self.stacks[column]):
                box = self.stacks[column][number]
                frame = PAD if box in self.first_of_lane and number else 0
                found[box] = max(0, TRACK * (len(passing) - 1) + 2 * _CLEAR + frame - GAP + (2 if number else 0))
        return found

    # Heights: where in its gaps and at its target each line is.

    def _passing(self) -> dict[Gap, dict[str, float]]:
        """The height of each line in each gap."""
        beyond: dict[tuple[Gap, str], list[float]] = defaultdict(list)
        for arrow, way in zip(self.drawn.arrows, self.ways, strict=True):
            for gap in way:
                beyond[gap, arrow.source].append(self._middle(arrow.target))
        found = {}
        for gap, passing in self.gaps.items():
            low, high = self._between(gap)
            # Alone, a line would pass between its source and the middle of its targets beyond the gap.
            ideal = {
                name: (self._middle(name) + sum(targets) / len(targets)) / 2
                for name in passing
                for targets in [beyond[gap, name]]
            }
            names = [name for _, name in sorted((height, name) for name, height in ideal.items())]
            step = min(TRACK, (high - low) / (len(names) - 1)) if len(names) > 1 else 0
            heights: list[float] = []
            for name in names:
                height = min(max(ideal[name], low), high)
                heights.append(max(height, heights[-1] + step) if heights else height)
            most = high
            for number in reversed(range(len(heights))):
                heights[number] = min(heights[number], most)
                most = heights[number] - step
            found[gap] = dict(zip(names, heights, strict=True))
        return found

    def _ports(self, passing: Mapping[Gap, Mapping[str, float]]) -> list[float]:
        """The height at which each arrow arrives, in the order of where the arrows come from."""
        coming: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for number, (arrow, way) in enumerate(zip(self.drawn.arrows, self.ways, strict=True)):
            y = passing[way[-1]][arrow.source] if way else self._middle(arrow.source)
            coming[arrow.target].append((y, number))
        found = [0.0] * len(self.ways)
        for target, arrows in coming.items():
            first = self._middle(target) - PORT * (len(arrows) - 1) / 2
            for place, (_, number) in enumerate(sorted(arrows)):
                found[number] = first + PORT * place
        return found

    def _stops(
        self, number: int, passing: Mapping[Gap, Mapping[str, float]], ports: list[float]
    ) -> list[tuple[int, float, float]]:
        """The channels of an arrow, each with the heights at which it enters and leaves. Channel n is left of column n."""
        arrow, way = self.drawn.arrows[number], self.ways[number]
        back = self.plan.column[arrow.target] <= self.plan.column[arrow.source]
        heights = [self._middle(arrow.source), *(passing[gap][arrow.source] for gap in way), ports[number]]
        first = self.plan.column[arrow.source] + 1
        channels = range(first, first - len(way) - 1, -1) if back else range(first, first + len(way) + 1)
        return [(channel, *both) for channel, both in zip(channels, pairwise(heights), strict=True)]

    # Widths: the tracks between the columns.

    def _touched(self, stops: list[list[tuple[int, float, float]]]) -> list[dict[str, list[tuple[float, bool]]]]:
        """The heights at which each line of each channel touches its left (False) or right (True) side."""
        found: list[dict[str, list[tuple[float, bool]]]] = [defaultdict(list) for _ in range(self.plan.columns + 1)]
        for arrow, through in zip(self.drawn.arrows, stops, strict=True):
            back = len(through) > 1 and through[1][0] < through[0][0]
            for place, (channel, come, go) in enumerate(through):
                last = place == len(through) - 1
                found[channel][arrow.source] += [(come, back and place > 0), (go, last or not back)]
        return found

    def _across(self, tracks: list[dict[str, int]], labelled: list[bool]) -> tuple[list[float], list[float]]:
        """The left edge of each column, and the x of the first track of each channel."""
        left, x_of = [], []
        x = float(MARGIN)
        for channel in range(self.plan.columns + 1):
            count = max(tracks[channel].values(), default=-1) + 1
            x_of.append(x + (PAD + TRACK if channel else 0))
            x = x_of[-1] + TRACK * max(0, count - 1)
            x += LABEL if labelled[channel] else PAD + (TRACK if count else 0)
            if channel < self.plan.columns:
                left.append(x)
                x += BOX_WIDTH
        x_of.append(x_of[-1] + TRACK * max(0, max(tracks[-1].values(), default=0)))
        return left, x_of

    def _line(
        self,
        number: int,
        stops: list[tuple[int, float, float]],
        tracks: list[dict[str, int]],
        x_of: list[float],
        boxes: dict[str, Point],
    ) -> tuple[Point, ...]:
        arrow = self.drawn.arrows[number]
        points: list[Point] = [(boxes[arrow.source][0] + BOX_WIDTH, stops[0][1])]
        for channel, come, go in stops:
            x = x_of[channel] + TRACK * tracks[channel][arrow.source]
            points += [(x, come), (x, go)]
        points.append((boxes[arrow.target][0], stops[-1][2]))
        return tuple(points)

    def _frame(self, lane: str, frame: Frame, left: list[float]) -> tuple[float, float, float, float]:
        pad = PAD if lane in self.plan.framed else 0
        x = left[frame.first] - pad
        return x, frame.top, left[frame.last] + BOX_WIDTH + pad - x, frame.bottom - frame.top
