"""The verb `explain`: why a rule judges a subject as it does, compliant or not."""

from __future__ import annotations

import sys
from datetime import date

import click

from privacy_rules.cli.options import as_of_option, no_color_option, plain_format_option, policy_option
from privacy_rules.cli.output import errors_to, in_colour, is_plain, outputs, say
from privacy_rules.source.diagnostic import InputError

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules explain no_selling crm-to-broker --manifest estate.yaml")
@click.argument("rule")
@click.argument("subject")
@click.option(
    "--manifest", "manifests", metavar="MANIFEST", multiple=True, help="A manifest, as for `check`; may be repeated."
)
@policy_option
@plain_format_option
@as_of_option
@no_color_option
def explain(
    *,
    rule: str,
    subject: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Say why a rule judges a subject as it does.

    SUBJECT is the id that a finding shows. Prints the rule's whole tree, each test with its value and the facts behind it, for compliant subjects too. Exit
    code 0, whatever the verdict; 2 where the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.reports.explanation import as_json, as_text
    from privacy_rules.reports.ink import Ink

    wanted = outputs([format_])
    try:
        settings = configured()
        inputs = read(manifests, policies, settings)
        found, wrong = engine.explain(inputs, rule, subject, day=as_of or settings.as_of)
        if found is None:
            raise InputError(wrong)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    colour = in_colour(sys.stdout, wanted=not (no_color or settings.no_color))
    say(as_json(found) if format_ == "json" else as_text(found, Ink(colour, is_plain(sys.stdout))))
    return 0
