"""Decide a formula over open facts by cases: for every possible value of the facts that it asks for more than once.

A fact that is asked for once can have either value, whatever the others are, and so can everything that depends on it.
So the tables of `and`, `or` and `not` are exact in each case (`dsl/language.md`, "Decided in every case").
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import prod
from typing import Literal

from privacy_rules.checking.logic import FALSE, TRUE, UNKNOWN
from privacy_rules.checking.possible_answers import MOST_CASES, Row, Values, rows
from privacy_rules.source.fast_dataclasses import dataclass

Node = tuple[Literal["and", "or", "not", "test", "constant"], tuple[int, ...]]
"""`and`, `or` and `not` of nodes, a test of a fact (both by number), or a truth value."""


_MOST_STEPS = 2_000_000
"""How many parts of a formula may be evaluated in all its cases."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The value of a formula in all cases; unknown if it differs, or if there are too many cases (`too_many`)."""

    value: int
    too_many: bool = False


class Formula:
    """A formula that grows from its parts. Nodes have numbers; children come before their parents. A truth value is its own node."""

    def __init__(self) -> None:
        self._nodes: list[Node] = [("constant", (FALSE,)), ("constant", (UNKNOWN,)), ("constant", (TRUE,))]
        self._numbers: dict[Node, int] = {}
        self._facts: dict[Hashable, int] = {}
        self._values: list[Values] = []
        self._tests: list[dict[Hashable, int]] = []
        self.evaluated = 0
        """How many parts may have been evaluated, each in each case."""

    def all_of(self, parts: Iterable[int]) -> int:
        """The `and` of nodes."""
        return self._joined("and", parts, TRUE, FALSE)

    def any_of(self, parts: Iterable[int]) -> int:
        """The `or` of nodes."""
        return self._joined("or", parts, FALSE, TRUE)

    def _joined(self, kind: Literal["and", "or"], parts: Iterable[int], empty: int, final: int) -> int:
        left = tuple(dict.fromkeys(part for part in parts if part != empty))
        if final in left:
            return final
        return left[0] if len(left) == 1 else self._node((kind, left)) if left else empty

    def negation(self, part: int) -> int:
        """The `not` of a node."""
        return TRUE - part if part <= TRUE else self._node(("not", (part,)))

    def test(self, fact: Hashable, test: Hashable, values: Callable[[], Values]) -> int:
        """The node of a test of the fact with that key; the same test is one node. `values` is asked if the fact is new."""
        number = self._facts.setdefault(fact, len(self._values))
        if number == len(self._values):
            self._values.append(values())
            self._tests.append({})
        tests = self._tests[number]
        return self._node(("test", (number, tests.setdefault(test, len(tests)))))

    def free(self, fact: Hashable) -> int:
        """The node of a fact that may be true or false."""
        return self.test(fact, True, lambda: Values("flag"))

    def _node(self, node: Node) -> int:
        found = self._numbers.setdefault(node, len(self._nodes))
        if found == len(self._nodes):
            self._nodes.append(node)
        return found

    @property
    def content(self) -> Hashable:
        """Everything that decides the nodes' values; equal for formulas that differ only in whose facts they use."""
        return tuple(self._nodes), tuple(self._values), tuple(map(tuple, self._tests))

    def decided(self, root: int, assumed: int = TRUE) -> Decision:
        """Return the value of a node over the cases in which another node, `assumed`, is not false.

        If no case makes `assumed` true or unknown, or if the cases are too many to try, the value is that over all cases.
        """
        if root <= TRUE:
            return Decision(root)
        if assumed <= TRUE:
            return self._in_all_cases(root)
        either = [self._in_all_cases(self.all_of([each, assumed])) for each in (root, self.negation(root))]
        never, always = (each.value == FALSE for each in either)
        if any(each.too_many for each in either) or (never and always):
            return self._in_all_cases(root)
        return Decision(FALSE if never else TRUE if always else UNKNOWN)

    def _in_all_cases(self, root: int) -> Decision:
        rows = self._rows(root)
        cases = prod(MOST_CASES + 1 if each is None else len(each) for each in rows.values())
        if cases > MOST_CASES or cases * root > _MOST_STEPS:
            return Decision(UNKNOWN, too_many=True)
        self.evaluated += cases * root
        return Decision(_Cases(self._nodes[: root + 1], {fact: each or () for fact, each in rows.items()}).value())

    def _rows(self, root: int) -> dict[int, Sequence[Row] | None]:
        """The rows of the facts that are asked for more than once, and of those that have only one.

        Tests that do not matter to the root are left out, because they could hide that a fact has only one row.
        """
        asked = [0] * (root + 1)
        asked[root] = 1
        for number in range(root, TRUE, -1):
            kind, parts = self._nodes[number]
            if asked[number] and kind != "test":
                for part in parts:
                    asked[part] = min(2, asked[part] + asked[number])
        times = dict[int, dict[int, int]]()
        for number in range(TRUE + 1, root + 1):
            kind, parts = self._nodes[number]
            if kind == "test" and asked[number]:
                fact, test = parts
                times.setdefault(fact, {})[test] = asked[number]
        every = {fact: self._rows_of(fact, sorted(tests)) for fact, tests in times.items()}
        return {
            fact: found
            for fact, found in every.items()
            if sum(times[fact].values()) > 1 or found is None or len(found) == 1
        }

    def _rows_of(self, fact: int, asked: Sequence[int]) -> Sequence[Row] | None:
        """The rows of a fact for some of its tests; other tests are unknown in each."""
        tests = list(self._tests[fact])
        found = rows(self._values[fact], tuple(tests[each] for each in asked))
        if found is None or len(asked) == len(tests):
            return found
        answers = (dict(zip(asked, row, strict=True)) for row in found)
        return [tuple(row.get(each, UNKNOWN) for each in range(len(tests))) for row in answers]


class _Cases:
    """One walk over the cases of some facts."""

    def __init__(self, nodes: list[Node], rows: dict[int, Sequence[Row]]) -> None:
        self._nodes, self._rows = nodes, rows
        self._chosen: dict[int, Row] = {fact: each[0] for fact, each in rows.items() if len(each) == 1}

    def value(self) -> int:
        """Return the value of the last node in all cases that are left; unknown if it differs."""
        values = self._values()
        if values[-1] != UNKNOWN:
            return values[-1]
        fact = self._fact_of(values)
        if fact is None:
            return UNKNOWN
        found: int | None = None
        for row in self._rows[fact]:
            self._chosen[fact] = row
            value = self.value()
            if value == UNKNOWN or (found is not None and value != found):
                found = UNKNOWN
                break
            found = value
        del self._chosen[fact]
        return UNKNOWN if found is None else found

    def _values(self) -> list[int]:
        values: list[int] = []
        for kind, parts in self._nodes:
            match kind:
                case "and":
                    values.append(min([values[part] for part in parts]))
                case "or":
                    values.append(max([values[part] for part in parts]))
                case "not":
                    values.append(TRUE - values[parts[0]])
                case "test":
                    row = self._chosen.get(parts[0])
                    values.append(UNKNOWN if row is None else row[parts[1]])
                case _:
                    values.append(parts[0])
        return values

    def _fact_of(self, values: list[int]) -> int | None:
        """Return the first fact with cases that leaves the last node unknown."""
        waiting, seen = [len(values) - 1], set[int]()
        while waiting:
            number = waiting.pop()
            if values[number] != UNKNOWN or number in seen:
                continue
            seen.add(number)
            kind, parts = self._nodes[number]
            if kind == "test" and parts[0] in self._rows:
                return parts[0]
            if kind in ("and", "or", "not"):
                waiting += reversed(parts)
        return None
