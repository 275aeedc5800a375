"""What registers are made from: the judged estate, seen as a data protection officer sees it.

material = Material(world, ClauseIndex(clauses))
material.disclosures()          # the flows to somebody outside, each once
material.clauses(flows)         # the clauses whose rules apply to them
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from privacy_rules.checking.checker import MOST_KEPT, judge
from privacy_rules.checking.judgements import Judged
from privacy_rules.checking.logic import FALSE, TRUE, Verdict
from privacy_rules.findings.finding import Finding, order
from privacy_rules.graph.declared_values import Given, known
from privacy_rules.language.policy import Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.registers.model import Cell, Entry, Mark, missing, once
from privacy_rules.simulation.senders_and_recipients import where_is
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.tracing.clause_index import ClauseIndex
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Value

SOON = timedelta(days=90)
"""An end within this time is pointed out."""
Key = tuple[Kind, str]
"""A subject: the family of its kind, and its id."""
MARKS: Mapping[Verdict, Mark] = {Verdict.VIOLATION: "bad", Verdict.UNDETERMINED: "open"}


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, with what it carries and what for (None: not declared), and the numbers of its two systems."""

    number: int
    record: Record
    source: int
    target: int
    data: tuple[str, ...] | None
    purposes: tuple[str, ...] | None

    @property
    def id(self) -> str:
        """The flow's id."""
        return self.record.id

    @property
    def entry(self) -> Entry:
        """The flow as an entry of a cell."""
        return Entry(self.id, self.record.location())


class Material:
    """A judged estate. `category` limits it to flows that may carry this category, or a narrower one."""

    def __init__(self, world: World, clauses: ClauseIndex, category: str | None = None) -> None:
        self.world, self.category = world, category
        self.evaluator, self.graph, self.policy = world.evaluator, world.graph, world.policy
        self.names = world.findings.names
        self.day = world.day
        self.index = clauses
        self.where = [where_is(self.evaluator, number) for number in range(len(self.graph.systems))]

    # ---- flows

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows, in the order of their ids."""
        return tuple(each for each in map(self._flow, range(len(self.graph.flows))) if each.data is None or each.data)

    def _flow(self, number: int) -> Flow:
        graph, record = self.graph, self.graph.flows[number]
        data: tuple[str, ...] | None = self.value(record, "carries")[0]  # type: ignore[assignment]
        purposes: tuple[str, ...] | None = self.value(record, "purposes")[0]  # type: ignore[assignment]
        return Flow(number, record, graph.source[number], graph.target[number], self.limited(data), purposes)

    def limited(self, data: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Return those of the categories that may be the one that the registers are limited to."""
        if data is None or self.category is None:
            return data
        return tuple(each for each in data if self.graph.data.overlaps(each, self.category))

    def disclosures(self) -> tuple[Flow, ...]:
        """The flows that go, or may go, to somebody outside the organisation."""
        values = self.evaluator.roles.flows(Kind.DISCLOSURE)
        return tuple(each for each in self.flows if values[each.number] != FALSE)

    @cached_property
    def us(self) -> tuple[str, ...]:
        """The ids of the parties that are certainly us."""
        return tuple(party for party, value in self.evaluator.roles.us.items() if value == TRUE)

    # ---- values

    def value(self, record: Record, attribute: str) -> tuple[Value | None, Given]:
        """Return an attribute of an entity (None: not known) and what gave it."""
        found = self.policy.attributes.get((record.entity, attribute))
        return known(record, found) if found else (None, Given.UNDECLARED)

    def fact(self, flow: Flow, name: str, datum: str | None, purpose: str | None) -> tuple[Value | None, Span | None]:
        """Return an attribute of a flow for one datum and purpose, and where it is declared; None if it is not known."""
        facts = self.graph.facts.get(flow.number)
        item = facts.of(name, datum, purpose) if facts else None
        if item is not None:
            return dict(item.declared)[name], flow.record.location_in_item(item, name)
        return self.value(flow.record, name)[0], flow.record.location(name)

    def country(self, system: int) -> tuple[str | None, Span | None]:
        """Return the country that a system is in, and where it is declared; None if it is not known."""
        attribute = self.policy.attributes[Entity.SYSTEM, "country"]
        value, _, record = self.graph.of_system(system, attribute)
        return (value if isinstance(value, str) else None), record.location("country") if record else None

    # ---- names

    @cached_property
    def _namesakes(self) -> Counter[object]:
        return Counter(self.value(each, "name")[0] for each in self.graph.estate.parties.values())

    def party(self, record: Record | None, system: int | None = None) -> Entry:
        """A party by its name; by its id as well if others have that name. An unknown one is marked, by its system."""
        if record is None:
            where = self.graph.systems[system] if system is not None else None
            return missing(where.location() if where else None, f"the party of {where.id}" if where else "")
        name = self.value(record, "name")[0]
        shown = record.id if name is None else f"{name} ({record.id})" if self._namesakes[name] > 1 else str(name)
        return Entry(shown, record.location(), id=record.id)

    def party_at(self, system: int) -> Entry:
        """The party that a system belongs to."""
        return self.party(self.graph.party(system), system)

    def roles(self, systems: Iterable[int], party: Record | None) -> Cell:
        """The roles of a party, or those that it plays in some of its systems."""
        attribute = self.policy.attributes[Entity.SYSTEM, "role"]
        found: list[Entry] = []
        for system in systems:
            value, _, record = self.graph.of_system(system, attribute)
            place = record.location("role") if record else None
            found += [Entry(str(each), place) for each in value or ()]  # type: ignore[union-attr]
        if not found and party is not None:
            found = [Entry(each, party.location("role")) for each in self.names.roles(party)]
        return once(found) or (missing(party.location() if party else None),)

    def owners(self, flows: Iterable[Flow]) -> Cell:
        """Who answers for some flows."""
        from privacy_rules.findings.finding import Subject

        named = (self.names.owner(Subject(Kind.FLOW, each.id)) for each in flows)
        return once(Entry(each) for each in sorted({each for each in named if each}))

    # ---- rules

    @cached_property
    def _applying(self) -> Mapping[Key, list[Rule]]:
        """The rules that apply to each subject, in the order of the policy."""
        found: dict[Key, list[Rule]] = defaultdict(list)
        for name, core in self.world.cores.items():
            for kind, subjects in self.world.subjects(name).items():
                for each in subjects:
                    found[kind, each].append(core.rule)
        return found

    def clauses(self, subjects: Iterable[Key]) -> Cell:
        """The clauses whose rules apply to some subjects; a rule that cites none is named itself."""
        rules = {each.name: each for key in subjects for each in self._applying.get(key, ())}
        ordered = sorted(rules.values(), key=lambda each: (each.span.file, each.span.line))
        return once(entry for each in ordered for entry in self.of_rule(each.name, each.cites, each.span))

    def of_rule(self, name: str, cites: Iterable[str], span: Span | None) -> Iterator[Entry]:
        """Yield the clauses that a rule cites; the rule itself if it cites none."""
        cited = False
        for cite in cites:
            cited = True
            meant = self.index.meant(cite)
            if len(meant) == 1:
                anchor = meant[0].id[1:] if meant[0].id.startswith("#") else ""
                yield Entry(cite, Span(meant[0].file, meant[0].line, 1), anchor=anchor)
            else:
                yield Entry(cite, span)
        if not cited:
            yield Entry(name, span)

    # ---- findings

    @cached_property
    def _judged(self) -> Judged:
        world = self.world
        return judge(world.policy, world.graph, world.day, most_kept=MOST_KEPT, evaluator=self.evaluator)

    @cached_property
    def found(self) -> tuple[Finding, ...]:
        """The findings of the whole estate, in order; at most `MOST_KEPT` of them."""
        return tuple(sorted(map(self.world.findings.finding, self._judged.judgements), key=order))

    @property
    def left_out(self) -> int:
        """How many findings are not in `found`."""
        return sum(each.violations + each.undetermined for each in self._judged.counts) - len(self._judged.judgements)

    @cached_property
    def _findings(self) -> Mapping[Key, list[Finding]]:
        found: dict[Key, list[Finding]] = defaultdict(list)
        for each in self.found:
            found[each.subject.kind, each.subject.id].append(each)
        return found

    def findings(self, subjects: Iterable[Key]) -> Cell:
        """The findings on some subjects, each with its rule and subject."""
        keys = dict.fromkeys(subjects)
        return tuple(finding_entry(each) for key in keys for each in self._findings.get(key, ()))


def finding_entry(found: Finding) -> Entry:
    """A finding as an entry: its verdict, rule and subject."""
    words = f"{found.verdict.word}: {found.rule} ({found.subject})"
    if found.waived:
        return Entry(f"waived {words}", found.location)
    return Entry(words, found.location, MARKS[found.verdict])


def of_flows(flows: Iterable[Flow]) -> Iterator[Key]:
    """Yield flows as subjects of rules."""
    return ((Kind.FLOW, each.id) for each in flows)


def of_systems(systems: Iterable[str]) -> Iterator[Key]:
    """Yield systems, and what they declare about data, as subjects of rules."""
    return ((kind, each) for each in systems for kind in Kind if kind.at_system)


def grouped(flows: Iterable[Flow], key: Callable[[Flow], Iterable[str | None]]) -> dict[str | None, list[Flow]]:
    """Group flows by keys, of which a flow may have several; those without one are under None, at the end."""
    found: dict[str | None, list[Flow]] = defaultdict(list)
    for flow in flows:
        for each in key(flow):
            found[each].append(flow)
    named = sorted(each for each in found if each is not None)
    return {each: found[each] for each in (*named, *([None] if None in found else []))}


def by_day(value: Value | None) -> date | None:
    """Return a day that is one; None for `date.min` and `date.max`, which say that there is no limit, and if it is not known."""
    return value if isinstance(value, date) and value not in (date.min, date.max) else None
