"""The context of a check: what the call and the configuration changed, for readers of the report."""

from __future__ import annotations

from privacy_rules.language.policy import Severity
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import counted


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """A rule with a configured severity that differs from the policy's."""

    rule: str
    was: Severity
    now: Severity


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the call and the configuration changed about a check.

    `as_of_from` says who gave the day: `call`, `configuration`, `manifest`, or `clock` if it is just today.
    `compared_with` names the baseline or commit that findings are compared with, `compared_commit` is the id of that
    commit, and `past` holds the notes on it, a sentence each. With `changed`, only findings that involve these files
    are reported (None: all are); `left_out` counts the others, and `all_because` says why all are reported
    nevertheless. With `owners`, only their findings are listed (None: all are), and `of_others` counts the others,
    which fail the check all the same. `omitted` counts findings that are in the figures, but too many to list.
    """

    as_of_from: str = "clock"
    severities: tuple[SeverityChange, ...] = ()
    compared_with: str | None = None
    compared_commit: str | None = None
    past: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = None
    left_out: int = 0
    all_because: str | None = None
    omitted: int = 0
    owners: tuple[str, ...] | None = None
    of_others: int = 0

    @property
    def as_of_words(self) -> str:
        """Who set the day."""
        return "today" if self.as_of_from == "clock" else f"set by the {self.as_of_from}"

    def words(self) -> list[str]:
        """Return the notes for a reader of the report, a sentence each."""
        notes = [
            f"severity of {each.rule}: {each.now}, by configuration ({each.was} in the policy)"
            for each in self.severities
        ]
        if self.compared_commit is not None:
            notes.append(f"compared with commit {self.compared_commit[:12]} ({self.compared_with})")
        notes += self.past
        if self.all_because is not None:
            notes.append(f"all findings are reported: {self.all_because}")
        elif self.changed is not None:
            files = ", ".join(self.changed) or "no file"
            findings = counted(self.left_out, "finding")
            notes.append(f"only findings in which these take part: {files}; {findings} left out")
        if self.owners is not None:
            are = (
                "finding of other owners is not listed, but counts"
                if self.of_others == 1
                else "findings of other owners are not listed, but count"
            )
            notes.append(f"only findings of {', '.join(self.owners)}; {self.of_others:,} {are} all the same")
        if self.omitted:
            findings = "1 finding is" if self.omitted == 1 else f"{self.omitted:,} findings are"
            notes.append(f"too many findings to list: {findings} only counted")
        return notes


USUAL_CONTEXT = CheckContext()
"""All findings of today, by the policy's own severities."""
