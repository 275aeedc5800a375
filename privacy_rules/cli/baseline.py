"""The verb `baseline`: records today's findings, so that only new ones fail, or removes those that are gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from privacy_rules.cli.file_output import USUAL_BASELINE, rewritten, write
from privacy_rules.cli.options import (
    OUTPUT,
    as_of_option,
    manifests_argument,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import print_lines
from privacy_rules.cli.shell_completion import files
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.file_system import DISK
from privacy_rules.source.words import counted


@verb("baseline estate.yaml --output privacy-baseline.json", "baseline --prune")
@manifests_argument
@policy_option
@as_of_option
@option(
    "--output",
    "file",
    section=OUTPUT,
    metavar="FILE",
    shell_complete=files,
    help=f"The baseline.  [default: the configuration's `baseline`, else {USUAL_BASELINE} beside the configuration]",
)
@option("--prune", is_flag=True, help="Remove what is no longer found, and accept nothing new.")
@option(
    "--merge",
    is_flag=True,
    help="Resolve the merge conflicts in the baseline: keep what either side has accepted, and judge nothing.",
)
@timeout_option
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

    `check --baseline FILE` then fails only on what is new: another finding, another datum or purpose in a known finding, or
    a violation where nothing could be decided before. Waived findings are not recorded: only their waivers cover them.

    MANIFEST is as for `check`. Without one, the configuration's `manifests` apply.
    """
    from privacy_rules.cli.check_call import Call, baseline_content, baseline_in, judged_alone
    from privacy_rules.cli.inputs import configured, refuse_outside
    from privacy_rules.findings.baseline import text_of
    from privacy_rules.findings.comparison import accepted, still_found
    from privacy_rules.manifest.file_set import shown

    settings = configured()
    target = Path(file) if file else settings.baseline or (settings.folder or Path()) / USUAL_BASELINE
    if not file:
        refuse_outside(settings, "baseline", [target])
    if merge:
        _refuse_with_merge(prune=prune, judged=bool(manifests or policies or as_of))
        return _merge(target)
    content = baseline_content(target) if prune or _may_exist(target) else None
    before = [] if content is None else baseline_in(content, target)  # a file that is not a baseline is not overwritten
    _, report = judged_alone(Call(settings, manifests, policies, as_of=as_of))
    kept = still_found(before, report) if prune else accepted(report.findings)
    write([rewritten(target, text_of(kept), "nothing" if content is None else content)])
    removed = f", {len(before) - len(kept):,} removed" if prune else ""
    print_lines(f"{shown(target)}: {counted(len(kept), 'finding')}{removed}")
    return 0


def _merge(target: Path) -> int:
    """Write what either side of the conflicts in a baseline has accepted. Raises InputError if they are unclear."""
    from privacy_rules.cli.check_call import baseline_content, baseline_in, not_a_baseline
    from privacy_rules.findings.baseline import merged, text_of
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.source.merge_conflicts import marked_line

    content = baseline_content(target)
    if marked_line(content) is None:
        print_lines(f"{shown(target)}: {counted(len(baseline_in(content, target)), 'finding')}, no conflict to resolve")
        return 0
    found, wrong = merged(content)
    if found is None:
        raise InputError([not_a_baseline(target, str(wrong))])
    write([rewritten(target, text_of(found), content)])
    print_lines(f"{shown(target)}: {counted(len(found), 'finding')}, from all sides")
    return 0


def _refuse_with_merge(*, prune: bool, judged: bool) -> None:
    """Raises InputError if `--merge` is combined with something that it does not do."""
    if prune:
        message, help_ = (
            "`--merge` and `--prune` cannot be combined",
            "merge first, then run `privacy-rules baseline --prune`",
        )
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
    if judged:
        message = "`--merge` judges nothing, and takes no manifests, `--policy` or `--as-of`"
        raise InputError([Diagnostic(codes.USAGE, message, help="leave out everything except `--output`")])


def _may_exist(file: Path) -> bool:
    """Whether a file exists, or may exist because its folder cannot be read."""
    try:
        return DISK.kind(file) is not None
    except OSError:
        return True
