"""A picture in words that other tools draw: Graphviz DOT and Mermaid. No name in it can be anything but a name."""

from __future__ import annotations

from privacy_rules.drawing.picture import Arrow, Box, Grade, Picture
from privacy_rules.reports.ink import visible

_COLOURS = {Grade.FINE: "#5a626b", Grade.UNDETERMINED: "#8a5a00", Grade.VIOLATION: "#b3171d"}


def as_dot(drawn: Picture) -> str:
    """Graphviz: a cluster for each party, violations red, what is undetermined dashed."""
    lines = ["digraph flows {", "  rankdir=LR;", '  node [shape=box, style="rounded,filled", fillcolor=white];']
    for number, lane in enumerate(drawn.lanes):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted(lane.label)}; color=gray;")
        lines += [f"    {_quoted(box.id)} [{_of_box(box)}];" for box in drawn.boxes if box.lane == lane.id]
        lines.append("  }")
    lines += [f"  {_quoted(each.source)} -> {_quoted(each.target)} [{_of_arrow(each)}];" for each in drawn.arrows]
    if drawn.left_out:
        lines.append(f"  label={_quoted(drawn.left_out)};")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _of_box(box: Box) -> str:
    told = [f"label={_quoted(box.label)}", f'color="{_COLOURS[box.grade]}"']
    told += ['style="rounded,filled,dashed"'] if box.grade is Grade.UNDETERMINED else []
    told += ["penwidth=2"] if box.grade is Grade.VIOLATION else []
    return ", ".join([*told, *_tooltip(box.notes)])


def _of_arrow(arrow: Arrow) -> str:
    told = [f"label={_quoted(arrow.label)}", f'color="{_COLOURS[arrow.grade]}"']
    told += ["style=dashed"] if arrow.grade is Grade.UNDETERMINED else []
    told += ["penwidth=2"] if arrow.grade is Grade.VIOLATION else []
    return ", ".join([*told, *_tooltip((arrow.id, *arrow.notes))])


def _tooltip(notes: tuple[str, ...]) -> list[str]:
    return [f"tooltip={_quoted('; '.join(notes))}"] if notes else []


def _quoted(text: str) -> str:
    """A string of DOT: between quotes only a quote and a backslash mean something."""
    plain = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def as_mermaid(drawn: Picture) -> str:
    """Mermaid: a subgraph for each party, thick red arrows for violations, dotted ones for what is undetermined."""
    names = {box.id: f"n{number}" for number, box in enumerate(drawn.boxes)}
    lines = ["flowchart LR"]
    for number, lane in enumerate(drawn.lanes):
        lines.append(f'  subgraph p{number}["{_label(lane.label)}"]')
        lines += [f'    {names[box.id]}["{_label(box.label)}"]' for box in drawn.boxes if box.lane == lane.id]
        lines.append("  end")
    bad = []
    for number, arrow in enumerate(drawn.arrows):
        line = "-.->" if arrow.grade is Grade.UNDETERMINED else "==>" if arrow.grade is Grade.VIOLATION else "-->"
        lines.append(f'  {names[arrow.source]} {line}|"{_label(arrow.label)}"| {names[arrow.target]}')
        bad += [str(number)] if arrow.grade is Grade.VIOLATION else []
    if bad:
        lines.append(f"  linkStyle {','.join(bad)} stroke:{_COLOURS[Grade.VIOLATION]}")
    for grade in (Grade.VIOLATION, Grade.UNDETERMINED):
        boxes = [names[box.id] for box in drawn.boxes if box.grade is grade]
        if boxes:
            dashed = ",stroke-dasharray:4 3" if grade is Grade.UNDETERMINED else ""
            lines.append(f"  classDef {grade.name.lower()} stroke:{_COLOURS[grade]}{dashed}")
            lines.append(f"  class {','.join(boxes)} {grade.name.lower()}")
    return "".join(f"{line}\n" for line in lines)


def _label(text: str) -> str:
    """A label: whatever is no letter, digit or blank by its number, as Mermaid has it, so that nothing is markup."""
    return "".join(each if each.isalnum() or each in " _" else f"#{ord(each)};" for each in visible(text))
