"""The verb `lint`: finds likely errors in a policy without a manifest, and fixes those that can be fixed safely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import (
    day_option,
    formats_option,
    no_color_option,
    option,
    policies_argument,
    save_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import (
    Output,
    folder_from_top,
    outputs,
    paths_in_repository,
    print_lines,
    saved_examples,
    say,
    view_for,
)
from privacy_rules.reports.registry import View, render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible_lines
from privacy_rules.source.spelling import did_you_mean

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.lint.framework.fixer import FixResult
    from privacy_rules.lint.framework.runner import Linted
    from privacy_rules.reports.markup.terminal import Ink

FAILS = 1
SEVERITIES = ("note", "warning", "error")


@verb("lint customers.privacy --fix", "lint --explain no-clause")
@policies_argument
@day_option("The day on which a rule counts as expired.  [default: the configuration's `as-of`, else today]")
@option("--fix", is_flag=True, help="Fix what can be fixed without changing a verdict, and report the rest.")
@option(
    "--diff",
    is_flag=True,
    help="Print what --fix would change, and write nothing. Exit code 1 if anything would change.",
)
@option(
    "--fail-severity",
    section="What fails",
    type=click.Choice([*reversed(SEVERITIES), "never"]),
    help="The lowest severity that fails.  [default: warning]",
)
@option("--list", "listed", section="About lints", is_flag=True, help="List the lints with their severities, and exit.")
@option(
    "--explain",
    "explained",
    section="About lints",
    metavar="LINT",
    help="Print a lint's page, by its name or code, and exit.",
)
@save_option("Write the examples of findings to a file of policy tests.")
@formats_option("lint")
@no_color_option
@timeout_option
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
    save: str | None,
    no_color: bool,
) -> int:
    """Find likely errors in a policy's rules, without a manifest.

    POLICY is a file, a glob, or a folder, which means the .privacy files in it, as one policy. Without one, the
    configuration's `policy` applies.

    A comment `# allow LINT: reason` accepts a finding on its line, or on the line below it. `lint = {LINT = "off"}` in the
    configuration sets how serious a lint is.

    Exit code 0: nothing fails; 1: findings fail; 2: a policy has errors, or the call is wrong, and nothing was examined.
    """
    from privacy_rules.cli.inputs import configured

    wanted = outputs(formats)
    if explained is not None:
        say(visible_lines(_page(explained)))
        return 0
    settings = configured()
    if listed:
        say(_list(settings, view_for(settings, no_color=no_color).ink))
        return 0
    found = _examined(policies, settings, as_of, fix=fix or diff)
    if diff:
        return _show_diff(found)
    _write(
        found,
        [(each, view_for(settings, each, no_color=no_color)) for each in wanted],
        folder_from_top(settings.folder),
        [_saved(found, policies, settings, save)] if save else [],
    )
    return FAILS if _fails(found.linted, fail_severity or settings.lint_fail_severity or "warning") else 0


def _fails(found: Linted, lowest: str) -> bool:
    if lowest == "never":
        return False
    return any(SEVERITIES.index(each.severity) >= SEVERITIES.index(lowest) for each in found.findings)


def _examined(policies: Sequence[str], settings: Configuration, as_of: date | None, *, fix: bool) -> FixResult:
    """The lints' findings, after the fixes if they are wanted. Raises InputError if a policy has errors."""
    from privacy_rules import engine
    from privacy_rules.cli.inputs import policy_paths, project
    from privacy_rules.cli.progress import Stages
    from privacy_rules.lint.framework import fixer, runner

    paths = policy_paths(policies, settings, writes=fix)
    files = runner.Files(paths, settings.folder, disk=project(settings, *policies))
    day = as_of or settings.as_of or engine.today()
    with Stages().stage("looking for likely errors"):
        if fix:
            fixed, wrong = fixer.fix(files, day, settings.lint)
        else:
            linted, wrong = runner.lint(files, day, settings.lint)
            fixed = fixer.FixResult(linted, (), 0) if linted else None
    if fixed is None:
        raise InputError(wrong)
    return fixed


def _page(wanted: str) -> str:
    from privacy_rules.lint.framework.registry import names, page

    known = names()
    if wanted not in known:
        help_ = did_you_mean(wanted, known) or "`privacy-rules lint --list` lists the lints"
        raise InputError([Diagnostic(codes.USAGE, f"there is no lint `{wanted}`", help=help_)])
    return page(known[wanted])


def _list(settings: Configuration, ink: Ink) -> str:
    from privacy_rules.lint.framework.registry import lints
    from privacy_rules.reports.lint.text import listing

    return listing(lints().values(), settings.lint, ink)


def _show_diff(found: FixResult) -> int:
    """Print what the fixes would change, and return the exit code."""
    from privacy_rules.cli.file_diff import difference
    from privacy_rules.cli.report_output import print_exactly
    from privacy_rules.reports.lint.text import fixed_lines

    changes = found.rewritten
    print_exactly("".join(line for each in changes for line in difference(each.name, each.before, each.after)))
    print_lines(*fixed_lines([each.name for each in changes], found.count, dry=True), error=True)
    return FAILS if changes else 0


def _saved(found: FixResult, policies: Sequence[str], settings: Configuration, save: str) -> tuple[Output, str]:
    """The examples of the findings as a file of policy tests."""
    from privacy_rules.cli.inputs import policy_paths
    from privacy_rules.reports.lint.content import saved

    return saved_examples("lint", saved(found.linted), found.linted.policy, policy_paths(policies, settings), save)


def _write(
    found: FixResult, wanted: Sequence[tuple[Output, View]], folder: str, saved: Sequence[tuple[Output, str]]
) -> None:
    """Write the fixed files and the reports, or nothing. Raises InputError if a file cannot be written, or must not be.

    `folder` is the configuration's, relative to the top of the repository; `saved` are other files to write.
    """
    from privacy_rules.cli.file_output import rewritten
    from privacy_rules.cli.report_output import write_outputs
    from privacy_rules.reports.lint.text import fixed_lines

    fixed = [rewritten(each.path, each.after, each.before.encode()) for each in found.rewritten]
    lines = fixed_lines([each.name for each in found.rewritten], found.count, dry=False) if fixed else []
    paths = paths_in_repository()
    texts = [
        (each, render("lint", each.name, found, replace(view, paths=paths, estate=folder))) for each, view in wanted
    ]
    write_outputs([*texts, *saved], fixed, lines)
