"""Defines, each read once for every kind of place that it is used from, and then shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from privacy_rules.language import syntax
from privacy_rules.language.condition_contexts import PLACES, Place
from privacy_rules.language.nesting import Nesting
from privacy_rules.language.policy import Condition, Defined
from privacy_rules.language.policy_errors import Mistakes
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic

# Mistakes that another place may not know; all others a define has wherever it is used.
_OF_PLACE = (codes.OUT_OF_PLACE, codes.TYPE)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A define as one kind of place reads it."""

    body: Condition | None
    mistakes: tuple[Diagnostic, ...]


class Defines:
    """A define that some place can read is sound: its mistakes elsewhere are the user's who put it there."""

    def __init__(
        self,
        defines: Mapping[str, syntax.Define],
        nesting: Nesting,
        resolve: Callable[[syntax.Condition, Place], Condition | None],
        mistakes: Mistakes,
    ) -> None:
        self._defines = defines
        self._nesting = nesting
        self._resolve = resolve
        self._mistakes = mistakes
        self._readings: dict[tuple[str, Place], _Reading] = {}
        self._sound: dict[str, bool] = {}

    def knows(self, name: str) -> bool:
        """Whether a define has that name."""
        return name in self._defines

    def use(self, name: syntax.Word, place: Place) -> Condition | None:
        """A define at a place of its use; None where it cannot be read there, which is told (here, if it is sound)."""
        if name.text not in self._nesting.heights:
            return None  # in a circle or too deep: told of the define
        reading = self._read(name.text, place)
        if reading.body is not None:
            return Defined(name.span, name.text, name.text, reading.body)
        if reading.mistakes and self._is_sound(name.text):
            first = reading.mistakes[0]
            message = f"`{name.text}` cannot stand here: {first.message}"
            also = () if first.span is None else (first.span, *first.also)
            self._mistakes.tell(first.code, message, name.span, first.help, also)
        return None

    def tell_unsound(self) -> None:
        """Tells the mistakes of the defines that no place can read, as the place sees them that suits most names."""
        for name in self._nesting.heights:
            if not self._is_sound(name):
                best = min((self._read(name, place) for place in PLACES), key=_unfitness)
                self._mistakes.found += best.mistakes

    def _read(self, name: str, place: Place) -> _Reading:
        found = self._readings.get((name, place))
        if found is None:
            with self._mistakes.apart() as told:
                body = self._resolve(self._defines[name].condition, place)
            found = self._readings[name, place] = _Reading(body, tuple(told))
        return found

    def _is_sound(self, name: str) -> bool:
        if name not in self._sound:
            self._sound[name] = self._some_place_reads(name)
        return self._sound[name]

    def _some_place_reads(self, name: str) -> bool:
        for place in PLACES:
            mistakes = self._read(name, place).mistakes
            if not mistakes:
                return True
            if any(each.code not in _OF_PLACE for each in mistakes):
                return False
        return False


def _unfitness(reading: _Reading) -> tuple[int, int]:
    """Few names that the place does not have, then many other mistakes: those are only seen of names that it has."""
    return sum(each.code == codes.OUT_OF_PLACE for each in reading.mistakes), -len(reading.mistakes)
