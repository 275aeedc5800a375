"""Pictures of an estate: of all its systems, or of some, with the others folded into one box for each party.

    painter = Painter(graph, findings)
    painter.whole()
    painter.near({"crm"}, steps=2)
    painter.shown({"crm", "mailer"})

In a large estate, the systems on the path of a violation have boxes of their own, as long as they are few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from privacy_rules.drawing.folding import grouped_lanes, thinned, thinned_words
from privacy_rules.drawing.grouping import BY_PARTY, groups_of, lane_of
from privacy_rules.drawing.picture import UNKNOWN_PARTY, Arrow, Box, Drawn, Grade, Lane, Picture
from privacy_rules.findings.finding import Finding
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.source.words import counted, plural
from privacy_rules.vocabulary.attributes import Entity

MOST_SYSTEMS = 60
"""If there are more systems, not all have a box of their own."""
MOST_ON_PATHS = 16
"""At most this many systems on paths of violations have a box of their own in a large estate."""
MOST_OF_PARTY = 18
"""At most this many systems of a party are drawn when it is unfolded in a large estate."""
_MOST_NOTES = 20


class Painter:
    """Makes pictures of an estate and its findings."""

    def __init__(
        self,
        graph: FlowGraph,
        findings: Iterable[Finding] = (),
        changes: Mapping[tuple[Entity, str], str] | None = None,
        by: Sequence[str] = BY_PARTY,
    ) -> None:
        """`changes` says which flows and systems a change set adds (`new`) or removes (`cut`); `by`: see `grouping`."""
        self.graph, self._changes, self.by = graph, changes or {}, tuple(by)
        self.findings = [each for each in findings if each.state != "fixed" and not each.waived]
        self._marks = _Marks(self.findings)
        self._by_party = self.by == BY_PARTY
        self._groups = [] if self._by_party else groups_of(graph, self.by)
        self._party = (
            [party or UNKNOWN_PARTY for party in graph.parties] if self._by_party else [*map(lane_of, self._groups)]
        )
        self._everything = set(range(len(graph.systems)))

    def whole(self) -> Picture:
        """Every system; in a large estate the parties, with the systems on paths of violations if they are few."""
        if len(self._everything) <= MOST_SYSTEMS:
            return self._painted(self._everything, self._everything, range(len(self.graph.flows)))
        on_paths = self.on_paths
        return self._folded(on_paths if len(on_paths) <= MOST_ON_PATHS else set())

    def shown(self, systems: Collection[str]) -> Picture:
        """The given systems, with the others folded into one box for each party.

        Between folded boxes, only flows with findings are drawn, unless no systems are given.
        """
        drawn = self._folded({self.graph.system_number[each] for each in systems})
        kept = tuple(
            each for each in drawn.arrows if not systems or each.grade or {each.source, each.target} & set(systems)
        )
        left = sum(len(each.flows) for each in drawn.arrows) - sum(len(each.flows) for each in kept)
        notes = [drawn.left_out] if drawn.left_out else []
        notes += [f"{left:,} flows between these are not drawn"] if left else []
        return replace(drawn, arrows=kept, left_out="; ".join(notes))

    def near(self, start: Collection[str], steps: int = 1, flows: Collection[str] | None = None) -> Picture:
        """The systems within `steps` flows of some systems, along `flows` only, if they are given."""
        graph = self.graph
        drawn = [number for number, each in enumerate(graph.flows) if flows is None or each.id in flows]
        middle = {graph.system_number[each] for each in start}
        systems = self._near(middle, drawn, steps)
        drawn = [flow for flow in drawn if graph.source[flow] in systems and graph.target[flow] in systems]
        return self._painted(systems, self._most(systems, middle), drawn)

    def most_of(self, party: str) -> set[str]:
        """The systems of a party. If there are too many: those on paths of violations, then those with the most flows."""
        mine = {number for number, each in enumerate(self._party) if each == party}
        few = len(self._everything) <= MOST_SYSTEMS or len(mine) == MOST_OF_PARTY + 1  # a box for one more is no larger
        most = mine if few else self._most(mine, set(), MOST_OF_PARTY)
        return {self.graph.systems[each].id for each in most}

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The parties that have systems: people first, then us, then others. Or the groups, each after the one that it is in."""
        if not self._by_party:
            return self._nested()
        roles = {name: self._roles(name) for name in set(self.graph.parties) if name is not None}
        order = sorted(roles, key=lambda name: (_rank(roles[name]), name))
        lanes = [
            Lane(name, ", ".join(roles[name]) or "role unknown", _rank(roles[name]), name=self._title(name))
            for name in order
        ]
        return (*lanes, *([Lane(UNKNOWN_PARTY, "party unknown")] if None in self.graph.parties else []))

    def _nested(self) -> tuple[Lane, ...]:
        ranks: dict[tuple[str, ...], int] = {}
        for number, groups in enumerate(self._groups):
            party = self.graph.parties[number]
            rank = 2 if party is None else _rank(self._roles(party))
            for depth in range(1, len(groups) + 1):
                ranks[groups[:depth]] = min(rank, ranks.get(groups[:depth], 2))

        def order(groups: tuple[str, ...]) -> list[tuple[int, str]]:
            return [(ranks[groups[: depth + 1]], groups[depth]) for depth in range(len(groups))]

        return tuple(
            Lane(
                lane_of(each),
                self.by[len(each) - 1],
                ranks[each],
                lane_of(each[:-1]) if len(each) > 1 else None,
                self._title(each[-1]) if self.by[len(each) - 1] == "party" else each[-1],
            )
            for each in sorted(ranks, key=order)
        )

    def _title(self, party: str) -> str:
        """The name of a party, or its id."""
        record = self.graph.estate.parties.get(party)
        name = record and known(record, self.graph.policy.attributes[Entity.PARTY, "name"])[0]
        return str(name) if name else party

    @cached_property
    def on_paths(self) -> set[int]:
        """The systems on the witness paths of violations."""
        graph, paths = self.graph, self._marks.paths
        flows = [
            graph.flow_number[flow] for flow in paths if paths[flow] is Grade.VIOLATION and flow in graph.flow_number
        ]
        return {end for flow in flows for end in (graph.source[flow], graph.target[flow])}

    def _most(self, systems: set[int], first: set[int], most: int = MOST_SYSTEMS) -> set[int]:
        """At most `most` systems: those in `first`, then those on paths of violations, then those with the most flows."""
        if len(systems) <= most:
            return systems
        flows: dict[int, int] = defaultdict(int)
        for end in (*self.graph.source, *self.graph.target):
            flows[end] += 1

        def order(each: int) -> tuple[bool, bool, Grade, int, int]:
            grade = self._marks.of_system(self.graph.systems[each].id)
            return each not in first, each not in self.on_paths, Grade(2 - grade), -flows[each], each

        return set(sorted(systems, key=order)[:most])

    def _near(self, start: set[int], flows: Sequence[int], steps: int) -> set[int]:
        found, edge, graph = set(start), set(start), self.graph
        for _ in range(steps):
            out = {graph.target[flow] for flow in flows if graph.source[flow] in edge}
            edge = (out | {graph.source[flow] for flow in flows if graph.target[flow] in edge}) - found
            found |= edge
        return found

    def _folded(self, shown: set[int]) -> Picture:
        return self._painted(self._everything, shown, range(len(self.graph.flows)))

    def _painted(self, systems: set[int], shown: set[int], flows: Iterable[int]) -> Picture:
        """The `shown` systems, with the others folded into one box for each party."""
        lane_of = self._lanes_of(systems, shown)
        folded: Mapping[str, list[int]] = defaultdict(list)
        for each in sorted(systems - shown):
            folded[lane_of[each].id].append(each)
        names = {lane: self._name(lane) for lane in folded}
        home = {each: self.graph.systems[each].id if each in shown else names[lane_of[each].id] for each in systems}
        between: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
        for number in flows:
            ends = home[self.graph.source[number]], home[self.graph.target[number]]
            between[ends].append(self._flows[number])
        inner = {lane: between.pop((name, name), []) for lane, name in names.items()}
        boxes = [self._box(each) for each in sorted(shown)]
        apart = {self._party[each] for each in shown}
        boxes += [
            self._fold(names[lane], lane, members, inner[lane], lane in apart) for lane, members in folded.items()
        ]
        lanes = {each.id: each for each in (*self.lanes, *lane_of.values())}
        used = {each.lane for each in boxes}
        for lane in reversed([*lanes.values()]):  # a frame comes after the one that it is in
            used |= {lane.parent} if lane.id in used and lane.parent is not None else set()
        arrows = tuple(Arrow(*ends, tuple(_worst_first(each))) for ends, each in sorted(between.items()))
        kept = thinned(arrows, {self.graph.systems[each].id for each in shown}) if folded else arrows
        notes = [self._left_out(systems, shown, lane_of), thinned_words(arrows, kept)]
        return Picture(
            tuple(each for name, each in lanes.items() if name in used),
            tuple(boxes),
            kept,
            "; ".join(filter(None, notes)),
            "parties" if self._by_party else "groups",
        )

    def _lanes_of(self, systems: set[int], shown: set[int]) -> dict[int, Lane]:
        """The lane of each system: that of its party, or of a role if parties are grouped."""
        lanes = {each.id: each for each in self.lanes}
        apart = {self._party[each] for each in shown}
        moved = grouped_lanes(self.lanes, {self._party[each] for each in systems}, apart, self._weights)
        return {each: moved.get(self._party[each], lanes[self._party[each]]) for each in systems}

    @cached_property
    def _weights(self) -> Counter[str]:
        """The number of flows of each party. One violation counts for more than all other flows."""
        found: Counter[str] = Counter()
        most = 2 * len(self.graph.flows) + 1
        for number, flow in enumerate(self._flows):
            for end in (self.graph.source[number], self.graph.target[number]):
                found[self._party[end]] += most if flow.grade is Grade.VIOLATION else 1
        return found

    def _left_out(self, systems: set[int], shown: set[int], lane_of: Mapping[int, Lane]) -> str:
        notes, everything = [], len(self._everything)
        if len(systems) < everything:
            notes.append(f"{everything - len(systems):,} of {everything:,} systems are not drawn")
        if len(shown) < len(systems):
            folded = {self._party[each]: lane_of[each].id for each in systems - shown}
            alone = sum(party == lane for party, lane in folded.items())
            boxes = f"{counted(alone, 'box')}, one for each {'party' if self._by_party else 'group'}"
            notes.append(f"{len(systems) - len(shown):,} of {len(systems):,} systems are folded into {boxes}")
            if alone < len(folded):
                roles = len(set(folded.values())) - alone
                notes[-1] += f", and {len(folded) - alone:,} smaller parties into {roles:,}, by role"
        return "; ".join(notes)

    def _name(self, party: str) -> str:
        """The id of the box of a party's folded systems, which no system has."""
        name = f"{party}/*"
        while name in self.graph.system_number:
            name += "*"
        return name

    def _box(self, system: int) -> Box:
        name = self.graph.systems[system].id
        grade, notes = self._marks.of_system(name), _notes(self._marks.systems[name])
        return Box(name, self._party[system], name, grade, notes, change=self._changes.get((Entity.SYSTEM, name), ""))

    def _fold(self, name: str, party: str, members: list[int], inner: list[Drawn], apart: bool) -> Box:
        """A box for several systems; `apart` if other systems of its party have boxes of their own."""
        findings = [found for each in members for found in self._marks.systems[self.graph.systems[each].id]]
        grade = max(_grade(findings), max((each.grade for each in inner), default=Grade.FINE))
        count = f"{len(members):,} {'more ' if apart else ''}{plural('system', len(members))}"
        if len(members) == 1:
            count = self.graph.systems[members[0]].id
        label, below = (count, "") if apart else (self._label(party), count)
        inner = _worst_first(inner)
        parties = tuple(sorted({self._party[each] for each in members}))
        notes = _notes(findings[:_MOST_NOTES])
        return Box(name, party, label, grade, notes, len(members), below, tuple(inner), parties)

    def _label(self, lane: str) -> str:
        return next((each.title for each in self.lanes if each.id == lane), lane or "party unknown")

    @cached_property
    def _flows(self) -> list[Drawn]:
        return [self._flow(number) for number in range(len(self.graph.flows))]

    def _flow(self, number: int) -> Drawn:
        record, graph = self.graph.flows[number], self.graph
        findings, on_path = self._marks.flows[record.id], self._marks.paths.get(record.id, Grade.FINE)
        grade = max(_grade(findings), on_path)
        data, purposes = self._said(record, "carries"), self._said(record, "purposes")
        ends = graph.systems[graph.source[number]].id, graph.systems[graph.target[number]].id
        change = self._changes.get((Entity.FLOW, record.id), "")
        return Drawn(record.id, data, purposes, grade, on_path > Grade.FINE, _notes(findings), ends, change)

    def _said(self, flow: Record, attribute: str) -> tuple[str, ...] | None:
        value = known(flow, self.graph.policy.attributes[Entity.FLOW, attribute])[0]
        return tuple(map(str, value)) if isinstance(value, tuple) else None

    def _roles(self, party: str) -> tuple[str, ...]:
        value = known(self.graph.estate.parties[party], self.graph.policy.attributes[Entity.PARTY, "role"])[0]
        return tuple(map(str, value)) if isinstance(value, tuple) else () if value is None else (str(value),)


class _Marks:
    """The findings of each system and flow."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.flows: dict[str, list[Finding]] = defaultdict(list)
        self.systems: dict[str, list[Finding]] = defaultdict(list)
        self.paths: dict[str, Grade] = {}
        for found in findings:
            if found.subject.kind is Kind.FLOW:
                self.flows[found.subject.id].append(found)
            elif found.subject.kind.at_system:
                self.systems[found.subject.id].append(found)
            for flow in found.path:
                self.paths[flow] = max(self.paths.get(flow, Grade.FINE), _grade([found]))

    def of_system(self, name: str) -> Grade:
        return _grade(self.systems[name])


def _worst_first(flows: Iterable[Drawn]) -> list[Drawn]:
    return sorted(flows, key=lambda each: (-each.grade, each.id))


def _grade(findings: Iterable[Finding]) -> Grade:
    return max((Grade(each.verdict) for each in findings), default=Grade.FINE)


def _notes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f"{each.verdict.word}: {each.rule}: {each.message}" for each in findings)


def _rank(roles: tuple[str, ...]) -> int:
    return 0 if "data_subject" in roles else 1 if "us" in roles else 2
