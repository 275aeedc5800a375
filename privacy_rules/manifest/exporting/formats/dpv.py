"""JSON-LD with the W3C Data Privacy Vocabulary: who processes which personal data, for which purposes, on which legal basis.

Terms that the policy takes from `std.dpv` have their identifiers there. Every other term is a concept of the estate's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.exporting.texts import as_json
from privacy_rules.source.fast_dataclasses import dataclass

_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_ROLES = {
    "us": "dpv:DataController",
    "service_provider": "dpv:DataProcessor",
    "third_party": "dpv:ThirdParty",
    "public_authority": "dpv:Authority",
    "data_subject": "dpv:DataSubject",
}
_CLASSES = {
    "data": "dpv:PersonalData",
    "purposes": "dpv:Purpose",
    "legal_bases": "dpv:LegalBasis",
    "safeguards": "dpv:TechnicalOrganisationalMeasure",
}


def write(data: EstateData) -> tuple[str]:
    """The graph: parties, systems, one process for each flow, storage and use, and the concepts that they name."""
    graph = _Graph(data, {})
    nodes = [graph.party(each) for each in data.parties.values()]
    for system in data.systems.values():
        nodes += graph.system(system)
    nodes += [graph.flow(each) for each in data.flows.values()]
    document = {"@context": _CONTEXT, "@graph": [*nodes, *graph.concepts.values()]}
    return (as_json(document),)


def _iri(kind: str, name: str) -> str:
    return f"urn:privacy-rules:{kind}:{quote(name, safe='')}"


@dataclass(slots=True)
class _Graph:
    """The nodes of a graph. `concepts` collects the terms that have no published identifier."""

    data: EstateData
    concepts: dict[str, dict[str, Any]]

    def terms(self, section: str, words: Iterable[str] | None) -> list[dict[str, str]]:
        """References to terms."""
        return [{"@id": self._term(section, each)} for each in words or ()]

    def _term(self, section: str, word: str) -> str:
        known = self.data.identifiers.get(section, {}).get(word, "")
        if known.startswith("https://"):
            return known
        iri = _iri(section, word)
        self.concepts.setdefault(iri, {"@id": iri, "@type": _CLASSES[section], "skos:prefLabel": word})
        return iri

    def party(self, party: EntityData) -> dict[str, Any]:
        """A party, by its role."""
        roles = [_ROLES[each] for each in party.texts("role") or () if each in _ROLES]
        return {
            "@id": _iri("party", party.id),
            "@type": roles or ["dpv:Entity"],
            "dct:identifier": party.id,
            **_given("dct:title", party.text("name")),
            **_given("dpv:hasCountry", party.text("country")),
        }

    def system(self, system: EntityData) -> list[dict[str, Any]]:
        """A system, what it stores, and what it uses data for."""
        iri = _iri("system", system.id)
        party, country = system.text("party"), system.text("country")
        owner = {} if party is None else {"dpv:hasResponsibleEntity": {"@id": _iri("party", party)}}
        where = {"@id": iri}
        found: list[dict[str, Any]] = [
            {
                **where,
                "@type": "dpv:Technology",
                "dct:identifier": system.id,
                **owner,
                **_given("dpv:hasCountry", country),
            }
        ]
        measures = _given("dpv:hasTechnicalOrganisationalMeasure", self.terms("safeguards", system.texts("safeguards")))
        stored = system.texts("stores")
        if stored is not None:
            found.append(
                {
                    "@id": f"{iri}:storage",
                    "@type": "dpv:Process",
                    "dpv:hasProcessing": {"@id": "dpv:Store"},
                    "dpv:isImplementedUsingTechnology": where,
                    "dpv:hasPersonalData": self.terms("data", stored),
                    **_given("dpv:hasDuration", system.text("retention")),
                    **measures,
                }
            )
        else:
            found[0] |= measures
        for number, use in enumerate(system.maps("uses"), 1):
            found.append(
                {
                    "@id": f"{iri}:use:{number}",
                    "@type": "dpv:Process",
                    "dpv:hasProcessing": {"@id": "dpv:Use"},
                    "dpv:isImplementedUsingTechnology": where,
                    "dpv:hasPersonalData": self.terms("data", _words(use.get("data"))),
                    **_given("dpv:hasPurpose", self.terms("purposes", _words(use.get("purposes")))),
                    **_given("dpv:hasLegalBasis", self.terms("legal_bases", _words(use.get("legal_basis")))),
                }
            )
        return found

    def flow(self, flow: EntityData) -> dict[str, Any]:
        """A flow, with the two systems and the party that receives the data."""
        source, target = flow.text("from") or "", flow.text("to") or ""
        basis = flow.text("legal_basis")
        necessary = {"yes": "dpv:Required", "no": "dpv:Optional"}.get(flow.text("necessary") or "")
        return {
            "@id": _iri("flow", flow.id),
            "@type": "dpv:Process",
            "dct:identifier": flow.id,
            "dpv:hasProcessing": {"@id": "dpv:Transmit"},
            "dpv:hasDataSource": {"@id": _iri("system", source)},
            "dpv:hasRecipient": {"@id": _iri("system", target)},
            **_given("dpv:hasPersonalData", self.terms("data", flow.texts("carries"))),
            **_given("dpv:hasPurpose", self.terms("purposes", flow.texts("purposes"))),
            **_given("dpv:hasLegalBasis", self.terms("legal_bases", [basis] if basis else [])),
            **_given("dpv:hasTechnicalOrganisationalMeasure", self.terms("safeguards", flow.texts("safeguards"))),
            **({} if necessary is None else {"dpv:hasNecessity": {"@id": necessary}}),
        }


def _words(value: Any) -> list[str]:
    return [] if value is None else [str(each) for each in (value if isinstance(value, list) else [value])]


def _given(name: str, value: Any) -> Mapping[str, Any]:
    return {name: value} if value else {}
