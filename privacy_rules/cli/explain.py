"""The verb `explain`: why a rule judges a subject as it does, compliant or not."""

from __future__ import annotations

import re
from datetime import date
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
from privacy_rules.cli.shell_completion import rule_names, subject_ids
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, required
from privacy_rules.source.entity_ref import unquoted

if TYPE_CHECKING:
    from privacy_rules.engine import Inputs


@verb("explain no_selling crm-to-broker --manifest estate.yaml", "explain 3f2a --manifest estate.yaml")
@click.argument("rule", metavar="RULE|FINGERPRINT", shell_complete=rule_names)
@click.argument("subject", required=False, shell_complete=subject_ids)
@manifest_option
@policy_option
@as_of_option
@format_option("explanation")
@no_color_option
@timeout_option
def explain(
    *,
    rule: str,
    subject: str | None,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    output: Output,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Say why a rule judges a subject as it does.

    Prints the whole tree of the rule: each test with its value and the facts behind it, whether or not the subject is
    compliant.

    RULE is a rule's name, and SUBJECT is the id that a finding shows. Instead of both, you can give the FINGERPRINT of a
    finding, or the start of it.

    Exit code 0, whatever the verdict; 2: the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.cli.progress import Stages
    from privacy_rules.reports.explanation import Explained

    settings, stages = configured(), Stages()
    with stages.stage("reading"):
        inputs = read(manifests, policies, settings)
    day = as_of or settings.as_of
    with stages.stage("judging"):
        if subject is None:
            rule, subject = _rule_and_subject(inputs, day, rule)
        subject = _id_in(inputs, subject)
        found = required(*engine.explain(inputs, rule, subject, day=day))
        report, _ = engine.check(inputs, day=day, rules=[rule], limits=settings.limits, each_way=True)
    finding = next((each for each in report.findings if each.subject.id == subject), None) if report else None
    view = view_for(settings, output, no_color=no_color)
    output.write(render("explanation", output.name, Explained(found, finding, report.as_of if report else None), view))
    return 0


def _rule_and_subject(inputs: Inputs, day: date | None, fingerprint: str) -> tuple[str, str]:
    """The rule and subject of the finding whose fingerprint starts like this. Raises InputError unless there is one."""
    from privacy_rules import engine
    from privacy_rules.cli.inputs import finding_named

    report = required(*engine.check(inputs, day=day))
    if inputs.policy.rule(fingerprint):
        help_ = f"add the id of a subject, as in `privacy-rules explain {fingerprint} SUBJECT`"
        help_ += f"; `privacy-rules rule {fingerprint}` lists the subjects"
        raise InputError([Diagnostic(codes.USAGE, f"rule `{fingerprint}` needs a SUBJECT to explain", help=help_)])
    found = finding_named(report, fingerprint)
    return found.rule, found.subject.id


_AS_REPORTED = re.compile(r"(?:flow|system|party|contract|(?:storage|joining|use|derivation)(?: in)?)[ :](?P<id>.+)")


def _id_in(inputs: Inputs, subject: str) -> str:
    """The id in a subject, which may be written as in reports: `storage in crm`, `flow:signup`, `flow:"a.b"`."""
    estate = inputs.estate
    if any(subject in each for each in (estate.parties, estate.systems, estate.flows, estate.contracts)):
        return subject
    if subject == "the organisation":
        return "organisation"
    reported = _AS_REPORTED.fullmatch(subject)
    return unquoted(reported["id"] if reported else subject)
