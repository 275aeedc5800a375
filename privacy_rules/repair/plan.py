"""Explain a plan: what each move costs, who owns what it changes, and which findings it fixes.

parts = parts_of(bench, moves)
parts[0].cost, parts[0].owner, parts[0].fixes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Amend, Anonymise, Connect, Cut, Move, Sign, bills, kind
from privacy_rules.repair.trial import Bench, key_of
from privacy_rules.simulation.finding_delta import Key
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity


@dataclass(frozen=True, slots=True)
class Part:
    """One move of a plan: what it costs, by kind, and who owns what it changes (None: nobody is declared).

    `fixes` are findings that fail without it (None: there was no time to find out), `prevents` findings that the other moves would cause.
    """

    move: Move
    costs: Mapping[MoveKind, float]
    owner: str | None
    fixes: tuple[Finding, ...] | None = None
    prevents: tuple[Finding, ...] = ()

    @property
    def cost(self) -> float:
        """Its total cost."""
        return sum(self.costs.values())


def parts_of(bench: Bench, moves: Sequence[Move]) -> tuple[Part, ...]:
    """Return the parts of a plan, without what they fix. A bill that several moves share counts for the first."""
    names = Names(bench.base.estate, bench.base.policy)
    found, paid = [], set()
    for move in moves:
        prices, costs = bench.costs.of(move) or {}, defaultdict[MoveKind, float](float)
        for bill, each in bills(move):
            if bill not in paid:
                costs[each] += prices.get(bill, 0)
            paid.add(bill)
        found.append(Part(move, costs or {kind(move): 0}, _owner(bench, names, move)))
    return tuple(found)


def explained(bench: Bench, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Add the findings that each part fixes: those that fail without it, or otherwise those that it fixes alone."""
    moves = [each.move for each in parts]
    before = {key_of(each): each for each in bench.first.open}
    without = [_open(bench, [one for one in moves if one != move]) for move in moves]
    shared = before.keys() - set().union(*without)
    alone = [shared - _open(bench, [move]).keys() if shared else set() for move in moves]
    return tuple(
        replace(
            part,
            fixes=tuple(each for key, each in before.items() if key in left or key in own),
            prevents=tuple(each for key, each in sorted(left.items()) if key not in before),
        )
        for part, left, own in zip(parts, without, alone, strict=True)
    )


def _open(bench: Bench, moves: Iterable[Move]) -> Mapping[Key, Finding]:
    """Return what still has to be fixed after moves; if they cannot be made, everything."""
    trial = bench.trial(moves) or bench.first
    return {key_of(each): each for each in trial.open}


def _owner(bench: Bench, names: Names, move: Move) -> str | None:
    estate = bench.base.estate

    def of_party(parties: Iterable[str]) -> str | None:
        return next(filter(None, (names.owner(Subject(Kind.PARTY, each)) for each in parties)), None)

    match move:
        case Cut(flow=flow) | Anonymise(flow=flow):
            return names.owner(Subject(Kind.FLOW, flow))
        case Connect(target=target):
            return names.owner(Subject(Kind.SYSTEM, target))
        case Sign(parties=parties):
            return of_party(parties)
        case Amend(entity=Entity.CONTRACT, id=name):
            return of_party(estate.contracts[name].parties if name in estate.contracts else ())
        case Amend(entity=entity, id=name):
            owned = {Entity.FLOW: Kind.FLOW, Entity.SYSTEM: Kind.SYSTEM, Entity.PARTY: Kind.PARTY}
            return names.owner(Subject(owned[entity], name)) if entity in owned else None


def totals(parts: Iterable[Part], key: Callable[[Part, MoveKind], str]) -> dict[str, float]:
    """Add up costs by a key, the highest first."""
    found: dict[str, float] = defaultdict(float)
    for part in parts:
        for each, price in part.costs.items():
            found[key(part, each)] += price
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))
