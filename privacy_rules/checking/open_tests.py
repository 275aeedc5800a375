"""Turn a rule for one judged pair into a formula over the pair's open facts: facts that are undeclared or too broad.

    OpenTests(evaluator, core).decided(frame)

Everything that the manifest decides is a constant. Two tests of one fact share it, wherever they are in the rule. A
contract is asked about part by part; a path, a chain of contracts and a collection are separate facts, whatever decides
them. If one of these facts implies another, the implication is part of the formula.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from privacy_rules.checking.attribute_lookup import party_of, system_of, systems_asked
from privacy_rules.checking.core_rules import CoreRule, SubjectIs, conditions
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.open_formula import Decision, Formula
from privacy_rules.checking.open_values import OpenValues, party_key
from privacy_rules.checking.possible_answers import Values
from privacy_rules.checking.subsumed_path_tests import ImpliedTests, OfData, path_of
from privacy_rules.checking.term_tests import is_term
from privacy_rules.checking.work_limit import STEPS
from privacy_rules.graph.declared_values import known
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
    Side,
    UnderContract,
    Within,
    WithinCollectedPurposes,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy

if TYPE_CHECKING:
    from privacy_rules.checking.condition_compiler import Evaluator

_QUICK = 20
"""This many parts of a formula are evaluated about as quickly as one is made."""
MOST_CONTRACTS = 50
"""If more contracts may bind, a test on contracts is a fact of its own."""


class OpenTests:
    """Makes formulas of judged pairs of one rule, with one evaluator."""

    def __init__(self, evaluator: Evaluator, core: CoreRule) -> None:
        self._evaluator, self._graph, self._policy = evaluator, evaluator.graph, evaluator.policy
        self._core = core
        self._implied = ImpliedTests(evaluator.policy, (each.condition for each in (*core.scope, *core.requirement)))
        tests = list(conditions([core]))
        parties = evaluator.graph.estate.parties
        self._parties = sorted({each.id for each in tests if isinstance(each, IsEntity) and each.id in parties})
        self._asks_whether_ends_differ = any(
            isinstance(each, SubjectIs) and each.kind in (Kind.SHARING, Kind.DISCLOSURE) for each in tests
        )
        self._formula = Formula()
        self._values = OpenValues(evaluator, self._formula, self._may_be_at)
        self._nodes: dict[Hashable, int] = {}
        self._binding: dict[tuple[str | None, ...], list[tuple[Record, int]] | None] = {}
        self._decided: dict[Hashable, Decision] = {}
        self._frame = Frame()
        self._visited = 0

    def decided(self, frame: Frame) -> Decision:
        """Decide whether, in all cases, the rule applies and its requirement is not met."""
        self._formula, self._nodes, self._frame, self._visited = Formula(), {}, frame, 0
        self._values = OpenValues(self._evaluator, self._formula, self._may_be_at)
        make = self._formula
        met = make.any_of([self._of(each.condition, frame) for each in self._core.requirement])
        root = make.all_of([*(self._of(each.condition, frame) for each in self._core.scope), make.negation(met)])
        assumed = make.all_of([self._is_collection(each) for each in self._evaluator.named_origins.near(frame)])
        self._evaluator.work.take(STEPS, self._visited)
        key = root, assumed, make.content
        if key not in self._decided:
            self._decided[key] = make.decided(root, assumed)
            self._evaluator.work.take(STEPS, make.evaluated // _QUICK)
        return self._decided[key]

    def _of(self, condition: Condition, frame: Frame) -> int:
        """The node of a condition; a constant if the manifest decides it."""
        self._visited += 1
        value = self._evaluator.test(condition)(frame)
        if value != UNKNOWN:
            return value
        key = id(condition), frame.flow, frame.system, frame.contract and frame.contract.id
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._open(condition, frame)
        return found

    def _open(self, condition: Condition, frame: Frame) -> int:
        make = self._formula
        match condition:
            case All(parts=parts):
                return make.all_of([self._of(each, frame) for each in parts])
            case AnyOf(parts=parts):
                return make.any_of([self._of(each, frame) for each in parts])
            case Negation(part=part):
                return make.negation(self._of(part, frame))
            case Defined(body=body):
                return self._of(body, frame)
            case EndMatches(side=side, selector=selector):
                return self._of(selector, Frame(system=system_of(self._graph, frame, side)))
            case SubjectIs(kind=kind):
                return self._subject_is(kind, frame)
            case _:
                return self._of_test(condition, frame)

    def _of_test(self, condition: Condition, frame: Frame) -> int:
        match condition:
            case JudgedIs() | Joins() | Derives() | Covers():
                return self._judged(condition, frame)
            case IsEntity(id=name):
                return self._is_party(frame.system, name)
            case UnderContract(chain=chain):
                return self._bound_to_us(condition, frame) if chain else self._under_contract(condition, frame)
            case Reached() | Holds():
                return self._of_data(condition, frame)
            case WithinCollectedPurposes() if frame.flow >= 0:
                return self._within_collected_purposes(condition, frame)
            case ComparesFact():
                return self._values.two_facts(condition, frame)
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self._values.of_value(condition, frame)
            case _:
                return self._whole(condition, frame)

    # ---- who takes part

    def _subject_is(self, kind: Kind, frame: Frame) -> int:
        make, graph = self._formula, self._graph
        if kind.family is not Kind.FLOW:
            return self._formula.free("exists")
        source, target = graph.source[frame.flow], graph.target[frame.flow]
        if kind is Kind.COLLECTION:
            return self._enters(source, target)
        differ = (self._differ(source, target),)
        match kind:
            case Kind.SHARING:
                return make.all_of([*(self._role(each, "organisation") for each in (source, target)), *differ])
            case _:
                return make.all_of([self._role(target, "outside"), *differ])

    def _enters(self, source: int, target: int) -> int:
        """Whether data enters the organisation: one system belongs to it, and the other does not."""
        inside = self._role(target, "organisation")
        return self._formula.all_of([inside, self._formula.negation(self._role(source, "organisation"))])

    def _is_collection(self, flow: int) -> int:
        """Whether a flow counts as a collection for tests of where data was collected."""
        value = self._evaluator.roles.gives[flow]
        if value != UNKNOWN:
            return value
        source, target = self._graph.source[flow], self._graph.target[flow]
        given = self._formula.all_of([self._role(source, "data_subject"), self._differ(source, target)])
        return self._formula.any_of([self._enters(source, target), given])

    def _may_be_at(self, system: int) -> Sequence[str]:
        """Return the parties that the rule asks about at a system whose party is not known."""
        flow, graph = self._frame.flow, self._graph
        if flow < 0 or not self._asks_whether_ends_differ or system not in (graph.source[flow], graph.target[flow]):
            return self._parties
        ends = {graph.parties[graph.source[flow]], graph.parties[graph.target[flow]]}
        return sorted({*self._parties, *(each for each in ends if each is not None)})

    def _role(self, system: int, role: str) -> int:
        value = self._evaluator.roles.systems(role)[system]
        if value != UNKNOWN:
            return value
        played = self._policy.attributes[Entity.SYSTEM, "role"]
        reference = Reference(Side.SUBJECT, Owner.SYSTEM, played, "role")
        mask = self._policy.taxonomy("role").below_any([role] if role in self._policy.taxonomy("role") else [])
        return self._values.test(reference, Frame(system=system), ("includes", mask))

    def _differ(self, one: int, other: int) -> int:
        """Whether two systems belong to different parties."""
        value = self._evaluator.roles.differ(one, other)
        if value != UNKNOWN:
            return value
        names = [(each, self._graph.parties[each]) for each in (one, other)]
        for system, unknown in ((one, other), (other, one)):
            party = dict(names)[system]
            if party is not None:
                return self._formula.negation(self._is_party(unknown, party))
        return self._formula.negation(
            self._values.equal(*(party_key(self._graph.systems[each]) for each in (one, other)))
        )

    def _is_party(self, system: int, party: str) -> int:
        return self._values.is_party(system, party)

    # ---- what is judged

    def _judged(self, condition: JudgedIs | Joins | Derives | Covers, frame: Frame) -> int:
        data = self._graph.data
        match condition:
            case JudgedIs(judged=judged, terms=terms):
                return self._judged_is(judged, self._policy.taxonomy(judged).below_any(terms), frame)
            case Covers(judged=judged):
                return self._covers(condition, judged, frame)
            case Derives(word=word, terms=terms):
                known_ = None if frame.joined is None else frame.joined[("of", "into").index(word)]
                among = None if known_ is None else (data.below(known_),)
                return self._term(("derives", word), among, data, data.below_any(terms))
            case Joins(terms=terms, other=other):
                pair = None if frame.joined is None else tuple(map(data.below, frame.joined))
                masks = data.below_any(terms), None if other is None else data.below_any(other)
                return self._formula.test("joined", masks, lambda: Values("pair", pair, self._graph.everything))

    def _judged_is(self, judged: str, mask: int, frame: Frame) -> int:
        taxonomy, term = self._policy.taxonomy(judged), frame.data if judged == "data" else frame.purpose
        among = None if term is None else (taxonomy.below(term),)
        return self._term(("judged", judged), among, taxonomy, mask)

    def _term(self, key: Hashable, among: tuple[int, ...] | None, taxonomy: Taxonomy, mask: int) -> int:
        return self._formula.test(key, mask, lambda: Values("one", among, taxonomy.everything))

    def _covers(self, condition: Covers, judged: str, frame: Frame) -> int:
        assert frame.contract is not None
        name = "covers.data" if judged == "data" else "covers.purposes"
        promised: Any = known(frame.contract, self._policy.attributes[Entity.CONTRACT, name])[0]
        if promised is None:
            return self._whole(condition, frame)
        return self._judged_is(judged, self._policy.taxonomy(judged).below_any(promised), frame)

    # ---- contracts

    def _under_contract(self, condition: UnderContract, frame: Frame) -> int:
        """Some contract in force binds the parties, is for the systems and satisfies the condition."""
        binding = self._that_bind(condition.side, frame)
        if binding is None:
            return self._whole(condition, frame)
        contracts, found = self._evaluator.contracts, list[int]()
        systems = systems_asked(self._graph, frame, condition.side)
        limited = systems if contracts.limited else ()
        for contract, bound in binding:
            for_these = contracts.is_for(contract, limited)
            if for_these:
                inner = Frame(contract=contract, data=frame.data, purpose=frame.purpose)
                parts = [
                    self._in_force(contract),
                    bound if bound != UNKNOWN else self._formula.free(("binds", contract.id, systems, frame.party)),
                    for_these if for_these != UNKNOWN else self._formula.free(("is for", contract.id, limited)),
                    TRUE if condition.terms is None else self._of(condition.terms, inner),
                ]
                found.append(self._formula.all_of(parts))
        return self._formula.any_of(found)

    def _that_bind(self, side: Side, frame: Frame) -> Sequence[tuple[Record, int]] | None:
        """The contracts that bind, or may bind, the parties that a test asks about; None if there are too many."""
        graph, contracts, both = self._graph, self._evaluator.contracts, side is Side.BOTH
        if both:
            parties = tuple(graph.parties[each] for each in (graph.source[frame.flow], graph.target[frame.flow]))
        else:
            party = party_of(graph, frame, side)
            parties = (None if party is None else party.id,)
        if parties not in self._binding:
            names = [each for each in parties if each is not None]
            found = ((each, contracts.reach(each, names, both=both)) for each in contracts.candidates(names, both=both))
            bound = list(islice((each for each in found if each[1]), MOST_CONTRACTS + 1))
            self._binding[parties] = bound if len(bound) <= MOST_CONTRACTS else None
        return self._binding[parties]

    def _in_force(self, contract: Record) -> int:
        days = [
            known(contract, self._policy.attributes[Entity.CONTRACT, name])[0] is None for name in ("from", "until")
        ]
        if self._evaluator.contracts.in_force(contract) != UNKNOWN:
            return self._evaluator.contracts.in_force(contract)
        asked = [(name, sign) for name, sign, open_ in zip(("from", "until"), ("<=", ">"), days, strict=True) if open_]
        return self._formula.all_of(
            [self._values.with_today((Entity.CONTRACT, contract.id, name), None, sign) for name, sign in asked]
        )

    def _bound_to_us(self, condition: UnderContract, frame: Frame) -> int:
        """The party is us, or a chain leads to us. A chain of contracts that satisfy a condition is also a chain without one."""
        make, party = self._formula, party_of(self._graph, frame, condition.side)
        role = Reference(condition.side, Owner.PARTY, self._policy.attributes[Entity.PARTY, "role"], "role")
        begun = UNKNOWN
        us = UNKNOWN if party is None else self._evaluator.roles.us.get(party.id, FALSE)
        if us == UNKNOWN:
            mask = self._policy.taxonomy("role").below_any(["us"] if "us" in self._policy.taxonomy("role") else [])
            us = self._values.test(role, frame, ("includes", mask))
        if party is not None:
            begun = self._evaluator.contract_tests.chain_from(condition, party.id, frame)
        if begun == UNKNOWN:
            place = systems_asked(self._graph, frame, condition.side), frame.party
            chains = {self._implied.form(condition.terms), None}
            begun = make.all_of([make.free(("chain", place, each)) for each in chains])
        return make.any_of([us, begun])

    # ---- facts of their own

    def _whole(self, condition: Condition, frame: Frame) -> int:
        """A test that is a fact by itself: tests that are written alike are the same fact."""
        place: Hashable = frame.party, frame.contract and frame.contract.id, frame.flow, frame.system
        form = self._implied.form
        match condition:
            case OwnedBy(side=side, owner=asked):
                party = party_of(self._graph, frame, side)
                whose = party.id if party else (system_of(self._graph, frame, side),)
                return self._formula.free(("owned by", whose, form(asked)))
            case UnderContract(side=side, terms=terms):
                ends = systems_asked(self._graph, frame, side), frame.party
                return self._formula.free(("under contract", ends, form(terms)))
        return self._formula.free((place, form(condition)))

    def _within_collected_purposes(self, condition: WithinCollectedPurposes, frame: Frame) -> int:
        """Also true if the flow is a first collection and the datum can come from nowhere else."""
        test, collected = self._whole(condition, frame), self._evaluator.collected
        first = collected.is_first_alone(condition, frame)
        if first == FALSE:
            return test
        first = self._formula.free("first") if first == UNKNOWN else first
        return self._formula.any_of([test, self._formula.all_of([self._is_collection(frame.flow), first])])

    # ---- data

    def _of_data(self, condition: OfData, frame: Frame) -> int:
        """Whether data reaches a place or is there: the judged datum does, if it is that data; any other data may."""
        path, graph = path_of(condition), self._graph
        system = -1 if frame.party is not None else system_of(graph, frame, condition.side)
        mask = graph.data.below_any(path.data)
        tests = (condition, *self._implied.by(condition))
        among_others = self._formula.all_of([self._among_others(each, (frame.party, system), mask) for each in tests])
        frame = self._frame
        arrives = frame.flow >= 0 and system == graph.target[frame.flow] and self._begins_here(frame.flow)
        sent = frame.flow >= 0 and system == graph.source[frame.flow]
        stored = frame.flow < 0 and frame.system == system and frame.within == "stores" and frame.item is not None
        if not (arrives or (isinstance(condition, Holds) and (sent or stored))):
            return among_others
        datum = is_term(graph.data, frame.data, mask)
        itself = datum if datum != UNKNOWN else self._judged_is("data", mask, frame)
        begins = TRUE if path.start is None else self._of(path.start, Frame(system=graph.source[frame.flow]))
        return self._formula.any_of([among_others, self._formula.all_of([itself, begins])])

    def _among_others(self, test: OfData, place: Hashable, mask: int) -> int:
        key = place, self._implied.of_data(test)
        return self._formula.test(key, ("includes", mask), lambda: Values("set", None, self._graph.everything))

    def _begins_here(self, flow: int) -> bool:
        """Whether a path may begin with a flow; a flow that states an origin forwards what other flows brought."""
        return not any(True for _ in self._graph.flows[flow].origins())
