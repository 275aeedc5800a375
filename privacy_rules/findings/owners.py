"""Keep the findings of some owners in a report. The others are not listed, but still fail the check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import Report
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.vocabulary.attributes import Entity

CodeOwnersOf = Callable[[str], tuple[str, ...]]
"""The code owners of a file, by its name as places show it."""


def declared_owners(estate: Estate, policy: Policy) -> frozenset[str]:
    """Every owner that the manifests declare."""
    names = Names(estate, policy)
    records = (each for kind in (Entity.PARTY, Entity.SYSTEM, Entity.FLOW) for each in estate.records(kind).values())
    return frozenset(found for each in records if isinstance(found := names.value(each, "owner"), str))


def unknown_owners(owners: Sequence[str], known: frozenset[str]) -> list[Diagnostic]:
    """An error for each of these owners that nothing belongs to, with similar names."""
    same = {_key(each) for each in known}
    help_ = "owners are declared with `owner` in a manifest or, with `--codeowners`, in the CODEOWNERS file"
    return [
        Diagnostic(codes.UNKNOWN_SUBJECT, f"nothing has the owner `{each}`", help=did_you_mean(each, known) or help_)
        for each in owners
        if _key(each) not in same
    ]


def with_code_owners(report: Report, code_owners: CodeOwnersOf) -> Report:
    """Return the report with code owners: a finding whose subject has no declared owner gets the code owners of its file."""
    return report.only(
        replace(each, owner=", ".join(_code_owners(each, code_owners)) or None) if each.owner is None else each
        for each in report.findings
    )


def only_owned(report: Report, owners: Sequence[str], code_owners: CodeOwnersOf | None = None) -> Report:
    """The report with only those findings listed that belong to one of these owners."""
    wanted = {_key(each) for each in owners}

    def is_wanted(found: Finding) -> bool:
        having = [found.owner] if found.owner else []
        having += _code_owners(found, code_owners) if code_owners else ()
        return any(_key(each) in wanted for each in having)

    kept, others = list[Finding](), list[Finding]()
    for each in report.findings:
        (kept if is_wanted(each) else others).append(each)
    present = sum(each.state != "fixed" for each in others)
    terms = replace(report.terms, owners=tuple(owners), of_others=present)
    return replace(report, findings=tuple(kept), others=tuple(others), terms=terms)


def _code_owners(found: Finding, code_owners: CodeOwnersOf) -> tuple[str, ...]:
    return code_owners(found.location.file) if found.location else ()


def _key(owner: str) -> str:
    """An owner in lower case without the `@`, because GitHub and GitLab ignore both."""
    return owner.removeprefix("@").casefold()
