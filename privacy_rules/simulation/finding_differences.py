"""Compare the judged pairs of a finding before and after: which are new or gone, or have another verdict or waived state."""

from __future__ import annotations

from privacy_rules.checking.judgements import JudgedPair, PairKey
from privacy_rules.findings.finding import Finding
from privacy_rules.simulation.finding_delta import FindingChange
from privacy_rules.source.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One judged pair before and after; None if it is compliant. The two always differ."""

    data: str | None
    purpose: str | None
    pair: tuple[str, str] | None
    before: JudgedPair | None
    after: JudgedPair | None


def differences(change: FindingChange) -> tuple[Difference, ...]:
    """Return the pairs that differ, in order; none if the finding comes or goes as a whole."""
    if change.before is None or change.after is None:
        return ()
    was, now = parts(change.before), parts(change.after)
    keys = sorted(was.keys() | now.keys(), key=_order)
    return tuple(Difference(*key, was.get(key), now.get(key)) for key in keys if was.get(key) != now.get(key))


def parts(finding: Finding) -> dict[PairKey, JudgedPair]:
    """Index the judged pairs of a finding."""
    return {each.key: each for each in finding.judged}


def _order(pair: PairKey) -> tuple[str, str, tuple[str, ...]]:
    return pair[0] or "", pair[1] or "", pair[2] or ()
