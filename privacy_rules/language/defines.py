"""Defines, each resolved once for each kind of place that it is used from, and then shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from privacy_rules.language import syntax
from privacy_rules.language.condition_contexts import PLACES, Place
from privacy_rules.language.nesting import Nesting
from privacy_rules.language.policy import Condition, Defined
from privacy_rules.language.policy_errors import Errors
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass

# Errors that another place may not know; all others a define has wherever it is used.
_OF_PLACE = (codes.OUT_OF_PLACE, codes.TYPE)


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A define as resolved for one kind of place."""

    body: Condition | None
    errors: tuple[Diagnostic, ...]


class Defines:
    """The defines of a policy.

    A define is sound if it fits some place. Errors of a sound define are reported where it is used, other errors at the define.
    """

    def __init__(
        self,
        defines: Mapping[str, syntax.Define],
        nesting: Nesting,
        resolve: Callable[[syntax.Condition, Place], Condition | None],
        errors: Errors,
    ) -> None:
        self._defines = defines
        self._nesting = nesting
        self._resolve = resolve
        self._errors = errors
        self._resolved: dict[tuple[str, Place], _Resolved] = {}
        self._sound: dict[str, bool] = {}

    def knows(self, name: str) -> bool:
        """Return whether a define has that name."""
        return name in self._defines

    def use(self, name: syntax.Word, place: Place) -> Condition | None:
        """Return a define as used at a place; None if it does not fit there, which is reported here if it is sound."""
        if name.text not in self._nesting.heights:
            return None  # in a circle or too deep, which is reported at the define
        resolved = self._resolved_at(name.text, place)
        if resolved.body is not None:
            return Defined(name.span, name.text, name.text, resolved.body)
        if resolved.errors and self._is_sound(name.text):
            first = resolved.errors[0]
            message = f"`{name.text}` cannot be used here: {first.message}"
            also = () if first.span is None else (first.span, *first.also)
            self._errors.report(first.code, message, name.span, first.help, also)
        return None

    def report_unsound(self) -> None:
        """Report the errors of defines that fit no place, as they are at the place that knows most names."""
        for name in self._nesting.heights:
            if not self._is_sound(name):
                best = min((self._resolved_at(name, place) for place in PLACES), key=_unfitness)
                self._errors.found += best.errors

    def _resolved_at(self, name: str, place: Place) -> _Resolved:
        found = self._resolved.get((name, place))
        if found is None:
            with self._errors.apart() as reported:
                body = self._resolve(self._defines[name].condition, place)
            found = self._resolved[name, place] = _Resolved(body, tuple(reported))
        return found

    def _is_sound(self, name: str) -> bool:
        if name not in self._sound:
            self._sound[name] = self._fits_some_place(name)
        return self._sound[name]

    def _fits_some_place(self, name: str) -> bool:
        for place in PLACES:
            errors = self._resolved_at(name, place).errors
            if not errors:
                return True
            if any(each.code not in _OF_PLACE for each in errors):
                return False
        return False


def _unfitness(resolved: _Resolved) -> tuple[int, int]:
    """Sort key: fewer unknown names first, then more other errors, which only known names can have."""
    return sum(each.code == codes.OUT_OF_PLACE for each in resolved.errors), -len(resolved.errors)
