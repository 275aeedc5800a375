"""Small manifests that show what a policy does, each confirmed by the checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from privacy_rules.analysis.asking import scope_rule
from privacy_rules.analysis.example_shrinking import Checker, Data, smallest, topic_of
from privacy_rules.analysis.finder import Asked, Finder, More
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import No, Wish
from privacy_rules.checking.logic import TRUE, UNKNOWN, Verdict
from privacy_rules.language.policy import Policy, Rule, Subject
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span

_A_CHECK = 500
"""How many steps a check of a small manifest counts as."""


@dataclass(frozen=True, slots=True)
class CheckedExample:
    """A manifest with one subject of a kind, checked on a day, and the verdicts of rules about it. `topic` is what kind of subject it is."""

    kind: Kind
    data: Data
    day: date
    topic: str
    verdicts: tuple[tuple[str, Verdict], ...] = ()


class Examples:
    """Finds such manifests for one policy on a day. Raises Spent if the effort of the questions is used up."""

    def __init__(self, ask: Questions, policy: Policy, day: date) -> None:
        self._ask, self._day = ask, day
        self._policy = policy.only_on(day)
        self._finder = Finder(ask, policy)
        self._rules = [each for each in policy.rules if each.statement != "permit" and each.in_force(day)]
        kinds = [_whole(kind) for kind in Kind]
        scopes = [scope_rule(each) for each in (*self._rules, *kinds)]
        self._checker = Checker(replace(self._policy, rules=(*self._policy.rules, *scopes)), day)

    def of(self, rule: Rule, wishes: Sequence[Wish], wanted: Mapping[str, Verdict]) -> CheckedExample | No:
        """Return an example of which wishes hold, to which a rule applies, and about which rules have certain verdicts; or why there is none."""
        kind, expected = rule.subject.kind, {scope_rule(rule).name: Verdict.VIOLATION, **wanted}

        def fits(data: Data) -> bool:
            self._ask.make.effort.take(_A_CHECK * len(expected))
            return self._checker.verdicts(data, expected) == expected

        found = self._finder.find(Asked(wishes, kind.family, self._day, lambda data: data if fits(data) else None))
        return found if isinstance(found, No) else self._shown(kind, smallest(found, fits), tuple(wanted.items()))

    def outside(self, kind: Kind) -> CheckedExample | No:
        """Return an example of a subject of a kind to which no rule applies, or why there is none."""
        whole = _whole(kind)
        rules = {scope_rule(each).name: each for each in self._rules if each.subject.kind.family is kind.family}
        added: list[str] = []

        def applying(data: Data) -> list[str]:
            self._ask.make.effort.take(_A_CHECK)
            verdicts = self._checker.verdicts(data, rules) or {}
            return [name for name in rules if verdicts.get(name) is not Verdict.COMPLIANT]

        def is_one(data: Data) -> bool:
            return self._verdict(data, scope_rule(whole).name) is Verdict.VIOLATION

        def confirm(data: Data) -> Data | More | None:
            if not is_one(data):
                return None
            apply = applying(data)
            new = [name for name in apply if name not in added]
            added.extend(new)
            wishes: list[Wish] = [(self._ask.scope(rules[name]), False, UNKNOWN) for name in new]
            return More(wishes) if new else None if apply else data

        asked = Asked([(self._ask.scope(whole), True, TRUE)], kind.family, self._day, confirm)
        found = self._finder.find(asked)
        if isinstance(found, No):
            return found
        return self._shown(kind, smallest(found, lambda data: is_one(data) and not applying(data)))

    def _shown(self, kind: Kind, data: Data, verdicts: tuple[tuple[str, Verdict], ...] = ()) -> CheckedExample:
        return CheckedExample(kind, data, self._day, topic_of(self._policy, data), verdicts)

    def _verdict(self, data: Data, rule: str) -> Verdict | None:
        self._ask.make.effort.take(_A_CHECK)
        return self._checker.verdict(data, [rule])


def _whole(kind: Kind) -> Rule:
    """A rule about every subject of a kind, under a name that no policy can give."""
    nowhere = Span("", 1, 1)
    return Rule(f"every {kind.value}", "forbid", Subject(kind, (), nowhere, kind.value), nowhere)
