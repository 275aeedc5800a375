"""The verb `baseline`: records the findings of today, so that only new ones fail; or takes out those that are gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from privacy_rules.cli.options import as_of_option, policy_option
from privacy_rules.cli.output import errors_to, replace_file, tell
from privacy_rules.source.diagnostic import InputError

USUAL_FILE = "privacy-baseline.json"
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
    help=f"The baseline.  [default: the configuration's `baseline`, else {USUAL_FILE} beside the configuration]",
)
@click.option("--prune", is_flag=True, help="Take out what is found no more; accept nothing new.")
def baseline(
    *, manifests: tuple[str, ...], policies: tuple[str, ...], as_of: date | None, file: str | None, prune: bool
) -> int:
    """Record today's findings, so that only new ones fail.

    `check --baseline FILE` then fails on what is new: another finding, another datum or purpose in a known one, or one that
    could not be decided and now is a violation. Waived findings are not recorded: their waivers shelter them, and no longer.
    """
    from privacy_rules.cli.inputs import configured
    from privacy_rules.cli.judging import Call, judged_alone, read_baseline
    from privacy_rules.findings.baseline import text_of
    from privacy_rules.findings.comparison import standing, still_standing
    from privacy_rules.manifest.files import shown

    try:
        settings = configured()
        target = Path(file) if file else settings.baseline or (settings.folder or Path()) / USUAL_FILE
        before = (
            read_baseline(target) if prune or _may_be_there(target) else []
        )  # what is no baseline is not written over
        _, report = judged_alone(Call(settings, manifests, policies, as_of=as_of))
        kept = still_standing(before, report) if prune else standing(report.findings)
        replace_file(target, text_of(kept))
    except InputError as error:
        errors_to([], error.diagnostics)
        return WRONG_INPUT
    gone = f", {len(before) - len(kept):,} taken out" if prune else ""
    tell(f"{shown(target)}: {len(kept):,} {'finding' if len(kept) == 1 else 'findings'}{gone}")
    return 0


def _may_be_there(file: Path) -> bool:
    """Whether there is such a file; in a folder that is closed to us there may be one."""
    try:
        return file.is_file()
    except OSError:
        return True
