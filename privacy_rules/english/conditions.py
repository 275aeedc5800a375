"""Conditions in English: each test becomes a clause, and negation moves into the verbs.

`not (a and b)` becomes `not a or not b`, which is equivalent in three-valued logic. A `define` that is one plain test is
written out where it is used. Any other is named there, and a note explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from privacy_rules.english.nouns import COLLECTION, OWNER, PATH_START, Nouns, at_end, attribute, in_contract
from privacy_rules.english.phrases import ARE, BE, Clause, Passage, Phrase, Verb, grouped, inline, regular, stated
from privacy_rules.english.terms import holders, owning, quoted, term, with_article, words
from privacy_rules.language.conditions import children
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
    How,
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
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity, Form
from privacy_rules.vocabulary.values import Duration, Scalar, show

_APPLIES = regular("apply", "applies")
_FALL_WITHIN = Verb("all fall within", "do not all fall within", "must all fall within", "must not all fall within")
_OPPOSITES = {"<": ">=", "<=": ">", "=": "!=", "!=": "=", ">=": "<", ">": "<="}
_BOUNDS = {"<": "less than", "<=": "at most", "=": "exactly", "!=": "other than", ">=": "at least", ">": "more than"}
_SAME = {"=": "the same as", "!=": "other than"}
_DAYS = {"<": "before", "<=": "on or before", "=": "on", "!=": "not on", ">=": "on or after", ">": "after"}
_FLAGS: dict[tuple[Entity, str], tuple[str | None, Verb, str]] = {
    (Entity.FLOW, "notice"): ("the person concerned", BE, "told of it"),
    (Entity.FLOW, "necessary"): (None, BE, "necessary"),
    (Entity.CONTRACT, "allows_onward"): (None, regular("allow", "allows"), "passing on"),
    (Entity.ORGANISATION, "trains_employees"): (None, regular("train", "trains"), "its employees"),
    (Entity.ORGANISATION, "notifies_material_changes"): (None, regular("give", "gives"), "notice of material changes"),
}
_INCLUDING: dict[tuple[Entity, str], tuple[Callable[[Nouns, Reference], str], Verb]] = {
    (Entity.SYSTEM, "supports"): (
        lambda nouns, reference: nouns.of_side(reference.side)[0],
        regular("support", "supports"),
    ),
    (Entity.CONTRACT, "obliges"): (lambda nouns, _: nouns.this, regular("impose", "imposes")),
}
_COME: Mapping[How | None, Verb] = {
    None: Verb(
        "come from collections", "come from no collection", "must come from collections", "must come from no collection"
    ),
    "only": Verb(
        "come only from collections",
        "do not come only from collections",
        "must come only from collections",
        "must not come only from collections",
    ),
    "partly": Verb(
        "come at least partly from collections",
        "do not come even partly from collections",
        "must come at least partly from collections",
        "must not come even partly from collections",
    ),
}
_RECEIVE = regular("receive", "receives")
_HAS_ONE = Verb(
    "has a system that receives",
    "has no system that receives",
    "must have a system that receives",
    "must have no system that receives",
)
"""The condition holds of one of the party's systems."""
ANY_DATA = "any data"
_LONGEST = 80
"""A define whose test is longer is named instead of written out."""
_ALWAYS = Verb("always holds", "never holds", "must always hold", "must never hold")


class Conditions:
    """Writes the conditions of one rule.

    `meanings` has the meaning of each define in the rule; `named` has those that are not written out.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.meanings: dict[tuple[str, Nouns], Passage] = {}
        self.named: set[tuple[str, Nouns]] = set()

    def phrase(self, condition: Condition, nouns: Nouns, *, negated: bool = False) -> Phrase:
        """A condition, or its negation."""
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                together = isinstance(condition, All) is not negated
                if not parts:
                    return Clause("this", _ALWAYS, "", isinstance(condition, AnyOf) is not negated)
                said = [self.phrase(each, nouns, negated=negated) for each in parts]
                return grouped("and" if together else "or", said)
            case Negation(part=part):
                return self.phrase(part, nouns, negated=not negated)
            case Defined():
                return self._defined(condition, nouns, negated)
            case EndMatches(side=side, selector=selector):
                return self.phrase(selector, at_end(nouns, side), negated=negated)
            case Compares(operator=operator) | ComparesFact(operator=operator) if negated:
                return self._test(replace(condition, operator=_OPPOSITES[operator]), nouns)
            case _:
                return _turned(self._test(condition, nouns), negated)

    def term(self, name: str, vocabulary: str | None) -> str:
        """A term of a vocabulary as words."""
        return term(name, self._policy.taxonomy(vocabulary) if vocabulary else None)

    def terms(self, names: tuple[str, ...], vocabulary: str | None, joined_by: str = "or") -> str:
        """Several terms, listed."""
        return listed((self.term(each, vocabulary) for each in names), joined_by)

    # ---- defines

    def _defined(self, use: Defined, nouns: Nouns, negated: bool) -> Phrase:
        name, key = quoted(words(use.name)), (use.name, nouns)
        if key not in self.meanings:
            self.meanings[key] = Passage("")  # its place, before those that it names itself
            self.meanings[key] = stated(self.phrase(use.body, nouns))
        if _is_plain(use.body) and len(self.meanings[key].text) <= _LONGEST:
            clause = self.phrase(use.body, nouns, negated=negated)
            assert isinstance(clause, Clause)
            if clause.negated or not negated:  # otherwise the clause is the opposite of what the name means
                return Clause(clause.subject, clause.verb, f"{clause.rest} ({name})".lstrip(), clause.negated)
        self.named.add(key)
        return Clause(name, _APPLIES, "", negated)

    # ---- tests

    def _test(self, condition: Condition, nouns: Nouns) -> Clause:
        return _TESTS[type(condition)](self, condition, nouns)

    def is_term(self, test: IsTerm, nouns: Nouns) -> Clause:
        """`the legal basis is consent`, `the recipient is a third party`."""
        if test.reference.attribute.type.form is Form.ROLES:
            return Clause(nouns.owner(test.reference), BE, listed(map(with_article, test.terms), "or"))
        vocabulary = test.reference.attribute.type.vocabulary
        if test.reference.attribute.name == "country":
            return Clause(nouns.owner(test.reference), BE, f"in {self.terms(test.terms, vocabulary)}")
        return Clause(attribute(test.reference, nouns)[0], BE, self.terms(test.terms, vocabulary))

    def judged_is(self, test: JudgedIs, _: Nouns) -> Clause:
        """`the purpose is education`."""
        subject = "the purpose" if test.judged == "purpose" else "the category of data"
        return Clause(subject, BE, self.terms(test.terms, test.judged))

    def includes(self, test: Includes, nouns: Nouns) -> Clause:
        """`the safeguards of the system include backup`."""
        found = test.reference.attribute
        every = ("both " if len(test.terms) == 2 else "all of ") if test.every and len(test.terms) > 1 else ""
        if found.type.form is Form.ROLES:
            elements = every + listed(map(with_article, test.terms), "and" if every else "or")
            return Clause(nouns.owner(test.reference), BE, elements)
        elements = every + self._elements(test.reference, test.terms, "and" if every else "or")
        if (found.entity, found.name) == (Entity.SYSTEM, "retained_for"):
            return Clause("the data", ARE, f"retained for {elements}")
        if (found.entity, found.name) in _INCLUDING:
            subject, verb = _INCLUDING[found.entity, found.name]
            of = " for these data" if test.reference.owner is Owner.ITEM and nouns.item else ""
            return Clause(subject(nouns, test.reference), verb, f"{elements}{of}")
        return Clause(attribute(test.reference, nouns)[0], regular("include"), elements)

    def within(self, test: Within, nouns: Nouns) -> Clause:
        """`the purposes all fall within communications`."""
        subject = attribute(test.reference, nouns)[0]
        if test.non_empty:
            return Clause(subject, regular("include"), f"only {self._elements(test.reference, test.terms, 'and')}")
        return Clause(subject, _FALL_WITHIN, self._elements(test.reference, test.terms, "or"))

    def _elements(self, reference: Reference, terms: tuple[str, ...], joined_by: str) -> str:
        type_ = reference.attribute.type
        if type_.form is Form.TEXTS:
            return listed(map(quoted, terms), joined_by)
        return self.terms(terms, type_.vocabulary, joined_by)

    def is_declared(self, test: IsDeclared, nouns: Nouns) -> Clause:
        """`the privacy contact of the organisation is stated`."""
        if isinstance(test.reference, str):
            return Clause("the purpose" if test.reference == "purpose" else "the category of data", BE, "stated")
        subject, several = attribute(test.reference, nouns)
        return Clause(subject, ARE if several else BE, "stated")

    def compares(self, test: Compares, nouns: Nouns) -> Clause:
        """`the retention period is at most 2 years`."""
        return Clause(attribute(test.reference, nouns)[0], BE, f"{_compared(test.operator, test.value)}")

    def compares_fact(self, test: ComparesFact, nouns: Nouns) -> Clause:
        """`the retention period of the recipient's system is at most the retention period of the sender's system`."""
        form = test.reference.attribute.type.form
        other = "the day of the check" if test.other is None else attribute(test.other, nouns)[0]
        if test.shift is not None:
            length = replace(test.shift, count=abs(test.shift.count))
            other = f"{show(length)} {'before' if test.shift.count < 0 else 'after'} {other}"
        ordered = form in (Form.NUMBER, Form.DURATION)
        bound = (
            _DAYS[test.operator] if form is Form.DATE else _BOUNDS[test.operator] if ordered else _SAME[test.operator]
        )
        return Clause(attribute(test.reference, nouns)[0], BE, f"{bound} {other}")

    def is_flagged(self, test: IsFlagged, nouns: Nouns) -> Clause:
        """`the disclosure is necessary`; of a policy's own flag `the contract is marked “vetted”`."""
        found = test.reference.attribute
        if (found.entity, found.name) in _FLAGS:
            subject, verb, rest = _FLAGS[found.entity, found.name]
            return Clause(subject or nouns.owner(test.reference), verb, rest)
        return Clause(nouns.owner(test.reference), BE, f"marked {quoted(words(found.name))}")

    def under_contract(self, test: UnderContract, nouns: Nouns) -> Clause:
        """`the recipient is under a contract with us that covers the data`."""
        terms = None if test.terms is None else self.phrase(test.terms, in_contract(nouns))
        if test.chain:
            chain = "bound to us by a chain of contracts" + (", each a contract" if terms else "")
            return Clause(nouns.of_side(test.side)[1], BE, chain, inner=terms)
        if test.side is Side.BOTH:
            both = f"{nouns.source[1]} and {nouns.recipient[1]}"
            return Clause(both, ARE, "under a contract with each other", inner=terms)
        return Clause(nouns.of_side(test.side)[1], BE, "under a contract with us", inner=terms)

    def owned_by(self, test: OwnedBy, nouns: Nouns) -> Clause:
        """`the recipient is owned, directly or through others, by public authorities`."""
        whom = self.whom(test.owner)
        inner = None if whom else self.phrase(test.owner, OWNER)
        owned = f"owned, directly or through others, by {whom or 'a party'}"
        return Clause(nouns.of_side(test.side)[1], BE, owned, inner=inner)

    def covers(self, test: Covers, _: Nouns) -> Clause:
        """`the contract covers the purpose`."""
        return Clause("the contract", regular("cover", "covers"), f"the {test.judged}")

    def is_entity(self, test: IsEntity, nouns: Nouns) -> Clause:
        """`the recipient is the party “acme”`."""
        noun = nouns.party if test.entity is Entity.PARTY else nouns.system
        return Clause(noun, BE, f"the {test.entity} {quoted(test.id)}")

    def joins(self, test: Joins, _: Nouns) -> Clause:
        """`the data joined are card with contact`."""
        return Clause("the data joined", ARE, self.pair(test))

    def derives(self, test: Derives, _: Nouns) -> Clause:
        """`the data made are health data`."""
        return Clause(f"the data {'taken' if test.word == 'of' else 'made'}", ARE, self.terms(test.terms, "data"))

    def pair(self, test: Joins) -> str:
        """`click through with contact information`."""
        one = self.terms(test.terms, "data")
        return f"{one} with {self.terms(test.other, 'data')}" if test.other else f"{one} with {ANY_DATA}"

    def reached(self, test: Reached, nouns: Nouns) -> Clause:
        """`the system receives contact information from systems of data subjects, directly or through other systems`."""
        words = self._with_derived(test)
        if test.start is not None:
            words += f" from {self.place(test.start)}"
        words += ", directly or through other systems"
        if test.avoiding is not None:
            words += f", on a path that avoids {self.place(test.avoiding)}"
        if not nouns.system and test.side is Side.SUBJECT:
            return Clause(nouns.party, _HAS_ONE, words)
        return Clause(nouns.of_side(test.side)[0], _RECEIVE, words)

    def holds(self, test: Holds, nouns: Nouns) -> Clause:
        """`the party holds contact information (or anything derived from it)`."""
        owner = nouns.of_side(test.side)
        noun = nouns.party if not nouns.system and test.side is Side.SUBJECT else owner[0]
        return Clause(noun, regular("hold", "holds"), self._with_derived(test.received))

    def _with_derived(self, test: Reached) -> str:
        phrase = self.terms(test.data, "data")
        if not test.derived:
            return phrase
        how = f" by {self.terms(test.methods, 'method')}" if test.methods else ""
        return f"{phrase} (or anything derived from it{how})"

    def place(self, selector: Condition) -> str:
        """The systems that a selector means: `systems of data subjects`."""
        return self.whose(selector) or f"systems (those for which {inline(self.phrase(selector, PATH_START))})"

    def whose(self, selector: Condition) -> str | None:
        """The same if the selector is plain: a role, a party or a system."""
        match selector:
            case IsTerm(reference=Reference(owner=Owner.SYSTEM, text="role"), terms=terms):
                return f"systems of {listed(map(owning, terms), 'or')}"
            case IsEntity(entity=Entity.PARTY, id=id_):
                return f"systems of the party {quoted(id_)}"
            case IsEntity(id=id_):
                return f"the system {quoted(id_)}"
            case _:
                return None

    def whom(self, selector: Condition) -> str | None:
        """The parties that a plain selector means: `data subjects`, `the party “acme”`."""
        match selector:
            case IsTerm(reference=Reference(text="role"), terms=terms):
                return listed(map(holders, terms), "or")
            case IsEntity(entity=entity, id=id_):
                return f"the {entity} {quoted(id_)}"
            case _:
                return None

    def collected_with(self, test: CollectedWith, _: Nouns) -> Clause:
        """`the data come from collections in which the person concerned is told of it`; with `only`, only from such."""
        return Clause("the data", _COME[test.how], "", inner=self.phrase(test.terms, COLLECTION), link="in which")

    def within_collected(self, _: WithinCollectedPurposes, __: Nouns) -> Clause:
        """`the purpose is one for which the data were collected`."""
        return Clause("the purpose", BE, "one for which the data were collected")


_TESTS: dict[type[Condition], Callable[[Conditions, Any, Nouns], Clause]] = {
    IsTerm: Conditions.is_term,
    JudgedIs: Conditions.judged_is,
    Includes: Conditions.includes,
    Within: Conditions.within,
    IsDeclared: Conditions.is_declared,
    Compares: Conditions.compares,
    ComparesFact: Conditions.compares_fact,
    IsFlagged: Conditions.is_flagged,
    UnderContract: Conditions.under_contract,
    OwnedBy: Conditions.owned_by,
    Covers: Conditions.covers,
    IsEntity: Conditions.is_entity,
    Joins: Conditions.joins,
    Holds: Conditions.holds,
    Derives: Conditions.derives,
    Reached: Conditions.reached,
    CollectedWith: Conditions.collected_with,
    WithinCollectedPurposes: Conditions.within_collected,
}


def _is_plain(condition: Condition) -> bool:
    """Whether a condition is one test, or its negation, with no condition inside."""
    while isinstance(condition, Negation):
        condition = condition.part
    return type(condition) in _TESTS and not children(condition)


def _turned(clause: Clause, negated: bool) -> Clause:
    return Clause(clause.subject, clause.verb, clause.rest, negated, clause.inner, clause.link) if negated else clause


def _compared(operator: str, value: Scalar) -> str:
    if isinstance(value, str):
        return quoted(value) if operator == "=" else f"other than {quoted(value)}"
    if isinstance(value, date):
        return f"{_DAYS[operator]} {value}"
    if isinstance(value, Duration) and value.unit == "unlimited":
        return (
            f"{_BOUNDS[operator]} without limit" if operator in ("<", ">", "!=") else f"{_BOUNDS[operator]} unlimited"
        )
    return f"{_BOUNDS[operator]} {show(value)}"
