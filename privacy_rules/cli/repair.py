"""The verb `repair`: the cheapest changes after which the check passes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import (
    MOST_SECONDS,
    OTHER,
    OUTPUT,
    as_of_option,
    fail_severity_option,
    format_option,
    manifests_argument,
    no_color_option,
    option,
    patch_option,
    policy_option,
    rule_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for
from privacy_rules.cli.shell_completion import files
from privacy_rules.findings.threshold import FailOn, Threshold
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.reports.registry import render
from privacy_rules.source.diagnostic import refuse, required
from privacy_rules.source.time_limit import begin, end

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.engine import Inputs
    from privacy_rules.language.policy import Severity
    from privacy_rules.repair.costs import Costs
    from privacy_rules.repair.offers import Offer
    from privacy_rules.repair.trial import Wanted

NO_OFFER = 1
STDOUT = "-"
KINDS = tuple(each.value for each in MoveKind)


def _limit_whole(ctx: click.Context, option_: click.Parameter, seconds: float) -> float:
    """Limit the whole call if it gives a time, and only the search if it does not."""
    source = ctx.get_parameter_source(option_.name or "")
    if not isfinite(seconds) or seconds > MOST_SECONDS:
        raise click.BadParameter(f"`{seconds:g}` is not a number of seconds up to {MOST_SECONDS:,}")
    if seconds and source is not ParameterSource.DEFAULT and not ctx.resilient_parsing:
        begin(seconds)
    return seconds


@verb("repair estate.yaml --forbid cut-flow --write repair.yaml")
@manifests_argument
@policy_option
@rule_option("Fix only what this rule finds.")
@as_of_option
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["violation", "undetermined"]),
    help="What must be fixed. `undetermined` includes violations.  [default: violation]",
)
@fail_severity_option("The lowest severity that must be fixed.")
@option(
    "--allow",
    "allowed",
    section="Search",
    metavar="MOVE",
    type=click.Choice(KINDS),
    multiple=True,
    help=f"Use only this kind of move: {', '.join(KINDS)}.",
)
@option(
    "--forbid",
    "forbidden",
    section="Search",
    metavar="MOVE",
    type=click.Choice(KINDS),
    multiple=True,
    help="Do not use this kind of move.",
)
@option(
    "--limit",
    section="Search",
    metavar="N",
    type=click.IntRange(1, 100),
    default=3,
    help="Show at most N offers, up to 100.  [default: 3]",
)
@format_option("repair")
@option(
    "--write",
    "file",
    section=OUTPUT,
    metavar="FILE",
    shell_complete=files,
    help="Also write the best offer as a change set.",
)
@patch_option("Also write the best offer as a patch to the manifests, for `git apply`.")
@no_color_option
@option(
    "--timeout",
    section=OTHER,
    type=click.FloatRange(0),
    default=8.0,
    metavar="SECONDS",
    callback=_limit_whole,
    help="Stop searching after this time, and show the best offers so far. A time that you give includes reading and checking; "
    "if these alone take longer, the exit code is 2.  [default: 8, for the search alone]",
)
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
    output: Output,
    file: str | None,
    patch_file: str | None,
    no_color: bool,
) -> int:
    """Find the cheapest changes after which the check passes.

    Each offer has been checked, and all of its moves are needed. The configuration's `costs` says what a kind of move, or
    a move on one entity, costs. Undeclared facts are asked for first; no offer declares them. If some findings cannot be
    fixed, the report says why, and the offers fix the rest. Each move is shown with its cost, the owner of what it
    changes, and the findings that it fixes.

    MANIFEST is as for `check`. Exit code 0: nothing fails, or an offer fixes everything; 1: no offer fixes everything,
    though one may fix a part; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.check_call import refuse_not_in_force
    from privacy_rules.cli.inputs import configured, day_of, read
    from privacy_rules.cli.patches import print_patch
    from privacy_rules.cli.progress import Stages
    from privacy_rules.repair.offers import repair as found_for

    settings = configured()
    inputs = read(manifests, policies, settings, keep=patch_file is not None)
    policy, day = inputs.policy.with_severities(settings.severity), day_of(inputs, settings, as_of)
    wanted = _wanted(settings, inputs, fail_on, fail_severity, rules)
    refuse_not_in_force(inputs, rules, day)
    with Stages().stage("looking for repairs"):
        costs = _costs(settings, allowed, forbidden)
        found = found_for(policy, inputs.estate, day, costs, wanted, limit=limit, seconds=timeout)
        end()  # what was found in time is shown
    code = 0 if found.passes else NO_OFFER
    best = found.offers[0] if found.offers else None
    patch = _patch(inputs, best) if patch_file is not None and best else ""
    changes = [report_in(Path(file), _change_set(best, as_of))] if file is not None and best else []
    if best and patch_file == STDOUT:
        write(changes)
        print_patch(patch)
        return code
    if best and patch_file is not None:
        changes.append(report_in(Path(patch_file), patch))
    text = render("repair", output.name, found, view_for(settings, output, no_color=no_color))
    output.write(text, changes)
    return code


def _change_set(offer: Offer, as_of: date | None) -> str:
    """An offer as a change set, for `what-if --changes`."""
    from privacy_rules.reports.change_set import as_yaml
    from privacy_rules.reports.repair.text import heading

    return as_yaml(_dated(offer.changes, as_of), heading(offer))


def _patch(inputs: Inputs, offer: Offer) -> str:
    """An offer as a patch to the manifests. Raises InputError if it cannot be made one."""
    from privacy_rules.cli.patches import patch_of
    from privacy_rules.reports.repair.text import heading
    from privacy_rules.simulation.change_set import changes_from_data

    changes = required(*changes_from_data(offer.changes, inputs.policy))
    return patch_of(inputs, changes, heading(offer))


def _wanted(
    settings: Configuration,
    inputs: Inputs,
    fail_on: FailOn | None,
    fail_severity: Severity | None,
    rules: Collection[str],
) -> Wanted:
    """What must be fixed: what fails `check` with the same configuration. Raises InputError if a rule is unknown."""
    from privacy_rules import engine
    from privacy_rules.cli.check_call import read_baseline
    from privacy_rules.repair.trial import Wanted

    refuse([each for name in rules for each in engine.unknown_rule(inputs.policy, name)])
    configured_on = "violation" if settings.fail_on == "never" else settings.fail_on
    fails = Threshold(fail_on or configured_on or "violation", fail_severity or settings.fail_severity or "error")
    accepted = () if settings.baseline is None else tuple(read_baseline(settings.baseline))
    return Wanted(fails, rules or settings.rule or None, accepted)


def _costs(settings: Configuration, allowed: Collection[str], forbidden: Collection[str]) -> Costs:
    """The configured costs, and the kinds of moves that the call allows."""
    from privacy_rules.repair.costs import configured_costs

    kinds = [each for each in MoveKind if (not allowed or each in allowed) and each not in forbidden]
    return configured_costs(settings.costs, kinds)


def _dated(changes: Sequence[Mapping[str, Any]], as_of: date | None) -> Sequence[Mapping[str, Any]]:
    """The changes, with the day that the call gives, so that `what-if` judges on the same day."""
    return changes if as_of is None else [{"as_of": as_of}, *changes]
