"""A finding as data: a rule and a subject that is not compliant, with all that a reader needs to act on it."""

from __future__ import annotations

from privacy_rules.checking.judgements import Cause, EachWay, Explained, JudgedPair, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Severity
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Waiver
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a finding is about; `kind` is FLOW for all four kinds of flow."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        """`flow crm-to-broker`, `storage in crm`, `the organisation`."""
        match self.kind:
            case Kind.ORGANISATION:
                return "the organisation"
            case kind if kind.in_system:
                return f"{self.kind} in {self.id}"
            case _:
                return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Hop:
    """One flow of a witness path, with the systems that it leads from and to."""

    flow: str
    source: str
    target: str
    location: Span | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Tuples are in order; `data`, `purposes` and `pairs` are those of the finding's own verdict.

    `because` are the tests that decided. `missing` are the facts that would decide an undetermined one. `path` has the
    flow ids of a witness path, and `hops` the same with their ends. `cause` is the change that would resolve it, if one
    is known. All five are empty if the finding is not `explained`, because there are too many. `in_every_case`: it is a
    violation whatever the open facts are. `too_many_cases`: it might be decided if all of its cases could be tried.
    `open` has a completion each way of an undetermined one; None if it was not asked for. `waiver` is the one whose end
    brings the finding back; None if it is not waived. `state` is new, unchanged or fixed, compared with a baseline or
    commit; else None.
    """

    rule: str
    verdict: Verdict
    severity: Severity
    subject: Subject
    message: str
    fingerprint: str
    judged: tuple[JudgedPair, ...]
    data: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    explained: bool = True
    because: tuple[Explained, ...] = ()
    path: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    missing: tuple[Missing, ...] = ()
    cause: Cause | None = None
    in_every_case: bool = False
    too_many_cases: bool = False
    open: EachWay | None = None
    title: str | None = None
    cites: tuple[str, ...] = ()
    hint: str | None = None
    owner: str | None = None
    location: Span | None = None
    rule_location: Span | None = None
    waiver: Waiver | None = None
    state: str | None = None

    @property
    def waived(self) -> bool:
        """Whether waivers in force cover every judged pair."""
        return self.waiver is not None

    @property
    def place(self) -> str:
        """`file:line:column` of the subject, or its name if it did not come from a file."""
        return str(self.location or self.subject)

    def __str__(self) -> str:
        return f"{self.place}: {self.verdict.word}[{self.rule}]: {self.message}"


Order = tuple[str, int, int, str, str, str]


def order(finding: Finding) -> Order:
    """Return the key that findings are sorted by: file, line, column, rule, kind, id."""
    span = finding.location or Span("", 0, 0)
    return span.file, span.line, span.column, finding.rule, finding.subject.kind.value, finding.subject.id
