"""Offer repairs: change sets after which the check passes, cheapest first. Each is checked, and no part can be left out.

found = repair(policy, estate, date(2026, 11, 1), Costs(), Wanted(), limit=3, seconds=10)
found.offers[0].moves, found.offers[0].changes
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from privacy_rules.findings.finding import Finding
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.repair.apply_moves import Data, changed, make
from privacy_rules.repair.costs import NEVER, Costs
from privacy_rules.repair.dependants import Dependants
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Move, kind, merged, touched
from privacy_rules.repair.open_facts import Question, answered, questions
from privacy_rules.repair.partial import Root, hopeless, unfixable
from privacy_rules.repair.plan import Part, explained, parts_of
from privacy_rules.repair.search import Search, Solution, Stuck
from privacy_rules.repair.trial import Bench, Conflict, Wanted, key_of
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.time_limit import OutOfTimeError, left, time_limit

_SEARCHING, _WITH_ANSWERS = 0.7, 0.9
"""The shares of the time after which the search, and then the one for a plan after the answers, end. The rest is for making offers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change set after which the check passes, except for what the repair leaves out. All of its `moves` are needed.

    `removed_along`: what is removed along with something else; `undecided`: findings that become undetermined, and do not fail;
    `parts`: what each move costs and fixes.
    """

    cost: float
    moves: tuple[Move, ...]
    changes: tuple[Data, ...]
    removed_along: tuple[str, ...] = ()
    undecided: tuple[Finding, ...] = ()
    proved: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A finding that no allowed move fixes; `barred`: kinds of moves that could if they were allowed; `after`: moves that cause it.

    `said_never`: entities such as `flow:f1` that may not be changed according to the configured costs, with the kind of
    move that would change them. `leads_to`: another finding that the moves against this one cause.
    """

    finding: Finding
    barred: tuple[MoveKind, ...] = ()
    after: tuple[Move, ...] = ()
    said_never: tuple[tuple[str, MoveKind], ...] = ()
    leads_to: Finding | None = None


@dataclass(frozen=True, slots=True)
class IfAnswered:
    """The best offer for the rest if the questions are answered as suggested; None if there is none.

    `nothing_left`: then nothing fails any more.
    """

    offer: Offer | None
    nothing_left: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """The whole result. `to_fix`: what has to be fixed; `timed_out`: the search did not end; `complete`: it considered all moves.

    `apart`: the findings that only the answer to a question fixes; `obstacles`: those that cannot be fixed; `unfinished`: those for which
    nothing was found in time. The offers fix the others. `more`: how many findings to fix are not among those of `to_fix`, because
    there are too many; then there is no search.
    """

    to_fix: tuple[Finding, ...]
    offers: tuple[Offer, ...] = ()
    questions: tuple[Question, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    timed_out: bool = False
    apart: tuple[Finding, ...] = ()
    complete: bool = True
    more: int = 0
    unfinished: tuple[Finding, ...] = ()
    if_answered: IfAnswered | None = None

    @property
    def passes(self) -> bool:
        """Whether the check passes already, or after any of the offers."""
        return not self.to_fix or (bool(self.offers) and not (self.apart or self.obstacles or self.unfinished))


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
    """Return at most `limit` offers. After `seconds`, or when the time of the whole call is up, return what has been found so far."""
    started, base = time.monotonic(), World(policy, estate, day)
    bench = Bench(base, replace(costs, dependants=Dependants(base.graph)), wanted)
    first = bench.first
    if not first.open or first.more:
        return Repair(first.open, complete=not first.more, more=first.more)
    of_call = left()
    seconds = max(seconds - (time.monotonic() - started), seconds / 2) if of_call is None else of_call
    found = Repair(first.open, timed_out=True, complete=False)
    try:
        with time_limit(seconds):
            for each in _Repairing(bench, limit, seconds).results():
                found = each
    except OutOfTimeError:
        found = replace(found, timed_out=True)
    return found


class _Repairing:
    """A repair in progress: each result is better than the one before."""

    def __init__(self, bench: Bench, limit: int, seconds: float) -> None:
        self._bench, self._limit, self._seconds, self._began = bench, limit, seconds, time.monotonic()

    def _until(self, share: float) -> float:
        """Return the moment at which a share of the time is over."""
        return self._began + self._seconds * share

    def results(self) -> Iterator[Repair]:
        """Yield the result each time it improves."""
        whole, asked = self._bench, questions(self._bench.base, self._bench.first.open)
        found = Repair(whole.first.open, (), asked, timed_out=True)
        yield replace(found, complete=False)
        conflicts, evaluator = whole.conflicts(whole.first)
        stuck, open_ = hopeless(conflicts), {each.finding for each in asked}
        apart = {each.finding for each in stuck if not each.barred} & open_
        stuck = [each for each in stuck if each.finding not in apart]
        found = replace(found, apart=tuple(each for each in whole.first.open if each in apart))
        found = replace(found, complete=all(each.moves or each.options.complete for each in conflicts))
        bench = whole.accepting([*apart, *(each.finding for each in stuck)])
        for search, stuck_now in self._searched(bench, (conflicts, evaluator), stuck):
            yield from (found := each for each in self._offered(search, stuck_now, found))
        if asked:
            yield replace(found, if_answered=self._if_answered(whole, asked))

    def _searched(self, bench: Bench, root: Root, stuck: Sequence[Stuck]) -> Iterator[tuple[Search, list[Stuck]]]:
        """Yield the search for everything, or, if that is impossible, the one for as much as possible."""
        search, left = self._search(bench, root), list(stuck)
        if bench.first.open and search.found.exhausted and not search.found.solutions:
            left += unfixable(bench, (_about(bench, root[0]), root[1]), self._until(_SEARCHING))
            search = self._search(bench.accepting([each.finding for each in left]), root)
        yield search, left

    def _search(self, bench: Bench, root: Root) -> Search:
        search = Search(bench, self._limit, self._until(_SEARCHING), (_about(bench, root[0]), root[1]))
        if bench.first.open:
            search.run()
        return search

    def _offered(self, search: Search, stuck: Sequence[Stuck], before: Repair) -> Iterator[Repair]:
        """Yield the result with each offer of a search, then with what the moves of each offer fix."""
        found, bench = search.found, search.bench
        solutions, unfinished = found.solutions, tuple[Finding, ...]()
        if not solutions and found.timed_out and search.nearest is not None:  # make a plan for what was fixed in time
            solutions, unfinished = [Solution(0, search.nearest.moves, False)], search.nearest.open
            bench = bench.accepting(unfinished)
        obstacles = _obstacles(stuck or (() if solutions else found.stuck), bench.costs)
        result = replace(
            before,
            obstacles=obstacles,
            timed_out=found.timed_out,
            complete=before.complete and found.complete,
            unfinished=unfinished,
        )
        offers: list[Offer] = []
        for one in solutions:
            offer = _offer(bench, search, one.moves, proved=one.proved)
            if offer is not None:
                offers.append(offer)
                yield (result := replace(result, offers=_distinct(offers)))
        for number, offer in enumerate(result.offers):
            whole = replace(offer, parts=explained(bench, offer.parts))
            yield (result := replace(result, offers=(*result.offers[:number], whole, *result.offers[number + 1 :])))
        yield result

    def _if_answered(self, bench: Bench, asked: Sequence[Question]) -> IfAnswered | None:
        """Return what is left to do once the questions are answered. An answer without a definite value is assumed to fix its finding."""
        base, said, granted = bench.base, list[Data](), list[Finding]()
        for question in asked:
            settled = all(each.value is not None and each.item is None for each in question.answers)
            said += [answered(each) for each in question.answers if settled]
            granted += [] if settled else [question.finding]
        made = changed(base.estate, base.policy, said)
        world = base.beside(made.outcome)[0] if made else None
        if world is None:
            return None
        after = Bench(world, replace(bench.costs, dependants=Dependants(world.graph)), bench.wanted)
        after = after.accepting([each for each in after.first.open if key_of(each) in set(map(key_of, granted))])
        if not after.first.open:
            return IfAnswered(None, nothing_left=True)
        search = Search(after, 1, self._until(_WITH_ANSWERS))
        for one in search.run().solutions:
            offer = _offer(after, search, one.moves, proved=one.proved)
            return IfAnswered(offer and replace(offer, parts=explained(after, offer.parts)))
        return IfAnswered(None)


def _about(bench: Bench, conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Return the conflicts of the findings that a bench has to fix."""
    return [each for each in conflicts if each.finding in bench.first.open]


def _distinct(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    ordered = sorted(offers, key=lambda each: (each.cost, not each.proved))
    return tuple(
        {each.moves: each for each in reversed(ordered)}[moves]
        for moves in dict.fromkeys(each.moves for each in ordered)
    )


def _offer(bench: Bench, search: Search, moves: Iterable[Move], *, proved: bool) -> Offer | None:
    """Turn moves into an offer, merged and without unnecessary ones; None if the check fails."""
    atoms = frozenset(moves)
    together = merged(atoms)
    if not atoms.issuperset(together):  # merged moves may do more than is needed
        together = merged(search.least(together))
    made = make(bench.base.estate, bench.base.policy, together)
    trial = bench.checked(frozenset(together), made) if made else None
    if made is None or trial is None or trial.open:
        return None
    parts, removed = parts_of(bench, together), made.outcome.removed_along
    cost = bench.costs.total(together)
    return Offer(cost, together, made.changes, removed, trial.undecided, proved, parts)


def _obstacles(stuck: Sequence[Stuck], costs: Costs) -> tuple[Obstacle, ...]:
    """Explain what cannot be fixed: findings that no move fixes, or otherwise findings that moves cause."""
    at_once = [each for each in stuck if not each.after or each.leads_to] or stuck
    obstacles = {
        key_of(each.finding): Obstacle(
            each.finding,
            tuple(sorted({kind(move) for move in each.barred})),
            merged(each.after),
            tuple(
                sorted(
                    {
                        (thing, kind(move))
                        for move in each.barred
                        for thing in touched(move)
                        if costs.said.get(thing) == NEVER
                    }
                )
            ),
            each.leads_to,
        )
        for each in reversed(at_once)
    }
    return tuple(obstacles[key] for key in sorted(obstacles))
