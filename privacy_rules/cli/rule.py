"""The verb `rule`: a rule's page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import (
    as_of_option,
    format_option,
    manifest_option,
    no_color_option,
    policy_option,
    timeout_option,
    verb,
)
from privacy_rules.cli.report_output import Output, view_for
from privacy_rules.cli.shell_completion import rule_names
from privacy_rules.reports.registry import render
from privacy_rules.source.diagnostic import InputError
from privacy_rules.source.file_system import DISK, POLICY_LIMIT
from privacy_rules.source.span import Span

if TYPE_CHECKING:
    from privacy_rules.engine import Inputs


@verb("rule no_selling --manifest estate.yaml")
@click.argument("name", shell_complete=rule_names)
@manifest_option
@policy_option
@as_of_option
@format_option("rule")
@no_color_option
@timeout_option
def rule(
    *,
    name: str,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Show a rule's page: its clauses, its text and its subjects.

    NAME is the rule's name. The page also has the permits that lift the rule. If no manifest is given or configured, it
    does not show the subjects, which are what the rule applies to.

    Exit code 0, whatever was found; 2: the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read, read_policy, with_severities
    from privacy_rules.cli.progress import Stages
    from privacy_rules.reports.rule.page import Page

    settings, stages = configured(), Stages()
    subjects, waived = None, frozenset[str]()
    if manifests or settings.manifests:
        with stages.stage("reading"):
            inputs = read(manifests, policies, settings)
        policy, day = inputs.policy, as_of or settings.as_of
        with stages.stage("judging"):
            subjects, wrong = engine.subjects_of(inputs, name, day=day)
            waived = _waived(inputs, name, day) if subjects else waived
    else:
        files = [Path(each) for each in policies] or list(settings.policy)
        if not files:
            raise InputError([engine.no_policy()])
        with stages.stage("reading"):
            policy, _ = read_policy(files, settings, *policies)
        wrong = engine.unknown_rule(policy, name)
    policy = with_severities(policy, settings)
    found = policy.rule(name)
    if found is None or (wrong and subjects is None):
        raise InputError(wrong)
    page = Page.of(policy, found, _text(found.span), subjects, waived)
    output.write(render("rule", output.name, page, view_for(settings, output, no_color=no_color)))
    return 0


def _waived(inputs: Inputs, name: str, day: date | None) -> frozenset[str]:
    """The subjects whose findings are waived."""
    from privacy_rules import engine

    rule = inputs.policy.rule(name)
    if not inputs.estate.waivers or rule is None or rule.statement == "permit":
        return frozenset()
    report, _ = engine.check(inputs, day=day, rules=[name])
    return frozenset(each.subject.id for each in report.waived) if report else frozenset()


def _text(span: Span) -> str | None:
    """The rule's own lines, or None if its file cannot be read (a shipped policy has only a name)."""
    from privacy_rules.language.source_text import SourceText

    try:
        lines = SourceText(span.file, DISK.read(Path(span.file), POLICY_LIMIT).decode("utf-8")).text.split("\n")
    except (OSError, ValueError):
        return None
    return "\n".join(lines[span.line - 1 : span.end_line or span.line])
