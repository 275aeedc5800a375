"""A folder with a small project, and the command line on it, in this process and guarded."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from privacy_rules.cli.main import run
from tests.fuzzing.guard import ROOT, Guard

SHOP = ROOT / "tests" / "cli" / "shop"


class FoundError(AssertionError):
    """An input brought about what none may: this is a finding of the fuzzer."""


class _Captured(io.TextIOWrapper):
    """A stream in memory. If an input takes too long, atheris writes a traceback to the file of standard error, so it has one."""

    def fileno(self) -> int:
        assert sys.__stderr__ is not None
        return sys.__stderr__.fileno()


class Desk:
    """A project in `folder/project`, and beside it files that nothing may read or change; `program` leaves a trace there.

    It changes the working directory and the environment of this process, and belongs in a process (or test) of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.project, self._outside = folder / "project", folder / "outside"
        shutil.copytree(SHOP, self.project)
        self._outside.mkdir()
        self.program = self._outside / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >>"{self._outside}/trace"\ncat\n', encoding="utf-8")
        self.program.chmod(0o755)
        for name in ("privacy.yaml", "policy.md", "baseline.json"):
            (self._outside / name).write_text("secret: 1\n", encoding="utf-8")
        self._beside = state(self._outside)
        self._kept: dict[str, bytes] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        self._guard = Guard(self.project)
        os.chdir(self.project)
        os.environ["PRIVACY_RULES_DEBUG"] = "1"
        self.keep()

    def keep(self) -> None:
        """Takes the files of the project as those that `tidy` brings back."""
        self._kept = {name: (self.project / name).read_bytes() for name in state(self.project)}
        self._known = state(self.project)

    def tidy(self) -> None:
        """Brings the project back as it was, and checks that nothing beside it has changed."""
        now = state(self.project)
        for name in now.keys() - self._known.keys():
            (self.project / name).unlink()
            with suppress(OSError):  # it still holds something
                os.removedirs((self.project / name).parent)
        for name, content in self._kept.items():
            if now.get(name) != self._known[name]:
                file = self.project / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.unlink(missing_ok=True)
                file.write_bytes(content)
                self._known[name] = _stamp(file)
        if state(self._outside) != self._beside:
            raise FoundError("a file outside the project has changed")

    def write(self, name: str, content: bytes) -> str:
        """Writes a file of the project; its name."""
        (self.project / name).write_bytes(content)
        return name

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Guards what is called within."""
        with self._guard:
            yield
        if self._guard.offences:
            raise FoundError(f"{self._guard.offences}")

    def call(self, *words: str, may: tuple[int, ...] = (0, 1, 2)) -> tuple[int, str]:
        """Runs a command line; its exit code and what it writes to standard output."""
        out, err = (_Captured(io.BytesIO(), encoding="utf-8") for _ in range(2))
        code: object = None
        with redirect_stdout(out), redirect_stderr(err), self._guard:
            try:
                run(words)
            except SystemExit as ended:
                code = ended.code
        texts = []
        for stream in (out, err):
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            texts.append(stream.buffer.getvalue().decode("utf-8", "replace"))
        called = " ".join(words)
        if self._guard.offences:
            raise FoundError(f"`{called}`: {self._guard.offences}\n{texts[1]}")
        if code not in may or not isinstance(code, int) or "Traceback (most recent call last)" in "".join(texts):
            raise FoundError(f"`{called}` ended with {code}, which should be one of {may}\n{texts[1]}{texts[0][:2000]}")
        return code, texts[0]


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """The files below a folder, links among them, with what shows that one has changed."""
    found = {}
    for here, folders, files in os.walk(folder):
        links = [each for each in folders if Path(here, each).is_symlink()]
        for file in (Path(here, each) for each in (*files, *links)):
            found[str(file.relative_to(folder))] = _stamp(file)
    return found


def _stamp(file: Path) -> tuple[int, ...]:
    known = file.lstat()
    return known.st_mtime_ns, known.st_size, known.st_ino, known.st_mode
