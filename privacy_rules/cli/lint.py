"""The verb `lint`: mistakes in a policy that are found with no manifest, and the mending of those that can be mended safely."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import day_option, formats_option, no_color_option, timeout_option
from privacy_rules.cli.report_output import (
    Output,
    errors_to,
    folder_from_top,
    outputs,
    say,
    tell,
    view_of_output,
)
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible_lines
from privacy_rules.source.spelling import did_you_mean

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.lint.framework.fixer import Mended
    from privacy_rules.lint.framework.runner import Linted
    from privacy_rules.reports.markup.terminal import Ink

FAILS, WRONG_INPUT = 1, 2
SEVERITIES = ("note", "warning", "error")


@click.command(epilog="\b\nExample:\n  privacy-rules lint customers.privacy --fix")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path())
@formats_option("lint")
@click.option("--fix", is_flag=True, help="Mend what can be mended with no verdict changed, and report the rest.")
@click.option(
    "--diff", is_flag=True, help="Write nothing, print what --fix would change; exit code 1 where anything would."
)
@click.option(
    "--fail-severity",
    type=click.Choice([*reversed(SEVERITIES), "never"]),
    help="The lowest severity that fails.  [default: warning]",
)
@click.option("--list", "listed", is_flag=True, help="List the lints, each with its severity, and stop.")
@click.option("--explain", "explained", metavar="LINT", help="Print a lint's page, by its name or code, and stop.")
@day_option("The day on which a rule counts as lapsed.  [default: the configuration's `as-of`, else today]")
@timeout_option
@no_color_option
def lint(
    *,
    policies: tuple[str, ...],
    formats: tuple[str, ...],
    fix: bool,
    diff: bool,
    fail_severity: str | None,
    listed: bool,
    explained: str | None,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Find mistakes in a policy's rules, without a manifest.

    POLICY is a file, a glob or a folder (its **/*.privacy); without it, the configuration's `policy` holds. A comment `# allow LINT: reason` lets a finding on its line, or on
    the line below it, pass; `lint = {LINT = "off"}` in the configuration sets how grave one is. Exit code 0: nothing
    fails, 1: findings fail, 2: a policy does not parse or resolve, and nothing was looked for.
    """
    from privacy_rules.cli.inputs import configured

    wanted = outputs(formats)
    try:
        if explained is not None:
            say(visible_lines(_page(explained)))
            return 0
        settings = configured()
        colour = not (no_color or settings.no_color)
        if listed:
            say(_list(settings, view_of_output(colour=colour).ink))
            return 0
        found = _looked(policies, settings, as_of, mend_too=fix or diff)
        if diff:
            return _shown(found)
        _write(found, wanted, folder_from_top(settings.folder), colour=colour)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    return FAILS if _fails(found.linted, fail_severity or settings.lint_fail_severity or "warning") else 0


def _fails(found: Linted, lowest: str) -> bool:
    if lowest == "never":
        return False
    return any(SEVERITIES.index(each.severity) >= SEVERITIES.index(lowest) for each in found.findings)


# ---- what is looked for


_LISTED = "`privacy-rules lint --list` lists the lints"


def _looked(policies: Sequence[str], settings: Configuration, as_of: date | None, *, mend_too: bool) -> Mended:
    from privacy_rules import engine
    from privacy_rules.cli.inputs import policy_paths, project
    from privacy_rules.cli.progress import Stages
    from privacy_rules.lint.framework.fixer import Mended, mend
    from privacy_rules.lint.framework.runner import Files
    from privacy_rules.lint.framework.runner import lint as look

    paths = policy_paths(policies, settings, writes=mend_too)
    files, day = (
        Files(paths, settings.folder, disk=project(settings, *policies)),
        as_of or settings.as_of or engine.today(),
    )
    with Stages().stage("looking for mistakes"):
        if mend_too:
            mended, wrong = mend(files, day, settings.lint)
        else:
            linted, wrong = look(files, day, settings.lint)
            mended = Mended(linted, (), 0) if linted else None
    if mended is None:
        raise InputError(wrong)
    return mended


# ---- what is told


def _page(wanted: str) -> str:
    from privacy_rules.lint.framework.pages import page
    from privacy_rules.lint.framework.registry import names

    known = names()
    if wanted not in known:
        help_ = did_you_mean(wanted, known) or _LISTED
        raise InputError([Diagnostic(codes.USAGE, f"there is no lint `{wanted}`", help=help_)])
    return page(known[wanted])


def _list(settings: Configuration, ink: Ink) -> str:
    from privacy_rules.lint.framework.registry import lints
    from privacy_rules.reports.lint.text import listing

    return listing(lints().values(), settings.lint, ink)


def _shown(found: Mended) -> int:
    from privacy_rules.cli.file_diff import difference
    from privacy_rules.cli.report_output import print_exactly
    from privacy_rules.reports.lint.text import fixed_lines

    changes = found.rewritten
    print_exactly("".join(line for each in changes for line in difference(each.name, each.before, each.after)))
    tell(*fixed_lines([each.name for each in changes], found.count, dry=True), error=True)
    return FAILS if changes else 0


def _write(found: Mended, wanted: Sequence[Output], folder: str, *, colour: bool) -> None:
    """Write the fixed files and the reports, or nothing; `folder` is that of the configuration, relative to the top. Raises InputError if a file cannot be written, or must not be."""
    from privacy_rules.cli.file_output import rewritten
    from privacy_rules.cli.report_output import write_outputs
    from privacy_rules.reports.lint.text import fixed_lines

    fixed = [rewritten(each.path, each.after, each.before.encode()) for each in found.rewritten]
    told = fixed_lines([each.name for each in found.rewritten], found.count, dry=False) if fixed else []
    here = folder_from_top()
    texts = [
        (
            each,
            render(
                "lint",
                each.format.name,
                found,
                view_of_output(colour=colour, in_file=bool(each.file), folder=here, estate=folder),
            ),
        )
        for each in wanted
    ]
    write_outputs(texts, fixed, told)
