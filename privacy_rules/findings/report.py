"""The report of one check: findings in order, figures of each rule, assumptions and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date

from privacy_rules.checking.gaps import Gap
from privacy_rules.checking.judgements import Assumption, Judged, Judgement, RuleCount
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.changed_settings import USUAL_CONTEXT, CheckContext
from privacy_rules.findings.entity_names import Names
from privacy_rules.findings.finding import Finding, Hop, Subject, order
from privacy_rules.findings.fingerprint import fingerprint
from privacy_rules.findings.threshold import USUAL, Threshold
from privacy_rules.findings.waivers import USUAL_LIMITS, Limits, Waivers, decisive
from privacy_rules.findings.warnings import Check, cautions
from privacy_rules.findings.wording import Matter, Wording
from privacy_rules.language.policy import Policy, Severity
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, first_few
from privacy_rules.vocabulary.values import show

_SEVERAL, _MOST_NAMED = 2, 8


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of a check. Waived findings count among the violations and the undetermined ones, too."""

    rules: int
    systems: int
    flows: int
    violations: int
    undetermined: int
    waived: int

    @property
    def found(self) -> int:
        """How many findings there are."""
        return self.violations + self.undetermined


@dataclass(frozen=True, slots=True)
class Omitted:
    """Findings of one rule and verdict that are too many to be listed. No waiver names them."""

    rule: str
    severity: Severity
    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one check. They are in order, so that the same input gives the same report.

    `names` are those that the manifests give the estate. `gaps` are what its declarations leave open, whatever the rules ask. `omitted` findings are in the figures, but not in `findings`.
    So are `others`, those of owners that the call does not ask for; they fail the check all the same.
    """

    policies: tuple[str, ...]
    as_of: date
    summary: Summary
    rules: tuple[RuleCount, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    findings: tuple[Finding, ...] = ()
    terms: CheckContext = USUAL_CONTEXT
    names: tuple[str, ...] = ()
    omitted: tuple[Omitted, ...] = ()
    others: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def present(self) -> tuple[Finding, ...]:
        """The present findings, without those that are fixed since a baseline or commit."""
        return self.findings if self.terms.compared_with is None else self.in_state("new", "unchanged")

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that are violations, waived ones included."""
        return tuple(each for each in self.present if each.verdict is Verdict.VIOLATION)

    @property
    def undetermined(self) -> tuple[Finding, ...]:
        """The findings that cannot be decided, waived ones included."""
        return tuple(each for each in self.present if each.verdict is Verdict.UNDETERMINED)

    @property
    def waived(self) -> tuple[Finding, ...]:
        """The waived findings."""
        return tuple(each for each in self.present if each.waived)

    @property
    def states(self) -> dict[str, int]:
        """How many findings that are not waived are new, unchanged and fixed; empty if nothing is compared. Omitted ones count as new."""
        if self.terms.compared_with is None:
            return {}
        open_ = [each.state for each in (*self.findings, *self.others) if not each.waived]
        states = {state: open_.count(state) for state in ("new", "unchanged", "fixed")}
        return {**states, "new": states["new"] + self.terms.omitted}

    def in_state(self, *states: str) -> tuple[Finding, ...]:
        """Return the findings in one of the states `new`, `unchanged` and `fixed`."""
        return tuple(each for each in self.findings if each.state in states)

    def failing(self, threshold: Threshold = USUAL) -> tuple[Finding, ...]:
        """Return the findings that fail the check."""
        return tuple(each for each in self.findings if threshold.fails(each))

    def failing_others(self, threshold: Threshold = USUAL) -> tuple[Finding, ...]:
        """Return the findings of other owners that fail the check."""
        return tuple(each for each in self.others if threshold.fails(each))

    def failing_warnings(self, threshold: Threshold = USUAL) -> tuple[Diagnostic, ...]:
        """Return the warnings that fail the check."""
        return tuple(each for each in self.warnings if each.code in threshold.warnings)

    def warnings_in_short(self, threshold: Threshold = USUAL) -> tuple[Diagnostic, ...]:
        """Return the warnings, with those of rules that apply to nothing combined, unless they fail the check.

        They are the same at each run, and an estate may leave many rules idle for good reasons.
        """
        idle = [each for each in self.warnings if each.code == codes.IDLE_RULE]
        if len(idle) < _SEVERAL or codes.IDLE_RULE in threshold.warnings:
            return self.warnings
        names = {count.rule.name_span or count.rule.span: count.rule.name for count in self.rules}
        named = first_few([f"`{names[each.span]}`" for each in idle if each.span in names], _MOST_NAMED)
        message = f"{len(idle):,} rules apply to nothing: {named}"
        help_ = "`--verbose` shows why; list each that should apply to nothing under `idle-rules` in the configuration"
        one = Diagnostic(codes.IDLE_RULE, message, help=help_, level=Level.WARNING)
        return (*(each for each in self.warnings if each not in idle), one)

    def quiet(self, threshold: Threshold = USUAL) -> Report:
        """Return the report with only what fails the check, and the same figures."""
        return replace(self, findings=self.failing(threshold), warnings=self.failing_warnings(threshold))

    def fails(self, threshold: Threshold = USUAL) -> bool:
        """Return whether a finding, or a warning whose code the threshold names, fails the check."""
        omitted = any(threshold.includes(each.verdict, each.severity) for each in self.omitted)
        return bool(
            omitted or self.failing(threshold) or self.failing_others(threshold) or self.failing_warnings(threshold)
        )

    def counted(self) -> Report:
        """Return the report with the figures of the findings that it has."""
        return replace(self, summary=replace(self.summary, **_figures(self.present, self.omitted)))

    def warned(self, more: Iterable[Diagnostic]) -> Report:
        """Return the report with more warnings."""
        return replace(self, warnings=in_order([*self.warnings, *more]))

    @property
    def nothing(self) -> str:
        """The sentence for a report without findings."""
        left_out = self.terms.left_out
        return f"nothing in what is reported ({counted(left_out, 'finding')} left out)" if left_out else "no findings"

    def only(self, findings: Iterable[Finding]) -> Report:
        """Return the report with these findings, and the same figures."""
        return replace(self, findings=tuple(findings))


def report(
    policy: Policy,
    estate: Estate,
    judged: Judged,
    day: date,
    *,
    selected: Collection[str] | None = None,
    warnings: Iterable[Diagnostic] = (),
    terms: CheckContext = USUAL_CONTEXT,
    limits: Limits = USUAL_LIMITS,
    gaps: Sequence[Gap] = (),
) -> Report:
    """Return the report of what was judged on `day`. `selected` names the judged rules (None: all); `warnings` are earlier ones."""
    maker = Findings.of(policy, estate, day)
    findings = sorted((maker.finding(each) for each in judged.judgements), key=order)
    omitted = tuple(_omitted(judged))
    check = Check(policy, estate, judged, day, selected, maker.waivers, maker.names, limits, gaps)
    return Report(
        policies=tuple(header.name for header in policy.headers),
        as_of=day,
        summary=_summary(estate, judged, findings, omitted),
        rules=tuple(sorted(judged.counts, key=lambda count: _by_place(count.rule.span, count.rule.name))),
        assumptions=tuple(sorted(judged.assumptions, key=_by_entity)),
        warnings=in_order([*warnings, *cautions(check)]),
        findings=tuple(findings),
        terms=replace(terms, omitted=sum(each.count for each in omitted)),
        names=estate.names,
        omitted=omitted,
        gaps=tuple(gaps),
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """Makes findings of judgements on one day; `replace(findings, day=other)` makes those of another day."""

    names: Names
    waivers: Waivers
    wording: Wording
    day: date
    places: dict[int, Span | None] = field(default_factory=dict)
    crossed: dict[str, Hop] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, estate: Estate, day: date) -> Findings:
        """Return the maker of an estate's findings."""
        names = Names(estate, policy)
        return cls(names, Waivers(estate.waivers, policy.taxonomy("data").on(day)), Wording(names), day)

    def finding(self, found: Judgement) -> Finding:
        rule, subject = found.rule, Subject(found.kind, found.subject)
        at_fault = [pair for pair in found.judged if pair.verdict is found.verdict]
        pairs = tuple(sorted({pair.pair for pair in at_fault if pair.pair}))
        joined = [category for pair in pairs for category in pair]
        data = _known([*(pair.data for pair in at_fault), *joined])
        purposes = _known(pair.purpose for pair in at_fault)
        covering = self.waivers.covering(found, self.day)
        record = self.names.record(subject)
        return Finding(
            rule=rule.name,
            verdict=found.verdict,
            severity=rule.severity,
            subject=subject,
            message=self.wording.message(
                Matter(rule, subject, found.verdict, data, purposes, pairs, found.permits, found.brought)
            ),
            fingerprint=fingerprint(rule.name, subject.kind.value, subject.id, found.verdict.word),
            judged=tuple(
                replace(pair, waived=True) if waiver else pair
                for pair, waiver in zip(found.judged, covering, strict=True)
            ),
            data=data,
            purposes=purposes,
            pairs=pairs,
            explained=found.explained,
            because=found.because,
            path=found.path,
            hops=tuple(self._hop(flow) for flow in found.path),
            missing=found.missing,
            cause=found.cause,
            in_every_case=found.in_every_case,
            too_many_cases=found.too_many_cases,
            title=rule.title,
            cites=rule.cites,
            hint=rule.hint,
            owner=self.names.owner(subject),
            location=self._place(record),
            rule_location=rule.span,
            waiver=decisive(covering),
        )

    def _place(self, record: Record | None) -> Span | None:
        if record is None:
            return None
        key = id(record)  # the estate keeps its records as long as this lives
        if key not in self.places:
            self.places[key] = record.location()
        return self.places[key]

    def _hop(self, flow: str) -> Hop:
        if flow not in self.crossed:
            self.crossed[flow] = Hop(flow, *self.names.ends(flow), self.names.location_of_flow(flow))
        return self.crossed[flow]


def _known(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name is not None}))


def _omitted(judged: Judged) -> Iterator[Omitted]:
    """Yield what was counted, but not kept."""
    kept = Counter((each.rule.name, each.verdict) for each in judged.judgements)
    for count in judged.counts:
        for verdict, total in ((Verdict.VIOLATION, count.violations), (Verdict.UNDETERMINED, count.undetermined)):
            left = total - kept[count.rule.name, verdict]
            if left > 0:
                yield Omitted(count.rule.name, count.rule.severity, verdict, left)


def _summary(estate: Estate, judged: Judged, findings: list[Finding], omitted: Sequence[Omitted]) -> Summary:
    return Summary(len(judged.counts), len(estate.systems), len(estate.flows), **_figures(findings, omitted))


def _figures(findings: Sequence[Finding], omitted: Sequence[Omitted]) -> dict[str, int]:
    verdicts = Counter(finding.verdict for finding in findings)
    for each in omitted:
        verdicts[each.verdict] += each.count
    return {
        "violations": verdicts[Verdict.VIOLATION],
        "undetermined": verdicts[Verdict.UNDETERMINED],
        "waived": sum(finding.waived for finding in findings),
    }


def _by_place(span: Span, name: str) -> tuple[str, int, int, str]:
    return span.file, span.line, span.column, name


def _by_entity(found: Assumption) -> tuple[str, str, str, str, int, int]:
    span = found.location or Span("", 0, 0)
    return found.entity.value, found.attribute, show(found.value), span.file, span.line, span.column
