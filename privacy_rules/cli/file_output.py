"""Write the files of a call, its reports and the files that the verb rewrites: all of them or none.

    write([rewritten(policy, after, before), report_in(Path("findings.json"), text)])

A file that changed after it was read is not rewritten. A report never overwrites a file that the call has read or knows
of.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.file_system import DISK
from privacy_rules.source.opened_files import POLICY, files_known, knows, use_of, words_of_call
from privacy_rules.source.time_limit import end
from privacy_rules.source.writing import Before, Change, ChangedError, NotWrittenError, replace_all

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration

_START = 4096
_WRITTEN_BY_HAND = re.compile(rb"""^[{\s]*["']?(manifest|tests|survivors)["']?\s*:\s*["']?1\b""", re.MULTILINE)
USUAL_BASELINE = "privacy-baseline.json"
"""The baseline beside the configuration, if that names no other."""


def report_in(file: Path, content: str | bytes) -> Change:
    """A report; text is in UTF-8. It replaces what an earlier call has left there."""
    return Change(file, content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))


def rewritten(file: Path, text: str, before: Before) -> Change:
    """New text for a file that the call has read; `before` is what it read."""
    return Change(file, text.encode("utf-8"), before)


def write(changes: Iterable[Change]) -> None:
    """Writes all files, or none. Raises InputError if one cannot be written, or must not be."""
    changes = tuple(changes)
    spare(each.file for each in changes if each.before == "anything")
    one_file_each(each.file for each in changes)
    end()  # once files are being replaced, no time limit interrupts that
    try:
        replace_all(changes)
    except NotWrittenError as error:
        raise InputError(_diagnostics(error, changes)) from error


def one_file_each(files: Iterable[Path], what: str = "outputs") -> None:
    """Raises InputError if two outputs would go to one file; `what` says what they are."""
    seen: dict[str, Path] = {}
    for file in files:
        meant = meant_by(file)
        if meant in seen:
            raise InputError([Diagnostic(codes.USAGE, f"two {what} would go to the same file, `{seen[meant]}`")])
        seen[meant] = file


def meant_by(file: Path) -> str:
    """The path, without links, that a file's name leads to; a name that no file can have is returned unchanged."""
    try:
        return os.path.realpath(file)
    except (OSError, ValueError):  # writing it reports what is wrong
        return str(file)


def _diagnostics(error: NotWrittenError, changes: Iterable[Change]) -> Iterator[Diagnostic]:
    for change, reason in error.wrong:
        if isinstance(reason, ChangedError):
            help_ = "nothing was written; run the command again"
            yield _unusable(f"`{_name(change)}` was left alone: {lowered(reason)}", help_)
        else:
            yield _unusable(f"`{_name(change)}` cannot be written: {lowered(reason)}", _way_out(change.file))
    for change, reason in error.stuck:
        message = f"`{_name(change)}` was written, and its old content could not be put back: {lowered(reason)}"
        others = [f"`{_name(each)}`" for each in changes if each not in {stuck for stuck, _ in error.stuck}]
        yield _unusable(message, f"not written: {', '.join(others)}" if others else None)


def _unusable(message: str, help_: str | None) -> Diagnostic:
    return Diagnostic(codes.UNUSABLE_FILE, message, help=help_)


def _name(change: Change) -> str:
    """The file as the user knows it: a report as in the call, any other file relative to the working directory."""
    from privacy_rules.manifest.file_set import shown

    return str(change.file) if change.before == "anything" else shown(change.file)


def _way_out(file: Path) -> str | None:
    try:
        if file.is_dir():
            return "name a file in that folder"
        return None if file.parent.exists() else f"make the folder `{file.parent.as_posix()}` first"
    except (OSError, ValueError):  # a name that no file can have
        return None


# ---- what no report goes over


def spare(files: Iterable[Path | None]) -> None:
    """Raises InputError if a report would overwrite a file that the call has read or knows of."""
    for file in files:
        with suppress(OSError, ValueError):  # writing it reports what is wrong with its name
            if file is not None and (what := _use_of(file)):
                message = f"`{file}` is {what}, and reports do not overwrite it"
                raise InputError([Diagnostic(codes.USAGE, message, help="name another file")])


def _use_of(file: Path) -> str | None:
    what = use_of(file)
    if what or not DISK.is_file(file):
        return what
    _note_what_belongs_to_the_call()
    return use_of(file) or _content_of(file)


def _content_of(file: Path) -> str | None:
    """What kind of file this is, by its name or its first lines, if people write such files for this tool."""
    if file.suffix == ".privacy":
        return "a policy"
    try:
        start = DISK.read(file)[:_START]
    except OSError:
        return None
    found = _WRITTEN_BY_HAND.search(start)
    return None if found is None else f"a file that says `{found[1].decode()}: 1`"


def _note_what_belongs_to_the_call() -> None:
    """Note the files that the configuration names, and the files that belong to the policies read so far."""
    from privacy_rules.configuration.load import Configuration, configuration
    from privacy_rules.configuration.targets import is_file_of_tests, manifest_files
    from privacy_rules.tracing.lock import USUAL_NAME

    settings = configuration(Path.cwd())[0] or Configuration()
    knows(settings.baseline or (settings.folder or Path()) / USUAL_BASELINE, "the baseline")
    named = manifest_files(settings.manifests, settings.exclude, settings.folder).files
    for each in (*settings.policy, *named):
        knows(each, "named by the configuration")
    for folder in {each.parent for each in files_known(POLICY)}:
        knows(folder / USUAL_NAME, "the lock file of a policy")
        with suppress(OSError):
            for entry in DISK.entries(folder):
                if is_file_of_tests(folder / entry.name):
                    knows(folder / entry.name, "a test file")


def note_what_is_named() -> None:
    """Note the files that the arguments name, for a call that failed before it read them."""
    from privacy_rules.cli.inputs import project
    from privacy_rules.configuration.load import Configuration, configuration
    from privacy_rules.configuration.targets import manifest_files, policy_files
    from privacy_rules.language.loader import survey

    settings: Configuration = configuration(Path.cwd())[0] or Configuration()
    words = [each.partition("=")[2] if each.startswith("-") else each for each in words_of_call()]
    policies = policy_files([each for each in words if each]).files
    for each in (*policies, *manifest_files([each for each in words if each]).files):
        knows(each, "named by this call")
    headed = [each for each in (*policies, *settings.policy) if each.suffix == ".privacy"]
    survey(headed, disk=project(settings, *(each for each in words if each)))
