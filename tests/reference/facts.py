"""What a manifest says of an entity, and who stands at the ends of a flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Owner, Policy, Reference, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import METHOD, Attribute, Entity
from privacy_rules.vocabulary.values import Item, Transform, Value
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either, includes, opposite, truth


class Silence(Enum):
    """What stands for a value where there is none: nothing said, or a contract's built-in `ever`."""

    UNDECLARED = "undeclared"
    FROM_EVER = "from ever"
    UNTIL_ENDED = "until ended"
    ALL_SYSTEMS = "all systems"


@dataclass(frozen=True)
class Context:
    """What one verdict is about: a subject (a `Kind.family`), and the one datum and purpose, item or pair judged.

    For a selector, it is the system at an end. The condition of a contract gets its contract separately.
    """

    kind: Kind
    id: str
    datum: str | None = None
    purpose: str | None = None
    item: Item | Transform | None = None
    pair: tuple[str, str] | None = None
    collected: bool = False
    """The flow is a collection that a test asks about; `datum` and `purpose` are those judged elsewhere."""


def said(record: Record, name: str) -> Value | Silence | None:
    """What the manifest says outright or by its defaults; None where it says that it does not know."""
    if name in record.declared:
        return record.declared[name]
    return record.defaults.get(name, Silence.UNDECLARED)


class Facts:
    def __init__(self, policy: Policy, estate: Estate) -> None:
        self.policy = policy
        self.estate = estate

    # Values of entities.

    def value(self, record: Record, attribute: Attribute) -> Value | Silence | None:
        """The manifest's word, else the policy's default, else the built-in one, else None: not known."""
        found = said(record, attribute.name)
        if found is not Silence.UNDECLARED:
            return found
        if attribute.default is not None:
            return attribute.default
        match attribute.entity, attribute.name:
            case Entity.SYSTEM, ("country" | "role") as name:
                party = self.party_of(record.id)
                partys = self.policy.attributes[Entity.PARTY, name]
                return None if party is None else self.value(self.estate.parties[party], partys)
            case Entity.CONTRACT, "from":
                return Silence.FROM_EVER
            case Entity.CONTRACT, "until":
                return Silence.UNTIL_ENDED
            case Entity.CONTRACT, "systems" if attribute.span is None:
                return Silence.ALL_SYSTEMS
        return None

    def is_declared(self, record: Record, attribute: Attribute) -> bool:
        found = said(record, attribute.name)
        if found is Silence.UNDECLARED and attribute.entity is Entity.SYSTEM and attribute.name in ("country", "role"):
            party = self.party_of(record.id)
            return party is not None and said(self.estate.parties[party], attribute.name) not in (
                None,
                Silence.UNDECLARED,
            )
        return found not in (None, Silence.UNDECLARED)

    # Names in conditions.

    def system_of(self, context: Context, side: Side) -> str:
        """The system that a side is, of a flow, or that a system, storage or joining is."""
        if context.kind is Kind.FLOW:
            return self.end(context.id, "from" if side is Side.SOURCE else "to")
        return context.id

    def holder(self, context: Context, reference: Reference, contract: Record | None) -> Record | None:
        """The record that the name is looked up in; None for a party that is not known."""
        match reference.owner:
            case Owner.FLOW:
                return self.estate.flows[context.id]
            case Owner.ITEM | Owner.SYSTEM:
                return self.estate.systems[self.system_of(context, reference.side)]
            case Owner.PARTY if context.kind is Kind.PARTY:
                return self.estate.parties[context.id]
            case Owner.PARTY:
                party = self.party_of(self.system_of(context, reference.side))
                return None if party is None else self.estate.parties[party]
            case Owner.CONTRACT:
                return contract or self.estate.contracts[context.id]
            case Owner.ORGANISATION:
                return self.estate.organisation

    def named(self, context: Context, reference: Reference, contract: Record | None) -> Value | Silence | None:
        """What a name in a condition is worth here; None: not known."""
        record = self.holder(context, reference, contract)
        if record is None:
            return None
        if reference.owner is Owner.FLOW:
            return self.of_pair(record, reference.attribute, context)
        if reference.owner is Owner.ITEM:
            if context.item is None:
                return None
            if isinstance(context.item, Transform) and reference.attribute == METHOD:
                return context.item.method
            own: Mapping[str, Value | None] = dict(context.item.declared)
            if reference.attribute.name in own:
                return own[reference.attribute.name]
        return self.value(record, reference.attribute)

    def named_is_declared(self, context: Context, reference: Reference, contract: Record | None) -> bool:
        record = self.holder(context, reference, contract)
        if record is None:
            return False
        if reference.owner is Owner.FLOW:
            return self.pair_is_declared(record, reference.attribute, context)
        if reference.owner is Owner.ITEM:
            if context.item is None:
                return False
            if isinstance(context.item, Transform) and reference.attribute == METHOD:
                return context.item.method is not None
            own = dict(context.item.declared)
            if reference.attribute.name in own:
                return own[reference.attribute.name] is not None
        return self.is_declared(record, reference.attribute)

    # Facts of one datum and one purpose.

    def pairs_of(self, context: Context) -> list[Context]:
        """The pairs of a flow whose facts are asked for: the judged one; of a collection all that may be meant."""
        if not context.collected:
            return [context]
        data = self.overlapping(context.id, "carries", context.datum, "data") or [None]
        purposes: list[str | None] = [*self.overlapping(context.id, "purposes", context.purpose, "purpose")]
        terms = self.policy.taxonomy("purpose")
        if context.purpose is None or not any(each and terms.is_a(context.purpose, each) for each in purposes):
            purposes.append(None)
        return [Context(Kind.FLOW, context.id, datum, purpose) for datum in data for purpose in purposes]

    def overlapping(self, flow: str, name: str, judged: str | None, vocabulary: str) -> list[str]:
        terms = self.policy.taxonomy(vocabulary)
        listed = self.said_set(flow, name) or ()
        return [each for each in listed if judged is None or terms.overlaps(each, judged)]

    def of_pair(self, record: Record, attribute: Attribute, context: Context) -> Value | Silence | None:
        """What the datum's item says, else the purpose's, else the flow."""
        for own in self.items_of(record, context):
            if attribute.name in own:
                return own[attribute.name]
        return self.value(record, attribute)

    def pair_is_declared(self, record: Record, attribute: Attribute, context: Context) -> bool:
        for own in self.items_of(record, context):
            if attribute.name in own:
                return own[attribute.name] is not None
        return self.is_declared(record, attribute)

    def items_of(self, record: Record, context: Context) -> list[Mapping[str, Value | None]]:
        listed = [*self.items_in(record, "carries", context.datum), *self.items_in(record, "purposes", context.purpose)]
        return [dict(each.declared) for each in listed]

    @staticmethod
    def items_in(record: Record, name: str, term: str | None) -> list[Item]:
        listed = said(record, name)
        if not isinstance(listed, tuple):
            return []
        return [each for each in listed if isinstance(each, Item) and each.term == term]

    # Ends and parties.

    def end(self, flow: str, which: str) -> str:
        found = self.estate.flows[flow].declared[which]
        assert isinstance(found, str)
        return found

    def party_of(self, system: str) -> str | None:
        found = said(self.estate.systems[system], "party")
        return found if isinstance(found, str) else None

    def party_has_role(self, party: str | None, *roles: str) -> Truth:
        """Whether the party's role is one of `roles`, as `is` tests it; a party that is not known may be any."""
        return UNKNOWN if party is None else self._has_role(self.estate.parties[party], *roles)

    def _has_role(self, record: Record, *roles: str) -> Truth:
        found = said(record, "role")
        held = found if isinstance(found, tuple) else None
        return includes(held, roles, self.policy.taxonomy("role"))  # type: ignore[arg-type]

    def stands_at(self, system: str, *roles: str) -> Truth:
        """Whether the role played at the system is one of `roles`: the system's own, else its party's."""
        record = self.estate.systems[system]
        stated = said(record, "role") is not Silence.UNDECLARED
        return self._has_role(record, *roles) if stated else self.party_has_role(self.party_of(system), *roles)

    def different_parties(self, flow: str) -> Truth:
        source, recipient = self.end(flow, "from"), self.end(flow, "to")
        if source == recipient:
            return FALSE
        one, other = self.party_of(source), self.party_of(recipient)
        return UNKNOWN if one is None or other is None else truth(one != other)

    # What a flow is.

    def flow_is(self, flow: str, kind: Kind) -> Truth:
        source, recipient = self.end(flow, "from"), self.end(flow, "to")
        match kind:
            case Kind.COLLECTION:
                return both(self.stands_at(recipient, "organisation"), opposite(self.stands_at(source, "organisation")))
            case Kind.SHARING:
                inside = both(self.stands_at(source, "organisation"), self.stands_at(recipient, "organisation"))
                return both(inside, self.different_parties(flow))
            case Kind.DISCLOSURE:
                return both(self.stands_at(recipient, "outside"), self.different_parties(flow))
            case _:
                return TRUE

    def counts_as_collection(self, flow: str) -> Truth:
        """In `collected`: a collection, or a flow from a data subject's system to another party."""
        given = both(self.stands_at(self.end(flow, "from"), "data_subject"), self.different_parties(flow))
        return either(self.flow_is(flow, Kind.COLLECTION), given)

    # Sets of flows.

    def said_set(self, flow: str, name: str) -> tuple[str, ...] | None:
        found = said(self.estate.flows[flow], name)
        if not isinstance(found, tuple):
            return None
        return tuple(sorted({each.term if isinstance(each, Item) else str(each) for each in found}))

    def said_to_be_at(self, system: str) -> list[tuple[str, ...] | None]:
        """What a system stores, creates and sends, each as declared; None where it is not."""
        stored, created = self.estate.systems[system].items, self.created(system)
        sent = [self.said_set(flow, "carries") for flow in self.estate.flows if self.end(flow, "from") == system]
        own = created if isinstance(created, tuple) else None
        return [None if stored is None else tuple(item.term for item in stored), own, *sent]  # type: ignore[list-item]

    def surely_carries(self, flow: str) -> frozenset[str]:
        return frozenset(self.said_set(flow, "carries") or ())

    def may_carry(self, flow: str) -> frozenset[str]:
        """Every category that stands below a carried one (its own `some other` among them); all where none is declared."""
        carried = self.said_set(flow, "carries")
        return self.all_categories() if carried is None else self.below(carried)

    # Unsourced data.

    def unsourced(self, system: str) -> frozenset[str]:
        """The categories below every name that leaves a system though nothing declared brings or creates it there."""
        if self.stands_at(system, "data_subject") is TRUE:
            return frozenset()
        brought, names = self.surely_brought(system), set[str]()
        for flow in self.estate.flows:
            if self.end(flow, "from") == system:
                carried = self.said_set(flow, "carries")
                if carried is not None:
                    names |= set(carried) - brought
                else:  # a broad name that is brought may turn out to be narrower, and this flow may carry the rest
                    names |= self.all_categories() - {each for each in brought if self.below((each,)) == {each}}
        return self.below(tuple(names - self.surely_created(system)))

    def surely_brought(self, system: str) -> set[str]:
        """The names that flows bring to a system, and those that its declared transforms make of them, step upon step."""
        data = self.policy.taxonomy("data")
        arriving = [self.surely_carries(flow) for flow in self.estate.flows if self.end(flow, "to") == system]
        found: set[str] = set().union(*arriving)
        while True:
            more = set(found)
            for each in self.estate.systems[system].transforms or ():
                if any(data.is_a(name, each.takes) for name in found):
                    more |= set(each.makes)
            if more == found:
                return found
            found = more

    def surely_created(self, system: str) -> frozenset[str]:
        found = self.created(system)
        return self.below(found) if isinstance(found, tuple) else frozenset()  # type: ignore[arg-type]

    def created(self, system: str) -> Value | Silence | None:
        """What the manifest says of the built-in `creates`; an older policy may have its own attribute of this name."""
        is_own = not self.policy.has_built_in(Entity.SYSTEM, "creates")
        return Silence.UNDECLARED if is_own else said(self.estate.systems[system], "creates")

    def all_categories(self) -> frozenset[str]:
        return frozenset(self.policy.taxonomy("data").terms)

    def below(self, categories: tuple[str, ...]) -> frozenset[str]:
        data = self.policy.taxonomy("data")
        return frozenset(each for category in categories for each in data.descendants(category))


def compare(found: object, operator: str, wanted: object) -> Truth:
    """`x <= 2 years`; a contract without `from` begins before every day, and one without `until` ends after every day."""
    if found is None or found is Silence.UNDECLARED:
        return UNKNOWN
    if found is Silence.FROM_EVER:
        return truth(operator in ("<", "<=", "!="))
    if found is Silence.UNTIL_ENDED:
        return truth(operator in (">", ">=", "!="))
    less, equal = (False if isinstance(found, str) else found < wanted), found == wanted  # type: ignore[operator]
    return truth(
        {
            "<": less,
            "<=": less or equal,
            "=": equal,
            "!=": not equal,
            ">=": not less,
            ">": not less and not equal,
        }[operator]
    )
