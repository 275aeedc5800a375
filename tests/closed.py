"""A folder that nobody can look into; a superuser, as whom tests are often run, has to be kept out like this."""

from __future__ import annotations

import os
from collections.abc import Callable
from errno import EACCES
from pathlib import Path

import pytest


def close_files(monkeypatch: pytest.MonkeyPatch, is_closed: Callable[[Path], bool]) -> None:
    """Closes files to whoever opens them or asks what they are."""

    def refusing(asked: Callable[..., object]) -> Callable[..., object]:
        def ask(path: str | Path, *more: object, **others: object) -> object:
            if is_closed(Path(path)):
                raise PermissionError(EACCES, os.strerror(EACCES), str(path))
            return asked(path, *more, **others)

        return ask

    for each in ("open", "stat"):
        monkeypatch.setattr(os, each, refusing(getattr(os, each)))


def close(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Closes each folder of a name to whoever asks for what is in it."""

    def refusing(asked: object) -> object:
        def ask(path: str | Path = ".") -> object:
            if Path(path).name == name:
                raise PermissionError(EACCES, os.strerror(EACCES), str(path))
            return asked(path)  # type: ignore[operator]

        return ask

    for each in ("scandir", "listdir"):
        monkeypatch.setattr(os, each, refusing(getattr(os, each)))
