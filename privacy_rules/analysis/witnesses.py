"""Contracts, paths and collections that give the tests on them the wanted answers, each found by a separate search."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from privacy_rules.analysis.contract_witnesses import ContractWitnesses
from privacy_rules.analysis.drafts import SUBJECT, Unrealisable, with_term
from privacy_rules.analysis.formula import Variable
from privacy_rules.analysis.model_facts import Facts
from privacy_rules.analysis.search import Wish
from privacy_rules.analysis.variables import (
    WITHIN_COLLECTED,
    CollectedTest,
    ContractTest,
    HoldsTest,
    OwnerTest,
    PathTest,
    ValueOf,
)
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Owner, Side
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest import write
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity

_RECIPIENTS = Side.RECIPIENT, Side.BOTH
_ROLE = BUILT_IN[Entity.SYSTEM, "role"]


class Witnesses(ContractWitnesses):
    """Adds to a draft what its tests of contracts, paths and collections need. Raises Unrealisable if that fails."""

    def add(self, datum: str | None, purpose: str | None, at: str | None) -> None:
        """Add all of them. `at` is the system that has the judged datum, or sends it on."""
        self._add_of_ends(datum, purpose)
        tests = self._tests()
        collected = [(key, tests[key]) for key in tests if isinstance(key, CollectedTest)]
        self._collection(collected, tests.get(WITHIN_COLLECTED), datum, purpose, at)

    def _tests(self) -> dict[Hashable, int]:
        """The whole tests that are variables, with their answers."""
        return {key: found for key in self._facts if (found := self._facts.truth(key)) is not None}

    def _add_of_ends(self, datum: str | None, purpose: str | None) -> None:
        """Add the contracts, owners and paths that the ends need."""
        tests = self._tests()
        contracts = [(key, tests[key]) for key in tests if isinstance(key, ContractTest)]
        for side in dict.fromkeys(key.side for key, _ in contracts):
            self._contracts([each for each in contracts if each[0].side is side], datum, purpose)
        owners = [(key, tests[key]) for key in tests if isinstance(key, OwnerTest)]
        for side in dict.fromkeys(key.side for key, _ in owners):
            self._owners([each for each in owners if each[0].side is side], side)
        self._paths([(key, tests[key]) for key in tests if isinstance(key, PathTest | HoldsTest)])

    def _add_beside(self, found: Facts, datum: str | None) -> None:
        """Add what the facts of another flow need; the flow has the ends of the draft."""
        beside = Witnesses(self._setting, found, self._draft, self._solve)
        beside.begin()
        try:
            beside._add_of_ends(datum, None)
        except Unrealisable as error:
            raise Unrealisable(beside=error.refuted or error.beside) from error  # it is not about the subject

    # ---- owners

    def _owners(self, tests: Sequence[tuple[OwnerTest, int]], side: Side) -> None:
        """Add a chain of owners, one for each test that must be true."""
        draft = self._draft
        party = draft.parties.get(draft.systems.get(side, "")) if draft.systems else SUBJECT
        if not tests:
            return
        if party is None:
            raise Unrealisable
        is_open = all(answer != FALSE for _, answer in tests)
        for key, answer in tests:
            if answer == FALSE or (answer == UNKNOWN and is_open):
                continue
            others = [each for each in tests if each[0] != key]
            limits = [wish for other, most in others for wish in self._limits(other.owner, most)]
            found = self._solve([(key.owner, True, answer), *limits])
            if found is None:
                raise Unrealisable(self._refuted((key, answer), others))
            owner = draft.party(found, Side.SUBJECT)
            if owner is None:
                raise Unrealisable
            draft.add("parties", party, {"parent": owner})
            party = owner
        if not is_open:
            draft.add("parties", party, {"parent": "none"})

    # ---- paths

    def begin(self) -> None:
        """Declare that systems hold nothing unless they say so, if tests are about paths."""
        tests = [key for key in self._facts if isinstance(key, PathTest | HoldsTest)]
        if tests:
            lists: dict[str, list[str]] = {"stores": [], "uses": [], "joins": [], "transforms": []}
            lists |= {"creates": []} if any(isinstance(key, HoldsTest) for key in tests) else {}
            self._draft.records["defaults"] = {"system": write.built_in(self._policy, Entity.SYSTEM, lists)}

    def _paths(self, tests: Sequence[tuple[PathTest | HoldsTest, int]]) -> None:
        for key, answer in tests:
            if answer == FALSE:
                continue
            path = key.path if isinstance(key, HoldsTest) else key
            beside = [each for each in tests if _path(each[0]).side is path.side]
            if not self._path(path, answer, beside):
                starts = isinstance(key, HoldsTest) or self._solve([(self._start(path), True, TRUE)])
                raise Unrealisable(
                    None if starts or answer != TRUE else self._make.exactly(self._make.whole(key), TRUE)
                )

    def _path(self, path: PathTest, answer: int, beside: Sequence[tuple[PathTest | HoldsTest, int]]) -> bool:
        """Add a path that gives a test its answer, and gives no other test a truer one; return whether there is one."""
        for way in ("direct", "derived", "through"):
            wishes: list[Wish] = [(self._leads(path, way), True, TRUE)]
            for key, most in beside:
                leads = self._leads(_path(key), way)
                wishes += self._limits(leads, most)
            if answer == UNKNOWN and way == "direct":
                wishes = [(self._start(path), True, TRUE)]
                for key, most in beside:
                    wishes += [] if most else self._limits(self._start(_path(key)), FALSE)
            elif answer == UNKNOWN:
                continue
            found = self._solve(wishes)
            if found is not None:
                self._lay(found, way if answer == TRUE else "unknown", path.side)
                return True
        return answer == UNKNOWN and path.start is not None and self._sends_unsourced(path, beside)

    def _sends_unsourced(self, path: PathTest, beside: Sequence[tuple[PathTest | HoldsTest, int]]) -> bool:
        """Add a flow by which the system of a path sends data that may have come from anybody; return whether there is such data."""
        draft, make = self._draft, self._make
        wishes: list[Wish] = [(make.test(Variable("data", "one", "data"), path.data), True, TRUE)]
        for key, most in beside:
            if most != TRUE and (isinstance(key, HoldsTest) or (key.start is not None and most == FALSE)):
                wishes.append((make.test(Variable("data", "one", "data"), _path(key).data), False, UNKNOWN))
        found, system = self._solve(wishes), draft.systems.get(path.side)
        if found is None or system is None:
            return False
        other = draft.free_id("systems", "elsewhere")
        draft.add("systems", other, {})
        datum = found.get("data")
        self._flow(system, other, str(datum.value) if datum and datum.value else self._any_datum())
        return True

    def _start(self, path: PathTest) -> int:
        return self._make.constant(TRUE) if path.start is None else path.start

    def _leads(self, path: PathTest, way: str) -> int:
        """The node that says that data reaches a test's system, by one of the paths that can be added."""
        make = self._make
        data = make.test(Variable("data", "one", "data"), path.data)
        start = self._start(path)
        if way == "direct":
            return make.all_of([data, start])
        if way == "derived":
            made = make.test(Variable("made", "one", "data"), path.data)
            by = [] if path.methods is None else [make.test(Variable("by", "one", "method"), path.methods)]
            derives = [make.all_of([data, start, *by])] if path.derived else []
            arrives = make.all_of([made, start])
            return make.any_of([arrives, *derives])
        avoided = make.constant(FALSE) if path.avoiding is None else path.avoiding
        begins = make.constant(FALSE) if path.middle is None else path.middle
        return make.all_of([data, make.any_of([begins, make.all_of([start, make.negation(avoided)])])])

    def _lay(self, found: Facts, way: str, side: Side) -> None:
        draft = self._draft
        end = draft.systems.get(side)
        if end is None:
            end = draft.free_id("systems", "theirs")
            draft.add("systems", end, {"party": "it"})
            draft.systems[side], draft.parties[end] = end, "it"
        kept = dict(draft.systems)
        draft.systems.clear()
        origin = draft.end(found, Side.SOURCE, "origin")
        between = draft.end(found, Side.RECIPIENT, "between") if way == "through" else None
        datum = found.get("data")
        term = str(datum.value) if datum and datum.value else self._any_datum()
        last, carried = origin, term
        if way == "derived":
            made, by = found.get("made"), found.get("by")
            carried = str(made.value) if made and made.value else self._any_datum()
            record = {"from": term, "to": carried} | ({"method": by.value} if by and by.value else {})
            draft.add("systems", origin, {"transforms": [record]})
        if between is not None:
            last = between
            self._flow(origin, last, term)
        self._add_beside(found, term)
        draft.add("systems", origin, write.built_in(self._policy, Entity.SYSTEM, {"creates": [term]}))
        self._flow(last, end, None if way == "unknown" else carried)
        draft.systems.clear()
        draft.systems.update(kept)

    def _any_datum(self) -> str:
        data = self._policy.taxonomy("data")
        found = next((each for each in data.terms if data.is_narrowest(each)), None)
        if found is None:
            raise Unrealisable
        return found

    def _flow(self, source: str, target: str, carries: str | None) -> None:
        record: dict[str, Any] = {"from": source, "to": target}
        record |= {} if carries is None else {"carries": [carries]}
        self._draft.add("flows", self._draft.free_id("flows", "before"), record)

    # ---- collections

    def _collection(
        self,
        tests: Sequence[tuple[CollectedTest, int]],
        within: int | None,
        datum: str | None,
        purpose: str | None,
        at: str | None,
    ) -> None:
        """Add a collection from a person that gives all tests of collections their answers."""
        if (not tests and within is None) or at is None or self._is_persons(at):
            return  # what a person gives is its own collection
        if all(answer == UNKNOWN for _, answer in tests) and within in (None, UNKNOWN):
            return
        wishes: list[Wish] = [(self._data_subject(), True, TRUE)]
        for key, answer in tests:
            wishes += [(key.terms, True, answer)] if answer else []
            wishes += self._limits(key.terms, answer)
        found = self._solve(wishes)
        purposes = None if within in (None, UNKNOWN) else self._purposes(purpose, within)
        if found is not None:
            self._lay_collection(found, datum, purposes, at)
            return
        refuted = self._no_collection(tests)
        both = None if refuted is not None else [self._solve(self._of_two(tests, number)) for number in (0, 1)]
        stores = self._draft.records["systems"][at].get("stores")
        if both is None or None in both or not (stores or SUBJECT in self._draft.records.get("flows", {})):
            raise Unrealisable(refuted)
        names = [self._lay_collection(each, datum, purposes, at) for each in both if each is not None]
        if stores:
            stores[0] = {**(stores[0] if isinstance(stores[0], dict) else {"data": stores[0]}), "origin": names}
        else:
            self._draft.add("flows", SUBJECT, {"origin": names})

    def _of_two(self, tests: Sequence[tuple[CollectedTest, int]], number: int) -> list[Wish]:
        """What must be true of each of two collections that an origin names, for tests that distinguish them."""
        wishes: list[Wish] = [(self._data_subject(), True, TRUE)]
        for key, answer in tests:
            first = answer == TRUE or (key.how != "partly" and answer == (FALSE if key.how else UNKNOWN))
            second = answer == TRUE and key.how != "partly"
            is_true = (first, second)[number]
            wishes.append((key.terms, True, TRUE) if is_true else (key.terms, False, UNKNOWN))
        return wishes

    def _lay_collection(self, found: Facts, datum: str | None, purposes: list[str] | None, at: str) -> str:
        """Add a collection with these facts; return its id."""
        draft = self._draft
        self._with_role(at, self._facts)
        kept = dict(draft.systems)
        draft.systems.clear()
        person = draft.end(found, Side.SOURCE, "person")
        collector = draft.end(found, Side.RECIPIENT, "collector") if _asks_recipient(found) else at
        if collector != at:
            self._with_role(collector, found)
        draft.systems[Side.RECIPIENT] = collector
        self._add_beside(found, datum)
        draft.systems.clear()
        draft.systems.update(kept)
        if collector != at:
            self._flow(collector, at, datum)
        own = found.attributes(Side.SUBJECT, Owner.FLOW)
        record: dict[str, Any] = {"from": person, "to": collector}
        carries = with_term(own.pop("carries", None), datum)
        record |= {} if carries is None else {"carries": list(carries)}
        record |= draft.attribute_data({name: each for name, each in own.items() if name not in record})
        record |= {} if purposes is None else {"purposes": purposes}
        name = draft.free_id("flows", "before")
        draft.add("flows", name, record)
        return name

    def _with_role(self, system: str, facts: Facts) -> None:
        """Let the party of a system be somebody other than the person that the data is about, if the facts do not say its role."""
        draft = self._draft
        side = next((each for each, name in draft.systems.items() if name == system), None)
        asked = side is not None and any(
            "role" in facts.attributes(side, owner) for owner in (Owner.SYSTEM, Owner.PARTY)
        )
        party = draft.parties[system]
        if party is not None and not asked:
            draft.records["parties"][party].setdefault("role", self._neutral_role())

    def _no_collection(self, tests: Sequence[tuple[CollectedTest, int]]) -> int | None:
        """Return the node for the answers of some of these tests, if no collection can give them; None if one may.

        One collection is enough to make `only` false or `partly` true; other answers depend on all collections. One datum is enough
        to make a test about a joining false.
        """
        decided = [(key, answer) for key, answer in tests if answer != UNKNOWN]
        joined = self._facts.get(Kind.JOINING.value) is not None
        of_some = [
            (key, answer)
            for key, answer in decided
            if (key.how, answer) in (("only", FALSE), ("partly", TRUE)) or (joined and answer == FALSE)
        ]
        of_each = [each for each in decided if each not in of_some]
        for chosen in [[*of_each, each] for each in of_some] or [of_each]:
            wishes = [(key.terms, True, TRUE) if answer else (key.terms, False, UNKNOWN) for key, answer in chosen]
            if self._solve(wishes) is None:
                return self._make.all_of(self._make.exactly(self._make.whole(key), answer) for key, answer in chosen)
        return None

    def _purposes(self, purpose: str | None, within: int) -> list[str]:
        if purpose is None:
            raise Unrealisable
        if within == TRUE:
            return [purpose]
        taxonomy = self._policy.taxonomy("purpose")
        return [each for each in taxonomy.terms if not taxonomy.overlaps(each, purpose)][:1]

    def _data_subject(self) -> int:
        roles = self._policy.taxonomy("role")
        mask = roles.below("data_subject") if "data_subject" in roles else 0
        key = ValueOf(Side.SOURCE, Owner.SYSTEM, "role", _ROLE.type, _ROLE.default)
        return self._make.test(Variable(key, "set", "role", _ROLE), ("includes", mask))

    def _is_persons(self, system: str) -> bool:
        party = self._draft.parties.get(system)
        record = self._draft.records.get("parties", {}).get(party, {})
        return bool(record.get("role") == "data_subject")


def _path(key: PathTest | HoldsTest) -> PathTest:
    return key.path if isinstance(key, HoldsTest) else key


def _asks_recipient(found: Facts) -> bool:
    """Whether some of a flow's facts are about its recipient."""
    return any(getattr(_path(key) if isinstance(key, HoldsTest) else key, "side", None) in _RECIPIENTS for key in found)
