"""The verb `forecast`: the days on which a verdict will change with nothing edited."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import (
    as_of_option,
    day_of,
    no_color_option,
    one_format_option,
    policy_option,
    timeout_option,
)
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.reports.registry import DOCUMENTS, render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

WRONG_INPUT = 2
_YEAR = timedelta(days=365)


@click.command(epilog="\b\nExample:\n  privacy-rules forecast estate.yaml --until 2027-12-31 --format ical=privacy.ics")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, type=click.Path())
@policy_option
@click.option("--until", callback=day_of, metavar="DATE", help="The last day looked at.  [default: a year on]")
@as_of_option
@timeout_option
@one_format_option(DOCUMENTS["forecast"])
@no_color_option
def forecast(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    until: date | None,
    as_of: date | None,
    format_: str,
    no_color: bool,
) -> int:
    """Tell the days on which a verdict will change.

    With nothing edited: contracts start and end, rules begin and cease to apply, waivers expire. At most 50,000 changes
    are shown: the day with the first one too many is the last. Exit code 0, whatever changes; 2 if the input or the call
    is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.reports.forecast import Forecast
    from privacy_rules.simulation.forecast import forecast as found_for

    name, _, file = format_.partition("=")
    try:
        settings = configured()
        stages = Stages()
        with stages.stage("reading"):
            inputs = read(manifests, policies, settings)
        start = as_of or settings.as_of or inputs.estate.as_of or engine.today()
        end = until or (start + _YEAR if start < date.max - _YEAR else date.max)
        if end <= start:
            message, help_ = f"`--until {end}` is not after {start}, from which on it looks", "`--as-of` sets the start"
            raise InputError([Diagnostic(codes.USAGE, message, help=help_)])
        with stages.stage("looking ahead"):
            days = found_for(inputs.policy.with_severities(settings.severity), inputs.estate, start, end)
        view = view_of_output(colour=not (no_color or settings.no_color), in_file=bool(file))
        told = render("forecast", name, Forecast(days, start, end), view)
        if file:
            write([report_in(Path(file), told)])
        else:
            say(told)
    except InputError as error:
        errors_to(outputs(["json" if name == "json" and not file else "text"]), error.diagnostics)
        return WRONG_INPUT
    return 0
