"""Judge every subject of a rule's kind by every rule in force.

    judged = judge(policy, FlowGraph.of(estate, policy), date(2026, 11, 1))

All subjects get their verdicts first. Reasons follow only for subjects that are not compliant, and at most for
`MOST_EXPLAINED` of them (`docs/decisions/0006`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count, islice, repeat
from typing import NamedTuple

from privacy_rules.checking.applied_defaults import assumptions
from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.causes import contract_cause, missing_cause
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, conditions, core_rules
from privacy_rules.checking.decisive_tests import against, reasons
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Explained, Fact, Judged, JudgedPair, Judgement, Part, RuleCount, pair_word
from privacy_rules.checking.logic import UNKNOWN, Truth, Verdict
from privacy_rules.checking.missing_facts import Missings
from privacy_rules.checking.rule_evaluation import Ruling, Worst
from privacy_rules.checking.subjects import Subject
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy, Reached, UnderContract
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Waiver
from privacy_rules.source.fast_dataclasses import dataclass

MOST_EXPLAINED = 5_000
"""At most this many judgements of one check get reasons; the others have a verdict only."""
MOST_KEPT = 50_000
"""At most this many judgements are in a report; the others are only counted."""
MOST_PAIRS = 500_000
"""The judgements in a report may have about this many judged pairs in all; a pair that complies counts as a tenth."""
_MOST_TREES = 8
"""At most this many pairs of a violation are explained."""
_MOST_TESTS = 24
"""At most this many tests are reasons because of the pairs after the first."""
_MOST_FACTS = 300_000
"""No more reasons are given once they have this many facts and flows of paths in all."""
_MOST_NODES = 1_000_000
"""The same, for the parts of their trees."""
_MOST_SEARCHED, _SEARCHED_BY_FLOW = 2_000_000, 50
"""The same, for the steps of searches for paths and for collections, and how many more there may be for each flow."""
_TO_CLASSIFY, _TO_DECIDE = 3, 50
"""To find the class of a subject takes as long as so many tests, and so does a test in a formula that decides a pair by cases."""
_WITHOUT_ITEMS = {Kind.FLOW, Kind.SYSTEM, Kind.PARTY, Kind.CONTRACT}
"""The families of which no subject is judged item by item; equal items may be declared at different places."""


@dataclass(frozen=True, slots=True)
class NonCompliant:
    """A subject that is not compliant. `rank` is the number of earlier subjects of the rule with the same verdict."""

    ruling: Ruling
    subject: Subject
    worst: Worst
    verdict: Verdict
    rank: int


def judge(
    policy: Policy,
    graph: FlowGraph,
    day: date,
    *,
    rules: Collection[str] | None = None,
    most_explained: int = MOST_EXPLAINED,
    most_kept: int | None = None,
    evaluator: Evaluator | None = None,
) -> Judged:
    """Judge every subject by every rule in force on `day` (or by those of `rules`, with the permits that lift them).

    At most `most_explained` judgements get reasons, and at most `most_kept` are kept (None: all): violations first,
    then the first of every rule before the second. A judgement that a waiver names is always kept. To judge more than
    once, pass an `evaluator` for the same policy, graph and day: it keeps intermediate results.
    """
    evaluator = evaluator or Evaluator(policy, graph, day)
    wanted = [core for core in core_rules(policy, day) if rules is None or core.rule.name in rules]
    inside = list(conditions(wanted))
    evaluator.paths.expect(each for each in inside if isinstance(each, Reached))
    evaluator.contract_tests.expect(each for each in inside if isinstance(each, UnderContract))
    kept = Kept(graph.estate.waivers, most_kept)
    counts: list[RuleCount] = []
    families: dict[Kind, Classes] = {}
    for core in wanted:
        ruling = Ruling(evaluator, core)
        if ruling.family not in families:
            families[ruling.family] = Classes(evaluator, ruling.family)
        counts.append(_judge(ruling, families[ruling.family], kept))
    return with_reasons(evaluator, wanted, kept.found(), counts, most_explained=most_explained)


def _judge(ruling: Ruling, classes: Classes, kept: Kept) -> RuleCount:
    """Judge all subjects by one rule."""
    found, total = classes.found(ruling), len(classes.subjects)
    for verdict, numbers in ((Verdict.VIOLATION, found.violations), (Verdict.UNDETERMINED, found.undetermined)):
        if numbers:
            kept.add(ruling, classes, verdict, numbers)
    violations, undetermined = len(found.violations), len(found.undetermined)
    compliant = total - violations - undetermined
    return RuleCount(ruling.core.rule, total, found.applies, compliant, violations, undetermined)


class _Candidate(NamedTuple):
    """A subject that is not compliant.

    Candidates are sorted by verdict (the worst first), then by rank, then by rule.
    """

    goodness: int
    rank: int
    rule: int
    number: int


class Kept:
    """The kept subjects: the first non-compliant ones, and those that waivers name."""

    def __init__(self, waivers: Iterable[Waiver], most: int | None) -> None:
        self._most = most
        self._waived: dict[str, set[str]] = defaultdict(set)
        for waiver in waivers:
            self._waived[waiver.rule].add(waiver.subject)
        self._rules: list[tuple[Ruling, Classes]] = []
        self._first: list[_Candidate] = []
        self._named: set[_Candidate] = set()
        self._last: _Candidate | None = None

    def add(self, ruling: Ruling, classes: Classes, verdict: Verdict, numbers: Sequence[int]) -> None:
        """Add the subjects that have a verdict, in their order."""
        rule, room = len(self._rules), len(numbers)
        self._rules.append((ruling, classes))
        if self._most is not None:
            room = self._room(-verdict)
            named = self._waived.get(ruling.core.rule.name)
            if named and room < len(numbers):
                every = (_Candidate(-verdict, *each) for each in zip(count(), repeat(rule), numbers))
                self._named.update(each for each in every if classes.subjects[each.number][0] in named)
        self._first += [_Candidate(-verdict, rank, rule, number) for rank, number in enumerate(numbers[:room])]
        if self._most is not None and len(self._first) > 2 * self._most:
            self._first = sorted(self._first)[: self._most]
            self._last = self._first[-1] if self._first else _Candidate(-len(Verdict), 0, 0, 0)

    def _room(self, goodness: int) -> int:
        """Return how many subjects of another rule still fit among the first."""
        assert self._most is not None
        if self._last is None or goodness < self._last.goodness:
            return self._most
        return self._last.rank if goodness == self._last.goodness else 0

    def found(self) -> Iterator[NonCompliant]:
        """Yield the kept subjects in order."""
        first = sorted(self._first)[: self._most]
        kept, pairs = sorted({*first, *self._named}), 0
        class_of, worst_of = self._classes_of(kept), dict[tuple[int, int], Worst]()
        for each in kept:
            if pairs > MOST_PAIRS and self._most is not None and each not in self._named:
                continue
            ruling, classes = self._rules[each.rule]
            subject = classes.subjects[each.number]
            if each in class_of:
                key = each.rule, class_of[each]
                worst = worst_of[key] = worst_of.get(key) or ruling.worst(subject)
            else:
                worst = ruling.worst(subject)
            pairs += len(worst) + len(ruling.in_scope(subject[2])) // 10
            yield NonCompliant(ruling, subject, worst, Verdict(-each.goodness), each.rank)

    def _classes_of(self, kept: Iterable[_Candidate]) -> Mapping[_Candidate, int]:
        """Return the classes of kept subjects, for the rules with which that is quicker than to judge each subject."""
        of_rules: dict[int, list[_Candidate]] = defaultdict(list)
        for each in kept:
            of_rules[each.rule].append(each)
        found: dict[_Candidate, int] = {}
        for rule, some in of_rules.items():
            ruling, classes = self._rules[rule]
            of_test = _TO_DECIDE if ruling.repeated.may_repeat else 1
            steps = len(some) * (1 + len(ruling.repeated.asked) * of_test)
            if ruling.family in _WITHOUT_ITEMS and steps > _TO_CLASSIFY * len(classes.subjects):
                numbers = classes.alike(ruling).numbers
                found.update((each, numbers[each.number]) for each in some)
        return found


def with_reasons(
    evaluator: Evaluator,
    cores: Sequence[CoreRule],
    found: Iterable[NonCompliant],
    counts: Sequence[RuleCount],
    *,
    most_explained: int = MOST_EXPLAINED,
) -> Judged:
    """Return the judgements of the subjects found, with reasons and with the defaults that they depend on."""
    evaluator.work.end()
    reasoner = Reasoner.of(evaluator, most_explained)
    judgements = tuple(map(reasoner.judgement, sorted(found, key=lambda each: (-each.verdict, each.rank))))
    return Judged(judgements, tuple(counts), assumptions(evaluator.policy, evaluator.graph, cores))


def over_all(ruling: Ruling, of_family: Sequence[Subject]) -> Iterator[NonCompliant]:
    """Yield the subjects that are not compliant with one rule. They come in the order of their ids."""
    ranks = dict.fromkeys(Verdict, 0)
    for subject in of_family:
        worst = ruling.worst(subject)
        if worst:
            verdict = max(each for each, _ in worst.values())
            yield NonCompliant(ruling, subject, worst, verdict, ranks[verdict])
            ranks[verdict] += 1


def verdict_alone(found: NonCompliant) -> Judgement:
    """Return the judgement without reasons."""
    word = pair_word(found.ruling.family)
    pairs = [JudgedPair(*key[:2], bad, key[2], word=word) for key, (bad, _) in found.worst.items()]
    judged = tuple(sorted(pairs, key=_order) if len(pairs) > 1 else pairs)
    return Judgement(
        found.ruling.core.rule, found.ruling.family, found.subject[0], found.verdict, judged, explained=False
    )


class Reasoner:
    """Adds reasons to judgements until there are too many."""

    def __init__(self, evaluator: Evaluator, missings: Missings, most: int) -> None:
        self._evaluator, self._explainer, self._missings = evaluator, Explainer(evaluator), missings
        self._left, self._facts_left, self._nodes_left = most, _MOST_FACTS, _MOST_NODES
        self._most_searched = _MOST_SEARCHED + _SEARCHED_BY_FLOW * len(evaluator.graph.flows)

    @classmethod
    def of(cls, evaluator: Evaluator, most: int) -> Reasoner:
        """Return a reasoner for at most `most` judgements of an evaluator."""
        missings = Missings(evaluator.policy, evaluator.graph, evaluator.day)
        return cls(evaluator, missings, most)

    def judgement(self, found: NonCompliant) -> Judgement:
        """Return the judgement, with reasons unless there are too many already."""
        enough = min(self._left, self._facts_left, self._nodes_left) > 0
        return self._explained(found) if enough and self._searched < self._most_searched else verdict_alone(found)

    @property
    def _searched(self) -> int:
        return self._evaluator.paths.searched + self._evaluator.collections.searched

    def _explained(self, found: NonCompliant) -> Judgement:
        judgement, day = verdict_alone(found), self._explainer.day
        trees = list(self._trees(found, judgement))
        because = _because(trees)
        missing = self._missings.of(found.ruling.core, judgement, trees)
        violated = found.verdict is Verdict.VIOLATION
        self._left -= 1
        for each in (node for tree in trees for part in tree for node in part.walk()):
            self._nodes_left -= 1
            self._facts_left -= len(each.facts) + len(each.path)
        return replace(
            judgement,
            explained=True,
            because=because,
            path=_path(because),
            missing=missing,
            permits=open_permits(found),
            cause=contract_cause(trees, day) if violated else missing_cause(missing),
            in_every_case=violated and _is_open(*trees[0]),
            too_many_cases=not violated and self._too_many_cases(found),
        )

    @staticmethod
    def _too_many_cases(found: NonCompliant) -> bool:
        """Return whether some undetermined pair was not decided because it has too many cases."""
        frame = found.subject[1]
        for each, binding in found.worst.values():
            if each is Verdict.UNDETERMINED:
                found.ruling.bind(frame, binding)
                if found.ruling.decision(frame).too_many:
                    return True
        return False

    def _trees(self, found: NonCompliant, judgement: Judgement) -> Iterator[tuple[Explained, Explained]]:
        """Yield scope and requirement of each pair with the verdict.

        For a violation, only the first pair counts, unless contracts matter.
        """
        frame = found.subject[1]
        pairs = [pair for pair in judgement.judged if pair.verdict is found.verdict]
        for number, pair in enumerate(pairs):
            found.ruling.bind(frame, found.worst[pair.key][1])
            tree = self._explainer.rule(found.ruling.core, frame)
            yield tree
            if found.verdict is Verdict.VIOLATION:
                contracts = any(test.contracts for test in against(tree[1], Truth.TRUE))
                if not contracts or number + 1 == _MOST_TREES:
                    break


def open_permits(found: NonCompliant) -> tuple[str, ...]:
    """Return the permits that may lift the rule, each once."""
    if not found.ruling.permits or found.verdict is not Verdict.UNDETERMINED:
        return ()
    frame, names = found.subject[1], dict[str, None]()
    for pair in verdict_alone(found).judged:
        if pair.verdict is found.verdict:
            found.ruling.bind(frame, found.worst[pair.key][1])
            names.update((name, None) for name, lifts in found.ruling.permits if lifts(frame) == UNKNOWN)
    return tuple(names)


def _is_open(scope: Explained, requirement: Explained) -> bool:
    """Return whether the values of scope and requirement leave a verdict open, so that it was decided case by case."""
    return min(scope.value, 2 - requirement.value) == UNKNOWN


def _order(pair: JudgedPair) -> tuple[object, ...]:
    return pair.data is None, pair.data or "", pair.purpose is None, pair.purpose or "", pair.pair or ()


def _because(trees: Sequence[tuple[Explained, Explained]]) -> tuple[Explained, ...]:
    """Return the tests that decided the first pair, and tests that other pairs fail, each with the facts inside it."""
    (scope, requirement), *others = trees
    found = [test for test in reasons(scope, requirement) if not _is_plain(test)]
    also = (test for tree in others for test in reasons(*tree) if test.value is not Truth.TRUE)
    every = sorted(dict.fromkeys([*found, *islice(also, _MOST_TESTS)]), key=lambda each: each.value)
    return tuple(dict.fromkeys(replace(test, facts=_facts(test)) if test.children else test for test in every))


def _path(because: Iterable[Explained]) -> tuple[str, ...]:
    """The path that a finding shows: of the rule's own tests if one has a path, else of a permit's."""
    return next((each.path for each in sorted(because, key=lambda each: each.within is Part.PERMIT) if each.path), ())


def _is_plain(test: Explained) -> bool:
    """Return whether a test is trivially true, such as that a system is a system."""
    return test.within is Part.SUBJECT and test.value is Truth.TRUE and test.text not in _OF_PARTIES


_OF_PARTIES = {Kind.COLLECTION, Kind.DISCLOSURE, Kind.SHARING}
"""The kinds of subject that depend on whose the two ends are."""


def _facts(test: Explained) -> tuple[Fact, ...]:
    inside = [child for child in test.children if child.value == test.value] or list(test.children)
    facts = [*test.facts, *(fact for child in inside for fact in _facts(child))]
    return tuple(dict.fromkeys(facts))
