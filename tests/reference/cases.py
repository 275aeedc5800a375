"""What is decided in every case: the facts that a rule asks for more than once get each of their possible values."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.conditions import rule_conditions
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
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import METHOD, Attribute, Entity, Form
from privacy_rules.vocabulary.values import Item
from tests.reference import possible
from tests.reference.facts import Context, Silence, said
from tests.reference.formulas import And, Answers, Asked, Formula, Not, Or, shape, tests_in, value, without_decided
from tests.reference.open_comparisons import OpenComparisons
from tests.reference.open_contracts import OpenContracts
from tests.reference.open_data import OpenData
from tests.reference.possible import Fact, Test
from tests.reference.terms import FALSE, TRUE, UNKNOWN, is_one_of, opposite, truth

if TYPE_CHECKING:
    from tests.reference.evaluator import Evaluator

MOST_CASES = 4_096
MOST_DEMANDS = 10


class TooManyCasesError(Exception):
    """There are too many cases to try them."""


class Cases:
    """The cases of one judged pair. `demands`: an `origin` that names a flow makes it a collection."""

    def __init__(self, evaluator: Evaluator, context: Context, rule: Rule, *, demands: bool = True) -> None:
        self.evaluator, self.facts, self.policy = evaluator, evaluator.facts, evaluator.policy
        self.context, self.rule, self.demands = context, rule, demands
        rules = [rule, *evaluator.permits_of(rule)]
        parts = [(*each.subject.limits, each.when, each.unless, each.required, *each.alternatives) for each in rules]
        self.asked_by_the_rule = [each for some in parts for each in some if each is not None]
        self.kinds = {each.subject.kind for each in rules}
        self.parties = {
            each.id
            for one in rules
            for each in rule_conditions(one)
            if isinstance(each, IsEntity) and each.id in self.facts.estate.parties
        }
        self.open: dict[Hashable, Fact] = {}
        self.data, self.comparisons, self.contracts = OpenData(self), OpenComparisons(self), OpenContracts(self)

    def verdict(self) -> Verdict:
        wrong = without_decided(And((self.scope(self.rule), Not(self.requirement(self.rule)))))
        if wrong in (FALSE, TRUE):  # also if no case meets the demands
            return Verdict.VIOLATION if wrong is TRUE else Verdict.COMPLIANT
        demanded = And(tuple(self.is_collection(each) for each in self.named_as_origins()))
        try:
            never, always = (self.is_never(And((each, demanded))) for each in (wrong, Not(wrong)))
        except TooManyCasesError:
            return self.without_demands()
        if never and always:
            return self.without_demands()  # no case meets them
        return Verdict.COMPLIANT if never else Verdict.VIOLATION if always else Verdict.UNDETERMINED

    def without_demands(self) -> Verdict:
        if not self.demands:
            return Verdict.UNDETERMINED
        return Cases(self.evaluator, self.context, self.rule, demands=False).verdict()

    def is_never(self, formula: Formula) -> bool:
        """Whether the formula is false in all cases."""
        formula = without_decided(formula)
        for fact in self.open.values():
            fact.asked.clear()
        for each in tests_in(formula):
            self.open[each.fact].asked.append(each.test)
        return all(value(formula, answers) is FALSE for answers in self.cases())

    def cases(self) -> Iterator[Answers]:
        """One mapping for each case."""
        rows = {key: fact.rows() for key, fact in self.open.items() if fact.asked}
        told = {key: each for key, each in rows.items() if len(self.open[key].asked) > 1 or len(each) == 1}
        if prod(map(len, told.values())) > MOST_CASES:
            raise TooManyCasesError
        for chosen in product(*told.values()):
            yield {
                (key, test): TRUE if answer else FALSE
                for key, row in zip(told, chosen, strict=True)
                for test, answer in zip(self.open[key].tests, row, strict=True)
            }

    def named_as_origins(self) -> list[str]:
        """Flows close to what is judged that an `origin` names and that may or may not be collections."""
        estate = self.facts.estate
        if not self.demands or self.context.kind in (Kind.CONTRACT, Kind.ORGANISATION):
            return []
        systems, parties = {self.context.id}, set[str | None]()
        if self.context.kind is Kind.PARTY:
            systems, parties = set(), {self.context.id}
        elif self.context.kind is Kind.FLOW:
            systems = {self.facts.end(self.context.id, each) for each in ("from", "to")}
        parties |= {self.facts.party_of(each) for each in systems} - {None}
        records = (*estate.flows.values(), *estate.systems.values())
        named = {str(each) for record in records for _, origin in record.origins() for each in origin or ()}  # type: ignore[union-attr]

        def is_near(flow: str) -> bool:
            ends = [self.facts.end(flow, each) for each in ("from", "to")]
            return any(each in systems or self.facts.party_of(each) in parties for each in ends)

        found = [each for each in sorted(named) if is_near(each) and self.facts.counts_as_collection(each) is UNKNOWN]
        return found[:MOST_DEMANDS]

    # Rules.

    def scope(self, rule: Rule) -> Formula:
        parts = [self.is_of(rule.subject)]
        if rule.statement in ("forbid", "require") and rule.when is not None:
            parts.append(self.of(rule.when, self.context))
        return And(tuple(parts))

    def requirement(self, rule: Rule) -> Formula:
        parts = [self.of(each, self.context) for each in (rule.required, rule.unless, *rule.alternatives) if each]
        for permit in self.evaluator.permits_of(rule):
            when = TRUE if permit.when is None else self.of(permit.when, self.context)
            parts.append(
                self.known(And((self.is_of(permit.subject), when)), self.evaluator.permits(permit, self.context))
            )
        return Or(tuple(parts))

    def known(self, formula: Formula, found: Truth) -> Formula:
        return formula if found is UNKNOWN else found

    def is_of(self, subject: Subject) -> Formula:
        limits = (self.of(each, self.context) for each in subject.limits)
        return And((self.is_of_kind(subject.kind), *limits))

    def is_of_kind(self, kind: Kind) -> Formula:
        found = self.evaluator.is_of_kind(kind, self.context)
        if found is not UNKNOWN:
            return found
        if kind.family is not Kind.FLOW:
            return self.ask("something is there", possible.yes_or_no())
        source, recipient = (self.facts.end(self.context.id, each) for each in ("from", "to"))
        match kind:
            case Kind.COLLECTION:
                inside = self.has_role(source, "organisation")
                return And((self.has_role(recipient, "organisation"), Not(inside)))
            case Kind.SHARING:
                ends = (self.has_role(each, "organisation") for each in (source, recipient))
                return And((*ends, Not(self.one_party(self.context.id))))
            case _:
                return And((self.has_role(recipient, "outside"), Not(self.one_party(self.context.id))))

    def is_collection(self, flow: str) -> Formula:
        """Whether a flow counts as a collection where a rule asks where data was collected."""
        found = self.facts.counts_as_collection(flow)
        if found is not UNKNOWN:
            return found
        source, recipient = (self.facts.end(flow, each) for each in ("from", "to"))
        enters = And((self.has_role(recipient, "organisation"), Not(self.has_role(source, "organisation"))))
        return Or((enters, And((self.has_role(source, "data_subject"), Not(self.one_party(flow))))))

    # Conditions.

    def of(self, condition: Condition, context: Context, contract: Record | None = None) -> Formula:
        """What the manifest decides, else what is asked of open facts."""
        found = self.evaluator.holds(condition, context, contract)
        return self.open_part(condition, context, contract) if found is UNKNOWN else found

    def open_part(  # noqa: C901 (one case for each test)
        self, condition: Condition, context: Context, contract: Record | None
    ) -> Formula:
        match condition:
            case All(parts=parts):
                return And(tuple(self.of(each, context, contract) for each in parts))
            case AnyOf(parts=parts):
                return Or(tuple(self.of(each, context, contract) for each in parts))
            case Negation(part=part):
                return Not(self.of(part, context, contract))
            case Defined(body=body):
                return self.of(body, context, contract)
            case EndMatches(side=side, selector=selector):
                return self.of(selector, Context(Kind.SYSTEM, self.facts.system_of(context, side)))
            case JudgedIs(judged=judged, terms=terms):
                return self.judged_is(judged, terms)
            case Covers(judged=judged):
                return self.contracts.covers(judged, contract)
            case Derives(word=word, terms=terms):
                declared = self.context.pair[0 if word == "of" else 1] if self.context.pair else None
                fact = possible.one_term(self.policy.taxonomy("data"), declared)
                return self.ask(("derived", word), fact, Test("is", terms))
            case Joins(terms=terms, other=other):
                return self.ask(
                    "joined",
                    possible.of_two(self.policy.taxonomy("data"), self.context.pair),
                    Test("is", (terms, other)),
                )
            case IsEntity(id=name):
                return self.is_party(context.id, name)
            case UnderContract(chain=False):
                return self.contracts.under_contract(condition, context)
            case UnderContract():
                return self.contracts.bound_to_us(condition, context)
            case WithinCollectedPurposes() if self.context.kind is Kind.FLOW:
                return self.within_collected_purposes(context)
            case OwnedBy(side=side, owner=owner):
                who = self.who(context, side)
                party = None if context.kind is Kind.PARTY else self.facts.party_of(who)
                return self.by_itself("owned by", who if party is None else party, party is None, shape(owner))
            case Reached() | Holds():
                return self.data.at(condition, context)
            case ComparesFact():
                return self.comparisons.two_facts(condition, context, contract)
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self.of_attribute(condition, context, contract)
        return self.by_itself(context.kind, context.id, contract and contract.id, shape(condition))

    def ask(self, key: Hashable, fact: Fact, test: Test = Test("is")) -> Asked:  # noqa: B008 (frozen)
        self.open.setdefault(key, fact).asked.append(test)
        return Asked(key, test)

    def by_itself(self, *key: Hashable) -> Formula:
        """A test that is a fact of its own."""
        return self.ask(key, possible.yes_or_no())

    def who(self, context: Context, side: Side) -> str:
        return context.id if context.kind is Kind.PARTY else self.facts.system_of(context, side)

    # Parties and what is judged.

    def has_role(self, system: str, role: str) -> Formula:
        found = self.facts.stands_at(system, role)
        if found is not UNKNOWN:
            return found
        played = self.policy.attributes[Entity.SYSTEM, "role"]
        context = Context(Kind.SYSTEM, system)
        return self.test_of(Reference(Side.SUBJECT, Owner.SYSTEM, played, ""), context, None, Test("includes", (role,)))

    def one_party(self, flow: str) -> Formula:
        """Whether both ends of a flow belong to one party."""
        one, other = (self.facts.end(flow, each) for each in ("from", "to"))
        found = self.facts.different_parties(flow)
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
        declared = self.context.datum if judged == "data" else self.context.purpose
        vocabulary = self.policy.taxonomy(judged)
        found = is_one_of(declared, terms, vocabulary)
        fact = possible.one_term(vocabulary, declared)
        return self.ask(("judged", judged), fact, Test("is", terms)) if found is UNKNOWN else found

    def within_collected_purposes(self, context: Context) -> Formula:
        """Also true if the flow is a first collection and the datum can come from nowhere else."""
        collecting, test = self.evaluator.collecting, self.by_itself(WithinCollectedPurposes)
        brought = collecting.of(context)
        if not brought.known or brought.maybe != {context.id}:
            return test
        first = collecting.is_first(context.id, context)
        return Or((test, And((self.is_collection(context.id), self.by_itself("first") if first is UNKNOWN else first))))

    # Values.

    def fact_of(self, reference: Reference, context: Context, contract: Record | None) -> tuple[Any, ...]:
        """Which fact a name finds: of whom, and which attribute."""
        name = reference.attribute.name
        if reference.owner is Owner.ITEM:
            own = {} if context.item is None else dict(context.item.declared)
            if context.item is None or reference.attribute == METHOD or name in own:
                return "of the item", name
        if reference.owner is Owner.PARTY and context.kind is not Kind.PARTY:
            return self.of_party(self.facts.system_of(context, reference.side), name)
        record = self.facts.holder(context, reference, contract)
        assert record is not None
        if record.entity is Entity.SYSTEM and name in ("country", "role"):
            inherited = said(record, name) is Silence.UNDECLARED and reference.attribute.default is None
            if inherited:
                return self.of_party(record.id, name)
        return record.entity, record.id, name

    def of_party(self, system: str, name: str) -> tuple[Any, ...]:
        party = self.facts.party_of(system)
        return ("of the party of", system, name) if party is None else (Entity.PARTY, party, name)

    def test_of(self, reference: Reference, context: Context, contract: Record | None, test: Test) -> Formula:
        found = self.facts.named(context, reference, contract)
        key = self.fact_of(reference, context, contract)
        asked = self.ask_value(key, reference.attribute, None if isinstance(found, Silence) else found, test)
        if key[0] != "of the party of":
            return asked
        system, name = key[1:]
        ways: list[Formula] = []
        known = [(each, self.is_party(system, each)) for each in sorted(self.may_be_at(system))]
        for party, is_it in known:
            attribute = self.policy.attributes[Entity.PARTY, name]
            own = self.facts.value(self.facts.estate.parties[party], attribute)
            its = self.ask_value(
                (Entity.PARTY, party, name), attribute, None if isinstance(own, Silence) else own, test
            )
            ways.append(And((is_it, its)))
        return Or((*ways, And((*(Not(is_it) for _, is_it in known), asked))))

    def may_be_at(self, system: str) -> set[str]:
        """Parties that the rule asks about at a system whose party is not known."""
        found = set(self.parties)
        if self.context.kind is Kind.FLOW and self.kinds & {Kind.SHARING, Kind.DISCLOSURE}:
            ends = [self.facts.end(self.context.id, each) for each in ("from", "to")]
            found |= {self.facts.party_of(each) for each in ends if system in ends} - {None}  # type: ignore[arg-type]
        return found

    def ask_value(self, key: Hashable, attribute: Attribute, found: object, test: Test) -> Asked:
        if isinstance(found, tuple):
            found = tuple(sorted({each.term if isinstance(each, Item) else str(each) for each in found}))
        terms = self.policy.taxonomy(attribute.type.vocabulary or "")
        return self.ask(key, possible.of_attribute(attribute, terms, found), test)

    def of_attribute(
        self,
        condition: IsTerm | Includes | Within | Compares | IsFlagged,
        context: Context,
        contract: Record | None,
    ) -> Formula:
        def ask(word: str, wanted: object) -> Formula:
            return self.test_of(condition.reference, context, contract, Test(word, wanted))

        match condition:
            case IsFlagged():
                return ask("is", True)
            case Compares(operator=sign, value=limit):
                return self.with_value(condition.reference, context, contract, sign, limit)
            case Includes(every=True, terms=terms):
                return And(tuple(ask("includes", (each,)) for each in terms))
            case IsTerm(terms=terms) if condition.reference.attribute.type.form is Form.ONE:
                return ask("is", terms)
            case Within(terms=terms, non_empty=True):
                return And((ask("within", terms), ask("includes", terms)))
            case Within(terms=terms):
                return ask("within", terms)
            case _:
                return ask("includes", condition.terms)

    def with_value(
        self, reference: Reference, context: Context, contract: Record | None, sign: str, limit: object
    ) -> Formula:
        """A comparison with a value that is known; a term is known if nothing is below it."""
        form = reference.attribute.type.form
        if form in (Form.NUMBER, Form.DURATION, Form.DATE):
            return self.test_of(reference, context, contract, Test(sign, possible.number(limit)))
        if reference.attribute.is_parent and limit == "none":
            return truth(sign == "!=")  # two that nobody owns have no parent in common
        wanted = (limit,) if form is Form.ONE else limit
        asked = self.test_of(reference, context, contract, Test("is", wanted))
        return asked if sign == "=" else Not(asked)
