"""Decide questions that are too large for the search with the solver cvc5, if it is installed (extra `smt`).

A node is two booleans: whether it is at least unknown, and whether it is true. Sets and pairs are not listed row by row, but
encoded by their elements, so a variable may have more rows than the search tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from privacy_rules.analysis.domains import DECLARED, elements, has_default, pair_terms, rows
from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.search import Model, No, Search, Wish
from privacy_rules.analysis.term_answers import Row
from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.language.policy import Policy

NAME = "cvc5"
_A_QUESTION = 60_000
"""How much one question may take, in the solver's own units (`rlimit`): a count that does not depend on the machine."""
_OF_A_NODE = 150
"""How much more it may take for each node; most of it is needed to simplify the question."""
MOST_WORK = 1_000_000
"""How much all questions of one run may take."""
_USED = "resource::resourceUnitsUsed"

_ENDS = ("one", "other")
_VALUES = UNKNOWN, TRUE
Bounds = tuple[Any, Any]
"""Whether something is at least unknown, and whether it is true."""


def is_installed() -> bool:
    """Whether the solver is installed."""
    return find_spec(NAME) is not None


class Solver:
    """Answers questions about formulas. The search checks each model and rejects a wrong one."""

    def __init__(
        self, policy: Policy, formulas: Formulas, search: Callable[[Sequence[Wish]], Search], most: int = MOST_WORK
    ) -> None:
        import cvc5

        self._cvc5: Any = cvc5
        self._terms: Any = cvc5.TermManager()
        self._boolean = self._terms.getBooleanSort()
        self._policy, self._formulas, self._search = policy, formulas, search
        self._known: dict[int, Bounds] = {}
        self._names: dict[tuple[Any, ...], Any] = {}
        self._left = most

    def answer(self, wishes: Sequence[Wish]) -> Model | No:
        """Return facts for which conditions hold, or whether it is proved that there are none."""
        order = self._formulas.below(node for node, _, _ in wishes)
        limit = _A_QUESTION + _OF_A_NODE * len(order)
        if limit > self._left:
            return No.NOT_PROVED
        solver = self._cvc5.Solver(self._terms)
        for option, value in (("produce-models", "true"), ("sat-solver", "cadical"), ("rlimit", str(limit))):
            solver.setOption(option, value)
        solver.setLogic("QF_UF")
        asked: dict[int, set[int]] = {}
        for number in order:
            node = self._formulas.nodes[number]
            if node.kind == "test":
                asked.setdefault(node.parts[0], set()).add(node.parts[1])
            self._known[number] = self._bounds(number)
        for variable, tests in asked.items():
            for each in self._domain(variable, sorted(tests)):
                solver.assertFormula(each)
        for wanted, at_least, least in wishes:
            holds = self._least(wanted, least)
            solver.assertFormula(holds if at_least else self._not(holds))
        found = solver.checkSat()
        self._left -= int(solver.getStatistics().get(True, True)[_USED]["value"])
        if found.isUnsat():
            return No.PROVED
        return self._model(solver, asked, wishes) if found.isSat() else No.NOT_PROVED

    # ---- booleans

    def _bool(self, *name: Any) -> Any:
        if name not in self._names:
            self._names[name] = self._terms.mkConst(self._boolean, " ".join(map(str, name)))
        return self._names[name]

    def _truth(self, value: bool) -> Any:
        return self._terms.mkBoolean(value)

    def _not(self, one: Any) -> Any:
        return self._terms.mkTerm(self._cvc5.Kind.NOT, one)

    def _and(self, parts: Iterable[Any]) -> Any:
        return self._joined(self._cvc5.Kind.AND, list(parts), empty=True)

    def _or(self, parts: Iterable[Any]) -> Any:
        return self._joined(self._cvc5.Kind.OR, list(parts), empty=False)

    def _joined(self, kind: Any, parts: Sequence[Any], *, empty: bool) -> Any:
        if len(parts) < 2:
            return parts[0] if parts else self._truth(empty)
        return self._terms.mkTerm(kind, *parts)

    def _implies(self, one: Any, other: Any) -> Any:
        return self._or([self._not(one), other])

    def _same(self, one: Any, other: Any) -> Any:
        return self._terms.mkTerm(self._cvc5.Kind.EQUAL, one, other)

    # ---- nodes

    def _least(self, node: int, value: int) -> Any:
        if value <= FALSE or value > TRUE:
            return self._truth(value <= FALSE)
        return self._known[node][value - 1]

    def _bounds(self, number: int) -> Bounds:
        if number in self._known:
            return self._known[number]
        node = self._formulas.nodes[number]
        parts = [self._known[each] for each in node.below]
        match node.kind:
            case "and":
                return self._and(each[0] for each in parts), self._and(each[1] for each in parts)
            case "or":
                return self._or(each[0] for each in parts), self._or(each[1] for each in parts)
            case "not":
                return self._not(parts[0][1]), self._not(parts[0][0])
            case "least":
                holds = self._least(*node.parts)
                return holds, holds
            case "const":
                return self._truth(node.parts[0] >= UNKNOWN), self._truth(node.parts[0] >= TRUE)
            case _:
                return self._test(*node.parts)

    def _test(self, variable: int, test: int) -> Bounds:
        return self._bool(variable, test, UNKNOWN), self._bool(variable, test, TRUE)

    # ---- variables

    def _domain(self, number: int, tests: Sequence[int]) -> Iterator[Any]:
        """Yield the constraints between the answers of a variable's tests."""
        variable = self._formulas.variables[number]
        taxonomy = self._policy.taxonomy(variable.vocabulary)
        bounds = [self._test(number, each) for each in tests]
        for least, most in bounds:
            yield self._implies(most, least)
        if variable.form not in ("set", "texts", "pair"):
            yield from self._of_rows(number, bounds, rows(variable, tests, taxonomy))
            return
        known = self._bool(number, "known")
        if not variable.nullable:
            yield known
        asked = [(variable.tests[each], bound) for each, bound in zip(tests, bounds, strict=True)]
        of_value = [(test, bound) for test, bound in asked if test != DECLARED]
        yield from self._declared(variable, known, [bound for test, bound in asked if test == DECLARED])
        yield from self._of_elements(number, variable, known, of_value)

    def _of_rows(self, number: int, bounds: Sequence[Bounds], found: Sequence[Row] | None) -> Iterator[Any]:
        """Yield the constraints that the rows of a variable put on its tests; none if there are too many rows."""
        if found is None:
            return
        chosen = self._chosen(number, found, "row")
        yield from self._exactly_one(number, "row", chosen)
        for column, bound in enumerate(bounds):
            for value, each in zip(_VALUES, bound, strict=True):
                reached = (one for one, row in zip(chosen, found, strict=True) if row[column] >= value)
                yield self._same(each, self._or(reached))

    def _exactly_one(self, number: int, word: str, chosen: Sequence[Any]) -> Iterator[Any]:
        yield self._or(chosen)
        so_far = self._truth(False)
        for at, each in enumerate(chosen):
            yield self._not(self._and([so_far, each]))
            earlier, so_far = so_far, self._bool(number, word, "up to", len(chosen), at)
            yield self._same(so_far, self._or([earlier, each]))

    def _declared(self, variable: Variable, known: Any, bounds: Sequence[Bounds]) -> Iterator[Any]:
        """An unknown value is not declared; a known one is declared, unless it has a default."""
        for least, most in bounds:
            yield self._same(least, most)
            yield self._implies(most, known) if has_default(variable) else self._same(most, known)

    def _of_elements(
        self, number: int, variable: Variable, known: Any, asked: Sequence[tuple[Any, Bounds]]
    ) -> Iterator[Any]:
        """Yield the constraints between the tests of a set, or of a pair, and its elements."""
        tests = [test for test, _ in asked]
        marks = elements(variable, tests, self._policy.taxonomy(variable.vocabulary))
        answers = self._pair if variable.form == "pair" else self._set
        for (_, bound), answer in zip(asked, answers(number, tests, marks), strict=True):
            yield self._or([known, self._and([bound[0], self._not(bound[1])])])
            yield from (self._implies(known, self._same(one, other)) for one, other in zip(bound, answer, strict=True))
        if variable.form == "pair":
            for word in _ENDS:
                yield from self._exactly_one(number, word, self._chosen(number, marks, word))
        elif variable.attribute is not None and variable.attribute.non_empty:
            yield self._implies(known, self._or(self._chosen(number, marks, "has")))

    def _chosen(self, number: int, marks: Sequence[Row], word: str) -> list[Any]:
        """For each kind of element, a boolean that says whether the set has one.

        Its name includes the mark, because marks differ between questions.
        """
        return [self._bool(number, word, *mark) for mark in marks]

    def _set(self, number: int, tests: Sequence[Any], marks: Sequence[Row]) -> Iterator[Bounds]:
        """Yield the answers of a set: `includes` takes the best answer of its elements, `within` the worst."""
        pairs = list(zip(self._chosen(number, marks, "has"), marks, strict=True))
        for column, (word, _) in enumerate(tests):
            reached = [[each for each, mark in pairs if mark[column] >= value] for value in _VALUES]
            missed = [[each for each, mark in pairs if mark[column] < value] for value in _VALUES]
            if word == "includes":
                yield self._or(reached[0]), self._or(reached[1])
            else:
                yield self._not(self._or(missed[0])), self._not(self._or(missed[1]))

    def _pair(self, number: int, tests: Sequence[Any], marks: Sequence[Row]) -> Iterator[Bounds]:
        """Yield the answers of the two data of a joining, in either order."""
        ends = [self._chosen(number, marks, word) for word in _ENDS]

        def is_at_least(end: int, column: int | None, value: int) -> Any:
            if column is None:
                return self._truth(True)
            return self._or(each for each, mark in zip(ends[end], marks, strict=True) if mark[column] >= value)

        def orders(asked: tuple[int | None, ...], value: int) -> Iterator[Any]:
            for one, other in ((0, 1), (1, 0)):
                yield self._and([is_at_least(one, asked[0], value), is_at_least(other, asked[1], value)])

        for each in pair_terms(tests)[1]:
            yield self._or(orders(each, UNKNOWN)), self._or(orders(each, TRUE))

    # ---- models

    def _model(self, solver: Any, asked: dict[int, set[int]], wishes: Sequence[Wish]) -> Model | No:
        """The facts of a model that are needed; `NOT_PROVED` if the search finds that they are not enough."""
        model: Model = {
            variable: {
                test: sum(bool(solver.getValue(each).getBooleanValue()) for each in self._test(variable, test))
                for test in sorted(tests)
            }
            for variable, tests in asked.items()
        }
        found = self._search(wishes).enough(model)
        return No.NOT_PROVED if found is None else found
