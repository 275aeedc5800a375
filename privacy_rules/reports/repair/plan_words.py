"""Words for the parts of a plan: what a move costs and fixes, costs by kind and owner, and why something cannot be fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.offers import Obstacle, Repair
from privacy_rules.repair.plan import Part, totals
from privacy_rules.source.words import counted, first_few, listed

_MOST = 4


def part_words(part: Part) -> str:
    """`cost 10, growth team; fixes no_selling on flow leads`."""
    words = [f"cost {part.cost:g}" + (f", {part.owner}" if part.owner else "")]
    if part.fixes:
        words.append(f"fixes {first_few([f'{each.rule} on {each.subject}' for each in part.fixes], _MOST)}")
    if part.prevents:
        words.append(f"prevents {first_few([f'{each.rule} on {each.subject}' for each in part.prevents], _MOST)}")
    return "; ".join(words)


def by_kind(parts: Sequence[Part]) -> dict[str, float]:
    """Costs by the kind of move."""
    return totals(parts, lambda _, kind: kind.value)


def by_owner(parts: Sequence[Part]) -> dict[str, float]:
    """Costs by the owner of what is changed; the key is empty if no owner is declared."""
    return totals(parts, lambda part, _: part.owner or "")


def total_lines(parts: Sequence[Part]) -> Iterator[str]:
    """The costs by kind and by owner, if there are several."""
    for label, found in (("by kind", by_kind(parts)), ("by owner", by_owner(parts))):
        if len(found) > 1:
            sums = (f"{name or 'no declared owner'} {cost:g}" for name, cost in found.items())
            yield f"{label}: {', '.join(sums)}"


def left_out_words(found: Repair) -> str:
    """`cannot be fixed: 1 finding, because `flow:f1` may not be cut`."""
    reasons = list(dict.fromkeys(because(each) for each in found.obstacles))
    return f"cannot be fixed: {counted(len(found.obstacles), 'finding')}, because {first_few(reasons, _MOST)}"


def because(obstacle: Obstacle) -> str:
    """Why a finding cannot be fixed."""
    said = [f"`{thing}` may not be {'cut' if kind is MoveKind.CUT else 'changed'}" for thing, kind in _never(obstacle)]
    others = [each.value for each in obstacle.barred if each not in {kind for _, kind in obstacle.said_never}]
    if others:
        said.append(f"{listed(others)} {'is' if len(others) == 1 else 'are'} not allowed")
    if obstacle.leads_to is not None:
        said.append(f"fixing it causes {obstacle.leads_to.rule} on {obstacle.leads_to.subject}")
    return listed(said) or "no known move fixes it"


def _never(obstacle: Obstacle) -> Iterator[tuple[str, MoveKind]]:
    """The entities that may not be changed, each once; with the kind `cut-flow` if that is among the moves."""
    for thing in dict.fromkeys(thing for thing, _ in obstacle.said_never):
        kinds = [kind for each, kind in obstacle.said_never if each == thing]
        yield thing, MoveKind.CUT if MoveKind.CUT in kinds else kinds[0]


def unfinished_words(found: Repair) -> str:
    """How many findings could not be fixed in time."""
    return f"not fixed in time: {counted(len(found.unfinished), 'finding')}; a longer `--timeout` may fix more"
