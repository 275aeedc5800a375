"""Warn about comparisons of `retention` that mix periods which start with different events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from privacy_rules.checking.attribute_lookup import read
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import subjects
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import walk
from privacy_rules.language.periods import Unsaid, start_of, unsaid
from privacy_rules.language.policy import Owner, Reference
from privacy_rules.manifest.model import Record
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import ITEM_LISTS
from privacy_rules.vocabulary.taxonomy import Taxonomy
from privacy_rules.vocabulary.values import UNLIMITED

_START = "retention_from"


def mixed_periods(graph: FlowGraph, day: date, rules: Collection[str] | None) -> Iterator[Diagnostic]:
    """Yield a warning for each comparison that mixes periods, of the rules in force or of those of `rules`.

    A comparison with a fixed length mixes the periods of all subjects of its rule; a comparison of two periods mixes these two.
    """
    cores = [each for each in core_rules(graph.policy, day) if rules is None or each.rule.name in rules]
    asked = [(core, each) for core in cores for each in unsaid(graph.policy, core.rule)]
    if not asked or not _says_starts(graph, [place for _, each in asked for place in each.periods]):
        return
    evaluator = Evaluator(graph.policy, graph, day)
    for core, each in asked:
        if events := _Mixed(evaluator, each).of(core):
            message = f"rule `{core.rule.name}` compares periods that start with different events: {_words(events)}"
            help_ = f"test `{_START}` in the rule, too: lengths alone do not say which period ends first"
            yield Diagnostic(codes.MIXED_PERIODS, message, each.condition.span, help_, level=Level.WARNING)


def _words(events: Mapping[str, str]) -> str:
    if len(set(events.values())) == 1:
        return f"{listed([f'`{event}`' for event in events])} in `{next(iter(events.values()))}`"
    return listed([f"`{event}` in `{subject}`" for event, subject in events.items()])


def _says_starts(graph: FlowGraph, places: Sequence[tuple[object, Owner]]) -> bool:
    """Return whether the manifest says, for any period at such places, what the period starts with."""
    of_flows = any(owner is Owner.FLOW for _, owner in places)
    return any(map(_says_start, graph.systems)) or (of_flows and any(map(_says_start, graph.flows)))


def _says_start(record: Record) -> bool:
    if _START in record.declared or _START in record.defaults:
        return True
    items = (each for name in (*ITEM_LISTS[record.entity], "transforms") for each in record.items_of(name))
    return any(_START in dict(each.declared) for each in items)


class _Mixed:
    """Finds two periods of one comparison that must start with different events."""

    def __init__(self, evaluator: Evaluator, found: Unsaid) -> None:
        self._evaluator, self._condition = evaluator, found.condition
        self._events: Taxonomy = evaluator.policy.taxonomy("trigger")
        self._periods = [(each, start_of(evaluator.policy, each)) for each in found.periods.values()]

    def of(self, core: CoreRule) -> Mapping[str, str]:
        """Return two events that periods in the rule's scope start with, each with a subject; empty if there are none."""
        ruling, when, seen = Ruling(self._evaluator, core), core.rule.when, dict[str, str]()
        with_when = when is not None and not any(each is self._condition for each in walk(when))
        for name, frame, bindings in subjects(self._evaluator.graph, ruling.family):
            for binding in bindings:
                ruling.bind(frame, binding)
                starts = dict.fromkeys(self._starts(frame), name)
                earlier = seen if len(self._periods) == 1 else {}
                if starts.keys() <= earlier.keys() or len(starts) < len(self._periods):
                    continue
                if self._end(frame) and ruling.may_apply(frame, when=with_when):
                    if found := self._apart({**earlier, **starts, **earlier}):
                        return found
                    seen |= starts
        return {}

    def _apart(self, events: Mapping[str, str]) -> Mapping[str, str]:
        """Return two of the events that must differ."""
        pairs = ((one, other) for one, other in combinations(events, 2) if not self._events.overlaps(one, other))
        return {each: events[each] for each in next(pairs, ())}

    def _starts(self, frame: Frame) -> list[str]:
        """Return what the compared periods start with, as far as it is known."""
        return [event for _, start in self._periods if isinstance(event := self._value(frame, start), str)]

    def _end(self, frame: Frame) -> bool:
        """Return whether the lengths of the compared periods are known, and not unlimited."""
        return all(self._value(frame, period) not in (None, UNLIMITED) for period, _ in self._periods)

    def _value(self, frame: Frame, name: Reference) -> object:
        return read(self._evaluator.graph, frame, name)[0]
