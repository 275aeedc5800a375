"""Translates conditions and rules into formulas, which give the engine's result for a judged pair.

A selector's tests are tests of its end: `to third_party` and `recipient.role is third_party` are one node. A path, a
contract or a collection is one variable; two of them are the same variable if their conditions are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from privacy_rules.analysis.domains import DECLARED, Meaning
from privacy_rules.analysis.formula import Form, Formulas, Variable
from privacy_rules.analysis.term_answers import Mask, MovedMask
from privacy_rules.analysis.variables import (
    PARTIES_DIFFER,
    WITHIN_COLLECTED,
    CollectedTest,
    ContractTest,
    CoversTest,
    DerivedTerm,
    EntityOf,
    Fact,
    FactsTest,
    HoldsTest,
    OwnerTest,
    PathTest,
    ValueOf,
)
from privacy_rules.checking.core_rules import SubjectIs
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
from privacy_rules.vocabulary.attributes import BUILT_IN, Entity
from privacy_rules.vocabulary.attributes import Form as Type
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import Duration, Scalar

FORMS: dict[Type, Form] = {
    Type.FLAG: "flag",
    Type.NUMBER: "number",
    Type.DURATION: "duration",
    Type.DATE: "date",
    Type.TEXT: "text",
    Type.ONE: "one",
    Type.SET: "set",
    Type.ROLES: "set",
    Type.TEXTS: "texts",
}
"""The forms of variables, by those of attributes."""
_NEGATED = {"!=": "=", ">": "<=", ">=": "<"}
_ROLE = BUILT_IN[Entity.SYSTEM, "role"]


class Translator:
    """Translates the conditions of one policy. A define is translated once for each side on which it is used.

    `base` is another policy whose formulas are in the same `formulas`. Both have the same terms, in places that may differ.
    """

    def __init__(self, policy: Policy, formulas: Formulas, base: Policy | None = None) -> None:
        self._policy, self._formulas, self._base = policy, formulas, base
        self._known: dict[tuple[int, Side], int] = {}
        self._kinds: dict[Kind, int] = {}
        self._kept: list[Condition] = []  # ids are keys, so what they name must live as long

    def of(self, condition: Condition, side: Side = Side.SUBJECT) -> int:
        """Return the node of a condition; `side` is the end that a selector tests."""
        if isinstance(condition, SubjectIs):
            return self._of_kind(condition.kind)
        key = id(condition), side
        if key not in self._known:
            self._kept.append(condition)
            self._known[key] = self._translated(condition, side)
        return self._known[key]

    def _of_kind(self, kind: Kind) -> int:
        if kind not in self._kinds:
            self._kinds[kind] = self._kind(kind)
        return self._kinds[kind]

    def _kind(self, kind: Kind) -> int:
        """Return the node that says that the subject is of the kind, as far as roles decide that."""
        inside = self._role("organisation")
        make = self._formulas
        match kind:
            case Kind.COLLECTION:
                return make.all_of([inside(Side.RECIPIENT), make.negation(inside(Side.SOURCE))])
            case Kind.SHARING:
                return make.all_of([inside(Side.SOURCE), inside(Side.RECIPIENT), self._formulas.whole(PARTIES_DIFFER)])
            case Kind.DISCLOSURE:
                return make.all_of([self._role("outside")(Side.RECIPIENT), self._formulas.whole(PARTIES_DIFFER)])
            case _ if kind.in_system:
                there = Variable(kind.value, "sure", nullable=False)
                return make.test(there, ())
            case _:
                return make.constant(2)

    def _role(self, role: str) -> Callable[[Side], int]:
        roles = self._policy.taxonomy("role")
        mask = self._mask("role", (role,)) if role in roles else 0
        reference = Reference(Side.SUBJECT, Owner.SYSTEM, _ROLE, "role")
        return lambda side: self._test(reference, side, ("includes", mask))

    def _translated(self, condition: Condition, side: Side) -> int:
        make = self._formulas
        match condition:
            case All(parts=parts):
                return make.all_of([self.of(part, side) for part in parts])
            case AnyOf(parts=parts):
                return make.any_of([self.of(part, side) for part in parts])
            case Negation(part=part):
                return make.negation(self.of(part, side))
            case Defined(body=body):
                return self.of(body, side)
            case EndMatches(side=end, selector=selector):
                return self.of(selector, end)
            case JudgedIs() | Joins() | Derives() | IsEntity():
                return self._judged(condition, side)
            case IsTerm() | Includes() | Within() | Compares() | IsFlagged():
                return self._of_value(condition, side)
            case IsDeclared(reference=reference):
                return self._declared(reference, side)
            case _:
                return self._whole(condition, side)

    # ---- what is judged

    def _judged(self, condition: JudgedIs | Joins | Derives | IsEntity, side: Side) -> int:
        match condition:
            case JudgedIs(judged=judged, terms=terms):
                return self._formulas.test(Variable(judged, "one", judged), self._mask(judged, terms))
            case Derives(word=word, terms=terms):
                return self._formulas.test(Variable(DerivedTerm(word), "one", "data"), self._mask("data", terms))
            case Joins(terms=terms, other=other):
                masks = self._mask("data", terms), None if other is None else self._mask("data", other)
                return self._formulas.test(Variable("pair", "pair", "data"), masks)
            case IsEntity(entity=entity, id=name):
                is_one = Variable(EntityOf(entity, side), "id", nullable=entity is Entity.PARTY)
                return self._formulas.test(is_one, name)

    def _declared(self, reference: Reference | str, side: Side) -> int:
        if isinstance(reference, Reference):
            return self._test(reference, side, DECLARED)
        return self._formulas.test(Variable(reference, "one", reference), DECLARED)

    # ---- values

    def _test(self, reference: Reference, side: Side, test: Hashable) -> int:
        """The node of a test of an attribute; in a selector the subject is the end."""
        attribute = reference.attribute
        where = side if reference.side is Side.SUBJECT else reference.side
        key = ValueOf(where, reference.owner, attribute.name, attribute.type, attribute.default)
        form = FORMS.get(attribute.type.form, "id")
        return self._formulas.test(Variable(key, form, attribute.type.vocabulary or "", attribute), test)

    def _of_value(self, condition: IsTerm | Includes | Within | Compares | IsFlagged, side: Side) -> int:
        reference = condition.reference
        match condition:
            case IsFlagged():
                return self._test(reference, side, "yes")
            case Compares(operator=sign, value=value):
                return self._test(reference, side, (sign, _comparable(value)))
            case Includes(every=True, terms=terms):
                asked = self._narrowest([self._meant(reference, (term,)) for term in terms])
                return self._formulas.all_of([self._test(reference, side, ("includes", each)) for each in asked])
        meant = self._meant(reference, condition.terms)
        if reference.attribute.type.form is Type.ONE:
            return self._test(reference, side, meant)
        words = ["within"] if isinstance(condition, Within) else ["includes"]
        if isinstance(condition, Within) and condition.non_empty:
            words.append("includes")
        return self._formulas.all_of([self._test(reference, side, (word, meant)) for word in words])

    def _narrowest(self, masks: list[Any]) -> list[Any]:
        """The terms that imply the others: a set that includes a narrow term includes the broad one."""
        if not all(isinstance(each, int) for each in masks):
            return masks
        return [mask for mask in masks if not any(other != mask and other & mask == other for other in masks)]

    def _meant(self, reference: Reference, terms: tuple[str, ...]) -> Hashable:
        if reference.attribute.type.form is Type.TEXTS:
            return frozenset(terms)
        return self._mask(reference.attribute.type.vocabulary or "", terms)

    def _mask(self, vocabulary: str, terms: tuple[str, ...]) -> Meaning:
        """The terms that are, or are below, one of these, on each day."""
        taxonomy = self._policy.taxonomy(vocabulary)
        base = taxonomy if self._base is None else self._base.taxonomy(vocabulary)
        of_days = zip(taxonomy.of_all_days, base.of_all_days, strict=True)
        masks = tuple(_moved(own, other, terms) for own, other in of_days)
        return masks[0] if len(set(masks)) == 1 else masks

    # ---- what is a variable as a whole

    def _whole(self, condition: Condition, side: Side) -> int:
        match condition:
            case UnderContract(side=end, terms=terms, chain=chain):
                where = end if end is not Side.SUBJECT else side
                return self._formulas.whole(ContractTest(where, None if terms is None else self.of(terms), chain))
            case OwnedBy(side=end, owner=owner):
                return self._formulas.whole(OwnerTest(end if end is not Side.SUBJECT else side, self.of(owner)))
            case Covers(judged=judged):
                return self._formulas.whole(CoversTest(judged))
            case Reached():
                return self._formulas.whole(self._path(condition, side))
            case Holds(received=received):
                return self._formulas.whole(HoldsTest(self._path(received, side)))
            case ComparesFact():
                return self._of_two_facts(condition, side)
            case CollectedWith(terms=terms, how=how):
                return self._formulas.whole(CollectedTest(how, self.of(terms)))
            case WithinCollectedPurposes():
                return self._formulas.whole(WITHIN_COLLECTED)
            case _:  # later additions to the language: nothing is known about them
                return self._formulas.whole(("other", id(condition), side))

    def _of_two_facts(self, test: ComparesFact, side: Side) -> int:
        """The node of a comparison of two facts; its opposite is the negation of it."""
        if test.operator in _NEGATED:
            return self._formulas.negation(self._of_two_facts(replace(test, operator=_NEGATED[test.operator]), side))

        def fact(each: Reference) -> Fact:
            return side if each.side is Side.SUBJECT else each.side, each.owner, each.attribute.name

        other = None if test.other is None else fact(test.other)
        return self._formulas.whole(FactsTest(fact(test.reference), test.operator, other, test.shift))

    def _path(self, test: Reached, side: Side) -> PathTest:
        where = side if test.side is Side.SUBJECT else test.side
        start = None if test.start is None else self.of(test.start, Side.SOURCE)
        avoiding = None if test.avoiding is None else self.of(test.avoiding, Side.RECIPIENT)
        methods = None if test.methods is None else self._mask("method", test.methods)
        middle = None if test.start is None else self.of(test.start, Side.RECIPIENT)
        return PathTest(where, self._mask("data", test.data), start, middle, avoiding, test.derived, methods)


def _moved(taxonomy: Taxonomy, base: Taxonomy, terms: tuple[str, ...]) -> Mask:
    """The terms below some terms, for another vocabulary that may have them in other places."""
    mask = taxonomy.below_any(terms)
    if taxonomy == base:
        return mask
    above = taxonomy.above_any(taxonomy.names(mask))
    overlapping = {each for each in base.terms if base.below(each) & mask}
    return mask if overlapping == set(taxonomy.names(above)) else MovedMask(mask, above)


def _comparable(value: Scalar) -> Hashable:
    """A limit as a number that can be compared; text stays text."""
    match value:
        case Duration():
            return value.length if value.unit == "unlimited" else Fraction(int(value.length))
        case date():
            return value.toordinal()
        case Decimal():
            return Fraction(value)
        case _:
            return value
