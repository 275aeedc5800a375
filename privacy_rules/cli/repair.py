"""The verb `repair`: the cheapest change sets after which the check passes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import as_of_option, no_color_option, plain_format_option, policy_option
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.cli.shell_completion import files, rule_names
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.reports.registry import render
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.entity_ref import kind_and_id

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.engine import Inputs
    from privacy_rules.language.policy import Severity
    from privacy_rules.repair.costs import Costs
    from privacy_rules.repair.offers import Offer
    from privacy_rules.repair.trial import Wanted

NO_OFFER, WRONG_INPUT = 1, 2
STDOUT = "-"

KINDS = tuple(each.value for each in MoveKind)


@click.command(epilog="\b\nExample:\n  privacy-rules repair estate.yaml --forbid cut-flow --write repair.yaml")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=files)
@policy_option
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "undetermined"]),
    help="What is to be mended; undetermined includes violations.  [default: violation]",
)
@click.option(
    "--fail-severity",
    type=click.Choice(["error", "warning", "note"]),
    help="The lowest severity that is to be mended.  [default: error]",
)
@click.option(
    "--rule",
    "rules",
    metavar="NAME",
    multiple=True,
    shell_complete=rule_names,
    help="Mend what this rule finds only; may be repeated.",
)
@click.option(
    "--allow", "allowed", type=click.Choice(KINDS), multiple=True, help="Make moves of this kind only; may be repeated."
)
@click.option(
    "--forbid", "forbidden", type=click.Choice(KINDS), multiple=True, help="Make no move of this kind; may be repeated."
)
@click.option("--limit", type=click.IntRange(1, 100), default=3, help="How many offers at most.  [default: 3]")
@click.option(
    "--timeout", type=click.FloatRange(0), default=8.0, metavar="SECONDS", help="How long to seek.  [default: 8]"
)
@as_of_option
@plain_format_option("repair")
@click.option("--write", "file", metavar="FILE", type=click.Path(), help="Write the best offer as a change set, too.")
@click.option(
    "--patch",
    "patch_file",
    metavar="FILE",
    type=click.Path(),
    help="Write the best offer as a patch to the manifests, too, for `git apply`; `-`: to standard output, and tell nothing else.",
)
@no_color_option
def repair(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    fail_on: FailOn | None,
    fail_severity: Severity | None,
    rules: tuple[str, ...],
    allowed: tuple[str, ...],
    forbidden: tuple[str, ...],
    limit: int,
    timeout: float,
    as_of: date | None,
    format_: Literal["text", "json", "markdown"],
    file: str | None,
    patch_file: str | None,
    no_color: bool,
) -> int:
    """Tell the cheapest changes after which the check passes.

    Each offer has been checked, and nothing of it can be left out. Costs go by the kind of a move, or by what it
    touches: `costs` of the configuration. What is not declared is asked, and never offered to be written down.
    Exit code 0: nothing fails or an offer mends all, 1: none does, 2: the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.check_call import refuse_idle
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.cli.patches import print_patch
    from privacy_rules.cli.progress import Stages
    from privacy_rules.repair.offers import repair as found_for

    if not isfinite(timeout):
        raise click.BadParameter("`--timeout` is a number of seconds")
    try:
        settings = configured()
        inputs = read(manifests, policies, settings, keep=patch_file is not None)
        policy = inputs.policy.with_severities(settings.severity)
        day = as_of or settings.as_of or inputs.estate.as_of or engine.today()
        wanted = _wanted(settings, inputs, fail_on, fail_severity, rules)
        refuse_idle(inputs, rules, day)
        costs = _costs(settings, allowed, forbidden)
        with Stages().stage("looking for repairs"):
            found = found_for(policy, inputs.estate, day, costs, wanted, limit=limit, seconds=timeout)
        patch = _patch(inputs, found.offers[0]) if patch_file is not None and found.offers else ""
        if found.offers:
            sets = [] if file is None else [report_in(Path(file), _change_set(found.offers[0], as_of))]
            patches = [] if patch_file is None or patch_file == STDOUT else [report_in(Path(patch_file), patch)]
            write([*sets, *patches])
            if patch_file == STDOUT:
                print_patch(patch)
    except InputError as error:
        errors_to(outputs(["json" if format_ == "json" else "text"]), error.diagnostics)
        return WRONG_INPUT
    if patch_file == STDOUT and found.offers:
        return 0 if found.passes else NO_OFFER
    say(render("repair", format_, found, view_of_output(colour=not (no_color or settings.no_color))))
    return 0 if found.passes else NO_OFFER


def _change_set(offer: Offer, as_of: date | None) -> str:
    """An offer as a change set, which `what-if` takes."""
    from privacy_rules.reports.change_set import as_yaml
    from privacy_rules.reports.repair.text import heading

    return as_yaml(_dated(offer.changes, as_of), heading(offer))


def _patch(inputs: Inputs, offer: Offer) -> str:
    """An offer as a patch to the manifests. Raises InputError if it cannot be one."""
    from privacy_rules.cli.patches import patch_of
    from privacy_rules.reports.repair.text import heading
    from privacy_rules.simulation.change_set import changes_from_data

    changes, wrong = changes_from_data(offer.changes, inputs.policy)
    if changes is None:
        raise InputError(wrong)
    return patch_of(inputs, changes, heading(offer))


def _wanted(
    settings: Configuration,
    inputs: Inputs,
    fail_on: FailOn | None,
    fail_severity: Severity | None,
    rules: Collection[str],
) -> Wanted:
    """What is to be mended, as `check` of the same configuration fails. Raises InputError where a rule is unknown."""
    from privacy_rules import engine
    from privacy_rules.cli.check_call import read_baseline
    from privacy_rules.repair.trial import Wanted

    wrong = [each for name in rules for each in engine.unknown_rule(inputs.policy, name)]
    if wrong:
        raise InputError(wrong)
    configured_on = "violation" if settings.fail_on == "never" else settings.fail_on
    fails = Threshold(fail_on or configured_on or "violation", fail_severity or settings.fail_severity or "error")
    accepted = () if settings.baseline is None else tuple(read_baseline(settings.baseline))
    return Wanted(fails, rules or settings.rule or None, accepted)


def _costs(settings: Configuration, allowed: Collection[str], forbidden: Collection[str]) -> Costs:
    """The costs of the configuration, with the kinds that the call leaves."""
    from privacy_rules.repair.costs import Costs

    kinds: list[MoveKind] = [each for each in MoveKind if (not allowed or each in allowed) and each not in forbidden]
    said = {":".join(kind_and_id(each)) if ":" in each else each: price for each, price in settings.costs.items()}
    return Costs(said, kinds)


def _dated(changes: Sequence[Mapping[str, Any]], as_of: date | None) -> Sequence[Mapping[str, Any]]:
    """The changes on the day that the call gives, so that `what-if` weighs them on that."""
    return changes if as_of is None else [{"as_of": as_of}, *changes]
