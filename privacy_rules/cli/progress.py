"""How far a long run is: a line on a terminal once a stage takes more than a second, and what each stage took."""

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
"""After so many seconds a person wants to know."""
_CLEAR = "\r\x1b[K"


class Stages:
    """The stages of one run, with the seconds that each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage; what it is called stands on the terminal while it runs."""
        start = time.perf_counter()
        try:
            with _told_on_a_terminal(name, start):
                yield
        except OutOfTimeError as error:
            error.doing = error.doing or name
            raise
        finally:
            self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - start

    def told(self) -> str:
        """The seconds of each stage, on one line."""
        return "time: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.seconds.items())


@contextmanager
def _told_on_a_terminal(name: str, start: float) -> Iterator[None]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from threading import Event, Thread

    done = Event()
    teller = Thread(target=_tell, args=(name, start, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(name: str, start: float, done: Event) -> None:
    told = False
    while not done.wait(_PATIENCE):
        told = True
        sys.stderr.write(f"{_CLEAR}{visible(name)} ... {time.perf_counter() - start:.0f} s")
        sys.stderr.flush()
    if told:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
