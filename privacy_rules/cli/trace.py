"""The verb `trace`: compares rules with the prose that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.file_output import rewritten
from privacy_rules.cli.options import (
    INPUT,
    day_option,
    format_option,
    no_color_option,
    option,
    policies_argument,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for, write_outputs
from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered, refuse
from privacy_rules.source.file_system import FileSystem
from privacy_rules.source.project_boundary import Confined
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.writing import Change

if TYPE_CHECKING:
    from privacy_rules.language.policy import Policy
    from privacy_rules.tracing.coverage import Reviewed, Trace
    from privacy_rules.tracing.lock import Accepted
    from privacy_rules.tracing.prose import Clause

FAILS = 1


@verb("trace customers.privacy --text policy.md --fail-on uncovered", "trace --accept")
@policies_argument
@option(
    "--text",
    "texts",
    section=INPUT,
    metavar="FILE",
    multiple=True,
    shell_complete=files,
    help="The prose, as Markdown or plain text.  [default: the policy's own `text`]",
)
@option(
    "--lock",
    section=INPUT,
    metavar="FILE",
    shell_complete=files,
    help="The lock file, which records reviews.  [default: privacy-trace.json beside the first policy]",
)
@option(
    "--accept",
    section="Reviews",
    is_flag=True,
    help="Record that the clauses, with their present words, have been reviewed.",
)
@option(
    "--clause", "named", section="Reviews", metavar="ID", multiple=True, help="With --accept: accept only this clause."
)
@day_option("With --accept: the day of the review.  [default: today]")
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["uncovered", "changed", "never"]),
    multiple=True,
    help="What else fails. A cite that finds no clause always fails, except with `never`.",
)
@format_option("trace")
@no_color_option
@timeout_option
def trace(
    *,
    policies: tuple[str, ...],
    texts: tuple[str, ...],
    lock: str | None,
    accept: bool,
    named: tuple[str, ...],
    fail_on: tuple[str, ...],
    output: Output,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Compare rules with the prose, clause by clause.

    Shows which clauses no rule covers and no `clause` line accounts for, which cites find no clause, and which clauses have
    changed since they were reviewed (--accept).

    POLICY is a file, a glob or a folder. Without one, the configuration's `policy` applies.

    Exit code 0: nothing fails; 1: a cite finds no clause, or something that --fail-on names was found; 2: the input or the
    call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, policy_paths, project, read_policy
    from privacy_rules.cli.progress import Stages
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.reports.trace import Traces
    from privacy_rules.reports.trace.text import acceptance_lines
    from privacy_rules.tracing.coverage import trace as compare
    from privacy_rules.tracing.lock import USUAL_NAME, accepted, text_of

    _refuse_contradictions(accept=accept, named=named, fail_on=fail_on)
    settings = configured()
    policy_files = policy_paths(policies, settings)
    disk = project(settings, *policies, *texts, *([lock] if lock else []))
    policy, _ = read_policy(policy_files, settings, *policies)
    clauses = _clauses([Path(each) for each in texts] or _prose_of(policy), disk)
    lock_file = Path(lock) if lock else policy_files[0].parent / USUAL_NAME
    content = _content(lock_file, disk)
    before = {} if content is None else _reviewed(content, lock_file)
    with Stages().stage("comparing rules with the prose"):
        found = compare(policy, clauses, before)
    changes: list[Change] = []
    done: Accepted | None = None
    if accept:
        _refuse_link(lock_file, disk)
        done = accepted(found, before, _meant_clauses(named, found), as_of or engine.today())
        changes = [rewritten(lock_file, text_of(done.reviewed), "nothing" if content is None else content)]
        found = compare(policy, clauses, done.reviewed)
    notes = acceptance_lines(done, shown(lock_file)) if done else []
    view = view_for(settings, output, no_color=no_color)
    text = render("trace", output.name, Traces(found, policy, done), view)
    write_outputs([(output, text)], changes, notes)
    return FAILS if _fails(found, fail_on) else 0


def _fails(found: Trace, fail_on: Sequence[str]) -> bool:
    if "never" in fail_on:
        return False
    uncovered = "uncovered" in fail_on and bool(found.in_state("uncovered"))
    return bool(found.astray) or uncovered or ("changed" in fail_on and bool(found.changed or found.lost))


def _prose_of(policy: Policy) -> list[Path]:
    """The files of prose that the policy names. Raises InputError if it names none."""
    from privacy_rules.tracing.prose_loader import prose_files

    found = [*prose_files(policy)]
    if not found:
        help_ = 'give it with `--text FILE`, or in the policy: `policy p { text "policy.md" }`'
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, "no file with prose is given", help=help_)])
    return found


def _clauses(files: Sequence[Path], disk: FileSystem) -> list[Clause]:
    from privacy_rules.tracing.prose_loader import clauses_of, read_prose

    found = [read_prose(file, disk) for file in files]
    for each in found:
        if each.error:
            message = f"cannot read the prose `{each.name}`: {each.reason}"
            near = help_for_absent(each.name, disk=disk) if isinstance(each.error, FileNotFoundError) else None
            raise InputError([Diagnostic(codes.UNUSABLE_FILE, message, help=near)]) from each.error
    return clauses_of(found)


def _content(lock: Path, disk: FileSystem) -> bytes | None:
    """The content of the lock file, or None if it does not exist yet."""
    from privacy_rules.manifest.file_set import shown

    try:
        return disk.read(lock)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        message = f"cannot read the lock file `{shown(lock)}`: {lowered(error)}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message)]) from error


def _reviewed(content: bytes, lock: Path) -> Mapping[str, Reviewed]:
    """The clauses that were reviewed, by id. Raises InputError if the file is not a lock file."""
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.source.merge_conflicts import MARKERS_HELP, marked_line
    from privacy_rules.tracing.lock import read

    found, wrong = read(content)
    if found is not None:
        return found
    line = marked_line(content)
    if line is not None:
        message = f"the lock file `{shown(lock)}` has merge-conflict markers"
        help_ = f"{MARKERS_HELP}, and accept again the clauses that only the other side had reviewed"
        raise InputError([Diagnostic(codes.BASELINE, message, Span(shown(lock), line, 1), help_)])
    help_ = "restore it from version control, or delete it and accept the clauses again"
    raise InputError([Diagnostic(codes.BASELINE, f"`{shown(lock)}` is not a lock file: {wrong}", help=help_)])


def _refuse_link(lock: Path, disk: Confined) -> None:
    """Raises InputError if the lock file is a link that leads out of the project."""
    from privacy_rules.manifest.file_set import shown

    try:
        disk.refuse(lock)
    except OSError as error:
        message = f"cannot write the lock file `{shown(lock)}`: {lowered(error)}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message)]) from error


def _refuse_contradictions(*, accept: bool, named: Sequence[str], fail_on: Sequence[str]) -> None:
    """Raises InputError if options contradict each other, or one needs another."""
    if named and not accept:
        help_ = "add `--accept`, to record that this clause has been reviewed"
        raise InputError([Diagnostic(codes.USAGE, "`--clause` needs `--accept`", help=help_)])
    if "never" in fail_on and len(set(fail_on)) > 1:
        help_ = "leave one of them out"
        raise InputError(
            [Diagnostic(codes.USAGE, "`--fail-on never` cannot be combined with another `--fail-on`", help=help_)]
        )


def _meant_clauses(named: Sequence[str], found: Trace) -> frozenset[str]:
    """The ids of the clauses that are named, lost ones included.

    Raises InputError if a name means no clause, or several.
    """
    wanted: list[str] = []
    wrong: list[Diagnostic] = []
    for name in named:
        meant = _meant(name, found)
        if len(meant) == 1:
            wanted += meant
        else:
            wrong.append(_misnamed(name, meant, found))
    refuse(wrong)
    return frozenset(wanted)


def _meant(name: str, found: Trace) -> list[str]:
    """The clauses that a name may mean: a name as reports show it, with or without its `#`, or as rules cite it."""
    clauses = [each.clause for each in found.clauses]
    shown = [*(each.id for each in clauses), *found.lost]
    bare = name.strip().removeprefix("#")
    for wanted in (name, bare, f"#{bare}"):
        if wanted in shown:
            return [wanted]
    from privacy_rules.tracing.clause_index import ClauseIndex

    return [each.id for each in ClauseIndex(clauses).meant(name)]


def _misnamed(name: str, meant: Sequence[str], found: Trace) -> Diagnostic:
    if meant:
        several = " or ".join(f"`{each}`" for each in meant)
        return Diagnostic(codes.UNKNOWN_SUBJECT, f"`{name}` may mean several clauses", help=f"say which: {several}")
    known = [*(each.clause.id for each in found.clauses), *found.lost]
    help_ = did_you_mean(name, known) or "`privacy-rules trace` lists the clauses"
    return Diagnostic(codes.UNKNOWN_SUBJECT, f"the prose has no clause `{name}`", help=help_)
