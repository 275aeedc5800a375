"""Finds rules that imply one another: once, for the two lints that report them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

from privacy_rules.analysis.implication_filter import Candidates
from privacy_rules.checking.logic import TRUE
from privacy_rules.language.policy import Rule
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.lint.framework.redundancy_claims import applies, by_family, cannot_fail, is_implied, within
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

_SEVERITIES = ("note", "warning", "error")
_KNOWN: WeakKeyDictionary[LintInput, list[Implied]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Implied:
    """A rule that one or several others imply. `both_ways`: two rules imply each other, and this is the later one."""

    rule: Rule
    others: tuple[Rule, ...]
    place: Span
    both_ways: bool


def implications(lint_input: LintInput) -> Iterable[Implied]:
    """The examined rules that other rules imply. Rules that can never find anything are left out; other lints report them."""
    lint_input.proving = True
    if lint_input not in _KNOWN:
        _KNOWN[lint_input] = list(_implications(lint_input))
    return _KNOWN[lint_input]


def _implications(lint_input: LintInput) -> Iterator[Implied]:
    ask = lint_input.questions
    rules = [each for each in lint_input.policy.rules if each.statement != "permit"]
    judging = [each for each in rules if applies(ask, each) and not cannot_fail(ask, each)]
    looked_at = {rule.name: tree.name.span for rule, tree in lint_input.rules}
    families = by_family(judging)
    found = [each for family in families for each in _alike(lint_input, family, looked_at)]
    found += [each for family in families for each in _in_family(lint_input, _firsts(lint_input, family), looked_at)]
    found += _by_several(lint_input, judging, looked_at, {each.rule.name for each in found})
    order = {rule.name: number for number, rule in enumerate(rules)}
    yield from sorted(found, key=lambda each: (order[each.rule.name], order[each.others[0].name]))


def _alike(lint_input: LintInput, family: Sequence[Rule], looked_at: dict[str, Span]) -> Iterator[Implied]:
    """Yield the rules that consist of the same conditions as an earlier one; these need no search."""
    for group in _groups(lint_input, family):
        for rule in group[1:]:
            if rule.name in looked_at:
                yield Implied(rule, (group[0],), looked_at[rule.name], both_ways=True)


def _firsts(lint_input: LintInput, family: Sequence[Rule]) -> list[Rule]:
    return [group[0] for group in _groups(lint_input, family)]


def _groups(lint_input: LintInput, family: Sequence[Rule]) -> list[list[Rule]]:
    """Group the rules of a family that have the same conditions, permits, severity and days."""
    found: dict[Hashable, list[Rule]] = defaultdict(list)
    for rule in family:
        permits = lint_input.permits_of(rule)
        verdict = lint_input.questions.verdict_of(rule, permits)
        alone = lint_input.questions.verdict_of(rule)
        key = verdict, alone, tuple(each.name for each in permits), rule.severity, rule.applies_from, rule.applies_until
        found[key].append(rule)
    return list(found.values())


def _in_family(lint_input: LintInput, family: Sequence[Rule], looked_at: dict[str, Span]) -> Iterator[Implied]:
    ask = lint_input.questions
    verdicts = [ask.verdict_of(each, lint_input.permits_of(each)) for each in family]
    candidates = Candidates(lint_input.policy, ask.make, verdicts)
    merged: set[int] = set()  # rules that mean the same as an earlier one are compared with no other
    for number, rule in enumerate(family):
        for at in _may_imply(lint_input, rule, candidates) if rule.name in looked_at else ():
            lint_input.checkpoint()
            other = family[at]
            if at == number or at in merged or not _implied(lint_input, rule, other):
                continue
            back = _implied(lint_input, other, rule)
            if not back or at < number:
                yield Implied(rule, (other,), looked_at[rule.name], back)
            if back and at < number:
                merged.add(number)
                break


def _may_imply(lint_input: LintInput, rule: Rule, candidates: Candidates) -> list[int]:
    """The rules of the family that may imply a rule, because they may find an example that the rule must find."""
    ask = lint_input.questions
    example = ask.example([(ask.verdict_of(rule, lint_input.permits_of(rule)), True, TRUE)])
    return [] if example is None else candidates.of(example)


def _by_several(
    lint_input: LintInput, judging: Sequence[Rule], places: dict[str, Span], gone: set[str]
) -> Iterator[Implied]:
    """Yield the rules that several others imply together, the last first. A rule that is yielded is not one of the others later."""
    there = {each.name for each in judging if each.name not in gone}
    for rule in reversed(judging):
        if rule.name not in places or rule.name in gone:
            continue
        lint_input.checkpoint()
        permits = [each for each in lint_input.permits_of(rule) if within(rule, each)]
        family = lint_input.coverings[rule.subject.kind.family]
        found = family.implying(rule, permits, _counting_for(rule, there))
        if found and len(found) > 1:
            there.discard(rule.name)
            yield Implied(rule, tuple(found), places[rule.name], both_ways=False)


def _counting_for(rule: Rule, there: set[str]) -> Callable[[Rule], bool]:
    return lambda other: other.name in there and at_least_as_severe(other, rule)


def at_least_as_severe(one: Rule, other: Rule) -> bool:
    """Whether the findings of one rule are at least as severe as those of another."""
    return _SEVERITIES.index(one.severity) >= _SEVERITIES.index(other.severity)


def _implied(lint_input: LintInput, rule: Rule, other: Rule) -> bool:
    """Whether a rule implies another; a less severe rule never implies a more severe one."""
    return at_least_as_severe(other, rule) and is_implied(
        lint_input.questions, rule, other, lint_input.permits_of(rule), lint_input.permits_of(other)
    )
