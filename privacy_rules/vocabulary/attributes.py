"""The attributes of entities, and the table of the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.values import Value


class Entity(StrEnum):
    """What a manifest declares."""

    PARTY = "party"
    SYSTEM = "system"
    FLOW = "flow"
    CONTRACT = "contract"
    ORGANISATION = "organisation"


class Form(StrEnum):
    """The form of a value, which decides the tests that fit it and how a manifest's text is read."""

    FLAG = "flag"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    TEXT = "text"
    ONE = "one"  # one term of a vocabulary
    ROLES = "roles"  # one or several terms: `is` and `includes` both fit
    SET = "set"  # terms of a vocabulary
    TEXTS = "texts"  # a set of text
    # For these, the only test is `is declared`:
    REFERENCE = "reference"  # an id
    REFERENCES = "references"  # several ids
    PAIRS = "pairs"
    TRANSFORMS = "transforms"


@dataclass(frozen=True, slots=True)
class Type:
    """A form, with the vocabulary of its terms or the entity that its ids name."""

    form: Form
    vocabulary: str | None = None
    refers_to: Entity | None = None

    def __str__(self) -> str:
        match self.form:
            case Form.ONE:
                return f"one of {self.vocabulary}"
            case Form.SET | Form.ROLES:
                return f"set of {self.vocabulary}"
            case Form.TEXTS:
                return "set of text"
            case _:
                return self.form.value


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an entity. `default` is the policy's, or None; `span` is None if it is built in.

    `non_empty`: a list must not be empty. `required`: the manifest must give a value.
    """

    entity: Entity
    name: str
    type: Type
    default: Value | None = None
    span: Span | None = None
    non_empty: bool = False
    required: bool = False

    @property
    def is_parent(self) -> bool:
        """Whether this is a party's parent, which may be `none`."""
        return (self.entity, self.name) == PARENT


def _one(vocabulary: str) -> Type:
    return Type(Form.ONE, vocabulary)


def _set(vocabulary: str) -> Type:
    return Type(Form.SET, vocabulary)


def _id(entity: Entity) -> Type:
    return Type(Form.REFERENCE, refers_to=entity)


_FLAG, _DATE, _TEXT, _TEXTS = Type(Form.FLAG), Type(Form.DATE), Type(Form.TEXT), Type(Form.TEXTS)
_DURATION = Type(Form.DURATION)

_TABLE: dict[Entity, dict[str, Type]] = {
    Entity.PARTY: {
        "name": _TEXT,
        "role": Type(Form.ROLES, "role"),
        "country": _one("region"),
        "parent": _id(Entity.PARTY),
        "tags": _TEXTS,
        "owner": _TEXT,
    },
    Entity.SYSTEM: {
        "party": _id(Entity.PARTY),
        "role": Type(Form.ROLES, "role"),
        "kind": _one("kind"),
        "stores": _set("data"),
        "creates": _set("data"),
        "uses": _set("data"),
        "joins": Type(Form.PAIRS, "data"),
        "transforms": Type(Form.TRANSFORMS, "data"),
        "supports": _set("right"),
        "retention": _DURATION,
        "retention_from": _one("trigger"),
        "retained_for": _set("retention_ground"),
        "safeguards": _set("safeguard"),
        "country": _one("region"),
        "zone": _TEXT,
        "access": _TEXT,
        "aliases": _TEXTS,
        "tags": _TEXTS,
        "owner": _TEXT,
    },
    Entity.FLOW: {
        "from": _id(Entity.SYSTEM),
        "to": _id(Entity.SYSTEM),
        "carries": _set("data"),
        "purposes": _set("purpose"),
        "origin": Type(Form.REFERENCES, refers_to=Entity.FLOW),
        "exchange": _one("exchange"),
        "mandate": _one("mandate"),
        "legal_basis": _one("basis"),
        "occasion": _one("occasion"),
        "notice": _FLAG,
        "choice": _one("choice"),
        "necessary": _FLAG,
        "safeguards": _set("safeguard"),
        "retention": _DURATION,
        "retention_from": _one("trigger"),
        "protocol": _TEXT,
        "tags": _TEXTS,
        "owner": _TEXT,
    },
    Entity.CONTRACT: {
        "with": _id(Entity.PARTY),
        "between": Type(Form.REFERENCES, refers_to=Entity.PARTY),
        "from": _DATE,
        "until": _DATE,
        "systems": Type(Form.REFERENCES, refers_to=Entity.SYSTEM),
        "covers.data": _set("data"),
        "covers.purposes": _set("purpose"),
        "obliges": _set("obligation"),
        "allows_onward": _FLAG,
        "document": _TEXT,
        "tags": _TEXTS,
    },
    Entity.ORGANISATION: {
        "notifies_material_changes": _FLAG,
        "trains_employees": _FLAG,
        "privacy_contact": _TEXT,
    },
}
_NON_EMPTY = {
    (Entity.FLOW, "carries"),
    (Entity.FLOW, "purposes"),
    (Entity.FLOW, "origin"),
    (Entity.PARTY, "role"),
    (Entity.SYSTEM, "role"),
    (Entity.CONTRACT, "systems"),
}
_REQUIRED = {(Entity.FLOW, "from"), (Entity.FLOW, "to")}

BUILT_IN: dict[tuple[Entity, str], Attribute] = {
    (entity, name): Attribute(
        entity, name, type_, non_empty=(entity, name) in _NON_EMPTY, required=(entity, name) in _REQUIRED
    )
    for entity, names in _TABLE.items()
    for name, type_ in names.items()
}
"""Every built-in attribute, by entity and name."""

ITEM_ATTRIBUTES: Mapping[Entity, frozenset[str]] = {
    Entity.SYSTEM: frozenset({"retention", "retention_from", "retained_for", "supports", "safeguards"}),
    Entity.FLOW: frozenset(
        {
            "exchange",
            "mandate",
            "legal_basis",
            "occasion",
            "notice",
            "choice",
            "necessary",
            "safeguards",
            "retention",
            "retention_from",
        }
    ),
}
"""The built-in attributes that an item of a system's or a flow's lists may have; it may also have attributes that a policy adds."""

ITEM_LISTS: Mapping[Entity, tuple[str, ...]] = {
    Entity.SYSTEM: ("stores", "uses"),
    Entity.FLOW: ("carries", "purposes"),
}
"""The attributes that are lists of terms whose items may have attributes of their own."""

SINCE_1_1 = frozenset({"aliases", "creates", "uses", "systems", "retention_from"})
"""The names of built-in attributes that version 1.1 brought. An older policy may have its own attributes and defines of these names."""
PARENT = (Entity.PARTY, "parent")
"""The key of a party's parent."""
NOBODY = "none"
"""The value of `parent` that says that nobody owns a party."""

METHOD = Attribute(Entity.SYSTEM, "method", _one("method"))
"""The method of a transform: an attribute of each transform, not of its system."""
USED_FOR = Attribute(Entity.SYSTEM, "purposes", _set("purpose"), non_empty=True)
"""What a use is for: an attribute of each item of `uses`, not of its system."""


ORIGIN = BUILT_IN[Entity.FLOW, "origin"]
"""The collections that data come from: an attribute of a flow, and of each item of `stores` and `carries`."""

OWN_OF_ITEMS: Mapping[str, Mapping[str, Attribute]] = {
    "transforms": {"method": METHOD},
    "uses": {"purposes": USED_FOR},
    "stores": {"origin": ORIGIN},
    "carries": {"origin": ORIGIN},
}
"""What an item of a list may state besides the attributes that are listed in `ITEM_ATTRIBUTES`."""


def is_nobody(entity: Entity, name: str, value: object) -> bool:
    """Return whether an attribute's value says that nobody owns a party."""
    return (entity, name) == PARENT and value == NOBODY


def own_attribute(within: str, name: str) -> Attribute | None:
    """Return the attribute of that name if the items of a list have it although `ITEM_ATTRIBUTES` does not list it."""
    return OWN_OF_ITEMS.get(within, {}).get(name)


def is_item_attribute(attribute: Attribute) -> bool:
    """Return whether an item of one of its entity's lists may have its own value of this attribute."""
    names = ITEM_ATTRIBUTES.get(attribute.entity)
    return names is not None and (attribute.name in names or attribute.span is not None)


def has_items(attribute: Attribute) -> bool:
    """Return whether the attribute is a list of terms whose items may have attributes of their own."""
    return attribute.span is None and attribute.name in ITEM_LISTS.get(attribute.entity, ())


def undeclarable(attribute: Attribute) -> Attribute:
    """Return a built-in attribute under a name that no manifest can declare, for a policy that has its own of this name."""
    return replace(attribute, name=f"{attribute.name} (built in)")
