"""The command `privacy-rules`: finds the verb, and turns errors into messages and exit codes.

Exit codes: 0 nothing fails, 1 findings fail, 2 the input or the call is wrong, 70 internal error, 130 interrupted,
143 terminated.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.opened_files import begin
from privacy_rules.source.time_limit import OutOfTimeError, end
from privacy_rules.source.words import python_name

WRONG_INPUT, INTERNAL_ERROR, INTERRUPTED, TERMINATED = 2, 70, 130, 143

GROUPS: dict[str, dict[str, str]] = {
    "For engineers": {
        "check": "Check declared flows against a policy.",
        "init": "Write a policy, a manifest and a check in CI to start from.",
        "explain": "Say why a rule judges a subject as it does.",
        "rule": "Show a rule's page: its clauses, its text and its subjects.",
        "baseline": "Record today's findings, so that only new ones fail.",
        "hook": "Check what changed files take part in, for a pre-commit hook.",
    },
    "For policy authors": {
        "lint": "Find likely errors in a policy's rules, without a manifest.",
        "fmt": "Format policy files: one layout, comments kept.",
        "test": "Run policy tests: cases with the findings that they expect.",
        "trace": "Compare rules with the prose, clause by clause.",
        "docs": "Write a policy's rules in plain English.",
        "diff": "Show what changed in a policy, by meaning.",
        "ask": "Answer questions about a policy, about every possible manifest.",
    },
    "For architects": {
        "what-if": "Show which findings a change would add or remove.",
        "impact": "Show what depends on something: who gets its data, which rules apply, and what removing it changes.",
        "forecast": "Show the days on which a verdict will change.",
        "repair": "Find the cheapest changes after which the check passes.",
        "graph": "Draw all flows, or only those near something.",
        "explore": "Explore the flows, and changes to them, on a local web page.",
        "drift": "Compare observed data flows with what manifests declare.",
        "import": "Convert files from other tools into a manifest.",
        "export": "Write the estate in the format of another tool, or as tables.",
    },
    "For data protection officers": {
        "register": "Write a register: processing, vendors, transfers, data map, board.",
        "site": "Write all registers as a static site.",
    },
    "For tools": {
        "schema": "Print a JSON Schema, with which editors check what you type.",
        "lsp": "Serve editors, over standard input and output.",
        "completion": "Print a completion script for a shell.",
    },
}
"""The verbs by their main users, and what each does."""

VERBS: dict[str, str] = {verb: words for group in GROUPS.values() for verb, words in group.items()}
"""Each verb and what it does. Its module in this folder has its name, and so has the command in that module."""
_MEANT = {
    **dict.fromkeys(("validate", "verify", "scan", "run", "eval", "audit"), "check"),
    **dict.fromkeys(("format", "fix"), "fmt"),
    **dict.fromkeys(("diagram", "draw", "plot"), "graph"),
    **dict.fromkeys(("serve", "ui", "view"), "explore"),
    **dict.fromkeys(("simulate", "plan", "whatif"), "what-if"),
    **dict.fromkeys(("new", "setup", "create"), "init"),
    **dict.fromkeys(("doc", "report"), "docs"),
}
"""The names that other tools use for a verb, each with ours."""


class Verbs(click.Group):
    """The verbs. Only the verb that is called is imported, so that help and version start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        name = python_name(cmd_name)
        found = getattr(import_module(f"privacy_rules.cli.{name}"), name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from privacy_rules.source.spelling import did_you_mean

        if not ctx.resilient_parsing and args[0] not in VERBS and not args[0].startswith("-"):
            meant = _MEANT.get(args[0])
            hint = f"write `{meant}`" if meant else did_you_mean(args[0], VERBS) or f"the verbs are {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        width = max(map(len, VERBS))
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(verb.ljust(width), words) for verb, words in verbs.items()])


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from privacy_rules import __version__
        from privacy_rules.source.language_files import language_version

        click.echo(f"privacy-rules {__version__} (rule language {language_version()})")
        ctx.exit()


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  privacy-rules check estate.yaml --policy customers.privacy",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of the tool and the rule language, and exit.",
)
def commands() -> None:
    """Check declared data flows against the rules of a privacy policy."""


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line (by default the process's own), and end the process with its exit code."""
    if arguments is None:
        gc.disable()  # a check keeps what it reads, without reference cycles: collecting takes a tenth of a cold start
    words = list(sys.argv[1:] if arguments is None else arguments)
    begin(words)
    with _orderly_termination():
        sys.exit(_code(words))


@contextmanager
def _orderly_termination() -> Iterator[None]:
    """Let SIGTERM end the process as an interrupt does, so that files are restored and child processes ended.

    If a server handles the signal itself and returns, the exit code is that of a terminated process all the same.
    """
    usual = signal.getsignal(signal.SIGTERM)
    if usual is not signal.SIG_DFL or threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def terminate(_: int, __: FrameType | None) -> NoReturn:
        nonlocal asked
        asked = True
        sys.exit(TERMINATED)

    signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)
        if asked:
            sys.exit(TERMINATED)


def _code(words: list[str]) -> int:
    try:
        return _called(words)
    except OutOfTimeError as error:
        end()
        message = f"gave up after {error.seconds:g} s while {error.doing or f'running `{words[0]}`'}"
        help_ = "allow more time with `--timeout`, or leave something out"
        return _wrong(InputError([Diagnostic(codes.OUT_OF_TIME, message, help=help_)]), words)
    finally:
        end()


def _called(words: list[str]) -> int:
    try:
        return int(commands.main(args=words, prog_name="privacy-rules", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return WRONG_INPUT
    except click.ClickException as error:
        from privacy_rules.cli.usage_errors import as_diagnostic

        return _wrong(InputError([as_diagnostic(error)]), words)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except OSError as error:
        return report_unwritable(error) if _is_clicks(error) else _internal_error(error)
    except Exception as error:  # the last resort
        return _internal_error(error)


def _wrong(error: InputError, words: list[str]) -> int:
    """Report errors of the call itself, or that the time is up, and return the exit code."""
    from privacy_rules.cli.report_output import Output, errors_to
    from privacy_rules.cli.usage_errors import formats_named
    from privacy_rules.reports.registry import document_of

    document = document_of(words[0]) if words and words[0] in VERBS else "check"
    formats = formats_named(words)
    if not formats and words[:1] in (["check"], ["hook"]):
        from privacy_rules.configuration.load import formats_configured

        formats = list(formats_configured(Path.cwd()))
    errors_to((Output.of(each, document) for each in formats), error.diagnostics)
    return WRONG_INPUT


def _is_clicks(error: OSError) -> bool:
    """Return whether click raised an error: it writes the help and the version, and reads or writes nothing else."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith("click.")


def report_unwritable(error: OSError) -> int:
    """Report that click could not write the help or the version: an error of a stream, which has no file name."""
    from privacy_rules.cli.report_output import errors_to, to_nowhere, unwritable

    to_nowhere(sys.stdout)
    errors_to([], unwritable(error).diagnostics)
    return WRONG_INPUT


def _internal_error(error: Exception) -> int:
    if os.environ.get("PRIVACY_RULES_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    message = (
        f"privacy-rules: internal error ({words}); please report it to the project's issue tracker, "
        "with the command, its input if you may share it, and the output with PRIVACY_RULES_DEBUG=1"
    )
    click.echo(visible(message), err=True)
    return INTERNAL_ERROR
