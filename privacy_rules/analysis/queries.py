"""Questions about the rules and conditions of a policy. A question that is too large is answered with no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from privacy_rules.analysis import solver
from privacy_rules.analysis.answer_combinations import Rows
from privacy_rules.analysis.formula import Formulas
from privacy_rules.analysis.search import Model, No, Search, TooLarge, Wish, no_checkpoint
from privacy_rules.analysis.solver import MOST_WORK, Solver
from privacy_rules.analysis.step_budget import Effort
from privacy_rules.analysis.translator import Translator
from privacy_rules.checking.core_rules import CoreRule, Labelled, requirement_of, scope_of
from privacy_rules.checking.judgements import Part
from privacy_rules.language.policy import Condition, Policy, Rule, Side

_A_QUESTION = 10
"""How many steps a question takes that was answered before."""
_MOST_NODES = 2_000
"""Formulas with more nodes are not examined."""


class Questions:
    """Answers questions about one policy. A yes holds for every manifest.

    The search answers first, then the solver, if it is installed: `aided` counts each time that an answer of the solver was used (`last_aided`: it was the last one),
    `solved` the questions that it decided, and `undecided` those that are too large even so; `solved_of` and `unproved` name
    the rules that these are about. `checkpoint` is called before each question: it may wait, and an exception that it raises
    ends the search. Raises Spent if `effort` is used up. `work` is how much the solver may take.
    """

    def __init__(
        self,
        policy: Policy,
        checkpoint: Callable[[], None] = no_checkpoint,
        effort: Effort | None = None,
        work: int = MOST_WORK,
    ) -> None:
        self._policy, self._checkpoint, self._work = policy, checkpoint, work
        self.undecided = self.aided = 0
        self.last_aided = False
        self.unproved: set[str] = set()
        self.solved_of: set[str] = set()
        self._by_solver: set[tuple[Wish, ...]] = set()
        self._solver: Solver | None = None
        self._rules: dict[int, set[str]] = {}
        self.make = Formulas(effort)
        self._translate = Translator(policy, self.make)
        self._rows = Rows(policy, self.make)
        self._answers: dict[tuple[Wish, ...], Model | No] = {}

    def beside(self, policy: Policy) -> Questions:
        """Questions about another policy with the same terms, which share these formulas."""
        found = Questions(self._policy, self._checkpoint)
        found.make, found._rows, found._answers = self.make, self._rows, self._answers
        found._translate = Translator(policy, self.make, self._policy)
        return found

    # ---- formulas

    def of(self, condition: Condition, side: Side = Side.SUBJECT) -> int:
        """The node of a condition; `side` is the end that a selector tests."""
        return self._translate.of(condition, side)

    def scope(self, rule: Rule) -> int:
        """The node of a rule's scope."""
        return self._noted(self._all(scope_of(rule)), rule.name)

    def limits(self, rule: Rule) -> int:
        """The node of a rule's kind and limits."""
        return self._all(part for part in scope_of(rule) if part.part is not Part.WHEN)

    def requirements(self, rule: Rule) -> list[int]:
        """The nodes of what lets a subject comply: the requirement, the alternatives, the exception."""
        return [self._noted(self.of(part.condition), rule.name) for part in requirement_of(rule)]

    def core(self, core: CoreRule) -> int:
        """The node of the verdict of a rule, with the permits that lift it on its day."""
        met = [self.of(part.condition) for part in core.requirement]
        return self._noted(self.verdict(self._all(core.scope), met), core.rule.name)

    def _all(self, parts: Iterable[Labelled]) -> int:
        return self.make.all_of([self.of(part.condition) for part in parts])

    def verdict(self, scope: int, requirements: Iterable[int]) -> int:
        """The node of a verdict: false means compliant, unknown undetermined, true a violation."""
        return self.make.all_of([scope, self.make.negation(self.make.any_of(requirements))])

    def verdict_of(self, rule: Rule, permits: Iterable[Rule] = ()) -> int:
        """The node of a rule's verdict, with permits that lift it."""
        lifted = [self.scope(permit) for permit in permits]
        return self._noted(self.verdict(self.scope(rule), [*self.requirements(rule), *lifted]), rule.name)

    def verdict_with(self, rule: Rule, alternatives: Iterable[int]) -> int:
        """The verdict of an `allow` if its alternatives were these formulas."""
        exception = [] if rule.unless is None else [self.of(rule.unless)]
        return self._noted(self.verdict(self.scope(rule), [*alternatives, *exception]), rule.name)

    def _noted(self, node: int, rule: str) -> int:
        """Note that questions about a node are about a rule; return the node."""
        self._rules.setdefault(node, set()).add(rule)
        return node

    def node_of(self, model: Model) -> int:
        """The node that says that the facts are these."""
        make = self.make
        return make.all_of(
            make.exactly(make.test(make.variables[variable], make.variables[variable].tests[test]), answer)
            for variable, answers in model.items()
            for test, answer in answers.items()
        )

    def variables(self, nodes: Iterable[int]) -> set[int]:
        """The numbers of the variables that nodes depend on."""
        below = (self.make.nodes[each] for each in self.make.below(nodes))
        return {each.parts[0] for each in below if each.kind == "test"}

    def signs(self, node: int) -> dict[int, set[tuple[int, bool]]]:
        """For each variable, the tests that a node depends on, and whether each makes the node truer or less true."""
        found: dict[int, set[tuple[int, bool]]] = {}
        seen, waiting = {(node, True)}, [(node, True)]
        while waiting:
            number, sign = waiting.pop()
            here = self.make.nodes[number]
            if here.kind == "test":
                found.setdefault(here.parts[0], set()).add((here.parts[1], sign))
            below = {(each, sign != (here.kind == "not")) for each in here.below} - seen
            seen |= below
            waiting += below
        self.make.effort.take(len(seen))
        return found

    def rows(self, variable: int, tests: Iterable[int], answers: Mapping[int, int]) -> Iterator[dict[int, int]]:
        """The answers to tests that a variable's values can give along with given ones; none if there are too many."""
        asked, found = self._rows.of(variable, tuple(sorted({*tests, *answers})))
        self.make.effort.take(len(found or ()))
        rows = (dict(zip(asked, row, strict=True)) for row in found or ())
        return (row for row in rows if all(row[test] == answer for test, answer in answers.items()))

    # ---- claims

    def never_true(self, node: int) -> bool:
        """Whether no facts make the node true."""
        return self.never([(node, True, 2)])

    def never_false(self, node: int) -> bool:
        """Whether no facts make the node false."""
        return self.never([(node, False, 1)])

    def can_be_true(self, node: int) -> bool:
        """Whether some facts can make the node true."""
        return self.example([(node, True, 2)]) is not None

    def example(self, wishes: Sequence[Wish], given: Model | None = None) -> Model | None:
        """Return facts for which conditions hold, without those that do not matter; None if there are none, or the question is too large.

        `given` are facts that are settled.
        """
        found = self._answer(wishes, given)
        return None if isinstance(found, No) else found

    def enough(self, wishes: Sequence[Wish], model: Model) -> Model | None:
        """Return the facts of a model that are needed for conditions to hold; None if they are not enough."""
        return self._search(wishes).enough(model)

    def true_of(self, nodes: Sequence[int], model: Model) -> list[bool]:
        """Return for each node whether the model makes it true, regardless of the facts that the model leaves open."""
        asked: dict[int, set[int]] = {}
        for number in self.make.below(nodes):
            node = self.make.nodes[number]
            if node.kind == "test" and node.parts[0] in model:
                asked.setdefault(node.parts[0], set()).add(node.parts[1])
        valued: Model = {}
        for variable, tests in asked.items():
            row = next(self.rows(variable, tests, model[variable]), None)
            if row is not None:
                valued[variable] = row
        return self._search([(node, True, 2) for node in nodes]).true_of(valued) if nodes else []

    def model(self, wishes: Sequence[Wish]) -> Model | None:
        """Like `example`, but remembers nothing, and raises TooLarge."""
        try:
            return self._search(wishes).model()
        except TooLarge:
            found = self._solved(wishes)
            if found is No.NOT_PROVED:
                raise
            self.aided += 1
            return None if isinstance(found, No) else found

    @property
    def solved(self) -> int:
        """How many questions the solver decided."""
        return len(self._by_solver)

    def never_together(self, nodes: Sequence[int]) -> bool:
        """Whether no facts make all nodes true."""
        return self.never([(node, True, 2) for node in nodes])

    def never_violated(self, node: int, verdict: int) -> bool:
        """Whether no facts make the node true without making the verdict a violation."""
        return self.never([(node, True, 2), (verdict, False, 2)])

    def at_most(self, one: int, other: int) -> bool:
        """Whether the first node is never truer than the second."""
        return one == other or all(self.never([(one, True, value), (other, False, value)]) for value in (1, 2))

    def same(self, one: int, other: int) -> bool:
        """Whether both nodes always have the same value."""
        return one == other or (self.at_most(one, other) and self.at_most(other, one))

    def never(self, wishes: Sequence[Wish], given: Model | None = None) -> bool:
        """Whether no facts make all conditions hold, with facts that are settled."""
        return self._answer(wishes, given) is No.PROVED

    def _answer(self, wishes: Sequence[Wish], given: Model | None = None) -> Model | No:
        self._checkpoint()
        self.make.effort.take(_A_QUESTION)
        settled: list[Wish] = [(self.node_of(given), True, 2)] if given else []
        key = (*wishes, *settled)
        if key not in self._answers:
            self._answers[key] = self._searched(key, wishes, given)
        self.last_aided = key in self._by_solver
        self.aided += self.last_aided
        return self._answers[key]

    def _search(self, wishes: Sequence[Wish], given: Model | None = None) -> Search:
        return Search(self.make, self._rows, wishes, self._checkpoint, given)

    def _searched(self, key: tuple[Wish, ...], wishes: Sequence[Wish], given: Model | None) -> Model | No:
        rules = set[str]().union(*(self._rules.get(node, ()) for node, _, _ in wishes))
        if len(self.make.below(node for node, _, _ in wishes)) <= _MOST_NODES:
            with suppress(TooLarge):
                found = self._search(wishes, given).model()
                return No.PROVED if found is None else found
        answer = self._solved(key)
        if answer is No.NOT_PROVED:
            self.undecided += 1
            self.unproved |= rules
        else:
            self._by_solver.add(key)
            self.solved_of |= rules
        return answer

    def _solved(self, wishes: Sequence[Wish]) -> Model | No:
        """What the solver answers, if it is installed."""
        if self._solver is None:
            if not solver.is_installed():
                return No.NOT_PROVED
            self._solver = solver.Solver(self._policy, self.make, self._search, self._work)
        return self._solver.answer(wishes)
