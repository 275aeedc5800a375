"""The verb `schema`: the JSON Schema of manifests, tests, the configuration or findings, for editors and tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import policy_option, verb
from privacy_rules.cli.report_output import errors_to, say

if TYPE_CHECKING:
    from privacy_rules.language.policy import Policy
    from privacy_rules.source.diagnostic import Diagnostic

KINDS = ("manifest", "map", "tests", "config", "findings")


@verb("schema manifest --policy customers.privacy > privacy-manifest.schema.json")
@click.argument("kind", metavar="|".join(KINDS), type=click.Choice(KINDS))
@policy_option
def schema(*, kind: str, policies: tuple[str, ...]) -> int:
    """Print a JSON Schema, with which editors check what you type.

    The schemas of manifests, maps and tests know the terms, attributes and rules of the policy. Without a policy, they accept any
    term and any further attribute. `config` is for privacy-rules.toml, `findings` for the report `check --format json`.

    Exit code 0, or 2 if the policy or the call is wrong, and nothing is printed.
    """
    from privacy_rules.reports.markup.json import dumps

    warnings: Sequence[Diagnostic] = ()
    if kind in ("manifest", "map", "tests"):
        from privacy_rules.schemas.manifest import manifest_schema
        from privacy_rules.schemas.map import map_schema
        from privacy_rules.schemas.tests import schema_of_tests

        policy, warnings = _policy(policies)
        document = {"manifest": manifest_schema, "map": map_schema, "tests": schema_of_tests}[kind](policy)
    else:
        from privacy_rules.schemas.documents import config_schema, findings_schema

        if policies:
            raise click.UsageError("`--policy` applies only to `schema manifest`, `schema map` and `schema tests`")
        document = config_schema() if kind == "config" else findings_schema()
    errors_to([], warnings)
    say(dumps(document))
    return 0


def _policy(policies: tuple[str, ...]) -> tuple[Policy | None, Sequence[Diagnostic]]:
    """The policy of the call, else of the configuration, else None; and its warnings."""
    from privacy_rules.cli.inputs import configured, read_policy

    settings = configured()
    files = [Path(each) for each in policies] or list(settings.policy)
    return read_policy(files, settings, *policies) if files else (None, ())
