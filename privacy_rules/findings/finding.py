"""A finding: what one rule has against one subject, with all that a reader needs to act on it, as data."""

from __future__ import annotations

from dataclasses import dataclass

from privacy_rules.checking.judgements import Explained, Missing
from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Kind, Severity
from privacy_rules.manifest.model import Waiver
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
            case Kind.STORAGE | Kind.JOINING:
                return f"{self.kind} in {self.id}"
            case _:
                return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Part:
    """One judged datum (a joining's `pair`) for one purpose, None where unknown or where the subject has none."""

    data: str | None
    purpose: str | None
    verdict: Verdict
    waived: bool
    pair: tuple[str, str] | None = None


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

    `because` are the tests that decided; `missing` the facts that would decide, for an undetermined one; `path` the
    flow ids of a witness path, `hops` the same with their ends; none of these where it is not `explained` (there are
    too many findings to explain them all). `waiver` is the one whose end brings the finding
    back, None where the finding is not waived. `state` is new, unchanged or fixed beside a baseline, else None.
    """

    rule: str
    verdict: Verdict
    severity: Severity
    subject: Subject
    message: str
    fingerprint: str
    judged: tuple[Part, ...]
    data: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    explained: bool = True
    because: tuple[Explained, ...] = ()
    path: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    missing: tuple[Missing, ...] = ()
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
        """Whether every judged pair is sheltered by a waiver in force."""
        return self.waiver is not None

    @property
    def place(self) -> str:
        """`file:line:column` of the subject, or its name where it came from no file."""
        return str(self.location or self.subject)

    def __str__(self) -> str:
        return f"{self.place}: {self.verdict.word}[{self.rule}]: {self.message}"


Order = tuple[str, int, int, str, str, str]


def order(finding: Finding) -> Order:
    """The key that findings are sorted by: file, line, column, rule, kind, id."""
    span = finding.location or Span("", 0, 0)
    return span.file, span.line, span.column, finding.rule, finding.subject.kind.value, finding.subject.id
