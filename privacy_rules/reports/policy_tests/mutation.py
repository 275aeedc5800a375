"""The changes of a policy that no test notices, as text and as JSON.

survived  no_selling: `barter` dropped in `exchange is (sale, rental, barter)` (customers.privacy:18:44)
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.reports.markup.json import Json, place
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.source.words import first_few
from privacy_rules.testing.accepted_survivors import Comparison
from privacy_rules.testing.mutation_run import Mutation


def as_text(found: Mutation, held: Comparison, ink: Ink) -> str:
    """The survivors without a listed reason, the stale entries of the list, and the figures."""
    return "".join(f"{line}\n" for line in _lines(found, held, ink))


def _lines(found: Mutation, held: Comparison, ink: Ink) -> Iterator[str]:
    for each in held.unlisted:
        yield f"{ink('survived', 'red')}  {ink(each.name)} {ink(f'({each.span})', dim=True)}"
    for entry in held.stale:
        where = f"{entry.where}: " if entry.where else ""
        yield f"{ink('stale', 'yellow')}     {ink(f'{where}{entry.mutant}: it is noticed now, or the policy has no such words')}"
    if found.cut_short:
        names = first_few([f"`{each}`" for each in found.cut_short], 12)
        yield ink(f"not finished: some changes of {names} were not tried, as there are too many", "red")
    noticed = found.total - len(found.survivors)
    summary = f"{found.total:,} changes of the policy: {noticed:,} noticed"
    if held.listed:
        summary += f", {len(held.listed):,} listed with a reason"
    if held.unlisted:
        summary += f", {len(held.unlisted):,} survived"
    yield ink(summary, "red" if held.unlisted else "green", bold=True)


def document(found: Mutation, held: Comparison) -> Json:
    """The document as plain data."""
    reasons = {each.name: entry.reason for each, entry in held.listed}
    return {
        "summary": {
            "mutants": found.total,
            "noticed": found.total - len(found.survivors),
            "listed": len(held.listed),
            "survived": len(held.unlisted),
            "stale": len(held.stale),
        },
        "survivors": [
            {"mutant": each.name, "reason": reasons.get(each.name), "location": place(each.span)}
            for each in found.survivors
        ],
        **({"not_finished": list(found.cut_short)} if found.cut_short else {}),
        "stale": [{"mutant": each.mutant, "location": place(each.where)} for each in held.stale],
    }
