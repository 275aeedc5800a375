"""Turns click's errors about a call into our own diagnostics (E306)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import click

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import lower_first

_SHORT = {"v": "--verbose", "q": "--quiet", "o": "--output", "f": "--format", "p": "--policy", "c": "--config"}
"""Short options of other tools, each with ours."""
_NUMBERS = {"float": "is not a number", "integer": "is not a whole number"}


def as_diagnostic(error: click.ClickException) -> Diagnostic:
    """A click error in our style: lower case, without a full stop."""
    if isinstance(error, click.NoSuchOption):
        return Diagnostic(codes.USAGE, f"there is no option `{error.option_name}`", help=_near(error) or _help(error))
    words = " ".join(error.format_message().split()).rstrip(".").replace("'", "`")
    words = words.replace(". Choose from: ", ": it is one of ")
    words = re.sub(r"is not a valid (float|integer)( range)?$", lambda found: _NUMBERS[found[1]], words)
    return Diagnostic(codes.USAGE, lower_first(words), help=_help(error))


def _near(error: click.NoSuchOption) -> str | None:
    if error.ctx is None:
        return None
    params = error.ctx.command.get_params(error.ctx)
    known = [name for each in params if isinstance(each, click.Option) for name in each.opts]
    plain = error.option_name.lstrip("-")
    for each in params:
        if isinstance(each, click.Argument) and plain in (each.name, (each.name or "").removesuffix("s")):
            return f"it is an argument: leave out `{error.option_name}`"
        if "--format" in each.opts and plain in (each.metavar or "").removesuffix("[=FILE]").split("|"):
            return f"write `--format {plain}`"
    if plain in _SHORT and _SHORT[plain] in known:
        return f"write `{_SHORT[plain]}`"
    return did_you_mean(error.option_name, known)


def _help(error: click.ClickException) -> str | None:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path} --help`" if context else None


def formats_named(words: Sequence[str]) -> list[str]:
    """The formats that a command line names, even if the rest of it is wrong: errors are reported in them as well."""
    found = [word.partition("=")[2] for word in words if word.startswith("--format=")]
    return found + [after for word, after in pairwise(words) if word == "--format"]
