"""A slow evaluator that says what `language.md` says, in its words and in its order, and nothing else.

It shares with the engine the resolved policy, the estate and the order of terms, no step of the evaluation.
"""

from __future__ import annotations

from datetime import date

from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    Derives,
    EndMatches,
    Holds,
    Includes,
    IsDeclared,
    IsEntity,
    IsFlagged,
    IsTerm,
    Joins,
    JudgedIs,
    Negation,
    OwnedBy,
    Policy,
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
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy
from tests.reference.cases import Cases
from tests.reference.collecting import Collecting
from tests.reference.contracts import Contracts, Satisfies
from tests.reference.fact_pairs import two_values
from tests.reference.facts import Context, Facts, compare
from tests.reference.judged import judged_of, subjects_of
from tests.reference.outcomes import Outcome, Pair, worse
from tests.reference.ownership import owned_by
from tests.reference.paths import Path, Paths, Reading
from tests.reference.terms import (
    FALSE,
    TRUE,
    UNKNOWN,
    both,
    either,
    includes,
    includes_all,
    includes_one,
    includes_only,
    is_one_of,
    on_day,
    opposite,
    truth,
    within,
)

Key = tuple[str, Kind, str]
"""Rule name, kind (`flow` for its four), subject id."""


def evaluate(policy: Policy, estate: Estate, day: date) -> dict[Key, Outcome]:
    """What every rule in force says of every subject of its kind, compliant ones too."""
    return Evaluator(policy, estate, day).outcomes()


class Evaluator:
    def __init__(self, policy: Policy, estate: Estate, day: date) -> None:
        self.policy = policy = on_day(policy, day)
        self.estate = estate
        self.day = day
        self.facts = Facts(policy, estate)
        self.paths = Paths(self.facts, self.holds)
        self.contracts = Contracts(self.facts, day)
        self.collecting = Collecting(self.facts, self.paths)
        self.seen: list[tuple[Condition, Truth]] | None = None
        """Every test that was judged, with its value, where a caller asks for them."""

    # Rules.

    def outcomes(self) -> dict[Key, Outcome]:
        return {
            (rule.name, rule.subject.kind.family, subject): self.outcome(rule, subject)
            for rule in self.policy.rules
            if rule.statement != "permit" and rule.in_force(self.day)
            for subject in subjects_of(self.estate, rule.subject.kind)
        }

    def outcome(self, rule: Rule, subject: str) -> Outcome:
        judged: list[Pair] = []
        applies = False
        for context in judged_of(self.facts, rule.subject.kind, subject):
            verdict = conclusion(self.scope(rule, context), self.requirement(rule, context))
            if verdict is Verdict.UNDETERMINED:
                verdict = Cases(self, context, rule).verdict()
            applies = applies or self.is_of(rule.subject, context) is not FALSE
            judged.append(Pair(context.datum, context.purpose, verdict, context.pair))
        at_fault = frozenset(
            each for each in judged if each.verdict is not Verdict.COMPLIANT and not worse(each, judged)
        )
        return Outcome(max((each.verdict for each in judged), default=Verdict.COMPLIANT), at_fault, applies)

    def scope(self, rule: Rule, context: Context) -> Truth:
        applies = self.is_of(rule.subject, context)
        if rule.statement in ("forbid", "require") and rule.when is not None:
            return both(applies, self.holds(rule.when, context))
        return applies

    def requirement(self, rule: Rule, context: Context) -> Truth:
        lifted = either(*(self.permits(permit, context) for permit in self.permits_of(rule)))
        excepted = FALSE if rule.unless is None else self.holds(rule.unless, context)
        match rule.statement:
            case "forbid":
                return either(excepted, lifted)
            case "require":
                assert rule.required is not None
                return either(self.holds(rule.required, context), excepted, lifted)
            case _:
                return either(*(self.holds(each, context) for each in rule.alternatives), lifted)

    def permits_of(self, rule: Rule) -> list[Rule]:
        return [
            each
            for each in self.policy.rules
            if each.statement == "permit" and rule.name in each.despite and each.in_force(self.day)
        ]

    def permits(self, permit: Rule, context: Context) -> Truth:
        when = TRUE if permit.when is None else self.holds(permit.when, context)
        return both(self.is_of(permit.subject, context), when)

    def is_of(self, subject: Subject, context: Context) -> Truth:
        """Whether a rule's subject includes this: it is of the kind, and within the limits."""
        limits = both(*(self.holds(each, context) for each in subject.limits))
        return both(self.is_of_kind(subject.kind, context), limits)

    def is_of_kind(self, kind: Kind, context: Context) -> Truth:
        match kind.family:
            case Kind.FLOW:
                return self.facts.flow_is(context.id, kind)
            case Kind.STORAGE | Kind.USE:
                return UNKNOWN if context.item is None else TRUE
            case Kind.JOINING | Kind.DERIVATION:
                return UNKNOWN if context.pair is None else TRUE
            case _:
                return TRUE

    # Conditions.

    def holds(self, condition: Condition, context: Context, contract: Record | None = None) -> Truth:
        """The value of a condition; `contract` is the one asked about inside `under contract (K)`."""
        value = self._holds(condition, context, contract)
        if self.seen is not None:
            self.seen.append((condition, value))
        return value

    def _holds(  # noqa: C901 (one case for each test)
        self, condition: Condition, context: Context, contract: Record | None
    ) -> Truth:
        match condition:
            case All(parts=parts):
                return both(*(self.holds(each, context, contract) for each in parts))
            case AnyOf(parts=parts):
                return either(*(self.holds(each, context, contract) for each in parts))
            case Negation(part=part):
                return opposite(self.holds(part, context, contract))
            case Defined(body=body):
                return self.holds(body, context, contract)
            case IsTerm() | Includes() | Within() | IsDeclared() | Compares() | ComparesFact() | IsFlagged():
                return self.of_every_pair(condition, context, contract)
            case JudgedIs(judged=judged, terms=terms):
                term = context.datum if judged == "data" else context.purpose
                return is_one_of(term, terms, self.policy.taxonomy(judged))
            case Joins():
                return self.joins(condition, context)
            case Derives(word=word, terms=terms):
                ends = context.pair or (None, None)
                return is_one_of(ends[0 if word == "of" else 1], terms, self.policy.taxonomy("data"))
            case EndMatches(side=side, selector=selector):
                return self.holds(selector, Context(Kind.SYSTEM, self.facts.system_of(context, side)))
            case IsEntity():
                return self.is_entity(condition, context)
            case UnderContract():
                return self.under_contract(condition, context)
            case OwnedBy():
                return owned_by(self.facts, condition, context, self.holds)
            case Covers(judged=judged):
                assert contract is not None
                return self.covers(judged, context, contract)
            case Holds():
                return self.holds_data(condition, context)
            case Reached():
                return self.reached(condition, context)
            case CollectedWith(terms=terms, how=how):
                return self.collecting.with_(
                    how, context, lambda flow, asked: self.holds(terms, self.as_collection(flow, asked))
                )
            case WithinCollectedPurposes():
                return self.collecting.all_with(context, lambda flow: self.collected_for(context.purpose, flow))
        raise AssertionError(f"no such condition: {condition!r}")

    @staticmethod
    def as_collection(flow: str, context: Context) -> Context:
        return Context(Kind.FLOW, flow, context.datum, context.purpose, collected=True)

    def of_every_pair(self, condition: Condition, context: Context, contract: Record | None) -> Truth:
        """A test of an attribute; of a collection what it is of all pairs that may be meant, else unknown."""
        values = {self.attribute_test(condition, each, contract) for each in self.facts.pairs_of(context)}
        if isinstance(condition, IsDeclared):
            return min(values)
        return values.pop() if len(values) == 1 else UNKNOWN

    def attribute_test(self, condition: Condition, context: Context, contract: Record | None) -> Truth:
        match condition:
            case IsDeclared(reference=Reference() as reference):
                return truth(self.facts.named_is_declared(context, reference, contract))
            case IsDeclared(reference=judged):
                return truth((context.datum if judged == "data" else context.purpose) is not None)
            case IsTerm(reference=reference, terms=terms):
                found = self.facts.named(context, reference, contract)
                elements = (found,) if isinstance(found, str) else found
                return includes(elements, terms, self.vocabulary(reference))  # type: ignore[arg-type]
            case Includes(reference=reference, terms=terms, every=every):
                test = includes_all if every else includes
                return test(self.elements(context, reference, contract), terms, self.vocabulary(reference))
            case Within(reference=reference, terms=terms, non_empty=non_empty):
                test = includes_only if non_empty else within
                return test(self.elements(context, reference, contract), terms, self.vocabulary(reference))
            case Compares(reference=reference, operator=operator, value=value):
                return compare(self.facts.named(context, reference, contract), operator, value)
            case ComparesFact():
                return self.two_facts(condition, context, contract)
            case IsFlagged(reference=reference):
                flag = self.facts.named(context, reference, contract)
                return truth(flag) if isinstance(flag, bool) else UNKNOWN
        raise AssertionError

    def two_facts(self, test: ComparesFact, context: Context, contract: Record | None) -> Truth:
        one, other = test.reference, test.other
        if other is not None and test.shift is None and {one.side, other.side} == {Side.SOURCE, Side.RECIPIENT}:
            same_fact = (one.owner, one.attribute) == (other.owner, other.attribute)
            if same_fact and self.facts.end(context.id, "from") == self.facts.end(context.id, "to"):
                return truth(test.operator in ("<=", "=", ">="))  # one system: the fact equals itself
        left = self.facts.named(context, one, contract)
        right = self.day if other is None else self.facts.named(context, other, contract)
        if one.attribute.is_parent and left == right == "none":
            return truth(test.operator == "!=")  # two that nobody owns have no parent in common
        return two_values(left, test.operator, right, test.shift, self.vocabulary(one))

    def vocabulary(self, reference: Reference) -> Taxonomy | None:
        name = reference.attribute.type.vocabulary
        return None if name is None else self.policy.taxonomy(name)

    def elements(self, context: Context, reference: Reference, contract: Record | None) -> tuple[str, ...] | None:
        found = self.facts.named(context, reference, contract)
        if not isinstance(found, tuple):
            return None
        return tuple(each if isinstance(each, str) else each.term for each in found)  # type: ignore[union-attr]

    def joins(self, test: Joins, context: Context) -> Truth:
        if context.pair is None:
            return UNKNOWN
        data = self.policy.taxonomy("data")
        one, other = context.pair

        def in_order(first: str, second: str) -> Truth:
            rest = TRUE if test.other is None else is_one_of(second, test.other, data)
            return both(is_one_of(first, test.terms, data), rest)

        return either(in_order(one, other), in_order(other, one))

    def is_entity(self, test: IsEntity, context: Context) -> Truth:
        if test.entity is Entity.SYSTEM or context.kind is Kind.PARTY:
            return truth(context.id == test.id)
        party = self.facts.party_of(context.id)
        return UNKNOWN if party is None else truth(party == test.id)

    # Contracts.

    def under_contract(self, test: UnderContract, context: Context) -> Truth:
        systems = self.asked(test.side, context)
        parties = [self.facts.party_of(each) for each in systems] or [context.id]

        satisfies = self.satisfying(test, context)

        def satisfies_here(contract: Record) -> Truth:
            return both(self.contracts.is_for(contract, systems), satisfies(contract))

        if test.chain:
            return self.contracts.bound_to_us(parties[0], satisfies, systems)
        if test.side is not Side.BOTH:
            return self.contracts.with_us(parties[0], satisfies_here)
        if systems[0] == systems[1]:
            return FALSE  # one party is under no contract with itself
        return self.contracts.between(parties[0], parties[1], satisfies_here)

    def satisfying(self, test: UnderContract, context: Context) -> Satisfies:
        return lambda contract: TRUE if test.terms is None else self.holds(test.terms, context, contract)

    def asked(self, side: Side, context: Context) -> tuple[str, ...]:
        """The systems that a test on contracts asks about; none where it asks about a party."""
        if side is Side.BOTH:
            return self.facts.end(context.id, "from"), self.facts.end(context.id, "to")
        return () if context.kind is Kind.PARTY else (self.facts.system_of(context, side),)

    def covers(self, judged: str, context: Context, contract: Record) -> Truth:
        name, term = ("covers.data", context.datum) if judged == "data" else ("covers.purposes", context.purpose)
        covered = self.facts.value(contract, self.policy.attributes[Entity.CONTRACT, name])
        if not isinstance(covered, tuple):
            return UNKNOWN
        return is_one_of(term, covered, self.policy.taxonomy(judged))  # type: ignore[arg-type]

    # Paths and collections.

    def reached(self, test: Reached, context: Context) -> Truth:
        for reading, value in ((Reading.SURELY, TRUE), (Reading.MAYBE, UNKNOWN)):
            if self.paths.shortest(test, reading, self.goals(test, context, reading)) is not None:
                return value
        return FALSE

    def holds_data(self, test: Holds, context: Context) -> Truth:
        """Whether the system, or a system of the party, stores, creates, sends or receives some of the data."""
        if context.kind is not Kind.PARTY:
            return self.held(test, self.facts.system_of(context, test.side))
        owners = {system: self.facts.party_of(system) for system in self.estate.systems}
        own = {system: UNKNOWN if owner is None else truth(owner == context.id) for system, owner in owners.items()}
        return either(*(both(mine, self.held(test, system)) for system, mine in own.items() if mine is not FALSE))

    def held(self, test: Holds, system: str) -> Truth:
        said = self.facts.said_to_be_at(system)
        arrives = self.reached(test.received, Context(Kind.SYSTEM, system))
        return either(arrives, *(includes(each, test.data, self.policy.taxonomy("data")) for each in said))

    def goals(self, test: Reached, context: Context, reading: Reading) -> list[str]:
        """The systems that the test is about: one, or for a party each system that is, or may be, its own."""
        if context.kind is not Kind.PARTY:
            return [self.facts.system_of(context, test.side)]
        owners = {system: self.facts.party_of(system) for system in self.estate.systems}
        return [
            system
            for system, owner in owners.items()
            if owner == context.id or (owner is None and reading is Reading.MAYBE)
        ]

    def witness(self, test: Reached, context: Context) -> Path:
        """A shortest path of the reading that decides the test; empty where there is no path."""
        for reading in Reading:
            found = self.paths.shortest(test, reading, self.goals(test, context, reading))
            if found is not None:
                return found
        return ()

    def collected_for(self, purpose: str | None, flow: str) -> Truth:
        return includes_one(purpose, self.facts.said_set(flow, "purposes"), self.policy.taxonomy("purpose"))


def conclusion(scope: Truth, requirement: Truth) -> Verdict:
    if scope is FALSE or requirement is TRUE:
        return Verdict.COMPLIANT
    if scope is TRUE and requirement is FALSE:
        return Verdict.VIOLATION
    return Verdict.UNDETERMINED


def only_test(rule: Rule) -> Reached | None:
    """The `reached by` test that is the rule's whole condition; None where there is more to it."""
    alone = rule.statement == "forbid" and rule.unless is None and not rule.subject.limits
    condition = rule.when
    while isinstance(condition, Defined):
        condition = condition.body
    return condition if alone and isinstance(condition, Reached) else None


def path_length(evaluator: Evaluator, rule: Rule, subject: str, verdict: Verdict) -> int | None:
    """The length of a shortest witness path for the reading that decides.

    None where there is more to the rule, or where the verdict is open though the path is sure.
    """
    test = only_test(rule)
    if test is None:
        return None
    context = Context(rule.subject.kind.family, subject)
    if verdict is Verdict.UNDETERMINED and evaluator.reached(test, context) is TRUE:
        return None
    return len(evaluator.witness(test, context))
