"""What keeps the picture of a very large estate small: parties of the same role in one box, and no more arrows than can be followed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from privacy_rules.drawing.picture import Arrow, Grade, Lane

MOST_PARTIES = 40
"""Of more parties the least are gathered by role."""
KEPT_PARTIES = 20
"""So many are then drawn for themselves, and all of which a system is."""
MOST_ARROWS = 120
"""Of more arrows between folded boxes those are left out with which nothing is wrong, then those of the fewest flows."""


def gathered(
    lanes: Sequence[Lane], present: Collection[str], first: Collection[str], weight: Counter[str]
) -> dict[str, Lane]:
    """The lane in which each party that is gathered stands; of the others nothing. `weight`: the more, the sooner it is kept."""
    here = [each for each in lanes if each.id in present]
    if len(here) <= MOST_PARTIES:
        return {}
    order = sorted(here, key=lambda each: (each.id not in first, each.rank > 1, -weight[each.id], each.id))
    kept = {each.id for each in order[: max(KEPT_PARTIES, len(first))]}
    of_role: Mapping[str, list[Lane]] = defaultdict(list)
    for each in here:
        if each.id not in kept:
            of_role[each.label].append(each)
    taken, found = {each.id for each in lanes}, dict[str, Lane]()
    for role, members in sorted(of_role.items()):
        if len(members) > 1:
            name = f"{len(members):,} × {role}"
            while name in taken:
                name += "*"
            found |= {each.id: Lane(name, role, members[0].rank) for each in members}
    return found


def thinned(arrows: Sequence[Arrow], single: Collection[str]) -> tuple[Arrow, ...]:
    """No more than can be followed; what comes to or from a box of a `single` system is kept before the rest."""
    worst = sorted(
        arrows,
        key=lambda each: (
            -each.grade,
            not {each.source, each.target} & set(single),
            -len(each.flows),
            each.source,
            each.target,
        ),
    )
    kept = set(map(id, worst[:MOST_ARROWS]))
    return tuple(each for each in arrows if id(each) in kept)


def told_of_thinned(arrows: Sequence[Arrow], kept: Sequence[Arrow]) -> str:
    """How many arrows are left out, and whether something is wrong with some of them; empty when none is."""
    left = len(arrows) - len(kept)
    if not left:
        return ""
    bad = sum(each.grade is not Grade.FINE for each in arrows) - sum(each.grade is not Grade.FINE for each in kept)
    wrong = f", {bad:,} of them with findings" if bad else ""
    return f"{left:,} of {len(arrows):,} arrows, those of the fewest flows, are not drawn{wrong}"
