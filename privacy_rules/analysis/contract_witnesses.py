"""Contracts that give the tests on contracts the wanted answers; each contract is found by a separate search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from privacy_rules.analysis.domains import DECLARED
from privacy_rules.analysis.drafts import US, Draft, Setting, Unrealisable
from privacy_rules.analysis.model_facts import Facts
from privacy_rules.analysis.search import Wish
from privacy_rules.analysis.variables import ContractTest, CoversTest, ValueOf
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Owner, Side

Solve = Callable[[Sequence[Wish]], Facts | None]
"""Returns facts for which conditions hold; None if there are none."""

_ENDS: tuple[str, ...] = ("with", "between", "systems")


class ContractWitnesses:
    """Adds to a draft the contracts that tests of its ends need. Raises Unrealisable if that fails."""

    def __init__(self, setting: Setting, facts: Facts, draft: Draft, solve: Solve) -> None:
        self._setting = setting
        self._make, self._policy, self._day = setting.make, setting.policy, setting.day
        self._facts, self._draft, self._solve = facts, draft, solve

    # ---- what tests must be

    def _limits(self, node: int, most: int) -> list[Wish]:
        """The condition that a node is not truer than its test."""
        return [] if most == TRUE else [(node, False, most + 1)]

    def _refuted(self, one: tuple[Any, int], others: Sequence[tuple[Any, int]]) -> int:
        """The node that says: a test has at least its answer, and others have at most theirs.

        No manifest makes it true.
        """
        make = self._make
        at_most = [make.negation(make.least(make.whole(key), most + 1)) for key, most in others if most != TRUE]
        return make.all_of([make.least(make.whole(one[0]), one[1]), *at_most])

    # ---- contracts

    def _contracts(self, tests: Sequence[tuple[ContractTest, int]], datum: str | None, purpose: str | None) -> None:
        for key, answer in tests:
            if answer == FALSE:
                continue
            if key.terms is None and key.chain and any(each != key and found == answer for each, found in tests):
                continue
            others = [each for each in tests if each[0] != key]
            yes = self._make.constant(TRUE)
            wishes: list[Wish] = [(yes if key.terms is None else key.terms, True, TRUE)]
            for other, most in others:
                if other.chain or not key.chain:
                    wishes += self._limits(yes if other.terms is None else other.terms, most)
            found = self._solve([*wishes, *self._of_any_contract(wishes)])
            if found is None:
                chains = key.chain or any(other.chain for other, _ in others)
                related = [each for each in others if each[0].chain or not key.chain]
                lone = len([each for each in related if each[1] != TRUE]) <= 1
                raise Unrealisable(self._refuted((key, answer), related) if lone or not chains else None)
            is_long = key.chain and any(not other.chain and most < answer for other, most in others)
            self._contract(key.side, found, answer, datum, purpose, is_long=is_long)

    def _of_any_contract(self, wishes: Sequence[Wish]) -> Iterator[Wish]:
        """What every contract in force satisfies, as far as the wishes need it: `with` or `between`, and its dates."""
        make, day = self._make, self._day.toordinal()
        below = make.below(node for node, _, _ in wishes)
        numbers = {make.nodes[each].parts[0] for each in below if make.nodes[each].kind == "test"}
        variables = (make.variables[each] for each in sorted(numbers))
        asked = {each.key.name: each for each in variables if isinstance(each.key, ValueOf)}
        if "until" in asked:
            yield make.test(asked["until"], ("<=", day)), False, UNKNOWN
        if "from" in asked:
            yield make.test(asked["from"], (">", day)), False, UNKNOWN
        if "with" in asked and "between" in asked:
            one, other = (make.test(asked[each], DECLARED) for each in ("with", "between"))
            for node in (make.any_of([one, other]), make.negation(make.all_of([one, other]))):
                yield node, True, TRUE

    def _contract(
        self, side: Side, found: Facts, answer: int, datum: str | None, purpose: str | None, *, is_long: bool
    ) -> None:
        """Add a contract of the parties of a side; `is_long`: with a party that has such a contract with us."""
        draft = self._draft
        record, said = self._record(found, datum, purpose)
        if answer == UNKNOWN:
            record["from"] = None
        both = side is Side.BOTH
        ends = [draft.systems.get(each) for each in ((Side.SOURCE, Side.RECIPIENT) if both else (side,))]
        parties = [draft.parties.get(each or "", None) for each in ends]
        if not ends[0] and side is Side.SUBJECT:
            parties = ["it"]
        named = [each for each in parties if each is not None]
        if len(named) < len(parties) or len(set(named)) < len(named):
            raise Unrealisable
        ours = draft.us(named[0]) if not both else None
        if said.get("systems") == TRUE:
            record["systems"] = self._systems_of(ends, named)
        among = said.get("between") == TRUE or said.get("with") == FALSE
        if is_long and ours:
            middle = draft.free_id("parties", "processor")
            draft.add("parties", middle, {"role": self._neutral_role()})
            self._link([middle, ours], ours, record, among=among)
            named, ours = [*named, middle], None
        us = ours or (US if US in named else None)
        if us is None and said.get("with") == TRUE:
            us = self._made_us(named)
        self._link([*named, ours] if ours else named, us, record, among=among)

    def _record(
        self, found: Facts, datum: str | None, purpose: str | None
    ) -> tuple[dict[str, Any], dict[str, int | None]]:
        """What a contract declares, and whether it needs `with`, `between` and `systems`."""
        own = found.attributes(Side.SUBJECT, Owner.CONTRACT)
        said = {name: own.pop(name).answers.get(DECLARED) for name in _ENDS if name in own}
        record = self._draft.attribute_data(own)
        covers = {
            word: self._covered(term, found.truth(CoversTest(judged)), judged)
            for judged, word, term in (("data", "data", datum), ("purpose", "purposes", purpose))
        }
        if covered := {word: each for word, each in covers.items() if each is not None}:
            record["covers"] = covered
        return record, said

    def _made_us(self, named: Sequence[str]) -> str:
        """One of the parties, which becomes us if nothing is known of its role."""
        records = self._draft.records["parties"]
        found = next((each for each in named if "role" not in records[each]), None)
        if found is None:
            raise Unrealisable
        records[found]["role"] = US
        return found

    def _link(self, between: Sequence[str], us: str | None, record: Mapping[str, Any], *, among: bool) -> None:
        is_ours = us is not None and not among
        link = {"with": next(each for each in between if each != us)} if is_ours else {"between": sorted(between)}
        self._draft.add("contracts", self._draft.free_id("contracts", "terms"), {**link, **record})

    def _systems_of(self, ends: Sequence[str | None], named: Sequence[str]) -> list[str]:
        """The systems to which a contract is limited: the ends, or one of the party."""
        found = [each for each in ends if each]
        if not found:
            self._draft.add("systems", "theirs", {"party": named[0]})
        return found or ["theirs"]

    def _neutral_role(self) -> str:
        """A role that is neither ours nor that of a data subject."""
        roles = self._policy.taxonomy("role")
        taken = [each for each in (US, "data_subject") if each in roles]
        found = (each for each in roles.terms if not any(roles.overlaps(each, other) for other in taken))
        role = next((each for each in found if roles.is_narrowest(each)), None)
        if role is None:
            raise Unrealisable
        return role

    def _covered(self, term: str | None, covered: int | None, judged: str) -> list[str] | None:
        """What a contract covers, for an answer about the judged term; None if it does not say."""
        if covered is None or covered == UNKNOWN:
            return None
        if term is None:
            raise Unrealisable
        if covered == TRUE:
            return [term]
        taxonomy = self._policy.taxonomy(judged)
        other = [each for each in taxonomy.terms if not taxonomy.overlaps(each, term) and taxonomy.is_narrowest(each)]
        return other[:1]
