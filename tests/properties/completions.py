"""Completions of a manifest: facts that were not declared are declared, and broad terms are narrowed.

A completion declares attributes that were undeclared and have no default of any kind, or were `null`, and narrows
terms. A category or purpose is narrowed to the same ones wherever it says what is carried, stored, joined, made or
intended. Some lists mean exactly what they say and stay as they are: what a contract covers, what a system creates, what a transform
takes, and, if a policy uses `collected purposes`, the purposes of a flow that may be a collection.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.vocabulary.attributes import (
    ITEM_LISTS,
    OWN_OF_ITEMS,
    USED_FOR,
    Attribute,
    Entity,
    Form,
    has_items,
    is_item_attribute,
)
from tests.properties.dice import Dice
from tests.properties.manifests import defaults_of
from tests.properties.world import DATES, DURATIONS, NUMBERS, SHIPPED_AND_ADDED, TEXTS

Data = dict[str, Any]

_SECTIONS = {Entity.PARTY: "parties", Entity.SYSTEM: "systems", Entity.FLOW: "flows", Entity.CONTRACT: "contracts"}
_BUILT_IN_DEFAULT = {
    (Entity.SYSTEM, "country"),
    (Entity.SYSTEM, "role"),
    (Entity.FLOW, "origin"),
    (Entity.CONTRACT, "from"),
    (Entity.CONTRACT, "until"),
    (Entity.CONTRACT, "systems"),
}
_NEVER = {  # said by each entity itself, or of no consequence
    (Entity.CONTRACT, "with"),
    (Entity.CONTRACT, "between"),
    (Entity.FLOW, "from"),
    (Entity.FLOW, "to"),
}
_PROMISES = {(Entity.CONTRACT, "covers.data"), (Entity.CONTRACT, "covers.purposes"), (Entity.SYSTEM, "creates")}


@dataclass(frozen=True)
class Narrowing:
    """What each category and each purpose is narrowed to, wherever it is no promise."""

    data: dict[str, tuple[str, ...]]
    purpose: dict[str, tuple[str, ...]]

    def of(self, vocabulary: str, term: str) -> tuple[str, ...]:
        return (self.data if vocabulary == "data" else self.purpose).get(term, (term,))


@dataclass(frozen=True)
class Completed:
    manifest: Data
    narrowing: Narrowing
    kept: frozenset[str]
    """Flows whose purposes are promises here."""


def complete(dice: Dice, policy: Policy, manifest: Data, promised: Collection[str]) -> Completed:
    """A random completion; `promised`: flows whose purposes are not narrowed."""
    return _Completion(dice, policy, copy.deepcopy(manifest), promised).make()


class _Completion:
    def __init__(self, dice: Dice, policy: Policy, manifest: Data, promised: Collection[str]) -> None:
        self.dice = dice
        self.policy = policy
        self.manifest = manifest
        self.promised = frozenset(promised)
        self.eagerness = dice.pick((25, 60, 90, 100))
        self.narrowing = Narrowing(self.narrowed_terms("data"), self.narrowed_terms("purpose"))

    def make(self) -> Completed:
        organisation = self.manifest.setdefault("organisation", {})
        self.complete_record(Entity.ORGANISATION, organisation, {})
        for entity, section in _SECTIONS.items():
            defaults = defaults_of(self.manifest, entity)
            for body in self.bodies(section):
                self.complete_record(entity, body, defaults)
        for entity, section in _SECTIONS.items():
            defaults = defaults_of(self.manifest, entity)
            for body in self.bodies(section):
                self.narrow_record(entity, body, defaults)
        return Completed(self.manifest, self.narrowing, self.promised)

    def bodies(self, section: str) -> Iterator[Data]:
        found = self.manifest.get(section, {})
        yield from found if isinstance(found, list) else found.values()

    # What is told.

    def complete_record(self, entity: Entity, body: Data, defaults: Data) -> None:
        open_ = {
            name: attribute
            for name, attribute in self.policy.of_entity(entity).items()
            if (entity, name) not in _NEVER and self.is_open(attribute, body, defaults)
        }
        for name, attribute in open_.items():
            if self.dice.chance(self.eagerness):
                _put(body, name, self.value(attribute))
        for name in ITEM_LISTS.get(entity, ()):
            for item in body.get(name) or ():
                if isinstance(item, dict):
                    self.complete_item(entity, item, name)
                if isinstance(item, dict) and name == "uses" and item.get("purposes") is None and self.dice.chance(60):
                    item["purposes"] = self.value(USED_FOR)
        for transform in (body.get("transforms") or ()) if entity is Entity.SYSTEM else ():
            self.complete_item(entity, transform, "transforms")
        if entity is Entity.FLOW:
            own = {name: attribute for name, attribute in open_.items() if is_item_attribute(attribute)}
            self.state_facts(body, defaults, own)

    def complete_item(self, entity: Entity, item: Data, within: str) -> None:
        known = {name: each for name, each in self.policy.of_entity(entity).items() if is_item_attribute(each)}
        for name, attribute in (known | dict(OWN_OF_ITEMS.get(within, {}))).items():
            if name in item and item[name] is None and self.dice.chance(self.eagerness):
                item[name] = self.value(attribute)

    def state_facts(self, flow: Data, defaults: Data, own: Mapping[str, Attribute]) -> None:
        """State of single data and purposes what the flow does not say of all."""
        for name, key, other in (("carries", "data", "purposes"), ("purposes", "purpose", "carries")):
            others = flow.get(other, defaults.get(other)) or ()
            told = {each for item in others if isinstance(item, dict) for each in item}
            listed = flow.get(name, defaults.get(name))
            if not own or listed is None or not self.dice.chance(25):
                continue
            flow[name] = [dict(each) if isinstance(each, dict) else {key: each} for each in listed]
            for item in flow[name]:
                for each, attribute in own.items():
                    if each not in item and each not in told and self.dice.chance(30):
                        item[each] = self.value(attribute)

    def is_open(self, attribute: Attribute, body: Data, defaults: Data) -> bool:
        """Undeclared without a default of any kind, or said not to be known."""
        for said in (body, defaults):
            found = _get(said, attribute.name)
            if found is not _ABSENT:
                return found is None
        return attribute.default is None and (attribute.entity, attribute.name) not in _BUILT_IN_DEFAULT

    def value(self, attribute: Attribute) -> Any:  # noqa: C901 (one case for each form)
        dice, form, vocabulary = self.dice, attribute.type.form, attribute.type.vocabulary or ""
        match form:
            case Form.FLAG:
                return dice.pick((False, True))
            case Form.NUMBER:
                return dice.pick(NUMBERS)
            case Form.DURATION:
                return dice.pick(DURATIONS)
            case Form.DATE:
                return dice.pick(DATES)
            case Form.TEXT:
                return dice.pick(TEXTS)
            case Form.TEXTS:
                return dice.some(TEXTS, 0, 2)
            case Form.SET | Form.ROLES if attribute.entity is Entity.SYSTEM and has_items(attribute):
                return [self.item(attribute.name) for _ in range(dice.below(4))]
            case Form.SET | Form.ROLES:
                return dice.some(self.terms(vocabulary), 1 if attribute.non_empty else 0, 2)
            case Form.REFERENCE:
                nobody = ["none", "none"] if attribute.name == "parent" else []
                return dice.pick([*self.manifest["parties"], *nobody])
            case Form.REFERENCES:
                flows = [each["id"] for each in self.manifest["flows"]]
                return dice.some(list(self.manifest["systems"]) if attribute.name == "systems" else flows, 1, 2)
            case Form.PAIRS:
                return [self.pair() for _ in range(dice.below(3))]
            case Form.TRANSFORMS:
                return [self.transform() for _ in range(dice.below(3))]
            case Form.ONE:
                return dice.pick(self.terms(vocabulary))

    def terms(self, vocabulary: str) -> list[str]:
        known = None if vocabulary == "role" else SHIPPED_AND_ADDED.get(vocabulary)
        return known.split() if known else list(self.policy.taxonomy(vocabulary).terms)

    def below(self, vocabulary: str, term: str) -> tuple[str, ...]:
        """The term and what stands below it; a manifest may write region codes in upper case."""
        terms = self.policy.taxonomy(vocabulary)
        return terms.descendants(term if term in terms else term.lower())

    def item(self, within: str) -> Any:
        category = self.dice.pick(self.terms("data"))
        if self.dice.chance(50):
            return category
        own = [each for each in self.policy.of_entity(Entity.SYSTEM).values() if is_item_attribute(each)]
        own += [USED_FOR] if within == "uses" else []
        return {"data": category} | {
            each.name: None if self.dice.chance(10) else self.value(each) for each in own if self.dice.chance(50)
        }

    def pair(self) -> list[str]:
        return [self.dice.pick(self.terms("data")) for _ in range(2)]

    def transform(self) -> Data:
        found: Data = {"from": self.dice.pick(self.terms("data")), "to": self.dice.some(self.terms("data"), 1, 2)}
        if self.dice.chance(70):
            found["method"] = self.dice.pick(self.terms("method"))
        return found

    # What is narrowed.

    def narrowed_terms(self, vocabulary: str) -> dict[str, tuple[str, ...]]:
        found = {}
        for term in self.policy.taxonomy(vocabulary).terms:
            below = self.policy.taxonomy(vocabulary).descendants(term)
            if len(below) > 1 and self.dice.chance(45):
                found[term] = tuple(self.dice.some(below, 1, 2))
        return found

    def narrow_record(self, entity: Entity, body: Data, defaults: Data) -> None:
        for name, attribute in self.policy.of_entity(entity).items():
            found = _get(body, name)
            found = _get(defaults, name) if found is _ABSENT else found
            if found is _ABSENT or found is None or (entity, name) in _PROMISES | _NEVER:
                continue
            narrowed = self.narrowed(attribute, found, body)
            if narrowed != found:
                _put(body, name, narrowed)

    def narrowed(self, attribute: Attribute, found: Any, body: Data) -> Any:
        vocabulary = attribute.type.vocabulary or ""
        match attribute.entity, attribute.name:
            case Entity.FLOW, "purposes" if body["id"] in self.promised:
                return found
            case entity, name if name in ITEM_LISTS.get(entity, ()):
                return [each for item in found for each in self.items(entity, vocabulary, item)]
            case Entity.SYSTEM, "joins":
                return [
                    [one, other]
                    for first, second in found
                    for one in self.narrowing.of("data", first)
                    for other in self.narrowing.of("data", second)
                ]
            case Entity.SYSTEM, "transforms":
                return [self.narrowed_transform(each) for each in found]
        match attribute.type.form:
            case Form.ONE:
                return self.one_below(vocabulary, found)
            case Form.SET | Form.ROLES:
                listed = found if isinstance(found, list) else [found]
                return [each for term in listed for each in self.some_below(vocabulary, term)]
            case _:
                return found

    def all_of(self, vocabulary: str, terms: list[str]) -> list[str]:
        return [each for term in terms for each in self.narrowing.of(vocabulary, term)]

    def items(self, entity: Entity, key: str, item: Any) -> Iterator[Any]:
        """What an item of a list is narrowed to; each takes its facts along."""
        if not isinstance(item, dict):
            yield from self.narrowing.of(key, item)
            return
        own = dict(item)
        self.narrow_own(entity, own)
        if "purposes" in own and own["purposes"] is not None:
            own["purposes"] = [each for one in own["purposes"] for each in self.narrowing.of("purpose", one)]
        for term in self.narrowing.of(key, own[key]):
            yield own | {key: term}

    def narrow_own(self, entity: Entity, own: Data) -> None:
        for name, attribute in self.policy.of_entity(entity).items():
            if own.get(name) is not None and is_item_attribute(attribute):
                own[name] = self.narrowed(attribute, own[name], own)

    def narrowed_transform(self, transform: Data) -> Data:
        makes = transform["to"] if isinstance(transform["to"], list) else [transform["to"]]
        found = transform | {"to": self.all_of("data", makes)}
        self.narrow_own(Entity.SYSTEM, found)
        if transform.get("method") is not None:
            found["method"] = self.one_below("method", transform["method"])
        elif self.dice.chance(self.eagerness):
            found["method"] = self.dice.pick(self.terms("method"))
        return found

    def one_below(self, vocabulary: str, term: str) -> str:
        return self.dice.pick(self.below(vocabulary, term)) if self.dice.chance(50) else term

    def some_below(self, vocabulary: str, term: str) -> list[str]:
        return self.dice.some(self.below(vocabulary, term), 1, 2) if self.dice.chance(50) else [term]


_ABSENT = object()


def _get(body: Data, name: str) -> Any:
    """A contract's `covers.data` stands in a map; `covers: null` says that neither is known."""
    if not name.startswith("covers."):
        return body.get(name, _ABSENT)
    covers = body.get("covers", _ABSENT)
    return covers if covers is _ABSENT or covers is None else covers.get(name.partition(".")[2], _ABSENT)


def _put(body: Data, name: str, value: Any) -> None:
    if name.startswith("covers."):
        if body.get("covers") is None:
            known = "covers" in body
            body["covers"] = {"data": None, "purposes": None} if known else {}
        body["covers"][name.partition(".")[2]] = value
    else:
        body[name] = value
