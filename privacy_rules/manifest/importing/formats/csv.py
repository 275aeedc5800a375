"""Tables of flows (with `from` and `to`) or of systems, as people keep them in spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from privacy_rules.manifest.importing.draft import Draft, DraftEntity
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.manifest.nodes import Plain
from privacy_rules.source import codes

_MEANT: Mapping[str, tuple[str, ...]] = {
    "from": ("source", "sender", "origin system", "source system", "producer"),
    "to": ("destination", "target", "recipient", "receiver", "destination system", "target system", "consumer"),
    "id": ("name", "flow", "flow id", "system", "system id", "application", "asset", "service"),
    "carries": ("data", "categories", "data categories", "category", "data elements", "personal data"),
    "purposes": ("purpose", "purpose of processing", "use", "data use"),
    "stores": ("data stored", "stored data"),
    "party": ("vendor", "company", "provider", "organisation", "organization", "operator"),
    "country": ("location", "hosting country"),
    "legal_basis": ("legal basis", "lawful basis"),
    "retention": ("retention period",),
    "kind": ("type", "system type"),
    "safeguards": ("security measures", "measures"),
    "owner": ("team", "owned by", "business owner"),
    "tags": ("labels",),
}
_TERMS = {
    "carries": "data",
    "stores": "data",
    "uses": "data",
    "creates": "data",
    "purposes": "purposes",
    "safeguards": "safeguards",
}
_ONE = {"kind": "kinds", "country": "countries", "legal_basis": "legal_bases"}
_AS_WRITTEN = (
    "retention",
    "notice",
    "necessary",
    "zone",
    "access",
    "protocol",
    "owner",
    "choice",
    "exchange",
    "mandate",
)
OF_FLOWS = (
    "from",
    "to",
    "carries",
    "purposes",
    "legal_basis",
    "notice",
    "necessary",
    "choice",
    "exchange",
    "mandate",
    "protocol",
    "safeguards",
    "retention",
    "owner",
    "tags",
)
OF_SYSTEMS = (
    "party",
    "kind",
    "stores",
    "uses",
    "creates",
    "country",
    "retention",
    "safeguards",
    "zone",
    "access",
    "owner",
    "tags",
)
LISTS = (*_TERMS, "tags")
"""The columns whose cells hold several words."""
_BETWEEN = re.compile(r"\s*[;,|\n]\s*")


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read tables. A table with columns `from` and `to` lists flows, any other lists systems."""
    for source in sources:
        rows = list(source.top.maps())
        columns = _columns(rows, draft)
        is_of_flows = "from" in columns.values() and "to" in columns.values()
        if rows and not is_of_flows and "id" not in columns.values():
            help_ = "name columns `from` and `to` for flows, or `id` for systems; or translate their names in `columns` of a map"
            source.sink.add(
                codes.MISSING_KEY,
                "this table has no columns for the ends of flows or the ids of systems",
                (0,),
                help=help_,
            )
            continue
        for row in rows:
            cells = {columns[name]: row[name] for name in row.node if name in columns}
            _flow(row, cells, draft) if is_of_flows else _system(row, cells, draft)


def _columns(rows: Iterable[Field], draft: Draft) -> dict[str, str]:
    """The attribute of each column: by the map, by its own name, or by a common name. Each attribute has at most one column."""
    names = list(dict.fromkeys(name for row in rows for name in row.node))
    known = {*_MEANT, *OF_FLOWS, *OF_SYSTEMS}
    usual = {words: attribute for attribute, several in _MEANT.items() for words in several}
    found: dict[str, str] = {}
    for look in (draft.map.column, lambda name: _plain(name).replace(" ", "_"), lambda name: usual.get(_plain(name))):
        for name in names:
            meant = look(name)
            if name not in found and meant in known and meant not in found.values():
                found[name] = meant
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def _flow(row: Field, cells: Mapping[str, Field], draft: Draft) -> None:
    ends = [cells[each].text() if each in cells else None for each in ("from", "to")]
    if ends[0] is None or ends[1] is None:
        missing = "from" if ends[0] is None else "to"
        row.source.sink.add(
            codes.MISSING_KEY, f"this flow has no `{missing}`", row.path, help="fill the cell, or remove the row"
        )
        return
    name = cells["id"].text() if "id" in cells else None
    _put_all(draft.flow(ends[0], ends[1], row, name), cells, OF_FLOWS, draft)


def _system(row: Field, cells: Mapping[str, Field], draft: Draft) -> None:
    name = cells["id"].text() if "id" in cells else None
    if name is None:
        row.source.sink.add(
            codes.MISSING_KEY, "this system has no id", row.path, help="fill the cell, or remove the row"
        )
        return
    system = draft.system(name, cells["id"])
    party = cells["party"].text() if "party" in cells else None
    if party is not None:
        system.put("party", draft.party(party, cells["party"]), cells["party"])
    _put_all(system, cells, OF_SYSTEMS, draft)


def _put_all(entity: DraftEntity, cells: Mapping[str, Field], names: Iterable[str], draft: Draft) -> None:
    for name in names:
        cell = cells.get(name)
        if cell is None or cell.text() is None:
            continue
        if name in _TERMS:
            entity.add(name, [each for word in _words(cell) for each in draft.term(_TERMS[name], word, cell)], cell)
        elif name in _ONE:
            draft.put_term(entity, name, _ONE[name], cell)
        elif name == "tags":
            entity.put(name, _words(cell), cell)
        elif name in _AS_WRITTEN:
            entity.put(name, Plain(cell.text() or ""), cell)


def _words(cell: Field) -> list[str]:
    """The words of a cell that holds several, between semicolons, commas, bars or line ends."""
    return [each for each in _BETWEEN.split(cell.text() or "") if each]
