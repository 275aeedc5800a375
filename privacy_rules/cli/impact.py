"""The verb `impact`: what depends on a party, system, flow, contract or category."""

from __future__ import annotations

from datetime import date

import click

from privacy_rules.cli.options import (
    as_of_option,
    format_option,
    manifest_option,
    no_color_option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for
from privacy_rules.reports.registry import render


@verb("impact contract:mail-terms --manifest estate.yaml")
@click.argument("thing", metavar="KIND:ID")
@manifest_option
@policy_option
@as_of_option
@format_option("impact")
@no_color_option
@timeout_option
def impact(
    *,
    thing: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Show what depends on a party, system, flow, contract or category.

    KIND is party, system, flow, contract or category. The report shows what it touches, where its data comes from and goes
    to, which rules apply to that, and what would change without it, as `what-if --remove` would. Waived findings are
    marked. For a category, the rules and parties to which a path follows it count as well.

    Exit code 0, whatever would change; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.inputs import configured, day_of, entity_named, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.simulation.impact import impact as found_for

    settings, stages = configured(), Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, settings)
    policy, estate = inputs.policy.with_severities(settings.severity), inputs.estate
    known = {
        "party": estate.parties,
        "system": estate.systems,
        "flow": estate.flows,
        "contract": estate.contracts,
        "category": policy.taxonomy("data").index,
    }
    kind, name = entity_named(thing, known, "party:mailer")
    with stages.stage("judging"):
        found = found_for(policy, estate, day_of(inputs, settings, as_of), kind, name)
    output.write(render("impact", output.name, found, view_for(settings, output, no_color=no_color)))
    return 0
