"""The nouns in conditions: the recipient, the system of the sender, the retention period of either."""

from __future__ import annotations

from dataclasses import replace

from privacy_rules.english.terms import quoted, words
from privacy_rules.language.policy import Owner, Reference, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, Form

_NAMES = {
    (Entity.PARTY, "parent"): "parent company",
    (Entity.SYSTEM, "stores"): "stored data",
    (Entity.SYSTEM, "joins"): "joined data",
    (Entity.SYSTEM, "uses"): "used data",
    (Entity.SYSTEM, "retention"): "retention period",
    (Entity.SYSTEM, "retention_from"): "start of the retention period",
    (Entity.FLOW, "from"): "sending system",
    (Entity.FLOW, "to"): "receiving system",
    (Entity.FLOW, "carries"): "data carried",
    (Entity.FLOW, "exchange"): "kind of exchange",
    (Entity.FLOW, "choice"): "choice offered",
    (Entity.FLOW, "retention"): "retention period",
    (Entity.FLOW, "retention_from"): "start of the retention period",
    (Entity.CONTRACT, "with"): "other party",
    (Entity.CONTRACT, "between"): "parties",
    (Entity.CONTRACT, "from"): "first day",
    (Entity.CONTRACT, "until"): "end",
    (Entity.CONTRACT, "systems"): "systems",
    (Entity.CONTRACT, "covers.data"): "covered data",
    (Entity.CONTRACT, "covers.purposes"): "covered purposes",
    (Entity.CONTRACT, "obliges"): "obligations",
    (Entity.FLOW, "necessary"): "necessity",
    (Entity.FLOW, "notice"): "notice given",
    (Entity.CONTRACT, "allows_onward"): "leave to pass on",
    (Entity.SYSTEM, "supports"): "rights supported",
    (Entity.SYSTEM, "retained_for"): "grounds for retention",
}
_PLURAL = (Form.SET, Form.TEXTS, Form.REFERENCES, Form.PAIRS, Form.TRANSFORMS)


@dataclass(frozen=True, slots=True)
class Nouns:
    """The names of things at one kind of place. `this` is what the condition applies to.

    `system` and `party` are those of the subject itself, and `item` is the data that it stores; `source` and
    `recipient` are the ends of a flow, each a system and a party.
    """

    this: str
    system: str = ""
    party: str = ""
    item: str = ""
    source: tuple[str, str] = ("", "")
    recipient: tuple[str, str] = ("", "")

    def of_side(self, side: Side) -> tuple[str, str]:
        """The nouns for the system and the party of a side."""
        match side:
            case Side.SOURCE:
                return self.source
            case Side.RECIPIENT:
                return self.recipient
            case _:
                return self.system, self.party

    def owner(self, reference: Reference) -> str:
        """What the attribute of a reference belongs to."""
        system, party = self.of_side(reference.side)
        match reference.owner:
            case Owner.ITEM:
                return self.item or system
            case Owner.SYSTEM if reference.attribute.name != "role":
                return system
            case Owner.SYSTEM | Owner.PARTY:
                return party
            case _:
                return self.this


_HOLDER = "the party that runs the system"


def _flow(this: str) -> Nouns:
    return Nouns(
        this, source=("the sender's system", "the sender"), recipient=("the recipient's system", "the recipient")
    )


_THESE = {
    Kind.FLOW: _flow("the flow"),
    Kind.COLLECTION: _flow("the collection"),
    Kind.SHARING: _flow("the sharing"),
    Kind.DISCLOSURE: _flow("the disclosure"),
    Kind.SYSTEM: Nouns("the system", "the system", _HOLDER),
    Kind.STORAGE: Nouns("the storage", "the system", _HOLDER, "the stored data"),
    Kind.JOINING: Nouns("the joining", "the system", _HOLDER),
    Kind.USE: Nouns("the use", "the system", _HOLDER, "the use"),
    Kind.DERIVATION: Nouns("the derivation", "the system", _HOLDER, "the derivation"),
    Kind.PARTY: Nouns("the party", party="the party"),
    Kind.CONTRACT: Nouns("the contract"),
    Kind.ORGANISATION: Nouns("the organisation", party="the organisation"),
}
COLLECTION = Nouns(
    "the collection",
    source=("the system that they came from", "the source"),
    recipient=("the system that took them in", "the collector"),
)
"""Within `collected with (…)`."""
PATH_START = Nouns("that system", "that system", "the party that runs that system")
"""Within a selector of a path."""
OWNER = Nouns("that owner", party="that owner")
"""Within `owned by (…)`."""


def of_kind(kind: Kind) -> Nouns:
    """The nouns for a rule's conditions."""
    return _THESE[kind]


def in_contract(nouns: Nouns) -> Nouns:
    """Within `under contract (…)`."""
    return replace(nouns, this="the contract")


def at_end(nouns: Nouns, side: Side) -> Nouns:
    """Within a selector of an end."""
    system, party = nouns.of_side(side)
    return Nouns(system, system, party)


def attribute(reference: Reference, nouns: Nouns) -> tuple[str, bool]:
    """The attribute with its owner, `the safeguards of the system`, and whether it is plural."""
    found = reference.attribute
    name = name_of(found.entity, found.name) if found.span is None else quoted(words(found.name))
    several = found.type.form in _PLURAL or name.endswith("parties")
    plain = reference.owner is Owner.FLOW and found.span is None and found.name not in ("safeguards", "tags", "owner")
    return (f"the {name}" if plain else f"the {name} of {nouns.owner(reference)}"), several


def name_of(entity: Entity, name: str) -> str:
    """An attribute's name as words: `kind of exchange`."""
    return _NAMES.get((entity, name)) or words(name.replace(".", " "))
