"""The verb `fmt`: lays policy files out in the one canonical way; all of them, or where one is wrong none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from privacy_rules.cli.file_diff import difference
from privacy_rules.cli.file_output import rewritten, write
from privacy_rules.cli.inputs import STDIN, configured, policy_paths
from privacy_rules.cli.report_output import errors_to, outputs, print_exactly, tell
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.diagnostic import Diagnostic, InputError, in_order
from privacy_rules.source.file_system import DISK, POLICY_LIMIT, TooLargeError
from privacy_rules.source.words import counted

CHANGES, WRONG_INPUT = 1, 2


@dataclass(frozen=True, slots=True)
class _Laid:
    """A file, or (no path) standard input, as it was and as it is laid out."""

    name: str
    path: Path | None
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@click.command(epilog="\b\nExample:\n  privacy-rules fmt customers.privacy shared/terms.privacy")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing, print what would change; exit code 1 where anything would.")
def fmt(*, policies: tuple[str, ...], check: bool, diff: bool) -> int:
    """Format policy files: one layout, comments kept.

    POLICY is a file, a glob or a folder (its **/*.privacy); without it, the configuration's `policy` holds; `-` lays standard input out to standard output. No rule changes
    its meaning: only blanks and line ends move. Exit code 0: done, 2: a file is wrong or cannot be written, and then
    none is written.
    """
    try:
        found = _all_laid_out(_wanted(policies))
        if not (check or diff):
            _write(found)
    except InputError as error:
        errors_to(outputs(["text"]), error.diagnostics)
        return WRONG_INPUT
    dry = check or diff
    if diff:
        print_exactly("".join(line for each in found for line in difference(each.name, each.before, each.after)))
    told = [each for each in found if dry or each.path]
    tell(*_told(told, dry=dry), error=diff or len(told) < len(found))
    return CHANGES if dry and any(each.changed for each in found) else 0


# ---- files


def _wanted(policies: Sequence[str]) -> list[str | Path]:
    """The files that are meant, each once, and `-`. Raises InputError where there are none."""
    found: dict[str, str | Path] = {}
    settings = configured()
    for each in policies:
        if each == STDIN:
            found.setdefault(STDIN, STDIN)
        else:
            found.update(
                {
                    _meant(path): path
                    for path in policy_paths([each], settings, writes=True)
                    if _meant(path) not in found
                }
            )
    return list(found.values()) if policies else [*policy_paths([], settings, writes=True)]


def _meant(file: str | Path) -> str:
    try:
        return os.path.realpath(file)
    except (OSError, ValueError):  # what cannot be found cannot be read, which is told then
        return os.fspath(file)


def _all_laid_out(wanted: Sequence[str | Path]) -> list[_Laid]:
    """Each of them, laid out. Raises InputError with all that is wrong with any."""
    laid, wrong = [], list[Diagnostic]()
    for each in wanted:
        try:
            laid.append(_laid_out(None if each == STDIN else Path(each)))
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(in_order(wrong))
    return laid


def _laid_out(path: Path | None) -> _Laid:
    from privacy_rules.language.formatter import formatted
    from privacy_rules.language.loader import with_help
    from privacy_rules.language.source_text import SourceText

    name = shown(path) if path else "<stdin>"
    text = _text(name, path)
    after, found = formatted(text, name)
    if after is None:
        source = SourceText(name, text)
        told = (replace(with_help(each), excerpt=source.excerpt(each.span.line)) for each in found if each.span)
        raise InputError(told)
    return _Laid(name, path, text, after)


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read(POLICY_LIMIT + 1)
    if len(content) > POLICY_LIMIT:
        raise TooLargeError(Path("<stdin>"), POLICY_LIMIT)
    return content


def _text(name: str, path: Path | None) -> str:
    """Return the text of a file, its line ends as they are. Raises InputError if it cannot be read."""
    from privacy_rules.language.loader import unreadable

    try:
        return (DISK.read(path, POLICY_LIMIT) if path else _standard_input()).decode("utf-8")
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a zero byte in the name
        raise InputError([unreadable(name, error)]) from error


# ---- what is done


def _write(found: Sequence[_Laid]) -> None:
    """Writes what changed, or nothing. Raises InputError if a file cannot be written, or must not be."""
    write(rewritten(each.path, each.after, each.before.encode()) for each in found if each.path and each.changed)
    print_exactly("".join(each.after for each in found if each.path is None))


def _told(found: Sequence[_Laid], *, dry: bool) -> list[str]:
    """Which files were laid out anew (or would be) and how many were left."""
    changed = [each.name for each in found if each.changed]
    left = len(found) - len(changed)
    verb = "would reformat" if dry else "reformatted"
    counts = [f"{counted(len(changed), 'file')} {'would be ' * dry}reformatted"] if changed else []
    counts += [f"{counted(left, 'file')} {'already formatted' if dry else 'left unchanged'}"] if left else []
    return [*(f"{verb} {name}" for name in changed), *([", ".join(counts)] if counts else [])]
