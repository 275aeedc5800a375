"""Decide which judged pairs are waived on a day, and by which waiver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from privacy_rules.checking.judgements import JudgedPair, Judgement
from privacy_rules.manifest.model import Waiver
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Limits:
    """What a check warns of.

    `most_days` is the longest duration of a waiver, `soon_days` the time before its end at which a warning starts;
    None: no limit, no warning. `idle_rules` are rules that may apply to nothing.
    """

    most_days: int | None = 365
    soon_days: int | None = 14
    idle_rules: frozenset[str] = frozenset()


USUAL_LIMITS = Limits()


class Waivers:
    """The waivers of one check. `data` is the vocabulary that their `data` come from.

    A waiver applies to judgements of its rule on its subject's id, whatever the kind. If it is limited to `data`, it covers
    a pair whose categories all are one of them, or are below one; it never covers a pair with an unknown category.
    """

    def __init__(self, waivers: Iterable[Waiver], data: Taxonomy) -> None:
        self._data = data
        self._by_aim: dict[tuple[str, str], list[Waiver]] = defaultdict(list)
        for waiver in waivers:
            self._by_aim[waiver.rule, waiver.subject].append(waiver)

    def covering(self, judgement: Judgement, day: date) -> tuple[Waiver | None, ...]:
        """Return for each judged pair the waiver in force on `day` that covers it the longest, or None."""
        found = self._by_aim.get((judgement.rule.name, judgement.subject))
        if not found:
            return (None,) * len(judgement.judged)
        in_force = [waiver for waiver in found if waiver.in_force(day)]
        return tuple(self._longest(in_force, pair) for pair in judgement.judged)

    def _longest(self, waivers: list[Waiver], pair: JudgedPair) -> Waiver | None:
        return max((each for each in waivers if self.covers(each, pair)), key=_end, default=None)

    def covers(self, waiver: Waiver, pair: JudgedPair) -> bool:
        """Return whether a waiver covers all data of a judged pair."""
        if waiver.data is None:
            return True
        judged = pair.pair or (pair.data,)
        return all(each is not None and self._covered(each, waiver.data) for each in judged)

    def _covered(self, category: str, limit: tuple[str, ...]) -> bool:
        return category in limit or any(self._is_a(category, each) for each in limit)

    def _is_a(self, category: str, other: str) -> bool:
        return category in self._data and other in self._data and self._data.is_a(category, other)


def decisive(covering: Iterable[Waiver | None]) -> Waiver | None:
    """Return the waiver that ends first, and so brings the finding back; None if a pair is not waived."""
    found = tuple(covering)
    if not found or None in found:
        return None
    return min((waiver for waiver in found if waiver is not None), key=_end)


def _end(waiver: Waiver) -> tuple[date, str, str]:
    return waiver.until, waiver.reason, waiver.approved_by
