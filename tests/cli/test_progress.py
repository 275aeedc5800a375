"""On a terminal, a stage that takes long says so, and wipes it out again; elsewhere nothing is said."""

from __future__ import annotations

import io
import sys
import time

import pytest

from privacy_rules.cli import progress
from privacy_rules.cli.progress import Stages


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: float) -> str:
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)
    monkeypatch.setattr(sys, "stderr", stream)
    with Stages().stage("judging"):
        time.sleep(seconds)
    return stream.getvalue()


def test_a_long_stage_is_told_on_a_terminal_and_wiped_out(monkeypatch: pytest.MonkeyPatch) -> None:
    written = told(monkeypatch, Terminal(), 0.2)
    assert written.startswith("\r\x1b[Kjudging ... 0 s")
    assert written.endswith("\r\x1b[K")


def test_nothing_is_told_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, io.StringIO(), 0.05) == ""


def test_a_short_stage_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Stages().stage("judging"):
        pass
    assert isinstance(sys.stderr, Terminal)
    assert sys.stderr.getvalue() == ""


def test_what_fails_in_a_stage_is_not_swallowed_and_still_timed() -> None:
    stages = Stages()
    with pytest.raises(ValueError, match="broken"), stages.stage("reading"):
        raise ValueError("broken")
    assert list(stages.seconds) == ["reading"]
    assert stages.summary().startswith("time: reading 0.")
