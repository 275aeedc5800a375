"""What is decided in every case: the facts that a rule asks for more than once get each of their possible values."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Compares,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsEntity,
    IsFlagged,
    IsTerm,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Owner,
    Reached,
    Reference,
    Rule,
    Side,
    Subject,
    UnderContract,
    Within,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import METHOD, Entity, Form
from privacy_rules.vocabulary.values import Duration, Item, moved
from tests.reference import possible
from tests.reference.facts import Silence, Spoken, said
from tests.reference.possible import Fact, Test
from tests.reference.terms import FALSE, TRUE, UNKNOWN, both, either, is_one_of, opposite, truth

if TYPE_CHECKING:
    from tests.reference.evaluator import Evaluator

MOST_CASES = 4_096
OPPOSITE_ORDER = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}


@dataclass(frozen=True)
class Asked:
    """A test of an open fact."""

    fact: Hashable
    test: Test


@dataclass(frozen=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Not:
    part: Formula


Formula = Truth | Asked | And | Or | Not
Answers = Mapping[tuple[Hashable, Test], Truth]


def value(formula: Formula, answers: Answers) -> Truth:
    match formula:
        case And(parts):
            return both(*(value(each, answers) for each in parts))
        case Or(parts):
            return either(*(value(each, answers) for each in parts))
        case Not(part):
            return opposite(value(part, answers))
        case Asked(fact, test):
            return answers.get((fact, test), UNKNOWN)
    return formula


def without_decided(formula: Formula) -> Formula:
    """The formula without the parts that decide nothing."""
    match formula:
        case And(parts):
            left = tuple(each for each in map(without_decided, parts) if each is not TRUE)
            return FALSE if FALSE in left else And(left) if left else TRUE
        case Or(parts):
            left = tuple(each for each in map(without_decided, parts) if each is not FALSE)
            return TRUE if TRUE in left else Or(left) if left else FALSE
        case Not(part):
            left_ = without_decided(part)
            return Not(left_) if isinstance(left_, Asked | And | Or | Not) else opposite(left_)
    return formula


def tests_in(formula: Formula) -> Iterator[Asked]:
    match formula:
        case And(parts) | Or(parts):
            for each in parts:
                yield from tests_in(each)
        case Not(part):
            yield from tests_in(part)
        case Asked():
            yield formula


class Cases:
    """The cases of one judged pair."""

    def __init__(self, evaluator: Evaluator, spoken: Spoken) -> None:
        self.evaluator, self.facts, self.policy = evaluator, evaluator.facts, evaluator.policy
        self.spoken = spoken
        self.open: dict[Hashable, Fact] = {}

    def verdict(self, rule: Rule) -> Verdict:
        wrong = without_decided(And((self.scope(rule), Not(self.requirement(rule)))))
        for fact in self.open.values():
            fact.asked.clear()
        for each in tests_in(wrong):
            self.open[each.fact].asked.append(each.test)
        found = {value(wrong, answers) for answers in self.cases()}
        if found == {TRUE}:
            return Verdict.VIOLATION
        return Verdict.COMPLIANT if found == {FALSE} else Verdict.UNDETERMINED

    def cases(self) -> Iterator[Answers]:
        """One mapping for each case; a single empty one where there are too many."""
        rows = {key: fact.rows() for key, fact in self.open.items() if fact.asked}
        told = {key: each for key, each in rows.items() if len(self.open[key].asked) > 1 or len(each) == 1}
        if prod(map(len, told.values())) > MOST_CASES:
            yield {}
            return
        for chosen in product(*told.values()):
            yield {
                (key, test): TRUE if answer else FALSE
                for key, row in zip(told, chosen, strict=True)
                for test, answer in zip(self.open[key].tests, row, strict=True)
            }

    # Rules.

    def scope(self, rule: Rule) -> Formula:
        parts = [self.is_of(rule.subject)]
        if rule.statement in ("forbid", "require") and rule.when is not None:
            parts.append(self.of(rule.when, self.spoken))
        return And(tuple(parts))

    def requirement(self, rule: Rule) -> Formula:
        parts = [self.of(each, self.spoken) for each in (rule.required, rule.unless, *rule.alternatives) if each]
        for permit in self.evaluator.permits_of(rule):
            when = TRUE if permit.when is None else self.of(permit.when, self.spoken)
            parts.append(
                self.known(And((self.is_of(permit.subject), when)), self.evaluator.permits(permit, self.spoken))
            )
        return Or(tuple(parts))

    def known(self, formula: Formula, found: Truth) -> Formula:
        return formula if found is UNKNOWN else found

    def is_of(self, subject: Subject) -> Formula:
        limits = (self.of(each, self.spoken) for each in subject.limits)
        return And((self.is_of_kind(subject.kind), *limits))

    def is_of_kind(self, kind: Kind) -> Formula:
        found = self.evaluator.is_of_kind(kind, self.spoken)
        if found is not UNKNOWN:
            return found
        if kind.family is not Kind.FLOW:
            return self.ask("something is there", possible.yes_or_no())
        source, recipient = (self.facts.end(self.spoken.id, each) for each in ("from", "to"))
        match kind:
            case Kind.COLLECTION:
                inside = self.has_role(source, "organisation")
                return And((self.has_role(recipient, "organisation"), Not(inside)))
            case Kind.SHARING:
                ends = (self.has_role(each, "organisation") for each in (source, recipient))
                return And((*ends, Not(self.one_party(source, recipient))))
            case _:
                return And((self.has_role(recipient, "outside"), Not(self.one_party(source, recipient))))

    # Conditions.

    def of(self, condition: Condition, spoken: Spoken, contract: Record | None = None) -> Formula:
        """What the manifest decides, else what is asked of open facts."""
        found = self.evaluator.holds(condition, spoken, contract)
        return self.open_part(condition, spoken, contract) if found is UNKNOWN else found

    def open_part(  # noqa: C901 (one case for each test)
        self, condition: Condition, spoken: Spoken, contract: Record | None
    ) -> Formula:
        match condition:
            case All(parts=parts):
                return And(tuple(self.of(each, spoken, contract) for each in parts))
            case AnyOf(parts=parts):
                return Or(tuple(self.of(each, spoken, contract) for each in parts))
            case Negation(part=part):
                return Not(self.of(part, spoken, contract))
            case Defined(body=body):
                return self.of(body, spoken, contract)
            case EndMatches(side=side, selector=selector):
                return self.of(selector, Spoken(Kind.SYSTEM, self.facts.system_of(spoken, side)))
            case JudgedIs(judged=judged, terms=terms):
                return self.judged_is(judged, terms)
            case Covers(judged=judged):
                return self.covers(judged, contract)
            case Derives(word=word, terms=terms):
                declared = self.spoken.pair[0 if word == "of" else 1] if self.spoken.pair else None
                fact = possible.one_term(self.policy.taxonomy("data"), declared)
                return self.ask(("derived", word), fact, Test("is", terms))
            case Joins(terms=terms, other=other):
                return self.ask(
                    "joined",
                    possible.of_two(self.policy.taxonomy("data"), self.spoken.pair),
                    Test("is", (terms, other)),
                )
            case IsEntity(id=name):
                return self.is_party(spoken.id, name)
            case UnderContract(chain=False):
                return self.under_contract(condition, spoken)
            case UnderContract(side=side, terms=terms):
                return self.by_itself("bound to us", self.who(spoken, side), shape(terms))
            case OwnedBy(side=side, owner=owner):
                who = self.who(spoken, side)
                party = None if spoken.kind is Kind.PARTY else self.facts.party_of(who)
                return self.by_itself("owned by", who if party is None else party, party is None, shape(owner))
            case Reached() | Holds():
                return self.data_at(condition, spoken)
            case ComparesFact():
                return self.two_facts(condition, spoken, contract)
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self.of_attribute(condition, spoken, contract)
        return self.by_itself(spoken.kind, spoken.id, contract and contract.id, shape(condition))

    def ask(self, key: Hashable, fact: Fact, test: Test = Test("is")) -> Asked:  # noqa: B008 (frozen)
        self.open.setdefault(key, fact).asked.append(test)
        return Asked(key, test)

    def by_itself(self, *key: Hashable) -> Formula:
        """A test that is a fact of its own."""
        return self.ask(key, possible.yes_or_no())

    def who(self, spoken: Spoken, side: Side) -> str:
        return spoken.id if spoken.kind is Kind.PARTY else self.facts.system_of(spoken, side)

    # Parties and what is judged.

    def has_role(self, system: str, role: str) -> Formula:
        found = self.facts.stands_at(system, role)
        if found is not UNKNOWN:
            return found
        played = self.policy.attributes[Entity.SYSTEM, "role"]
        spoken = Spoken(Kind.SYSTEM, system)
        return self.test_of(Reference(Side.SUBJECT, Owner.SYSTEM, played, ""), spoken, None, Test("includes", (role,)))

    def one_party(self, one: str, other: str) -> Formula:
        found = self.facts.different_parties(self.spoken.id)
        if found is not UNKNOWN:
            return opposite(found)
        for known_, open_ in ((one, other), (other, one)):
            party = self.facts.party_of(known_)
            if party is not None:
                return self.is_party(open_, party)
        return self.same_fact((Entity.SYSTEM, one, "party"), (Entity.SYSTEM, other, "party"))

    def is_party(self, system: str, party: str) -> Formula:
        return self.ask((Entity.SYSTEM, system, "party"), possible.one_name(), Test("is", party))

    def same_fact(self, one: Hashable, other: Hashable) -> Formula:
        return TRUE if one == other else self.by_itself("the same", frozenset((one, other)))

    def judged_is(self, judged: str, terms: tuple[str, ...]) -> Formula:
        declared = self.spoken.datum if judged == "data" else self.spoken.purpose
        vocabulary = self.policy.taxonomy(judged)
        found = is_one_of(declared, terms, vocabulary)
        fact = possible.one_term(vocabulary, declared)
        return self.ask(("judged", judged), fact, Test("is", terms)) if found is UNKNOWN else found

    # Contracts.

    def covers(self, judged: str, contract: Record | None) -> Formula:
        assert contract is not None
        name = "covers.data" if judged == "data" else "covers.purposes"
        promised = self.facts.value(contract, self.policy.attributes[Entity.CONTRACT, name])
        if not isinstance(promised, tuple):
            return self.by_itself("covers", judged, contract.id)
        return self.judged_is(judged, promised)  # type: ignore[arg-type]

    def under_contract(self, test: UnderContract, spoken: Spoken) -> Formula:
        """Each contract that may bind them, part by part."""
        asked = self.evaluator.asked(test.side, spoken)
        parties = [self.facts.party_of(each) for each in asked] or [spoken.id]
        found: list[Formula] = []
        if sum(self.may_bind(each, parties) is not FALSE for each in self.facts.estate.contracts.values()) > 50:
            return self.by_itself("under contract", test.side, self.who(spoken, test.side), shape(test.terms))
        for contract in self.facts.estate.contracts.values():
            binds = self.may_bind(contract, parties)
            here = self.evaluator.contracts.is_for(contract, asked)
            if binds is FALSE or here is FALSE:
                continue
            parts = [
                self.in_force(contract),
                binds if binds is not UNKNOWN else self.by_itself("binds", contract.id, *asked),
                here if here is not UNKNOWN else self.by_itself("is for", contract.id, asked),
                TRUE if test.terms is None else self.of(test.terms, self.spoken, contract),
            ]
            found.append(And(tuple(parts)))
        return Or(tuple(found))

    def may_bind(self, contract: Record, parties: list[str | None]) -> Truth:
        contracts = self.evaluator.contracts
        if len(parties) == 2:
            return contracts._may_bind(contract, *parties)
        known = either(
            *(
                both(contracts.is_us(us), contracts._may_bind(contract, each, us))
                for each in contracts._may_be(parties[0])
                for us in self.facts.estate.parties
                if us != each
            )
        )
        return min(known, UNKNOWN) if parties[0] is None else known

    def in_force(self, contract: Record) -> Formula:
        """Not false; else the contract would not count."""
        parts: list[Formula] = []
        if self.evaluator.contracts.in_force(contract) is not UNKNOWN:
            return self.evaluator.contracts.in_force(contract)
        for name, sign in (("from", "<="), ("until", ">")):
            day = self.facts.value(contract, self.policy.attributes[Entity.CONTRACT, name])
            if day is None:
                parts.append(self.with_today((Entity.CONTRACT, contract.id, name), None, sign))
        return And(tuple(parts))

    # Values.

    def fact_of(self, reference: Reference, spoken: Spoken, contract: Record | None) -> Hashable:
        """Which fact a name finds: of whom, and which attribute."""
        name = reference.attribute.name
        if reference.owner is Owner.ITEM:
            own = {} if spoken.item is None else dict(spoken.item.declared)
            if spoken.item is None or reference.attribute == METHOD or name in own:
                return "of the item", name
        if reference.owner is Owner.PARTY and spoken.kind is not Kind.PARTY:
            return self.of_party(self.facts.system_of(spoken, reference.side), name)
        record = self.facts.holder(spoken, reference, contract)
        assert record is not None
        if record.entity is Entity.SYSTEM and name in ("country", "role"):
            inherited = said(record, name) is Silence.UNDECLARED and reference.attribute.default is None
            if inherited:
                return self.of_party(record.id, name)
        return record.entity, record.id, name

    def of_party(self, system: str, name: str) -> Hashable:
        party = self.facts.party_of(system)
        return ("of the party of", system, name) if party is None else (Entity.PARTY, party, name)

    def test_of(self, reference: Reference, spoken: Spoken, contract: Record | None, test: Test) -> Asked:
        found = self.facts.named(spoken, reference, contract)
        if isinstance(found, Silence):
            found = None
        if isinstance(found, tuple):
            found = tuple(sorted({each.term if isinstance(each, Item) else str(each) for each in found}))
        terms = self.policy.taxonomy(reference.attribute.type.vocabulary or "")
        fact = possible.of_attribute(reference.attribute, terms, found)
        return self.ask(self.fact_of(reference, spoken, contract), fact, test)

    def of_attribute(
        self,
        condition: IsTerm | Includes | Within | Compares | IsFlagged,
        spoken: Spoken,
        contract: Record | None,
    ) -> Formula:
        def ask(word: str, wanted: object) -> Asked:
            return self.test_of(condition.reference, spoken, contract, Test(word, wanted))

        match condition:
            case IsFlagged():
                return ask("is", True)
            case Compares(operator=sign, value=limit):
                return self.with_value(condition.reference, spoken, contract, sign, limit)
            case Includes(every=True, terms=terms):
                return And(tuple(ask("includes", (each,)) for each in terms))
            case IsTerm(terms=terms) if condition.reference.attribute.type.form is Form.ONE:
                return ask("is", terms)
            case Within(terms=terms, non_empty=True):
                return And((ask("within", terms), ask("includes", terms)))
            case Within(terms=terms):
                return ask("within", terms)
            case _:
                return ask("includes", condition.terms)  # type: ignore[union-attr]

    def with_value(
        self, reference: Reference, spoken: Spoken, contract: Record | None, sign: str, limit: object
    ) -> Formula:
        """A comparison with a value that is known; a term is known if nothing is below it."""
        form = reference.attribute.type.form
        if form in (Form.NUMBER, Form.DURATION, Form.DATE):
            return self.test_of(reference, spoken, contract, Test(sign, possible.number(limit)))
        if reference.attribute.is_parent and limit == "none":
            return truth(sign == "!=")  # two that nobody owns have no parent in common
        wanted = (limit,) if form is Form.ONE else limit
        asked = self.test_of(reference, spoken, contract, Test("is", wanted))
        return asked if sign == "=" else Not(asked)

    # Two facts.

    def two_facts(self, test: ComparesFact, spoken: Spoken, contract: Record | None) -> Formula:
        one, other, sign = test.reference, test.other, test.operator
        key = self.fact_of(one, spoken, contract)
        if other is None:
            return self.with_today(key, test.shift, sign)
        left, right = (self.exact(each, spoken, contract) for each in (one, other))
        if right is not None:
            limit = moved(right, test.shift) if test.shift and isinstance(right, date) else right
            return self.with_value(one, spoken, contract, sign, limit)
        if left is not None and test.shift is None:
            return self.with_value(other, spoken, contract, OPPOSITE_ORDER[sign], left)
        keys = key, self.fact_of(other, spoken, contract)
        if test.shift is not None:
            return self.order((*keys, test.shift), sign)
        if one.attribute.type.form in (Form.NUMBER, Form.DURATION, Form.DATE):
            if keys[0] == keys[1]:
                return TRUE if sign in ("<=", "=", ">=") else FALSE
            turned = repr(keys[0]) > repr(keys[1])
            return self.order(keys[::-1] if turned else keys, OPPOSITE_ORDER[sign] if turned else sign)
        may_be_none = one.attribute.is_parent and keys[0] == keys[1]
        same = self.by_itself("has a parent", keys[0]) if may_be_none else self.same_fact(*keys)
        return same if sign == "=" else Not(same)

    def exact(self, reference: Reference, spoken: Spoken, contract: Record | None) -> object:
        """The value of a fact; None if it is not known, or names several."""
        found = self.facts.named(spoken, reference, contract)
        if found is Silence.FROM_EVER:
            return date.min
        if found is Silence.UNTIL_ENDED:
            return date.max
        type_ = reference.attribute.type
        if isinstance(found, Silence) or found is None:
            return None
        broad = type_.form is Form.ONE and len(self.policy.taxonomy(type_.vocabulary or "").descendants(str(found))) > 1
        return None if broad else found

    def with_today(self, key: Hashable, shift: Duration | None, sign: str) -> Formula:
        return self.order((key, "today", shift), sign)

    def order(self, key: Hashable, sign: str) -> Formula:
        return self.ask(("order", key), possible.earlier_or_later(), Test(sign))

    # Data.

    def data_at(self, test: Reached | Holds, spoken: Spoken) -> Formula:
        """What else arrives or is there, or what is judged itself."""
        path = test.received if isinstance(test, Holds) else test
        rest = tuple(shape(each) for each in (path.start, path.avoiding, path.derived, path.methods))
        place = ("party", spoken.id) if spoken.kind is Kind.PARTY else self.facts.system_of(spoken, test.side)
        fact = possible.several_terms(self.policy.taxonomy("data"), None, empty=True)
        others = self.ask((type(test), place, rest), fact, Test("includes", path.data))
        if not self.is_at(place, held=isinstance(test, Holds)):
            return others
        begins: Formula = TRUE
        itself = self.judged_is("data", path.data)
        if path.start is not None:
            begins = self.of(path.start, Spoken(Kind.SYSTEM, self.facts.end(self.spoken.id, "from")))
        return Or((others, And((itself, begins))))

    def is_at(self, place: object, *, held: bool) -> bool:
        """Whether what is judged arrives at a system, or (`held`) is there."""
        if self.spoken.kind is Kind.FLOW:
            flow = self.spoken.id
            origins = self.evaluator.paths.origins
            begins = all(origins.of(flow, name) is Silence.UNDECLARED for name in origins.names(flow))
            arrives = begins and place == self.facts.end(flow, "to")
            return arrives or (held and place == self.facts.end(flow, "from"))
        stored = self.spoken.kind is Kind.STORAGE and self.spoken.item is not None
        return held and stored and place == self.spoken.id


def shape(part: object) -> Hashable:
    """What a part of a condition says, wherever it is written."""
    match part:
        case tuple():
            return tuple(map(shape, part))
        case Reference():
            return part.side, part.owner, part.attribute.entity, part.attribute.name
        case Defined(body=body):
            return shape(body)
        case Condition():
            said_ = (getattr(part, each.name) for each in fields(part) if each.name not in ("span", "text"))
            return type(part), *map(shape, said_)
    return part  # type: ignore[return-value]
