"""The pictures of an interactive page: the parties, every system, each party unfolded, and the path of each finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from privacy_rules.drawing.folding import MOST_PARTIES
from privacy_rules.drawing.picture import Grade, Picture
from privacy_rules.drawing.pictures import MOST_SYSTEMS, Painter
from privacy_rules.findings.finding import Finding
from privacy_rules.language.policy import Kind

MOST_PATHS, MOST_FINDINGS = 30, 200
MOST_DRAWN = 1_500
"""At most this many boxes and arrows in all views of a page; in a very large estate, some parties and findings have no view."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture with its name, and the group in which it is listed. Its id is `parties`, `systems`, or begins with `party:` or `path:`."""

    id: str
    group: str
    name: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class Told:
    """A finding on the page: its message, its systems and flows, and the view that shows them."""

    grade: Grade
    rule: str
    message: str
    systems: tuple[str, ...]
    flows: tuple[str, ...]
    view: str = ""


@dataclass(frozen=True, slots=True)
class Views:
    """The views, the initial one first, and the findings; `left_out` more are not listed."""

    views: tuple[View, ...]
    findings: tuple[Told, ...]
    left_out: int = 0


def of_estate(painter: Painter) -> Views:
    """The views of a whole estate. A small one opens with every system, a large one with its parties."""
    graph, few = painter.graph, len(painter.graph.systems) <= MOST_SYSTEMS
    whole = View("systems" if few else "parties", "Level", "Every system" if few else "Parties", painter.whole())
    folded = [View("parties", "Level", "Parties", painter.shown(()))] if few else []
    found, left_out = _findings(painter)
    told, paths = _paths(painter, found, whole)
    sizes = Counter(graph.parties)
    lanes = [lane for lane in painter.lanes if sizes[lane.id or None] > 1]
    if len(painter.lanes) > MOST_PARTIES:
        lanes = [lane for lane in lanes if lane.id in {box.lane for box in whole.picture.boxes}]
    unfolded, size = list[View](), sum(map(_size, (whole, *paths)))
    for lane in lanes:
        if size < MOST_DRAWN:
            shown = painter.shown(painter.most_of(lane.id))
            unfolded.append(View(f"party:{lane.id}", "A party unfolded", lane.id or "party unknown", shown))
            size += _size(unfolded[-1])
    return Views((whole, *folded, *unfolded, *paths), tuple(told), left_out)


def of_part(painter: Painter, drawn: Picture) -> Views:
    """The view of a part of an estate: that picture, and the findings that it shows."""
    boxes = {each.id for each in drawn.boxes}
    found, left_out = _findings(painter)
    shown = [each for each in found if boxes.issuperset(each.systems) and each.systems]
    view = View("systems", "Level", "This part", drawn)
    return Views((view,), tuple(_with_view(each, "systems") for each in shown), left_out)


def _findings(painter: Painter) -> tuple[list[Told], int]:
    """The worst findings, and how many more there are."""
    order = sorted(painter.findings, key=lambda each: (-each.verdict, each.rule, each.subject.kind, each.subject.id))
    told = [
        Told(Grade(each.verdict), each.rule, each.message, *_about(painter, each)) for each in order[:MOST_FINDINGS]
    ]
    return told, len(order) - len(told)


def _about(painter: Painter, found: Finding) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The systems and flows of a finding: its path and its subject."""
    graph = painter.graph
    flows = [each for each in found.path if each in graph.flow_number]
    if found.subject.kind is Kind.FLOW and found.subject.id in graph.flow_number:
        flows.append(found.subject.id)
    numbers = [graph.flow_number[each] for each in flows]
    ends = [graph.systems[end].id for each in numbers for end in (graph.source[each], graph.target[each])]
    if found.subject.kind in (Kind.SYSTEM, Kind.STORAGE, Kind.JOINING):
        ends.append(found.subject.id)
    return tuple(dict.fromkeys(each for each in ends if each in graph.system_number)), tuple(dict.fromkeys(flows))


def _paths(painter: Painter, found: list[Told], whole: View) -> tuple[list[Told], list[View]]:
    """The findings, each with the view that shows all of its systems: the first view, or one of its own."""
    drawn, size = {each.id for each in whole.picture.boxes}, _size(whole)
    told, views = [], dict[tuple[str, ...], View]()
    for each in found:
        if (
            each.systems
            and not drawn.issuperset(each.systems)
            and (each.systems in views or (len(views) < MOST_PATHS and size < MOST_DRAWN // 2))
        ):
            name = f"{len(views) + 1}. {each.rule}: {each.systems[-1]}"
            if each.systems not in views:
                id_, group = f"path:{len(views) + 1}", "What a finding speaks of"
                views[each.systems] = View(id_, group, name, painter.shown(each.systems))
                size += _size(views[each.systems])
            told.append(_with_view(each, views[each.systems].id))
        else:
            told.append(_with_view(each, whole.id))
    return told, list(views.values())


def _size(view: View) -> int:
    return len(view.picture.boxes) + len(view.picture.arrows)


def _with_view(told: Told, view: str) -> Told:
    return Told(told.grade, told.rule, told.message, told.systems, told.flows, view)
