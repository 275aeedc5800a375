"""Options that several verbs share, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import click

from privacy_rules.cli.shell_completion import files
from privacy_rules.reports.registry import DOCUMENTS, wrong_format
from privacy_rules.vocabulary.values import read_date

MOST_SECONDS = 10_000_000
"""The longest time limit: timers of some systems take no more."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def policy_option(command: _Command) -> _Command:
    """`--policy FILE`, repeatable."""
    return click.option(
        "--policy",
        "policies",
        metavar="FILE",
        multiple=True,
        shell_complete=files,
        help="A policy file; may be repeated. Wins over the configuration and the manifest's own `policy`.",
    )(command)


def as_of_option(command: _Command) -> _Command:
    """`--as-of DATE`, as a date."""
    return click.option(
        "--as-of",
        callback=day_of,
        metavar="DATE",
        help="The day to judge on; wins over the manifest's `as_of`. Without either: today.",
    )(command)


def day_option(help_: str) -> Callable[[_Command], _Command]:
    """`--as-of DATE`, for verbs that read no manifest: the day is another one there."""
    return click.option("--as-of", callback=day_of, metavar="DATE", help=help_)


def formats_option(
    document: str, name: str = "--format", help_: str = "How to report"
) -> Callable[[_Command], _Command]:
    """`--format F[=FILE]`, repeatable; each value is known to name a format of the document."""
    formats = DOCUMENTS[document]

    def known(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
        for value in values:
            wrong = wrong_format(value, formats)
            if wrong:
                raise click.BadParameter(wrong)
        return tuple(values)

    return click.option(
        name,
        f"{name.removeprefix('--').replace('-', '_')}s",
        multiple=True,
        callback=known,
        metavar="|".join(formats) + "[=FILE]",
        shell_complete=lambda _, __, begun: [each for each in formats if each.startswith(begun)],
        help=f"{help_}, to standard output or to FILE; may be repeated.  [default: {formats[0]}]",
    )


def plain_format_option(document: str) -> Callable[[_Command], _Command]:
    """`--format F`, a format of the document, to standard output."""
    formats = DOCUMENTS[document]
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        help=f"How to report.  [default: {formats[0]}]",
    )


def one_format_option(formats: Sequence[str], help_: str = "How to report.") -> Callable[[_Command], _Command]:
    """`--format F[=FILE]`, once: a second one would silently take the place of the first. The first format is the default."""

    def only(_: click.Context, __: click.Parameter, values: Sequence[str]) -> str:
        if len(values) > 1:
            raise click.BadParameter("it is given twice: this verb reports in one format at a time")
        value = values[0] if values else formats[0]
        if wrong := wrong_format(value, formats):
            raise click.BadParameter(wrong)
        return value

    return click.option(
        "--format",
        "format_",
        multiple=True,
        callback=only,
        metavar="|".join(formats) + "[=FILE]",
        help=f"{help_}  [default: {formats[0]}]",
    )


def timeout_option(command: _Command) -> _Command:
    """`--timeout SECONDS`: the whole run ends with E310 when they are over."""
    return click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        expose_value=False,
        callback=_limit_time,
        help="Give up after so many seconds, with exit code 2 and nothing written.  [default: no limit]",
    )(command)


def no_color_option(command: _Command) -> _Command:
    """`--no-color`."""
    return click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR set.")(command)


def _limit_time(ctx: click.Context, _: click.Parameter, seconds: float | None) -> None:
    if seconds is None or ctx.resilient_parsing:
        return
    if not seconds <= MOST_SECONDS:
        raise click.BadParameter(f"`{seconds:g}` is not a number of seconds up to {MOST_SECONDS:,}")
    from privacy_rules.source.time_limit import begin

    begin(seconds)


def day_of(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """The day that an option's value means. Raises BadParameter where it means none."""
    if value is None:
        return None
    found = read_date(value)
    if found is None:
        raise click.BadParameter(f"`{value}` is no day, such as 2026-11-01")
    return found
