"""The verb `trace`: rules held against the prose that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.file_output import report_in, rewritten, write
from privacy_rules.cli.options import day_option, no_color_option, one_format_option, timeout_option
from privacy_rules.cli.report_output import errors_to, outputs, say, tell, view_of_output
from privacy_rules.reports.registry import DOCUMENTS, render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, lowered
from privacy_rules.source.file_system import FileSystem
from privacy_rules.source.project_boundary import Confined
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import lower_first
from privacy_rules.source.writing import Change

if TYPE_CHECKING:
    from privacy_rules.language.policy import Policy
    from privacy_rules.tracing.coverage import Reviewed, Trace
    from privacy_rules.tracing.lock import Accepted
    from privacy_rules.tracing.prose import Clause

FAILS, WRONG_INPUT = 1, 2


@click.command(epilog="\b\nExample:\n  privacy-rules trace customers.privacy --text policy.md --fail-on uncovered")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path())
@click.option(
    "--text",
    "texts",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="The prose, Markdown or plain text; may be repeated.  [default: the policy's own `text`]",
)
@click.option("--lock", metavar="FILE", type=click.Path(), help="The lock file.  [default: beside the first policy]")
@click.option("--accept", is_flag=True, help="Write down that the clauses, as they stand, have been reviewed.")
@click.option(
    "--clause", "named", metavar="ID", multiple=True, help="With --accept: only this clause; may be repeated."
)
@click.option(
    "--fail-on",
    type=click.Choice(["uncovered", "changed", "never"]),
    multiple=True,
    help="What fails beside cites that go astray, may be repeated; `never`: nothing, and no such cite either.",
)
@one_format_option(DOCUMENTS["trace"])
@day_option("The day of the review that --accept writes into the lock file.  [default: today]")
@timeout_option
@no_color_option
def trace(
    *,
    policies: tuple[str, ...],
    texts: tuple[str, ...],
    lock: str | None,
    accept: bool,
    named: tuple[str, ...],
    fail_on: tuple[str, ...],
    format_: str,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Hold rules against the prose, clause by clause.

    Tells which clauses no rule covers and no `clause` line accounts for, which cites mean no clause, and whose words have
    changed since they were reviewed (`--accept`). Exit code 1: a cite goes astray, unless `--fail-on never` is given, or
    what --fail-on names.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, policy_paths, project
    from privacy_rules.cli.progress import Stages
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.reports.trace import Traces
    from privacy_rules.reports.trace.text import acceptance_lines
    from privacy_rules.tracing.coverage import trace as hold
    from privacy_rules.tracing.lock import USUAL_NAME, accepted, text_of

    name, _, file = format_.partition("=")
    try:
        _fits_together(accept=accept, named=named, fail_on=fail_on)
        settings = configured()
        files, disk = policy_paths(policies, settings), project(settings, *policies, *texts, *([lock] if lock else []))
        policy, wrong = engine.load_policy(files, root=settings.folder, disk=disk)
        if policy is None:
            raise InputError(wrong)
        clauses = _clauses([Path(each) for each in texts] or _named_by(policy), disk)
        kept = Path(lock) if lock else files[0].parent / USUAL_NAME
        content = _content(kept, disk)
        before = {} if content is None else _reviewed(content, kept)
        with Stages().stage("comparing rules with the prose"):
            found = hold(policy, clauses, before)
        changes: list[Change] = []
        done: Accepted | None = None
        if accept:
            _refuse(kept, disk)
            done = accepted(found, before, _known(named, found), as_of or engine.today())
            changes = [rewritten(kept, text_of(done.reviewed), "nothing" if content is None else content)]
            found = hold(policy, clauses, done.reviewed)
        view = view_of_output(colour=not (no_color or settings.no_color), in_file=bool(file))
        told = render("trace", name, Traces(found, policy, done), view)
        write([*changes, *([report_in(Path(file), told)] if file else [])])
        if done:
            tell(*acceptance_lines(done, shown(kept)), error=True)
        if not file:
            say(told)
    except InputError as error:
        errors_to(outputs(["json" if name == "json" and not file else "text"]), error.diagnostics)
        return WRONG_INPUT
    return FAILS if _fails(found, fail_on) else 0


def _fails(found: Trace, fail_on: Sequence[str]) -> bool:
    if "never" in fail_on:
        return False
    uncovered = "uncovered" in fail_on and bool(found.in_state("uncovered"))
    return bool(found.astray) or uncovered or ("changed" in fail_on and bool(found.changed or found.lost))


def _named_by(policy: Policy) -> list[Path]:
    """The prose that the policy's headers name, each beside its file."""
    found = [
        Path(header.span.file).parent / header.fields["text"] for header in policy.headers if "text" in header.fields
    ]
    if not found:
        help_ = 'name it with `--text FILE`, or in the policy: `policy p { text "policy.md" }`'
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, "no prose is named", help=help_)])
    return list(dict.fromkeys(found))


def _clauses(files: Sequence[Path], disk: FileSystem) -> list[Clause]:
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.tracing.prose import clauses_in

    found: list[Clause] = []
    for file in files:
        try:
            found += clauses_in(file, shown(file), disk)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            message = f"cannot read the prose `{shown(file)}`: {lower_first(reason)}"
            raise InputError([Diagnostic(codes.UNUSABLE_FILE, message)]) from error
    return found


def _content(lock: Path, disk: FileSystem) -> bytes | None:
    """What is in the lock file; None if there is none yet."""
    from privacy_rules.manifest.file_set import shown

    try:
        return disk.read(lock)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        message = f"cannot read the lock file `{shown(lock)}`: {lowered(error)}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message)]) from error


def _reviewed(content: bytes, lock: Path) -> Mapping[str, Reviewed]:
    """What was reviewed. Raises InputError if the file is not a lock file."""
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.tracing.lock import conflict_in, read

    found, wrong = read(content)
    if found is not None:
        return found
    line = conflict_in(content)
    if line is not None:
        message = f"the lock file `{shown(lock)}` has merge-conflict markers"
        help_ = (
            "keep one side of each conflict; clauses that only the other side had reviewed have to be accepted again"
        )
        raise InputError([Diagnostic(codes.BASELINE, message, Span(shown(lock), line, 1), help_)])
    help_ = "restore it from version control, or delete it and accept anew"
    raise InputError([Diagnostic(codes.BASELINE, f"`{shown(lock)}` is not a lock file: {wrong}", help=help_)])


def _refuse(lock: Path, disk: Confined) -> None:
    """Raises InputError if the lock file is a link that leads out of the project: nothing is written there."""
    from privacy_rules.manifest.file_set import shown

    try:
        disk.refuse(lock)
    except OSError as error:
        message = f"cannot write the lock file `{shown(lock)}`: {lowered(error)}"
        raise InputError([Diagnostic(codes.UNUSABLE_FILE, message)]) from error


def _fits_together(*, accept: bool, named: Sequence[str], fail_on: Sequence[str]) -> None:
    """Raises InputError where options contradict each other, or one asks for another."""
    if named and not accept:
        help_ = "add `--accept`, to write down that this clause has been reviewed"
        raise InputError([Diagnostic(codes.USAGE, "`--clause` says which clause `--accept` accepts", help=help_)])
    if "never" in fail_on and len(set(fail_on)) > 1:
        help_ = "leave one of them out"
        raise InputError(
            [Diagnostic(codes.USAGE, "`--fail-on never` and what shall fail are given together", help=help_)]
        )


def _known(named: Sequence[str], found: Trace) -> frozenset[str]:
    """The clauses that are named, as they are called; those that are lost, too. Raises InputError where a name means none, or several."""
    wanted: list[str] = []
    wrong: list[Diagnostic] = []
    for name in named:
        meant = _meant(name, found)
        if len(meant) == 1:
            wanted += meant
        else:
            wrong.append(_misnamed(name, meant, found))
    if wrong:
        raise InputError(wrong)
    return frozenset(wanted)


def _meant(name: str, found: Trace) -> list[str]:
    """Whichever clauses a name may mean: as people see it, with or without its `#`, or as rules cite it."""
    from privacy_rules.tracing.clause_index import ClauseIndex

    clauses = [each.clause for each in found.clauses]
    shown = [*(each.id for each in clauses), *found.lost]
    bare = name.strip().removeprefix("#")
    for wanted in (name, bare, f"#{bare}"):
        if wanted in shown:
            return [wanted]
    return [each.id for each in ClauseIndex(clauses).meant(name)]


def _misnamed(name: str, meant: Sequence[str], found: Trace) -> Diagnostic:
    if meant:
        several = " or ".join(f"`{each}`" for each in meant)
        return Diagnostic(codes.UNKNOWN_SUBJECT, f"`{name}` may mean several clauses", help=f"say which: {several}")
    known = [*(each.clause.id for each in found.clauses), *found.lost]
    help_ = did_you_mean(name, known) or "`privacy-rules trace` lists the clauses"
    return Diagnostic(codes.UNKNOWN_SUBJECT, f"the prose has no clause `{name}`", help=help_)
