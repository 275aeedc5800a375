"""The facts that a search found, as values that a manifest can declare."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from privacy_rules.analysis.domains import DECLARED, value_of
from privacy_rules.analysis.formula import Formulas, Variable
from privacy_rules.analysis.search import Model
from privacy_rules.analysis.variables import ValueOf
from privacy_rules.checking.logic import FALSE, TRUE
from privacy_rules.language.policy import Owner, Policy, Side
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.values import UNLIMITED, Duration

_UNITS = ("year", "month", "day", "hour")


@dataclass(frozen=True, slots=True)
class ModelFact:
    """A variable with the answers to its tests, and a value that gives them; None if nothing known does."""

    variable: Variable
    answers: Mapping[Hashable, int]
    value: Any

    @property
    def is_declared(self) -> bool:
        """Whether the manifest must declare the value."""
        return self.value is not None and self.answers.get(DECLARED, TRUE) != FALSE

    @property
    def data(self) -> Any:
        """The value as a manifest gives it."""
        return _written(self)


class Facts:
    """What a search found about each variable."""

    def __init__(self, formulas: Formulas, policy: Policy, model: Model) -> None:
        self.model = model
        self._found: dict[Hashable, ModelFact] = {}
        for number, answers in model.items():
            variable = formulas.variables[number]
            asked = sorted(answers)
            row = tuple(answers[each] for each in asked)
            value = value_of(variable, asked, row, policy.taxonomy(variable.vocabulary))
            tests = {variable.tests[each]: answer for each, answer in answers.items()}
            self._found[variable.key] = ModelFact(variable, tests, value)

    def get(self, key: Hashable) -> ModelFact | None:
        """What was found about a variable; None if it does not matter."""
        return self._found.get(key)

    def put(self, found: ModelFact) -> None:
        """Add or replace what was found about a variable."""
        self._found[found.variable.key] = found

    def truth(self, key: Hashable) -> int | None:
        """The value of a test that is a variable as a whole; None if it does not matter."""
        found = self._found.get(key)
        return None if found is None else next(iter(found.answers.values()), None)

    def __iter__(self) -> Iterator[Hashable]:
        """The keys of all variables."""
        return iter(self._found)

    def attributes(self, side: Side, owner: Owner) -> dict[str, ModelFact]:
        """The attributes of a side, by name."""
        return {
            key.name: found
            for key, found in self._found.items()
            if isinstance(key, ValueOf) and (key.side, key.owner) == (side, owner)
        }


def _written(found: ModelFact) -> Any:
    value, form = found.value, found.variable.form
    limits = sorted({limit for test in found.answers if isinstance(test, tuple) for limit in [test[1]]}, key=str)
    match form:
        case "flag":
            return value == TRUE
        case "set" | "texts" | "pair":
            return list(value)
        case "duration":
            return _duration(value, [each for each in limits if each != float("inf")])
        case "date":
            return _date(value, limits)
        case "number":
            return _number(value, limits)
        case _:
            return value


def _around(value: Any, limits: Iterable[Any]) -> tuple[Any, Any]:
    """The nearest limits below and above a value; None if there is none."""
    known = list(limits)
    return max((each for each in known if each < value), default=None), min(
        (each for each in known if each > value), default=None
    )


def _duration(value: Any, limits: list[Any]) -> Duration:
    """A duration that compares with the limits as the value does, in the largest unit."""
    if value == float("inf"):
        return UNLIMITED
    exact = [unit for unit in _UNITS if value and value % Duration(1, unit).length == 0]
    if exact and (value in limits or exact[0] != "hour"):
        return Duration(int(value / Fraction(int(Duration(1, exact[0]).length))), exact[0])
    below, above = _around(value, limits)
    for unit in _UNITS:
        length = int(Duration(1, unit).length)
        count = 0 if below is None else int(below // length) + 1
        if above is None or count * length < above:
            return Duration(count, unit)
    return Duration(int(value // int(Duration(1, "hour").length)), "hour")


def _date(value: int, limits: list[Any]) -> date:
    if value not in limits:
        below, above = _around(value, limits)
        value = below + 1 if below is not None else above - 1 if above is not None else value
    return date.fromordinal(value)


def _number(value: Fraction, limits: list[Any]) -> Decimal:
    if value not in limits:
        below, above = _around(value, limits)
        whole = Fraction(int(below // 1) + 1 if below is not None else 0)
        fits = (below is None or whole > below) and (above is None or whole < above)
        value = whole if fits else value
    return Decimal(value.numerator) / Decimal(value.denominator)
