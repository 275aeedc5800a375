"""Where reports go: to standard output, or to files (see `privacy_rules.cli.file_output`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import EBADF, EINVAL
from pathlib import Path
from typing import TextIO

import click

from privacy_rules.cli.file_output import meant_by, note_what_is_named, one_file_each, report_in, write
from privacy_rules.reports.markup.diagnostics import as_text
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import FORMATS, Format, View, format_named
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.time_limit import end
from privacy_rules.source.words import lower_first
from privacy_rules.source.writing import Change

_WINDOWS = sys.platform == "win32"


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
        """Writes the text. Raises InputError if that is not possible."""
        write_outputs([(self, text)])


def write_outputs(
    texts: Sequence[tuple[Output, str]], rewriting: Sequence[Change] = (), told: Sequence[str] = ()
) -> None:
    """Writes the text of each output, and files that the verb rewrites. Raises InputError if that is not possible.

    The files come first, all of them or none; then `told` goes to standard error, then the rest to standard output.
    """
    write([*rewriting, *(report_in(each.file, text) for each, text in texts if each.file)])
    tell(*told, error=True)
    for each, text in texts:
        if each.file is None:
            say(text)


def outputs(wanted: Sequence[str]) -> list[Output]:
    """The outputs of a call: `text` where it asks for none. Raises InputError where two want one file or standard output."""
    found = [Output.of(each) for each in wanted or ("text",)]
    one_file_each((each.file for each in found if each.file), "formats")
    if sum(each.file is None for each in found) > 1:
        help_ = "write one of them to a file: `--format F=FILE`"
        raise InputError([Diagnostic(codes.USAGE, "two formats are to go to standard output", help=help_)])
    return found


def errors_to(wanted: Iterable[Output], diagnostics: Sequence[Diagnostic]) -> None:
    """Tells what is wrong: in words on standard error, and in each format that has a form for it."""
    told, files = list(diagnostics), set()
    wanted = tuple(wanted)
    with suppress(OSError, ValueError):
        if any(each.file and each.format.errors and os.path.lexists(each.file) for each in wanted):
            note_what_is_named()
    for each in wanted:
        file = each.file and meant_by(each.file)
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
        if _WINDOWS and not error and not stream.isatty():  # else a file has the code page of the machine
            reconfigure(encoding="utf-8")
    try:
        click.echo(text, nl=False, err=error, color=True)
        stream.flush()
    except OSError as failed:
        to_nowhere(stream)
        if not error and not _is_broken_pipe(failed):
            raise unwritable(failed) from failed


def _is_broken_pipe(error: OSError) -> bool:
    """Whether nobody reads any more. Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (_WINDOWS and error.errno == EINVAL)


def print_exactly(text: str) -> None:
    """Writes to standard output as to a file: UTF-8, line ends as they are."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if text and reconfigure:
        reconfigure(encoding="utf-8", newline="")
    say(text)


def tell(*lines: str, error: bool = False) -> None:
    """Writes lines that a verb has words of its own for, each made visible: names of files, and whatever else users wrote.

    A verb prints a name by this function, or in a report, which makes it visible itself; `say` takes whole reports alone.
    """
    say("".join(f"{visible(line)}\n" for line in lines), error=error)


def unwritable(error: OSError) -> InputError:
    """That standard output cannot be written, and why."""
    reason = error.strerror or str(error)
    message = f"standard output cannot be written: {lower_first(reason)}"
    return InputError([Diagnostic(codes.UNUSABLE_FILE, message)])


def to_nowhere(stream: TextIO) -> None:
    """Leads a stream that takes no more to nowhere, so that Python's own last flush finds somebody, too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def folder_from_top(folder: Path | None = None) -> str:
    """A folder (else the working directory) as from the top of its repository, or of what CI has checked out.

    It is empty for the top itself, and for a folder that is in neither.
    """
    here = (folder or Path.cwd()).resolve()
    checked_out = (os.environ.get(each) for each in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"))
    tops = [each for each in (here, *here.parents) if (each / ".git").exists()]
    tops += [path for each in checked_out if each and here.is_relative_to(path := Path(each).resolve())]
    found = here.relative_to(tops[0]).as_posix() if tops else "."
    return "" if found == "." else found


def view_of_output(*, colour: bool, in_file: bool = False, folder: str = "", estate: str = "") -> View:
    """How to write a report to standard output, in colour if that is wanted; a file never has colour, and always UTF-8."""
    if in_file:
        return View(folder=folder, estate=estate)
    return View(colour=in_colour(sys.stdout, wanted=colour), plain=is_plain(sys.stdout), folder=folder, estate=estate)


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
