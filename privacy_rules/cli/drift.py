"""The verb `drift`: compare observed data flows with what manifests declare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.file_output import report_in
from privacy_rules.cli.options import (
    INPUT,
    OUTPUT,
    as_of_option,
    format_option,
    manifests_argument,
    no_color_option,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, paths_in_repository, view_for
from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, required

if TYPE_CHECKING:
    from privacy_rules.configuration.load import Configuration
    from privacy_rules.drift.comparison import Drift
    from privacy_rules.engine import Inputs
    from privacy_rules.manifest.importing.term_map import TermMap

STDOUT = "-"
FAILS = 1


@verb(
    "drift estate.yaml --observed traces.json --fail-on new-recipient",
    "drift --observed links.json --write drift.patch --format markdown=drift.md",
)
@manifests_argument
@option(
    "--observed",
    section=INPUT,
    metavar="FILE",
    multiple=True,
    shell_complete=files,
    help="A file with observations: OTLP JSON traces, Jaeger or Zipkin dependency links, OpenLineage events, or a table of connections.",
)
@policy_option
@as_of_option
@option(
    "--fail-on",
    section="What fails",
    type=click.Choice(["undeclared", "new-recipient"]),
    help="What fails: any undeclared flow, or one to a new recipient.  [default: nothing]",
)
@format_option("drift")
@option(
    "--write",
    "patch_file",
    section=OUTPUT,
    metavar="FILE",
    shell_complete=files,
    help="Also write the undeclared flows as a patch to the manifests. `-` writes it to standard output, and nothing else.",
)
@no_color_option
@timeout_option
def drift(
    *,
    manifests: tuple[str, ...],
    observed: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: date | None,
    fail_on: str | None,
    output: Output,
    patch_file: str | None,
    no_color: bool,
) -> int:
    """Compare observed data flows with what manifests declare.

    Observed names are matched with systems by id, by `aliases`, or by `services` in a map. The report shows flows that no
    manifest declares, with the rules that they break or leave undetermined, as nothing is known about their data; new
    recipients come first. It also shows declared flows that were never observed, and names that match no system. A call
    from one service to another confirms flows in both directions; lineage events show in which direction data flows.

    MANIFEST is as for `check`. Exit code 0; 1: --fail-on applies; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.inputs import configured, day_of, project, read, with_severities
    from privacy_rules.cli.progress import Stages
    from privacy_rules.drift.comparison import compare
    from privacy_rules.drift.observed_files import read_observed
    from privacy_rules.simulation.world import World
    from privacy_rules.source.file_system import LIMIT

    if not observed:
        raise InputError(
            [Diagnostic(codes.USAGE, "no observations are given", help="name a file with `--observed FILE`")]
        )
    settings, stages = configured(), Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, settings, keep=patch_file is not None)
        disk = project(settings, *observed)
        seen = required(*read_observed(list(map(Path, observed)), disk=disk, limit=settings.manifest_limit or LIMIT))
        terms = _terms(settings)
    world = World(with_severities(inputs.policy, settings), inputs.estate, day_of(inputs, settings, as_of))
    with stages.stage("judging"):
        found = required(*compare(seen, world, terms))
    patch = _patch(found, inputs) if patch_file is not None else ""
    if patch_file == STDOUT and not output.file:
        from privacy_rules.cli.patches import print_patch

        print_patch(patch)
    else:
        view = replace(view_for(settings, output, no_color=no_color), paths=paths_in_repository())
        rewriting = [] if patch_file in (None, STDOUT) else [report_in(Path(str(patch_file)), patch)]
        output.write(render("drift", output.name, found, view), rewriting)
    fails = {"undeclared": found.undeclared, "new-recipient": found.new_recipients}
    return FAILS if fail_on is not None and fails[fail_on] else 0


def _terms(settings: Configuration) -> TermMap:
    """The maps of the call, for the names of services. Raises InputError with the errors in them."""
    from privacy_rules.cli.inputs import project
    from privacy_rules.manifest.importing.term_map import TermMap
    from privacy_rules.manifest.importing.work import read_maps
    from privacy_rules.source.file_system import LIMIT
    from privacy_rules.source.spelling import Suggestions

    disk, limit = project(settings), settings.manifest_limit or LIMIT
    read = list(read_maps(settings.map, disk, limit, Suggestions()))
    wrong = [each for _, _, found in read for each in found]
    if wrong:
        raise InputError(wrong)
    return TermMap([file for _, file, _ in read if file is not None])


def _patch(found: Drift, inputs: Inputs) -> str:
    """The undeclared flows as a patch to the manifests. Raises InputError if it cannot be made."""
    from privacy_rules.simulation.manifest_patch import patched

    assert inputs.documents is not None
    made = required(*patched(inputs.documents, inputs.policy, inputs.estate, found.estate))
    return made.text(["flows that were observed but not declared"])
