"""The record of processing activities (GDPR, article 30): what is processed for each purpose, as controller or as processor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.registers.destinations import (
    SAME,
    country_entry,
    guards,
    senders,
    standing,
    standing_words,
    term,
)
from privacy_rules.registers.facts import facts
from privacy_rules.registers.material import Flow, Key, Material, grouped, of_flows
from privacy_rules.registers.model import (
    MISSING,
    Cell,
    Column,
    Entry,
    Register,
    Row,
    Table,
    missing,
    once,
    possibly,
    row,
)
from privacy_rules.registers.retention import kept
from privacy_rules.simulation.data_paths import DataPaths
from privacy_rules.simulation.senders_and_recipients import Holders
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, plural
from privacy_rules.vocabulary.values import Item, show

_PURPOSE = (
    Column("purpose", "Purpose"),
    Column("data_subjects", "Data subjects"),
    Column("categories", "Categories of data"),
)
_SHARED = (
    Column("recipients", "Recipients"),
    Column("transfers", "Transfers to other countries"),
    Column("transfer_safeguards", "Safeguards of transfers"),
    Column("retention", "Retention"),
    Column("measures", "Measures"),
    Column("legal_basis", "Legal basis"),
    Column("owners", "Owners"),
    Column("flows", "Flows"),
    Column("clauses", "Clauses"),
)
COLUMNS = (*_PURPOSE, *_SHARED)
OF_PROCESSOR = (
    Column("controller", "On behalf of"),
    Column("contract", "Contract"),
    *_PURPOSE,
    *(each for each in _SHARED if each.key != "legal_basis"),
)
CAPACITY = "our_capacity"
"""The attribute of a contract, in `std.registers`, that says in which capacity we act."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done for one purpose (None: not declared): flows, and uses within systems (by number)."""

    purpose: str | None
    flows: Sequence[Flow]
    uses: Sequence[tuple[int, Item]] = ()


class Recorder:
    """Fills the rows of a record of processing."""

    def __init__(self, material: Material) -> None:
        self._material, self._graph = material, material.graph
        self._paths = DataPaths(material.evaluator)
        self._holders = Holders(material.evaluator)

    def activities(self, flows: Iterable[Flow]) -> Iterator[Activity]:
        """Yield the activities of flows, and of all uses, in the order of their purposes."""
        by_purpose = grouped(flows, lambda each: each.purposes or (None,))
        uses: dict[str | None, list[tuple[int, Item]]] = {}
        for number, system in enumerate(self._graph.systems):
            for item in system.uses or ():
                if self._material.limited((item.term,)):
                    for each in dict(item.declared).get("purposes") or (None,):  # type: ignore[union-attr]
                        uses.setdefault(each, []).append((number, item))  # type: ignore[arg-type]
        for purpose in sorted(by_purpose.keys() | uses.keys(), key=lambda each: (each is None, each)):
            yield Activity(purpose, by_purpose.get(purpose, ()), uses.get(purpose, ()))

    def cells(self, done: Activity) -> dict[str, Cell]:
        """The cells that both forms of the record have."""
        outward = [each for each in done.flows if self._is_passed_on(each)]
        subjects: list[Key] = [*of_flows(done.flows), *((Kind.USE, self._graph.systems[at].id) for at, _ in done.uses)]
        return {
            "purpose": (self._purpose(done),),
            "data_subjects": self._data_subjects(done),
            "categories": self._categories(done),
            "recipients": self._recipients(outward),
            "transfers": self._transfers(outward),
            "transfer_safeguards": guards(self._material, filter(self._crosses_a_border, outward)),
            "retention": self._retention(done),
            "measures": self._measures(done),
            "owners": self._material.owners(done.flows),
            "flows": (*(each.entry for each in done.flows), *map(self._use, done.uses)),
            "clauses": self._material.clauses(subjects),
        }

    def legal_basis(self, done: Activity) -> Cell:
        """The legal bases that flows state. A collection from a person has to state one; if nothing does, the purpose has none."""
        found = []
        for flow in done.flows:
            from_person = self._material.where[flow.source] == "person"
            for datum in flow.data or (None,):
                value, place = self._material.fact(flow, "legal_basis", datum, done.purpose)
                if value is not None:
                    found.append(Entry(show(value), place))
                elif from_person:
                    found.append(missing(place, flow.id))
        return once(found) or MISSING

    def _purpose(self, done: Activity) -> Entry:
        if done.purpose is None:
            return missing()
        place = next((each.record.location("purposes") for each in done.flows), None)
        described = self._material.policy.taxonomy("purpose").descriptions.get(done.purpose)
        return Entry(f"{done.purpose}: {described}" if described else done.purpose, place, id=done.purpose)

    def _use(self, used: tuple[int, Item]) -> Entry:
        system, item = self._graph.systems[used[0]], used[1]
        return Entry(f"use of {item.term} in {system.id}", system.location_in_item(item, "data"))

    def _is_passed_on(self, flow: Flow) -> bool:
        """Whether a flow goes, or may go, to another party that is not a data subject; but not what we collect ourselves."""
        ends = self._material.where[flow.source], self._material.where[flow.target]
        goes_on = ends[1] in ("outside", "unknown") or ends == ("inside", "inside")
        return goes_on and self._graph.same_party(flow.source, flow.target) is not True

    def _crosses_a_border(self, flow: Flow) -> bool:
        return standing(self._material, flow) != SAME

    def _data_subjects(self, done: Activity) -> Cell:
        """The parties whose systems the data comes from, along the paths; those that it only may come from are marked."""
        flows = [each.number for each in done.flows] + [
            flow for system, _ in done.uses for flow in self._graph.incoming[system]
        ]
        direct = [each for each in done.flows if self._material.where[each.source] == "person"]
        found = [self._material.party_at(each.source) for each in direct]
        for holder in self._holders.of(self._paths.back(flows)):
            if holder.where == "person":
                who = self._material.party_at(self._graph.system_number[holder.system])
                known = holder.must or any(each.id == who.id for each in found if not each.mark)
                found.append(who if known else possibly(who))
        return once(found) or MISSING

    def _categories(self, done: Activity) -> Cell:
        found = []
        for flow in done.flows:
            place = flow.record.location("carries")
            found += [Entry(each, place) for each in flow.data] if flow.data else [missing(place, flow.id)]
        for system, item in done.uses:
            found.append(Entry(item.term, self._graph.systems[system].location_in_item(item, "data")))
        return tuple(sorted(once(found), key=lambda each: (each.mark, str(each.value))))

    def _recipients(self, outward: Sequence[Flow]) -> Cell:
        found = []
        for flow in outward:
            who = self._material.party_at(flow.target)
            roles = self._material.roles([flow.target], self._graph.party(flow.target))
            words = f"{who.value} ({', '.join(each.words for each in roles)})"
            found.append(who if who.mark else Entry(words, who.place, id=who.id))
        return once(found)

    def _transfers(self, outward: Sequence[Flow]) -> Cell:
        found = []
        for flow in filter(self._crosses_a_border, outward):
            rank, country = standing(self._material, flow), country_entry(self._material, flow.target)
            if country.mark:
                found.append(missing(country.place, f"the country of {self._graph.systems[flow.target].id}"))
                continue
            lands = ", ".join(sorted(str(each).upper() for each in senders(self._material, flow))) or "not declared"
            words = standing_words(self._material, str(country.value).lower(), rank)
            found.append(Entry(f"{lands} to {country.value} ({words})", country.place))
        return once(found)

    def _retention(self, done: Activity) -> Cell:
        """How long the systems at both ends store data of the purpose; a person's own devices are left out."""
        data = self._graph.data
        terms = {term for each in done.flows for term in each.data or ()} | {item.term for _, item in done.uses}
        mask = self._graph.everything if any(each.data is None for each in done.flows) else data.below_any(terms)
        mask &= data.below(self._material.category) if self._material.category else -1
        systems = {end for each in done.flows for end in (each.source, each.target)} | {at for at, _ in done.uses}
        found: list[Entry] = []
        for system in sorted(systems, key=lambda each: self._graph.systems[each].id):
            if self._material.where[system] != "person":
                found += kept(self._material, self._graph.systems[system], mask)
        return once(found) or (Entry("not stored"),)

    def _measures(self, done: Activity) -> Cell:
        """The safeguards of the flows, and of our systems at their ends, with how many of them state each."""
        flows = [(each.id, *self._material.fact(each, "safeguards", None, done.purpose)) for each in done.flows]
        numbers = {end for each in done.flows for end in (each.source, each.target)} | {at for at, _ in done.uses}
        systems = [self._graph.systems[each] for each in sorted(numbers) if self._material.where[each] == "inside"]
        ours = [(each.id, self._material.value(each, "safeguards")[0], each.location("safeguards")) for each in systems]
        return (*_counted(flows, "flow"), *_counted(ours, "system"))


def _counted(stated: Sequence[tuple[str, object, object]], noun: str) -> Iterator[Entry]:
    places: dict[str, list[object]] = {}
    for _, value, place in stated:
        for each in value or ():  # type: ignore[attr-defined]
            places.setdefault(each, []).append(place)
    for safeguard, where in sorted(places.items()):
        every = len(where) == len(stated)
        share = (
            (f"all {len(stated):,} {plural(noun)}" if len(stated) > 1 else f"the {noun}")
            if every
            else (f"{len(where):,} of {counted(len(stated), noun)}")
        )
        yield Entry(f"{safeguard}: {share}", where[0])  # type: ignore[arg-type]
    for name, value, place in stated:
        if value is None:
            yield missing(place, f"safeguards of {name}")  # type: ignore[arg-type]
        elif value == ():
            yield Entry(f"none: {name}", place)  # type: ignore[arg-type]


def controller(material: Material) -> Register:
    """Return the record of what we process for our own purposes: a row for each purpose."""
    fills = Recorder(material)
    rows = [
        row(COLUMNS, _place(each), **fills.cells(each), legal_basis=fills.legal_basis(each))
        for each in fills.activities(material.flows)
    ]
    table = Table(
        "processing",
        "Processing by purpose",
        COLUMNS,
        tuple(rows),
        layout="cards",
        empty="no flows or uses are declared",
    )
    return Register("processing", "Record of processing activities", facts(material), (table,), _NOTES)


def processor(material: Material) -> Register:
    """Return the record of what we process on behalf of others: a row for each controller and purpose.

    A contract says with `our_capacity: processor` that we act on behalf of the others that it names.
    """
    fills, estate = Recorder(material), material.graph.estate
    rows, silent = list[Row](), list[Record]()
    for contract in estate.contracts.values():
        capacity, _ = material.value(contract, CAPACITY)
        others = [each for each in contract.parties if each not in material.us]
        if capacity is None:
            silent.append(contract)
        for party in others if capacity == "processor" else ():
            ours = [each for each in material.flows if _is_between(material, each, party)]
            for done in fills.activities(ours):
                if done.flows:
                    whose = material.party(estate.parties[party])
                    cells = {
                        key: each for key, each in fills.cells(done).items() if key in {c.key for c in OF_PROCESSOR}
                    }
                    rows.append(
                        row(
                            OF_PROCESSOR,
                            contract.location(),
                            controller=(whose,),
                            contract=(term(material, contract),),
                            **cells,
                        )
                    )
    notes = ["A contract with `our_capacity: processor` says on whose behalf we act; `use std.registers` declares it."]
    if silent:
        verb = "does" if len(silent) == 1 else "do"
        notes.append(
            f"{len(silent):,} of {counted(len(estate.contracts), 'contract')} {verb} not declare `our_capacity`."
        )
    table = Table(
        "processor",
        "Processing on behalf of others",
        OF_PROCESSOR,
        tuple(rows),
        tuple(notes),
        "cards",
        "no contract declares `our_capacity: processor`",
    )
    return Register("processor", "Record of processing activities of a processor", facts(material), (table,), _NOTES)


_NOTES = ("What the manifests do not declare is marked as not declared, and never filled in.",)


def _is_between(material: Material, flow: Flow, party: str) -> bool:
    """Whether a flow is between a party and the organisation."""
    parties = material.graph.parties
    ends = {parties[flow.source], parties[flow.target]}
    return party in ends and "inside" in (material.where[flow.source], material.where[flow.target])


def _place(done: Activity) -> Span | None:
    return next((each.record.location() for each in done.flows), None)
