"""Limit the work of verbs that judge again and again: on later days, in test cases, for changes of a policy.

    work = RepeatedWork("the days of the forecast", 500_000, "ask for fewer with `--until`")
    work.take(120)              # raises InputError if that is too much

The work is counted and not timed, so that runs agree. A call that limits its time itself may do as much as it has time for.
"""

from __future__ import annotations

from privacy_rules.source import codes, time_limit
from privacy_rules.source.diagnostic import Diagnostic, InputError


class RepeatedWork:
    """What a verb has judged so far, in units. `what` names what it judges, and `less` says how to ask for less."""

    def __init__(self, what: str, most: int, less: str, unit: str = "judgements") -> None:
        self._what, self._most, self._less, self._unit = what, most, less, unit
        self._done = 0

    def take(self, number: int) -> None:
        """Count work that is about to be done. Raises InputError if it is too much."""
        self._done += number
        if self._done > self._most and time_limit.left() is None:
            message = f"{self._what} are too large: more than {self._most:,} {self._unit}"
            help_ = f"{self._less}, or allow more with `--timeout SECONDS`: then only the time is limited"
            raise InputError([Diagnostic(codes.TOO_LARGE_CHECK, message, help=help_)])
