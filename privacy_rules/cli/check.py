"""The verb `check`: judges manifests by a policy and reports."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, formats_option, no_color_option, policy_option
from privacy_rules.cli.output import Output, errors_to, in_colour, is_plain, outputs
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.reports.registry import View
from privacy_rules.source.diagnostic import InputError

if TYPE_CHECKING:
    from privacy_rules.language.policy import Severity

FAILS, WRONG_INPUT = 1, 2


@click.command(
    epilog="\b\nExample:\n  privacy-rules check estate.yaml --policy customers.privacy --fail-on undetermined"
)
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1)
@policy_option
@formats_option
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "undetermined", "never"]),
    help="What fails; undetermined includes violations.  [default: violation]",
)
@click.option(
    "--fail-severity",
    type=click.Choice(["error", "warning", "note"]),
    help="The lowest severity that fails.  [default: error]",
)
@as_of_option
@click.option("--rule", "rules", metavar="NAME", multiple=True, help="Judge by this rule only; may be repeated.")
@click.option("--statistics", is_flag=True, help="Tell how each rule fared, too (text; `json` always does).")
@click.option("--quiet", is_flag=True, help="Report failing findings only.")
@no_color_option
def check(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on: FailOn | None,
    fail_severity: Severity | None,
    as_of: date | None,
    rules: tuple[str, ...],
    statistics: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check declared flows against a policy.

    MANIFEST is a file, a glob, a folder (its **/privacy.{yaml,yml,json} and **/*.privacy.{yaml,yml,json}) or `-` for
    standard input. Without one, the configuration's `manifests` hold. Exit code 0: nothing fails, 1: findings fail,
    2: the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read

    wanted = Output.of_names(formats)
    try:
        wanted = outputs(formats)
        settings = configured()
        wanted = outputs(formats or settings.format)
        inputs = read(manifests, policies, settings)
        report, wrong = engine.check(inputs, day=as_of or settings.as_of, rules=(rules or settings.rule) or None)
        if report is None:
            raise InputError(wrong)
        fails = Threshold(
            fail_on or settings.fail_on or "violation",
            fail_severity or settings.fail_severity or "error",
            settings.fail_warnings,
        )
        view = View(
            fails,
            colour=in_colour(sys.stdout, wanted=not (no_color or settings.no_color)),
            quiet=quiet or settings.quiet,
            plain=is_plain(sys.stdout),
            statistics=statistics or settings.statistics,
        )
        for each in wanted:
            each.write(each.format.render(report, replace(view, colour=False, plain=False) if each.file else view))
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    return FAILS if report.fails(fails) else 0
