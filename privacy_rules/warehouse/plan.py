"""Compile the rules on flows into one query: for each judged pair, whether it is in scope, and whether it may be at fault.

    plan = Plan(policy, day, columns, organisation)
    plan.rule(core)                 # two expressions, and the joins that they need in `plan.joins`

A value is exact, or unknown although the engine knows it. So a pair that the query calls compliant is compliant, and the engine judges
the others again. What a plan cannot hold raises `NotPlannedError`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from privacy_rules.checking.core_rules import CoreRule, SubjectIs
from privacy_rules.checking.judgements import Part
from privacy_rules.checking.value_tests import value_test
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FROM_PARTY
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import (
    All,
    AnyOf,
    CollectedWith,
    Compares,
    ComparesFact,
    Condition,
    Covers,
    Defined,
    EndMatches,
    Holds,
    Includes,
    IsDeclared,
    IsEntity,
    IsFlagged,
    IsTerm,
    JudgedIs,
    Negation,
    OwnedBy,
    Owner,
    Policy,
    Reached,
    Reference,
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.warehouse import sql
from privacy_rules.warehouse.value_plans import of_term, of_value

_CONSTRUCTS = {
    CollectedWith: "collected with",
    WithinCollectedPurposes: "within collected purposes",
    Holds: "holds",
    ComparesFact: "a comparison of two facts",
}
_MOST_TEXT = 4_000_000
"""The longest expression of a rule, in characters: defines that use defines are written out."""
FLOW, SYSTEM, SOURCE, TARGET, CONTRACT = "f", "s", "src", "tgt", "c"
"""The names of the tables in a query."""
Of = Callable[[str], str]
OfParties = Callable[[Condition], Mapping[str, int]]
"""The truth value of a test of a party, for each declared party."""


class NotPlannedError(Exception):
    """A construct that a plan cannot hold; `words` is how people write it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Planned:
    """The expressions of one rule: whether a pair is in its limits, and whether it may be at fault. `exact`: the first is exact.

    `at` is the table that the subject is in: a flow with its pairs, or a system.
    """

    at: str
    limits: str
    bad: str
    exact: bool


@dataclass(slots=True)
class ContractJoin:
    """One test on contracts, as a table: its alias, what it asks about, and the condition on a contract as SQL."""

    alias: str
    at: str
    party: str
    other: str | None
    data: bool
    purpose: bool
    terms: str


@dataclass(slots=True)
class PathJoin:
    """One path test as a table of the systems where it may hold: its alias, and the test with its start as SQL."""

    alias: str
    test: Reached
    start: str | None


class Plan:
    """The plan of a policy on a day. `columns` has the columns of each table, `organisation` what a manifest says of it."""

    def __init__(
        self,
        policy: Policy,
        day: date,
        columns: Mapping[Entity, Collection[str]],
        organisation: Record,
        *,
        contracts: bool,
        of_parties: OfParties,
    ) -> None:
        self._of_parties = of_parties
        self.policy, self.day, self._organisation, self._has_contracts = policy, day, organisation, contracts
        self._columns = columns
        self.joins: dict[str, list[str]] = {FLOW: [], SYSTEM: []}
        self._at = FLOW
        self.contracts: list[ContractJoin] = []
        self.paths: list[PathJoin] = []
        self._joined: dict[tuple[object, ...], str] = {}
        self._exact = True
        self._kept: list[Condition] = []

    def rule(self, core: CoreRule) -> Planned:
        """Compile a rule. Raises NotPlannedError."""
        self._exact = True
        at = self._at = FLOW if core.rule.subject.kind.family is Kind.FLOW else SYSTEM
        limits = sql.all_of([self.of(each.condition, at) for each in core.scope if each.part is not Part.WHEN])
        exact = self._exact
        when = [self.of(each.condition, at) for each in core.scope if each.part is Part.WHEN]
        met = sql.any_of([self.of(each.condition, at) for each in core.requirement])
        planned = Planned(at, limits, sql.all_of([limits, *when, sql.negated(met)]), exact)
        if len(planned.bad) > _MOST_TEXT:
            raise NotPlannedError("defines that are used very often")
        return planned

    def of(self, condition: Condition, at: str) -> str:
        """A condition as an expression. `at` is the table that the subject is in."""
        match condition:
            case All(parts=parts):
                return sql.all_of([self.of(each, at) for each in parts])
            case AnyOf(parts=parts):
                return sql.any_of([self.of(each, at) for each in parts])
            case Negation(part=part):
                return sql.negated(self.of(part, at))
            case Defined(body=body):
                return self.of(body, at)
            case _:
                return self._of_test(condition, at)

    def _of_test(self, test: Condition, at: str) -> str:
        match test:
            case SubjectIs(kind=kind):
                return sql.TRUE if at == SYSTEM else self._is(kind)
            case JudgedIs(judged=judged, terms=terms):
                column = f"{FLOW}.{_judged(judged)}"
                return sql.when(
                    (f"{column} IS NULL", sql.UNKNOWN), otherwise=of_term(self.policy.taxonomy(judged), terms, column)
                )
            case IsDeclared(reference=reference):
                return self._is_declared(reference, at)
            case Compares() | Includes() | IsFlagged() | IsTerm() | Within():
                return self._of_reference(test, at)
            case EndMatches(side=side, selector=selector):
                return self.of(selector, _end(side, at))
            case IsEntity(entity=entity, id=name):
                return self._is_entity(entity, name, at)
            case UnderContract(chain=True, side=side) | OwnedBy(side=side):
                return self._of_party(test, _end(side, at))
            case UnderContract():
                return self._under_contract(test, at)
            case Reached(side=side):
                return self._reached(test, _end(side, at) if at == FLOW else at)
            case Covers(judged=judged) if at == CONTRACT:
                return self._covers(judged)
            case _:
                raise NotPlannedError(_CONSTRUCTS.get(type(test), test.text))

    # ---- values

    def _of_reference(self, test: Any, at: str) -> str:
        constant = value_test(self.policy, test)
        return self._known(
            test.reference, at, lambda value: of_value(self.policy, test, value), lambda value: str(constant(value))
        )

    def _is_declared(self, reference: Reference | str, at: str) -> str:
        if isinstance(reference, str):
            return sql.when((f"{FLOW}.{_judged(reference)} IS NULL", sql.FALSE), otherwise=sql.TRUE)
        if reference.owner is Owner.ORGANISATION:
            return (
                sql.TRUE
                if known(self._organisation, reference.attribute)[0] is not None
                and (reference.attribute.name in self._organisation.declared)
                else sql.FALSE
            )
        return self._known(reference, at, lambda _: sql.TRUE, lambda _: sql.FALSE)

    def _known(self, reference: Reference, at: str, of: Of, constant: Callable[[Any], str]) -> str:
        """A test of what a name finds. `of` tests a column that is not null; `constant` tests a value, None if it is not known."""
        attribute = reference.attribute
        match reference.owner:
            case Owner.FLOW:
                return self._of_record(FLOW, "f_", attribute, of, constant)
            case Owner.SYSTEM:
                return self._of_system(_end(reference.side, at), attribute, of, constant)
            case Owner.PARTY:
                table = _end(reference.side, at)
                found = self._of_record(table, "p_", attribute, of, constant)
                return sql.when((f"{table}.party IS NULL", constant(None)), otherwise=found)
            case Owner.CONTRACT:
                return self._of_record(CONTRACT, "c_", attribute, of, constant)
            case Owner.ORGANISATION:
                return constant(known(self._organisation, attribute)[0])
            case Owner.ITEM:
                raise NotPlannedError(reference.text)

    def _of_system(self, table: str, attribute: Attribute, of: Of, constant: Callable[[Any], str]) -> str:
        silent = None
        if attribute.name in FROM_PARTY and attribute.default is None:
            of_party = self.policy.attributes[Entity.PARTY, attribute.name]
            inherited = self._of_record(table, "p_", of_party, of, constant)
            silent = sql.when((f"{table}.party IS NULL", constant(None)), otherwise=inherited)
        return self._of_record(table, "s_", attribute, of, constant, silent)

    def _of_record(  # noqa: PLR0917 -- three functions of one value
        self,
        table: str,
        prefix: str,
        attribute: Attribute,
        of: Of,
        constant: Callable[[Any], str],
        silent: str | None = None,
    ) -> str:
        columns = self._columns[attribute.entity]
        if attribute.name not in columns and attribute.name in _STRUCTS.get(attribute.entity, ()):
            raise NotPlannedError(f"`{attribute.name}` with facts of single items")
        otherwise = constant(attribute.default) if silent is None else silent
        cases = []
        if attribute.name in columns:
            column = f"{table}.{sql.name(prefix + attribute.name)}"
            cases.append((f"{column} IS NOT NULL", of(column)))
        if "not_known" in columns:
            named = f"list_contains({table}.{prefix}not_known, {sql.text(attribute.name)})"
            cases.append((named, constant(None)))
        cases = [each for each in cases if each[1] != otherwise]
        return sql.when(*cases, otherwise=otherwise) if cases else otherwise

    def role(self, table: str, role: str) -> str:
        """Whether the role that a system's party plays there is a role or below it."""
        return self._role(
            role,
            lambda of, constant: self._of_system(table, self.policy.attributes[Entity.SYSTEM, "role"], of, constant),
        )

    def role_of_party(self, table: str, role: str) -> str:
        """Whether a party has a role."""
        return self._role(
            role,
            lambda of, constant: self._of_record(
                table, "p_", self.policy.attributes[Entity.PARTY, "role"], of, constant
            ),
        )

    def _role(self, role: str, made: Callable[[Of, Callable[[Any], str]], str]) -> str:
        attribute = self.policy.attributes[Entity.PARTY, "role"]
        if role not in self.policy.taxonomy("role"):
            return made(lambda _: sql.FALSE, lambda value: sql.UNKNOWN if value is None else sql.FALSE)
        test = Includes(_NOWHERE, role, Reference(Side.SUBJECT, Owner.PARTY, attribute, "role"), (role,), every=False)
        constant = value_test(self.policy, test)
        return made(lambda value: of_value(self.policy, test, value), lambda value: str(constant(value)))

    # ---- kinds, ends and entities

    def _is(self, kind: Kind) -> str:
        inside = [self.role(table, "organisation") for table in (SOURCE, TARGET)]
        match kind:
            case Kind.FLOW:
                return sql.TRUE
            case Kind.COLLECTION:
                return sql.all_of([inside[1], sql.negated(inside[0])])
            case Kind.SHARING:
                return sql.all_of([*inside, _DIFFER])
            case _:
                return sql.all_of([self.role(TARGET, "outside"), _DIFFER])

    def _is_entity(self, entity: Entity, name: str, at: str) -> str:
        if entity is Entity.SYSTEM:
            return sql.when((f"{at}.id = {sql.text(name)}", sql.TRUE), otherwise=sql.FALSE)
        return sql.when(
            (f"{at}.party IS NULL", sql.UNKNOWN), (f"{at}.party = {sql.text(name)}", sql.TRUE), otherwise=sql.FALSE
        )

    # ---- contracts and paths

    def _covers(self, judged: str) -> str:
        name = "data" if judged == "data" else "purposes"
        column = f"{CONTRACT}.{sql.name(f'c_covers.{name}')}"
        attribute = self.policy.attributes[Entity.CONTRACT, f"covers.{name}"]
        terms = f"t_{_judged(judged)}"
        found = sql.when(
            (f"a.{_judged(judged)} IS NULL", sql.UNKNOWN),
            (f"list_has_any({column}, {terms}.above)", sql.TRUE),
            (f"list_has_any({column}, {terms}.beside)", sql.UNKNOWN),
            otherwise=sql.FALSE,
        )
        if attribute.default is not None:
            raise NotPlannedError(f"a default of `{attribute.name}`")
        if attribute.name not in self._columns[Entity.CONTRACT]:
            return sql.UNKNOWN
        return sql.when((f"{column} IS NULL", sql.UNKNOWN), otherwise=found)

    def _of_party(self, test: UnderContract | OwnedBy, table: str) -> str:
        """A test of a chain of contracts or of owners, which depends on the party alone: the engine evaluates it for each party."""
        if any(isinstance(each, Reached | Holds) for each in walk(test)):
            raise NotPlannedError("a path in a test of a party")
        self._exact = False
        values = self._of_parties(test)
        listed = {truth: sorted(each for each, value in values.items() if value == truth) for truth in (2, 1)}
        cases = [(f"{table}.party IN ({sql.texts(names)})", str(truth)) for truth, names in listed.items() if names]
        return sql.when((f"{table}.party IS NULL", sql.UNKNOWN), *cases, otherwise=sql.FALSE)

    def _under_contract(self, test: UnderContract, at: str) -> str:
        self._exact = False
        table, other = (SOURCE, TARGET) if test.side is Side.BOTH else (_end(test.side, at), None)
        key = (id(test.terms), table, other, self._at)
        if key not in self._joined:
            self._kept.append(test)
            self._joined[key] = alias = f"k{len(self.contracts)}"
            asked = {each.judged for each in walk(test.terms) if isinstance(each, Covers)} if test.terms else set[str]()
            joined = ContractJoin(alias, self._at, table, other, "data" in asked, "purpose" in asked, "")
            self.contracts.append(joined)
            joined.terms = sql.TRUE if test.terms is None else self.of(test.terms, CONTRACT)
            on = [f"{alias}.party = {table}.party", *([f"{alias}.other = {other}.party"] if other else [])]
            on += [
                f"{alias}.{column} IS NOT DISTINCT FROM {FLOW}.{column}"
                for column, asks in (("datum", joined.data), ("purpose", joined.purpose))
                if asks
            ]
            self.joins[self._at].append(f"LEFT JOIN {alias} ON {' AND '.join(on)}")
        alias = self._joined[key]
        open_ = sql.UNKNOWN if self._has_contracts else sql.FALSE
        cases = [(f"{each}.party IS NULL", open_) for each in (table, other) if each]
        cases = [(f"{table}.id = {other}.id", sql.FALSE), *cases] if other else cases
        return sql.when(*cases, otherwise=f"COALESCE({alias}.truth, 0)")

    def _reached(self, test: Reached, table: str) -> str:
        self._exact = False
        key = (id(test.start), test.data, test.derived, table, self._at)
        if key not in self._joined:
            self._kept.append(test)
            self._joined[key] = alias = f"r{len(self.paths)}"
            if test.start is not None and any(isinstance(each, UnderContract | Reached) for each in walk(test.start)):
                raise NotPlannedError("a path from systems that a contract or another path selects")
            start = None if test.start is None else self.of(test.start, SYSTEM)
            self.paths.append(PathJoin(alias, test, start))
            self.joins[self._at].append(f"LEFT JOIN {alias} ON {alias}.id = {table}.id")
        return sql.when((f"{self._joined[key]}.id IS NULL", sql.FALSE), otherwise=sql.UNKNOWN)


_STRUCTS: Mapping[Entity, Sequence[str]] = {Entity.SYSTEM: ("stores", "uses")}
_NOWHERE: Any = None
_DIFFER = sql.when(
    (f"{SOURCE}.id = {TARGET}.id", sql.FALSE),
    (f"{SOURCE}.party IS NULL OR {TARGET}.party IS NULL", sql.UNKNOWN),
    (f"{SOURCE}.party = {TARGET}.party", sql.FALSE),
    otherwise=sql.TRUE,
)


def _judged(word: str) -> str:
    return "datum" if word == "data" else "purpose"


def _end(side: Side, at: str) -> str:
    return {Side.SOURCE: SOURCE, Side.RECIPIENT: TARGET}.get(side, at)
