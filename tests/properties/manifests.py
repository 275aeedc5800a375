"""Random manifests for a random policy's world: valid, and silent, null or broad in every way that a manifest may be."""

from __future__ import annotations

from typing import Any

from privacy_rules.checking.logic import Truth
from privacy_rules.vocabulary.attributes import ITEM_ATTRIBUTES, Entity, Form, Type
from privacy_rules.vocabulary.taxonomy import Taxonomy
from tests.properties.dice import Dice
from tests.properties.world import DATES, DURATIONS, NUMBERS, TEXTS, Attr, World
from tests.reference.terms import FALSE, UNKNOWN, both, either, includes, opposite, truth

Data = dict[str, Any]
_WRITTEN_APART = {
    Entity.PARTY: {"role"},
    Entity.SYSTEM: {"party", "role", "stores", "creates", "uses", "joins", "transforms"},
    Entity.FLOW: {"from", "to", "carries", "purposes", "origin"},
    Entity.CONTRACT: {"with", "between", "from", "until", "systems", "covers.data", "covers.purposes"},
    Entity.ORGANISATION: set(),
}


DEFAULTS = ("defaults", "shared_defaults")


def write_manifest(dice: Dice, world: World) -> Data:
    return ManifestWriter(dice, world).write()


def defaults_of(data: Data, entity: Entity) -> Data:
    """The defaults of a kind in a manifest of one file: its own before the shared ones, each attribute by itself."""
    own, shared = (data.get(key, {}).get(entity.value, {}) for key in ("defaults", "shared_defaults"))
    both = [each["covers"] for each in (shared, own) if "covers" in each]
    found = {**shared, **own}
    if len(both) == 2 and isinstance(both[1], dict):
        first = {"data": None, "purposes": None} if both[0] is None else both[0]
        found["covers"] = {**first, **both[1]}
    return found


class ManifestWriter:
    def __init__(self, dice: Dice, world: World) -> None:
        self.dice = dice
        self.world = world
        self.data: Data = {}
        self.roles = Taxonomy("role", world.roles())
        self.common_roles = [*_COMMON_ROLES, *world.more_roles]

    def write(self) -> Data:
        world, data = self.world, self.data
        defaults = self.defaults(self.dice.part(40))
        if defaults:
            data["defaults"] = defaults
        shared = self.defaults(sharing) if (sharing := self.dice.part(40)).chance(30) else {}
        if shared:
            data["shared_defaults"] = shared
        data["organisation"] = self.attributes(self.dice.part(20), Entity.ORGANISATION)
        data["parties"] = {each: self.party(self.dice.part(24)) for each in world.parties}
        data["systems"] = {each: self.system(self.dice.part(72)) for each in world.systems}
        flows = self.dice.between(1, world.options.flows)
        ids = [f"f{number}" for number in range(flows)]
        data["flows"] = [self.flow(self.dice.part(64), each) for each in ids]
        data["contracts"] = {
            f"c{number}": self.contract(self.dice.part(36))
            for number in range(self.dice.below(world.options.contracts + 1))
        }
        self.origins(self.dice.part(40))
        return {"manifest": 1, "as_of": DATES[0], **{name: value for name, value in data.items() if value}}

    # Values.

    def value(self, dice: Dice, type_: Type) -> Any:
        match type_.form:
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
            case Form.SET:
                return dice.some(self.world.named(type_.vocabulary), 0, 2)
            case Form.REFERENCE:  # a parent
                return dice.pick([*self.world.parties, "none", "none", "none"])
            case _:
                return dice.pick(self.world.named(type_.vocabulary))

    def attributes(self, dice: Dice, entity: Entity) -> Data:
        """The attributes that are written like any other; those that the policy asks about more often."""
        found: Data = {}
        for attr in self.world.attributes(entity):
            if attr.name in _WRITTEN_APART[entity] or not dice.chance(62 if attr.name in self.world.used else 6):
                continue
            found[attr.name] = None if dice.chance(8) else self.value(dice, attr.type)
        return found

    # Entities.

    def defaults(self, dice: Dice) -> Data:
        found: Data = {}
        for entity in (Entity.PARTY, Entity.SYSTEM, Entity.FLOW, Entity.CONTRACT):
            if not dice.chance(22):
                continue
            body = self.attributes(dice, entity)
            if entity is Entity.PARTY and dice.chance(30):
                body["role"] = self.role(dice)
            if entity is Entity.SYSTEM:
                body.update(self.contents(dice, percent=20))
                if dice.chance(15):
                    body["party"] = dice.pick(self.world.parties)
            if entity is Entity.FLOW and dice.chance(25):
                body["purposes"] = self.purposes(dice)
            if entity is Entity.FLOW and dice.chance(15):
                body["carries"] = self.categories(dice, 1, 2)
            if entity is Entity.CONTRACT:
                body.update(self.contents_of_contract(dice, percent=15))
            found[entity.value] = body
        return found

    def role(self, dice: Dice) -> Any:
        if dice.chance(6):
            return None
        roles = dice.some(self.world.named("role"), 2, 2) if dice.chance(18) else [dice.pick(self.common_roles)]
        return roles[0] if len(roles) == 1 and not dice.chance(30) else roles

    def party(self, dice: Dice) -> Data:
        found = {} if dice.chance(12) else {"role": self.role(dice)}
        return found | self.attributes(dice, Entity.PARTY)

    def system(self, dice: Dice) -> Data:
        found: Data = {}
        if not dice.chance(12):
            found["party"] = None if dice.chance(5) else dice.pick(self.world.parties)
        if dice.chance(15):
            found["role"] = self.role(dice)
        return found | self.contents(dice, percent=62) | self.attributes(dice, Entity.SYSTEM)

    def contents(self, dice: Dice, percent: int) -> Data:
        found: Data = {}
        if dice.chance(percent):
            found["stores"] = None if dice.chance(8) else [self.item(dice) for _ in range(dice.below(4))]
        if dice.chance(percent // 2):
            found["creates"] = None if dice.chance(8) else self.categories(dice, 0, 2)
        if dice.chance(percent):
            found["uses"] = None if dice.chance(8) else [self.use(dice) for _ in range(dice.below(3))]
        if dice.chance(percent):
            found["joins"] = None if dice.chance(8) else [self.categories(dice, 2, 2) for _ in range(dice.below(3))]
        if dice.chance(percent):
            found["transforms"] = None if dice.chance(8) else [self.transform(dice) for _ in range(dice.below(3))]
        return found

    def categories(self, dice: Dice, low: int, high: int) -> list[str]:
        return dice.some(self.world.named("data"), low, high)

    def category(self, dice: Dice) -> str:
        return dice.pick(self.world.named("data"))

    def purposes(self, dice: Dice) -> Any:
        return None if dice.chance(6) else dice.some(self.world.named("purpose"), 1, 2)

    def item(self, dice: Dice) -> Any:
        if dice.chance(55):
            return self.category(dice)
        return {"data": self.category(dice)} | self.own_facts(dice, Entity.SYSTEM)

    def use(self, dice: Dice) -> Any:
        if dice.chance(15):
            return self.category(dice)
        found: Data = {"data": self.category(dice)}
        if not dice.chance(12):
            found["purposes"] = self.purposes(dice)
        return found | (self.own_facts(dice, Entity.SYSTEM) if dice.chance(40) else {})

    def transform(self, dice: Dice) -> Data:
        made = self.categories(dice, 1, 2)
        found: Data = {"from": self.category(dice), "to": made[0] if len(made) == 1 else made}
        if not dice.chance(20):
            found["method"] = None if dice.chance(5) else dice.pick(self.world.named("method"))
        return found | (self.own_facts(dice, Entity.SYSTEM) if dice.chance(30) else {})

    def flow(self, dice: Dice, name: str) -> Data:
        found: Data = {"id": name, "from": dice.pick(self.world.systems), "to": dice.pick(self.world.systems)}
        if not dice.chance(12):
            found["carries"] = None if dice.chance(4) else self.categories(dice, 1, 3)
        if not dice.chance(15):
            found["purposes"] = self.purposes(dice)
        own, facts = self.attributes(dice, Entity.FLOW), dice.part(24)
        if facts.chance(30):
            self.state_facts(facts, found)
        return found | own

    def state_facts(self, dice: Dice, flow: Data) -> None:
        """State facts of single data and purposes; never two of one pair that differ."""
        told: Data = {}
        for name, key in (("carries", "data"), ("purposes", "purpose")):
            for index, term in enumerate(flow.get(name) or ()):
                if not dice.chance(60):
                    continue
                facts = self.own_facts(dice, Entity.FLOW)
                if name == "carries":
                    told.update(facts)
                elif told.keys() & facts.keys():
                    facts = {each: value for each, value in facts.items() if each not in told}
                flow[name][index] = {key: term, **facts}

    def own_facts(self, dice: Dice, entity: Entity) -> Data:
        found: Data = {}
        for attr in self.world.attributes(entity):
            if _may_be_an_items(attr, entity, self.world) and dice.chance(45 if attr.name in self.world.used else 4):
                found[attr.name] = None if dice.chance(12) else self.value(dice, attr.type)
        return found

    def contract(self, dice: Dice) -> Data:
        found: Data = {}
        if len(self.world.parties) > 1 and dice.chance(35):
            found["between"] = dice.some(self.world.parties, 2, 3)
        else:
            found["with"] = dice.pick(self.world.parties)
        if dice.chance(25):
            found["systems"] = None if dice.chance(10) else dice.some(self.world.systems, 1, 2)
        return found | self.contents_of_contract(dice, percent=45) | self.attributes(dice, Entity.CONTRACT)

    def contents_of_contract(self, dice: Dice, percent: int) -> Data:
        found: Data = {}
        if dice.chance(percent // 2):
            found["from"] = None if dice.chance(12) else dice.pick(_BEGINNINGS)
        if dice.chance(percent // 2):
            found["until"] = None if dice.chance(12) else dice.pick(_ENDS)
        if dice.chance(percent + 15):
            covers: Data = {}
            if dice.chance(70):
                covers["data"] = None if dice.chance(6) else self.categories(dice, 0, 3)
            if dice.chance(70):
                covers["purposes"] = None if dice.chance(6) else dice.some(self.world.named("purpose"), 0, 3)
            found["covers"] = None if dice.chance(5) else covers
        return found

    # `origin` may name what may be a collection.

    def origins(self, dice: Dice) -> None:
        possible = [each["id"] for each in self.data["flows"] if self.may_be_a_collection(each) is not FALSE]
        for flow in self.data["flows"]:
            if dice.chance(24):
                if dice.chance(15):
                    flow["origin"] = None
                elif possible:
                    flow["origin"] = dice.some(possible, 1, 2)
        listed = [each.get("stores") for each in self.data["systems"].values()]
        for item in (
            each for items in (*listed, *(flow.get("carries") for flow in self.data["flows"])) for each in items or ()
        ):
            if isinstance(item, dict) and possible and dice.chance(30):
                item["origin"] = None if dice.chance(15) else dice.some(possible, 1, 2)

    def given(self, entity: Entity, body: Data, name: str) -> Any:
        return body[name] if name in body else defaults_of(self.data, entity).get(name)

    def roles_at(self, system: str) -> tuple[str | None, list[str] | None]:
        """The party of a system and its roles; None for what is not known."""
        party = self.given(Entity.SYSTEM, self.data["systems"][system], "party")
        own = self.data["systems"][system]
        if "role" in own:
            role = own["role"]
        else:
            role = None if party is None else self.given(Entity.PARTY, self.data["parties"][party], "role")
        return party, [role] if isinstance(role, str) else role

    def may_be_a_collection(self, flow: Data) -> Truth:
        (giver, given), (taker, taken) = self.roles_at(flow["from"]), self.roles_at(flow["to"])
        if flow["from"] == flow["to"]:
            different = FALSE
        else:
            different = UNKNOWN if giver is None or taker is None else truth(giver != taker)
        enters = both(
            includes(taken, ["organisation"], self.roles), opposite(includes(given, ["organisation"], self.roles))
        )
        return either(enters, both(includes(given, ["data_subject"], self.roles), different))


_COMMON_ROLES = (
    "us",
    "data_subject",
    "service_provider",
    "third_party",
    "us",
    "data_subject",
    "group_member",
    "data_broker",
    "outside",
    "organisation",
    "public_authority",
)
_BEGINNINGS = (DATES[0], "2020-01-01", "2026-06-16")
_ENDS = ("2030-12-31", DATES[0], "2026-06-16", "2020-01-01")


def _may_be_an_items(attr: Attr, entity: Entity, world: World) -> bool:
    return attr.name in ITEM_ATTRIBUTES[entity] or attr in world.custom
