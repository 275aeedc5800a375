"""Where data goes: the country of a recipient as data protection law sees it, and the contracts that bind the recipient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.manifest.model import Record
from privacy_rules.registers.material import Flow, Material, by_day
from privacy_rules.registers.model import Cell, Entry, missing, once
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import show

STANDINGS = (
    "country not declared",
    "no adequacy decision",
    "adequate if certified",
    "adequate",
    "in the EEA",
    "same country as the sender",
)
"""What a transfer to a country is, those to look at first; the vocabulary of `std.regions` decides."""
UNKNOWN, NONE, CERTIFIED, ADEQUATE, EEA, SAME = range(len(STANDINGS))
_REGIONS = ((EEA, "eea"), (ADEQUATE, "adequate"), (CERTIFIED, "adequate_if_certified"))


def standing(material: Material, flow: Flow) -> int:
    """Return what the transfer by a flow is, as an index of `STANDINGS`. A person's device counts as being where we are."""
    country, _ = material.country(flow.target)
    if country is None:
        return UNKNOWN
    if country in senders(material, flow):
        return SAME
    regions = material.policy.taxonomy("region")
    return next((rank for rank, term in _REGIONS if term in regions and regions.is_a(country, term)), NONE)


def standing_words(material: Material, country: str | None, rank: int) -> str:
    """Return a standing in words, with the day on which a decision on adequacy ends."""
    words = STANDINGS[rank]
    ends = [each for each in (_ends(material, country, term) for at, term in _REGIONS if at == rank) if each]
    return f"{words} until {min(ends)}" if ends else words


def _ends(material: Material, country: str | None, term: str) -> date | None:
    regions: Taxonomy = material.policy.taxonomy("region")
    periods = regions.periods.get((country or "", term), ())
    return next((by_day(each.ends) for each in periods if material.day in each), None)


def senders(material: Material, flow: Flow) -> set[str | None]:
    """Return the country that a flow comes from; for a person's device without one, the countries of those who are us."""
    country, _ = material.country(flow.source)
    if country is not None or material.where[flow.source] != "person":
        return {country} - {None}
    parties = (material.graph.estate.parties[each] for each in material.us)
    return {str(land) for each in parties if (land := material.value(each, "country")[0]) is not None}


def contracts_of(material: Material, flow: Flow) -> list[Record]:
    """Return the contracts, in force or not, that bind or may bind the two ends of a flow; for data from a person, the recipient and us."""
    contracts = material.evaluator.contracts
    source, target = material.graph.parties[flow.source], material.graph.parties[flow.target]
    if target is None:
        return []
    with_us = material.where[flow.source] == "person" or source is None
    known = [target] if with_us or source is None else [source, target]
    found = (each for each in contracts.concerning(target) if contracts.reach(each, known, both=not with_us) != FALSE)
    return [each for each in found if contracts.is_for(each, [flow.target]) != FALSE]


def in_force(material: Material, contract: Record) -> bool:
    """Return whether a contract is, or may be, in force."""
    return material.evaluator.contracts.in_force(contract) != FALSE


def term(material: Material, contract: Record) -> Entry:
    """A contract with its state and end, as an entry: `terms: in force until 2027-05-01`."""
    begins, ends = (material.value(contract, name)[0] for name in ("from", "until"))
    if begins is None or ends is None:
        return missing(contract.location(), f"when {contract.id} {'begins' if begins is None else 'ends'}")
    state = material.evaluator.contracts.in_force(contract)
    if state == TRUE:
        words = f"in force until {ends}" if by_day(ends) else "in force, without an end"
        return Entry(f"{contract.id}: {words}", contract.location(), id=contract.id)
    begun = isinstance(begins, date) and begins <= material.day
    words = f"ended on {ends}" if begun else f"begins on {begins}"
    return Entry(f"{contract.id}: {words}", contract.location(), "bad", id=contract.id)


def obligations(material: Material, contracts: Iterable[Record]) -> Iterator[Entry]:
    """Yield what contracts oblige the recipient to."""
    for each in contracts:
        value, _ = material.value(each, "obliges")
        place = each.location("obliges")
        if value is None:
            yield missing(place, f"obligations of {each.id}")
        elif value == ():
            yield Entry(f"{each.id}: no obligations", place)
        else:
            yield Entry(f"{each.id}: {', '.join(map(show, value))}", place)  # type: ignore[arg-type]


def guards(material: Material, flows: Iterable[Flow]) -> Cell:
    """The contracts that protect the data of some flows to one recipient, with what they oblige it to; marked if there are none."""
    found: list[Entry] = []
    for flow in flows:
        known = contracts_of(material, flow)
        running = [each for each in known if in_force(material, each)]
        if running:
            found += obligations(material, running)
        else:
            found += [term(material, each) for each in known]
            found.append(missing(flow.record.location(), f"a contract in force for {flow.id}"))
    return once(found)


def country_entry(material: Material, system: int) -> Entry:
    """The country that a system is in."""
    country, place = material.country(system)
    return missing(place, "") if country is None else Entry(country.upper(), place)
