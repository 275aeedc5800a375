"""A world: a policy, an estate and a day, and the findings of each rule in it.

Everything that simulates a change (the command line, the explorer, repair) asks the present world for the world after
the change.

world = World(policy, estate, day)
after, wrong = world.after(changes)                # None if they cannot be made
world.state("no_selling", Kind.FLOW, "leads")      # what is compared of a finding; None if there is none
world.finding("no_selling", Kind.FLOW, "leads")    # the whole finding, with its words and reasons
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from privacy_rules.checking.batch_verdicts import Classes
from privacy_rules.checking.checker import MOST_EXPLAINED, NonCompliant, Reasoner, judge, verdict_alone
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.checking.incremental import Difference, judge_wholly_again
from privacy_rules.checking.invalid_origins import diagnose
from privacy_rules.checking.judgements import Judged, JudgedPair, Judgement
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.outcomes import Outcome, result_of
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import Subject, entity_of, named_subject
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import Findings
from privacy_rules.findings.waivers import decisive
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.change_set import Change, last_day
from privacy_rules.simulation.overlay import ChangedEstate, apply
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass

Diagnostics = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """A new policy, and the same manifests read with it. `words` name it."""

    words: str
    policy: Policy
    estate: Estate


@dataclass(frozen=True, slots=True)
class State:
    """The parts of a finding that are compared: its verdicts, pair by pair, and which of them are waived."""

    verdict: Verdict
    judged: tuple[JudgedPair, ...]
    waived: bool


class World:
    """A policy, an estate and a day. `removed_along` lists, in words, what was removed along with something else.

    A world that is `beside` another with the same policy and day reuses all results that the difference between the
    estates cannot affect. `difference_from` says what it can affect; None means everything.
    """

    def __init__(
        self,
        policy: Policy,
        estate: Estate,
        day: date,
        removed_along: tuple[str, ...] = (),
        *,
        beside: World | None = None,
    ) -> None:
        self.policy, self.estate, self.day, self.removed_along = policy.on(day), estate, day, removed_along
        policy = self.policy
        self.graph = FlowGraph.of(estate, policy)
        self._beside = beside if beside and beside.policy is policy and beside.day == day else None
        self.cores: Mapping[str, CoreRule] = (
            self._beside.cores if self._beside else {each.rule.name: each for each in core_rules(policy, day)}
        )
        self._rulings: dict[str, Ruling] = {}
        self._classes: dict[Kind, Classes] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._judged: dict[frozenset[str] | None, Judged] = {}

    def after(
        self, changes: Iterable[Change], *, day: date | None = None, swap: Swap | None = None
    ) -> tuple[World | None, Diagnostics]:
        """Return the world after changes, in their order; None if they cannot be made.

        It is judged on `day`, else the last day of the changes, else the same day. `swap` changes the policy first.
        """
        listed = list(changes)
        policy, estate = (swap.policy, swap.estate) if swap else (self.policy, self.estate)
        changed, wrong = apply(estate, policy, listed)
        return (None, wrong) if changed is None else self.beside(changed, day or last_day(listed), policy)

    def beside(
        self, changed: ChangedEstate, day: date | None = None, policy: Policy | None = None
    ) -> tuple[World | None, Diagnostics]:
        """Return the world of an estate that changes have made; None if it cannot be judged."""
        world = World(policy or self.policy, changed.estate, day or self.day, changed.removed_along, beside=self)
        wrong = diagnose(world.graph)
        return (None, wrong) if wrong else (world, ())

    def difference_from(self, other: World) -> Difference | None:
        """Return what the difference from another world can affect; None if that may be everything."""
        return self._difference if other is self._beside else None

    @cached_property
    def _difference(self) -> Difference | None:
        beside = self._beside
        return None if beside is None else Difference.of(beside.evaluator, self.graph, beside.cores.values())

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of the rules in force."""
        return self._difference.evaluator if self._difference else Evaluator(self.policy, self.graph, self.day)

    @cached_property
    def waived(self) -> Mapping[str, frozenset[str]]:
        """The subjects that waivers name, by rule."""
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.estate.waivers:
            found[each.rule].add(each.subject)
        return {rule: frozenset(subjects) for rule, subjects in found.items()}

    @cached_property
    def findings(self) -> Findings:
        """The maker of findings from judgements."""
        return Findings.of(self.policy, self.estate, self.day)

    @cached_property
    def _reasoner(self) -> Reasoner:
        return Reasoner.of(self.evaluator, MOST_EXPLAINED)

    def judged(self, rules: Collection[str] | None = None) -> Judged:
        """Return the result of a whole check: the findings of all rules (or of `rules`) on all subjects, with the reasons."""
        key = None if rules is None else frozenset(rules)
        if key not in self._judged:
            if self._beside and self._difference:
                cores = [each for each in self.cores.values() if rules is None or each.rule.name in rules]
                self._judged[key] = judge_wholly_again(self._difference, self._beside.judged(rules), cores)
            else:
                self._judged[key] = judge(self.policy, self.graph, self.day, rules=rules, evaluator=self.evaluator)
        return self._judged[key]

    def outcome(self, rule: str) -> Outcome | None:
        """Return a rule's results for all subjects; None if the rule is not in force."""
        if rule not in self._outcomes and rule in self.cores:
            ruling = self.ruling(rule)
            if ruling.family not in self._classes:
                self._classes[ruling.family] = Classes(self.evaluator, ruling.family)
            self._outcomes[rule] = Outcome(ruling, self._classes[ruling.family])
        return self._outcomes.get(rule)

    def subjects(self, rule: str) -> dict[Kind, list[str]]:
        """Return the subjects that a rule applies to, by kind; empty if it is not in force."""
        outcome = self.outcome(rule)
        if outcome is None:
            return {}
        found = [each for each in outcome.classes.number_of if outcome.verdict_on(each) is not None]
        return {outcome.ruling.family: found}

    def state(self, rule: str, kind: Kind, subject: str) -> State | None:
        """Judge a subject of a kind by a rule; None if there is no finding."""
        asked = self._subject(rule, subject)
        ruling = self.ruling(rule) if asked else None
        result = result_of(ruling, asked) if ruling and asked and ruling.family is kind else None
        if not (ruling and result):
            return None
        judgement = Judgement(ruling.core.rule, kind, subject, result.verdict, result.judged, explained=False)
        covering = self.findings.waivers.covering(judgement, self.day)
        pairs = (replace(each, waived=True) if by else each for each, by in zip(result.judged, covering, strict=True))
        return State(result.verdict, tuple(pairs), decisive(covering) is not None)

    def finding(self, rule: str, kind: Kind, subject: str, *, explained: bool = True) -> Finding | None:
        """Return the whole finding; None if there is none."""
        judgement = self.judgement(rule, kind, subject, explained=explained)
        return self.findings.finding(judgement) if judgement else None

    def judgement(self, rule: str, kind: Kind, subject: str, *, explained: bool = True) -> Judgement | None:
        """Judge a subject of a kind by a rule; None if there is no finding.

        Only the first `explained` judgements have reasons.
        """
        asked = self._subject(rule, subject)
        ruling = self.ruling(rule) if asked else None
        worst = ruling.worst(asked) if ruling and asked and ruling.family is kind else None
        if not (ruling and asked and worst):
            return None
        found = NonCompliant(ruling, asked, worst, max(each for each, _ in worst.values()), 0)
        return self._reasoner.judgement(found) if explained else verdict_alone(found)

    def ruling(self, rule: str) -> Ruling:
        """Return a rule in force, compiled for this world."""
        if rule not in self._rulings:
            self._rulings[rule] = Ruling(self.evaluator, self.cores[rule])
        return self._rulings[rule]

    def _subject(self, rule: str, subject: str) -> Subject | None:
        core = self.cores.get(rule)
        family = core.rule.subject.kind.family if core else None
        if family is None or subject not in self.estate.records(entity_of(family)):
            return None
        return named_subject(self.graph, family, subject)
