"""The verb `test`: policy tests, what they cover, and what changes of the policy they would not notice."""

from __future__ import annotations

import click

from privacy_rules.cli.options import formats_option, no_color_option, policy_option, timeout_option
from privacy_rules.cli.shell_completion import files


@click.command(epilog="\b\nExample:\n  privacy-rules test customers.tests.yaml --coverage")
@click.argument("targets", metavar="[FILE]...", nargs=-1, type=click.Path(), shell_complete=files)
@policy_option
@click.option(
    "--case", "-k", "names", metavar="NAME", multiple=True, help="Only cases with NAME in their name; may be repeated."
)
@formats_option("policy_tests")
@click.option("--coverage", is_flag=True, help="Tell what of each rule the cases show, and what none of them does.")
@formats_option("coverage", "--coverage-format", "How to report the coverage")
@click.option(
    "--coverage-min", metavar="PERCENT", type=click.FloatRange(0, 100), help="Fail where the cases show less than that."
)
@click.option("--mutate", is_flag=True, help="Change the policy, bit by bit, and tell which changes no case notices.")
@click.option(
    "--survivors",
    metavar="FILE",
    type=click.Path(),
    help="A list of changes that need not be noticed, each with its reason.",
)
@click.option("--watch", is_flag=True, help="Run again whenever a file of it changes, until ctrl-c.")
@timeout_option
@no_color_option
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
    """Run policy tests: cases with the findings that they must bring.

    FILE is a file of tests or a folder, which means its *.tests.yaml files. Without it, those beside the configuration, else
    those below the working directory. Exit code 0: all cases pass, 1: a case fails, or what is asked beside, 2: the input or
    the call is wrong.
    """
    from privacy_rules.cli.test_run import Asked, run_once, run_watching

    asked = Asked(
        targets,
        policies,
        names,
        formats,
        coverage=coverage or bool(coverage_formats) or coverage_min is not None,
        coverage_formats=coverage_formats,
        coverage_min=coverage_min,
        mutate=mutate or survivors is not None,
        survivors=survivors,
        no_color=no_color,
    )
    return run_watching(asked) if watch else run_once(asked)
