"""The verb `explain`: why a rule judges a subject as it does, compliant or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from privacy_rules.cli.options import as_of_option, no_color_option, plain_format_option, policy_option
from privacy_rules.cli.report_output import errors_to, outputs, say, view_of_output
from privacy_rules.cli.shell_completion import files, rule_names, subject_ids
from privacy_rules.reports.registry import render
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.entity_ref import unquoted

if TYPE_CHECKING:
    from privacy_rules.engine import Inputs
    from privacy_rules.findings.report import Report

WRONG_INPUT = 2


@click.command(epilog="\b\nExample:\n  privacy-rules explain no_selling crm-to-broker --manifest estate.yaml")
@click.argument("rule", metavar="RULE|FINGERPRINT", shell_complete=rule_names)
@click.argument("subject", required=False, shell_complete=subject_ids)
@click.option(
    "--manifest",
    "manifests",
    metavar="MANIFEST",
    multiple=True,
    shell_complete=files,
    help="A manifest, as for `check`; may be repeated.",
)
@policy_option
@plain_format_option("explanation")
@as_of_option
@no_color_option
def explain(
    *,
    rule: str,
    subject: str | None,
    manifests: tuple[str, ...],
    policies: tuple[str, ...],
    format_: str,
    as_of: date | None,
    no_color: bool,
) -> int:
    """Say why a rule judges a subject as it does.

    SUBJECT is the id that a finding shows; a finding may be named by its FINGERPRINT, too, or the beginning of it. Prints the rule's whole tree, each test with its value and the facts behind it, for compliant subjects too. Exit
    code 0, whatever the verdict; 2 where the input or the call is wrong.
    """
    from privacy_rules import engine
    from privacy_rules.cli.check_call import limits
    from privacy_rules.cli.inputs import configured, read
    from privacy_rules.reports.explanation import Explained

    wanted = outputs([format_])
    try:
        settings = configured()
        inputs = read(manifests, policies, settings)
        day = as_of or settings.as_of
        if subject is None:
            rule, subject = _named(inputs, engine.check(inputs, day=day), rule)
        subject = _plain(inputs, subject)
        found, wrong = engine.explain(inputs, rule, subject, day=day)
        if found is None:
            raise InputError(wrong)
        report, _ = engine.check(inputs, day=day, rules=[rule], limits=limits(settings))
        finding = next((each for each in report.findings if each.subject.id == subject), None) if report else None
    except InputError as error:
        errors_to(wanted, error.diagnostics)
        return WRONG_INPUT
    say(
        render(
            "explanation",
            format_,
            Explained(found, finding),
            view_of_output(colour=not (no_color or settings.no_color)),
        )
    )
    return 0


def _named(inputs: Inputs, checked: tuple[Report | None, Sequence[Diagnostic]], fingerprint: str) -> tuple[str, str]:
    """Rule and subject of the one finding with a fingerprint that begins so. Raises InputError where it is not one."""
    report, wrong = checked
    if report is None:
        raise InputError(wrong)
    if inputs.policy.rule(fingerprint):
        help_ = f"name what it judges, too, as in `privacy-rules explain {fingerprint} SUBJECT`"
        help_ += f"; `privacy-rules rule {fingerprint}` lists of what it spoke"
        raise InputError([Diagnostic(codes.USAGE, f"rule `{fingerprint}` is explained for a SUBJECT", help=help_)])
    found = [each for each in report.findings if fingerprint and each.fingerprint.startswith(fingerprint)]
    if len(found) != 1:
        many = (
            f"{len(found)} findings have a fingerprint that begins"
            if found
            else "no finding has a fingerprint that begins"
        )
        help_ = "the formats `json` and `html` have each finding's whole; a rule is explained with its SUBJECT"
        raise InputError([Diagnostic(codes.UNKNOWN_SUBJECT, f"{many} with `{fingerprint}`", help=help_)])
    return found[0].rule, found[0].subject.id


_AS_TOLD = re.compile(r"(?:flow|system|party|contract|storage in|joining in|storage|joining)[ :](?P<id>.+)")


def _plain(inputs: Inputs, subject: str) -> str:
    """The id, also of a subject that is given as reports tell it: `storage in crm`, `flow:signup`, `flow:"a.b"`."""
    known = (inputs.estate.parties, inputs.estate.systems, inputs.estate.flows, inputs.estate.contracts)
    told = _AS_TOLD.fullmatch(subject)
    if told is None or any(subject in each for each in known):
        named = any(subject in each for each in known)
        return "organisation" if subject == "the organisation" else subject if named else unquoted(subject)
    return unquoted(told["id"])
