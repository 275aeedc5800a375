"""What of a finding that is there before and after is not the same: judged pairs that are new, gone, or judged or waived otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from privacy_rules.findings.finding import Finding, Part
from privacy_rules.simulation.finding_delta import Turn

Pair = tuple[str | None, str | None, tuple[str, str] | None]
"""A datum and a purpose, or what is joined."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One judged pair before and after, None where it is compliant. Both are never alike."""

    data: str | None
    purpose: str | None
    pair: tuple[str, str] | None
    before: Part | None
    after: Part | None


def differences(turn: Turn) -> tuple[Difference, ...]:
    """Pair by pair what differs, in order; nothing where the finding comes or goes as a whole."""
    if turn.before is None or turn.after is None:
        return ()
    was, now = parts(turn.before), parts(turn.after)
    keys = sorted(was.keys() | now.keys(), key=_order)
    return tuple(Difference(*key, was.get(key), now.get(key)) for key in keys if was.get(key) != now.get(key))


def parts(finding: Finding) -> dict[Pair, Part]:
    """The judged pairs of a finding."""
    return {(each.data, each.purpose, each.pair): each for each in finding.judged}


def _order(pair: Pair) -> tuple[str, str, tuple[str, ...]]:
    return pair[0] or "", pair[1] or "", pair[2] or ()
