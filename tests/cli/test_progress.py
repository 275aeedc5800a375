"""On a terminal, a stage that takes long says so, and wipes it out again; elsewhere nothing is said."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from privacy_rules.cli import progress
from privacy_rules.cli.progress import Stages


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def __init__(self) -> None:
        super().__init__()
        self.shown = threading.Event()

    def flush(self) -> None:
        self.shown.set()


def test_a_long_stage_is_shown_on_a_terminal_and_then_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)
    monkeypatch.setattr(sys, "stderr", terminal)
    with Stages().stage("judging"):
        assert terminal.shown.wait(30)
    assert terminal.getvalue().startswith("\r\x1b[Kjudging ... 0 s")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_nothing_waits_to_be_shown_if_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    before = threading.enumerate()
    with Stages().stage("judging"):
        assert threading.enumerate() == before
    assert sys.stderr.getvalue() == ""


def test_a_short_stage_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
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
