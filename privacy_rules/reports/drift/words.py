"""Words that the formats of a drift report share."""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.checking.logic import Verdict
from privacy_rules.drift.comparison import Drift, Undeclared
from privacy_rules.findings.finding import Finding
from privacy_rules.source.words import counted, first_few

MOST_RULES = 12


def summary(found: Drift) -> str:
    """The figures in one sentence."""
    some = counted(len(found.undeclared), "undeclared flow")
    new = f", {len(found.new_recipients):,} to new recipients" if found.new_recipients else ""
    rest = f"{counted(len(found.unobserved), 'declared flow')} never observed, {counted(len(found.unknown), 'unknown system')}"
    return f"{counted(found.observed, 'connection')} observed: {some}{new}; {rest}"


def observed(flow: Undeclared) -> str:
    """How often and when a flow was observed."""
    return f"{counted(flow.count, 'time')}{f', last {flow.last_seen}' if flow.last_seen else ''}"


def headline(flow: Undeclared) -> str:
    """What is wrong with an undeclared flow, in a sentence."""
    what = "a new recipient" if flow.is_new_recipient else "a flow that no manifest declares"
    return f"{what}: {flow.source} -> {flow.target}, observed {observed(flow)}"


def rules(findings: Iterable[Finding]) -> list[str]:
    """The rules that a flow would break, then those that it would leave undetermined, as labelled lists."""
    listed = list(findings)
    found = []
    for verdict, label in ((Verdict.VIOLATION, "breaks"), (Verdict.UNDETERMINED, "undetermined")):
        names = sorted({each.rule for each in listed if each.verdict is verdict})
        if names:
            found.append(f"{label}: {first_few(names, MOST_RULES)}")
    return found
