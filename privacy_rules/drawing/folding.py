"""Group parties by role and cap the number of arrows, so that pictures of very large estates stay readable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from privacy_rules.drawing.picture import Arrow, Grade, Lane

MOST_PARTIES = 40
"""If there are more parties, the smallest are grouped by role."""
KEPT_PARTIES = 20
"""How many parties then keep their own box. Every party with a drawn system also keeps its box."""
MOST_ARROWS = 120
"""If there are more arrows between folded boxes, those without findings are left out first, then those with the fewest flows."""


def grouped_lanes(
    lanes: Sequence[Lane], present: Collection[str], first: Collection[str], weight: Counter[str]
) -> dict[str, Lane]:
    """Map each party that is grouped to its common lane. Parties in `first` keep their own, and then those with the most `weight`."""
    here = [each for each in lanes if each.id in present]
    if len(here) <= MOST_PARTIES:
        return {}
    order = sorted(here, key=lambda each: (each.id not in first, each.rank > 1, -weight[each.id], each.id))
    kept = {each.id for each in order[: max(KEPT_PARTIES, len(first))]}
    of_role: Mapping[tuple[str | None, str], list[Lane]] = defaultdict(list)
    for each in here:
        if each.id not in kept:
            of_role[each.parent, each.label].append(each)
    taken, found = {each.id for each in lanes}, dict[str, Lane]()
    for (_, role), members in sorted(of_role.items(), key=str):
        if len(members) > 1:
            name = f"{len(members):,} × {role}"
            while name in taken:
                name += "*"
            found |= {each.id: Lane(name, role, members[0].rank, members[0].parent) for each in members}
    return found


def thinned(arrows: Sequence[Arrow], single: Collection[str]) -> tuple[Arrow, ...]:
    """Return at most MOST_ARROWS arrows, the worst first, then those at a box of a `single` system."""
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


def thinned_words(arrows: Sequence[Arrow], kept: Sequence[Arrow]) -> str:
    """Say how many arrows are left out, and how many of them have findings; empty if none is."""
    left = len(arrows) - len(kept)
    if not left:
        return ""
    bad = sum(each.grade is not Grade.FINE for each in arrows) - sum(each.grade is not Grade.FINE for each in kept)
    wrong = f"; {bad:,} of them have findings" if bad else ""
    return f"{left:,} of {len(arrows):,} arrows are not drawn: those with the fewest flows{wrong}"
