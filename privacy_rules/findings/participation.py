"""Find the files that a finding involves: those that declare its subject, its neighbours, or its facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Finding
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source.span import Span


class Participation:
    """Looks up files in one estate.

    A flow is touched by its two systems, a system by its party, a party by its contracts. So a file is still involved
    if a value is removed from it, although the value is no longer a fact of the finding.
    """

    def __init__(self, estate: Estate, policy: Policy) -> None:
        self._estate, self._names = estate, Names(estate, policy)
        self._contracts: dict[str, list[Record]] = defaultdict(list)
        for contract in estate.contracts.values():
            for party in contract.parties:
                self._contracts[party].append(contract)

    def files(self, finding: Finding) -> set[str]:
        """Return the names of the files, as places show them."""
        return {span.file for span in self._places(finding) if span is not None}

    def _places(self, finding: Finding) -> Iterator[Span | None]:
        yield finding.location
        yield finding.waiver.location if finding.waiver else None
        yield from (fact.location for test in finding.because for fact in test.facts)
        yield from (missing.location for missing in finding.missing)
        yield from (hop.location for hop in finding.hops)
        yield from (record.location() for record in self._touching(finding))

    def _touching(self, finding: Finding) -> Iterable[Record]:
        subject, estate = finding.subject, self._estate
        systems = {end for hop in finding.hops for end in (hop.source, hop.target)}
        parties: set[str] = set()
        match subject.kind:
            case kind if kind.at_system:
                systems.add(subject.id)
            case Kind.PARTY:
                parties.add(subject.id)
            case Kind.CONTRACT:
                parties.update(estate.contracts[subject.id].parties if subject.id in estate.contracts else ())
            case Kind.ORGANISATION:
                pass
            case _:
                systems |= set(self._names.ends(subject.id)) if subject.id in estate.flows else set()
        parties |= {party.id for system in systems if (party := self._names.party_of(system)) is not None}
        yield from (estate.systems[each] for each in systems if each in estate.systems)
        yield from (estate.parties[each] for each in parties if each in estate.parties)
        yield from (contract for each in parties for contract in self._contracts[each])
