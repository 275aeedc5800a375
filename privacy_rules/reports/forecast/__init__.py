"""A forecast, one module for each format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from privacy_rules.simulation.forecast import Day


class Forecast(NamedTuple):
    """The days after `start`, up to and including `until`, on which verdicts change."""

    days: Sequence[Day]
    start: date
    until: date
