"""Random policies, as text: valid by the language's type rules, over every construct it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from privacy_rules.vocabulary.attributes import Entity, Form, Type
from tests.properties.dice import Dice
from tests.properties.places import FAMILY, KINDS, Place, place_of
from tests.properties.world import (
    ADDITIONS,
    CORE,
    DATES,
    Attr,
    World,
    attribute_text,
    listed,
    literal,
    roles_text,
    vocabulary_text,
)


@dataclass(frozen=True)
class WrittenRule:
    name: str
    family: str
    permit: bool
    text: str


class PolicyWriter:
    def __init__(self, world: World) -> None:
        self.world = world
        self.options = world.options
        self.defines: list[tuple[Place, str, str]] = []
        self.names = {place: self._names(place) for place in _ALL_PLACES}

    # Names.

    def _names(self, place: Place) -> list[tuple[str, Attr]]:
        """Every name that a condition may use in a place, with the attribute that it finds."""
        of = self.world.attributes
        if place.in_contract:
            return [(each.name, each) for each in of(Entity.CONTRACT)]
        if place.has_system:
            own = [("method", _METHOD)] if place.what == "derivation" else []
            return own * 8 + self._names_of_a_system("")
        if place.what == "flow":
            own = [(each.name, each) for each in of(Entity.FLOW)]
            return own + self._names_of_a_system("source.") + self._names_of_a_system("recipient.")
        return [(each.name, each) for each in of(Entity("party" if place.what == "owner" else place.what))]

    def _names_of_a_system(self, prefix: str) -> list[tuple[str, Attr]]:
        systems, parties = self.world.attributes(Entity.SYSTEM), self.world.attributes(Entity.PARTY)
        shadowed = {each.name for each in systems}
        short = systems + [each for each in parties if each.name not in shadowed]
        return (
            [(prefix + each.name, each) for each in short]
            + [(f"{prefix}system.{each.name}", each) for each in systems]
            + [(f"{prefix}party.{each.name}", each) for each in parties]
        )

    # Conditions.

    def condition(self, dice: Dice, place: Place, depth: int = 2) -> str:
        shape = dice.below(12) if depth > 0 else 0
        if shape < 7:
            return self.test(dice, place, depth)
        if shape < 8:
            return f"not {self.atom(dice, place, depth - 1)}"
        if shape < 10:
            return f"{self.atom(dice, place, depth - 1)} and {self.atom(dice, place, depth - 1)}"
        if shape < 11:
            return f"{self.atom(dice, place, depth - 1)} or {self.atom(dice, place, depth - 1)}"
        return self.defined(dice, place, depth - 1)

    def atom(self, dice: Dice, place: Place, depth: int) -> str:
        return f"({self.condition(dice, place, depth)})" if depth > 0 else self.test(dice, place, 0)

    def defined(self, dice: Dice, place: Place, depth: int) -> str:
        known = [name for at, name, _ in self.defines if at == place]
        if known and dice.chance(40):
            return dice.pick(known)
        body = self.condition(dice, place, depth)
        name = f"defined_{len(self.defines)}"
        self.defines.append((place, name, body))
        return name

    def test(self, dice: Dice, place: Place, depth: int) -> str:
        forms: list[Callable[[Dice, Place, int], str]] = [self.attribute_test, self.attribute_test]
        if place.what == "organisation":
            return self.attribute_test(dice, place, depth)
        if (place.data or place.purpose) and not place.in_contract:
            forms.append(self.judged_test)
        if place.in_contract and (place.data or place.purpose):
            forms.append(self.covers_test)
        if place.has_contracts:
            forms.append(self.contract_test)
        if place.has_paths:
            forms += [self.path_test, self.owner_test]
        if place.has_collections:
            forms += [self.collected_test, self.collected_test]
        return dice.pick(forms)(dice, place, depth)

    def attribute_test(self, dice: Dice, place: Place, depth: int) -> str:
        names = self.names[replace(place, data=False, purpose=False, in_collected=False)]
        custom = [found for found in names if found[1] in self.world.custom]
        name, attr = dice.pick(custom) if custom and dice.chance(35) else dice.pick(names)
        if dice.chance(22) and (comparison := self.two_facts(dice, name, attr, names)):
            return comparison
        if not self.options.declared and attr.type.form in _ONLY_DECLARED:
            name, attr = next(found for found in names if found[1].type.form not in _ONLY_DECLARED)
        self.world.used.add(attr.name)
        if attr.type.form in _ONLY_DECLARED or (self.options.declared and dice.chance(8)):
            return f"{name} is declared"
        return f"{name}{self.asked(dice, attr)}"

    def two_facts(self, dice: Dice, name: str, attr: Attr, names: list[tuple[str, Attr]]) -> str | None:
        """A comparison with another fact of the type, or with a day; None if the type has none."""
        if attr.type.form not in _COMPARED:
            return None
        alike = [other for other, found in names if found.type == attr.type]
        ordered = attr.type.form in (Form.NUMBER, Form.DURATION, Form.DATE)
        operator = dice.pick(("<", "<=", "=", "!=", ">=", ">") if ordered else ("=", "!="))
        swapped = {"source": "recipient", "recipient": "source"}
        end, _, rest = name.partition(".")
        other = f"{swapped[end]}.{rest}" if end in swapped and dice.chance(60) else dice.pick(alike)
        if attr.type.form is Form.DATE:
            other = "today" if dice.chance(50) else other
            other += f" {dice.pick('+-')} {dice.pick(SHIFTS)}" if dice.chance(60) else ""
        self.world.used.add(other.rpartition(".")[2])
        return f"{name} {operator} {other}"

    def asked(self, dice: Dice, attr: Attr) -> str:
        """What stands after the name."""
        match attr.type.form:
            case Form.FLAG:
                return ""
            case Form.NUMBER | Form.DURATION | Form.DATE:
                return f" {dice.pick(('<', '<=', '=', '!=', '>=', '>'))} {literal(dice, self.world, attr.type)}"
            case Form.TEXT:
                return f" {dice.pick(('=', '!='))} {literal(dice, self.world, attr.type)}"
            case Form.ONE:
                return f" is {self.terms(dice, attr.type.vocabulary)}"
            case Form.ROLES:
                word = dice.pick(("is", "includes", "includes all", "includes only"))
                return f" {word} {self.terms(dice, 'role')}"
            case Form.TEXTS:
                return f" {dice.pick(_OF_SETS)} {literal(dice, self.world, attr.type)}"
            case _:
                return f" {dice.pick(_OF_SETS)} {self.terms(dice, attr.type.vocabulary)}"

    def terms(self, dice: Dice, vocabulary: str | None) -> str:
        found = dice.some(self.world.named(vocabulary), 1, 2)
        return found[0] if len(found) == 1 else listed(found)

    def judged_test(self, dice: Dice, place: Place, depth: int) -> str:
        asked = [each for each, there in (("data", place.data), ("purpose", place.purpose)) if there]
        judged = dice.pick(asked)
        if self.options.declared and dice.chance(12):
            return f"{judged} is declared"
        return f"{judged} is {self.terms(dice, judged)}"

    def covers_test(self, dice: Dice, place: Place, depth: int) -> str:
        return f"covers {dice.pick([each for each in ('data', 'purpose') if getattr(place, each)])}"

    def contract_test(self, dice: Dice, place: Place, depth: int) -> str:
        end = dice.pick(("", "", "source ", "recipient ")) if place.what == "flow" else ""
        inner = ""
        if dice.chance(30):
            chained = Place("contract", in_contract=True)
            inner = (
                f" by contracts ({self.condition(dice, chained, depth - 1)})" if depth > 0 and dice.chance(65) else ""
            )
            return f"{end}bound to us{inner}"
        if depth > 0 and dice.chance(65):
            terms = Place("contract", in_contract=True, data=place.data, purpose=place.purpose)
            inner = f" ({self.condition(dice, terms, depth - 1)})"
        return f"{end}under contract{inner}"

    def owner_test(self, dice: Dice, place: Place, depth: int) -> str:
        self.world.used |= {"parent", "role"}
        end = dice.pick(("", "", "source ", "recipient ")) if place.what == "flow" else ""
        shape = dice.below(4)
        if shape == 0:
            owner = f"party {self.ids(dice, [*self.world.parties, 'nobody'])}"
        elif shape == 1:
            owner = self.terms(dice, "role")
        else:
            condition = self.condition(dice, Place("owner"), max(depth - 1, 0))
            lone = condition.replace(".", "").replace("_", "").isalnum()
            owner = f"(not not {condition})" if lone else f"({condition})"
        return f"{end}owned by {owner}"

    def path_test(self, dice: Dice, place: Place, depth: int) -> str:
        end = dice.pick(("", "recipient ", "source ")) if place.what == "flow" else ""
        if dice.chance(25):
            return f"{end}holds {self.terms(dice, 'data')}{self.derived(dice)}"
        written = f"{end}reached by {self.terms(dice, 'data')}"
        if dice.chance(65):
            written += f" from {self.selector(dice, depth - 1)}"
            if dice.chance(45):
                written += f" avoiding {self.selector(dice, depth - 1)}"
        return written + self.derived(dice)

    def derived(self, dice: Dice) -> str:
        if not dice.chance(45):
            return ""
        return " including derived" + (f" by {self.terms(dice, 'method')}" if dice.chance(45) else "")

    def collected_test(self, dice: Dice, place: Place, depth: int) -> str:
        if place.purpose and dice.chance(35):
            return "purpose within collected purposes"
        how = dice.pick(("", "only ", "partly "))
        return f"collected {how}with ({self.condition(dice, Place('flow', in_collected=True), depth - 1)})"

    @staticmethod
    def ids(dice: Dice, known: list[str]) -> str:
        found = [f'"{each}"' for each in dice.some(known, 1, 2)]
        return found[0] if len(found) == 1 else listed(found)

    def selector(self, dice: Dice, depth: int) -> str:
        self.world.used |= {"role"}
        shape = dice.below(10)
        if shape < 4:
            return self.terms(dice, "role")
        if shape == 4:
            return f"({dice.pick(self.world.named('role'))})"
        if shape == 5:
            return f"party {self.ids(dice, [*self.world.parties, 'nobody'])}"
        if shape == 6:
            return f"system {self.ids(dice, [*self.world.systems, 'nowhere'])}"
        condition = self.condition(dice, Place("end"), max(depth, 0))
        lone = condition.replace(".", "").replace("_", "").isalnum()
        return f"(not not {condition})" if lone else f"({condition})"  # a lone name in parentheses would be a role

    # Rules.

    def subject(self, dice: Dice, kind: str) -> str:
        limits = []
        place = place_of(kind)
        if (place.data or kind in ("joining", "derivation")) and dice.chance(45):
            limits.append(f"of {self.terms(dice, 'data')}")
            if kind == "joining" and dice.chance(60):
                limits.append(f"with {self.terms(dice, 'data')}")
        if kind == "derivation" and dice.chance(45):
            limits.append(f"into {self.terms(dice, 'data')}")
        if place.what == "flow":
            limits += [f"{word} {self.selector(dice, 1)}" for word in ("from", "to") if dice.chance(22)]
        if place.purpose and dice.chance(20):
            limits.append(f"for {self.terms(dice, 'purpose')}")
        if place.has_system and dice.chance(35):
            limits.append(f"at {self.selector(dice, 1)}")
        return " ".join([kind, *limits])

    def when(self, dice: Dice, place: Place, percent: int) -> str:
        return f" when {self.condition(dice, place)}" if dice.chance(percent) else ""

    def unless(self, dice: Dice, place: Place, percent: int) -> str:
        written = ""
        while len(written) < 400 and dice.chance(percent):
            written += f" unless {self.condition(dice, place, 1)}"
        return written

    def forbid(self, dice: Dice, kind: str) -> str:
        place = place_of(kind)
        if place.has_paths and dice.chance(self.options.paths_alone):
            return f"forbid {kind} when {self.path_test(dice, place, 1)}"
        return f"forbid {self.subject(dice, kind)}{self.when(dice, place, 70)}{self.unless(dice, place, 30)}"

    def require(self, dice: Dice, kind: str) -> str:
        place = place_of(kind)
        required = self.condition(dice, place)
        return (
            f"require {required} on {self.subject(dice, kind)}"
            f"{self.when(dice, place, 30)}{self.unless(dice, place, 25)}"
        )

    def allow(self, dice: Dice, kind: str) -> str:
        alternatives = [f"\n    - {self.alternative(dice.part(24), kind)}" for _ in range(dice.between(1, 3))]
        return f"allow {self.subject(dice, kind)} only{''.join(alternatives)}"

    def alternative(self, dice: Dice, kind: str) -> str:
        place = place_of(kind)
        limits = self.subject(dice, kind).partition(" ")[2]
        if not limits:
            return f"when {self.condition(dice, place)}"
        return limits + self.when(dice, place, 50)

    def permit(self, dice: Dice, rules: list[WrittenRule]) -> str:
        base = dice.pick(rules)
        kind = dice.pick(FAMILY) if base.family == "flow" else base.family
        alike = [each.name for each in rules if each.family == base.family]
        despite = dice.some(alike, 1, 2)
        if 'cites "A clause"' in base.text and dice.chance(50):
            despite[-1] = '"A clause"'
        return f"permit {self.subject(dice, kind)}{self.when(dice, place_of(kind), 60)} despite {', '.join(despite)}"

    def rule(self, dice: Dice, rules: list[WrittenRule]) -> WrittenRule:
        name = f"rule_{len(rules)}"
        meta = self.meta(dice)
        lifted = [each for each in rules if not each.permit]
        if lifted and dice.chance(25):
            statement, family = self.permit(dice, lifted), "permit"
        else:
            kind = dice.pick(KINDS)
            family = place_of(kind).what
            write = dice.pick((self.forbid, self.require, self.allow))
            statement = write(dice, kind)
        written = f"rule {name} {{\n{meta}  {statement}\n}}"
        return WrittenRule(name, family, family == "permit", written)

    def meta(self, dice: Dice) -> str:
        if not dice.chance(30):
            return ""
        lines = [f"  severity {dice.pick(('error', 'warning', 'note'))}\n"]
        if dice.chance(60):
            dates = dice.some(DATES, 2, 2)
            since, until = min(dates), max(dates)
            lines.append(f"  applies {dice.pick((f'from {since}', f'until {until}', f'from {since} until {until}'))}\n")
        if dice.chance(30):
            lines.append('  title "A title"\n  cites "A clause"\n  hint "A hint"\n')
        return "".join(lines)


_METHOD = Attr((Entity.SYSTEM,), "method", Type(Form.ONE, "method"))
_ONLY_DECLARED = (Form.REFERENCE, Form.REFERENCES, Form.PAIRS, Form.TRANSFORMS)
_COMPARED = (Form.FLAG, Form.NUMBER, Form.DURATION, Form.DATE, Form.TEXT, Form.ONE, Form.REFERENCE)
SHIFTS = ("1 day", "2 weeks", "3 weeks", "1 month", "1 year", "6 years")
_OF_SETS = ("includes", "includes all", "includes only", "within")
_KINDS = (
    "flow",
    "system",
    "storage",
    "joining",
    "use",
    "derivation",
    "end",
    "owner",
    "party",
    "contract",
    "organisation",
)
_ALL_PLACES = [*map(Place, _KINDS), Place("contract", in_contract=True)]


def write_policy(dice: Dice, world: World) -> tuple[str, ...]:
    """The blocks of a policy file; their order means nothing."""
    writer = PolicyWriter(world)
    rules: list[WrittenRule] = []
    for _ in range(dice.between(1, world.options.rules)):
        rules.append(writer.rule(dice.part(110), rules))
    header = 'policy random { title "Random" language "1.1" }' if dice.chance(20) else ""
    clause = 'clause "Elsewhere" is scope "not ours"' if dice.chance(10) else ""
    vocabularies = [
        vocabulary_text("vocabulary topic" if name == "topic" else name, parents, world.dates)
        for name, parents in world.terms.items()
    ]
    return tuple(
        each
        for each in (
            header,
            clause,
            "use std.core" if dice.chance(10) else CORE.strip(),
            ADDITIONS.strip(),
            roles_text(world),
            *vocabularies,
            *map(attribute_text, world.custom),
            *(f"define {name} as {body}" for _, name, body in writer.defines),
            *(each.text for each in rules),
        )
        if each
    )
