"""Where reports go: standard output or a file that is written aside and moved into place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import EBADF
from pathlib import Path
from typing import TextIO

import click

from privacy_rules import codes
from privacy_rules.reports.diagnostics import as_text
from privacy_rules.reports.ink import Ink
from privacy_rules.reports.registry import FORMATS, Format, format_named
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.reads import is_read
from privacy_rules.source.time_limit import end


@dataclass(frozen=True, slots=True)
class Output:
    """One format, written to a file or (None) to standard output."""

    format: Format
    file: Path | None = None

    @classmethod
    def of(cls, wanted: str) -> Output:
        """The output that `F` or `F=FILE` asks for. Raises KeyError where there is no such format."""
        name, _, file = wanted.partition("=")
        return cls(format_named(name), Path(file) if file else None)

    @classmethod
    def of_names(cls, wanted: Iterable[str]) -> list[Output]:
        """The outputs that are asked for, as far as there are such formats."""
        return [cls.of(each) for each in wanted if each.partition("=")[0] in FORMATS]

    def write(self, text: str) -> None:
        """Writes the text, UTF-8 in a file. Raises InputError where that cannot be."""
        if self.file:
            write_file(self.file, text)
        else:
            say(text)


def outputs(wanted: Sequence[str]) -> list[Output]:
    """The outputs of a call: `text` where it asks for none. Raises InputError where two want one file or standard output."""
    found = [Output.of(each) for each in wanted or ("text",)]
    files: dict[str, Path] = {}
    for file in (each.file for each in found if each.file):
        meant = os.path.realpath(file)
        if meant in files:
            raise InputError([Diagnostic(codes.USAGE, f"two formats are to go to one file, `{files[meant]}`")])
        files[meant] = file
    if sum(each.file is None for each in found) > 1:
        help_ = "write one of them to a file: `--format F=FILE`"
        raise InputError([Diagnostic(codes.USAGE, "two formats are to go to standard output", help=help_)])
    return found


def errors_to(wanted: Iterable[Output], diagnostics: Sequence[Diagnostic]) -> None:
    """Tells what is wrong: in words on standard error, and in each format that has a form for it."""
    told, files = list(diagnostics), set()
    for each in wanted:
        file = each.file and os.path.realpath(each.file)
        if each.format.errors and file not in files:
            files |= {file} - {None}
            try:
                each.write(each.format.errors(diagnostics))
            except InputError as error:  # a file that cannot be written: then it is told in words alone
                told += [more for more in error.diagnostics if more not in told]
    ink = Ink(colour=in_colour(sys.stderr), plain=is_plain(sys.stderr))
    say(as_text(told, ink), error=True)


def say(text: str, *, error: bool = False) -> None:
    """Writes text to standard output or standard error; nobody reading any more is no error.

    Raises InputError where standard output cannot be written. What standard error does not take is lost.
    """
    end()  # what has begun to be written is written
    stream: TextIO | None = sys.stderr if error else sys.stdout
    if stream is None:  # closed before we began
        if error:
            return
        raise unwritable(OSError(EBADF, os.strerror(EBADF)))
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")
    try:
        click.echo(text, nl=False, err=error, color=True)
        stream.flush()
    except BrokenPipeError:
        to_nowhere(stream)
    except OSError as failed:
        to_nowhere(stream)
        if not error:
            raise unwritable(failed) from failed


def unwritable(error: OSError) -> InputError:
    """That standard output cannot be written, and why."""
    reason = error.strerror or str(error)
    message = f"standard output cannot be written: {reason[:1].lower()}{reason[1:]}"
    return InputError([Diagnostic(codes.UNUSABLE_FILE, message)])


def to_nowhere(stream: TextIO) -> None:
    """Leads a stream that takes no more to nowhere, so that Python's own last flush finds somebody, too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def folder_from_top() -> str:
    """The working directory as from the top of its repository (else of what CI has checked out); empty where it is that."""
    here = Path.cwd()
    checked_out = (os.environ.get(each) for each in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"))
    tops = [each for each in (here, *here.parents) if (each / ".git").exists()]
    tops += [path for each in checked_out if each and here.is_relative_to(path := Path(each).resolve())]
    folder = here.relative_to(tops[0]).as_posix() if tops else "."
    return "" if folder == "." else folder


def in_colour(stream: TextIO | None, *, wanted: bool = True) -> bool:
    """Whether colour is wanted and the stream is a terminal that has it."""
    terminal = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    return wanted and terminal and not os.environ.get("NO_COLOR")


def is_plain(stream: TextIO | None) -> bool:
    """Whether the stream's encoding lacks arrows."""
    if stream is None:
        return False
    try:
        "→…".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def spare(files: Iterable[Path | None]) -> None:
    """Raises InputError where a report is to go to a file that this call has read: before anything is written."""
    for file in files:
        with suppress(OSError, ValueError, RuntimeError):  # a name that is none is told by writing it
            if file is not None and is_read(file):
                message = f"`{file}` is what this call reads, and no report is written over it"
                raise InputError([Diagnostic(codes.USAGE, message, help="name another file")])


def write_file(file: Path, text: str) -> None:
    """Writes a report, as `replace_file` does. Raises InputError, too, where the file is one that this call has read."""
    spare([file])
    replace_file(file, text)


def replace_file(file: Path, text: str) -> None:
    """Writes beside the file and moves into place: readers see the old whole or the new whole.

    For files that a verb reads to write them anew; reports go by `write_file`. Raises InputError where that cannot be.
    """
    end()  # what has begun to be written is written
    content = text.encode("utf-8", "backslashreplace")
    try:
        target = file.resolve()  # a link stays, and what it leads to is replaced
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)  # a pipe or a device
        else:
            _move_into_place(target, content)
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a zero byte; RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or str(error)
        message = f"`{file}` cannot be written: {reason[:1].lower()}{reason[1:]}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message, help=_way_out(file))]) from error


def _way_out(file: Path) -> str | None:
    try:
        if file.is_dir():
            return "name a file in that folder"
        return None if file.parent.exists() else f"make the folder `{file.parent.as_posix()}` first"
    except (OSError, ValueError, RuntimeError):  # a name that is none
        return None


def _move_into_place(target: Path, content: bytes) -> None:
    import tempfile

    handle, aside = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(aside).chmod(_mode(target))
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _mode(file: Path) -> int:
    """The mode of the file that is replaced, else that of a new one."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
