"""Try moves out: make them on an estate, check it, and find what still has to be fixed.

A set of moves passes if the only findings that still fail were accepted before, and no rule has a new violation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from privacy_rules.checking.checker import judge
from privacy_rules.checking.core_rules import CoreRule, core_rules
from privacy_rules.checking.evaluator import Evaluator
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.findings.comparison import compared
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.report import Report, report
from privacy_rules.findings.threshold import USUAL, Threshold
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.repair.apply_moves import Made, make
from privacy_rules.repair.costs import Costs
from privacy_rules.repair.moves import Amend, Anonymise, Connect, Cut, Move, Sign, bills, merged
from privacy_rules.repair.options import Options, Reasoner
from privacy_rules.vocabulary.attributes import Entity

Moves = frozenset[Move]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a repair has to fix: the findings that fail by `fails` (only of `rules`, if given). `accepted` ones may stay."""

    fails: Threshold = USUAL
    rules: Collection[str] | None = None
    accepted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One judged pair of a finding to fix, and the moves of which every repair has one. `barred` moves are not allowed."""

    finding: Finding
    moves: frozenset[Move]
    barred: frozenset[Move]
    options: Options


@dataclass(frozen=True, slots=True)
class Trial:
    """An estate after some moves. `open` are the findings that still have to be fixed."""

    moves: Moves
    made: Made
    report: Report
    open: tuple[Finding, ...]
    undecided: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Bench:
    """Tries moves out on one estate."""

    policy: Policy
    estate: Estate
    day: date
    costs: Costs
    wanted: Wanted
    tried: dict[Moves, Trial | None] = field(default_factory=dict)

    def trial(self, moves: Iterable[Move]) -> Trial | None:
        """Make these moves and check the estate; None if they cannot be made."""
        key = frozenset(moves)
        if key not in self.tried:
            made = Made((), self.estate) if not key else make(self.estate, self.policy, key)
            self.tried[key] = None if made is None else self._checked(key, made)
        return self.tried[key]

    def _checked(self, moves: Moves, made: Made) -> Trial:
        found = self.check(made.estate)
        before = self.wanted.accepted if not moves else self.kept
        new = compared(found, before, "before").in_state("new")
        open_ = tuple(each for each in new if self.is_open(each, first=not moves))
        keys = set(map(_key, open_))
        undecided = tuple(each for each in new if _key(each) not in keys and not each.waived)
        return Trial(moves, made, found, open_, undecided)

    def check(self, estate: Estate) -> Report:
        """Check an estate, without reasons."""
        judged = judge(self.policy, FlowGraph.of(estate, self.policy), self.day, most_explained=0)
        return report(self.policy, estate, judged, self.day)

    def is_open(self, finding: Finding, *, first: bool = False) -> bool:
        """Whether a new finding has to be fixed. `first`: before any move, when only what fails has to be."""
        if finding.waived:
            return False
        fails = self.wanted.fails.fails(finding) and (self.wanted.rules is None or finding.rule in self.wanted.rules)
        return fails or (finding.verdict is Verdict.VIOLATION and not first)

    @cached_property
    def kept(self) -> tuple[Finding, ...]:
        """The findings that may stay: those that do not have to be fixed, and the accepted ones."""
        first = self.trial(())
        assert first is not None
        to_fix = set(map(_key, first.open))
        others = [each for each in first.report.findings if _key(each) not in to_fix]
        return (*others, *(each for each in self.wanted.accepted if _key(each) in to_fix))

    def conflicts(self, trial: Trial) -> tuple[list[Conflict], Evaluator]:
        """Return, for each judged pair that still has to be fixed, the moves of which every repair has one."""
        graph = FlowGraph.of(trial.made.estate, self.policy)
        evaluator = Evaluator(self.policy, graph, self.day)
        reasoner = Reasoner(evaluator, self.may)
        cores = {core.rule.name: core for core in core_rules(self.policy, self.day)}
        rulings = {name: Ruling(evaluator, core) for name, core in cores.items()}
        found = [
            conflict
            for finding in trial.open
            for conflict in _in_one_contract(
                list(self._of_finding(finding, graph, rulings[finding.rule], reasoner, trial.moves))
            )
        ]
        return found, evaluator

    def _of_finding(
        self, finding: Finding, graph: FlowGraph, ruling: Ruling, reasoner: Reasoner, made: Moves
    ) -> Iterable[Conflict]:
        strict = self.wanted.fails.fails(replace(finding, verdict=Verdict.UNDETERMINED))
        subject = named_subject(graph, finding.subject.kind, finding.subject.id)
        accepted = self._accepted.get((finding.rule, finding.subject), {})
        worst = ruling.worst(subject)
        for pair in finding.judged:
            if pair.waived or pair.verdict <= accepted.get(pair.key, Verdict.COMPLIANT):
                continue
            if pair.verdict is Verdict.UNDETERMINED and not strict:
                continue
            frame: Frame = subject[1]
            ruling.bind(frame, worst[pair.key][1])
            yield self._conflict(finding, ruling.core, frame, reasoner, made, strict=strict)

    def _conflict(
        self, finding: Finding, core: CoreRule, frame: Frame, reasoner: Reasoner, made: Moves, *, strict: bool
    ) -> Conflict:
        options = reasoner.options(core, frame, strict=strict)
        able = [each for each in options.all if each not in made and self._is_of_base(each)]
        allowed = frozenset(each for each in able if self.may(each))
        return Conflict(finding, allowed, frozenset(able) - allowed, options)

    @cached_property
    def _accepted(self) -> Mapping[tuple[str, Subject], Mapping[object, Verdict]]:
        return {
            (each.rule, each.subject): {pair.key: pair.verdict for pair in each.judged if not pair.waived}
            for each in self.kept
        }

    def may(self, move: Move) -> bool:
        """Whether a move may be made."""
        return self.costs.of(move) is not None and self._is_of_base(move)

    def _is_of_base(self, move: Move) -> bool:
        """Whether a move changes what existed before the repair, or a contract that the repair signs."""
        estate = self.estate
        match move:
            case Cut(flow=flow) | Anonymise(flow=flow):
                return flow in estate.flows
            case Sign():
                return True
            case Connect(source=source, target=target):
                return source in estate.systems and target in estate.systems
            case Amend(entity=entity, id=name):
                return entity is Entity.CONTRACT or name in estate.records(entity)


def _in_one_contract(conflicts: list[Conflict]) -> list[Conflict]:
    """Return the conflicts of one finding, with all changes of one contract in one move."""
    asked = [move for each in conflicts for move in each.moves if _is_of_contract(move)]
    whole: dict[Move, Move] = {}
    for move in asked:
        alike = [other for other in asked if bills(other) == bills(move)]
        whole[move] = merged(alike)[0]
    return [replace(each, moves=frozenset(whole.get(move, move) for move in each.moves)) for each in conflicts]


def _is_of_contract(move: Move) -> bool:
    return isinstance(move, Sign) or (isinstance(move, Amend) and move.entity is Entity.CONTRACT)


def _key(finding: Finding) -> tuple[str, Subject]:
    return finding.rule, finding.subject
