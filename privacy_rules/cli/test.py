"""The verb `test`: policy tests, what they cover, and which changes of the policy they would not notice."""

from __future__ import annotations

import click

from privacy_rules.cli.options import (
    INPUT,
    OTHER,
    formats_option,
    no_color_option,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output
from privacy_rules.cli.shell_completion import files


@verb("test customers.tests.yaml --coverage", "test --format junit=tests.xml --coverage-min 90")
@click.argument("targets", metavar="[FILE]...", nargs=-1, shell_complete=files)
@policy_option
@option(
    "--case",
    "-k",
    "names",
    section=INPUT,
    metavar="NAME",
    multiple=True,
    help="Run only cases with NAME in their name.",
)
@option(
    "--coverage",
    section="Coverage",
    is_flag=True,
    help="Show which parts of each rule the cases exercise, and which none does.",
)
@formats_option(
    "coverage",
    "--coverage-format",
    "coverage_formats",
    help_="The format of the coverage.",
    section="Coverage",
)
@option(
    "--coverage-min",
    section="Coverage",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    help="Fail if the cases exercise less than this share, from 0 to 100.",
)
@option(
    "--mutate",
    section="Mutations",
    is_flag=True,
    help="Change the policy, one thing at a time, and show which changes no case notices.",
)
@option(
    "--survivors",
    section="Mutations",
    metavar="FILE",
    shell_complete=files,
    help="A list of changes that need not be noticed, each with its reason. Implies --mutate.",
)
@formats_option("policy_tests")
@no_color_option
@option("--watch", section=OTHER, is_flag=True, help="Run again whenever a file changes, until Ctrl+C.")
@timeout_option
def test(
    *,
    targets: tuple[str, ...],
    policies: tuple[str, ...],
    names: tuple[str, ...],
    formats: tuple[str, ...],
    coverage: bool,
    coverage_formats: tuple[str, ...],
    coverage_min: float | None,
    mutate: bool,
    survivors: str | None,
    watch: bool,
    no_color: bool,
) -> int:
    """Run policy tests: cases with the findings that they expect.

    FILE is a test file, or a folder, which means its *.tests.yaml files. Without one, the tests beside the
    configuration run, else those below the working directory.

    Exit code 0: all cases pass; 1: a case fails, the coverage is too low, or a change of the policy is not noticed; 2: the
    input or the call is wrong.
    """
    from privacy_rules.cli.test_run import Request, run_once, run_watching

    request = Request(
        targets,
        policies,
        names,
        [Output.of(each) for each in formats or ("text",)],
        coverage=coverage or bool(coverage_formats) or coverage_min is not None,
        coverage_outputs=[Output.of(each) for each in coverage_formats],
        coverage_min=coverage_min,
        mutate=mutate or survivors is not None,
        survivors=survivors,
        no_color=no_color,
    )
    return run_watching(request) if watch else run_once(request)
