"""A program of ours that runs beside a test, and cannot outlive it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
_HEARING = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from privacy_rules.cli.main import run
run()
"""


@contextmanager
def running(words: Sequence[str], folder: Path, *, together: bool = False) -> Iterator[subprocess.Popen[str]]:
    """`privacy-rules` with words, in a folder; `together`: both of its streams as one.

    It hears an interrupt even where the tests were started by something that ignores them, as a shell does for what it
    puts in the background: a program inherits that. It is killed at the end, so that a test that fails does not wait.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _HEARING, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if together else subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as started:
        try:
            yield started
        finally:
            started.kill()
