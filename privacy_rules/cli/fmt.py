"""The verb `fmt`: formats policy files in the one canonical layout; all of them or, if one has an error, none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from privacy_rules.cli.file_diff import difference
from privacy_rules.cli.file_output import meant_by, rewritten, write
from privacy_rules.cli.inputs import STDIN, configured, policy_paths
from privacy_rules.cli.options import option, policies_argument, timeout_option, verb
from privacy_rules.cli.progress import Stages
from privacy_rules.cli.report_output import print_exactly, print_lines
from privacy_rules.manifest.file_set import shown
from privacy_rules.source.diagnostic import Diagnostic, InputError, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, POLICY_LIMIT, TooLargeError
from privacy_rules.source.words import counted

CHANGES = 1


@dataclass(frozen=True, slots=True)
class _Formatted:
    """A file, or (no path) standard input, before and after formatting."""

    name: str
    path: Path | None
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@verb("fmt customers.privacy shared/terms.privacy", "fmt --check")
@policies_argument
@option("--check", is_flag=True, help="Write nothing. Exit code 1 if a file would change.")
@option(
    "--diff", is_flag=True, help="Write nothing, and print what would change. Exit code 1 if anything would change."
)
@timeout_option
def fmt(*, policies: tuple[str, ...], check: bool, diff: bool) -> int:
    """Format policy files: one layout, comments kept.

    POLICY is a file, a glob, a folder, or `-`, which formats standard input to standard output. Without one, the
    configuration's `policy` applies. Only blanks and line ends change, and no rule changes its meaning.

    Exit code 0: done; 1: with --check or --diff, a file would change; 2: a file has an error or cannot be written, and no
    file was written.
    """
    with Stages().stage("formatting"):
        found = _all_formatted(_wanted(policies))
    dry = check or diff
    if not dry:
        _write(found)
    if diff:
        print_exactly("".join(line for each in found for line in difference(each.name, each.before, each.after)))
    named = [each for each in found if dry or each.path]
    print_lines(*_summary(named, dry=dry), error=diff or len(named) < len(found))
    return CHANGES if dry and any(each.changed for each in found) else 0


# ---- files


def _wanted(policies: Sequence[str]) -> list[str | Path]:
    """The files to format, each once, and `-`. Raises InputError if there are none."""
    settings = configured()
    if not policies:
        return [*policy_paths([], settings, writes=True)]
    found: dict[str, str | Path] = {}
    for each in policies:
        if each == STDIN:
            found.setdefault(STDIN, STDIN)
        else:
            for path in policy_paths([each], settings, writes=True):
                found.setdefault(meant_by(path), path)
    return list(found.values())


def _all_formatted(wanted: Sequence[str | Path]) -> list[_Formatted]:
    """Each of them, formatted. Raises InputError with the errors of all of them."""
    done, wrong = [], list[Diagnostic]()
    for each in wanted:
        try:
            done.append(_formatted(None if each == STDIN else Path(each)))
        except InputError as error:
            wrong += error.diagnostics
    if wrong:
        raise InputError(in_order(wrong))
    return done


def _formatted(path: Path | None) -> _Formatted:
    from privacy_rules.language.formatter import formatted
    from privacy_rules.language.loader import with_help
    from privacy_rules.language.source_text import SourceText

    name = shown(path) if path else "<stdin>"
    text = _text(name, path)
    after, found = formatted(text, name)
    if after is None:
        source = SourceText(name, text)
        raise InputError(
            replace(with_help(each), excerpt=source.excerpt(each.span.line)) for each in found if each.span
        )
    return _Formatted(name, path, text, after)


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read(POLICY_LIMIT + 1)
    if len(content) > POLICY_LIMIT:
        raise TooLargeError(Path("<stdin>"), POLICY_LIMIT)
    return content


def _text(name: str, path: Path | None) -> str:
    """The text of a file, with its line ends. Raises InputError if it cannot be read, as `check` does."""
    from privacy_rules.language.loader import unreadable

    try:
        return (DISK.read(path, POLICY_LIMIT) if path else _standard_input()).decode("utf-8")
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a zero byte in the name
        raise InputError([unreadable(name, error)]) from error


# ---- what is done


def _write(found: Sequence[_Formatted]) -> None:
    """Write what changed, or nothing. Raises InputError if a file cannot be written, or must not be."""
    write(rewritten(each.path, each.after, each.before.encode()) for each in found if each.path and each.changed)
    print_exactly("".join(each.after for each in found if each.path is None))


def _summary(found: Sequence[_Formatted], *, dry: bool) -> list[str]:
    """Which files were reformatted (or would be), and how many were not."""
    changed = [each.name for each in found if each.changed]
    left = len(found) - len(changed)
    verb = "would reformat" if dry else "reformatted"
    counts = [f"{counted(len(changed), 'file')} {'would be ' * dry}reformatted"] if changed else []
    counts += [f"{counted(left, 'file')} {'already formatted' if dry else 'left unchanged'}"] if left else []
    return [*(f"{verb} {name}" for name in changed), *([", ".join(counts)] if counts else [])]
