"""The verb `forecast`: the days on which a verdict will change with nothing edited."""

from __future__ import annotations

import sys
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
from privacy_rules.cli.report_output import errors_to, in_colour, is_plain, outputs, say
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
@one_format_option("text|json|ical", "text", "How to tell.")
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
    from privacy_rules.reports.forecast import as_calendar, as_json, as_text
    from privacy_rules.reports.terminal import Ink
    from privacy_rules.simulation.forecast import forecast as found_for

    name, _, file = format_.partition("=")
    if name not in ("text", "json", "ical") or format_.endswith("="):
        raise click.BadParameter(f"`{format_}` is none of text, json and ical, nor one of them with =FILE")
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
        colour = in_colour(sys.stdout, wanted=not (no_color or settings.no_color)) and not file
        told = {
            "text": lambda: as_text(days, start, end, Ink(colour, is_plain(sys.stdout) and not file)),
            "json": lambda: as_json(days, start, end),
            "ical": lambda: as_calendar(days, start, end),
        }[name]()
        if file:
            write([report_in(Path(file), told)])
        else:
            say(told)
    except InputError as error:
        errors_to(outputs(["json" if name == "json" and not file else "text"]), error.diagnostics)
        return WRONG_INPUT
    return 0
