"""Write planned files: all of them or none, and never over another file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.folders import make_folders
from privacy_rules.source.writing import Change, NotWrittenError, replace_all
from privacy_rules.starter.plan import Planned


def write(files: Sequence[Planned]) -> None:
    """Write all files, with the folders that they need. If one fails, everything is undone. Raises InputError (E303)."""
    with ExitStack() as undo:
        for each in files:
            with _reported(each.path):
                make_folders(each.path.parent, undo)
        try:
            replace_all(Change(each.path, each.content, _before(each)) for each in files)
        except NotWrittenError as error:
            stuck = [
                Diagnostic(codes.UNUSABLE_FILE, f"`{change.file}` was written, and cannot be undone: {lowered(reason)}")
                for change, reason in error.stuck
            ]
            help_ = None if stuck else "nothing was written"
            wrong = [_unwritten(change.file, reason, help_) for change, reason in error.wrong]
            raise InputError([*wrong, *stuck]) from error
        undo.pop_all()


def _before(file: Planned) -> bytes | Literal["nothing"]:
    return "nothing" if file.kept is None else file.content[: file.kept]


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise InputError([_unwritten(path, error)]) from error


def _unwritten(path: Path, error: Exception, help_: str | None = "nothing was written") -> Diagnostic:
    return Diagnostic(codes.UNUSABLE_FILE, f"`{path}` cannot be written: {lowered(error)}", help=help_)
