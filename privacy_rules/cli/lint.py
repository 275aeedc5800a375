"""The verb `lint`: parses and resolves a policy, with no manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import plain_format_option
from privacy_rules.cli.output import errors_to, outputs, say
from privacy_rules.source.diagnostic import InputError

if TYPE_CHECKING:
    from privacy_rules.language.policy import Policy

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules lint customers.privacy")
@click.argument("policies", metavar="[POLICY]...", nargs=-1, type=click.Path())
@plain_format_option
def lint(*, policies: tuple[str, ...], format_: str) -> int:
    """Parse and resolve a policy, without a manifest.

    Without POLICY, the configuration's `policy` holds. Exit code 0: no mistakes, 2: mistakes, each with its place.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured

    wanted = outputs([format_])
    try:
        settings = configured()
        files = [Path(each) for each in policies] or list(settings.policy)
        if not files:
            raise InputError([engine.no_policy()])
        policy, found = engine.load_policy(files, root=settings.folder)
        if policy is None:
            raise InputError(found)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    errors_to(wanted, found)
    if format_ == "text":
        say(_told(policy))
    return 0


def _told(policy: Policy) -> str:
    rules = f"{len(policy.rules)} {'rule' if len(policy.rules) == 1 else 'rules'}"
    names = ", ".join(rule.name for rule in policy.rules)
    return f"no mistakes in {rules}: {names}\n"
