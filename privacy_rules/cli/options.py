"""Command-line parts that verbs share: the form of their help, their options, and how values are read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from privacy_rules.cli.report_output import Output, errors_to, report_errors_to, wanted_for_errors
from privacy_rules.cli.shell_completion import files, rule_names
from privacy_rules.reports.registry import DOCUMENTS, wrong_format
from privacy_rules.source.diagnostic import InputError
from privacy_rules.vocabulary.values import read_date

WRONG_INPUT = 2
MOST_SECONDS = 10_000_000
"""The longest time limit: timers of some systems take no more."""
INPUT, OPTIONS, OUTPUT, OTHER = "Input", "Options", "Output", "Other"
"""Sections of the help that several verbs have. Sections of a verb's own come between the input and the output."""
_RANGE = re.compile(r"  \[[^\[]*x[<>][^\[]*\]$")
"""The range of a number, as click appends it to the help."""
_POLICY = "policy"
"""The argument of verbs that work only on policies."""
_MAPS = "maps"
_KIND = re.compile(r"[a-z]{2,}:")
_WIDTH = 28
"""The width of the column with the options, in characters."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Option(click.Option):
    """An option that is listed in a section of the help, and that says there if it may be repeated."""

    def __init__(self, *args: Any, section: str = OPTIONS, once: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.section = section
        self._repeatable = self.multiple and not once

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, as click makes them."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        words, bracket, default = _RANGE.sub("", record[1]).partition("  [")
        return record[0], f"{words}{' May be repeated.' if self._repeatable else ''}{bracket}{default}"


class Verb(click.Command):
    """A verb: it reports its errors in the formats that the call asks for, and its help lists options by section."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of a call. A policy among the arguments counts as one after `--policy`."""
        if any("--policy" in each.opts for each in self.params):
            args = _policies_as_options(self, ctx, args)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what a shell offers: after the verb's own arguments, a policy may follow."""
        found = super().shell_complete(ctx, incomplete)
        takes_policy = any("--policy" in each.opts for each in self.params)
        return found or (files(ctx, self.params[0], incomplete) if takes_policy else [])

    def invoke(self, ctx: click.Context) -> int:
        """Run the verb and return the exit code."""
        try:
            return int(super().invoke(ctx) or 0)
        except InputError as error:
            errors_to(wanted_for_errors(ctx), error.diagnostics)
            return WRONG_INPUT

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {INPUT: []}
        for each in self.get_params(ctx):
            record = each.get_help_record(ctx) if isinstance(each, click.Option) else None
            if record:
                sections.setdefault(each.section if isinstance(each, Option) else OTHER, []).append(record)
        for last in (OUTPUT, OTHER):
            sections[last] = sections.pop(last, [])
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl([(flags.ljust(_WIDTH), words) for flags, words in records], col_max=_WIDTH)


def verb(*examples: str, name: str | None = None, cls: type[Verb] = Verb) -> Callable[[Callable[..., int]], Verb]:
    """Make a function the command of a verb. Its docstring is the help, which ends with the examples."""
    title = "Example" if len(examples) == 1 else "Examples"
    lines = "".join(f"\n  privacy-rules {each}" for each in examples)
    return click.command(name, cls, epilog=f"\b\n{title}:{lines}")


def option(*flags: str, section: str = OPTIONS, **more: Any) -> Callable[[_Command], _Command]:
    """An option of a verb, in a section of its help; the rest as for `click.option`."""
    return click.option(*flags, cls=Option, section=section, **more)


def save_option(what: str) -> Callable[[_Command], _Command]:
    """`--save FILE`."""
    return option("--save", metavar="FILE", section=OUTPUT, shell_complete=files, help=what)


# ---- input


def manifests_argument(command: _Command) -> _Command:
    """`[MANIFEST]...`, and `--map MAP`."""
    return click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, shell_complete=files)(map_option(command))


def policies_argument(command: _Command) -> _Command:
    """`[POLICY]...`: each is passed on as `--policy`."""
    named = click.argument(_POLICY, metavar="[POLICY]...", nargs=-1, shell_complete=files, expose_value=False)(command)
    return _policy_option("The same as POLICY.")(named)


def manifest_option(command: _Command) -> _Command:
    """`--manifest MANIFEST`, repeatable, for verbs whose arguments are something else; and `--map MAP`."""
    return option(
        "--manifest",
        "manifests",
        section=INPUT,
        metavar="MANIFEST",
        multiple=True,
        shell_complete=files,
        help="A manifest: a file, a glob, a folder, or `-` for standard input.  [default: the configuration's `manifests`]",
    )(map_option(command))


def tables_option(command: _Command) -> _Command:
    """`--tables PATH`, repeatable."""
    return option(
        "--tables",
        section=INPUT,
        metavar="PATH",
        multiple=True,
        shell_complete=files,
        help="A folder or a file with the tables flows, systems, parties and contracts: Parquet, DuckDB, JSON lines or CSV.",
    )(command)


def map_option(command: _Command) -> _Command:
    """`--map MAP`, repeatable. `called_maps` returns what the call gives."""
    return option(
        "--map",
        _MAPS,
        section=INPUT,
        expose_value=False,
        callback=_keep_maps,
        metavar="MAP",
        multiple=True,
        shell_complete=files,
        help="What the words of files from other tools mean. If several have an entry for a word, the first takes precedence.  [default: the configuration's `map`]",
    )(command)


def called_maps() -> tuple[Path, ...]:
    """Return the files that the call names by `--map`."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_MAPS, ()) if context else ()


def _keep_maps(context: click.Context, _: click.Parameter, maps: tuple[str, ...]) -> None:
    context.meta[_MAPS] = tuple(map(Path, maps))


def policy_option(command: _Command) -> _Command:
    """`--policy FILE`, repeatable."""
    default = "[default: the configuration's `policy`, else the manifest's own `policy`]"
    return _policy_option(f"A policy file. An argument that ends in .privacy also names one.  {default}")(command)


def _policy_option(help_: str) -> Callable[[_Command], _Command]:
    return option(
        "--policy",
        "policies",
        section=INPUT,
        metavar="FILE",
        multiple=True,
        shell_complete=files,
        help=help_,
    )


def _policies_as_options(command: Verb, ctx: click.Context, args: Sequence[str]) -> list[str]:
    """The words of a call with each argument that is a policy as `--policy=FILE`, in front.

    Raises UsageError if there are such arguments, and `--policy` names something else.
    """
    arguments = _arguments(command, ctx, args)
    all_are = any(each.name == _POLICY for each in command.params)
    found = {at: args[at] for at in arguments if all_are or _names_policy(args[at])}
    if not found:
        return list(args)
    options = [word.partition("=")[2] for word in args if word.startswith("--policy=")]
    options += [after for at, (word, after) in enumerate(pairwise(args)) if word == "--policy" and at not in arguments]
    if options and set(map(os.path.abspath, options)) != set(map(os.path.abspath, found.values())):
        named = " and ".join(", ".join(f"`{each}`" for each in words) for words in (found.values(), options))
        message = f"the arguments and `--policy` name different policies, {named}; name all files as arguments, or all with `--policy`"
        raise click.UsageError(message, ctx)
    more = [] if options else [f"--policy={word}" for word in found.values()]
    return [*more, *(word for at, word in enumerate(args) if at not in found)]


def _arguments(command: Verb, ctx: click.Context, args: Sequence[str]) -> Collection[int]:
    """The places of the words that are neither options nor their values."""
    options = (each for each in command.get_params(ctx) if isinstance(each, click.Option))
    takes_value = {flag for each in options if not (each.is_flag or each.count) for flag in each.opts}
    found, at = set[int](), 0
    while at < len(args):
        word = args[at]
        if word == "--":
            return found | set(range(at + 1, len(args)))
        if word == "-" or not word.startswith("-"):
            found.add(at)
        at += 2 if word in takes_value else 1
    return found


def _names_policy(word: str) -> bool:
    """Whether an argument is a policy file, rather than a folder with such a name or `KIND:ID`."""
    return Path(word).suffix == ".privacy" and not _KIND.match(word) and not Path(word).is_dir()


def as_of_option(command: _Command) -> _Command:
    """`--as-of DATE`, as a date."""
    return day_option(
        "Judge on this day, such as 2026-11-01.  [default: the configuration's `as-of`, else the manifest's `as_of`, else today]"
    )(command)


def group_by_option(command: _Command) -> _Command:
    """`--group-by ATTRIBUTE`, repeatable."""
    return option(
        "--group-by",
        section=OUTPUT,
        metavar="ATTRIBUTE",
        multiple=True,
        help="Group systems by an attribute: owner, tag, zone, country or one that the policy declares. Repeat it to nest groups.  [default: party]",
    )(command)


def day_option(help_: str, *flags: str) -> Callable[[_Command], _Command]:
    """An option that takes a day; `--as-of DATE` by default."""
    return option(*(flags or ("--as-of",)), section=INPUT, callback=_day, metavar="DATE", help=help_)


def rule_option(help_: str) -> Callable[[_Command], _Command]:
    """`--rule NAME`, repeatable."""
    return option(
        "--rule", "rules", section=INPUT, metavar="NAME", multiple=True, shell_complete=rule_names, help=help_
    )


def fail_severity_option(help_: str) -> Callable[[_Command], _Command]:
    """`--fail-severity`."""
    return option(
        "--fail-severity",
        section="What fails",
        type=click.Choice(["error", "warning", "note"]),
        help=f"{help_}  [default: error]",
    )


# ---- output


def formats_option(
    document: str,
    *flags: str,
    help_: str = "The format of the report, on standard output or in FILE.",
    section: str = OUTPUT,
) -> Callable[[_Command], _Command]:
    """`--format F[=FILE]`, repeatable: the formats of a document; the first is the default."""
    known = DOCUMENTS[document]

    def read(ctx: click.Context, _: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
        for value in values:
            _refuse_format(value, known)
        if not flags:
            report_errors_to((Output.of(value, document) for value in values), ctx)
        return tuple(values)

    return option(
        *(flags or ("--format", "formats")),
        section=section,
        multiple=True,
        callback=read,
        metavar="|".join(known) + "[=FILE]",
        shell_complete=lambda _, __, begun: [each for each in known if each.startswith(begun)],
        help=f"{help_}  [default: {known[0]}]",
    )


def format_option(
    document: str, *formats: str, help_: str = "The format of the report, on standard output or in FILE."
) -> Callable[[_Command], _Command]:
    """`--format F[=FILE]`, once: the formats of a document; the first is the default. The value is an `Output`."""
    known = formats or DOCUMENTS[document]

    def read(ctx: click.Context, _: click.Parameter, values: Sequence[str]) -> Output:
        if len(values) > 1:  # the last one would silently take the place of the others
            raise click.BadParameter("it is given twice, and this verb writes one format at a time")
        value = values[0] if values else known[0]
        _refuse_format(value, known)
        output = Output.of(value, document)
        report_errors_to([output], ctx)
        return output

    return option(
        "--format",
        "output",
        section=OUTPUT,
        multiple=True,
        once=True,
        callback=read,
        metavar="|".join(known) + "[=FILE]",
        shell_complete=lambda _, __, begun: [each for each in known if each.startswith(begun)],
        help=f"{help_}  [default: {known[0]}]",
    )


def _refuse_format(value: str, known: Sequence[str]) -> None:
    wrong = wrong_format(value, known)
    if wrong:
        raise click.BadParameter(wrong)


def patch_option(help_: str) -> Callable[[_Command], _Command]:
    """`--patch FILE`."""
    return option(
        "--patch",
        "patch_file",
        section=OUTPUT,
        metavar="FILE",
        shell_complete=files,
        help=f"{help_} `-` writes it to standard output, and nothing else.",
    )


def no_color_option(command: _Command) -> _Command:
    """`--no-color`."""
    return option(
        "--no-color", section=OUTPUT, is_flag=True, help="Write no colours. The variable NO_COLOR does the same."
    )(command)


# ---- other


def timeout_option(command: _Command) -> _Command:
    """`--timeout SECONDS`: after this time, the whole run ends with E310."""
    return option(
        "--timeout",
        section=OTHER,
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        expose_value=False,
        callback=_limit_time,
        help="Give up after this time, with exit code 2 and nothing written.  [default: no limit]",
    )(command)


def _limit_time(ctx: click.Context, _: click.Parameter, seconds: float | None) -> None:
    if seconds is None or ctx.resilient_parsing:
        return
    if not seconds <= MOST_SECONDS:
        raise click.BadParameter(f"`{seconds:g}` is not a number of seconds up to {MOST_SECONDS:,}")
    from privacy_rules.source.time_limit import begin

    begin(seconds)


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    day = None if value is None else read_date(value)
    if value is not None and day is None:
        raise click.BadParameter(f"`{value}` is not a day such as 2026-11-01")
    return day
