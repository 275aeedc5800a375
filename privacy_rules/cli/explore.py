"""The verb `explore`: a local web page with the flows, the findings and what changes do to them."""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, group_by_option, manifests_argument, option, policy_option, verb
from privacy_rules.cli.report_output import print_lines
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from privacy_rules.web.session import Session


@verb("explore estate.yaml --policy customers.privacy")
@manifests_argument
@policy_option
@as_of_option
@group_by_option
@option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="The port on this machine; 0 takes a free one.  [default: 7717, or a free one if that is taken]",
)
@option("--no-browser", is_flag=True, help="Print the address, and do not open a browser.")
def explore(
    *,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    port: int | None,
    no_browser: bool,
    group_by: tuple[str, ...],
    as_of: date | None,
) -> int:
    """Explore the flows, and changes to them, on a local web page.

    The page shows what is wrong and why, and what changes would do to it. It is served on this machine only, until Ctrl+C,
    to whoever has the address that is printed. It writes no file: changes stay in the browser, and you can save them as a
    change set or as a patch to the manifests. Other programs can use the JSON API that `/openapi.json` describes.

    It needs the extra `web`: pip install 'privacy-rules[web]'.
    """
    try:
        from privacy_rules.web.server import bound, serve
    except ModuleNotFoundError as error:
        raise _no_extra(error) from error
    session = _session(manifests, policies, as_of, group_by)
    gc.enable()  # a server keeps running; a single check, for which it is off, does not
    with suppress(KeyboardInterrupt):  # the usual way to stop it
        serve(session, bound(port), _announce, browser=not no_browser)
    return 0


def _announce(address: str) -> None:
    print_lines(address)
    print_lines("serving on this machine only; press Ctrl+C to stop", error=True)


def _session(
    manifests: tuple[str, ...], policies: tuple[str, ...], as_of: date | None, group_by: tuple[str, ...]
) -> Session:
    """What is to be explored, judged once, so that errors are reported here. Raises InputError."""
    from privacy_rules.cli.inputs import configured, project, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.drawing.grouping import attributes_for_groups
    from privacy_rules.tracing.prose_loader import clauses_of, prose_of
    from privacy_rules.web.session import Session, Terms

    settings = configured()
    terms = Terms(
        as_of or settings.as_of,
        "call" if as_of else "configuration",
        settings.rule or None,
        settings.severity,
        settings.limits,
        settings.costs,
    )
    with Stages().stage("reading and judging"):
        inputs = read(manifests, policies, settings, keep=True)
        prose = prose_of(inputs.policy, project(settings, *manifests, *policies))
        by = attributes_for_groups(inputs.policy, group_by) if group_by else ()
        session = Session(inputs, terms, clauses_of(prose), group_by=by)
        session.start  # noqa: B018 -- judges
    return session


def _no_extra(error: ModuleNotFoundError) -> InputError | ModuleNotFoundError:
    if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
        return error
    help_ = "install it: `pip install 'privacy-rules[web]'`"
    return InputError([Diagnostic(codes.NO_EXTRA, "the explorer needs the extra `web`", help=help_)])
