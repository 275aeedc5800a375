"""Schedule work in a session: requests and errors first; lints wait, and stop when out of date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

_WORK, _REST = 0.002, 0.0002
"""Seconds that what can wait works without a rest, and rests: in a rest any other thread gets the interpreter at once."""


class StaleError(Exception):
    """Raised when the files have changed since the work began."""


class Turns:
    """Who may go on, over all threads of a session."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._going_first = 0
        self._over = False

    @contextmanager
    def first(self) -> Iterator[None]:
        """Lets what can wait wait meanwhile."""
        with self._condition:
            self._going_first += 1
        try:
            yield
        finally:
            with self._condition:
                self._going_first -= 1
                self._condition.notify_all()

    def end(self) -> None:
        """The session is over: nothing has to wait, and what can wait is for nothing."""
        with self._condition:
            self._over = True
            self._condition.notify_all()

    def after_others(self, is_stale: Callable[[], bool]) -> Callable[[], None]:
        """What is called again and again by work that can wait. It waits, and raises StaleError where that is for nothing."""
        rested = time.perf_counter()

        def turn() -> None:
            nonlocal rested
            if self._over or is_stale():
                raise StaleError
            if self._going_first:
                with self._condition:
                    self._condition.wait_for(lambda: self._over or not self._going_first)
            elif time.perf_counter() - rested < _WORK:
                return
            else:
                time.sleep(_REST)
            rested = time.perf_counter()
            if self._over or is_stale():
                raise StaleError

        return turn
