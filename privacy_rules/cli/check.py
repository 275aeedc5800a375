"""The verb `check`: judges manifests by a policy and reports."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, formats_option, no_color_option, policy_option, timeout_option
from privacy_rules.cli.report_output import (
    Output,
    errors_to,
    folder_from_top,
    in_colour,
    is_plain,
    outputs,
    say,
    tell,
    write_outputs,
)
from privacy_rules.cli.shell_completion import files, rule_names
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.reports.estate_identity import identity
from privacy_rules.reports.registry import View
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from privacy_rules.language.policy import Severity

FAILS, WRONG_INPUT = 1, 2


@click.command(
    epilog="\b\nExample:\n  privacy-rules check estate.yaml --policy customers.privacy --fail-on undetermined"
)
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=files)
@policy_option
@formats_option("check")
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
@timeout_option
@click.option(
    "--rule",
    "rules",
    metavar="NAME",
    multiple=True,
    shell_complete=rule_names,
    help="Judge by this rule only; may be repeated. One that is not in force is warned about; if none is, it is a wrong call.",
)
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Fail on what is not in this baseline only.")
@click.option(
    "--since",
    metavar="GITREF",
    help="Fail only on what is new since the branch left this commit (the merge base, as in a review).",
)
@click.option("--since-exact", metavar="GITREF", help="Fail only on what is new beside this commit itself.")
@click.option(
    "--changed",
    metavar="FILE",
    type=click.Path(),
    multiple=True,
    help="Report only findings that this file takes part in, judged on the whole; may be repeated.",
)
@click.option("--statistics", is_flag=True, help="Tell how each rule fared and what took the time, too.")
@click.option("--quiet", is_flag=True, help="Report failing findings only.")
@no_color_option
@click.option("--show-config", is_flag=True, help="Print what is configured and by whom; judge nothing.")
def check(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on: FailOn | None,
    fail_severity: Severity | None,
    as_of: date | None,
    rules: tuple[str, ...],
    baseline: str | None,
    since: str | None,
    since_exact: str | None,
    changed: tuple[str, ...],
    statistics: bool,
    quiet: bool,
    no_color: bool,
    show_config: bool,
) -> int:
    """Check declared flows against a policy.

    MANIFEST is a file, a glob, a folder (its **/privacy.{yaml,yml,json} and **/*.privacy.{yaml,yml,json}) or `-` for
    standard input. Without one, the configuration's `manifests` hold. Exit code 0: nothing fails, 1: findings fail,
    2: the input or the call is wrong.
    """
    from privacy_rules.cli.check_call import Call, judged
    from privacy_rules.cli.inputs import configured, refuse_outside

    wanted = Output.of_names(formats)
    try:
        wanted = outputs(formats)
        settings = configured()
        if show_config:
            from privacy_rules.cli.show_config import shown_config

            say(shown_config(settings, click.get_current_context()))
            return 0
        chosen = outputs(formats or settings.format)
        if not formats:  # a refused file gets nothing, not even the error that refuses it
            wanted = [each for each in chosen if each.file is None]
            refuse_outside(settings, "format", [each.file for each in chosen if each.file])
        wanted = chosen
        olds = {"--baseline": baseline, "--since": since, "--since-exact": since_exact}
        given = [f"`{name}`" for name, value in olds.items() if value is not None]
        if len(given) > 1:
            message = f"{' and '.join(given)} both say what is old: give one"
            raise InputError([Diagnostic(codes.USAGE, message)])
        call = Call(settings, manifests, policies, rules, as_of, baseline, since, since_exact, changed or None)
        report = judged(call)
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
            folder=folder_from_top(),
            estate=identity(folder_from_top(settings.folder), report.names),
        )
        with call.stages.stage("reporting"):
            texts = [
                each.format.render(report, replace(view, colour=False, plain=False) if each.file else view)
                for each in wanted
            ]
        write_outputs(list(zip(wanted, texts, strict=True)))
        if view.statistics:
            tell(call.stages.told(), error=True)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    return FAILS if report.fails(fails) else 0
