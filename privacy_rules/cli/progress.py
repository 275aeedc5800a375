"""The stages of a run: how long each took, and a line on the terminal while one takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.time_limit import OutOfTimeError

if TYPE_CHECKING:
    from threading import Event

_PATIENCE = 1.0
"""The seconds after which a stage is shown."""
_CLEAR = "\r\x1b[K"


class Stages:
    """The stages of one run, with the seconds that each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage. Its name is shown on the terminal while it runs."""
        start = time.perf_counter()
        try:
            with _shown_on_terminal(name, start):
                yield
        except OutOfTimeError as error:
            error.doing = error.doing or name
            raise
        finally:
            self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - start

    def summary(self) -> str:
        """The seconds of each stage, on one line."""
        return "time: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.seconds.items())


@contextmanager
def _shown_on_terminal(name: str, start: float) -> Iterator[None]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from threading import Event, Thread

    done = Event()
    thread = Thread(target=_show, args=(name, start, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(name: str, start: float, done: Event) -> None:
    shown = False
    while not done.wait(_PATIENCE):
        shown = True
        sys.stderr.write(f"{_CLEAR}{visible(name)} ... {time.perf_counter() - start:.0f} s")
        sys.stderr.flush()
    if shown:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
