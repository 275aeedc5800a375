"""Find contracts to sign or extend so that a test on contracts becomes true.

The condition in the test's parentheses says what the contract must cover and oblige to:
`under contract (covers data and obliges includes audit)` → `covers: {data: [email]}, obliges: [audit]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from privacy_rules.checking.attribute_lookup import systems_asked
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.graph.declared_values import known
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Compares,
    Condition,
    Covers,
    Defined,
    Includes,
    IsFlagged,
    IsTerm,
    Negation,
    Side,
    UnderContract,
    Within,
)
from privacy_rules.manifest.model import Record
from privacy_rules.repair.apply_moves import renewed, unwritten
from privacy_rules.repair.moves import Amend, How, Move, Sign, Step, joined
from privacy_rules.repair.remediations import steps as steps_for
from privacy_rules.vocabulary.attributes import Entity


def agreements(
    evaluator: Evaluator, test: UnderContract, frame: Frame, parties: Sequence[str | None], enough: int
) -> tuple[list[Move], bool]:
    """Return the contracts to sign or extend so that the test becomes true, and whether these are the only ways."""
    names = [each for each in parties if each is not None]
    contracts, both = evaluator.contracts, test.side is Side.BOTH
    us = evaluator.roles.us.values()
    # If unknown is enough, any contract that may bind the parties is a way, so the list is not complete.
    complete, found = enough == TRUE or (None not in parties and UNKNOWN not in us), list[Move]()
    if None in parties:
        return [], complete
    if both and names[0] == names[1]:
        return [], complete
    for contract in contracts.concerning(*names):
        if contracts.reach(contract, names, both=both) < enough:
            continue
        asked = _lacking(evaluator, test.terms, contract, frame, enough)
        if asked is not None:
            more, whole = asked
            complete = complete and whole
            asked_steps = joined(
                [*_in_force(evaluator, contract), *_for_these(evaluator, test, contract, frame), *more]
            )
            if asked_steps:
                found.append(Amend(Entity.CONTRACT, contract.id, asked_steps))
    sides = _sides(evaluator, names, both=both)
    if sides:
        new = Record(Entity.CONTRACT, "", unwritten(evaluator.policy))
        asked = _lacking(evaluator, test.terms, new, frame, TRUE)
        if asked is not None:
            found.append(Sign(sides, joined(asked[0])))
            complete = complete and asked[1]
    return found, complete


def _sides(evaluator: Evaluator, names: Sequence[str], *, both: bool) -> tuple[str, ...]:
    """Return the parties of a new contract: one other than us, or two that are not us."""
    if any(evaluator.roles.party(each, "data_subject") == TRUE for each in names):
        return ()  # nobody signs a contract with the people whom data is about
    us = [name for name, value in evaluator.roles.us.items() if value == TRUE]
    if not both:
        return tuple(names) if any(each != names[0] for each in us) else ()
    for one, other in (names, reversed(names)):
        if one in us:
            return (other,)
    return tuple(sorted(names))


def _in_force(evaluator: Evaluator, contract: Record) -> list[Step]:
    """Return the steps that bring a contract into force on the day; none if its dates are not known."""
    day, found = evaluator.day, list[Step]()
    attributes = evaluator.policy.attributes
    begins, ends = (known(contract, attributes[Entity.CONTRACT, name])[0] for name in ("from", "until"))
    if isinstance(begins, date) and begins > day:
        found.append(Step("from", How.ASSIGN, day))
    if isinstance(ends, date) and ends <= day:
        found.append(Step("until", How.ASSIGN, renewed(day)))
    return found


def _for_these(evaluator: Evaluator, test: UnderContract, contract: Record, frame: Frame) -> list[Step]:
    """Return the step that extends a contract to the systems in question; none if it already applies to them."""
    graph, contracts = evaluator.graph, evaluator.contracts
    systems = systems_asked(graph, frame, test.side)
    if contracts.is_for(contract, systems) == TRUE:
        return []
    listed = contracts.systems(contract) or ()
    return [Step("systems", How.PUT, tuple(name for each in systems if (name := graph.systems[each].id) not in listed))]


def _lacking(
    evaluator: Evaluator, terms: Condition | None, contract: Record, frame: Frame, enough: int
) -> tuple[list[Step], bool] | None:
    """Return the steps that a contract lacks, and whether they are the only ones; None if no change is enough."""
    if terms is None:
        return [], True
    return _Asking(evaluator, contract, frame, enough).steps(terms, wanted=True)


class _Asking:
    """Finds what one contract lacks for one judged pair."""

    def __init__(self, evaluator: Evaluator, contract: Record, frame: Frame, enough: int) -> None:
        self._evaluator, self._contract, self._judged, self._enough = evaluator, contract, frame, enough
        self._frame = Frame(contract=contract, data=frame.data, purpose=frame.purpose)

    def _holds(self, condition: Condition, *, wanted: bool) -> bool:
        value = self._evaluator.test(condition)(self._frame)
        return value >= self._enough if wanted else TRUE - value >= self._enough

    def steps(self, condition: Condition, *, wanted: bool) -> tuple[list[Step], bool] | None:
        if self._holds(condition, wanted=wanted):
            return [], True
        match condition:
            case Defined(body=body):
                return self.steps(body, wanted=wanted)
            case Negation(part=part):
                return self.steps(part, wanted=not wanted)
            case All(parts=parts):
                return self._together(parts, wanted=True) if wanted else self._one(parts, wanted=False)
            case AnyOf(parts=parts):
                return self._one(parts, wanted=True) if wanted else self._together(parts, wanted=False)
            case Covers(judged=judged):
                return self._covered(judged, wanted=wanted)
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self._of_value(condition, wanted=wanted)
            case _:
                return None

    def _of_value(
        self, condition: IsTerm | Includes | Within | Compares | IsFlagged, *, wanted: bool
    ) -> tuple[list[Step], bool] | None:
        attribute = condition.reference.attribute
        if attribute.entity is not Entity.CONTRACT:
            return None
        now = known(self._contract, attribute)[0]
        found = steps_for(self._evaluator.policy, condition, now, wanted=wanted)
        return ([found.each[0]], found.complete and len(found.each) == 1) if found.each else None

    def _together(self, parts: Sequence[Condition], *, wanted: bool) -> tuple[list[Step], bool] | None:
        found: list[Step] = []
        complete = True
        for part in parts:
            each = self.steps(part, wanted=wanted)
            if each is None:
                return None
            found += each[0]
            complete = complete and each[1]
        return found, complete

    def _one(self, parts: Sequence[Condition], *, wanted: bool) -> tuple[list[Step], bool] | None:
        ways = [each for each in (self.steps(part, wanted=wanted) for part in parts) if each is not None]
        if not ways:
            return None
        best = min(ways, key=lambda each: len(each[0]))
        return best[0], best[1] and len(ways) == 1

    def _covered(self, judged: str, *, wanted: bool) -> tuple[list[Step], bool] | None:
        name = "covers.data" if judged == "data" else "covers.purposes"
        term = self._judged.data if judged == "data" else self._judged.purpose
        now = known(self._contract, self._evaluator.policy.attributes[Entity.CONTRACT, name])[0]
        if term is None or not isinstance(now, tuple) or not wanted:
            return None
        return [Step(name, How.PUT, (term,))], True
