"""Which formulas another one may imply: most are ruled out by one example, without a search for each pair.

An example makes a formula true; whatever it leaves open nobody may know. A formula that is not true of it is not implied.
Of the others' parts only those are looked at that must hold for the whole to be true, so what is left is a choice to be searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from privacy_rules.checking.logic import TRUE
from privacy_rules.checking.term_tests import is_term
from privacy_rules.language.policy import Policy
from privacy_rules.lint.solver.formula import Formulas, Variable
from privacy_rules.lint.solver.search import Model
from privacy_rules.vocabulary.taxonomy import bits


class Candidates:
    """Formulas by number, as sets of bits: which need a variable to be known, and which allow a term for it."""

    def __init__(self, policy: Policy, formulas: Formulas, nodes: Sequence[int]) -> None:
        self._policy, self._formulas = policy, formulas
        self._all = (1 << len(nodes)) - 1
        self._needs: dict[int, int] = defaultdict(int)
        self._asks: dict[int, int] = defaultdict(int)
        self._takes: dict[tuple[int, str], int] = defaultdict(int)
        for number, node in enumerate(nodes):
            self._note(1 << number, node)

    def _note(self, bit: int, node: int) -> None:
        for variable, test in self._tests(node):
            self._needs[variable] |= bit
            mask = None if test is None else _mask(self._formulas.variables[variable], test)
            if mask is not None and not self._asks[variable] & bit:  # of two tests the first is enough to rule it out
                self._asks[variable] |= bit
                names = self._policy.taxonomy(self._formulas.variables[variable].vocabulary).names(mask)
                self._formulas.effort.take(len(names))
                for term in names:
                    self._takes[variable, term] |= bit

    def _tests(self, node: int) -> Iterator[tuple[int, int | None]]:
        """What has to be known for the formula to be true: a variable, and the test that has to be true (None: to be false)."""
        nodes = self._formulas.nodes
        for number in nodes[node].parts if nodes[node].kind == "and" else (node,):
            part = nodes[number]
            if part.kind == "test":
                yield part.parts[0], part.parts[1]
            elif part.kind == "not":
                denied = nodes[part.parts[0]]
                for each in denied.parts if denied.kind == "or" else part.parts:
                    if nodes[each].kind == "test":
                        yield nodes[each].parts[0], None

    def of(self, example: Model) -> list[int]:
        """The formulas that may be true of an example."""
        found = self._all
        for variable, needing in self._needs.items():
            if variable not in example:
                found &= ~needing
            elif variable in self._asks and (term := self._term(variable, example[variable])) is not None:
                found &= self._takes.get((variable, term), 0) | ~self._asks[variable]
        return bits(found)

    def _term(self, number: int, answers: dict[int, int]) -> str | None:
        """A term that gives the answers, as the value or as the only one of a set; None where none does."""
        variable = self._formulas.variables[number]
        masks = [(_mask(variable, test), answer) for test, answer in answers.items()]
        taxonomy = self._policy.taxonomy(variable.vocabulary)
        first = next((mask for mask, answer in masks if mask is not None and answer == TRUE), None)
        for term in () if first is None else taxonomy.names(first):
            if all(mask is not None and is_term(taxonomy, term, mask) == answer for mask, answer in masks):
                return term
        return None


def _mask(variable: Variable, test: int) -> int | None:
    """The terms by which a test is true of a single term; None of a test that is no such."""
    asked = variable.tests[test]
    if variable.form == "one":
        return asked if isinstance(asked, int) else None
    if variable.form == "set" and isinstance(asked, tuple):
        _, mask = asked
        return mask if isinstance(mask, int) else None
    return None
