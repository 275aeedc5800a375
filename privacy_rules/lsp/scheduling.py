"""Schedule work in a session: requests and errors first; lints wait, and stop when out of date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

_WORK, _REST = 0.002, 0.0002
"""Seconds that low-priority work runs, and pauses; in a pause, any other thread gets the interpreter at once."""


class StaleError(Exception):
    """Raised when the files have changed since the work began."""


class Scheduler:
    """Decides which work of a session may go on."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._going_first = 0
        self._over = False

    @contextmanager
    def first(self) -> Iterator[None]:
        """A context in which low-priority work waits."""
        with self._condition:
            self._going_first += 1
        try:
            yield
        finally:
            with self._condition:
                self._going_first -= 1
                self._condition.notify_all()

    def end(self) -> None:
        """End the session: nothing waits any longer, and low-priority work is dropped."""
        with self._condition:
            self._over = True
            self._condition.notify_all()

    def after_others(self, is_stale: Callable[[], bool]) -> Callable[[], None]:
        """Return a function that low-priority work calls regularly: it waits, and raises StaleError if the result is no longer needed."""
        rested = time.perf_counter()

        def checkpoint() -> None:
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

        return checkpoint
