"""The verb `docs`: a policy in plain English."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_rules.cli.options import day_option, format_option, policies_argument, timeout_option, verb
from privacy_rules.cli.report_output import Output
from privacy_rules.reports.registry import View, render

if TYPE_CHECKING:
    from privacy_rules.english.document import Signing
    from privacy_rules.language.policy import Policy
    from privacy_rules.source.project_boundary import Confined


@verb("docs customers.privacy --format html=policy.html")
@policies_argument
@day_option(
    "The day of the matrix of disclosures, which follows the rules in force on it.  [default: the configuration's `as-of`, else today]"
)
@format_option("policy", help_="The format of the page, on standard output or in FILE.")
@timeout_option
def docs(*, policies: tuple[str, ...], output: Output, as_of: date | None) -> int:
    """Write a policy's rules in plain English.

    The page has each rule as sentences beside the words of the clauses that it cites, what the words mean, a matrix of what
    may be disclosed to whom and for what, and a place to sign off.

    POLICY is a file, a glob or a folder. Without one, the configuration's `policy` applies.
    """
    from privacy_rules import engine
    from privacy_rules.cli.inputs import configured, policy_paths, project, read_policy
    from privacy_rules.cli.progress import Stages
    from privacy_rules.english.document import document

    settings = configured()
    files = policy_paths(policies, settings)
    policy, _ = read_policy(files, settings, *policies)
    with Stages().stage("writing"):
        day = as_of or settings.as_of
        signing = _signing(policy, files[0].parent, project(settings, *policies), day)
        found = document(policy.with_severities(settings.severity), day or engine.today(), signing)
        text = render("policy", output.name, found, View())
    output.write(text)
    return 0


def _signing(policy: Policy, folder: Path, disk: Confined, day: date | None) -> Signing:
    """The words of the clauses that rules cite, and the review that the lock file beside the policy records."""
    from privacy_rules.english.document import Quoted, Signing
    from privacy_rules.tracing.clause_index import ClauseIndex
    from privacy_rules.tracing.lock import USUAL_NAME
    from privacy_rules.tracing.plain_text import plain
    from privacy_rules.tracing.prose_loader import clauses_of, prose_of

    index, quoted = ClauseIndex(clauses_of(prose_of(policy, disk))), dict[str, Quoted]()
    for cite in dict.fromkeys(cite for rule in policy.rules for cite in rule.cites):
        meant = index.meant(cite)
        if len(meant) == 1:
            quoted[cite] = Quoted(f"{meant[0].file}:{meant[0].line}", plain(meant[0].text))
    return Signing(quoted, _review(folder / USUAL_NAME, disk), day)


def _review(lock: Path, disk: Confined) -> str | None:
    """What a lock file records; None without one that can be read."""
    from privacy_rules.manifest.file_set import shown
    from privacy_rules.source.words import counted
    from privacy_rules.tracing.lock import read

    try:
        reviewed, _ = read(disk.read(lock))
    except (OSError, ValueError):
        return None
    last = max((each.day for each in reviewed.values()), default=None) if reviewed else None
    return f"{shown(lock)}: {counted(len(reviewed), 'clause')}, the last on {last}" if reviewed and last else None
