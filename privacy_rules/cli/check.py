"""The verb `check`: judges manifests by a policy and reports."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.checking.checker import MOST_KEPT
from privacy_rules.cli import recording
from privacy_rules.cli.options import (
    INPUT,
    OTHER,
    OUTPUT,
    as_of_option,
    fail_severity_option,
    formats_option,
    manifests_argument,
    no_color_option,
    option,
    policy_option,
    rule_option,
    tables_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import (
    Output,
    folder_from_top,
    in_colour,
    is_plain,
    outputs,
    paths_in_repository,
    print_lines,
    report_errors_to,
    say,
    write_outputs,
)
from privacy_rules.cli.shell_completion import files
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.reports.estate_identity import identity
from privacy_rules.reports.registry import View
from privacy_rules.source import codes, observations
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.words import counted

if TYPE_CHECKING:
    from privacy_rules.language.policy import Severity

FAILS = 1


@verb(
    "check estate.yaml --policy customers.privacy --fail-on undetermined",
    "check --since origin/main --format text --format sarif=findings.sarif",
)
@manifests_argument
@tables_option
@option(
    "--engine",
    section=INPUT,
    type=click.Choice(["local", "duckdb"]),
    default="local",
    help="How to judge the flows of --tables: in this program, or with DuckDB, which finds the flows that may be at fault and leaves only those to this program.  [default: local]",
)
@policy_option
@rule_option("Judge by this rule only. It is an error if none of the named rules is in force.")
@as_of_option
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["violation", "undetermined", "never"]),
    help="What fails. `undetermined` includes violations.  [default: violation]",
)
@fail_severity_option("The lowest severity that fails.")
@option(
    "--baseline",
    section="What fails",
    metavar="FILE",
    shell_complete=files,
    help="Fail only on findings that are not in this baseline.  [default: the configuration's `baseline`]",
)
@option(
    "--since",
    section="What fails",
    metavar="GITREF",
    help="Fail only on findings that are new since the branch left this commit (the merge base, as in a review).",
)
@option(
    "--since-exact",
    section="What fails",
    metavar="GITREF",
    help="Fail only on findings that are new compared with exactly this commit.",
)
@formats_option("check")
@option(
    "--changed",
    section=OUTPUT,
    metavar="FILE",
    shell_complete=files,
    multiple=True,
    help="Report only findings that this file takes part in. Everything is still judged.",
)
@option(
    "--owner",
    "owners",
    section=OUTPUT,
    metavar="TEAM",
    multiple=True,
    help="List only findings of this owner. Findings of other owners still fail, and are counted.",
)
@option(
    "--codeowners",
    section=OUTPUT,
    is_flag=True,
    help="Also take the owners of a finding from the repository's CODEOWNERS file.",
)
@option(
    "--max-findings",
    section=OUTPUT,
    metavar="N",
    type=click.IntRange(0, MOST_KEPT),
    help="List at most this many findings, the worst first, and count the others.  [default: 50000]",
)
@option("--quiet", section=OUTPUT, is_flag=True, help="Report only findings that fail.")
@option(
    "--statistics",
    section=OUTPUT,
    is_flag=True,
    help="Also show the results of each rule, and how long each step took.",
)
@option("--verbose", section=OUTPUT, is_flag=True, help="Show all tests and facts behind each finding, ungrouped.")
@option("--assumptions", section=OUTPUT, is_flag=True, help="List the defaults that verdicts depend on.")
@no_color_option
@option(
    "--no-cache",
    section=OTHER,
    is_flag=True,
    help="Run the check even if nothing has changed, and store nothing.",
)
@option(
    "--show-config",
    section=OUTPUT,
    is_flag=True,
    help="Print the configuration and where each value comes from, and judge nothing.",
)
@timeout_option
def check(
    *,
    manifests: tuple[str, ...],
    tables: tuple[str, ...],
    engine: str,
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
    owners: tuple[str, ...],
    codeowners: bool,
    max_findings: int | None,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    assumptions: bool,
    no_color: bool,
    show_config: bool,
    no_cache: bool,
) -> int:
    """Check declared flows against a policy.

    MANIFEST is a file, a glob, `-` for standard input, or a folder, which means its privacy.yaml and *.privacy.yaml files
    at any depth (also .yml and .json), or a file from another tool that `import` knows. Without one, the configuration's
    `manifests` apply.

    Exit code 0: nothing fails; 1: findings fail; 2: the input or the call is wrong, and nothing is judged.
    """
    from privacy_rules.cli.check_call import Call, judged
    from privacy_rules.cli.inputs import STDIN, configured, refuse_outside
    from privacy_rules.configuration.load import formats_configured

    wanted = outputs(formats)
    if (
        no_cache
        or engine != "local"
        or since
        or since_exact
        or changed
        or owners
        or codeowners
        or statistics
        or show_config
    ):
        observations.stop()
    if not formats:
        report_errors_to(map(Output.of, formats_configured(Path.cwd())))
    settings = configured()
    if show_config:
        from privacy_rules.cli.show_config import shown_config

        say(shown_config(settings, click.get_current_context()))
        return 0
    if not formats:
        wanted = outputs(settings.format)
        refuse_outside(settings, "format", [each.file for each in wanted if each.file])
    if not settings.cache or settings.statistics or STDIN in manifests or any(each.file for each in wanted):
        observations.stop()
    references = {"--baseline": baseline, "--since": since, "--since-exact": since_exact}
    _refuse_tables(engine, tables, compared=bool(since or since_exact))
    given = [f"`{name}`" for name, value in references.items() if value is not None]
    if len(given) > 1:
        message = f"{' and '.join(given)} cannot be combined: each says what to compare with"
        raise InputError([Diagnostic(codes.USAGE, message, help="give only one of them")])
    if max_findings is not None:
        selecting = {"--changed": changed, "--owner": owners, "--codeowners": codeowners, "baseline": settings.baseline}
        _refuse_with_all({**references, **selecting})
    call = Call(
        settings,
        manifests,
        policies,
        rules,
        as_of,
        baseline,
        since,
        since_exact,
        changed or None,
        owners,
        codeowners,
        tables=tables,
        engine=engine,
        each_way=any(each.name == "json" for each in wanted),
        most=MOST_KEPT if max_findings is None else max_findings,
    )
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
        verbose=verbose,
        assumptions=assumptions,
        paths=paths_in_repository(),
        estate=identity(folder_from_top(settings.folder), report.names),
    )
    with call.stages.stage("reporting"):
        in_file = replace(view, colour=False, plain=False)
        texts = [(each, each.format.render(report, in_file if each.file else view)) for each in wanted]
    write_outputs(texts)
    if view.statistics:
        print_lines(call.stages.summary(), error=True)
    failing = len(report.failing_others(fails))
    if failing:
        verb = "fails" if failing == 1 else "fail"
        print_lines(
            f"{counted(failing, 'finding')} of other owners {verb} the check; without `--owner` all are listed",
            error=True,
        )
    code = FAILS if report.fails(fails) else 0
    print_lines(*recording.store(code), error=True)
    return code


def _refuse_tables(engine: str, tables: Sequence[str], *, compared: bool) -> None:
    """Raises InputError if an engine has no tables to judge, or tables are to be compared with a commit."""
    if engine != "local" and not tables:
        help_ = "name the tables with `--tables`"
        raise InputError([Diagnostic(codes.USAGE, f"`--engine {engine}` judges tables only", help=help_)])
    if tables and compared:
        message = "`--tables` cannot be combined with a commit to compare with"
        help_ = "name `.parquet` or `.duckdb` files as manifests, or in an `include`"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])


def _refuse_with_all(others: Mapping[str, object]) -> None:
    """Raises InputError if an option is given that needs all findings, not only the worst."""
    given = next((name for name, value in others.items() if value), None)
    if given:
        message = f"`--max-findings` cannot be combined with `{given}`, which needs all findings"
        raise InputError([Diagnostic(codes.USAGE, message, help="leave one of them out")])
