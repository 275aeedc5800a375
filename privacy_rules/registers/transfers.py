"""The register of transfers: what goes to which recipient in which country, how it is protected, and what asks for an assessment."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.checking.logic import FALSE
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.registers import criteria
from privacy_rules.registers.destinations import country_entry, guards, senders, standing, standing_words
from privacy_rules.registers.facts import facts, left_out
from privacy_rules.registers.material import Flow, Material, of_flows
from privacy_rules.registers.model import Cell, Column, Entry, Mark, Register, Row, Table, missing, once, row
from privacy_rules.registers.vendors import purposes_of, sent
from privacy_rules.vocabulary.values import show

COLUMNS = (
    Column("recipient", "Recipient"),
    Column("roles", "Roles"),
    Column("country", "Country"),
    Column("standing", "Kind of transfer"),
    Column("senders", "From"),
    Column("data", "Data"),
    Column("purposes", "Purposes"),
    Column("safeguards", "Contracts and what they oblige to"),
    Column("measures", "Measures on the way"),
    Column("grounds", "Legal basis or mandate"),
    Column("findings", "Findings"),
    Column("flows", "Flows"),
    Column("clauses", "Clauses"),
)
_MARKS: Sequence[Mark] = ("missing", "bad", "open", "", "", "")


def transfers(
    material: Material,
    judged: criteria.Criteria,
    known: frozenset[str] | None = None,
    since: str = "",
    notes: tuple[str, ...] = (),
) -> Register:
    """Return the register. `known` are the `recipients` at a commit named `since`; None if there is nothing to compare with."""
    new = () if known is None else (_new_recipients(material, known, since),)
    return Register(
        "transfers",
        "Transfers, and criteria for an impact assessment",
        facts(material),
        (transfers_table(material), *criteria.tables(judged), *new),
        (*left_out(material), *notes),
    )


def transfers_table(material: Material) -> Table:
    """Return a row for each recipient and country, those to look at first on top."""
    groups = sorted(_groups(material).values(), key=lambda each: _rank(material, each))
    rows = tuple(_row(material, each) for each in groups)
    notes = (
        "Each disclosure, and each sharing within the group, is in one row. Countries are compared by the vocabulary of the policy.",
    )
    return Table("transfers", "Transfers", COLUMNS, rows, notes, "cards", "nothing is sent to another party")


def recipients(material: Material) -> frozenset[str]:
    """Return the recipients outside that get data, as `party mail`, or `system box` if the party is not declared."""
    return frozenset(_recipient(material, each) for each in material.disclosures())


def _recipient(material: Material, flow: Flow) -> str:
    party = material.graph.parties[flow.target]
    return f"party {party}" if party is not None else f"system {material.graph.systems[flow.target].id}"


def _groups(material: Material) -> dict[tuple[str, str], list[Flow]]:
    shared = material.evaluator.roles.flows(Kind.SHARING)
    disclosed = {each.number for each in material.disclosures()}
    found: dict[tuple[str, str], list[Flow]] = {}
    for flow in material.flows:
        if flow.number in disclosed or shared[flow.number] != FALSE:
            found.setdefault((_recipient(material, flow), material.country(flow.target)[0] or ""), []).append(flow)
    return found


def _rank(material: Material, flows: Sequence[Flow]) -> tuple[int, str]:
    return min(standing(material, each) for each in flows), str(material.party_at(flows[0].target).value).casefold()


def _row(material: Material, flows: Sequence[Flow]) -> Row:
    target = flows[0].target
    rank, country = min(standing(material, each) for each in flows), country_entry(material, target)
    words = standing_words(material, material.country(target)[0], rank)
    lands = sorted({each for flow in flows for each in senders(material, flow)} - {None}, key=str)
    return row(
        COLUMNS,
        flows[0].record.location(),
        recipient=(material.party_at(target),),
        roles=material.roles({each.target for each in flows}, material.graph.party(target)),
        country=(country,),
        standing=(Entry(words, country.place, _MARKS[rank]),),
        senders=tuple(Entry(str(each).upper()) for each in lands) or (missing(),),
        data=sent(flows),
        purposes=once(entry for each in flows for entry in purposes_of(each)),
        safeguards=guards(material, flows),
        measures=_stated(material, flows, "safeguards"),
        grounds=(
            *_stated(material, flows, "legal_basis", marked=False),
            *_stated(material, flows, "mandate", marked=False),
        ),
        findings=material.findings(of_flows(flows)),
        flows=tuple(each.entry for each in flows),
        clauses=material.clauses(of_flows(flows)),
    )


def _stated(material: Material, flows: Sequence[Flow], attribute: str, *, marked: bool = True) -> Cell:
    """What flows state; if `marked`, also which of them do not."""
    found: list[Entry] = []
    for flow in flows:
        for purpose in flow.purposes or (None,):
            value, place = material.fact(flow, attribute, None, purpose)
            if value is not None:
                found += [Entry(show(each), place) for each in (value if isinstance(value, tuple) else (value,))]
            elif marked:
                found.append(missing(place, flow.id))
    return once(found)


def _new_recipients(material: Material, known: frozenset[str], since: str) -> Table:
    shown = tuple(
        each for each in COLUMNS if each.key in ("recipient", "roles", "country", "data", "purposes", "flows")
    )
    by_recipient: dict[str, list[Flow]] = {}
    for flow in material.disclosures():
        by_recipient.setdefault(_recipient(material, flow), []).append(flow)
    rows = [
        row(
            shown,
            material.party_at(flows[0].target).place,
            recipient=(material.party_at(flows[0].target),),
            roles=material.roles({each.target for each in flows}, material.graph.party(flows[0].target)),
            country=once(country_entry(material, each.target) for each in flows),
            data=sent(flows),
            purposes=once(entry for each in flows for entry in purposes_of(each)),
            flows=tuple(each.entry for each in flows),
        )
        for recipient, flows in sorted(by_recipient.items())
        if recipient not in known
    ]
    return Table(
        "new-recipients",
        f"Recipients that are new since {since}",
        shown,
        tuple(rows),
        empty=f"no recipient is new since {since}",
    )
