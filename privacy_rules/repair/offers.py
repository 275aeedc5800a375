"""Offer repairs: change sets after which the check passes, cheapest first. Each is checked, and no part can be left out.

found = repair(policy, estate, date(2026, 11, 1), Costs(), Wanted(), limit=3, seconds=10)
found.offers[0].moves, found.offers[0].changes
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from privacy_rules.findings.finding import Finding
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.repair.apply_moves import Data, make
from privacy_rules.repair.costs import Costs
from privacy_rules.repair.dependants import Dependants
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Move, kind, merged
from privacy_rules.repair.open_facts import Question, questions
from privacy_rules.repair.search import Search, SearchResult
from privacy_rules.repair.trial import Bench, Trial, Wanted
from privacy_rules.simulation.world import World
from privacy_rules.source.records import dataclass
from privacy_rules.source.time_limit import OutOfTimeError, time_limit

_SEARCHING = 0.75
"""The share of the time for the search. In the rest, solutions are checked and turned into offers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change set after which the check passes. None of its `moves` can be left out.

    `removed_along`: what is removed along with something else; `undecided`: findings that become undetermined, and do not fail.
    """

    cost: float
    moves: tuple[Move, ...]
    changes: tuple[Data, ...]
    removed_along: tuple[str, ...] = ()
    undecided: tuple[Finding, ...] = ()
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A finding that no allowed move fixes; `barred`: kinds of moves that could if they were allowed; `after`: moves that cause it."""

    finding: Finding
    barred: tuple[MoveKind, ...] = ()
    after: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """The whole result. `to_fix`: what has to be fixed; `timed_out`: the search did not end; `complete`: it considered all moves.

    `apart`: the findings that only the answer to a question fixes; the offers fix the others. `more`: how many findings to fix are
    not among those of `to_fix`, because there are too many; then nothing is searched for.
    """

    to_fix: tuple[Finding, ...]
    offers: tuple[Offer, ...] = ()
    questions: tuple[Question, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    timed_out: bool = False
    apart: tuple[Finding, ...] = ()
    complete: bool = True
    more: int = 0

    @property
    def passes(self) -> bool:
        """Whether the check passes already, or after any of the offers."""
        return not self.to_fix or (bool(self.offers) and not self.apart)


def repair(
    policy: Policy,
    estate: Estate,
    day: date,
    costs: Costs,
    wanted: Wanted,
    *,
    limit: int = 3,
    seconds: float = 10,
) -> Repair:
    """Return at most `limit` offers. After `seconds`, return what has been found by then."""
    started, base = time.monotonic(), World(policy, estate, day)
    bench = Bench(base, replace(costs, dependants=Dependants(base.graph)), wanted)
    first = bench.first
    if not first.open or first.more:
        return Repair(first.open, complete=not first.more, more=first.more)
    seconds = max(seconds - (time.monotonic() - started), seconds / 2)
    found = Repair(first.open, timed_out=True, complete=False)
    try:
        with time_limit(seconds):
            for each in _found(bench, first, limit, time.monotonic() + seconds * _SEARCHING):
                found = each
    except OutOfTimeError:
        found = replace(found, timed_out=True)
    return found


def _found(bench: Bench, first: Trial, limit: int, deadline: float) -> Iterator[Repair]:
    """Yield the result so far, after each offer."""
    asked = questions(bench.base, first.open)
    yield Repair(first.open, (), asked, timed_out=True, complete=False)
    apart = _apart(bench, first, asked)
    if apart:
        bench = replace(bench, wanted=replace(bench.wanted, accepted=(*bench.wanted.accepted, *apart)), tried={})
    search = Search(bench, limit, deadline)
    found = search.run() if len(apart) < len(first.open) else SearchResult()
    offers: list[Offer] = []
    for one in found.solutions:
        offer = _offer(bench, search, one.moves, proved=one.proved)
        if offer is not None:
            offers.append(offer)
            yield _result(first, asked, apart, found, offers)
    yield _result(first, asked, apart, found, offers)


def _result(
    first: Trial, asked: tuple[Question, ...], apart: tuple[Finding, ...], found: SearchResult, offers: Iterable[Offer]
) -> Repair:
    distinct = {each.moves: each for each in sorted(offers, key=lambda each: (each.cost, not each.proved))}
    stuck = () if distinct else _obstacles(found)
    return Repair(first.open, tuple(distinct.values()), asked, stuck, found.timed_out, apart, found.complete)


def _apart(bench: Bench, first: Trial, asked: Iterable[Question]) -> tuple[Finding, ...]:
    """Return the findings that no move fixes, but the answer to a question does."""
    open_ = {each.finding for each in asked}
    hopeless = {each.finding for each in bench.conflicts(first)[0] if not each.moves and not each.barred}
    return tuple(each for each in first.open if each in open_ & hopeless)


def _offer(bench: Bench, search: Search, moves: Iterable[Move], *, proved: bool) -> Offer | None:
    """Turn moves into an offer, with those on one thing merged and none to spare; None if the check fails."""
    atoms = frozenset(moves)
    together = merged(atoms)
    if not atoms.issuperset(together):  # merged moves may do more than is needed
        together = merged(search.least(together))
    made = make(bench.base.estate, bench.base.policy, together)
    trial = bench.checked(frozenset(together), made) if made else None
    if made is None or trial is None or trial.open:
        return None
    return Offer(
        bench.costs.total(together), together, made.changes, made.outcome.removed_along, trial.undecided, proved
    )


def _obstacles(found: SearchResult) -> tuple[Obstacle, ...]:
    """Explain why there is no offer: findings that no move fixes, or otherwise findings that moves cause."""
    at_once = [each for each in found.stuck if not each.after] or found.stuck
    obstacles = {
        (each.finding.rule, each.finding.subject): Obstacle(
            each.finding, tuple(sorted({kind(move) for move in each.barred})), merged(each.after)
        )
        for each in reversed(at_once)
    }
    return tuple(sorted(obstacles.values(), key=lambda each: (each.finding.rule, each.finding.subject)))
