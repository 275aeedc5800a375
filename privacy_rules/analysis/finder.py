"""Finds a manifest with certain verdicts, or proves that there is none.

A search finds facts, a manifest is made from them, and the checker judges it. If the checker does not confirm the
facts, they are excluded and the search goes on. What is excluded for every manifest (`Unrealisable.refuted`) does not
weaken a proof; after any other exclusion the answer "no" is not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Generic, TypeVar

from privacy_rules.analysis.drafts import Setting, Unrealisable
from privacy_rules.analysis.examples import manifest_of
from privacy_rules.analysis.implied_answers import Relations
from privacy_rules.analysis.model_facts import Facts
from privacy_rules.analysis.narrowing import Narrowing
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Model, No, TooLarge, Wish
from privacy_rules.analysis.step_budget import Effort
from privacy_rules.checking.logic import TRUE, UNKNOWN
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass

LEVELS = (TRUE, UNKNOWN), (TRUE, TRUE), (UNKNOWN, UNKNOWN)
"""How two verdicts can differ, as the least value of the worse and the bound of the better: violation against compliant comes first.

A check decides what is open case by case. So if the facts rule out the first level, they rule out the others, because a
violation in one case would be a violation against compliant in that case. The exception is a violation against several
rules that are undetermined: each may have another case in which it complies.
"""
MOST_TRIES = 40
"""How many sets of facts one question may try."""
MOST_EFFORT = 40_000_000
"""How many steps all questions may take together; after that, none is proved any more."""

Confirmed = TypeVar("Confirmed")


def unbounded() -> Effort:
    """An unlimited effort, for formulas whose questions a finder limits itself."""
    return Effort(1 << 60)


@dataclass(frozen=True, slots=True)
class More:
    """Further wishes of a question, because an example has shown that they were missing."""

    wishes: Sequence[Wish]


@dataclass(frozen=True, slots=True)
class Asked(Generic[Confirmed]):
    """A question: what must hold, for subjects of a family; `confirm` judges a manifest, and returns None if it does not fit.

    `compares`: the first wish is about a verdict that must be worse than those that the others are about.
    """

    wishes: Sequence[Wish]
    family: Kind
    day: date
    confirm: Callable[[dict[str, Any]], Confirmed | More | None]
    compares: bool = False


class Finder:
    """Answers questions about the formulas of one or two policies; `policy` has the words of both.

    `last` has the facts that the last manifest was made from.
    """

    def __init__(self, ask: Questions, policy: Policy) -> None:
        self._ask, self._policy = ask, policy
        self._refuted: dict[tuple[Kind, date], list[Wish]] = {}
        self._narrowed: dict[Hashable, list[Wish]] = {}
        self._aided: set[tuple[Kind, date]] = set()
        self.last: Model = {}

    def find(self, asked: Asked[Confirmed]) -> Confirmed | No:
        """Return what confirmed an example, or why there is none."""
        before, key = self._ask.aided, (asked.family, asked.day)
        self._ask.aided += key in self._aided
        found = self._found(asked)
        if self._ask.aided > before and self._refuted.get(key):
            self._aided.add(key)  # what was refuted with the solver counts for all later questions
        return found

    def _found(self, asked: Asked[Confirmed]) -> Confirmed | No:
        excluded: list[Wish] = []
        ruled_out = self._narrowed.setdefault((asked.family, asked.day, *(node for node, _, _ in asked.wishes)), [])
        for _ in range(MOST_TRIES):
            if self._ask.make.effort.taken > MOST_EFFORT:
                return No.NOT_PROVED
            try:
                model = self._model(asked, [*asked.wishes, *ruled_out, *excluded])
            except TooLarge:
                return No.NOT_PROVED
            if model is None:
                return No.NOT_PROVED if excluded else No.PROVED
            facts, self.last = Facts(self._ask.make, self._policy, model), model
            try:
                data = manifest_of(Setting(self._ask.make, self._policy, asked.day), asked.family, facts, self._inner)
            except Unrealisable as error:
                if error.refuted is not None:
                    self._refuted.setdefault((asked.family, asked.day), []).append((error.refuted, False, TRUE))
                    continue
            except TooLarge:
                pass
            else:
                found = asked.confirm(data)
                if isinstance(found, More):
                    asked = replace(asked, wishes=[*asked.wishes, *found.wishes])
                    ruled_out = [*ruled_out]  # what is ruled out from now on depends on these wishes, too
                    continue
                if found is not None:
                    return found
            impossible = self._narrowing(asked).excluded(asked.wishes, model) if asked.compares else None
            if impossible is None:
                excluded.append((self.node_of(model), False, TRUE))
            else:
                ruled_out.append((impossible, False, TRUE))
        return No.NOT_PROVED

    def _narrowing(self, asked: Asked[Any]) -> Narrowing:
        return Narrowing(self._ask.make, self._policy, lambda wishes: self._model(asked, wishes) is not None)

    def rules_out(self, wishes: Sequence[Wish]) -> bool:
        """Whether the rows of the facts alone make the wishes impossible. A check that goes through all cases finds that, too."""
        facts = Relations(self._ask.make, self._policy, Kind.PARTY, self._ask.at_most).of_facts(self._variables(wishes))
        try:
            return self._ask.model([*wishes, *facts]) is None
        except TooLarge:
            return False

    def _variables(self, wishes: Sequence[Wish]) -> list[int]:
        return sorted(self._ask.variables(node for node, _, _ in wishes))

    def _model(self, asked: Asked[Any], wishes: Sequence[Wish]) -> Model | None:
        """Facts that make the wishes true, together with what is known to be true of every manifest."""
        whole = [*wishes, *self._refuted.get((asked.family, asked.day), ())]
        variables = self._variables(whole)
        relations = Relations(self._ask.make, self._policy, asked.family, self._ask.at_most)
        return self._ask.model([*whole, *relations.of(variables)])

    def _inner(self, wishes: Sequence[Wish]) -> Facts | None:
        """Facts of something beside the subject: a contract, the start of a path."""
        relations = Relations(self._ask.make, self._policy, Kind.PARTY, self._ask.at_most)
        model = self._ask.model([*wishes, *relations.of(self._variables(wishes))])
        return None if model is None else Facts(self._ask.make, self._policy, model)

    def node_of(self, model: Model) -> int:
        """The node that says that the facts are these."""
        return self._ask.node_of(model)
