"""The verb `explore`: a local web page to think with."""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, policy_option
from privacy_rules.cli.report_output import errors_to, tell
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from privacy_rules.web.session import Session

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules explore estate.yaml --policy customers.privacy")
@click.argument("manifests", metavar="[MANIFEST]...", nargs=-1, type=click.Path())
@policy_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on loopback; 0: a free one.  [default: 0]"
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@as_of_option
def explore(
    *, manifests: tuple[str, ...], policies: tuple[str, ...], port: int, no_browser: bool, as_of: date | None
) -> int:
    """Explore the flows, and changes to them, on a local web page.

    Shows what is wrong and why, and what changes would do to it. Serves on loopback alone, until Ctrl+C, to whoever has the address that is printed. Writes no file: what is tried out is kept in the
    browser, and saved as a change set or as a patch to the manifests. Other programs may use the JSON API, which `/openapi.json` describes. Needs the extra `web`.
    """
    try:
        try:
            from privacy_rules.web.server import bound, serve
        except ModuleNotFoundError as error:
            raise _no_extra(error) from error
        session = _session(manifests, policies, as_of)
        gc.enable()  # a server stays; one check, for which it is off, does not
        with suppress(KeyboardInterrupt):  # the way to end it
            serve(session, bound(port), _told, browser=not no_browser)
    except InputError as error:
        errors_to([], error.diagnostics)
        return WRONG_INPUT
    return 0


def _told(address: str) -> None:
    tell(address)
    tell("serving on this machine alone; Ctrl+C ends it", error=True)


def _session(manifests: tuple[str, ...], policies: tuple[str, ...], as_of: date | None) -> Session:
    """What is to be explored, judged once, so that what is wrong with it is told here. Raises InputError."""
    from privacy_rules.cli.check_call import limits
    from privacy_rules.cli.inputs import configured, project, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.web.prose import clauses_of
    from privacy_rules.web.session import Session, Terms

    settings = configured()
    terms = Terms(
        as_of or settings.as_of,
        "call" if as_of else "configuration",
        settings.rule or None,
        settings.severity,
        limits(settings),
    )
    with Stages().stage("reading and judging"):
        inputs = read(manifests, policies, settings, keep=True)
        session = Session(inputs, terms, clauses_of(inputs.policy, project(settings, *manifests, *policies)))
        session.start  # noqa: B018 -- judges
    return session


def _no_extra(error: ModuleNotFoundError) -> InputError | ModuleNotFoundError:
    if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
        return error
    help_ = "install it: `pip install 'privacy-rules[web]'`"
    return InputError([Diagnostic(codes.NO_EXTRA, "the explorer needs the extra `web`", help=help_)])
