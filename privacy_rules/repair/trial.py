"""Try moves out: make them on an estate, check it, and find what still has to be fixed.

A set of moves passes if the only findings that still fail were accepted before, and no rule has a new violation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import CoreRule
from privacy_rules.checking.frame import Frame
from privacy_rules.checking.logic import Verdict
from privacy_rules.checking.outcomes import Outcome
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import named_subject
from privacy_rules.findings.comparison import is_new
from privacy_rules.findings.finding import Finding, Subject, order
from privacy_rules.findings.threshold import USUAL, Threshold
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.repair.apply_moves import Made, make
from privacy_rules.repair.candidate_moves import Options, Reasoner
from privacy_rules.repair.costs import Costs
from privacy_rules.repair.moves import Amend, Anonymise, Connect, Cut, Move, Sign, bills, merged, slots, takes
from privacy_rules.repair.moves import order as move_order
from privacy_rules.simulation.finding_delta import Key, delta
from privacy_rules.simulation.overlay import ChangedEstate
from privacy_rules.simulation.world import World
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item

Moves = frozenset[Move]
MOST_TO_FIX = 5_000
"""Of more findings that have to be fixed, the others are only counted, and no repair is searched for."""
_MOST_CHANGED = 50_000
"""Moves that change more findings than this are not tried."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a repair has to fix: the findings that fail by `fails` (only of `rules`, if given). `accepted` ones may stay."""

    fails: Threshold = USUAL
    rules: Collection[str] | None = None
    accepted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One judged pair of a finding to fix, and the moves from which every repair takes one. `barred` moves are not allowed."""

    finding: Finding
    moves: frozenset[Move]
    barred: frozenset[Move]
    options: Options


@dataclass(frozen=True, slots=True)
class Trial:
    """An estate after some moves. `open` are the findings that still have to be fixed, `more` those that are only counted.

    `undecided` are findings that become undetermined, and do not fail.
    """

    moves: Moves
    made: Made
    open: tuple[Finding, ...]
    undecided: tuple[Finding, ...] = ()
    more: int = 0


@dataclass(frozen=True, eq=False)
class Bench:
    """Tries moves out on the estate of a world."""

    base: World
    costs: Costs
    wanted: Wanted
    tried: dict[Moves, Trial | None] = field(default_factory=dict)
    _named: dict[tuple[Entity, str, str], frozenset[object]] = field(default_factory=dict)

    def trial(self, moves: Iterable[Move]) -> Trial | None:
        """Make these moves and check the estate; None if they cannot be made, or bring too many findings."""
        key = frozenset(moves)
        if key not in self.tried:
            made = make(self.base.estate, self.base.policy, key) if key else None
            self.tried[key] = self.first if not key else self.checked(key, made) if made else None
        return self.tried[key]

    @cached_property
    def first(self) -> Trial:
        """The estate without any move."""
        found: list[Finding] = []
        more = 0
        for outcome, verdicts in self._failing():
            rule, kind = outcome.ruling.core.rule.name, outcome.ruling.family
            spared = {each for one, each in self._accepted_before if one == rule} | {
                Subject(kind, each) for each in self.base.waived.get(rule, ())
            }
            if len(found) >= MOST_TO_FIX:
                more += outcome.count(verdicts) - sum(outcome.verdict_on(each.id) in verdicts for each in spared)
                continue
            for subject in (Subject(kind, name) for name, verdict in outcome.found() if verdict in verdicts):
                if len(found) >= MOST_TO_FIX:
                    more += subject not in spared
                else:
                    finding = self.base.finding(rule, kind, subject.id, explained=False)
                    found += [finding] if finding and self._is_to_fix(finding) else []
        return Trial(frozenset(), Made((), ChangedEstate(self.base.estate)), tuple(sorted(found, key=order)), more=more)

    def _failing(self) -> Iterator[tuple[Outcome, Collection[Verdict]]]:
        """What the rules find that may have to be fixed, and the verdicts that fail unless they are waived or accepted."""
        for name, core in self.base.cores.items():
            verdicts = {each for each in Verdict if self.wanted.fails.includes(each, core.rule.severity)}
            outcome = self.base.outcome(name) if self.wanted.rules is None or name in self.wanted.rules else None
            if outcome and verdicts - {Verdict.COMPLIANT}:
                yield outcome, verdicts - {Verdict.COMPLIANT}

    def _is_to_fix(self, finding: Finding) -> bool:
        return is_new(finding, self._accepted_before.get(key_of(finding))) and self.wanted.fails.fails(finding)

    def checked(self, moves: Moves, made: Made) -> Trial | None:
        """Check an estate after moves. Only what the moves can affect is judged again; None if that is too much."""
        world, _ = self.base.beside(made.outcome)
        if world is None:
            return None
        found = delta(self.base, world, most=_MOST_CHANGED)
        there = [key for way, key in found.changed if way != "goes"]
        if len(there) > MOST_TO_FIX or any(way != "stays" for way in found.omitted):
            return None
        changed = {key for _, key in found.changed}
        open_, undecided = [each for each in self.first.open if key_of(each) not in changed], list[Finding]()
        for rule, subject in there:
            finding = world.finding(rule, subject.kind, subject.id, explained=False)
            if finding and not finding.waived and is_new(finding, self._kept((rule, subject))):
                (open_ if self._is_open(finding) else undecided).append(finding)
        return Trial(moves, made, tuple(sorted(open_, key=order)), tuple(sorted(undecided, key=order)))

    def _is_open(self, finding: Finding) -> bool:
        """Whether a new finding has to be fixed: it fails, or is a violation."""
        fails = self.wanted.fails.fails(finding) and (self.wanted.rules is None or finding.rule in self.wanted.rules)
        return fails or finding.verdict is Verdict.VIOLATION

    def _kept(self, key: Key) -> Finding | None:
        """Return the finding that may stay: one that does not have to be fixed, or that was accepted before."""
        if key in self._to_fix:
            return self._accepted_before.get(key)
        rule, subject = key
        return self.base.finding(rule, subject.kind, subject.id, explained=False)

    @cached_property
    def _to_fix(self) -> set[Key]:
        return set(map(key_of, self.first.open))

    @cached_property
    def _accepted_before(self) -> Mapping[Key, Finding]:
        return {key_of(each): each for each in self.wanted.accepted}

    def conflicts(self, trial: Trial) -> tuple[list[Conflict], Evaluator]:
        """Return, for each judged pair that still has to be fixed, the moves of which every repair has one."""
        world = World(self.base.policy, trial.made.outcome.estate, self.base.day) if trial.moves else self.base
        reasoner = Reasoner(world.evaluator, self.may)
        found = [
            conflict
            for finding in trial.open
            for conflict in _in_one_contract(
                list(self._of_finding(finding, world.graph, world.ruling(finding.rule), reasoner, trial.moves))
            )
        ]
        return found, world.evaluator

    def _of_finding(
        self, finding: Finding, graph: FlowGraph, ruling: Ruling, reasoner: Reasoner, made: Moves
    ) -> Iterable[Conflict]:
        strict = self.wanted.fails.fails(replace(finding, verdict=Verdict.UNDETERMINED))
        subject = named_subject(graph, finding.subject.kind, finding.subject.id)
        kept = self._kept(key_of(finding))
        accepted = {pair.key: pair.verdict for pair in kept.judged if not pair.waived} if kept else {}
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

    def go_together(self, move: Move, others: Iterable[Move]) -> bool:
        """Whether moves are compatible: no attribute gets two values, and none that must not be empty becomes empty."""
        mine, taken = slots(move), takes(move)
        for other in others:
            theirs = slots(other)
            if any(theirs.get(slot, value) != value for slot, value in mine.items()):
                return False
            for slot in taken.keys() & takes(other).keys():
                taken[slot] = taken[slot] | takes(other)[slot]
        return not any(self._names_of(slot) <= terms for slot, terms in taken.items())

    def _names_of(self, slot: tuple[Entity, str, str]) -> frozenset[object]:
        """Return the terms of an attribute that must not be empty; of another, something that no move takes."""
        if slot not in self._named:
            entity, name, attribute = slot
            record = self.base.estate.records(entity).get(name)
            declared = self.base.policy.attributes.get((entity, attribute))
            stated = record.stated(attribute) if record and declared and declared.non_empty else None
            listed = stated if isinstance(stated, tuple) else (None,)
            self._named[slot] = frozenset(each.term if isinstance(each, Item) else each for each in listed)
        return self._named[slot]

    def without_clashes(self, moves: Iterable[Move]) -> Moves:
        """Return the moves without clashes: moves that would leave a flow empty become a cut, others are left out."""
        kept: list[Move] = []
        for move in sorted(moves, key=move_order):
            if self.go_together(move, kept):
                kept.append(move)
            elif isinstance(move, Amend) and move.entity is Entity.FLOW and self.may(Cut(move.id)):
                kept = [each for each in kept if not (isinstance(each, Amend) and each.id == move.id)] + [Cut(move.id)]
        cut = {each.flow for each in kept if isinstance(each, Cut)}
        return frozenset(
            each for each in kept if not (isinstance(each, Amend) and each.entity is Entity.FLOW and each.id in cut)
        )

    def accepting(self, findings: Collection[Finding]) -> Bench:
        """Return a bench on which these findings, which have to be fixed here, may stay."""
        made = replace(self, wanted=replace(self.wanted, accepted=(*self.wanted.accepted, *findings)), tried={})
        keys = set(map(key_of, findings))
        made.__dict__["first"] = replace(
            self.first, open=tuple(each for each in self.first.open if key_of(each) not in keys)
        )
        return made

    def may(self, move: Move) -> bool:
        """Whether a move may be made."""
        return self.costs.of(move) is not None and self._is_of_base(move)

    def _is_of_base(self, move: Move) -> bool:
        """Whether a move changes what existed before the repair, or a contract that the repair signs."""
        estate = self.base.estate
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
    """Return the conflicts of one finding, with all changes to the same contract combined into one move."""
    asked = [move for each in conflicts for move in each.moves if _is_of_contract(move)]
    whole: dict[Move, Move] = {}
    for move in asked:
        alike = [other for other in asked if bills(other) == bills(move)]
        whole[move] = merged(alike)[0]
    return [replace(each, moves=frozenset(whole.get(move, move) for move in each.moves)) for each in conflicts]


def _is_of_contract(move: Move) -> bool:
    return isinstance(move, Sign) or (isinstance(move, Amend) and move.entity is Entity.CONTRACT)


def key_of(finding: Finding) -> Key:
    """Return the rule and the subject of a finding."""
    return finding.rule, finding.subject
