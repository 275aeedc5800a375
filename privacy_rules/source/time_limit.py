"""Limit the time that work may take. When it is over, `OutOfTimeError` is raised in the working thread.

    with time_limit(5): ...
    begin(5); ...; end()

On the main thread of POSIX, a signal raises it, even while the thread waits. Elsewhere, another thread asks the
interpreter to raise it between two instructions.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 1.0
"""Raise the error again after this many seconds. Python cannot pass on an error from a finaliser or a callback of the collector."""

_LEAST = 0.001
"""An alarm in 0 seconds would be no alarm."""


class OutOfTimeError(BaseException):
    """The time is up. This is not an `Exception`, so that code which handles every exception does not catch it."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.doing = ""
        """The stage that was interrupted; filled in on the way up."""


class _Limit:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.until = time.monotonic() + seconds
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._by_signal = _has_alarms() and threading.current_thread() is threading.main_thread()
        if self._by_signal:
            import signal

            self._handler = signal.signal(signal.SIGALRM, self._interrupt)
            self._hook = sys.unraisablehook
            sys.unraisablehook = self._lost
            signal.setitimer(signal.ITIMER_REAL, max(seconds, _LEAST), _AGAIN)
        else:
            threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        self._over.set()
        if self._by_signal:
            import signal

            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._handler)
            sys.unraisablehook = self._hook

    def _interrupt(self, *_: object) -> None:
        if not self._over.is_set():
            raise OutOfTimeError(self._seconds)

    def _lost(self, error: sys.UnraisableHookArgs) -> None:
        """Print nothing about our own error if Python cannot pass it on, because it will be raised again."""
        if not isinstance(error.exc_value, OutOfTimeError):
            self._hook(error)

    def _watch(self) -> None:
        import ctypes

        wait, seconds = self._seconds, self._seconds
        error = type(
            "OutOfTimeError", (OutOfTimeError,), {"__init__": lambda each: OutOfTimeError.__init__(each, seconds)}
        )
        while not self._over.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(error))
            wait = _AGAIN


_limits = threading.local()


def begin(seconds: float) -> None:
    """Limit the work of this thread from now on. A limit that it already has stays."""
    if getattr(_limits, "own", None) is None:
        _limits.own = _Limit(seconds)


def end() -> None:
    """Lift the limit of this thread, if there is one."""
    own = getattr(_limits, "own", None)
    _limits.own = None
    if own is not None:
        own.end()


def left() -> float | None:
    """Return the seconds that this thread may still work; None without a limit."""
    own = getattr(_limits, "own", None)
    return None if own is None else max(own.until - time.monotonic(), 0)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limit the work inside. Within another limit, only that one applies."""
    if getattr(_limits, "own", None) is not None:
        yield
        return
    begin(seconds)
    try:
        yield
    finally:
        end()


def _has_alarms() -> bool:
    import signal

    return hasattr(signal, "setitimer")
