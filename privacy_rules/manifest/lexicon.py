"""The names that a manifest may use with a policy: terms, and the attributes of each entity."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.language.policy import Policy
from privacy_rules.vocabulary.attributes import (
    ITEM_LISTS,
    METHOD,
    OWN_OF_ITEMS,
    Attribute,
    Entity,
    is_item_attribute,
)
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Item


class Lexicon:
    """Looks up names, and keeps equal values as one object, since an estate repeats most values. Shared by all its files."""

    def __init__(self, policy: Policy) -> None:
        self._terms: dict[str, dict[str, str]] = {}
        self.policy = policy
        self._sets: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
        self._items: dict[tuple[str, str], Item] = {}
        self.ids: dict[str, str] = {}
        self.known: Mapping[Entity, Mapping[str, Attribute]] = {
            entity: {name: each for name, each in policy.of_entity(entity).items() if "." not in name}
            for entity in Entity
        }
        self.covered: Mapping[str, Attribute] = {
            name: policy.attributes[Entity.CONTRACT, f"covers.{name}"] for name in ("data", "purposes")
        }
        own = {
            entity: {name: each for name, each in self.known[entity].items() if is_item_attribute(each)}
            for entity in ITEM_LISTS
        }
        self.item_attributes: Mapping[tuple[Entity, str], Mapping[str, Attribute]] = {
            (entity, name): {**own[entity], **OWN_OF_ITEMS.get(name, {})}
            for entity, names in ITEM_LISTS.items()
            for name in names
        }
        """The attributes that an item of each list may have."""
        self.transform_attributes: Mapping[str, Attribute] = {**own[Entity.SYSTEM], "method": METHOD}

    def references(self, entity: Entity) -> list[tuple[str, Entity]]:
        """The attributes of an entity that hold ids, each with the kind of entity that they name."""
        return [
            (name, each.type.refers_to) for name, each in self.known[entity].items() if each.type.refers_to is not None
        ]

    def taxonomy(self, vocabulary: str) -> Taxonomy:
        """A vocabulary of the policy."""
        return self.policy.taxonomy(vocabulary)

    def terms(self, vocabulary: str) -> Mapping[str, str]:
        """Each term of a vocabulary, mapped to itself: estates hold these objects."""
        found = self._terms.get(vocabulary)
        if found is None:
            found = {term: term for term in self.policy.taxonomy(vocabulary).terms}
            self._terms[vocabulary] = found
        return found

    def spelling(self, vocabulary: str, text: str) -> str | None:
        """The term that a text names, or None. Codes of regions may be in capitals or in lower case."""
        terms = self.terms(vocabulary)
        found = terms.get(text)
        if found is None and vocabulary == "region":
            found = terms.get(text.lower()) if text.isupper() else terms.get(text.upper()) if text.islower() else None
        return found

    def sets(self, vocabulary: str) -> dict[tuple[str, ...], tuple[str, ...]]:
        """A memo of the sets that lists of terms mean, by the list as written."""
        return self._sets.setdefault(vocabulary, {})

    def item(self, term: str, within: str = "stores") -> Item:
        """The item of a list that has a term and no attributes."""
        found = self._items.get((term, within))
        if found is None:
            found = self._items[term, within] = Item(term, within=within)
        return found
