"""The published document of findings (`--format json`) as strict pydantic models: to read it, and for its JSON Schema.

    document = Document.model_validate_json(Path("findings.json").read_bytes())

Unknown keys are errors, so a new key of the format must be added here. Loaded only when needed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Location(_Strict):
    """A place; line and column from 1, columns in characters."""

    file: str
    line: int = Field(ge=1)
    column: int = Field(ge=1)


class SubjectDocument(_Strict):
    """What a finding is about."""

    kind: Literal["flow", "storage", "joining", "use", "derivation", "system", "party", "contract", "organisation"]
    id: str


Entity = Literal["party", "system", "flow", "contract", "organisation"]
VerdictWord = Literal["violation", "undetermined"]
Severity = Literal["error", "warning", "note"]
Value = None | bool | str | list[str]


class Summary(_Strict):
    """Figures; waived findings count by verdict, too."""

    rules: int
    systems: int
    flows: int
    violations: int
    undetermined: int
    waived: int
    new: int | None
    unchanged: int | None
    fixed: int | None


class RuleDocument(_Strict):
    """The figures of a rule over the subjects of its kind."""

    name: str
    title: str | None
    severity: Severity
    cites: list[str]
    hint: str | None
    subjects: int
    applies: int
    compliant: int
    violations: int
    undetermined: int
    location: Location


class AssumptionDocument(_Strict):
    """A default that the verdicts of some subjects depend on; `source` says whose default it is."""

    kind: Entity
    attribute: str
    value: Value
    source: str
    subjects: int
    location: Location | None


class WarningDocument(_Strict):
    """A warning."""

    code: str = Field(pattern=r"^W3\d\d$")
    message: str
    help: str | None
    location: Location | None


class WaiverDocument(_Strict):
    """The waiver whose end brings the finding back."""

    reason: str
    approved_by: str
    from_: date | None = Field(alias="from")
    until: date
    data: list[str] | None
    location: Location | None


class PartDocument(_Strict):
    """One judged datum for one purpose; `pair` for a joining or a derivation only."""

    data: str | None
    purpose: str | None
    verdict: VerdictWord
    waived: bool
    pair: list[str] | None = Field(None, min_length=2, max_length=2)


class FactDocument(_Strict):
    """A fact that a test depended on; `value` is null if it is not known."""

    kind: Entity
    id: str
    attribute: str
    value: Value
    location: Location | None
    item: str | None = Field(None, description="the item of a list that declares the fact itself")
    within: str | None = Field(None, description="that list, such as `stores` or `carries`")


class ContractTestDocument(_Strict):
    """One thing that a test asks of a contract; `in force` has its dates."""

    test: str
    value: Literal["true", "unknown", "false"]
    facts: list[FactDocument]


class ContractDocument(_Strict):
    """A contract that concerns the parties of a test on contracts."""

    id: str
    value: Literal["true", "unknown", "false"]
    tests: list[ContractTestDocument]


class DatedDocument(_Strict):
    """A term that is below another on some days only."""

    term: str
    parent: str
    exists: bool = Field(description="whether the term is below the other on the day of the check")
    from_: date | None = Field(None, alias="from", description="the first day of the period")
    until: date | None = Field(None, description="the first day after the period")


class TestDocument(_Strict):
    """A test that decided."""

    __test__ = False  # the tests' runner would take it for one of its own

    test: str
    value: Literal["true", "unknown", "false"]
    facts: list[FactDocument]
    defined: list[str] = Field([], description="the defines by which the rule names the test, the outer first")
    carried: list[str] = Field([], description="the category that each flow of the path carries")
    lacks: list[str] = Field([], description="the terms that a test `includes all` asks for and the set does not have")
    dated: list[DatedDocument] = Field(
        [], description="the terms that are below another on some days only, if that decides"
    )
    contracts: list[ContractDocument] = []


class ChangeDocument(_Strict):
    """One declaration to change; `sign` asks for a contract with the party of that id."""

    kind: Entity
    id: str
    attribute: str
    action: Literal["renew", "advance", "widen", "sign", "declare", "narrow"]
    location: Location | None


class CauseDocument(_Strict):
    """The changes that together would resolve a finding."""

    message: str
    changes: list[ChangeDocument]


class SharedCauseDocument(CauseDocument):
    """A cause that several findings have, by their fingerprints."""

    findings: list[str]


class HopDocument(_Strict):
    """One flow of a witness path."""

    flow: str
    from_: str = Field(alias="from")
    to: str
    location: Location | None


class MissingDocument(_Strict):
    """A fact that, with the others beside it, would decide."""

    kind: Entity
    id: str
    attribute: str
    action: Literal["declare", "narrow"]
    proved: bool
    message: str
    item: str | None = Field(None, description="the item of a list that should declare the fact itself")
    within: str | None = Field(None, description="that list, such as `stores` or `carries`")


class CompletedDocument(_Strict):
    """A fact of a completion: what is declared, or narrowed, and its value."""

    kind: Entity
    id: str
    attribute: str
    action: Literal["declare", "narrow"]
    value: Value
    item: str | None = Field(None, description="the item of a list that states it for itself")
    within: str | None = Field(None, description="that list, such as `stores` or `carries`")


class OpenDocument(_Strict):
    """Two completions of the manifest, each confirmed by judging it with them; null if none was found."""

    complies: list[CompletedDocument] | None
    violates: list[CompletedDocument] | None


class FindingDocument(_Strict):
    """A finding."""

    rule: str
    verdict: VerdictWord
    severity: Severity
    waived: bool
    waiver: WaiverDocument | None
    state: Literal["new", "unchanged", "fixed"] | None
    owner: str | None
    subject: SubjectDocument
    data: list[str]
    purposes: list[str]
    pairs: list[list[str]]
    judged: list[PartDocument]
    message: str
    explained: bool
    in_every_case: bool = Field(False, description="a violation whatever the open facts of its tests are")
    open: OpenDocument | None = Field(None, description="how an undetermined finding can turn out either way")
    too_many_cases: bool = Field(False, description="trying every case might decide it, but there are too many cases")
    because: list[TestDocument]
    path: list[str]
    hops: list[HopDocument]
    missing: list[MissingDocument]
    cause: CauseDocument | None = None
    cites: list[str]
    hint: str | None
    location: Location | None
    rule_location: Location | None
    fingerprint: str = Field(pattern=r"^[0-9a-f]{32}$")


class SeverityChangeDocument(_Strict):
    """A rule whose severity is configured to be another than the policy's."""

    rule: str
    was: Severity
    now: Severity


class TermsDocument(_Strict):
    """The terms of the check: who gave its day, which severities were changed, and what was left out."""

    as_of_from: Literal["call", "configuration", "manifest", "clock"]
    severities: list[SeverityChangeDocument]
    compared_with: str | None
    compared_commit: str | None = None
    past: tuple[str, ...] = ()
    changed: list[str] | None
    left_out: int
    all_because: str | None
    omitted: int = Field(0, description="how many findings are in the figures, but are too many to be listed")
    owners: list[str] | None = Field(None, description="the owners whose findings are listed, if not all are")
    of_others: int = Field(0, description="how many findings of other owners, or of none, are not listed")


class GapDocument(_Strict):
    """What the declarations of one system leave open, whatever the rules are."""

    kind: Literal["unsourced", "idle transform", "swallowed"]
    system: str
    data: list[str] = Field(description="the categories that the gap is about")
    location: Location | None


class Document(_Strict):
    """The whole document of a check."""

    version: Literal[1]
    policies: list[str]
    as_of: date
    terms: TermsDocument
    summary: Summary
    rules: list[RuleDocument]
    assumptions: list[AssumptionDocument]
    warnings: list[WarningDocument]
    gaps: list[GapDocument] = []
    causes: list[SharedCauseDocument] = []
    findings: list[FindingDocument]


class ErrorDocument(_Strict):
    """An error. The first location is its place; the others are related."""

    code: str = Field(pattern=r"^[EW]\d\d\d$")
    message: str
    help: str | None
    locations: list[Location]


class Errors(_Strict):
    """The whole document of a run in which nothing was judged."""

    version: Literal[1]
    errors: list[ErrorDocument]
