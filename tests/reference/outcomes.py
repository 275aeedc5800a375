"""The answer of the reference evaluator for a subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from privacy_rules.checking.logic import Verdict


@dataclass(frozen=True)
class Pair:
    """One judged datum and purpose (None: unknown, or none there), or a joining's two data in order of name."""

    datum: str | None
    purpose: str | None
    verdict: Verdict
    pair: tuple[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What one rule says of one subject.

    `at_fault` are the judged pairs that are not compliant; of two stored items of one category the worse.
    """

    verdict: Verdict
    at_fault: frozenset[Pair]
    applies: bool  # the rule may apply to it: it may be of its kind and within its limits


def worse(pair: Pair, among: Iterable[Pair]) -> bool:
    """Whether the same datum and purpose is judged worse elsewhere among them."""
    return any(
        (each.datum, each.purpose, each.pair) == (pair.datum, pair.purpose, pair.pair) and each.verdict > pair.verdict
        for each in among
    )
