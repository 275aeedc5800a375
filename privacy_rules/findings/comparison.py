"""Compare a report with earlier findings, from a baseline or a commit.

A finding is unchanged if the same rule and subject were found before, with every pair that is judged now, and none of them is
worse; else it is new. A finding that is no longer found is fixed. Waived pairs count neither before nor now: when
a waiver ends, its finding is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from privacy_rules.checking.judgements import JudgedPair, PairKey
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding, Subject, order
from privacy_rules.findings.fingerprint import fingerprint
from privacy_rules.findings.report import Report


def accepted(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that a baseline accepts: those that are neither waived nor fixed, without their waived pairs."""
    open_ = (each for each in findings if not each.waived and each.state != "fixed")
    return [replace(each, judged=_open(each), state=None) for each in open_]


def compared(
    report: Report, before: Iterable[Finding], with_what: str, *, selected: Collection[str] | None = None
) -> Report:
    """Return the report with a state at every finding, and fixed findings added; `selected` names the judged rules (None: all).

    If some findings of a rule are only counted, none of that rule is reported as fixed.
    """
    before = tuple(before)
    known, ever = {_key(each): each for each in accepted(before)}, {_key(each): each for each in before}
    now = [
        replace(each, state="new" if is_new(each, ever.get(_key(each))) else "unchanged") for each in report.findings
    ]
    there = {_key(each) for each in now}
    omitted = _omitted(report)
    listed = (each for each in known.values() if each.rule not in omitted)
    gone = [each for each in listed if _key(each) not in there and (selected is None or each.rule in selected)]
    fixed = [replace(each, state="fixed", waiver=None) for each in gone]
    findings = tuple(sorted([*now, *fixed], key=order))
    return replace(report, findings=findings, terms=replace(report.terms, compared_with=with_what))


def new_and_fixed(now: Iterable[Finding], before: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that are new and not waived, and the earlier ones that are fixed."""
    now, before = tuple(now), tuple(before)
    ever, there = {_key(each): each for each in before}, {_key(each) for each in now}
    new = [each for each in now if not each.waived and is_new(each, ever.get(_key(each)))]
    return new, [each for each in accepted(before) if _key(each) not in there]


def still_found(before: Iterable[Finding], report: Report) -> list[Finding]:
    """Return what was recorded before, reduced to what is still found.

    A finding that may be among those that are only counted is kept unchanged.
    """
    now, omitted = {_key(each): _verdicts(each) for each in report.findings}, _omitted(report)
    kept = (
        each if each.rule in omitted and _key(each) not in now else _cut(each, now.get(_key(each), {}))
        for each in before
    )
    return [each for each in kept if each is not None]


def _omitted(report: Report) -> set[str]:
    """The rules that have findings which are only counted."""
    return {each.rule for each in report.omitted}


def _cut(finding: Finding, now: dict[PairKey, Verdict]) -> Finding | None:
    """The finding with those of its pairs that are still found, none worse than it is now."""
    there = [pair for pair in finding.judged if pair.key in now]
    if not there:
        return None
    pairs = tuple(replace(pair, verdict=min(pair.verdict, now[pair.key])) for pair in there)
    verdict = max(pair.verdict for pair in pairs)
    identity = fingerprint(finding.rule, finding.subject.kind.value, finding.subject.id, verdict.word)
    return replace(finding, judged=pairs, verdict=verdict, fingerprint=identity)


def is_new(finding: Finding, before: Finding | None) -> bool:
    """Whether a finding is new beside the earlier one on the same rule and subject."""
    if before is None or (not finding.waived and (before.waived or before.state == "fixed")):
        return True
    verdicts = {pair.key: pair.verdict for pair in before.judged if finding.waived or not pair.waived}
    asked = _open(finding) or finding.judged
    return any(pair.key not in verdicts or pair.verdict > verdicts[pair.key] for pair in asked)


def _open(finding: Finding) -> tuple[JudgedPair, ...]:
    return tuple(pair for pair in finding.judged if not pair.waived)


def _verdicts(finding: Finding) -> dict[PairKey, Verdict]:
    return {pair.key: pair.verdict for pair in finding.judged}


def _key(finding: Finding) -> tuple[str, Subject]:
    return finding.rule, finding.subject
