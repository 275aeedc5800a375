"""The verb `schema`: the JSON Schema of manifests, tests, the configuration or findings, for editors and tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from privacy_rules.cli.options import policy_option
from privacy_rules.cli.report_output import errors_to, outputs, say
from privacy_rules.source.diagnostic import Diagnostic, InputError

if TYPE_CHECKING:
    from privacy_rules.language.policy import Policy

WRONG_INPUT = 2


@click.command(
    epilog="\b\nExample:\n  privacy-rules schema manifest --policy customers.privacy > privacy-manifest.schema.json"
)
@click.argument(
    "kind", metavar="manifest|tests|config|findings", type=click.Choice(["manifest", "tests", "config", "findings"])
)
@policy_option
def schema(*, kind: str, policies: tuple[str, ...]) -> int:
    """Print a JSON Schema, by which editors check what is typed.

    Those of manifests and of tests know the terms, attributes and rules of the policy: of --policy, else of the
    configuration's `policy`. Without either, any term and any further attribute is allowed. Exit code 2: the policy or the call is
    wrong, and nothing is printed.
    """
    of_policy = kind in ("manifest", "tests")
    if policies and not of_policy:
        raise click.UsageError(
            "`--policy` says what a manifest may say: it goes with `schema manifest` and `schema tests`"
        )
    try:
        found, warnings = _of_policy(kind, policies) if of_policy else (_of_document(kind), ())
    except InputError as error:
        errors_to(outputs(["text"]), error.diagnostics)
        return WRONG_INPUT
    from privacy_rules.reports.markup.json import dumps

    errors_to(outputs(["text"]), warnings)
    say(dumps(found))
    return 0


def _of_policy(kind: str, policies: tuple[str, ...]) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    from privacy_rules.schemas.manifest import manifest_schema
    from privacy_rules.schemas.tests import schema_of_tests

    policy, warnings = _policy(policies)
    return manifest_schema(policy) if kind == "manifest" else schema_of_tests(policy), warnings


def _policy(policies: tuple[str, ...]) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """The policy of the call, else of the configuration; None where neither names one."""
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, project

    settings = configured()
    files = [Path(each) for each in policies] or list(settings.policy)
    if not files:
        return None, ()
    policy, found = engine.load_policy(files, root=settings.folder, disk=project(settings, *policies))
    if policy is None:
        raise InputError(found)
    return policy, found


def _of_document(kind: str) -> dict[str, Any]:
    from privacy_rules.schemas.documents import config_schema, findings_schema

    return config_schema() if kind == "config" else findings_schema()
