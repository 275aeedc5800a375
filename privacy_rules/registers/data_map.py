"""The data map: which categories go to which recipient in which country, and where one category goes, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from privacy_rules.checking.work_limit import LINEAGES
from privacy_rules.registers.destinations import country_entry, term
from privacy_rules.registers.facts import facts
from privacy_rules.registers.material import Flow, Material, grouped, of_flows
from privacy_rules.registers.model import Cell, Column, Entry, Register, Row, Table, missing, once, possibly, row
from privacy_rules.registers.retention import kept
from privacy_rules.registers.vendors import purposes_of
from privacy_rules.simulation.data_paths import Passage
from privacy_rules.simulation.impact import of_category
from privacy_rules.simulation.senders_and_recipients import Holder

DISCLOSURES = (
    Column("category", "Category"),
    Column("recipient", "Recipient"),
    Column("roles", "Roles"),
    Column("country", "Country"),
    Column("purposes", "Purposes"),
    Column("flows", "Flows"),
    Column("clauses", "Clauses"),
)
LINEAGE = (
    Column("step", "Step", "number"),
    Column("system", "System"),
    Column("party", "Party"),
    Column("where", "Where", "text"),
    Column("country", "Country"),
    Column("arrives_as", "Arrives as"),
    Column("derivations", "Made by"),
    Column("path", "Path"),
    Column("kept", "Kept for"),
    Column("contracts", "Contracts"),
)
_ENTRY = Column("category", "Category")
Place = tuple[str, str]
"""A recipient, as the words for it, and its country."""


def data_map(material: Material) -> Register:
    """Return the map of all disclosures; the lineage as well if the material is limited to a category."""
    places = _places(material)
    found = [_matrix(material, places), _disclosures(material, places)]
    if material.category is not None:
        found.append(lineage(material, material.category))
    return Register("data-map", "Data map", facts(material), tuple(found))


def _places(material: Material) -> Mapping[Place, list[Flow]]:
    """The disclosures by recipient and country, in the order of names."""
    found: dict[tuple[str, Place], list[Flow]] = {}
    for flow in material.disclosures():
        who, country = material.party_at(flow.target), country_entry(material, flow.target)
        found.setdefault((str(who.value).casefold(), (str(who.value), str(country.value))), []).append(flow)
    return {place: found[key, place] for key, place in sorted(found)}


def _categories(material: Material) -> dict[str | None, list[Flow]]:
    return grouped(material.disclosures(), lambda each: each.data or (None,))


def _matrix(material: Material, places: Mapping[Place, list[Flow]]) -> Table:
    shown = [_ENTRY, *(Column(f"{who} ({land})", f"{who} ({land})", "number") for who, land in places)]
    rows = []
    for category, flows in _categories(material).items():
        meant = {each.number for each in flows}
        cells = [tuple(_count([each for each in there if each.number in meant])) for there in places.values()]
        rows.append(Row((_category(category, flows[0]), *cells), flows[0].record.location("carries")))
    notes = ("How many flows send each category to each recipient.",)
    return Table(
        "matrix",
        "Categories, recipients and countries",
        tuple(shown),
        tuple(rows),
        notes,
        "matrix",
        "nothing is disclosed",
    )


def _count(flows: list[Flow]) -> Iterator[Entry]:
    if flows:
        yield Entry(len(flows), flows[0].record.location())


def _category(category: str | None, flow: Flow) -> Cell:
    place = flow.record.location("carries")
    return (missing(place),) if category is None else (Entry(category, place),)


def _disclosures(material: Material, places: Mapping[Place, list[Flow]]) -> Table:
    rows = []
    for category, flows in _categories(material).items():
        meant = {each.number for each in flows}
        for there in places.values():
            sent = [each for each in there if each.number in meant]
            if sent:
                target = sent[0].target
                rows.append(
                    row(
                        DISCLOSURES,
                        sent[0].record.location(),
                        category=_category(category, sent[0]),
                        recipient=(material.party_at(target),),
                        roles=material.roles({each.target for each in sent}, material.graph.party(target)),
                        country=(country_entry(material, target),),
                        purposes=once(entry for each in sent for entry in purposes_of(each)),
                        flows=tuple(each.entry for each in sent),
                        clauses=material.clauses(of_flows(sent)),
                    )
                )
    return Table("disclosures", "Disclosures", DISCLOSURES, tuple(rows), empty="nothing is disclosed")


# ---- the lineage of a category


def lineage(material: Material, category: str) -> Table:
    """Return where a category goes: where it originates, then each system that gets it or what is made of it, nearest first."""
    gets, gives = of_category(material.world, category)
    steps = [(0, each) for each in gives]
    begun = {each.system for each in gives}
    steps += [(min(len(one.path) for one in each.passages), each) for each in gets if each.system not in begun]
    makers = _makers(material, [each.system for _, each in steps])
    ordered = sorted(steps, key=lambda each: (each[0], each[1].system))
    rows = [_step(material, number, each, makers) for number, each in ordered]
    notes = (
        "Step 0 is where the data originates; each later step is one flow further. Data that may or may not arrive is marked.",
    )
    return Table("lineage", f"Where {category} goes", LINEAGE, tuple(rows), notes, empty=f"no flow carries {category}")


def _makers(material: Material, systems: Iterable[str]) -> Mapping[str, Cell]:
    """The transforms of some systems, by the categories that they make."""
    found: dict[str, list[Entry]] = {}
    for record in map(material.graph.estate.systems.__getitem__, systems):
        for each in record.transforms or ():
            method = f" by {each.method}" if each.method else ""
            entry = Entry(f"{each.term}{method} in {record.id}", record.location_in_item(each, "from"))
            for made in each.makes:
                found.setdefault(made, []).append(entry)
    return {made: once(each) for made, each in found.items()}


def _step(material: Material, number: int, holder: Holder, makers: Mapping[str, Cell]) -> Row:
    graph, system = material.graph, material.graph.system_number[holder.system]
    material.evaluator.work.take(LINEAGES, sum(len(each.path) for each in holder.passages[:1]))
    record = graph.systems[system]
    arrived = {name for each in holder.passages for name in (*each.at_system, *each.may_be)}
    made = sorted(each for each in arrived if not graph.data.is_a(each, material.category or each))
    stored = tuple(kept(material, record, graph.data.below_any(arrived))) or (Entry("not stored"),)
    contracts = [graph.estate.contracts[each.id] for each in holder.contracts]
    return row(
        LINEAGE,
        record.location(),
        step=(Entry(number),),
        system=(Entry(holder.system, record.location()),),
        party=(material.party_at(system),),
        where=(Entry(holder.where, mark="missing" if holder.where == "unknown" else ""),),
        country=() if holder.where == "person" else (country_entry(material, system),),
        arrives_as=once(entry for each in holder.passages for entry in _arrival(each)),
        derivations=once(entry for each in made for entry in makers.get(each, ())),
        path=tuple(
            Entry(flow, graph.estate.flows[flow].location()) for each in holder.passages[:1] for flow in each.path
        ),
        kept=() if holder.where == "person" else stored,
        contracts=tuple(term(material, each) for each in contracts),
    )


def _arrival(passage: Passage) -> Iterator[Entry]:
    yield from (Entry(each) for each in passage.at_system)
    yield from (possibly(Entry(each)) for each in passage.may_be)
