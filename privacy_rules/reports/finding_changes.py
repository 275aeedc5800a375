"""How a finding changes, in words and as data: the verdicts, and which data and purposes are new or gone.

violation -> violation, now also for treatment; no longer email
violation -> partly waived violation, now waived: email for billing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from privacy_rules.checking.judgements import JudgedPair
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.wording import data_words
from privacy_rules.reports.markup.json import Json
from privacy_rules.reports.markup.terminal import COLOURS, Colour
from privacy_rules.simulation.finding_delta import FindingChange
from privacy_rules.simulation.finding_differences import Difference, differences, parts
from privacy_rules.source.words import listed

_MOST = 6
"""At most this many things of a kind are named; `json` has them all."""
_NOW = {Verdict.VIOLATION: "now a violation", Verdict.UNDETERMINED: "now undetermined"}

_Thing = tuple[str, str]
"""A datum and a purpose in words; the purpose is empty if the finding has none."""


def change_words(change: FindingChange) -> str:
    """The verdicts before and after, and what is new or gone in a finding that stays."""
    difference = difference_words(change)
    return f"{change.words}, {difference}" if difference else change.words


def colour_of_change(change: FindingChange) -> Colour:
    """Green if nothing is left to do, else the colour of the new verdict."""
    if change.after is None or change.after.waived:
        return "green"
    return COLOURS[change.after.verdict]


def difference_words(change: FindingChange) -> str:
    """`now also for treatment; no longer email`; empty if the verdicts say everything."""
    if change.before is None or change.after is None:
        return ""
    return "; ".join(_phrases(_Words(change.before, change.after), change.before, change.after, differences(change)))


def difference_document(change: FindingChange) -> Json:
    """The difference as data, pair by pair; null if the whole finding comes or goes."""
    if change.before is None or change.after is None:
        return None
    return {"words": difference_words(change), "pairs": [_pair(each) for each in differences(change)]}


def _pair(found: Difference) -> Json:
    entry: dict[str, Json] = {
        "data": found.data,
        "purpose": found.purpose,
        "before": _state(found.before),
        "after": _state(found.after),
    }
    return {**entry, "pair": list(found.pair)} if found.pair else entry


def _state(pair: JudgedPair | None) -> Json:
    return {"verdict": pair.verdict.word, "waived": pair.waived} if pair else None


def _phrases(words: _Words, before: Finding, after: Finding, found: Iterable[Difference]) -> Iterator[str]:
    come, go = defaultdict[str, list[JudgedPair]](list), defaultdict[str, list[JudgedPair]](list)
    judged, waived = defaultdict[Verdict, list[JudgedPair]](list), defaultdict[bool, list[JudgedPair]](list)
    for each in found:
        if each.before is None and each.after is not None:
            come[_aside(each.after, after)].append(each.after)
        elif each.after is None and each.before is not None:
            go[_aside(each.before, before)].append(each.before)
        elif each.before and each.after:
            if each.before.verdict is not each.after.verdict:
                judged[each.after.verdict].append(each.after)
            if each.before.waived is not each.after.waived:
                waived[each.after.waived].append(each.after)
    yield from (f"now also {words.new(some, before, after)}{aside}" for aside, some in sorted(come.items()))
    yield from (f"no longer {words.new(some, after, before)}{aside}" for aside, some in sorted(go.items()))
    for verdict, some in sorted(judged.items()):
        if before.verdict is after.verdict or len(some) < len(after.judged):
            yield f"{_NOW[verdict]}: {words.whole(some)}"
    for is_waived, some in sorted(waived.items()):
        if before.waived is after.waived or len(some) < len(after.judged):
            yield f"{'now' if is_waived else 'no longer'} waived: {words.whole(some)}"


def _aside(pair: JudgedPair, of: Finding) -> str:
    """The words for a difference between a pair and its finding."""
    notes = [pair.verdict.word] if pair.verdict is not of.verdict else []
    notes += ["waived"] if pair.waived and not of.waived else []
    return f" ({', '.join(notes)})" if notes else ""


class _Words:
    """Words for the judged pairs of a finding before and after."""

    def __init__(self, before: Finding, after: Finding) -> None:
        self._purposes = any(each.purpose is not None for each in (*before.judged, *after.judged))

    def whole(self, found: Iterable[JudgedPair]) -> str:
        """All data with their purposes: `email and name for billing`."""
        return _listed(_by_purpose(map(self._thing, found)))

    def new(self, found: Iterable[JudgedPair], elsewhere: Finding, here: Finding) -> str:
        """The pairs that only one side has, as a whole datum or purpose if possible: `email and for treatment`."""
        things, there = set(map(self._thing, found)), self._things(elsewhere)
        data, purposes = {datum for datum, _ in there}, {purpose for _, purpose in there}
        ours = self._things(here)
        lasting_data, lasting = data & {datum for datum, _ in ours}, purposes & {purpose for _, purpose in ours}
        fresh = {
            purpose
            for _, purpose in things
            if purpose not in purposes and lasting_data and {(each, purpose) for each in lasting_data} <= things
        }
        fresh_data = {
            datum
            for datum, _ in things
            if datum not in data
            and lasting <= {purpose for each, purpose in things if each == datum} <= (lasting | fresh or {""})
        }
        covered = {(datum, purpose) for datum, purpose in things if datum in fresh_data}
        covered |= {(datum, purpose) for datum, purpose in things if purpose in fresh and datum in lasting_data}
        rest = things - covered
        return _listed([*sorted(fresh_data), *(f"for {each}" for each in sorted(fresh)), *_by_purpose(rest)])

    def _things(self, found: Finding) -> set[_Thing]:
        return set(map(self._thing, parts(found).values()))

    def _thing(self, pair: JudgedPair) -> _Thing:
        data = data_words(pair)
        return data, (pair.purpose or "an unknown purpose") if self._purposes else ""


def _by_purpose(things: Iterable[_Thing]) -> list[str]:
    """The data of each purpose; purposes with the same data are merged."""
    data, purposes = defaultdict[str, list[str]](list), defaultdict[tuple[str, ...], list[str]](list)
    for datum, purpose in sorted(things):
        data[purpose].append(datum)
    for purpose, some in sorted(data.items()):
        purposes[tuple(some)].append(purpose)
    return [
        _listed(list(some)) + (f" for {_listed(each)}" if any(each) else "") for some, each in sorted(purposes.items())
    ]


def _listed(words: list[str]) -> str:
    more = len(words) - _MOST
    return listed((*words[:_MOST], f"{more:,} more")) if more > 0 else listed(words)
