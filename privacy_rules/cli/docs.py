"""The verb `docs`: a policy in plain English."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from privacy_rules.cli.file_output import report_in, write
from privacy_rules.cli.options import day_option, one_format_option, timeout_option
from privacy_rules.cli.report_output import errors_to, outputs, say
from privacy_rules.reports.registry import DOCUMENTS, View, render
from privacy_rules.source.diagnostic import InputError

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules docs customers.privacy --format html=policy.html")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path())
@one_format_option(DOCUMENTS["policy"], "How to write.")
@day_option(
    "The day that the matrix of what may be disclosed is of: by the rules in force on it.  [default: the configuration's `as-of`, else today]"
)
@timeout_option
def docs(*, policies: tuple[str, ...], format_: str, as_of: date | None) -> int:
    """Write a policy's rules in plain English.

    Each rule as sentences with its clauses, what the words mean, and what may be disclosed to whom and for what. Without
    POLICY, the configuration's `policy` holds. Exit code 0, or 2 where the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, policy_paths, project
    from privacy_rules.cli.progress import Stages
    from privacy_rules.english.document import document

    name, _, file = format_.partition("=")
    try:
        settings = configured()
        policy, wrong = engine.load_policy(
            policy_paths(policies, settings), root=settings.folder, disk=project(settings, *policies)
        )
        if policy is None:
            raise InputError(wrong)
        with Stages().stage("writing"):
            found = document(policy.with_severities(settings.severity), as_of or settings.as_of or engine.today())
            told = render("policy", name, found, View())
        if file:
            write([report_in(Path(file), told)])
        else:
            say(told)
    except InputError as error:
        errors_to(outputs(["text"]), error.diagnostics)
        return WRONG_INPUT
    return 0
