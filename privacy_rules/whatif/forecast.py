"""Days to come on which a verdict changes with nothing edited: contracts start and end, rules begin and cease, waivers too.

    found = forecast(policy, estate, date(2026, 11, 1), date(2027, 11, 1))

Nothing else in the language looks at the day, so only days on which one of these does something are judged: between two of them
every day is like the one before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from privacy_rules.checking.checker import judge
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.graph.known import known
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.whatif.turns import Key, Turn, by_key, turns


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens by itself on a day: `contract mail-terms ends`."""

    words: str
    location: Span | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which some verdict or waived state changes."""

    day: date
    events: tuple[Event, ...]
    turns: tuple[Turn, ...]


def forecast(policy: Policy, estate: Estate, start: date, until: date) -> tuple[Day, ...]:
    """The days after `start`, up to and with `until`, on which something changes, in order."""
    graph = FlowGraph.of(estate, policy)
    before, found = _findings(policy, graph, start), []
    events = events_of(policy, estate)
    for day in sorted(each for each in events if start < each <= until):
        after = _findings(policy, graph, day)
        changed = tuple(turns(before, after))
        if changed:
            found.append(Day(day, tuple(events[day]), changed))
        before = after
    return tuple(found)


def events_of(policy: Policy, estate: Estate) -> Mapping[date, list[Event]]:
    """What happens by itself, by the day from which it holds."""
    found: dict[date, list[Event]] = defaultdict(list)
    for day, event in _all_events(policy, estate):
        if day not in (date.min, date.max):  # a contract with no start or no end
            found[day].append(event)
    return {day: sorted(each, key=lambda event: event.words) for day, each in found.items()}


def _all_events(policy: Policy, estate: Estate) -> Iterator[tuple[date, Event]]:
    for contract in estate.contracts.values():
        for name, words in (("from", "starts"), ("until", "ends")):
            day, _ = known(contract, policy.attributes[Entity.CONTRACT, name])
            if isinstance(day, date):
                yield day, Event(f"contract {contract.id} {words}", contract.location(name))
    for rule in policy.rules:
        if rule.applies_from:
            yield rule.applies_from, Event(f"rule {rule.name} begins to apply", rule.span)
        if rule.applies_until:
            yield rule.applies_until, Event(f"rule {rule.name} ceases to apply", rule.span)
    for waiver in estate.waivers:
        of = f"the waiver of {waiver.rule} for {waiver.subject}"
        yield waiver.until, Event(f"{of} lapses", waiver.location)
        if waiver.from_:
            yield waiver.from_, Event(f"{of} begins", waiver.location)


def _findings(policy: Policy, graph: FlowGraph, day: date) -> dict[Key, Finding]:
    return by_key(report(policy, graph.estate, judge(policy, graph, day), day))
