"""The mutants of a policy: every small change of its rules and defines that its tests should notice.

no_selling: `barter` dropped in `exchange is (sale, rental, barter)`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from privacy_rules.language.conditions import Rewriter, rule_conditions, terms
from privacy_rules.language.policy import Condition, Defined, Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.language_files import is_shipped
from privacy_rules.source.span import Span
from privacy_rules.testing.condition_mutations import Alterations, Steps, TooManySteps

MOST_STEPS = 1_000_000
"""How many parts the mutants of a policy may have together: forty times as many as those of the example."""
_NARROWED = (Kind.COLLECTION, Kind.SHARING, Kind.DISCLOSURE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed policy. `name` says what changed; it depends on the words of the policy there, and on nothing else.

    `rules` are the changed rules. `affected` names the rules whose verdicts may differ: a permit affects those that it lifts.
    """

    name: str
    span: Span
    rules: tuple[Rule, ...]
    affected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mutants:
    """The mutants of a policy by place, and the rules and defines with missing mutants, because they are too large."""

    found: tuple[Mutant, ...]
    cut_short: tuple[str, ...] = ()


def mutants(policy: Policy, most_steps: int = MOST_STEPS) -> Mutants:
    """Return the mutants of a policy, without those of shipped packs; two of one name are numbered.

    A mutant takes as many steps as the rules that it affects have parts. Small rules come first, so that a rule that
    uses up all steps does not prevent the mutants of others.
    """
    steps = Steps(most_steps)
    alterations, sizes = Alterations(policy, steps), _Sizes(policy)
    sources = [
        (sizes.judged(rule), rule.name, _of_rule(rule, alterations))
        for rule in policy.rules
        if not is_shipped(rule.span.file)
    ]
    sources += _of_defines(policy, alterations, sizes)
    found: list[Mutant] = []
    cut_short: list[str] = []
    for size, name, changed in sorted(sources, key=lambda each: each[0]):
        try:
            for each in changed:
                steps.take(size)
                found.append(each)
        except TooManySteps:
            cut_short.append(name)
    found.sort(key=lambda each: (each.span.file, each.span.line, each.span.column))
    times: Counter[str] = Counter()
    numbered = []
    for each in found:
        times[each.name] += 1
        again = f" ({times[each.name]})" if times[each.name] > 1 else ""
        numbered.append(replace(each, name=each.name + again))
    return Mutants(tuple(numbered), tuple(cut_short))


class _Sizes:
    """How many parts have to be judged to try a change of a rule: its own, and those of the permits that lift it."""

    def __init__(self, policy: Policy) -> None:
        self._own = {
            rule.name: len(rule.despite) + sum(1 + sum(1 for _ in terms(each)) for each in rule_conditions(rule))
            for rule in policy.rules
        }
        self._with_permits = Counter(self._own)
        for permit in policy.rules:
            for name in permit.despite:
                self._with_permits[name] += self._own[permit.name]

    def judged(self, rule: Rule) -> int:
        """How many parts have to be judged if the rule changes; for a permit those of all rules that it lifts."""
        return self.of_rules(_affected(rule))

    def of_rules(self, names: Iterable[str]) -> int:
        """How many parts the rules of these names have, permits that lift them included."""
        return sum(1 + self._with_permits[name] for name in names)


def _affected(rule: Rule) -> tuple[str, ...]:
    return rule.despite if rule.statement == "permit" else (rule.name,)


def _of_rule(rule: Rule, alterations: Alterations) -> Iterator[Mutant]:
    for span, words, changed in _changed(rule, alterations):
        yield Mutant(f"{rule.name}: {words}", span, (changed,), frozenset(_affected(rule)))


def _changed(rule: Rule, alterations: Alterations) -> Iterator[tuple[Span, str, Rule]]:
    yield from _changed_subject(rule, alterations)
    for name, word in (("when", "when "), ("unless", "unless ")):
        condition: Condition | None = getattr(rule, name)
        if condition is not None:
            yield condition.span, f"without `{word}{condition.text}`", _put(rule, name, None)
    for name in ("when", "unless", "required"):
        condition = getattr(rule, name)
        for each in alterations.of(condition) if condition is not None else ():
            yield each.span, each.words, _put(rule, name, each.condition)
    for number, alternative in enumerate(rule.alternatives):
        before, after = rule.alternatives[:number], rule.alternatives[number + 1 :]
        words = f"without the alternative `{alternative.text}`"
        yield alternative.span, words, replace(rule, alternatives=(*before, *after))
        for each in alterations.of_alternative(alternative):
            yield each.span, each.words, replace(rule, alternatives=(*before, each.condition, *after))
    for number, name in enumerate(rule.despite):
        rest = (*rule.despite[:number], *rule.despite[number + 1 :])
        yield rule.name_span or rule.span, f"does not lift `{name}`", replace(rule, despite=rest)
    for name, word in (("applies_from", "from"), ("applies_until", "until")):
        day = getattr(rule, name)
        if day is not None:
            yield rule.span, f"without `applies {word} {day}`", _put(rule, name, None)


def _changed_subject(rule: Rule, alterations: Alterations) -> Iterator[tuple[Span, str, Rule]]:
    subject = rule.subject
    if subject.kind in _NARROWED:
        words = f"`{subject.kind}` widened to `flow`"
        yield subject.span, words, replace(rule, subject=replace(subject, kind=Kind.FLOW))
    for number, limit in enumerate(subject.limits):
        before, after = subject.limits[:number], subject.limits[number + 1 :]
        dropped = replace(subject, limits=(*before, *after))
        yield limit.span, f"without the limit `{limit.text}`", replace(rule, subject=dropped)
        for each in alterations.of(limit):
            changed = replace(subject, limits=(*before, each.condition, *after))
            yield each.span, each.words, replace(rule, subject=changed)


def _put(rule: Rule, name: str, value: Condition | None) -> Rule:
    changed: dict[str, Any] = {name: value}
    return replace(rule, **changed)


# Defines: one change is made at every use.


def _of_defines(policy: Policy, alterations: Alterations, sizes: _Sizes) -> Iterator[tuple[int, str, Iterator[Mutant]]]:
    """Yield for each define that a rule uses how many parts a mutant has, its name, and its mutants."""
    bodies: dict[str, dict[int, Condition]] = {}
    users: dict[str, list[Rule]] = {}
    for rule in policy.rules:
        if is_shipped(rule.span.file):
            continue
        for name, several in _defines_of(rule).items():
            bodies.setdefault(name, {}).update(several)
            users.setdefault(name, []).append(rule)
    for name in sorted(bodies):
        affected = frozenset(each for rule in users[name] for each in _affected(rule))
        changed = _of_define(name, list(bodies[name].values()), users[name], affected, alterations)
        yield sizes.of_rules(affected), f"define {name}", changed


def _of_define(
    name: str, bodies: Sequence[Condition], users: Sequence[Rule], affected: frozenset[str], alterations: Alterations
) -> Iterator[Mutant]:
    """Yield the mutants of a define. Its bodies are one text, resolved for each place of use: all change at once."""
    for together in zip(*map(alterations.of, bodies), strict=True):
        rewriter = Rewriter({id(body): each.condition for body, each in zip(bodies, together, strict=True)})
        first = together[0]
        yield Mutant(f"define {name}: {first.words}", first.span, tuple(map(rewriter.rule, users)), affected)


def _defines_of(rule: Rule) -> dict[str, dict[int, Condition]]:
    """The bodies of the defines that a rule uses, directly or in other defines, by name and identity."""
    found: dict[str, dict[int, Condition]] = {}
    for each in rule_conditions(rule):
        if isinstance(each, Defined):
            found.setdefault(each.name, {})[id(each.body)] = each.body
    return found
