"""The solver and the search give the same answers to what lints ask about random policies."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_rules.analysis import solver
from privacy_rules.analysis.finder import unbounded
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import No, Search, Wish
from privacy_rules.analysis.solver import Solver
from privacy_rules.language.policy import Policy
from tests.builders import policy_of
from tests.properties.claims import more_rules
from tests.properties.dice import Dice
from tests.properties.strategies import BYTES, sample_of, some
from tests.properties.world import Options

pytest.importorskip(solver.NAME)
OPTIONS = Options(rules=3, systems=4, flows=6, parties=4)
VALUES = (1, 2)


def answers(policy: Policy, most: int) -> Counter[bool]:
    """How many questions about pairs of verdicts have an example; each is answered by both."""
    ask = Questions(policy, effort=unbounded())

    def searching(wishes: list[Wish]) -> Search:
        return Search(ask.make, ask._rows, wishes)

    both = Solver(policy, ask.make, searching, 1 << 40)
    count = Counter[bool]()
    nodes = [ask.verdict_of(rule) for rule in policy.rules] + [ask.scope(rule) for rule in policy.rules]
    pairs = [(one, other) for one in nodes for other in nodes if one != other][:most]
    for one, other in pairs:
        for value in VALUES:
            wishes: list[Wish] = [(one, True, value), (other, False, value)]
            found, answer = searching(wishes).model(), both.answer(wishes)
            assert answer is not No.NOT_PROVED
            assert (found is None) == (answer is No.PROVED)
            count[found is None] += 1
    return count


@given(st.binary(min_size=BYTES, max_size=BYTES))
@some
def test_the_solver_answers_as_the_search_does(data: bytes) -> None:
    answers(more_rules(policy_of(sample_of(data, OPTIONS).policy), Dice(data[::-1]), 3), 20)


def test_both_answers_occur() -> None:
    count = Counter[bool]()
    for seed in range(10):
        data = random.Random(seed).randbytes(BYTES)
        count += answers(more_rules(policy_of(sample_of(data, OPTIONS).policy), Dice(data[::-1]), 3), 20)
    assert min(count.values()) > 20
