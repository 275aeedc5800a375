"""Describe an estate's entities in words: `lead_broker (data_broker)`, `crm at iapmo (us)`, owners."""

from __future__ import annotations

from privacy_rules.findings.finding import Subject
from privacy_rules.graph.declared_values import known, says
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source.span import Span
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Value


class Names:
    """The estate's entities as words, each worked out once.

    For a party or id that the estate lacks, the words say that it is unknown.
    """

    def __init__(self, estate: Estate, policy: Policy) -> None:
        self._estate = estate
        self._policy = policy
        self._parties: dict[str, Record | None] = {}
        self._keepers: dict[str, str] = {}
        self._owners: dict[str, str | None] = {}

    def value(self, record: Record, attribute: str) -> Value | None:
        """Return the value of an entity's own attribute, declared or by default; None if unknown."""
        found = self._policy.attributes.get((record.entity, attribute))
        return known(record, found)[0] if found else None

    def ends(self, flow: str) -> tuple[str, str]:
        """The ids of the systems that a flow leads from and to."""
        record = self._estate.flows[flow]
        return str(record.declared["from"]), str(record.declared["to"])

    def location_of_flow(self, flow: str) -> Span | None:
        """Where a flow is declared."""
        return self._estate.flows[flow].location()

    def party_of(self, system: str) -> Record | None:
        """The party that a system belongs to; None if it is not known."""
        if system not in self._parties:
            record = self._estate.systems.get(system)
            found = self.value(record, "party") if record else None
            self._parties[system] = self._estate.parties.get(found) if isinstance(found, str) else None
        return self._parties[system]

    def roles(self, holder: Record) -> tuple[str, ...]:
        """Return the declared roles of a party, or that its party plays in a system; empty if unknown."""
        found = self.value(holder, "role")
        if isinstance(found, tuple):
            return tuple(str(each) for each in found)
        return () if found is None else (str(found),)

    def party(self, party: Record, system: Record | None = None) -> str:
        """Name a party with its role, or with the role that it plays in a system: `lead_broker (data_broker)`."""
        holder = system if system is not None and says(system, "role") else party
        return f"{party.id} ({', '.join(self.roles(holder)) or 'role unknown'})"

    def keeper(self, system: str) -> str:
        """The party of a system, or that it is unknown: `lead_broker (data_broker)`."""
        if system not in self._keepers:
            found = self.party_of(system)
            self._keepers[system] = self.party(found, self._estate.systems[system]) if found else "an unknown party"
        return self._keepers[system]

    def end(self, system: str) -> str:
        """Describe an end of a flow by its party, or by its system if the party is unknown."""
        return self.keeper(system) if self.party_of(system) else f"system {system} (party unknown)"

    def system(self, system: str) -> str:
        """`crm at iapmo (us)`."""
        return f"{system} at {self.keeper(system)}"

    def binds(self, contract: str) -> str:
        """Whom a contract binds: `with acme`, `between a, b and c`."""
        record = self._estate.contracts[contract]
        other, several = record.declared.get("with"), record.declared.get("between")
        if isinstance(other, str):
            return f"with {other}"
        return f"between {listed(map(str, several))}" if isinstance(several, tuple) else "with unknown parties"

    def owner(self, subject: Subject) -> str | None:
        """The owner of a subject: its own `owner`, else its (source) system's, else that of the system's party."""
        match subject.kind:
            case Kind.PARTY:
                return self._owned(self._estate.parties.get(subject.id))
            case kind if kind.at_system:
                return self._owner_of_system(subject.id)
            case Kind.CONTRACT | Kind.ORGANISATION:
                return None
            case _:
                own = self._owned(self._estate.flows.get(subject.id))
                return own or self._owner_of_system(self.ends(subject.id)[0])

    def _owner_of_system(self, system: str) -> str | None:
        if system not in self._owners:
            self._owners[system] = self._owned(self._estate.systems.get(system)) or self._owned(self.party_of(system))
        return self._owners[system]

    def _owned(self, record: Record | None) -> str | None:
        found = self.value(record, "owner") if record else None
        return found if isinstance(found, str) else None

    def record(self, subject: Subject) -> Record | None:
        """Return the entity of a subject; for data that a system declares, the system."""
        return self._estate.records(_ENTITY.get(subject.kind, Entity.FLOW)).get(subject.id)


_ENTITY = {
    Kind.SYSTEM: Entity.SYSTEM,
    **{kind: Entity.SYSTEM for kind in Kind if kind.in_system},
    Kind.PARTY: Entity.PARTY,
    Kind.CONTRACT: Entity.CONTRACT,
    Kind.ORGANISATION: Entity.ORGANISATION,
}
