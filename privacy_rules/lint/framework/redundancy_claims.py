"""Claims about rules, with and without one of their parts; each holds for every manifest.

Removing a part can change verdicts in one direction only, so only one implication has to be proved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from privacy_rules.analysis.queries import Questions
from privacy_rules.language.policy import All, Condition, Rule
from privacy_rules.language.subject_kinds import Kind


def applies(ask: Questions, rule: Rule) -> bool:
    """Whether some facts can put a subject in the rule's scope; true, too, if the question is too large."""
    return not ask.never_true(ask.scope(rule))


def needless_alternatives(ask: Questions, rule: Rule) -> Iterator[int]:
    """Yield the numbers of the alternatives that change no verdict if the others are kept, from last to first."""
    nodes = [ask.of(each) for each in rule.alternatives]
    kept = Counter(nodes)
    for number, node in reversed(list(enumerate(nodes))):
        if _is_needless(ask, rule, kept, node):
            _remove_one(kept, node)
            yield number


def _remove_one(kept: Counter[int], node: int) -> None:
    kept[node] -= 1
    if not kept[node]:
        del kept[node]


def _is_needless(ask: Questions, rule: Rule, kept: Counter[int], node: int) -> bool:
    """Whether every verdict is the same with one alternative less; the last one is always needed."""
    if kept[node] > 1:
        return True
    fewer = [each for each in kept if each != node]
    return bool(fewer) and ask.at_most(ask.verdict_with(rule, fewer), ask.verdict_with(rule, kept))


def is_out_of_scope(ask: Questions, rule: Rule, number: int) -> bool:
    """Whether nothing in the rule's scope can satisfy an alternative."""
    return ask.never_together([ask.scope(rule), ask.of(rule.alternatives[number])])


def wider(ask: Questions, rule: Rule, number: int) -> Condition | None:
    """Return an alternative that alone makes another one needless; None if only several together do."""
    scope, one = ask.scope(rule), ask.of(rule.alternatives[number])
    for other in rule.alternatives:
        if other is not rule.alternatives[number]:
            both = ask.verdict(scope, [one, ask.of(other)])
            if ask.same(both, ask.verdict(scope, [ask.of(other)])):
                return other
    return None


def lifts_all(ask: Questions, rule: Rule) -> bool:
    """Whether the rule has no violation because of its exception."""
    if rule.unless is None or not applies(ask, rule):
        return False
    return ask.never_true(ask.verdict_of(rule)) and ask.can_be_true(ask.verdict_of(replace(rule, unless=None)))


def is_idle_exception(ask: Questions, rule: Rule) -> bool:
    """Whether every verdict is the same without the exception, although it can be true."""
    if rule.unless is None or not applies(ask, rule) or not ask.can_be_true(ask.of(rule.unless)):
        return False
    return ask.at_most(ask.verdict_of(replace(rule, unless=None)), ask.verdict_of(rule))


def cannot_fail(ask: Questions, rule: Rule) -> bool:
    """Whether no subject can violate the rule, although it applies, and the exception is not the reason."""
    if rule.statement == "permit" or not applies(ask, rule) or lifts_all(ask, rule):
        return False
    return ask.never_true(ask.verdict_of(rule))


def cannot_be_met(ask: Questions, rule: Rule, permits: Sequence[Rule]) -> bool:
    """Whether nothing in the scope can comply, permits included, although the requirement can be true elsewhere."""
    asked = [each for each in (rule.required, *rule.alternatives) if each is not None]
    if not asked or not applies(ask, rule) or not any(ask.can_be_true(ask.of(each)) for each in asked):
        return False
    met = [*ask.requirements(rule), *map(ask.scope, permits)]
    return ask.never_together([ask.scope(rule), ask.make.any_of(met)])


def by_family(rules: Iterable[Rule]) -> Collection[Sequence[Rule]]:
    """Group rules by the family of their subjects' kind."""
    found: dict[Kind, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.subject.kind.family, []).append(rule)
    return found.values()


def lifts_nothing(ask: Questions, permit: Rule, rule: Rule) -> bool:
    """Whether every verdict of a rule is the same without the permit, because of their scopes or their days."""
    return not overlap(permit, rule) or ask.at_most(ask.verdict_of(rule), ask.verdict_of(rule, [permit]))


def permits_all(ask: Questions, permit: Rule, rule: Rule) -> bool:
    """Whether the permit lifts every violation of a rule that has some without it."""
    return ask.can_be_true(ask.verdict_of(rule)) and ask.never_true(ask.verdict_of(rule, [permit]))


def is_implied(ask: Questions, rule: Rule, other: Rule, permits: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether the other rule is in force whenever the rule is, and gives the same verdicts or worse ones.

    `permits` lift the rule, `others` the other rule. Of `permits`, only those count that also lift the other rule and
    are in force whenever the rule is, because the rest may lift the one rule but not the other.
    """
    if rule.subject.kind.family is not other.subject.kind.family or not within(rule, other):
        return False
    common = [each for each in permits if within(rule, each) and any(each is one for one in others)]
    return ask.at_most(ask.verdict_of(rule, common), ask.verdict_of(other, others))


def needless_beside(ask: Questions, permit: Rule, rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether other permits lift everything of a rule that a permit lifts, on each day that it is in force.

    Only permits that are in force whenever this one is count.
    """
    there = [each for each in others if within(permit, each)]
    return bool(there) and ask.at_most(ask.verdict_of(rule, there), ask.verdict_of(rule, [*there, permit]))


def met(ask: Questions, rule: Rule, permits: Sequence[Rule]) -> int:
    """The node that says: a subject is in the rule's scope and complies with the rule, permits included."""
    ways = ask.make.any_of([*ask.requirements(rule), *map(ask.scope, permits)])
    return ask.make.all_of([ask.scope(rule), ways])


def at_odds(ask: Questions, rule: Rule, other: Rule, permits: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether everything in the rule's scope that complies with it violates the other, while both are in force.

    All permits count, whether or not they are in force, so that the answer holds on every day.
    """
    if rule.subject.kind.family is not other.subject.kind.family or not overlap(rule, other):
        return False
    return ask.never_violated(met(ask, rule, permits), ask.verdict_of(other, others))


def overlap(*rules: Rule) -> bool:
    """Whether all are in force on some day."""
    begins = [each.applies_from for each in rules if each.applies_from]
    ends = [each.applies_until for each in rules if each.applies_until]
    return not begins or not ends or max(begins) < min(ends)


def within(rule: Rule, other: Rule) -> bool:
    """Whether the other is in force on each day on which the rule is."""
    begun = other.applies_from is None or (rule.applies_from is not None and other.applies_from <= rule.applies_from)
    goes_on = other.applies_until is None or (
        rule.applies_until is not None and rule.applies_until <= other.applies_until
    )
    return begun and goes_on


def implied_parts(ask: Questions, rule: Rule) -> Iterator[Condition]:
    """Yield the limits, and the parts of a `when` or of a needed alternative, that change no verdict beside the others.

    The last part comes first; parts that were yielded no longer count among the others.
    """
    kind = ask.limits(replace(rule, subject=replace(rule.subject, limits=())))

    def is_implied(node: int, fewer: Sequence[int]) -> bool:
        return ask.at_most(ask.make.all_of([kind, *fewer]), node)

    yield from _implied_among([*rule.subject.limits, *_conjuncts(rule.when)], ask, is_implied)
    needless = set(needless_alternatives(ask, rule))
    nodes = [ask.of(each) for each in rule.alternatives]
    for number, alternative in enumerate(rule.alternatives):
        if number not in needless:
            yield from _implied_in(ask, rule, alternative, [*nodes[:number], *nodes[number + 1 :]])


def _implied_in(ask: Questions, rule: Rule, alternative: Condition, others: Sequence[int]) -> Iterator[Condition]:
    """Yield the implied parts of one alternative, the other alternatives as they are; one part always stays."""
    scope = ask.scope(rule)

    def verdict(parts: Sequence[int]) -> int:
        return ask.verdict(scope, [ask.make.all_of(parts), *others])

    def is_implied(node: int, fewer: Sequence[int]) -> bool:
        return bool(fewer) and ask.at_most(verdict([*fewer, node]), verdict(fewer))

    yield from _implied_among(_conjuncts(alternative), ask, is_implied)


def _implied_among(
    parts: Sequence[Condition], ask: Questions, is_implied: Callable[[int, Sequence[int]], bool]
) -> Iterator[Condition]:
    """Yield the parts that are repeated or implied by the kept parts, from last to first."""
    nodes = [ask.of(each) for each in parts]
    kept = Counter(nodes)
    for part, node in zip(reversed(parts), reversed(nodes), strict=True):
        if kept[node] > 1 or is_implied(node, [each for each in kept if each != node]):
            _remove_one(kept, node)
            yield part


def _conjuncts(condition: Condition | None) -> list[Condition]:
    """The parts of an `and`. Defines are not split, because they are also used elsewhere."""
    if isinstance(condition, All):
        return [each for part in condition.parts for each in _conjuncts(part)]
    return [] if condition is None else [condition]
