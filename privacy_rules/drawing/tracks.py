"""Order lines side by side so that few of them cross; lines that do not meet share a track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Touch = tuple[float, bool]  # the height, and whether it is the right side that the line touches there
Span = tuple[float, float]
_APART = 3.0
_ON_EACH_OTHER = 50


def ordered(lines: Mapping[str, Sequence[Touch]]) -> dict[str, int]:
    """The track of each line, from 0 at the left."""
    names = sorted(lines, key=lambda name: (min(lines[name]), name))
    spans = {name: (min(y for y, _ in lines[name]), max(y for y, _ in lines[name])) for name in names}
    crossings = {(a, b): _crossings(lines[a], spans[a], lines[b], spans[b]) for a in names for b in names if a != b}
    _sift(names, crossings)
    return _shared(names, spans)


def _crossings(left: Sequence[Touch], left_span: Span, right: Sequence[Touch], right_span: Span) -> int:
    """How often two lines cross if one is left of the other. An overlap counts as many crossings."""
    low, high = right_span
    found = sum(low < y < high for y, is_right in set(left) if is_right)
    low, high = left_span
    found += sum(low < y < high for y, is_right in set(right) if not is_right)
    out = [y for y, is_right in left if is_right]
    return found + _ON_EACH_OTHER * any(
        abs(y - other) < _APART for y, is_right in right if not is_right for other in out
    )


def _sift(names: list[str], crossings: Mapping[tuple[str, str], int]) -> None:
    """Move each line to where it crosses the fewest others, until none moves."""
    for _ in range(8):
        moved = False
        for name in list(names):
            others = [each for each in names if each != name]
            costs = [sum(crossings[name, each] for each in others)]
            for each in others:
                costs.append(costs[-1] - crossings[name, each] + crossings[each, name])
            here, best = names.index(name), min(range(len(costs)), key=lambda place: (costs[place], place))
            if costs[best] < costs[here]:
                names.remove(name)
                names.insert(best, name)
                moved = True
        if not moved:
            return


def _shared(names: Sequence[str], spans: Mapping[str, Span]) -> dict[str, int]:
    """As few tracks as possible, in the order of the names."""
    found: dict[str, int] = {}
    for name in names:
        low, high = spans[name]
        met = [found[each] for each in found if spans[each][0] - _APART <= high and low <= spans[each][1] + _APART]
        found[name] = max(met, default=-1) + 1
    return found
