"""Calls the command line in this process, and compares what it writes with what is on record."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from privacy_rules.cli.main import run
from tests.builders import write

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Call = Callable[..., Outcome]


def shop_in(folder: Path) -> Path:
    """A copy of the shop in a folder of its own."""
    shutil.copytree(HERE / "shop", folder, dirs_exist_ok=True)
    return folder


def caller(capfd: pytest.CaptureFixture[str]) -> Call:
    def call(*words: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            run([str(word) for word in words])
        out, err = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return Outcome(code, out, err)

    return call


def on_record(name: str, text: str) -> None:
    """Compares with the snapshot of that name; UPDATE_SNAPSHOTS=1 writes it instead."""
    file = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        write(file, text)
    assert text == file.read_text(encoding="utf-8")
