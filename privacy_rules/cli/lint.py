"""The verb `lint`: mistakes in a policy that are found with no manifest, and the mending of those that can be mended safely."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import day_option, no_color_option, timeout_option
from privacy_rules.cli.report_output import Output, errors_to, folder_from_top, in_colour, is_plain, outputs, say, tell
from privacy_rules.reports.registry import wrong_format
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible_lines
from privacy_rules.source.spelling import did_you_mean

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.lint.framework.fixer import Mended
    from privacy_rules.lint.framework.runner import Linted
    from privacy_rules.reports.terminal import Ink

FAILS, WRONG_INPUT = 1, 2
FORMATS = ("text", "json", "sarif", "github")
SEVERITIES = ("note", "warning", "error")


def _formats(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if value.partition("=")[0] not in FORMATS:
            raise click.BadParameter(f"`{value}` is none of {', '.join(FORMATS)}, nor one of them with =FILE")
        wrong = wrong_format(value)
        if wrong:
            raise click.BadParameter(wrong)
    return tuple(values)


@click.command(epilog="\b\nExample:\n  privacy-rules lint customers.privacy --fix")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "formats",
    multiple=True,
    callback=_formats,
    metavar="|".join(FORMATS) + "[=FILE]",
    help="How to report, to standard output or to FILE; may be repeated.  [default: text]",
)
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
    from privacy_rules.reports.terminal import Ink

    wanted = outputs(formats)
    try:
        if explained is not None:
            say(visible_lines(_page(explained)))
            return 0
        settings = configured()
        ink = Ink(in_colour(sys.stdout, wanted=not (no_color or settings.no_color)), is_plain(sys.stdout))
        if listed:
            say(_list(settings, ink))
            return 0
        found = _looked(policies, settings, as_of, mend_too=fix or diff)
        if diff:
            return _shown(found)
        _write(found, wanted, ink, folder_from_top(settings.folder))
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
    from privacy_rules.reports.lint import listing

    return listing(lints().values(), settings.lint, ink)


def _shown(found: Mended) -> int:
    from privacy_rules.cli.file_diff import difference
    from privacy_rules.cli.report_output import print_exactly
    from privacy_rules.reports.lint import told_of_mending

    changes = found.rewritten
    print_exactly("".join(line for each in changes for line in difference(each.name, each.before, each.after)))
    tell(*told_of_mending([each.name for each in changes], found.count, dry=True), error=True)
    return FAILS if changes else 0


def _write(found: Mended, wanted: Sequence[Output], ink: Ink, folder: str) -> None:
    """Writes the fixed files and the reports, or nothing. Raises InputError if a file cannot be written, or must not be."""
    from privacy_rules.cli.file_output import rewritten
    from privacy_rules.cli.report_output import write_outputs
    from privacy_rules.reports.lint import told_of_mending

    fixed = [rewritten(each.path, each.after, each.before.encode()) for each in found.rewritten]
    told = told_of_mending([each.name for each in found.rewritten], found.count, dry=False) if fixed else []
    write_outputs([(each, _report(found, each, ink, folder)) for each in wanted], fixed, told)


def _report(found: Mended, output: Output, ink: Ink, folder: str) -> str:
    """The report; `folder` is that of the configuration, as from the top of the repository."""
    from privacy_rules.reports import lint as reports
    from privacy_rules.reports import lint_annotations
    from privacy_rules.reports.terminal import Ink

    match output.format.name:
        case "json":
            return reports.as_json(found.linted, found.count)
        case "sarif":
            return lint_annotations.as_sarif(found.linted, folder_from_top(), folder)
        case "github":
            return lint_annotations.as_github(found.linted, folder_from_top())
        case _:
            return reports.as_text(found.linted, found.count, Ink() if output.file else ink)
