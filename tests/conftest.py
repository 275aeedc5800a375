from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.calling import Call, caller

_IRIS = "rfc3987_syntax"


@cache
def _iris() -> ModuleType:
    del sys.modules[_IRIS]
    return import_module(_IRIS)


if find_spec(_IRIS):
    # jsonschema imports this package, which takes seconds, although hardly a test has a value that is an IRI.
    sys.modules[_IRIS] = ModuleType(_IRIS)
    sys.modules[_IRIS].__dict__["is_valid_syntax"] = lambda *words: _iris().is_valid_syntax(*words)


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of the tests' own for the processes that they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock for what a check says of its own `as_of`, so that no test fails when time has passed."""
    monkeypatch.setattr("privacy_rules.cli.check_call.today", lambda: date(2026, 7, 1))


@pytest.fixture
def without_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver of the extra `smt` counts as not installed, so that the search alone answers."""
    monkeypatch.setattr("privacy_rules.analysis.solver.is_installed", lambda: False)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Calls the command line in this process."""
    return caller(capfd)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
