"""Compares two policies by meaning: rule by rule and as a whole, on every day from one on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Any

from privacy_rules.analysis import solver
from privacy_rules.analysis.effective_dates import days_of_vocabularies, later_days, same_words
from privacy_rules.analysis.example_shrinking import Checker, Data, smallest, topic_of
from privacy_rules.analysis.finder import LEVELS, Asked, Finder, More, unbounded
from privacy_rules.analysis.queries import Questions
from privacy_rules.analysis.rule_metadata_changes import unjudged_changes
from privacy_rules.analysis.search import No, Wish
from privacy_rules.analysis.vocabularies import WordChange, united
from privacy_rules.checking.core_rules import Cores
from privacy_rules.checking.logic import TRUE, UNKNOWN, Verdict
from privacy_rules.checking.repeated_work import RepeatedWork
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass

_MOST_DAYS = 12
"""At most this many days are compared: the first, and those on which rules and vocabularies change."""
MOST_EXAMPLES, _RULES_OF_EXAMPLE = 20_000, 20
"""How many examples a comparison may check. One that is checked with several rules counts as one more for so many of them."""
_MOST_RENAMED = 12
"""Renames are recognised by proof only if at most this many rules are unmatched on each side."""


@dataclass(frozen=True, slots=True)
class Example:
    """A manifest with one subject, on which both sides were checked. `topic` is the kind of the subject."""

    data: Data
    day: date
    before: Verdict
    after: Verdict
    topic: str
    rule: str | None = None


DIRECTIONS = ("looser", "stricter")
"""How a policy may differ from another one."""
_Pair = tuple[Rule | None, Rule | None]
Answer = Example | No
"""An example of a difference; or why there is none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one side differs: `looser` has a better verdict after the change, `stricter` a worse one.

    `solver` names the solver if the search alone did not find the answers. `by_several` lists the directions that are
    ruled out only because several rules of the other policy together judge as badly as one. One rule may be decided in
    every case where several are undetermined, so this is proved for what is declared.
    """

    looser: Answer
    stricter: Answer
    solver: str | None = None
    by_several: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """`equivalent`, `stricter`, `looser`, `both` or `not proved`."""
        looser, stricter = (isinstance(each, Example) for each in (self.looser, self.stricter))
        if looser or stricter:
            return "both" if looser and stricter else "looser" if looser else "stricter"
        return "equivalent" if self.looser is self.stricter is No.PROVED else "not proved"

    @property
    def unproved(self) -> tuple[str, ...]:
        """The directions for which nothing is proved."""
        sides = zip(DIRECTIONS, (self.looser, self.stricter), strict=True)
        return tuple(name for name, each in sides if each is No.NOT_PROVED)


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule of both policies, or of one. `notes` are differences that change no verdict, such as another severity."""

    before: Rule | None
    after: Rule | None
    difference: Difference
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The rule's name; the new one if it was renamed."""
        rule = self.after or self.before
        assert rule is not None
        return rule.name

    @property
    def status(self) -> str:
        """`added`, `removed`, `renamed` or `kept`."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        return "kept" if self.before.name == self.after.name else "renamed"


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """Two policies compared: each rule, the whole, and the words."""

    rules: tuple[RuleDifference, ...]
    whole: Difference
    words: tuple[WordChange, ...]
    day: date
    days: tuple[date, ...] = field(default=())
    days_omitted: int = 0


def compare(old: Policy, new: Policy, day: date) -> PolicyDifference:
    """Compare two policies on a day, and on each later day on which a rule or a vocabulary of one of them changes."""
    days = [day, *later_days(day, old, new)]
    turning = days_of_vocabularies(old, new)
    comparisons = [
        _Comparison(old.only_on(first), new.only_on(first), few)
        for first, few in same_words(days[:_MOST_DAYS], turning)
    ]
    pairs = _matched(old, new, comparisons)
    parts = [each.result(pairs) for each in comparisons]
    rules = zip(*(each.rules for each in parts), strict=True)
    later = (replace(word, since=each.day) for each in parts[1:] for word in each.words if word not in parts[0].words)
    whole = _together([each.whole for each in parts])
    return PolicyDifference(
        tuple(replace(each[0], difference=_together([rule.difference for rule in each])) for each in rules),
        whole,
        (*parts[0].words, *later),
        day,
        tuple(days[:_MOST_DAYS]),
        len(days[_MOST_DAYS:]),
    )


def _matched(old: Policy, new: Policy, comparisons: Sequence[_Comparison]) -> list[_Pair]:
    """The rules of both policies, matched by name, then by meaning, in the order of the new policy."""
    before = {rule.name: rule for rule in old.rules}
    after = {rule.name: rule for rule in new.rules}
    gone = [rule for name, rule in before.items() if name not in after and rule.statement != "permit"]
    come = [rule for name, rule in after.items() if name not in before and rule.statement != "permit"]
    few = len(gone) <= _MOST_RENAMED and len(come) <= _MOST_RENAMED
    renamed: dict[str, Rule] = {}
    for rule in come:
        found = next((each for each in gone if _same(each, rule, comparisons, search=few)), None)
        if found is not None:
            gone.remove(found)
            renamed[rule.name] = found
    pairs: list[_Pair] = [(before.get(name) or renamed.get(name), rule) for name, rule in after.items()]
    return [*pairs, *((rule, None) for rule in gone)]


def _same(one: Rule, other: Rule, comparisons: Sequence[_Comparison], *, search: bool) -> bool:
    if one.subject.kind.family is not other.subject.kind.family:
        return False
    if not any(each.differs_in_form(one, other) for each in comparisons):
        return any(each.is_in_force(one) for each in comparisons)
    return search and all(each.is_equivalent(one, other) for each in comparisons)


def _together(found: Sequence[Difference]) -> Difference:
    """The difference over all days: the first example of each direction."""
    named = next((each.solver for each in found if each.solver), None)
    looser, stricter = _first(each.looser for each in found), _first(each.stricter for each in found)
    return _of(looser, stricter, named, {name for each in found for name in each.by_several})


def _of(looser: Answer, stricter: Answer, solver_name: str | None, by_several: Collection[str]) -> Difference:
    """A difference; `by_several` counts for directions that are ruled out."""
    sides = zip(DIRECTIONS, (looser, stricter), strict=True)
    several = tuple(name for name, answer in sides if answer is No.PROVED and name in by_several)
    return Difference(looser, stricter, solver_name, several)


class _Comparison:
    """Two policies compared on days on which their vocabularies do not change."""

    def __init__(self, old: Policy, new: Policy, days: Sequence[date]) -> None:
        self._old, self._new, self._words = united(old, new)
        self._days, self._day = days, days[0]
        self._ask = Questions(self._old, effort=unbounded())
        self._ask_new = self._ask.beside(self._new)
        self._finder = Finder(self._ask, self._old)
        self._cores = Cores(self._old), Cores(self._new)
        self._answers: dict[tuple[int, int], Difference] = {}
        self._by_several = set[str]()
        self._checkers: dict[tuple[int, date], Checker] = {}
        self._work = RepeatedWork("the differences", MOST_EXAMPLES, "compare versions with fewer of them", "examples")

    @property
    def _never(self) -> int:
        """The node of a rule that nothing violates."""
        return self._ask.make.constant(0)

    def result(self, pairs: Sequence[_Pair]) -> PolicyDifference:
        """Compare each pair of rules, and the whole."""
        rules = tuple(self._rules(pairs))
        return PolicyDifference(rules, self._whole(rules), self._words, self._day)

    # ---- rules

    def _rules(self, pairs: Sequence[_Pair]) -> Iterator[RuleDifference]:
        for before, after in pairs:
            pair = before, after
            notes = tuple(unjudged_changes(before, after)) if before and after else ()
            if (before or after).statement == "permit":  # type: ignore[union-attr]
                continue
            yield RuleDifference(*pair, self._difference(*pair), notes)

    def differs_in_form(self, before: Rule, after: Rule) -> bool:
        """Whether the verdicts of two rules are different formulas on some day."""
        return any(self._node(0, before, day) != self._node(1, after, day) for day in self._days)

    def is_in_force(self, rule: Rule) -> bool:
        """Whether something may violate an old rule on some day."""
        return any(self._node(0, rule, day) != self._never for day in self._days)

    def is_equivalent(self, before: Rule, after: Rule) -> bool:
        """Whether two rules are proved to judge alike."""
        return self._difference(before, after).word == "equivalent"

    def _node(self, side: int, rule: Rule | None, day: date) -> int:
        """Return the node of a rule's verdict on a day. Nothing violates a rule that is missing or not in force."""
        if rule is None or not rule.in_force(day):
            return self._never
        return (self._ask, self._ask_new)[side].core(self._cores[side].of(rule, day))

    def _difference(self, before: Rule | None, after: Rule | None) -> Difference:
        families = {rule.subject.kind.family for rule in (before, after) if rule is not None}
        if len(families) > 1:
            gone, come = self._difference(before, None), self._difference(None, after)
            return Difference(gone.looser, come.stricter, gone.solver or come.solver)
        (family,) = families
        names = [[rule.name] if rule else [] for rule in (before, after)]
        found: list[Difference] = []
        for day in self._days:
            nodes = self._node(0, before, day), self._node(1, after, day)
            if nodes not in self._answers:
                aided = self._ask.aided
                looser, stricter = (self._direction(nodes, side, family, day, names) for side in (0, 1))
                self._answers[nodes] = Difference(looser, stricter, self._solver(aided))
            found.append(self._answers[nodes])
        return _together(found)

    def _solver(self, aided: int) -> str | None:
        """The solver's name, if more answers came from it than were counted before."""
        return solver.NAME if self._ask.aided > aided else None

    def _direction(
        self, nodes: tuple[int, int], side: int, family: Kind, day: date, names: Sequence[Collection[str]]
    ) -> Answer:
        """An example on which one side's verdict is worse than the other's."""
        worse, better = nodes[side], nodes[1 - side]
        if worse == better:
            return No.PROVED
        answers: list[Answer] = []
        levels = list(_levels(worse, [better]))
        for wishes in levels:
            found = self._finder.find(
                Asked(wishes, family, day, lambda data: self._confirmed(data, day, names, side), compares=True)
            )
            if isinstance(found, Example):
                return found
            answers.append(found)
        if answers[0] is No.PROVED and self._finder.rules_out(levels[0]):
            return No.PROVED
        return _first(answers)

    def _confirmed(
        self, data: Data, day: date, names: Sequence[Collection[str]], side: int, rule: str | None = None
    ) -> Example | None:
        """The smallest example with the verdicts of this one; None if that of the side is not worse than the other."""
        verdicts = self._verdicts(data, day, names)
        if verdicts is None or verdicts[side] <= verdicts[1 - side]:
            return None
        small = smallest(data, lambda fewer: self._verdicts(fewer, day, names) == verdicts)
        return Example(small, day, *verdicts, topic_of(self._old, small), rule)

    def _verdicts(self, data: Data, day: date, names: Sequence[Collection[str]]) -> tuple[Verdict, Verdict] | None:
        self._work.take(1 + sum(map(len, names)) // _RULES_OF_EXAMPLE)
        before, after = (self._checker(side, day).verdict(data, names[side]) for side in (0, 1))
        return None if before is None or after is None else (before, after)

    def _checker(self, side: int, day: date) -> Checker:
        if (side, day) not in self._checkers:
            self._checkers[side, day] = Checker((self._old, self._new)[side], day)
        return self._checkers[side, day]

    # ---- the whole

    def _whole(self, rules: Sequence[RuleDifference]) -> Difference:
        aided = self._ask.aided
        looser = _first(self._of_whole(each, 0, each.difference.looser) for each in rules)
        stricter = _first(self._of_whole(each, 1, each.difference.stricter) for each in rules)
        of_rules = next((each.difference.solver for each in rules if each.difference.solver), None)
        return _of(looser, stricter, self._solver(aided) or of_rules, self._by_several)

    def _of_whole(self, found: RuleDifference, side: int, answer: Answer) -> Answer:
        """Whether a rule's difference is one between the policies: no other rule may judge the example as badly."""
        rule = (found.before, found.after)[side]
        if rule is None or answer is No.PROVED:
            return No.PROVED
        family = rule.subject.kind.family
        policies = self._old, self._new
        names = [[each.name for each in policy.rules if each.subject.kind.family is family] for policy in policies]
        if isinstance(answer, Example):
            verdicts = self._verdicts(answer.data, answer.day, names)
            if verdicts and verdicts[side] > verdicts[1 - side]:
                return Example(answer.data, answer.day, *verdicts, answer.topic, found.name)
        answers: list[Answer] = []
        for day in self._days:
            answers.append(self._of_whole_on(day, rule, side, names, found.name))
            if isinstance(answers[-1], Example):
                break
        return _first(answers)

    def _of_whole_on(self, day: date, rule: Rule, side: int, names: Sequence[Sequence[str]], name: str) -> Answer:
        worse, other = self._node(side, rule, day), 1 - side
        policy = (self._old, self._new)[other]
        same = policy.rule(rule.name)
        known = frozenset(names[other])
        others = [each for each in policy.rules if each.name in known and each.statement != "permit"]
        nodes = {each.name: self._node(other, each, day) for each in others}
        if worse == self._never or worse in nodes.values():
            return No.PROVED
        begin = [] if same is None or same.name not in nodes else [same.name]
        answers: list[Answer] = []
        for value, least in LEVELS:
            found = self._against(_Against(day, rule, names, side, nodes, least), worse, value, begin, name)
            if isinstance(found, Example):
                return found
            answers.append(found)
        first: list[Wish] = [(worse, True, TRUE), *((each, False, UNKNOWN) for each in nodes.values())]
        if answers[0] is No.PROVED and self._finder.rules_out(first):
            answers = answers[1:2] if len(nodes) > 1 else []
        if _first(answers) is No.PROVED and not any(self._ask.at_most(worse, each) for each in nodes.values()):
            self._by_several.add(DIRECTIONS[side])
        return _first(answers)

    def _against(self, other: _Against, worse: int, value: int, begin: Sequence[str], name: str) -> Answer:
        """An example that one rule judges worse than all rules of the other policy do.

        Those rules are added as they are needed.
        """
        checker, added = self._checker(1 - other.side, other.day), set(begin)

        def confirm(data: Data) -> Example | More | None:
            verdicts = self._verdicts(data, other.day, other.names)
            if verdicts and verdicts[other.side] > verdicts[1 - other.side]:
                return self._confirmed(data, other.day, other.names, other.side, name)
            left = [each for each in other.nodes if each not in added]
            self._work.take(1 + len(left) // _RULES_OF_EXAMPLE)
            verdict_of = checker.verdicts(data, left) or {}
            caught = [each for each in left if verdict_of.get(each, Verdict.COMPLIANT) >= other.least]
            added.update(caught)
            return More([(other.nodes[each], False, other.least) for each in caught]) if caught else None

        family = other.rule.subject.kind.family
        wishes: list[Wish] = [(worse, True, value), *((other.nodes[each], False, other.least) for each in begin)]
        found = self._finder.find(Asked(wishes, family, other.day, confirm, compares=True))
        if found is not No.NOT_PROVED:
            return found
        added.update(other.nodes)  # no example showed which rules are needed for a proof
        wishes = [(worse, True, value), *((each, False, other.least) for each in other.nodes.values())]
        return self._finder.find(Asked(wishes, family, other.day, confirm, compares=True))


@dataclass(frozen=True, slots=True)
class _Against:
    """A rule of one side, and the verdicts of all rules of the other; `least` is the verdict that none of them may have."""

    day: date
    rule: Rule
    names: Sequence[Sequence[str]]
    side: int
    nodes: Mapping[str, int]
    least: int


def _levels(worse: int, better: Sequence[int]) -> Iterator[list[Wish]]:
    for value, least in LEVELS:
        yield [(worse, True, value), *((each, False, least) for each in better)]


def _first(answers: Any) -> Answer:
    """The first example; without one, `PROVED` only if all are proved."""
    found: Answer = No.PROVED
    for each in answers:
        if isinstance(each, Example):
            return each
        found = No.NOT_PROVED if each is No.NOT_PROVED else found
    return found
