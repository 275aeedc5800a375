"""Judges the inputs of a call, and compares the findings with a baseline or a commit."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules import engine
from privacy_rules.checking.checker import MOST_KEPT
from privacy_rules.cli.inputs import STDIN, day_of, project, read, refuse_outside
from privacy_rules.cli.progress import Stages
from privacy_rules.cli.unread_inputs import left_unread, old_day
from privacy_rules.configuration.load import Configuration
from privacy_rules.engine import today
from privacy_rules.findings.entity_names import Names
from privacy_rules.manifest.file_set import shown
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, InputError, Level, lowered
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import DISK, LIMIT, MIB, git_top
from privacy_rules.source.real_paths import real_path
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, first_few

if TYPE_CHECKING:
    from privacy_rules.findings.code_owners import CodeOwners
    from privacy_rules.findings.finding import Finding
    from privacy_rules.findings.report import Report
    from privacy_rules.language.policy import Policy

CODE_OWNERS = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where a repository may keep its CODEOWNERS file, from its top; the first that exists counts."""

_SUBJECTS = 5
"""How many subjects a warning names."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Call:
    """The arguments of a check. The configuration supplies those that are left out."""

    settings: Configuration
    manifests: Sequence[str] = ()
    policies: Sequence[str] = ()
    rules: Collection[str] = ()
    as_of: date | None = None
    baseline: str | None = None
    since: str | None = None
    since_exact: str | None = None
    changed: Sequence[str] | None = None
    owners: Sequence[str] = ()
    codeowners: bool = False
    each_way: bool = False
    tables: Sequence[str] = ()
    engine: str = "local"
    most: int = MOST_KEPT
    stages: Stages = field(default_factory=Stages)

    @property
    def selected(self) -> Collection[str] | None:
        """The rules to judge by; None means all."""
        return self.rules or self.settings.rule or None

    @property
    def baseline_file(self) -> Path | None:
        """The baseline to compare with. `--since` takes precedence over a configured one."""
        if self.baseline is not None:
            return Path(self.baseline)
        return self.settings.baseline if self.commit is None else None

    @property
    def commit(self) -> str | None:
        """The commit that `--since` or `--since-exact` names."""
        return self.since if self.since is not None else self.since_exact

    @property
    def decisive(self) -> tuple[Path, ...]:
        """The files, besides the policy, that may change any finding: the configuration and the baseline."""
        return tuple(each for each in (self.settings.file, self.baseline_file) if each is not None)


def judged(call: Call) -> Report:
    """The report that the call asks for. Raises InputError with all errors."""
    inputs, found = judged_alone(call)
    with call.stages.stage("looking for what is not read"):
        more = [
            *left_unread(call.settings, call.manifests or call.tables, inputs),
            *old_day(call.settings, inputs, found, today()),
        ]
    found = found.warned(more)
    if call.commit is not None:
        with call.stages.stage(f"comparing with {call.commit}"):
            found = _compared_with_commit(call.commit, call, inputs, found)
    elif call.baseline_file is not None:
        found = _compared_with_baseline(found, call, inputs)
    if call.changed is not None:
        found = engine.only_changed(inputs, found, [Path(each) for each in call.changed], call.decisive)
    return _of_owners(found, call, inputs) if call.owners or call.codeowners else found


def _of_owners(found: Report, call: Call, inputs: engine.Inputs) -> Report:
    """The report with the findings of the owners that the call asks for. Raises InputError if one is unknown."""
    from privacy_rules.findings.owners import declared_owners, only_owned, unknown_owners, with_code_owners

    known, of = declared_owners(inputs.estate, inputs.policy), None
    if call.codeowners:
        code_owners, top = _code_owners(call.settings)
        known |= code_owners.all()

        def owners_of(file: str) -> tuple[str, ...]:
            path = os.path.relpath(real_path(file), top)
            return () if path.startswith(os.pardir) else code_owners.of(Path(path).as_posix())

        of = cache(owners_of)
        found = with_code_owners(found, of)
    unknown = unknown_owners(call.owners, known)
    if unknown:
        raise InputError(unknown)
    return only_owned(found, call.owners, of) if call.owners else found


def _code_owners(settings: Configuration) -> tuple[CodeOwners, Path]:
    """The repository's CODEOWNERS file, and the folder that its patterns start from. Raises InputError if there is none."""
    from privacy_rules.findings.code_owners import CodeOwners

    start = (settings.folder or Path.cwd()).resolve()
    top, disk = git_top(start) or start, project(settings)
    try:
        file = next((each for each in CODE_OWNERS if disk.is_file(top / each)), None)
        if file is not None:
            text = disk.read(top / file, MIB).decode("utf-8", "replace")
            return CodeOwners.read(text, gitlab=file.startswith(".gitlab") or _is_on_gitlab(top)), top
        wrong = f"there is no CODEOWNERS file in `{shown(top)}`"
    except OSError as error:
        wrong = f"cannot read the CODEOWNERS file: {lowered(error)}"
    help_ = f"write one of {', '.join(f'`{each}`' for each in CODE_OWNERS)}, relative to the top of the repository"
    raise InputError([Diagnostic(codes.UNUSABLE_FILE, wrong, help=help_)])


def _is_on_gitlab(top: Path) -> bool:
    return DISK.is_file(top / ".gitlab-ci.yml") and not DISK.is_folder(top / ".github")


def judged_alone(call: Call) -> tuple[engine.Inputs, Report]:
    """The inputs and the report on them, without a comparison. Raises InputError with all errors."""
    settings = call.settings
    if call.engine != "local":
        from privacy_rules.cli.warehouse_call import judged_in_database

        return judged_in_database(call)
    with call.stages.stage("reading"):
        inputs = read(call.manifests, call.policies, settings, tables=call.tables, keep=call.commit is not None)
    unknown = unknown_rules(inputs.policy, settings)
    if unknown:
        raise InputError(unknown)
    refuse_not_in_force(inputs, call.rules, day_of(inputs, settings, call.as_of))
    with call.stages.stage("judging"):
        report, wrong = engine.check(
            inputs,
            day=call.as_of or settings.as_of,
            day_from="call" if call.as_of else "configuration",
            rules=call.selected,
            severities=settings.severity,
            limits=settings.limits,
            each_way=call.each_way,
            most=call.most,
        )
    if report is None:
        raise InputError(wrong)
    return inputs, report


def refuse_not_in_force(inputs: engine.Inputs, rules: Collection[str], day: date) -> None:
    """Raises InputError if a call chooses rules and none of them is in force: nothing would be judged."""
    idle = engine.not_in_force(inputs.policy, rules, day)
    if idle and len(idle) == len(set(rules)):
        raise InputError(idle)


def unknown_rules(policy: Policy, settings: Configuration) -> list[Diagnostic]:
    """An error for each rule that a table of the configuration names and the policy lacks."""
    tables = {"severity": settings.severity, "idle-rules": settings.idle_rules}
    named = [(table, name) for table, rules in tables.items() for name in rules]
    wrong = ((table, name, each) for table, name in named for each in engine.unknown_rules(policy, [name]))
    return [settings.blamed(table, each, name) for table, name, each in wrong]


def read_baseline(file: Path, limit: int = LIMIT) -> list[Finding]:
    """The findings of a baseline file. Raises InputError if it cannot be read or is not a baseline."""
    return baseline_in(baseline_content(file, limit), file)


def baseline_content(file: Path, limit: int = LIMIT) -> bytes:
    """What is in a baseline file. Raises InputError if it cannot be read."""
    try:
        return DISK.read(file, limit)
    except (OSError, ValueError) as error:
        absent = isinstance(error, FileNotFoundError)
        help_ = (help_for_absent(shown(file)) or "`privacy-rules baseline` writes one") if absent else None
        message = f"cannot read the baseline `{shown(file)}`: {lowered(error)}"
        raise InputError([Diagnostic(codes.BASELINE, message, help=help_)]) from error


def baseline_in(content: bytes, file: Path) -> list[Finding]:
    """The findings that a baseline file has accepted. Raises InputError if it is not a baseline."""
    from privacy_rules.findings import baseline
    from privacy_rules.source.merge_conflicts import marked_line

    found, wrong = baseline.read(content)
    if found is not None:
        return found
    line = marked_line(content)
    if line is not None:
        message = f"the baseline `{shown(file)}` has merge-conflict markers"
        help_ = "`privacy-rules baseline --merge` keeps what either side has accepted"
        raise InputError([Diagnostic(codes.BASELINE, message, Span(shown(file), line, 1), help_)])
    raise InputError([not_a_baseline(file, str(wrong))])


def not_a_baseline(file: Path, wrong: str) -> Diagnostic:
    """The error for a file that is not a baseline.

    The file is not overwritten, because that would accept all present findings.
    """
    help_ = "restore it from version control, or delete it and write a new one with `privacy-rules baseline`"
    return Diagnostic(codes.BASELINE, f"`{shown(file)}` is not a baseline: {wrong}", help=help_)


def _compared_with_baseline(found: Report, call: Call, inputs: engine.Inputs) -> Report:
    from privacy_rules.findings.comparison import compared

    file = call.baseline_file
    assert file is not None
    if call.baseline is None:
        refuse_outside(call.settings, "baseline", [file])
    try:
        before = read_baseline(file, call.settings.manifest_limit or LIMIT)
    except InputError as error:
        if call.baseline is not None:
            raise
        raise InputError([call.settings.blamed("baseline", each) for each in error.diagnostics]) from error
    beside = compared(found, before, shown(file), selected=call.selected)
    fixed = beside.in_state("fixed")
    if not fixed:
        return beside
    verb = "is" if len(fixed) == 1 else "are"
    message = f"{counted(len(fixed), 'finding')} of the baseline `{shown(file)}` {verb} no longer found"
    names = Names(inputs.estate, inputs.policy)
    gone = list(dict.fromkeys(str(each.subject) for each in fixed if names.record(each.subject) is None))
    if gone:
        message += f"; the manifests that are read no longer declare {first_few(gone, _SUBJECTS)}"
    idle = Diagnostic(
        codes.IDLE_BASELINE, message, help="`privacy-rules baseline --prune` removes them", level=Level.WARNING
    )
    return beside.warned([idle])


def _compared_with_commit(name: str, call: Call, inputs: engine.Inputs, found: Report) -> Report:
    from privacy_rules.findings.comparison import compared
    from privacy_rules.history.since import Present, findings_at

    option = "--since" if call.since is not None else "--since-exact"
    if STDIN in call.manifests:
        message = f"`{option}` needs manifests that are files: standard input has no earlier version"
        raise InputError([Diagnostic(codes.USAGE, message)])
    present = Present(
        call.manifests,
        call.policies,
        call.rules or None,
        call.settings,
        inputs,
        found.findings,
        found.as_of,
        project(call.settings, *call.manifests, *call.policies),
    )
    past, wrong = findings_at(name, present, exact=call.since_exact is not None)
    if past is None:
        raise InputError(wrong)
    notes = past.notes
    if past.missing is not None:
        before = f"there was no {past.missing} at {past.commit[:12]}"
        baseline = call.settings.baseline
        if baseline is not None and DISK.is_file(baseline):
            beside = _compared_with_baseline(found, replace(call, since=None, since_exact=None), inputs)
            note = f"{before}: compared with the baseline instead"
            return replace(beside, terms=replace(beside.terms, past=(note,)))
        notes = (
            *notes,
            f"{before}: every finding is new",
        )
    beside = compared(found, past.findings, name, selected=call.selected)
    terms = replace(beside.terms, compared_commit=past.commit, past=notes)
    return replace(beside.warned(past.warnings), terms=terms)
