"""The verb `baseline`: records the findings of today, so that only new ones fail; or takes out those that are gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from privacy_rules.cli.file_output import USUAL_BASELINE, rewritten, write
from privacy_rules.cli.options import as_of_option, policy_option
from privacy_rules.cli.report_output import errors_to, tell
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.file_system import DISK
from privacy_rules.source.words import counted

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules baseline estate.yaml --output privacy-baseline.json")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, type=click.Path())
@policy_option
@as_of_option
@click.option(
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(),
    help=f"The baseline.  [default: the configuration's `baseline`, else {USUAL_BASELINE} beside the configuration]",
)
@click.option("--prune", is_flag=True, help="Take out what is found no more; accept nothing new.")
@click.option(
    "--merge",
    is_flag=True,
    help="Resolve merge conflicts in the baseline: keep what either side has accepted, and judge nothing.",
)
def baseline(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    file: str | None,
    prune: bool,
    merge: bool,
) -> int:
    """Record today's findings, so that only new ones fail.

    `check --baseline FILE` then fails on what is new: another finding, another datum or purpose in a known one, or one that
    could not be decided and now is a violation. Waived findings are not recorded: their waivers shelter them, and no longer.
    """
    from privacy_rules.cli.check_call import Call, baseline_content, baseline_in, judged_alone
    from privacy_rules.cli.inputs import configured, refuse_outside
    from privacy_rules.findings.baseline import text_of
    from privacy_rules.findings.comparison import standing, still_standing
    from privacy_rules.manifest.file_set import shown

    try:
        settings = configured()
        target = Path(file) if file else settings.baseline or (settings.folder or Path()) / USUAL_BASELINE
        if not file:
            refuse_outside(settings, "baseline", [target])
        if merge:
            _nothing_beside(prune=prune, judged=bool(manifests or policies or as_of))
            return _merge(target)
        content = baseline_content(target) if prune or _may_exist(target) else None
        before = [] if content is None else baseline_in(content, target)  # another file is not written over
        _, report = judged_alone(Call(settings, manifests, policies, as_of=as_of))
        kept = still_standing(before, report) if prune else standing(report.findings)
        write([rewritten(target, text_of(kept), "nothing" if content is None else content)])
    except InputError as error:
        errors_to([], error.diagnostics)
        return WRONG_INPUT
    gone = f", {len(before) - len(kept):,} taken out" if prune else ""
    tell(f"{shown(target)}: {counted(len(kept), 'finding')}{gone}")
    return 0


def _merge(target: Path) -> int:
    """Writes what either side of the conflicts in a baseline has accepted. Raises InputError if they are unclear."""
    from privacy_rules.cli.check_call import baseline_content, baseline_in, not_a_baseline
    from privacy_rules.findings.baseline import conflict_in, merged, text_of
    from privacy_rules.manifest.file_set import shown

    content = baseline_content(target)
    if conflict_in(content) is None:
        tell(f"{shown(target)}: {counted(len(baseline_in(content, target)), 'finding')}, no conflict to resolve")
        return 0
    found, wrong = merged(content)
    if found is None:
        raise InputError([not_a_baseline(target, str(wrong))])
    write([rewritten(target, text_of(found), content)])
    tell(f"{shown(target)}: {counted(len(found), 'finding')}, of both sides")
    return 0


def _nothing_beside(*, prune: bool, judged: bool) -> None:
    """Raises InputError if `--merge` is given with what it would leave undone."""
    if prune or judged:
        message = f"`--merge` judges nothing: {'`--prune`' if prune else 'what is to be judged'} is given with it"
        help_ = "merge first, then run `privacy-rules baseline --prune`" if prune else "leave out all but `--output`"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])


def _may_exist(file: Path) -> bool:
    """Whether there is such a file. In a folder that is closed to us there may be one."""
    try:
        return DISK.kind(file) is not None
    except OSError:
        return True
