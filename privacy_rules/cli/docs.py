"""The verb `docs`: a policy in plain English."""

from __future__ import annotations

from datetime import date

from privacy_rules.cli.options import day_option, format_option, policies_argument, timeout_option, verb
from privacy_rules.cli.report_output import Output
from privacy_rules.reports.registry import View, render


@verb("docs customers.privacy --format html=policy.html")
@policies_argument
@day_option(
    "The day of the matrix of disclosures, which follows the rules in force on it.  [default: the configuration's `as-of`, else today]"
)
@format_option("policy", help_="The format of the page, on standard output or in FILE.")
@timeout_option
def docs(*, policies: tuple[str, ...], output: Output, as_of: date | None) -> int:
    """Write a policy's rules in plain English.

    The page has each rule as sentences with its clauses, what the words mean, and a matrix of what may be disclosed to whom
    and for what.

    POLICY is a file, a glob or a folder. Without one, the configuration's `policy` applies.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, policy_paths, read_policy
    from privacy_rules.cli.progress import Stages
    from privacy_rules.english.document import document

    settings = configured()
    policy, _ = read_policy(policy_paths(policies, settings), settings, *policies)
    with Stages().stage("writing"):
        found = document(policy.with_severities(settings.severity), as_of or settings.as_of or engine.today())
        text = render("policy", output.name, found, View())
    output.write(text)
    return 0
