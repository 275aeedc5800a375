"""A limit on time ends the work wherever it is."""

from __future__ import annotations

from time import monotonic

import pytest

from privacy_rules.source.time_limit import OutOfTimeError, time_limit


def _work(seconds: float) -> None:
    until = monotonic() + seconds
    while monotonic() < until:
        pass


class _SlowToDelete:
    """An object whose finaliser outlives the limit: Python cannot pass on the error that is raised in it."""

    def __del__(self) -> None:
        _work(0.1)


def _delete_and_work() -> None:
    _SlowToDelete()
    _work(10)


def test_an_error_that_a_finaliser_swallows_comes_again_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OutOfTimeError), time_limit(0.02):
        _delete_and_work()
    assert capfd.readouterr().err == ""


def test_within_a_limit_another_one_changes_nothing() -> None:
    with time_limit(10), time_limit(0.001):
        _work(0.05)
