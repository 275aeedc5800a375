"""A picture in Graphviz DOT. Names are quoted, so that none can become DOT."""

from __future__ import annotations

from textwrap import wrap

from privacy_rules.drawing.legend import legend
from privacy_rules.drawing.picture import Arrow, Box, Grade, Lane, Picture
from privacy_rules.source.invisible_characters import visible

COLOURS = {Grade.FINE: "#5a626b", Grade.UNDETERMINED: "#8a5a00", Grade.VIOLATION: "#b3171d"}
_GROUND = ("#edf6ea", "#e8f0fb", "#f4f6f8")
_STYLED = 'fontname="Helvetica,Arial,sans-serif"'
_HEAD = (
    "digraph flows {",
    "  rankdir=LR; ranksep=0.9; nodesep=0.16; splines=true; remincross=true; newrank=true; outputorder=edgesfirst;",
    f"  graph [{_STYLED}, fontsize=11, labeljust=l];",
    f'  node [{_STYLED}, fontsize=12, shape=box, style="rounded,filled", fillcolor=white, height=0.35, margin="0.12,0.04"];',
    f"  edge [{_STYLED}, fontsize=9, arrowsize=0.7];",
)
_MOST_TOLD, _WIDEST_NOTE = 12, 100


def as_dot(drawn: Picture) -> str:
    """Return DOT with a cluster for each party and one edge for all flows between two boxes; violations are red, undetermined flows dashed."""
    lines = list(_HEAD)
    for number, lane in enumerate(drawn.lanes):
        if lane.parent is None:
            lines += _cluster(number, lane, drawn)
    lines += [f"  {_quoted(each.source)} -> {_quoted(each.target)} [{_of_arrow(each)}];" for each in drawn.arrows]
    note = [line for text in (legend(drawn, "red", "dashed"), drawn.left_out) for line in wrap(text, _WIDEST_NOTE)]
    if note:
        lines.append(f"  label={_quoted(*note)};")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _cluster(number: int, lane: Lane, drawn: Picture) -> list[str]:
    label = f"{lane.title} ({lane.label})" if lane.id else lane.label
    first = "rank=source; " if lane.rank == 0 else ""
    inner = [f"    {_quoted(box.id)} [{_of_box(box)}];" for box in drawn.boxes if box.lane == lane.id]
    for other, each in enumerate(drawn.lanes):
        inner += [f"  {line}" for line in _cluster(other, each, drawn)] if each.parent == lane.id else []
    style = f'label={_quoted(label)}; style="rounded,filled"; color="#c3c9cf"; fillcolor="{_GROUND[lane.rank]}";'
    return [f"  subgraph cluster_{number} {{", f"    {first}{style}", *inner, "  }"]


def _of_box(box: Box) -> str:
    attributes = [f"label={_quoted(box.label, box.below)}", f'color="{COLOURS[box.grade]}"']
    attributes += ['style="rounded,filled,dashed"'] if box.grade is Grade.UNDETERMINED else []
    attributes += ["penwidth=2"] if box.grade is Grade.VIOLATION else []
    attributes += ["peripheries=2"] if box.folds else []
    return ", ".join([*attributes, *_tooltip(box.notes)])


def _of_arrow(arrow: Arrow) -> str:
    attributes = [
        f"label={_quoted(*arrow.short)}",
        f'color="{COLOURS[arrow.grade]}"',
        f'fontcolor="{COLOURS[arrow.grade]}"',
    ]
    attributes += ["style=dashed"] if arrow.grade is Grade.UNDETERMINED else []
    attributes += ["penwidth=2, weight=3"] if arrow.grade is Grade.VIOLATION else []
    return ", ".join([*attributes, *_tooltip(arrow.words)])


def _tooltip(lines: tuple[str, ...]) -> list[str]:
    more = (f"and {len(lines) - _MOST_TOLD:,} more",) if len(lines) > _MOST_TOLD else ()
    return [f"tooltip={_quoted('; '.join((*lines[:_MOST_TOLD], *more)))}"] if lines else []


def _quoted(*lines: str) -> str:
    """A quoted string of several lines. Between quotes, only a quote and a backslash have a meaning."""
    plain = (visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines if line)
    return '"' + r"\n".join(plain) + '"'
