"""Answers questions about one policy: what can comply, what can violate, which rule implies which, and what is required and forbidden."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Literal

from privacy_rules.analysis import solver
from privacy_rules.analysis.example_shrinking import Checker, Data, smallest, topic_of
from privacy_rules.analysis.finder import LEVELS, Asked, Finder, More, unbounded
from privacy_rules.analysis.formula import Formulas
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.search import Model, No, Wish
from privacy_rules.analysis.variables import FactsTest, ValueOf
from privacy_rules.checking.core_rules import Cores, requirement_of
from privacy_rules.checking.logic import TRUE, UNKNOWN, Verdict
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass

_RELATED = frozenset(
    (
        "carries",
        "purposes",
        "origin",
        "from",
        "to",
        "role",
        "party",
        "parent",
        "country",
        "with",
        "between",
        "systems",
        "until",
    )
)
"""Attributes on which other variables depend."""
_MOST_SUBJECTS = 12
"""How many subjects of a rule may turn out to have a way to meet it, before the search for one without ends."""

Words = Literal["comply", "violate", "imply", "forbidden"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `rule` has the subject that it is about (as its scope), or is the first rule that it names; `other` the second.

    `under` names the rules that count; empty for all.
    """

    text: str
    word: Words
    rule: Rule
    other: Rule | None = None
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`yes`, `no` or `not proved`, with a manifest that shows a yes, and the rules that the answer depends on.

    `solver` names the solver if the search alone did not find the answer.
    """

    word: Literal["yes", "no", "not proved"]
    rules: tuple[str, ...] = ()
    data: Data | None = None
    topic: str = ""
    verdicts: tuple[tuple[str, Verdict], ...] = field(default=())
    solver: str | None = None


class Asking:
    """Answers questions about a policy on a day. `questions` are names of rules that only say what a question is about."""

    def __init__(self, policy: Policy, day: date, questions: Sequence[str] = ()) -> None:
        policy = policy.only_on(day)
        self._policy, self._day = policy, day
        self._ask = Questions(policy, effort=unbounded())
        self._finder = Finder(self._ask, policy)
        scopes = tuple(scope_rule(each) for each in policy.rules if each.statement != "permit")
        self._checker = Checker(replace(policy, rules=(*policy.rules, *scopes)), day)
        cores = Cores(policy)
        judging = [each for each in policy.rules if each.statement != "permit" and each.in_force(day)]
        self._rules = {each.name: each for each in judging if each.name not in questions}
        self._nodes = {each.name: self._ask.core(cores.of(each, day)) for each in judging}

    def answer(self, question: Question) -> Answer:
        """Answer one question."""
        before = self._ask.aided
        found = self._answer(question)
        aided = self._ask.aided > before and found.word != "not proved"
        return replace(found, solver=solver.NAME) if aided else found

    def _answer(self, question: Question) -> Answer:
        family = question.rule.subject.kind.family
        names = [
            name
            for name, rule in self._rules.items()
            if rule.subject.kind.family is family and (not question.under or name in question.under)
        ]
        match question.word:
            case "comply":
                return self._can_comply(question.rule, names)
            case "violate":
                return self._can_violate(question.rule, names)
            case "imply":
                assert question.other is not None
                return self._implies(question.rule, question.other)
            case _:
                return self._forbidden(question.rule, [each for each in names if each != question.rule.name])

    @property
    def _make(self) -> Formulas:
        return self._ask.make

    def _node(self, name: str) -> int:
        """The node of a rule's verdict; never a violation if the rule is not in force."""
        return self._nodes.get(name, self._make.constant(0))

    # ---- comply, violate

    def _can_comply(self, subject: Rule, names: Sequence[str]) -> Answer:
        added: list[str] = []
        found = self._complying(subject, names, added)
        if isinstance(found, No):
            return _no(found, self._needed(subject, added) if found is No.PROVED else added)
        return self._shown(found, subject, [], lambda data: self._verdict(data, names) is Verdict.COMPLIANT)

    def _complying(self, subject: Rule, names: Sequence[str], added: list[str]) -> Data | No:
        """Return a manifest with a subject that complies with the rules.

        Rules that forbid an example are added one by one.
        """

        def confirm(data: Data) -> Data | More | None:
            if self._verdict(data, [subject.name]) is not Verdict.VIOLATION:
                return None
            verdicts = self._checker.verdicts(data, names)
            bad = [
                each for each in names if verdicts is None or verdicts.get(each, Verdict.COMPLIANT) != Verdict.COMPLIANT
            ]
            new = [each for each in bad if each not in added]
            added.extend(new)
            wishes: list[Wish] = [(self._node(each), False, UNKNOWN) for each in new]
            return More(wishes) if new else None if bad else data

        wishes: list[Wish] = [(self._ask.scope(subject), True, TRUE)]
        wishes += [(self._node(each), False, UNKNOWN) for each in added]
        return self._find(wishes, subject.subject.kind, confirm)

    def _needed(self, subject: Rule, names: Sequence[str]) -> list[str]:
        """As few of the rules as are enough for the proof."""
        kept = list(names)
        for each in names:
            fewer = [name for name in kept if name != each]
            wishes: list[Wish] = [(self._ask.scope(subject), True, TRUE)]
            wishes += [(self._node(name), False, UNKNOWN) for name in fewer]
            if self._find(wishes, subject.subject.kind, lambda data: data) is No.PROVED:
                kept = fewer
        return kept

    def _can_violate(self, subject: Rule, names: Sequence[str]) -> Answer:
        unproved: list[str] = []
        for name in names:

            def confirm(data: Data, name: str = name) -> Data | None:
                wanted = [self._verdict(data, [each]) is Verdict.VIOLATION for each in (subject.name, name)]
                return data if all(wanted) else None

            wishes: list[Wish] = [(self._ask.scope(subject), True, TRUE), (self._node(name), True, TRUE)]
            found = self._find(wishes, subject.subject.kind, confirm)
            if not isinstance(found, No):
                return self._shown(found, subject, [name], lambda data, name=name: confirm(data, name) is not None)  # type: ignore[misc]
            unproved += [name] if found is No.NOT_PROVED else []
        return Answer("not proved", tuple(unproved)) if unproved else Answer("no", tuple(names))

    # ---- rules with each other

    def _implies(self, one: Rule, other: Rule) -> Answer:
        """Whether every subject that complies with the one rule also complies with the other."""
        answers: list[No] = []
        levels: list[list[Wish]] = [
            [(self._node(other.name), True, value), (self._node(one.name), False, least)] for value, least in LEVELS
        ]

        def verdicts(data: Data) -> list[Verdict | None]:
            return [self._verdict(data, [each.name]) for each in (one, other)]

        def confirm(data: Data) -> Data | None:
            found = verdicts(data)
            return data if None not in found and found[0] < found[1] else None  # type: ignore[operator]

        for wishes in levels:
            found = self._find(wishes, one.subject.kind, confirm)
            if not isinstance(found, No):
                as_found = verdicts(found)
                shown = self._shown(found, one, [one.name, other.name], lambda data: verdicts(data) == as_found)  # noqa: B023
                return Answer("no", shown.rules, shown.data, shown.topic, shown.verdicts)
            answers.append(found)
        proved = answers[0] is No.PROVED and self._finder.rules_out(levels[0])
        proved = proved or all(each is No.PROVED for each in answers)
        return Answer("yes" if proved else "not proved", (one.name, other.name))

    def _forbidden(self, rule: Rule, names: Sequence[str]) -> Answer:
        """Whether some subject in the rule's scope cannot meet this rule without violating another."""
        unproved: list[str] = []
        for name in names:
            found = self._without_way(rule, name)
            if not isinstance(found, No):
                both = [rule.name, name]
                verdicts = tuple((each, self._verdict(found, [each]) or Verdict.COMPLIANT) for each in both)
                return Answer("yes", tuple(both), found, topic_of(self._policy, found), verdicts)
            unproved += [name] if found is No.NOT_PROVED else []
        return Answer("not proved", tuple(unproved)) if unproved else Answer("no", tuple(names))

    def _without_way(self, rule: Rule, other: str) -> Data | No:
        """Return a manifest whose subject cannot meet this rule without violating another, with which it could otherwise comply."""
        met = self._make.any_of([self._ask.of(each.condition) for each in requirement_of(rule)])
        scope, node, of_met = self._ask.scope(rule), self._node(other), set(self._variables(met))
        free = self._is_free(of_met, [scope, met, node])
        if free and of_met.isdisjoint(self._variables(node)):
            return No.PROVED  # the other rule does not depend on what the rule requires
        wishes: list[Wish] = [(scope, True, TRUE), (met, True, TRUE), (node, True, TRUE)]
        begin = [*wishes, *self._kept_instead(of_met, scope, met, node)]

        def meets(data: Data) -> Data | None:
            verdicts = [self._verdict(data, [each]) for each in (rule.name, other)]
            applies = self._verdict(data, [scope_rule(rule).name]) is Verdict.VIOLATION
            return data if applies and verdicts == [Verdict.COMPLIANT, Verdict.VIOLATION] else None

        def both(data: Data) -> Data | None:
            return data if self._verdict(data, [rule.name, other]) is Verdict.COMPLIANT else None

        def keeps(data: Data) -> Data | None:
            return data if self._verdict(data, [other]) is Verdict.COMPLIANT else None

        unproved = False
        for _ in range(_MOST_SUBJECTS):
            found = self._find(begin, rule.subject.kind, meets)
            if isinstance(found, No):
                return No.NOT_PROVED if unproved else found
            facts = self._finder.last
            fixed = self._finder.node_of({each: facts[each] for each in facts if each not in of_met})
            ways = [*wishes[:2], (self._node(other), False, UNKNOWN), (fixed, True, TRUE)]
            way = self._find(ways, rule.subject.kind, both)
            taken = {each: answers for each, answers in self._finder.last.items() if each in of_met}
            if way is No.PROVED:  # and only because the rule is met: the other rule alone could be kept
                kept = [wishes[0], (met, False, UNKNOWN), (self._node(other), False, UNKNOWN), (fixed, True, TRUE)]
                way = self._find(kept, rule.subject.kind, keeps)
                if not isinstance(way, No):
                    return smallest(found, lambda data: meets(data) is not None)
            unproved = unproved or way is No.NOT_PROVED
            generally = free and not isinstance(way, No)
            begin.append((self._works(taken, scope, met, node) if generally else fixed, False, TRUE))
        return No.NOT_PROVED

    def _is_free(self, variables: Collection[int], nodes: Sequence[int]) -> bool:
        """Whether a subject may have any values of some variables, whatever the other variables of the nodes are."""
        keys = [self._make.variables[each].key for node in nodes for each in self._variables(node)]
        own = [self._make.variables[each].key for each in variables]
        compared = {each for key in keys if isinstance(key, FactsTest) for each in (key.one, key.other)}
        return all(
            isinstance(key, ValueOf) and key.name not in _RELATED and (key.side, key.owner, key.name) not in compared
            for key in own
        )

    def _kept_instead(self, variables: Collection[int], scope: int, met: int, other: int) -> list[Wish]:
        """The wish that other values of some variables would meet the other rule, though not this one."""
        make = self._make

        def copy(number: int, test: int) -> int | None:
            variable = make.variables[number]
            key = ("instead", variable.key)
            return (
                make.test(replace(variable, key=key, tests=[]), variable.tests[test]) if number in variables else None
            )

        scope, met, other = (make.replaced(each, copy) for each in (scope, met, other))
        return [(scope, True, TRUE), (met, False, UNKNOWN), (other, False, UNKNOWN)]

    def _works(self, way: Model, scope: int, met: int, other: int) -> int:
        """The node that says: with these values, a subject of the rule meets it and complies with the other rule."""

        def value(number: int, test: int) -> int | None:
            found = way.get(number, {}).get(test)
            return None if found is None else self._make.constant(found)

        scope, met, other = (self._make.replaced(each, value) for each in (scope, met, other))
        return self._make.all_of([scope, met, self._make.negation(self._make.least(other, UNKNOWN))])

    def _variables(self, node: int) -> Iterator[int]:
        nodes = self._make.nodes
        return (nodes[each].parts[0] for each in self._make.below([node]) if nodes[each].kind == "test")

    # ---- manifests

    def _find(self, wishes: Sequence[Wish], kind: Kind, confirm: Callable[[Data], Data | More | None]) -> Data | No:
        return self._finder.find(Asked(wishes, kind.family, self._day, confirm))

    def _verdict(self, data: Data, rules: Sequence[str]) -> Verdict | None:
        return self._checker.verdict(data, rules)

    def _shown(self, data: Data, subject: Rule, names: Sequence[str], still: Callable[[Data], bool]) -> Answer:
        """A yes with the smallest manifest of the subject for which `still` holds."""
        known = subject.name in self._nodes and subject.name not in self._rules

        def fits(fewer: Data) -> bool:
            is_one = not known or self._verdict(fewer, [subject.name]) is Verdict.VIOLATION
            return is_one and still(fewer)

        small = smallest(data, fits)
        verdicts = tuple((each, self._verdict(small, [each]) or Verdict.COMPLIANT) for each in names)
        return Answer("yes", tuple(names), small, topic_of(self._policy, small), verdicts)


def scope_rule(rule: Rule) -> Rule:
    """A rule that every subject in the scope of another violates, under a name that no policy can give."""
    bare = replace(rule, name=f"{rule.name} applies", statement="forbid", required=None, unless=None)
    return replace(bare, alternatives=(), despite=())


def _no(found: No, rules: Sequence[str]) -> Answer:
    return Answer("no" if found is No.PROVED else "not proved", tuple(rules))
