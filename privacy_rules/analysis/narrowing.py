"""Facts that only a broad term by itself gives, compared with what its narrower terms give.

A row of a broad term by itself (contact data that no narrower term means) is one case of a manifest that declares the broad
term. Another manifest says a narrower term instead. A decided verdict stays when a manifest is completed in this way. So a
manifest of the first kind has a worse verdict from one formula than from others only if, for each narrower term, the one formula can be
violated, or, for each, the others can all be complied with.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from privacy_rules.analysis.domains import DECLARED, is_below, values
from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.search import Model, TooLarge, Wish
from privacy_rules.analysis.term_answers import Mask, MovedMask
from privacy_rules.analysis.variables import PARTIES_DIFFER, EntityOf, FactsTest, OwnerTest, ValueOf
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Policy

_CARRIED = ("carries", "purposes", "stores", "uses", "joins", "transforms", "creates")
"""Attributes that change if the judged datum or purpose is narrowed."""


def _is_of_others(key: Hashable) -> bool:
    """Whether a variable does not depend on the judged datum or purpose."""
    if isinstance(key, ValueOf):
        return key.name not in _CARRIED
    return key == PARTIES_DIFFER or isinstance(key, EntityOf | FactsTest | OwnerTest)


def _mask(variable: Variable, test: int) -> Mask | None:
    """The terms that a test of a term or set asks about; None for any other test."""
    asked = variable.tests[test]
    found = asked[1] if variable.form == "set" and isinstance(asked, tuple) else asked
    return found if isinstance(found, int | MovedMask) else None


def _is_in(variable: Variable, test: int, element: int, answer: int) -> bool:
    """Whether a value that the test answers with `answer` may be, or contain, a term that it answers with `element`."""
    if variable.form == "one":
        return element == answer
    word = variable.tests[test][0]  # type: ignore[index]
    return element <= answer if word == "includes" else element >= answer


class Narrowing:
    """Excludes facts that would need a broad term by itself. `has_model` says whether some facts make the wishes true."""

    def __init__(self, make: Formulas, policy: Policy, has_model: Callable[[Sequence[Wish]], bool]) -> None:
        self._make, self._policy, self._has_model = make, policy, has_model
        self._declared: set[int] = set()  # the variables of which the wishes ask whether they are declared

    def excluded(self, wishes: Sequence[Wish], model: Model) -> int | None:
        """Return a node for facts of the model with which no manifest is worse by the first wish than by the others; None if one may be."""
        below = (self._make.nodes[each] for each in self._make.below(node for node, _, _ in wishes))
        tests = [each.parts for each in below if each.kind == "test"]
        self._declared = {number for number, at in tests if self._make.variables[number].tests[at] == DECLARED}
        names = {getattr(self._make.variables[each].key, "name", None) for each in self._declared}
        if not names.isdisjoint(_CARRIED):
            return None  # whether these are declared may change if a manifest is completed
        kept = [part for number in model for part in self._fixed(number, model[number])]
        (worse, _, _), *others = wishes
        ways: list[list[Wish]] = [[(worse, True, TRUE)], [(node, False, UNKNOWN) for node, _, _ in others]]
        for number in model.keys() - self._declared:
            terms = list(self._broad(self._make.variables[number], model[number]))
            rest = [(node, True, TRUE) for of, node in kept if of != number]
            if terms and all(self._is_excluded(number, model[number], term, ways, rest) for term in terms):
                others_too = [self._or_open(each, model[each]) for each in {of for of, _ in kept} if each != number]
                return self._make.all_of([*self._row(number, model[number]), *others_too])
        return None

    def _is_excluded(
        self, number: int, asked: dict[int, int], term: str, ways: Sequence[Sequence[Wish]], rest: Sequence[Wish]
    ) -> bool:
        """Whether each way is impossible for some narrower term."""
        rows = [self._narrowed(number, asked, row) for row in self._narrower(self._make.variables[number], asked, term)]

        def impossible(way: Sequence[Wish]) -> bool:
            return any(not self._has_model([*way, *((node, True, TRUE) for node in row), *rest]) for row in rows)

        try:
            return all(map(impossible, ways))
        except TooLarge:
            return False

    def _broad(self, variable: Variable, answers: dict[int, int]) -> Iterator[str]:
        """The broad terms that by themselves give these answers, if no declared value does."""
        masks = [_mask(variable, each) for each in answers]
        if variable.form not in ("one", "set") or any(each is None for each in masks) or UNKNOWN in answers.values():
            return
        taxonomy, asked = self._policy.taxonomy(variable.vocabulary), sorted(answers)
        found = values(variable, asked, taxonomy)
        if found is None or tuple(answers[each] for each in asked) in found:
            return
        for term in taxonomy.terms:
            if not taxonomy.is_narrowest(term):
                row = {each: is_below(taxonomy, term, _mask(variable, each)) for each in answers}  # type: ignore[arg-type]
                itself = {each: TRUE if answer == TRUE else FALSE for each, answer in row.items()}
                fits = (_is_in(variable, each, itself[each], answers[each]) for each in answers)
                if UNKNOWN in row.values() and all(fits):
                    yield term

    def _narrowed(self, number: int, answers: dict[int, int], row: dict[int, int]) -> list[int]:
        """The nodes of the answers if the broad term gives way to a narrower one with this row."""
        variable = self._make.variables[number]
        if variable.form == "one":
            return self._row(number, row)
        better = {each: max(answers[each], row[each]) for each in answers}
        included = {each: answer for each, answer in better.items() if variable.tests[each][0] == "includes"}  # type: ignore[index]
        kept = [
            self._make.test(variable, variable.tests[each])
            for each in answers.keys() - included.keys()
            if answers[each] == TRUE
        ]
        return [*self._row(number, included), *(self._make.least(each, TRUE) for each in kept)]

    def _narrower(self, variable: Variable, answers: dict[int, int], term: str) -> Iterator[dict[int, int]]:
        """The answers of the narrowest terms below one."""
        taxonomy = self._policy.taxonomy(variable.vocabulary)
        found = [
            {each: is_below(taxonomy, name, _mask(variable, each)) for each in answers}  # type: ignore[arg-type]
            for name in taxonomy.names(taxonomy.below(term))
            if taxonomy.is_narrowest(name)
        ]
        yield from (each for number, each in enumerate(found) if each not in found[:number])

    def _row(self, number: int, answers: dict[int, int]) -> list[int]:
        variable = self._make.variables[number]
        return [
            self._make.exactly(self._make.test(variable, variable.tests[test]), answer)
            for test, answer in answers.items()
        ]

    def _or_open(self, number: int, answers: dict[int, int]) -> int:
        """The node of: a variable has these answers, or is unknown, and so may get them if the manifest is completed."""
        make, variable = self._make, self._make.variables[number]
        row = make.all_of(self._row(number, answers))
        opens = isinstance(variable.key, ValueOf | EntityOf) or variable.key == PARTIES_DIFFER
        if not opens or number in self._declared:
            return row
        return make.any_of([row, make.all_of(self._row(number, dict.fromkeys(answers, UNKNOWN)))])

    def _fixed(self, number: int, answers: dict[int, int]) -> Iterator[tuple[int, int]]:
        """The nodes of answers that stay if a manifest is completed: those of a known value that a manifest can declare."""
        variable = self._make.variables[number]
        if UNKNOWN in answers.values() or not _is_of_others(variable.key):
            return
        if number in self._declared and not any(variable.tests[each] == DECLARED for each in answers):
            return
        asked = sorted(answers)
        found = values(variable, asked, self._policy.taxonomy(variable.vocabulary))
        if found is not None and tuple(answers[each] for each in asked) in found:
            yield from ((number, node) for node in self._row(number, answers))
