"""Writes reports and errors to standard output, or to files (see `privacy_rules.cli.file_output`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from errno import EBADF, EINVAL
from functools import cache
from io import UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import click

from privacy_rules.cli import recording
from privacy_rules.cli.file_output import meant_by, note_what_is_named, one_file_each, report_in, write
from privacy_rules.reports.markup.diagnostics import as_text
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import BINARY, Format, View, errors, format_named
from privacy_rules.reports.repository_paths import RepositoryPaths
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.real_paths import RealPaths, is_in
from privacy_rules.source.time_limit import end
from privacy_rules.source.writing import Change

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.language.policy import Policy
    from privacy_rules.reports.saved_tests import SavedExample

_WINDOWS = sys.platform == "win32"
_ERRORS = "privacy_rules.outputs_for_errors"


@dataclass(frozen=True, slots=True)
class Output:
    """One format, written to a file or (None) to standard output."""

    name: str
    file: Path | None = None
    document: str = "check"

    @classmethod
    def of(cls, wanted: str, document: str = "check") -> Output:
        """The output that `F` or `F=FILE` asks for."""
        name, _, file = wanted.partition("=")
        return cls(name, Path(file) if file else None, document)

    @property
    def format(self) -> Format:
        """Return the format of a report. Raises KeyError if no format has that name."""
        return format_named(self.name, self.document)

    def errors(self, found: Sequence[Diagnostic], paths: RepositoryPaths) -> str | None:
        """The errors in this format; None if they are not reported here.

        Errors for a terminal go to standard error only.
        """
        if self == Output("text", document=self.document):
            return None
        return errors(self.document, self.name, found, paths)

    def write(self, text: str, rewriting: Sequence[Change] = ()) -> None:
        """Write the text, and files that the verb rewrites. Raises InputError if that is not possible."""
        write_outputs([(self, text)], rewriting)


_HERE = Output("text")


def write_outputs(
    texts: Sequence[tuple[Output, str | bytes]], rewriting: Sequence[Change] = (), notes: Sequence[str] = ()
) -> None:
    """Write the content of each output, and files that the verb rewrites. Raises InputError if that is not possible.

    The files come first, all of them or none; then `notes` go to standard error, then the rest, which is text, to standard output.
    """
    write([*rewriting, *(report_in(each.file, text) for each, text in texts if each.file)])
    print_lines(*notes, error=True)
    for each, text in texts:
        if each.file is None and isinstance(text, str):
            say(text)


def saved_examples(
    verb: str, found: Iterable[SavedExample], policy: Policy, files: Sequence[Path], save: str
) -> tuple[Output, str]:
    """Examples as the text of a file of policy tests, for `--save`."""
    from privacy_rules.reports.saved_tests import test_file

    return Output("yaml", Path(save)), test_file(verb, found, policy, files, Path(save))


def refuse_binary(wanted: Iterable[Output]) -> None:
    """Raises InputError if a format that is not text would go to standard output."""
    for each in wanted:
        if each.file is None and each.name in BINARY:
            help_ = f"name a file, as in `--format {each.name}=FILE`"
            raise InputError(
                [Diagnostic(codes.USAGE, f"`{each.name}` is not text, so it goes to a file only", help=help_)]
            )


def outputs(wanted: Sequence[str]) -> list[Output]:
    """The outputs of a call, `text` by default. Raises InputError if two want the same file, or standard output."""
    found = [Output.of(each) for each in wanted or ("text",)]
    refuse_shared_outputs(found)
    return found


def refuse_shared_outputs(wanted: Sequence[Output], *, texts: int = 1) -> None:
    """Raises InputError if two outputs want the same file, or if more than `texts` outputs want standard output."""
    one_file_each((each.file for each in wanted if each.file), "formats")
    here = [each for each in wanted if each.file is None]
    if len(here) > 1 and (len(here) > texts or {each.name for each in here} != {"text"}):
        help_ = "write one of them to a file, as in `json=FILE`"
        raise InputError([Diagnostic(codes.USAGE, "two formats would go to standard output", help=help_)])


def report_errors_to(wanted: Iterable[Output], context: click.Context | None = None) -> None:
    """From now on, report the errors of this call in these outputs as well."""
    (context or click.get_current_context()).meta[_ERRORS] = tuple(wanted)


def wanted_for_errors(context: click.Context) -> tuple[Output, ...]:
    """The outputs, besides standard error, that the errors of a call are reported in."""
    return cast("tuple[Output, ...]", context.meta.get(_ERRORS, ()))


def errors_to(wanted: Iterable[Output], diagnostics: Sequence[Diagnostic]) -> None:
    """Report errors: as text on standard error, and in each format that has a form for errors."""
    reported, files = list(diagnostics), set()
    paths = paths_in_repository()
    texts = [(each, text) for each in wanted if (text := each.errors(diagnostics, paths)) is not None]
    with suppress(OSError, ValueError):
        if any(each.file and os.path.lexists(each.file) for each, _ in texts):
            note_what_is_named()
    for each, text in texts:
        file = each.file and meant_by(each.file)
        if file not in files:  # a call may wrongly ask for two formats in one place: it gets one, which can be read
            files.add(file)
            try:
                each.write(text)
            except InputError as error:  # a file that cannot be written: then standard error alone has the errors
                reported += [more for more in error.diagnostics if more not in reported]
    say(as_text(reported, Ink(in_colour(sys.stderr), is_plain(sys.stderr))), error=True)


def view_for(settings: Configuration, output: Output = _HERE, *, no_color: bool = False) -> View:
    """How to write a report: a file has neither colours nor replacements for arrows."""
    if output.file:
        return View()
    return View(colour=in_colour(sys.stdout, wanted=not (no_color or settings.no_color)), plain=is_plain(sys.stdout))


def say(text: str, *, error: bool = False) -> None:
    """Write text to standard output or standard error.

    It is not an error if the reader has closed the stream. Raises InputError if standard output cannot be written;
    failures of standard error are ignored.
    """
    end()  # what has begun to be written is written
    recording.record_output(text, error=error)
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
    """Whether the reader has closed the stream. Windows reports that as an invalid argument."""
    return isinstance(error, BrokenPipeError) or (_WINDOWS and error.errno == EINVAL)


def print_exactly(text: str) -> None:
    """Write to standard output as to a file: UTF-8, line ends as they are."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if text and reconfigure:
        reconfigure(encoding="utf-8", newline="")
    say(text)


def print_lines(*lines: str, error: bool = False) -> None:
    """Write a verb's own lines, with invisible characters as escapes: names of files, and whatever else users wrote.

    A verb prints a name with this function, or in a report, which escapes it itself; `say` is for whole reports only.
    """
    say("".join(f"{visible(line)}\n" for line in lines), error=error)


def unwritable(error: OSError) -> InputError:
    """The error that standard output cannot be written, with the reason."""
    return InputError([Diagnostic(codes.UNUSABLE_FILE, f"cannot write to standard output: {lowered(error)}")])


def to_nowhere(stream: TextIO) -> None:
    """Redirect a stream that cannot be written to the null device, so that Python's last flush does not fail."""
    try:
        own = stream.fileno()
    except UnsupportedOperation:  # what replaces a standard stream in a program may have no file
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, own)
    os.close(nowhere)


def folder_from_top(folder: Path | None = None) -> str:
    """A folder (by default the working directory), relative to the top of its repository, or of the checkout in CI.

    The result is empty for the top itself, and for a folder that is in neither.
    """
    here = (folder or Path.cwd()).resolve()
    top = _top_of(here)
    return "" if top is None or top == here else here.relative_to(top).as_posix()


def paths_in_repository() -> RepositoryPaths:
    """Name the files in reports as the repository does. A link that leads out of the repository keeps its own name."""
    here = Path.cwd().resolve()
    top, known = _top_of(here), RealPaths()
    if top is None:
        return RepositoryPaths()

    @cache
    def real(name: str) -> str:
        called = os.path.normpath(here / name)
        there = known.of(called)
        return Path(os.path.relpath(there, here)).as_posix() if there != called and is_in(there, str(top)) else name

    return RepositoryPaths(folder_from_top(), real)


def _top_of(here: Path) -> Path | None:
    """The top of the repository that a folder is in, or of the checkout in CI."""
    checked_out = (os.environ.get(each) for each in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"))
    tops = [each for each in (here, *here.parents) if DISK.kind(each / ".git")]
    tops += [path for each in checked_out if each and here.is_relative_to(path := Path(each).resolve())]
    return tops[0] if tops else None


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
