"""The register of vendors: what is agreed with each party outside the organisation, and what is sent to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.checking.term_tests import covered
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.registers.destinations import contracts_of, country_entry, in_force, obligations, term
from privacy_rules.registers.facts import facts, left_out
from privacy_rules.registers.material import SOON, Flow, Key, Material, by_day, grouped, of_flows, of_systems
from privacy_rules.registers.model import (
    MISSING,
    Cell,
    Column,
    Entry,
    Register,
    Row,
    Table,
    declared,
    missing,
    once,
    row,
)
from privacy_rules.vocabulary.values import show

COLUMNS = (
    Column("vendor", "Vendor"),
    Column("roles", "Roles"),
    Column("countries", "Countries"),
    Column("contracts", "Contracts"),
    Column("next_expiry", "Next expiry", "date"),
    Column("documents", "Documents"),
    Column("covers_data", "Data that contracts cover"),
    Column("covers_purposes", "Purposes that contracts cover"),
    Column("sent", "Data sent"),
    Column("sent_for", "Purposes of what is sent"),
    Column("beyond", "Sent beyond what contracts cover"),
    Column("unused", "Covered, and not sent"),
    Column("obligations", "Obligations"),
    Column("onward", "May pass data on"),
    Column("sub_processors", "Passes data on to"),
    Column("findings", "Findings"),
    Column("flows", "Flows to it"),
    Column("clauses", "Clauses"),
)


def vendors(material: Material) -> Register:
    """Return the register: a row for each party outside that has a contract or gets data, and one for unknown recipients."""
    graph = material.graph
    disclosed = grouped(material.disclosures(), lambda flow: (graph.parties[flow.target],))
    agreed = {each for contract in graph.estate.contracts.values() for each in contract.parties}
    outside = {each for each in agreed if material.evaluator.roles.party(each, "outside") == TRUE}
    names = sorted(outside | {each for each in disclosed if each is not None}, key=_by_name(material))
    rows = [_row(material, each, disclosed.get(each, ())) for each in (*names, *([None] if None in disclosed else ()))]
    table = Table(
        "vendors", "Vendors", COLUMNS, tuple(rows), layout="cards", empty="no party outside has a contract or gets data"
    )
    notes = (
        "Each flow is compared with the contracts in force between its two parties. A flow from a person is compared with those between us and the recipient.",
        "What the manifests do not declare is marked as not declared, and never filled in.",
        *left_out(material),
    )
    return Register("vendors", "Register of vendors", facts(material), (table,), notes)


def _by_name(material: Material) -> Callable[[str], tuple[str, str]]:
    parties = material.graph.estate.parties
    return lambda each: (str(material.party(parties[each]).value).casefold(), each)


def _row(material: Material, name: str | None, flows: Sequence[Flow]) -> Row:
    graph = material.graph
    party = graph.estate.parties[name] if name is not None else None
    systems = list(graph.systems_of.get(name, ())) if name is not None else sorted({each.target for each in flows})
    contracts = [each for each in graph.estate.contracts.values() if name in each.parties]
    running = [each for each in contracts if in_force(material, each)]
    vendor = (material.party(party),) if party else once(material.party_at(each.target) for each in flows)
    return row(
        COLUMNS,
        vendor[0].place,
        vendor=vendor,
        roles=material.roles(systems, party),
        countries=_countries(material, systems, party),
        contracts=tuple(term(material, each) for each in contracts) or (missing(vendor[0].place, "a contract"),),
        next_expiry=_next_expiry(material, running),
        documents=once(
            Entry(show(value), each.location("document"))
            for each in contracts
            if (value := material.value(each, "document")[0])
        ),
        covers_data=_covers(material, running, "covers.data"),
        covers_purposes=_covers(material, running, "covers.purposes"),
        sent=sent(flows),
        sent_for=once(entry for each in flows for entry in purposes_of(each)),
        beyond=once(entry for each in flows for entry in _beyond(material, each)),
        unused=_unused(material, running, flows),
        obligations=once(obligations(material, running)),
        onward=once(entry for each in running for entry in _onward(material, each)),
        sub_processors=_sub_processors(material, systems),
        findings=material.findings(_subjects(material, name, flows, contracts)),
        flows=tuple(each.entry for each in flows),
        clauses=material.clauses([*of_flows(flows), *((Kind.CONTRACT, each.id) for each in contracts)]),
    )


def _subjects(
    material: Material, name: str | None, flows: Iterable[Flow], contracts: Iterable[Record]
) -> Iterator[Key]:
    """Yield what a finding on a vendor may be about: itself, its systems and contracts, what it is sent and what it sends."""
    graph = material.graph
    yield from of_flows(flows)
    if name is not None:
        yield (Kind.PARTY, name)
        systems = graph.systems_of.get(name, ())
        yield from of_systems(graph.systems[each].id for each in systems)
        yield from ((Kind.FLOW, graph.flows[flow].id) for each in systems for flow in graph.outgoing[each])
    yield from ((Kind.CONTRACT, each.id) for each in contracts)


def _countries(material: Material, systems: Iterable[int], party: Record | None) -> Cell:
    found = once(country_entry(material, each) for each in systems)
    if found or party is None:
        return found or MISSING
    value, _ = material.value(party, "country")
    return (Entry(show(value).upper(), party.location("country")),) if value else (missing(party.location()),)


def _next_expiry(material: Material, running: Iterable[Record]) -> Cell:
    """The first end of a contract in force; set off if it is within 90 days."""
    ends = [(day, each) for each in running if (day := by_day(material.value(each, "until")[0]))]
    if not ends:
        return ()
    day, contract = min(ends, key=lambda each: each[0])
    return (Entry(day, contract.location("until"), "open" if day - material.day <= SOON else ""),)


def _covers(material: Material, running: Iterable[Record], attribute: str) -> Cell:
    found: list[Entry] = []
    for contract in running:
        value, place = material.value(contract, attribute)[0], contract.location(attribute)
        found += [missing(place, f"what {contract.id} covers")] if value is None else declared(value, place)
    return once(found)


def sent(flows: Iterable[Flow]) -> Cell:
    """The categories that flows carry, and which flows do not declare theirs."""
    found: list[Entry] = []
    for flow in flows:
        place = flow.record.location("carries")
        found += [Entry(each, place) for each in flow.data] if flow.data else [missing(place, flow.id)]
    return once(sorted(found, key=lambda each: (each.mark, str(each.value))))


def purposes_of(flow: Flow) -> Iterator[Entry]:
    """Yield the purposes of a flow; that they are not declared, if so."""
    place = flow.record.location("purposes")
    yield from (Entry(each, place) for each in flow.purposes) if flow.purposes else (missing(place, flow.id),)


def _beyond(material: Material, flow: Flow) -> Iterator[Entry]:
    """Yield for each purpose of a flow the categories that no contract in force covers, and those for which this cannot be decided."""
    running = [each for each in contracts_of(material, flow) if in_force(material, each)]
    data, purposes = (material.policy.taxonomy(each) for each in ("data", "purpose"))
    promised = [tuple(material.value(each, name)[0] for name in ("covers.data", "covers.purposes")) for each in running]
    wrong = any(each.mark == "bad" for each in material.findings(of_flows([flow])))
    for purpose in flow.purposes or (None,):
        found: dict[int, list[str]] = {}
        for datum in flow.data or (None,):
            values = (min(covered(data, datum, one), covered(purposes, purpose, other)) for one, other in promised)  # type: ignore[arg-type]
            found.setdefault(max(values, default=FALSE), []).append(datum or "undeclared data")
        for value, names in sorted(found.items()):
            if value != TRUE:
                words = f"{', '.join(names)} for {purpose or 'an undeclared purpose'} ({flow.id})"
                words = words if value == FALSE else f"cannot be decided: {words}"
                yield Entry(words, flow.record.location("carries"), "bad" if wrong and value == FALSE else "open")


def _unused(material: Material, running: Iterable[Record], flows: Sequence[Flow]) -> Cell:
    """The covered categories that no flow sends or may send."""
    data, found = material.policy.taxonomy("data"), list[Entry]()
    if any(each.data is None for each in flows):
        return ()
    names = [term for each in flows for term in each.data or ()]
    for contract in running:
        value = material.limited(material.value(contract, "covers.data")[0]) or ()  # type: ignore[arg-type]
        place = contract.location("covers.data")
        found += [Entry(each, place) for each in value if not any(data.overlaps(each, name) for name in names)]
    return once(found)


def _onward(material: Material, contract: Record) -> Iterator[Entry]:
    value, place = material.value(contract, "allows_onward")[0], contract.location("allows_onward")
    yield missing(place, contract.id) if value is None else Entry(f"{show(value)}: {contract.id}", place)


def _sub_processors(material: Material, systems: Iterable[int]) -> Cell:
    """The other parties outside that systems of a vendor send data to."""
    graph, found = material.graph, list[Entry]()
    ours = {each.number: each for each in material.disclosures()}
    for system in systems:
        for number in graph.outgoing[system]:
            flow = ours.get(number)
            if flow is not None and graph.same_party(flow.source, flow.target) is not True:
                who = material.party_at(flow.target)
                what = ", ".join(flow.data) if flow.data else "undeclared data"
                found.append(Entry(f"{who.value}: {what}", flow.record.location(), who.mark, id=who.id))
    return once(found)
