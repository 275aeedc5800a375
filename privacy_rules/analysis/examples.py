"""Turn facts into a manifest with one subject, `it`, that a rule judges once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from privacy_rules.analysis.comparison_values import settle
from privacy_rules.analysis.contract_witnesses import Solve
from privacy_rules.analysis.domains import DECLARED
from privacy_rules.analysis.drafts import SUBJECT, Draft, Setting, Unrealisable, judged_term, with_term
from privacy_rules.analysis.model_facts import Facts
from privacy_rules.analysis.search import Wish
from privacy_rules.analysis.variables import (
    PARTIES_DIFFER,
    CollectedTest,
    DerivedTerm,
    HoldsTest,
    PathTest,
)
from privacy_rules.analysis.witnesses import Witnesses
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.language.policy import Owner, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest import write
from privacy_rules.vocabulary.attributes import Entity

_MOST_REFUTED = 12
"""How many times a manifest is begun again because a flow beside the subject turns out to be impossible."""
_LISTS = {Kind.STORAGE: "stores", Kind.JOINING: "joins", Kind.USE: "uses", Kind.DERIVATION: "transforms"}


def manifest_of(setting: Setting, family: Kind, facts: Facts, solve: Solve) -> dict[str, Any]:
    """Return the data of a manifest that makes the facts true. Raises Unrealisable if none is found."""
    settle(facts, setting.policy, setting.day)
    refuted: list[Wish] = []

    def settled(wishes: Sequence[Wish]) -> Facts | None:
        found = solve([*wishes, *refuted])
        if found is not None:
            with suppress(Unrealisable):  # then the check shows whether it matters
                settle(found, setting.policy, setting.day)
        return found

    while True:
        try:
            return _Example(setting, family, facts, settled).data()
        except Unrealisable as error:
            if error.beside is None or len(refuted) == _MOST_REFUTED:
                raise
            refuted.append((error.beside, False, TRUE))  # so that another flow is tried


class _Example:
    def __init__(self, setting: Setting, family: Kind, facts: Facts, solve: Solve) -> None:
        policy = setting.policy
        self._policy, self._family, self._facts = policy, family, facts
        self._draft = Draft(policy)
        self._witnesses = Witnesses(setting, facts, self._draft, solve)
        self.datum = judged_term(facts, "data", policy.taxonomy("data"))
        self.purpose = judged_term(facts, "purpose", policy.taxonomy("purpose"))

    def data(self) -> dict[str, Any]:
        """The manifest."""
        family, draft, facts = self._family, self._draft, self._facts
        at: str | None = None
        self._witnesses.begin()
        match family:
            case Kind.FLOW:
                at = self._flow()
            case Kind.PARTY:
                draft.add("parties", SUBJECT, draft.attribute_data(facts.attributes(Side.SUBJECT, Owner.PARTY)))
            case Kind.CONTRACT:
                self._contract()
            case Kind.ORGANISATION:
                draft.records["organisation"] = draft.attribute_data(facts.attributes(Side.SUBJECT, Owner.ORGANISATION))
            case _:
                at = self._system()
        self._witnesses.add(self.datum, self.purpose, at)
        return draft.data()

    def _contract(self) -> None:
        draft, own = self._draft, self._facts.attributes(Side.SUBJECT, Owner.CONTRACT)
        said = {name: own.pop(name).answers.get(DECLARED) for name in ("with", "between") if name in own}
        parties = ["somebody", "somebody_else"]
        limited = own.pop("systems", None)
        if limited is not None and limited.answers.get(DECLARED) == TRUE:
            draft.add("systems", "theirs", {"party": parties[0]})
        among = said.get("between") == TRUE or said.get("with") == FALSE
        for each in parties if among else parties[:1]:
            draft.add("parties", each, {})
        ends: dict[str, Any] = {"between": parties} if among else {"with": parties[0]}
        ends |= {"systems": ["theirs"]} if "theirs" in draft.records.get("systems", {}) else {}
        draft.add("contracts", SUBJECT, {**ends, **draft.attribute_data(own)})

    def _flow(self) -> str:
        draft, facts = self._draft, self._facts
        source = draft.end(facts, Side.SOURCE)
        same = facts.truth(PARTIES_DIFFER) == FALSE
        target = draft.end(facts, Side.RECIPIENT, same_as=source if same else None)
        own = facts.attributes(Side.SUBJECT, Owner.FLOW)
        carries = with_term(own.get("carries"), self.datum)
        purposes = with_term(own.get("purposes"), self.purpose)
        record: dict[str, Any] = {"from": source, "to": target}
        record |= {} if carries is None else {"carries": list(carries)}
        record |= {} if purposes is None else {"purposes": list(purposes)}
        rest = {name: each for name, each in own.items() if name not in ("carries", "purposes", "from", "to")}
        draft.add("flows", SUBJECT, record | draft.attribute_data(rest))
        if self._asks_for_paths() and carries:
            draft.add("systems", source, write.built_in(self._policy, Entity.SYSTEM, {"creates": list(carries)}))
        return source

    def _asks_for_paths(self) -> bool:
        keys = list(self._facts)
        paths = any(isinstance(each, PathTest | HoldsTest) for each in keys)
        return paths and not any(isinstance(each, CollectedTest) for each in keys)

    def _system(self) -> str:
        draft, facts, family = self._draft, self._facts, self._family
        system = draft.end(facts, Side.SUBJECT, SUBJECT)
        listed = _LISTS.get(family)
        there = facts.truth(family.value)
        if listed is None or there not in (None, TRUE):
            return system
        own = draft.attribute_data(facts.attributes(Side.SUBJECT, Owner.ITEM))
        item: Any
        match family:
            case Kind.JOINING:
                pair = facts.get("pair")
                item = list(pair.value) if pair and pair.value else [self.datum, self.datum]
            case Kind.DERIVATION:
                takes, makes = (self._derived(each) for each in ("of", "into"))
                item = {"from": takes, "to": makes, **own}
            case Kind.USE:
                purposes = {} if self.purpose is None else {"purposes": [self.purpose]}
                item = {"data": self.datum, **purposes, **own}
            case _:
                item = {"data": self.datum, **own} if own else self.datum
        if self.datum is None:
            raise Unrealisable
        draft.add("systems", system, {listed: [item]})
        return system

    def _derived(self, word: str) -> str:
        found = judged_term(self._facts, DerivedTerm(word), self._policy.taxonomy("data"))
        if found is None:
            raise Unrealisable
        return found
