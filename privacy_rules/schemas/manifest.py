"""The JSON Schema of a manifest, made from the table of attributes and the policy in use.

    schema = manifest_schema(policy)

The schema accepts each manifest that `check` accepts with that policy. It cannot find errors that span several places, such
as an id that is not declared or is declared twice. Without a policy it accepts any term, and further attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.declaration_reader import DEFAULTS, OWN, SECTION_OF, SHARED_DEFAULTS, WAIVER_REQUIRED
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.schemas.attribute_values import (
    NO_CONTROLS,
    SCALARS,
    any_term,
    described,
    item_of,
    terms,
    terms_of,
    value_of,
)
from privacy_rules.schemas.json_schema import NULL, Schema, either, list_of, map_of, ref, whole
from privacy_rules.schemas.key_descriptions import KEYS, WAIVER
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import BUILT_IN, METHOD, USED_FOR, Attribute, Entity
from privacy_rules.vocabulary.taxonomy import noun_of
from privacy_rules.vocabulary.values import Item

_ADDED: Schema = {
    "title": "an attribute that a policy adds",
    **either({"type": ["string", "number", "boolean", "null"]}, list_of({"type": ["string", "number", "boolean"]})),
}
_NO_POLICY = Policy(
    headers=(), vocabularies={}, attributes=BUILT_IN, rules=(), clauses=(), defines=(), mentions=(), files=()
)


def manifest_schema(policy: Policy | None = None) -> Schema:
    """The schema of a manifest that is checked against the policy; None: the policy is not known yet."""
    return _Manifest(policy, Lexicon(policy or _NO_POLICY)).schema()


@dataclass(frozen=True, slots=True)
class _Manifest:
    policy: Policy | None
    lexicon: Lexicon

    def schema(self) -> Schema:
        names = ", ".join(header.name for header in self.policy.headers) if self.policy else ""
        title = f"Privacy manifest for {names}" if names else "Privacy manifest"
        body = {**map_of(dict(self._keys()), ["manifest"]), "$defs": dict(self._definitions())}
        return whole(title, "What data flows where, to be checked against the rules of a privacy policy.", body)

    def _keys(self) -> Iterator[tuple[str, Schema]]:
        defaults = either(map_of({each.value: either(ref(f"defaults.{each}"), NULL) for each in SECTION_OF}), NULL)
        found: dict[str, Schema] = {
            "manifest": {"const": 1},
            "name": either(ref("text"), NULL),
            "policy": either(list_of(ref("id")), NULL),
            "as_of": either(ref("date"), NULL),
            "include": either(list_of(ref("id")), NULL),
            **dict.fromkeys((SHARED_DEFAULTS, DEFAULTS), defaults),
            "organisation": either(ref("organisation"), NULL),
            **{section: either(self._section(entity), NULL) for entity, section in SECTION_OF.items()},
            "waivers": either(list_of(ref("waiver")), NULL),
        }
        return ((key, {"description": f"{KEYS[key]}.", **schema}) for key, schema in found.items())

    def _section(self, entity: Entity) -> Schema:
        """A list of flows; a map by id of anything else."""
        body = ref(entity.value)
        if entity is Entity.FLOW:
            return list_of(body)
        body = body if entity in OWN else either(body, NULL)
        return {"type": "object", "propertyNames": {"pattern": NO_CONTROLS}, "additionalProperties": body}

    def _definitions(self) -> Iterator[tuple[str, Schema]]:
        for entity in Entity:
            yield entity.value, self._entity(entity)
        for entity in SECTION_OF:
            own = OWN.get(entity, ())
            found = {name: schema for name, schema in self._attributes(entity).items() if name not in own}
            yield f"defaults.{entity}", {"title": f"defaults for each {entity}", **self._open_map(found)}
        yield "covers", {"title": "what a contract covers", **map_of(self._covered())}
        for entity, name in self.lexicon.item_attributes:
            yield item_of(name), self._item(entity, name)
        yield "transform", self._transform()
        yield "waiver", self._waiver()
        for entity in Entity:
            every = {**self.lexicon.known[entity], **(self._covers() if entity is Entity.CONTRACT else {})}
            for attribute in every.values():
                yield f"{entity}.{attribute.name}", self._attribute(attribute)
        yield from SCALARS.items()
        if self.policy is None:
            yield "added", _ADDED
        for vocabulary in self._vocabularies():
            yield f"terms.{vocabulary}", self._terms(vocabulary)

    def _entity(self, entity: Entity) -> Schema:
        properties = self._attributes(entity)
        match entity:
            case Entity.FLOW:
                id_ = {"description": "The id of the flow, unique among flows.", **ref("id")}
                found = self._open_map({"id": id_, **properties}, "id", "from", "to")
            case Entity.CONTRACT:
                found = self._open_map(properties) | {"oneOf": [{"required": ["with"]}, {"required": ["between"]}]}
            case _:
                found = self._open_map(properties)
        return {"title": entity.value, **found}

    def _attributes(self, entity: Entity) -> dict[str, Schema]:
        covers = {"covers": {"description": "What it is about.", **either(ref("covers"), NULL)}}
        found = {name: ref(f"{entity}.{name}") for name in self.lexicon.known[entity]}
        return {**found, **(covers if entity is Entity.CONTRACT else {})}

    def _open_map(self, properties: Mapping[str, Schema], *required: str) -> Schema:
        """A map of attributes. If the policy is not known, it accepts others that a policy may add."""
        return map_of(properties, required, more=ref("added") if self.policy is None else False)

    def _attribute(self, attribute: Attribute) -> Schema:
        value = value_of(attribute)
        if attribute.name == "between":
            value = list_of(ref("id"), 2)
        own = attribute.name in OWN.get(attribute.entity, ())
        return {"description": described(attribute), **(value if own else either(value, NULL))}

    def _covers(self) -> dict[str, Attribute]:
        return {attribute.name: attribute for attribute in self.lexicon.covered.values()}

    def _covered(self) -> dict[str, Schema]:
        return {name: ref(f"contract.{each.name}") for name, each in self.lexicon.covered.items()}

    def _item(self, entity: Entity, name: str) -> Schema:
        key = Item("", within=name).key
        term = {"description": f"The {noun_of(key).name}.", **terms(key)}
        own = self._own(self.lexicon.item_attributes[entity, name])
        return {"title": f"item of `{name}`", **self._open_map({key: term, **own}, key)}

    def _transform(self) -> Schema:
        data = terms("data")
        ends: dict[str, Schema] = {
            "from": {"description": "The category that it takes.", **data},
            "to": {"description": "The category or categories that it makes.", **either(data, list_of(data, 1))},
        }
        own = self._own(self.lexicon.transform_attributes)
        return {"title": "transform", **self._open_map({**ends, **own}, *ends)}

    def _own(self, attributes: Mapping[str, Attribute]) -> dict[str, Schema]:
        """What an item states of its own: mostly attributes of its entity."""
        return {
            name: self._attribute(each) if each in (METHOD, USED_FOR) else ref(f"{each.entity}.{name}")
            for name, each in attributes.items()
        }

    def _waiver(self) -> Schema:
        found: dict[str, Schema] = {
            "rule": self._rule(),
            "subject": ref("id"),
            "until": ref("date"),
            "reason": ref("words"),
            "approved_by": ref("words"),
            "from": either(ref("date"), NULL),
            "data": either(list_of(terms("data"), 1), NULL),
        }
        described_keys = {key: {"description": f"{WAIVER[key]}.", **schema} for key, schema in found.items()}
        return {"title": "waiver", **map_of(described_keys, WAIVER_REQUIRED)}

    def _rule(self) -> Schema:
        """Any id: an unknown rule is only a warning. Editors offer the rules of the policy."""
        rules = [rule for rule in self.policy.rules if rule.statement != "permit"] if self.policy else []
        if not rules:
            return ref("id")
        titles = [rule.title or "" for rule in rules]
        return either({"enum": [rule.name for rule in rules], "enumDescriptions": titles}, ref("id"))

    def _vocabularies(self) -> list[str]:
        """The vocabularies of all attributes."""
        known = (each for entity in Entity for each in self.lexicon.known[entity].values())
        named = {each.type.vocabulary for each in (*known, *self._covers().values()) if each.type.vocabulary}
        return sorted({*named, "method"})

    def _terms(self, vocabulary: str) -> Schema:
        if self.policy is None:
            return any_term(vocabulary)
        return terms_of(vocabulary, self.policy, self.lexicon)
