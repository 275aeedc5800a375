"""The verb `rule`: a rule's page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, no_color_option, plain_format_option, policy_option
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.reports.registry import render
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.file_system import DISK, POLICY_LIMIT
from privacy_rules.source.span import Span

if TYPE_CHECKING:
    from privacy_rules.engine import Inputs

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules rule no_selling --manifest estate.yaml")
@click.argument("name")
@click.option(
    "--manifest",
    "manifests",
    metavar="MANIFEST",
    multiple=True,
    type=click.Path(),
    help="A manifest, as for `check`; may be repeated. Without any, and none configured: no run.",
)
@policy_option
@plain_format_option("rule")
@as_of_option
@no_color_option
def rule(
    *,
    name: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Show a rule's page: its clauses, its text, and what it spoke of.

    Exit code 0, whatever was found; 2 where the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, project, read
    from privacy_rules.reports.rule.page import Page

    wanted = outputs([format_])
    try:
        settings = configured()
        spoken_of, waived = None, frozenset[str]()
        if manifests or settings.manifests:
            inputs = read(manifests, policies, settings)
            policy, day = inputs.policy, as_of or settings.as_of
            spoken_of, wrong = engine.spoken_of(inputs, name, day=day)
            waived = _waived(inputs, name, day) if spoken_of else waived
        else:
            files = [Path(each) for each in policies] or list(settings.policy)
            found, wrong = (
                engine.load_policy(files, root=settings.folder, disk=project(settings, *policies))
                if files
                else (None, (engine.no_policy(),))
            )
            if found is None:
                raise InputError(wrong)
            policy, wrong = found, engine.unknown_rule(found, name)
        known = {each: severity for each, severity in settings.severity.items() if policy.rule(each)}
        policy = policy.with_severities(known)
        meant = policy.rule(name)
        if meant is None or (wrong and spoken_of is None):
            raise InputError(wrong)
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    page = Page.of(policy, meant, _text(meant.span), spoken_of, waived)
    say(render("rule", format_, page, view_of_output(colour=not (no_color or settings.no_color))))
    return 0


def _waived(inputs: Inputs, name: str, day: date | None) -> frozenset[str]:
    """The subjects whose findings waivers shelter."""
    from privacy_rules import engine

    rule = inputs.policy.rule(name)
    if not inputs.estate.waivers or rule is None or rule.statement == "permit":
        return frozenset()
    report, _ = engine.check(inputs, day=day, rules=[name])
    return frozenset(each.subject.id for each in report.waived) if report else frozenset()


def _text(span: Span) -> str | None:
    """The rule's own lines; None where its file is not on the disk (a shipped one has only a name)."""
    from privacy_rules.language.source_text import SourceText

    try:
        lines = SourceText(span.file, DISK.read(Path(span.file), POLICY_LIMIT).decode("utf-8")).text.split("\n")
    except (OSError, ValueError):
        return None
    return "\n".join(lines[span.line - 1 : span.end_line or span.line])
