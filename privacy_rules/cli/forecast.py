"""The verb `forecast`: the days on which a verdict will change although nobody edits anything."""

from __future__ import annotations

from datetime import date, timedelta

from privacy_rules.cli.options import (
    INPUT,
    as_of_option,
    day_option,
    format_option,
    manifests_argument,
    no_color_option,
    option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for
from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

_YEAR = timedelta(days=365)


@verb("forecast estate.yaml --until 2027-12-31 --format ical=privacy.ics")
@manifests_argument
@policy_option
@as_of_option
@day_option("The last day of the forecast.  [default: a year after the first]", "--until")
@option(
    "--changes",
    "change_file",
    section=INPUT,
    metavar="FILE",
    shell_complete=files,
    help="Apply the changes in this file first, as `what-if` does.",
)
@format_option("forecast")
@no_color_option
@timeout_option
def forecast(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    until: date | None,
    as_of: date | None,
    change_file: str | None,
    output: Output,
    no_color: bool,
) -> int:
    """Show the days on which a verdict will change.

    Verdicts change although nobody edits anything: contracts start and end, rules start and cease to apply, waivers expire.
    At most 20,000 changes are shown. On the day that exceeds this limit, the remaining changes are only counted, and the forecast ends.

    MANIFEST is as for `check`. Exit code 0, whatever changes; 2: the input or the call is wrong.
    """
    from privacy_rules.cli.change_files import changed
    from privacy_rules.cli.inputs import configured, day_of, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.reports.forecast import Forecast
    from privacy_rules.simulation.forecast import forecast as found_for
    from privacy_rules.simulation.world import World

    settings, stages = configured(), Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, settings)
    now = World(inputs.policy.with_severities(settings.severity), inputs.estate, day_of(inputs, settings, as_of))
    after = now if change_file is None else changed(now, change_file, settings, day=as_of)
    start = after.day
    end = until or (start + _YEAR if start < date.max - _YEAR else date.max)
    if end <= start:
        message, help_ = f"`--until {end}` is not after the first day, {start}", "`--as-of` sets the first day"
        raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
    with stages.stage("looking ahead"):
        days = found_for(now.policy, after.estate, start, end)
    view = view_for(settings, output, no_color=no_color)
    output.write(render("forecast", output.name, Forecast(days, start, end), view))
    return 0
