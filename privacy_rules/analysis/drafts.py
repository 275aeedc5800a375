"""Drafts of small manifests: the records that facts about a subject and its ends need."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any

from privacy_rules.analysis.domains import DECLARED
from privacy_rules.analysis.formula import Formulas
from privacy_rules.analysis.model_facts import Facts, ModelFact
from privacy_rules.analysis.variables import PARTIES_DIFFER, EntityOf
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Owner, Policy, Side
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity, Form
from privacy_rules.vocabulary.taxonomy import Taxonomy

SUBJECT = "it"
"""The id of the judged entity, unless a rule names it."""
SYSTEM_IDS = {Side.SOURCE: "sender", Side.RECIPIENT: "recipient", Side.SUBJECT: SUBJECT}
US = "us"
_COVERS = "covers."
_FALLS_BACK = ("role", "country")
"""What a system has from its party unless it says otherwise."""


class Unrealisable(Exception):  # noqa: N818 -- not an error: the search goes on
    """No manifest of these facts is known. `refuted` is a node that is false for every manifest; None if there may be one.

    `beside` is one that is false for every flow beside the subject.
    """

    def __init__(self, refuted: int | None = None, *, beside: int | None = None) -> None:
        super().__init__()
        self.refuted, self.beside = refuted, beside


@dataclass(frozen=True, slots=True)
class Setting:
    """What manifests are made for: formulas, the policy whose words they use, and the day of the check."""

    make: Formulas
    policy: Policy
    day: date


@dataclass
class Draft:
    """The records of a manifest, as its data, and the system of each side."""

    policy: Policy
    records: dict[str, Any] = field(default_factory=dict)
    systems: dict[Side, str] = field(default_factory=dict)
    parties: dict[str, str | None] = field(default_factory=dict)

    def add(self, kind: str, name: str, record: Mapping[str, Any]) -> None:
        """Add a record; if one with that id exists, add what this one declares to it."""
        self.records.setdefault(kind, {}).setdefault(name, {}).update(record)

    def free_id(self, kind: str, name: str) -> str:
        """An id that no record has."""
        taken = self.records.get(kind, {})
        return next(each for each in (name, *(f"{name}_{number}" for number in range(2, 99))) if each not in taken)

    def attribute_data(self, found: Mapping[str, ModelFact]) -> dict[str, Any]:
        """Attributes as a record declares them; an unknown one is `null` if it has a default."""
        made: dict[str, Any] = {}
        for name, each in found.items():
            if each.is_declared and name.startswith(_COVERS):
                made.setdefault("covers", {})[name.removeprefix(_COVERS)] = each.data
            elif each.is_declared:
                made[name] = each.data
            elif each.value is None and each.answers.get(DECLARED) == TRUE:
                made[name] = _some(each)
            elif each.value is None and self._has_default(each):
                made[name] = None
        return made

    def _has_default(self, found: ModelFact) -> bool:
        attribute = found.variable.attribute
        if attribute is None:
            return False
        return attribute.default is not None or attribute.name in self.records.get("defaults", {}).get(
            attribute.entity.value, {}
        )

    # ---- ends

    def end(self, facts: Facts, side: Side, name: str | None = None, *, same_as: str | None = None) -> str:
        """Add the system of a side and its party; return its id. `same_as` is a system of the same party."""
        named = facts.get(EntityOf(Entity.SYSTEM, side))
        system = str(named.value) if named and named.value else self.free_id("systems", name or SYSTEM_IDS[side])
        own = facts.attributes(side, Owner.SYSTEM)
        party = self.parties[same_as] if same_as else self.party(facts, side, own.get("role"))
        if "party" in own and own["party"].answers.get(DECLARED) == FALSE:
            party = None
        record = self.attribute_data({key: each for key, each in own.items() if key not in ("role", "party")})
        if party is not None:
            record = {"party": party, **record}
        record |= self._falling_back(own, party)
        self.add("systems", system, record)
        self.systems[side], self.parties[system] = system, party
        return system

    def _falling_back(self, own: Mapping[str, ModelFact], party: str | None) -> dict[str, Any]:
        """The system's own role and country, if they are not its party's."""
        made: dict[str, Any] = {}
        theirs = self.records.get("parties", {}).get(party, {})
        for name in _FALLS_BACK:
            found = own.get(name)
            if found is None or (name == "country" and found.is_declared):
                continue
            said = _single(found.data) if found.is_declared else None
            if said != theirs.get(name) and not (party is None and said is None):
                made[name] = said
        return made

    def party(self, facts: Facts, side: Side, role: ModelFact | None = None) -> str | None:
        """Add the party of a side; return its id, or None if the party must be unknown."""
        named = facts.get(EntityOf(Entity.PARTY, side))
        own = facts.attributes(side, Owner.PARTY)
        if named is not None and set(named.answers.values()) == {UNKNOWN}:
            return None
        if facts.truth(PARTIES_DIFFER) == UNKNOWN and side is Side.RECIPIENT:
            return None
        said = own.get("role") or role
        roles = list(said.data) if said is not None and said.is_declared else []
        excluded = set() if named is None else {test for test, answer in named.answers.items() if answer == FALSE}
        if named is not None and named.value:
            party = str(named.value)
            if party in self.records.get("parties", {}):
                raise Unrealisable
        else:
            base = "_".join(roles) or "somebody"
            party = next(each for each in (base, *(f"{base}_{n}" for n in range(2, 99))) if each not in excluded)
            party = self.free_id("parties", party)
        record = self.attribute_data({key: each for key, each in own.items() if key != "role"})
        self.add("parties", party, ({"role": _single(roles)} if roles else {}) | record)
        return party

    def us(self, other_than: str | None) -> str:
        """The id of a party that is us, other than this one; add one if there is none."""
        roles = self.policy.taxonomy("role")
        for name, record in self.records.get("parties", {}).items():
            declared = record.get("role") or []
            listed = [declared] if isinstance(declared, str) else declared
            if name != other_than and any(US in roles and roles.is_a(each, US) for each in listed):
                return str(name)
        name = self.free_id("parties", "us")
        self.add("parties", name, {"role": US})
        return name

    def data(self) -> dict[str, Any]:
        """The manifest."""
        made: dict[str, Any] = {"manifest": 1}
        for kind in ("defaults", "organisation", "parties", "contracts", "systems", "flows"):
            found = self.records.get(kind)
            if found and kind == "flows":
                made[kind] = [{"id": name, **each} for name, each in found.items()]
            elif found:
                made[kind] = found
        return made


def subject_of(data: Mapping[str, Any]) -> str:
    """The id of a manifest's subject: `it`, else that of the first system, which a rule names."""
    flows = {each["id"] for each in data.get("flows", ())}
    named = any(SUBJECT in data.get(kind, {}) for kind in ("systems", "parties", "contracts"))
    return SUBJECT if named or SUBJECT in flows else next(iter(data.get("systems", {})), SUBJECT)


def _some(found: ModelFact) -> Any:
    """Some value for an attribute that is only tested for being declared."""
    match found.variable.attribute and found.variable.attribute.type.form:
        case Form.PAIRS | Form.TRANSFORMS:
            return []
        case Form.REFERENCE if found.variable.attribute and found.variable.attribute.name == "parent":
            return "none"
        case _:
            raise Unrealisable


def _single(value: Any) -> Any:
    """A list of one role becomes that role."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def judged_term(facts: Facts, key: Hashable, taxonomy: Taxonomy) -> str | None:
    """The judged datum or purpose; any narrowest term if it does not matter, None if it must be unknown."""
    found = facts.get(key)
    if found is not None:
        return None if found.value is None else str(found.value)
    return next((each for each in taxonomy.terms if taxonomy.is_narrowest(each)), None)


def with_term(found: ModelFact | None, term: str | None) -> Sequence[str] | None:
    """The elements of a set that contains the judged term; None if the set must be undeclared.

    Raises Unrealisable if that is impossible.
    """
    if found is None or found.value is None:
        if found is not None and term is not None:
            raise Unrealisable
        return None if term is None else [term]
    if term is None:
        raise Unrealisable
    return sorted({*found.value, term})
