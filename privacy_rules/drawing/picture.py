"""What a picture shows: boxes in the lanes of their parties, arrows for flows, how bad each is. No coordinates yet.

    whole = picture(graph, findings)
    near = picture(graph, findings, around={"crm"}, steps=2)

An estate of many systems is drawn party by party, unless a neighbourhood of it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from privacy_rules.findings.finding import Finding
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.known import known
from privacy_rules.language.policy import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity

MOST_SYSTEMS = 60
"""Of more systems a whole picture is of parties."""
UNKNOWN_PARTY = ""


class Grade(IntEnum):
    """How bad it is; the larger is the worse."""

    FINE = 0
    UNDETERMINED = 1
    VIOLATION = 2


@dataclass(frozen=True, slots=True)
class Box:
    """A system, or a party with all its systems. `notes` are what is wrong with it, in words."""

    id: str
    lane: str
    label: str
    grade: Grade = Grade.FINE
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """A flow, or all flows between two parties. `on_path`: a witness path of a violation goes over it."""

    id: str
    source: str
    target: str
    label: str
    grade: Grade = Grade.FINE
    on_path: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A party: id and label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Lanes, boxes and arrows, each in order of id; `left_out` says in words what is not drawn."""

    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: str = ""


def picture(
    graph: FlowGraph,
    findings: Iterable[Finding] = (),
    *,
    around: Collection[str] | None = None,
    steps: int = 1,
    flows: Collection[str] | None = None,
) -> Picture:
    """The estate, or what is within `steps` flows of the systems `around`; of `flows` only those, where they are given."""
    marks = _Marks(findings)
    drawn = [number for number in range(len(graph.flows)) if flows is None or graph.flows[number].id in flows]
    systems = set(range(len(graph.systems)))
    if around is not None:
        systems = _near(graph, {graph.system_number[each] for each in around}, drawn, steps)
        drawn = [flow for flow in drawn if graph.source[flow] in systems and graph.target[flow] in systems]
    elif len(systems) > MOST_SYSTEMS:
        return _of_parties(graph, drawn, marks)
    return _of_systems(graph, sorted(systems), drawn, marks)


class _Marks:
    """What findings say of systems and flows."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.flows: dict[str, list[Finding]] = defaultdict(list)
        self.systems: dict[str, list[Finding]] = defaultdict(list)
        self.paths: dict[str, Grade] = {}
        for found in findings:
            if found.state == "fixed" or found.waived:
                continue
            if found.subject.kind is Kind.FLOW:
                self.flows[found.subject.id].append(found)
            elif found.subject.kind in (Kind.SYSTEM, Kind.STORAGE, Kind.JOINING):
                self.systems[found.subject.id].append(found)
            for flow in found.path:
                self.paths[flow] = max(self.paths.get(flow, Grade.FINE), _grade([found]))


def _grade(findings: Iterable[Finding]) -> Grade:
    return max((Grade(each.verdict) for each in findings), default=Grade.FINE)


def _notes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f"{each.verdict.word}: {each.rule}: {each.message}" for each in findings)


def _near(graph: FlowGraph, start: set[int], flows: Sequence[int], steps: int) -> set[int]:
    found, edge = set(start), set(start)
    for _ in range(steps):
        out = {graph.target[flow] for flow in flows if graph.source[flow] in edge}
        edge = (out | {graph.source[flow] for flow in flows if graph.target[flow] in edge}) - found
        found |= edge
    return found


def _of_systems(graph: FlowGraph, systems: Sequence[int], flows: Sequence[int], marks: _Marks) -> Picture:
    boxes = tuple(_box(graph, each, marks) for each in systems)
    arrows = tuple(_arrow(graph, each, marks) for each in flows)
    shown = {each.lane for each in boxes}
    left_out = len(graph.systems) - len(boxes)
    told = f"{left_out:,} of {len(graph.systems):,} systems are not drawn" if left_out else ""
    return Picture(tuple(each for each in _lanes(graph) if each.id in shown), boxes, arrows, told)


def _box(graph: FlowGraph, system: int, marks: _Marks) -> Box:
    record = graph.systems[system]
    findings = marks.systems[record.id]
    party = graph.parties[system] or UNKNOWN_PARTY
    return Box(record.id, party, record.id, _grade(findings), _notes(findings))


def _arrow(graph: FlowGraph, flow: int, marks: _Marks) -> Arrow:
    record = graph.flows[flow]
    findings = marks.flows[record.id]
    on_path = marks.paths.get(record.id, Grade.FINE)
    ends = graph.systems[graph.source[flow]].id, graph.systems[graph.target[flow]].id
    return Arrow(
        record.id, *ends, _label(graph, record), max(_grade(findings), on_path), on_path > Grade.FINE, _notes(findings)
    )


def _label(graph: FlowGraph, flow: Record) -> str:
    """`email, name for newsletter`; what is not declared is a question mark."""

    def said(attribute: str) -> str:
        value = known(flow, graph.policy.attributes[Entity.FLOW, attribute])[0]
        return ", ".join(map(str, value)) if isinstance(value, tuple) and value else "?" if value is None else "nothing"

    purposes = said("purposes")
    return said("carries") if purposes == "?" else f"{said('carries')} for {purposes}"


def _lanes(graph: FlowGraph) -> list[Lane]:
    """The parties that have systems, in the order in which data come: people, us, others."""
    roles = {name: _roles(graph, name) for name in set(graph.parties) if name is not None}
    order = sorted(roles, key=lambda name: (_rank(roles[name]), name))
    lanes = [Lane(name, f"{name} ({', '.join(roles[name]) or 'role unknown'})") for name in order]
    return [*lanes, Lane(UNKNOWN_PARTY, "party unknown")] if None in graph.parties else lanes


def _roles(graph: FlowGraph, party: str) -> tuple[str, ...]:
    value = known(graph.estate.parties[party], graph.policy.attributes[Entity.PARTY, "role"])[0]
    return tuple(map(str, value)) if isinstance(value, tuple) else () if value is None else (str(value),)


def _rank(roles: tuple[str, ...]) -> int:
    return 0 if "data_subject" in roles else 1 if "us" in roles else 2


def _of_parties(graph: FlowGraph, flows: Sequence[int], marks: _Marks) -> Picture:
    lanes = _lanes(graph)
    systems: Mapping[str, list[int]] = defaultdict(list)
    for number, party in enumerate(graph.parties):
        systems[party or UNKNOWN_PARTY].append(number)
    boxes = []
    for lane in lanes:
        findings = [found for each in systems[lane.id] for found in marks.systems[graph.systems[each].id]]
        count = len(systems[lane.id])
        words = f"{count:,} {'system' if count == 1 else 'systems'}"
        boxes.append(Box(lane.id, lane.id, words, _grade(findings), _notes(findings[:20])))
    told = (
        f"{len(graph.systems):,} systems are drawn as {len(lanes):,} parties; `--around system:ID` draws a part of them"
    )
    return Picture(tuple(lanes), tuple(boxes), tuple(_merged(graph, flows, marks)), told)


def _merged(graph: FlowGraph, flows: Sequence[int], marks: _Marks) -> Iterable[Arrow]:
    """One arrow for all flows from one party to another."""
    between: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for flow in flows:
        ends = (graph.parties[graph.source[flow]] or UNKNOWN_PARTY, graph.parties[graph.target[flow]] or UNKNOWN_PARTY)
        between[ends].append(_arrow(graph, flow, marks))
    for (source, target), arrows in sorted(between.items()):
        bad = sum(each.grade is Grade.VIOLATION for each in arrows)
        words = f"{len(arrows):,} {'flow' if len(arrows) == 1 else 'flows'}{f', {bad:,} in violation' if bad else ''}"
        notes = [note for each in arrows for note in each.notes]
        grade = max(each.grade for each in arrows)
        on_path = any(each.on_path for each in arrows)
        yield Arrow(f"{source} to {target}", source, target, words, grade, on_path, tuple(notes[:20]))
