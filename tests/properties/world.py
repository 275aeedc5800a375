"""The small vocabularies and the attributes that a random policy declares, and its manifest may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from privacy_rules.vocabulary.attributes import BUILT_IN, Entity, Form, Type
from tests.properties.dice import Dice

Parents = dict[str, tuple[str, ...]]

DAY = "2026-06-15"
DATES = (DAY, "2026-06-14", "2026-06-16", "2020-01-01", "2030-12-31")
DURATIONS = ("1 year", "12 months", "365 days", "366 days", "30 days", "1 month", "4 weeks", "720 hours", "unlimited")
NUMBERS = (0, 1, -3, 10)
TEXTS = ("a", "b", "c d")

# What a policy adds below shipped terms: broad terms with narrower ones, and some that stand in two places.
SHIPPED_AND_ADDED = {
    "role": (
        "us group_member organisation data_subject service_provider third_party data_broker outside public_authority"
    ),
    "kind": "application person database saas anonymiser saas_crm",
    "exchange": "none sale list_sale rental",
    "mandate": "law litigation",
    "basis": "consent contract informed_consent legal_obligation",
    "choice": "opt_in opt_out double_opt_in",
    "safeguard": "encryption encryption_at_rest encryption_in_transit access_control",
    "right": "access deletion correction",
    "retention_ground": "legal_obligation dispute_resolution",
    "trigger": "collection last_use account_closed closed_by_the_person contract_end",
    "obligation": "policy_protection audit external_audit confidentiality",
    "method": "hashing pseudonymisation aggregation salted_hashing",
    "region": "eea DE FR US IN west",
}
CORE = """
role {
  data_subject
  organisation { us  group_member }
  outside { service_provider  third_party { data_broker }  public_authority }
}
kind { application  person  database  saas  anonymiser }
exchange { none  sale  rental }
mandate { law  litigation }
basis { consent  contract  legal_obligation }
choice { opt_in  opt_out }
safeguard { encryption { encryption_at_rest  encryption_in_transit }  access_control }
right { access  deletion  correction }
retention_ground { legal_obligation  dispute_resolution }
trigger { collection  last_use  account_closed  contract_end }
obligation { policy_protection  audit  confidentiality }
method { pseudonymisation { hashing }  aggregation }
region { eea { DE  FR }  US  IN }
"""
"""The part of `std.core` that is used here: reading it all takes most of the time of a small policy."""

ADDITIONS = """
kind { saas { saas_crm } }
exchange { sale { list_sale } }
basis { consent { informed_consent } }
choice { opt_in { double_opt_in } }
trigger { account_closed { closed_by_the_person } }
obligation { audit { external_audit } }
method { hashing { salted_hashing } }
region { west  US in west from 2020-01-01 until 2026-06-16  DE in west }
"""
# The roles of `std.core` that policies and manifests choose from, with their parents.
ROLES: Parents = {
    "data_subject": (),
    "organisation": (),
    "us": ("organisation",),
    "group_member": ("organisation",),
    "outside": (),
    "service_provider": ("outside",),
    "third_party": ("outside",),
    "data_broker": ("third_party",),
    "public_authority": ("outside",),
}
# What a policy may add to them. With the last two much may be both inside and outside, and so is seldom decided.
MORE_ROLES: Parents = {
    "lead_buyer": ("third_party",),
    "subsidiary": ("us",),
    "cloud": ("service_provider",),
    "employee": ("group_member", "data_subject"),
    "joint": ("group_member", "third_party"),
}


@dataclass(frozen=True)
class Attr:
    """An attribute as a policy's text and a manifest write it; `default` as it stands in the text."""

    entities: tuple[Entity, ...]
    name: str
    type: Type
    default: str | None = None


BUILT_IN_ATTRS: tuple[Attr, ...] = tuple(Attr((entity,), name, each.type) for (entity, name), each in BUILT_IN.items())

CUSTOM_TYPES = (
    Type(Form.FLAG),
    Type(Form.NUMBER),
    Type(Form.DURATION),
    Type(Form.DATE),
    Type(Form.TEXT),
    Type(Form.ONE, "topic"),
    Type(Form.SET, "topic"),
    Type(Form.SET, "data"),
    Type(Form.ONE, "purpose"),
    Type(Form.TEXTS),
)


@dataclass
class World:
    terms: dict[str, Parents]
    dates: dict[tuple[str, str], str]
    """The dates of those edges that have some, as they are written behind the parent; no two vocabularies share a term."""
    more_roles: list[str]
    custom: list[Attr]
    options: Options
    used: set[str] = field(default_factory=set)
    """Names of attributes that the policy asks about: its manifest is likely to say something of them."""
    parties: list[str] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)

    def named(self, vocabulary: str | None) -> list[str]:
        """Terms of a vocabulary that policies and manifests choose from."""
        if vocabulary in self.terms:
            return list(self.terms[vocabulary])
        if vocabulary == "role":
            return [*ROLES, *self.more_roles]
        return SHIPPED_AND_ADDED[vocabulary or ""].split()

    def roles(self) -> Parents:
        """The roles on the day of the checks."""
        more = {each: MORE_ROLES[each] for each in self.more_roles}
        today = {term: tuple(each for each in above if self.exists(term, each)) for term, above in more.items()}
        return ROLES | today

    def exists(self, term: str, parent: str) -> bool:
        """Whether an edge exists on the day of the checks."""
        periods = self.dates.get((term, parent), "").split(f", {parent}")
        return any(_is_within(each.split()) for each in periods)

    def attributes(self, entity: Entity) -> list[Attr]:
        return [each for each in (*BUILT_IN_ATTRS, *self.custom) if entity in each.entities]


@dataclass(frozen=True)
class Options:
    """`declared`: with `is declared`; the others: how many there are at most."""

    declared: bool = True
    rules: int = 4
    systems: int = 6
    flows: int = 8
    parties: int = 5
    contracts: int = 3
    paths_alone: int = 20
    """In how many of a hundred rules `reached by` is the whole condition."""
    dated: int = 12
    """How many of a hundred edges of vocabularies have dates."""


def draw_vocabulary(dice: Dice, prefix: str, count: int) -> Parents:
    """`count` terms, each at the top or below an earlier one, some below two."""
    parents: Parents = {}
    for number in range(count):
        earlier = list(parents)
        above = dice.some(earlier[:6], 0, 2) if earlier and dice.chance(25) else dice.some(earlier[:4], 0, 1)
        parents[f"{prefix}{number}"] = tuple(above)
    return parents


def _is_within(period: list[str]) -> bool:
    said = dict(zip(period[::2], period[1::2], strict=True))
    return said.get("from", DAY) <= DAY and ("until" not in said or said["until"] > DAY)


def draw_dates(dice: Dice, parent: str) -> str:
    """One period, or two that do not overlap."""
    first, second, third = sorted(dice.some(DATES, 3, 3))
    return dice.pick(
        (
            f" from {first}",
            f" until {third}",
            f" from {first} until {third}",
            f" until {first}, {parent} from {second} until {third}",
            f" from {first} until {second}, {parent} from {second}",
        )
    )


def vocabulary_text(head: str, parents: Parents, dates: dict[tuple[str, str], str]) -> str:
    """Nested braces for the first parent, `in` for the second, and for those with dates."""
    lines = [f"{head} {{"]

    def is_nested(term: str) -> bool:
        return bool(parents[term]) and (term, parents[term][0]) not in dates

    def write(term: str, indent: str) -> None:
        named = [f"{each}{dates.get((term, each), '')}" for each in parents[term][is_nested(term) :]]
        others = f" in {', '.join(named)}" if named else ""
        below = [each for each in parents if parents[each][:1] == (term,) and is_nested(each)]
        lines.append(f"{indent}{term}{others}{' {' if below else ''}")
        for each in below:
            write(each, indent + "  ")
        if below:
            lines.append(indent + "}")

    for term in parents:
        if not is_nested(term):
            write(term, "  ")
    return "\n".join([*lines, "}"])


def draw_world(dice: Dice, options: Options) -> World:
    terms = {
        "data": draw_vocabulary(dice.part(32), "d", dice.between(4, 8)),
        "purpose": draw_vocabulary(dice.part(20), "u", dice.between(2, 5)),
        "occasion": draw_vocabulary(dice.part(12), "o", 3),
        "topic": draw_vocabulary(dice.part(12), "t", 4),
    }
    safe = [each for each in ("lead_buyer", "subsidiary", "cloud") if dice.chance(50)]
    both = [each for each in ("employee", "joint") if dice.chance(15)]
    more, dating = safe + both, dice.part(24)
    edges = [*terms.values(), {name: MORE_ROLES[name] for name in more}]
    dates = {
        (term, parent): draw_dates(dating, parent)
        for each in edges
        for term, above in each.items()
        for parent in above
        if dating.chance(options.dated)
    }
    world = World(terms, dates, more, [], options)
    for number in range(dice.below(5)):
        world.custom.append(draw_attribute(dice.part(8), world, f"x{number}"))
    return world


def roles_text(world: World) -> str:
    above = {
        each: [f"{name}{world.dates.get((each, name), '')}" for name in MORE_ROLES[each]] for each in world.more_roles
    }
    lines = [f"  {each} in {', '.join(parents)}" for each, parents in above.items()]
    return "\n".join(["role {", *lines, "}"]) if lines else ""


def draw_attribute(dice: Dice, world: World, name: str) -> Attr:
    type_ = dice.pick(CUSTOM_TYPES)
    entities = dice.some(tuple(Entity), 1, 2)
    default = None
    if dice.chance(45):
        default = literal(dice, world, type_)
    return Attr(tuple(entities), name, type_, default)


def attribute_text(attr: Attr) -> str:
    entities = ", ".join(each.value for each in attr.entities)
    kind = {Form.TEXTS: "set of text"}.get(attr.type.form, str(attr.type))
    return f"attribute {attr.name} on {entities}: {kind}" + (f" default {attr.default}" if attr.default else "")


def literal(dice: Dice, world: World, type_: Type) -> str:
    """A value of the type as a policy writes it."""
    match type_.form:
        case Form.FLAG:
            return dice.pick(("no", "yes"))
        case Form.NUMBER:
            return str(dice.pick(NUMBERS))
        case Form.DURATION:
            return dice.pick(DURATIONS)
        case Form.DATE:
            return dice.pick(DATES)
        case Form.TEXT:
            return f'"{dice.pick(TEXTS)}"'
        case Form.TEXTS:
            return listed([f'"{each}"' for each in dice.some(TEXTS, 1, 2)])
        case Form.SET:
            return listed(dice.some(world.named(type_.vocabulary), 1, 2))
        case _:
            return dice.pick(world.named(type_.vocabulary))


def listed(items: list[str]) -> str:
    return f"({', '.join(items)})"
