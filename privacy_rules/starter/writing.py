"""Writes planned files: all of them or none, and never over another."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from privacy_rules import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.starter.plan import Planned


def write(files: Sequence[Planned]) -> None:
    """Writes each aside, then moves all into place. Raises InputError (E303), with everything as it was before."""
    with ExitStack() as undo:
        staged = [(_staged(each, undo), each) for each in files]
        # What was there before comes last: it has no undo.
        in_order = sorted(staged, key=lambda pair: not pair[1].is_new)
        for aside, each in in_order:
            _put(aside, each, undo)
        undo.pop_all()
    for aside, _ in staged:
        aside.unlink(missing_ok=True)


def _staged(file: Planned, undo: ExitStack) -> Path:
    """The content in a file beside the target, which is in no reader's way yet."""
    target = _target(file)
    with _told(file.path):
        _make_folders(target.parent, undo)
        aside = target.parent / f".{target.name[:100]}.{secrets.token_hex(4)}"
        undo.callback(aside.unlink, missing_ok=True)
        with aside.open("xb") as stream:
            stream.write(file.content)
        if not file.is_new:
            shutil.copymode(target, aside)
    return aside


def _put(aside: Path, file: Planned, undo: ExitStack) -> None:
    target = _target(file)
    with _told(file.path):
        if not file.is_new:
            aside.replace(target)
            return
        _link_or_move(aside, target)
        undo.callback(target.unlink, missing_ok=True)


def _link_or_move(aside: Path, target: Path) -> None:
    """A link, unlike a move, fails where something has come to stand there meanwhile."""
    try:
        os.link(aside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise
        aside.rename(target)


def _make_folders(folder: Path, undo: ExitStack) -> None:
    if not folder.exists():
        _make_folders(folder.parent, undo)
        folder.mkdir()
        undo.callback(_remove_if_empty, folder)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _target(file: Planned) -> Path:
    """What is written to: of a link to a file that stays, what it leads to."""
    return file.path if file.is_new else file.path.resolve()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        message = f"`{path}` cannot be written: {reason[:1].lower()}{reason[1:]}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message, help="nothing was written")]) from error
