"""The verb `impact`: what depends on something, and who gets its data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from privacy_rules.cli.options import (
    OUTPUT,
    as_of_option,
    format_option,
    manifest_option,
    no_color_option,
    option,
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
@option("--all", "whole", section=OUTPUT, is_flag=True, help="Show long lists in full.")
@format_option("impact")
@no_color_option
@timeout_option
def impact(
    *,
    thing: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
    whole: bool,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Show what depends on something: who gets its data, which rules apply, and what removing it changes.

    KIND is party, system, flow, contract, category, purpose, country, owner or rule. The report shows the flows and systems
    involved. For each category of data, it shows which systems get it and where it comes from, along the paths that rules
    follow, transforms included. Systems of outside parties come first, with the ends of their contracts. The report also
    shows which rules apply, and what would change without the thing, as with `what-if --remove`: which systems no longer
    get or send data, and which findings change. For a category, it includes the rules and parties that a path of a rule
    connects with it.

    Exit code 0, whatever would change; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.inputs import configured, day_of, entity_named, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.simulation.impact import impact as found_for
    from privacy_rules.simulation.neighbours import names_by_kind

    settings, stages = configured(), Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, settings)
    policy, estate = inputs.policy.with_severities(settings.severity), inputs.estate
    kind, name = entity_named(thing, names_by_kind(estate, policy), "party:mailer")
    with stages.stage("judging"):
        found = found_for(policy, estate, day_of(inputs, settings, as_of), kind, name)
    view = replace(view_for(settings, output, no_color=no_color), verbose=whole)
    output.write(render("impact", output.name, found, view))
    return 0
