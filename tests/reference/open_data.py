"""Tests of data at a place. If a case makes one of them true, it also makes the looser ones true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from privacy_rules.language.conditions import CONNECTIVES, walk
from privacy_rules.language.policy import All, AnyOf, Condition, Defined, EndMatches, Holds, IsTerm, Reached
from privacy_rules.language.subject_kinds import Kind
from tests.reference import possible
from tests.reference.facts import Context, Silence
from tests.reference.formulas import And, Asked, Formula, Or, shape
from tests.reference.possible import Test
from tests.reference.terms import TRUE

if TYPE_CHECKING:
    from tests.reference.cases import Cases

OfData = Reached | Holds


class OpenData:
    def __init__(self, cases: Cases) -> None:
        self.cases, self.policy = cases, cases.policy

    def at(self, test: OfData, context: Context) -> Formula:
        """What else arrives or is there, or what is judged itself."""
        place = ("party", context.id) if context.kind is Kind.PARTY else self.cases.facts.system_of(context, test.side)
        data = path_of(test).data
        others = And(tuple(self.among_others(each, place, data) for each in (test, *self.weaker(test))))
        if not self.is_at(place, held=isinstance(test, Holds)):
            return others
        begins: Formula = TRUE
        itself = self.cases.judged_is("data", data)
        start = path_of(test).start
        if start is not None:
            source = self.cases.facts.end(self.cases.context.id, "from")
            begins = self.cases.of(start, Context(Kind.SYSTEM, source))
        return Or((others, And((itself, begins))))

    def among_others(self, test: OfData, place: object, data: tuple[str, ...]) -> Asked:
        fact = possible.several_terms(self.policy.taxonomy("data"), None, empty=True)
        return self.cases.ask((type(test), place, rest_of(test)), fact, Test("includes", data))

    def is_at(self, place: object, *, held: bool) -> bool:
        """Whether what is judged arrives at a system, or (`held`) is there."""
        context, facts = self.cases.context, self.cases.facts
        if context.kind is Kind.FLOW:
            origins = self.cases.evaluator.paths.origins
            begins = all(origins.of(context.id, name) is Silence.UNDECLARED for name in origins.names(context.id))
            arrives = begins and place == facts.end(context.id, "to")
            return arrives or (held and place == facts.end(context.id, "from"))
        stored = context.kind is Kind.STORAGE and context.item is not None
        return held and stored and place == context.id

    # What asks for less.

    def weaker(self, test: OfData) -> Iterator[OfData]:
        """The rule's other tests of data that are true whenever this one is, supposing that they are about the same data."""
        seen = {(type(test), rest_of(test))}
        for other in walk(
            *self.cases.asked_by_the_rule, enter=lambda each: isinstance(each, (*CONNECTIVES, EndMatches))
        ):
            if isinstance(other, Reached | Holds) and (type(other), rest_of(other)) not in seen:
                seen.add((type(other), rest_of(other)))
                if self.implies(test, other):
                    yield other

    def implies(self, one: OfData, other: OfData) -> bool:
        if isinstance(one, Holds) and isinstance(other, Reached):
            return False
        first, second = path_of(one), path_of(other)
        if first.derived and not (second.derived and self.methods_within(first, second)):
            return False
        return self.selects_within(first.start, second.start) and self.selects_within(
            second.avoiding, first.avoiding, nothing=True
        )

    def methods_within(self, first: Reached, second: Reached) -> bool:
        if second.methods is None:
            return True
        terms = self.policy.taxonomy("method")
        return first.methods is not None and all(possible.below(terms, each, second.methods) for each in first.methods)

    def selects_within(self, one: Condition | None, other: Condition | None, *, nothing: bool = False) -> bool:
        """Whether each system that one selector selects is selected by the other; no selector is any system, or `nothing`."""
        if one is None or other is None:
            return (one if nothing else other) is None
        if shape(one) == shape(other):
            return True
        match one, other:
            case Defined(body=body), _:
                return self.selects_within(body, other)
            case _, Defined(body=body):
                return self.selects_within(one, body)
            case AnyOf(parts=parts), _:
                return all(self.selects_within(each, other) for each in parts)
            case _, All(parts=parts):
                return all(self.selects_within(one, each) for each in parts)
            case _, AnyOf(parts=parts):
                return any(self.selects_within(one, each) for each in parts)
            case All(parts=parts), _:
                return any(self.selects_within(each, other) for each in parts)
            case IsTerm(), IsTerm() if shape(one.reference) == shape(other.reference):
                terms = self.policy.taxonomy(one.reference.attribute.type.vocabulary or "")
                return all(possible.below(terms, each, other.terms) for each in one.terms)
        return False


def path_of(test: OfData) -> Reached:
    return test.received if isinstance(test, Holds) else test


def rest_of(test: OfData) -> object:
    path = path_of(test)
    return tuple(shape(each) for each in (path.start, path.avoiding, path.derived, path.methods))
