"""The verb `impact`: what rests on a party, system, flow, contract or category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import click

from privacy_rules.cli.options import as_of_option, no_color_option, plain_format_option, policy_option, timeout_option
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import kind_and_id
from privacy_rules.source.spelling import did_you_mean

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules impact contract:mail-terms --manifest estate.yaml")
@click.argument("thing", metavar="KIND:ID")
@click.option(
    "--manifest",
    "manifests",
    metavar="MANIFEST",
    multiple=True,
    type=click.Path(),
    help="A manifest, as for `check`; may be repeated.",
)
@policy_option
@plain_format_option("impact")
@as_of_option
@timeout_option
@no_color_option
def impact(
    *,
    thing: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Tell what rests on a party, system, flow, contract or category.

    KIND is party, system, flow, contract or category. Says what it touches, where data come from and go on to, which
    rules speak of that, and what would change without it: with a party go its systems, their flows and its contracts.
    Of a category, those rules and parties count, too, to which a path of a rule follows it. What comes, goes and changes is
    what `what-if --remove` says; waived findings are marked.
    Exit code 0, whatever would change.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.simulation.impact import impact as found_for

    wanted, stages = outputs([format_]), Stages()
    try:
        settings = configured()
        with stages.stage("reading"):
            inputs = read(manifests, policies, settings)
        policy, estate = inputs.policy.with_severities(settings.severity), inputs.estate
        kind, name = _meant(
            thing,
            {
                "party": estate.parties,
                "system": estate.systems,
                "flow": estate.flows,
                "contract": estate.contracts,
                "category": policy.taxonomy("data").index,
            },
        )
        day = as_of or settings.as_of or estate.as_of or engine.today()
        with stages.stage("judging"):
            found = found_for(policy, estate, day, kind, name)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    say(render("impact", format_, found, view_of_output(colour=not (no_color or settings.no_color))))
    return 0


def _meant(thing: str, known: Mapping[str, Mapping[str, object]]) -> tuple[str, str]:
    """The kind and id that are meant. Raises InputError where there is no such thing."""
    kind, name = kind_and_id(thing)
    if kind not in known:
        meant = next((each for each, names in known.items() if thing in names), None)
        help_ = f"did you mean `{meant}:{thing}`?" if meant else did_you_mean(kind, known)
        help_ = help_ or f"the kinds are {', '.join(known)}, as in `party:mailer`"
        raise InputError([Diagnostic(codes.USAGE, f"`{thing}` is of no kind that is known", help=help_)])
    if not name:
        message = f"`{thing}` names no {kind}"
        raise InputError([Diagnostic(codes.USAGE, message, help=f"add its id, as in `{kind}:ID`")])
    if name not in known[kind]:
        message = f"there is no {kind} `{name}`"
        raise InputError([Diagnostic(codes.UNKNOWN_SUBJECT, message, help=did_you_mean(name, known[kind]))])
    return kind, name
