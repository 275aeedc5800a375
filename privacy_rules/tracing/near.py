"""What a cite that means no clause may have meant: a name that is near, or the clause in which most of its words stand."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.source.suggest import did_you_mean
from privacy_rules.tracing.prose import FEWEST_WORDS, Clause, normalised

_SHARED = 0.6
"""So much of a cite's words stand in a clause that may be meant."""


def way_out(cite: str, among: Sequence[Clause]) -> str | None:
    """Help for a cite that no clause is called."""
    asks_short = cite.strip().startswith("#")
    names = [name for each in among for name in (each.id, each.title) if not asks_short or name.startswith("#")]
    words = normalised(cite).split()
    near = did_you_mean(cite.strip(), names) or _same_words(words, among)
    if near or asks_short:
        return near
    if 0 < len(words) < FEWEST_WORDS:
        return (
            f"quote {FEWEST_WORDS} words or more: fewer could stand anywhere, and mean a clause only as its whole name"
        )
    return None


def _same_words(words: Sequence[str], among: Sequence[Clause]) -> str | None:
    """The clause that has the most of several words, where that is most of them and no other has as many."""
    if len(words) < FEWEST_WORDS:
        return None
    wanted = set(words)
    shares = [
        (len(wanted & set(normalised(f"{each.title} {each.text}").split())) / len(wanted), each) for each in among
    ]
    best = max((share for share, _ in shares), default=0.0)
    found = [each for share, each in shares if share == best]
    if best < _SHARED or len(found) != 1:
        return None
    return f"most of its words stand in `{found[0].id}` ({found[0].file}:{found[0].line})"
