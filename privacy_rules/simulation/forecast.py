"""Find the days on which a verdict will change although nobody edits anything.

    found = forecast(policy, estate, date(2026, 11, 1), date(2027, 11, 1))

Contracts, rules and waivers start and end, comparisons with `today` change, and terms begin or cease to be below others. Nothing
else in the language depends on the day, so only those days are judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from operator import itemgetter

from privacy_rules.checking.judgements import Judgement
from privacy_rules.checking.outcomes import SubjectResult
from privacy_rules.findings.finding import Subject
from privacy_rules.findings.report import Findings
from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.day_by_day import Change, DayByDay
from privacy_rules.simulation.finding_delta import FindingChange
from privacy_rules.simulation.today_comparisons import days_of_change, tests_of_today
from privacy_rules.simulation.vocabulary_days import turning, turns
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity

MOST_DESCRIBED = 20_000
"""How many changes of one forecast are described: each takes about 0.1 ms and 600 bytes of JSON."""


_Side = tuple[str, SubjectResult | None, Findings]
"""A subject, what a rule finds of it on a day, and what makes the finding."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that starts, ends or changes on a day: `contract mail-terms ends`."""

    words: str
    location: Span | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which a verdict or waived state changes. `more`: how many changes are not among `finding_changes`."""

    day: date
    events: tuple[Event, ...]
    finding_changes: tuple[FindingChange, ...]
    more: int = 0


def forecast(
    policy: Policy, estate: Estate, start: date, until: date, *, most: int = MOST_DESCRIBED
) -> tuple[Day, ...]:
    """Return the days after `start`, up to and including `until`, on which something changes, in order.

    At most `most` changes are described. The last day is the one on which that number is exceeded: its `more` is not 0.
    """
    events = {day: each for day, each in events_of(policy, estate).items() if start < day <= until}
    if not events:
        return ()
    by_day, waived = DayByDay(policy, FlowGraph.of(estate, policy.on(start)), start, until), _waived(estate)
    turned = turning(policy)
    before, found = Findings.of(policy, estate, start), []
    for day in sorted(events):
        after = Findings.of(policy, estate, day) if day in turned else replace(before, day=day)
        described, count = list[FindingChange](), 0
        for change in _finding_changes(by_day.go_to(day, waived[day]), before, after):
            count += 1
            if count <= most:
                described.append(change())
        if count:
            found.append(Day(day, tuple(events[day]), tuple(described), count - len(described)))
        most -= count
        if most < 0:
            break
        before = after
    return tuple(found)


def _waived(estate: Estate) -> Mapping[date, Mapping[str, set[str]]]:
    """Return the rules and subjects whose waivers start or expire, by day."""
    found: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for waiver in estate.waivers:
        for day in (waiver.from_, waiver.until):
            if day is not None:
                found[day][waiver.rule].add(waiver.subject)
    return found


def _finding_changes(
    changes: Iterable[tuple[Rule, Mapping[str, Change]]], before: Findings, after: Findings
) -> Iterator[Callable[[], FindingChange]]:
    """Yield the differences between two days, in the order of rule and subject, as functions that make the findings."""
    for rule, subjects in changes:
        for subject, (was, now) in sorted(subjects.items(), key=itemgetter(0)):
            sides = (subject, was, before), (subject, now, after)
            if was != now or _waived_pairs(rule, *sides[0]) != _waived_pairs(rule, *sides[1]):
                yield partial(_finding_change, rule, *sides)


def _finding_change(rule: Rule, *sides: _Side) -> FindingChange:
    was, now = (
        findings.finding(_judgement(rule, subject, result)) if result else None for subject, result, findings in sides
    )
    return FindingChange(rule.name, Subject(rule.subject.kind.family, sides[0][0]), was, now)


def _judgement(rule: Rule, subject: str, result: SubjectResult) -> Judgement:
    kind = rule.subject.kind.family
    return Judgement(rule, kind, subject, result.verdict, result.judged, explained=False, permits=result.permits)


def _waived_pairs(rule: Rule, subject: str, result: SubjectResult | None, findings: Findings) -> list[bool]:
    """Which judged pairs waivers cover."""
    covering = findings.waivers.covering(_judgement(rule, subject, result), findings.day) if result else ()
    return [each is not None for each in covering]


def events_of(policy: Policy, estate: Estate) -> Mapping[date, list[Event]]:
    """Return what starts, ends and changes, by day."""
    found: dict[date, list[Event]] = defaultdict(list)
    for day, event in _all_events(policy, estate):
        if day not in (date.min, date.max):  # a contract without a start or an end
            found[day].append(event)
    return {day: sorted(each, key=lambda event: event.words) for day, each in found.items()}


def _all_events(policy: Policy, estate: Estate) -> Iterator[tuple[date, Event]]:
    for contract in estate.contracts.values():
        for name, words in (("from", "starts"), ("until", "ends")):
            day, _ = known(contract, policy.attributes[Entity.CONTRACT, name])
            if isinstance(day, date):
                yield day, Event(f"contract {contract.id} {words}", contract.location(name))
    for test in tests_of_today(policy):
        for change in days_of_change(policy, estate, test):
            words = f"`{test.text}` becomes {'true' if change.becomes else 'false'} for {change.record.entity} {change.record.id}"
            yield change.day, Event(words, change.location)
    for day, turn in turns(policy):
        yield day, Event(turn.words, turn.location)
    for rule in policy.rules:
        if rule.applies_from:
            yield rule.applies_from, Event(f"rule {rule.name} begins to apply", rule.span)
        if rule.applies_until:
            yield rule.applies_until, Event(f"rule {rule.name} ceases to apply", rule.span)
    for waiver in estate.waivers:
        of = f"the waiver of {waiver.rule} for {waiver.subject}"
        yield waiver.until, Event(f"{of} expires", waiver.location)
        if waiver.from_:
            yield waiver.from_, Event(f"{of} begins", waiver.location)
