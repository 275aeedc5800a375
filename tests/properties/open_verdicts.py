"""Count the undetermined verdicts for which only one decided verdict is possible, by trying every completion of small estates.

    python -m tests.properties.open_verdicts 2000 [seed]

All but a few facts of a sample are declared. An undetermined finding is `both` if some completion complies with the rule and
another violates it; `lacking` if some full completion is still undetermined (a manifest cannot declare what its verdict depends
on); `one way` if all completions agree; and `too many` if only some completions could be tried, and these agree.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from privacy_rules.checking.checker import judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.conditions import walk
from privacy_rules.language.policy import CollectedWith, Holds, Policy, Reached, Rule, WithinCollectedPurposes
from privacy_rules.manifest.model import Estate
from tests.properties.checking import TODAY, load_today
from tests.properties.every_completion import Completions, Slot
from tests.properties.strategies import BYTES, Sample, sample_of
from tests.properties.world import ADDITIONS, CORE, Options
from tests.reference.evaluator import Evaluator, conclusion
from tests.reference.judged import judged_of

SMALL = Options(declared=False, rules=1, systems=3, flows=3, parties=3, contracts=1, paths_alone=5)
WITH_SOURCES = 0.7
"""The share of samples in which systems create what they send."""
MOST_OPEN = 3
_NOT_SHOWN = (CORE.strip(), ADDITIONS.strip(), "vocabulary", "topic", "occasion", "policy", "clause")
FIRST = 200
MOST_TRIED = 3_000


@dataclass(frozen=True)
class Case:
    """An undetermined finding, and the verdicts of its completions."""

    small: Small
    subject: str
    slots: tuple[Slot, ...]
    found: frozenset[Verdict]
    tried_all: bool
    by_origin: bool
    """Whether both verdicts would be possible if an `origin` could name a flow that is not a collection."""

    @property
    def turns_out(self) -> str:
        if {Verdict.COMPLIANT, Verdict.VIOLATION} <= self.found:
            return "both"
        if Verdict.UNDETERMINED in self.found:
            return "lacking"
        if not self.found:
            return "no valid completion"
        if self.by_origin:
            return "one way by origin"
        return "one way" if self.tried_all else "too many"


def by_tables(evaluator: Evaluator, rule: Rule, subject: str) -> Verdict:
    """The verdict without going through cases: in a full completion nothing is open."""
    judged = judged_of(evaluator.facts, rule.subject.kind, subject)
    verdicts = (conclusion(evaluator.scope(rule, each), evaluator.requirement(rule, each)) for each in judged)
    return max(verdicts, default=Verdict.COMPLIANT)


def mostly_declared(source: random.Random, policy: Policy, estate: Estate, rules: list[Rule]) -> Estate:
    """The estate with all but a few of its open facts declared."""
    completions = Completions(policy, estate, rules, TODAY)
    known = {term for each in policy.vocabularies.values() for term in each.terms}
    made_up = {term for each in completions.policy.vocabularies.values() for term in each.terms} - known
    made_up |= set(completions.strangers.values())
    slots = [each for each in completions.slots if each.id not in completions.strangers.values()]
    open_ = source.sample(slots, min(len(slots), source.randint(1, MOST_OPEN)))
    chosen = []
    for slot in slots:
        plain = [each for each in slot.values if not any(f"'{one}'" in repr((each,)) for one in made_up)]
        if slot not in open_ and plain:
            chosen.append((slot, source.choice(plain)))
    return completions.with_values(chosen)


def with_sources(estate: Estate, policy: Policy) -> Estate:
    """The estate with systems that create all categories, so all data that leaves them has a declared source."""
    everything = tuple(sorted(policy.taxonomy("data").terms))
    systems = {
        name: replace(each, declared={**each.declared, "creates": everything}) for name, each in estate.systems.items()
    }
    return replace(estate, systems=systems)


@dataclass(frozen=True)
class Small:
    """A rule, with the permits that lift it, and an estate with few open facts that may matter to it."""

    sample: Sample
    policy: Policy
    rule: Rule
    permits: tuple[Rule, ...]
    estate: Estate

    @property
    def asks_about(self) -> str:
        """Whether the rule, or a permit that lifts it, asks about paths or collections."""
        rules = (self.rule, *self.permits)
        parts = [part for each in rules for part in (*each.subject.limits, each.when, each.unless, each.required)]
        asked = list(walk(*filter(None, (*parts, *(one for each in rules for one in each.alternatives)))))
        named = {"paths": (Reached, Holds), "collections": (CollectedWith, WithinCollectedPurposes)}
        found = [name for name, kinds in named.items() if any(isinstance(each, kinds) for each in asked)]
        return " and ".join(found) or "neither paths nor collections"

    def __str__(self) -> str:
        shown = (each for each in self.sample.blocks if not each.startswith(_NOT_SHOWN))
        return "\n".join([*shown, *records_of(self.estate)])


def small_estates(source: random.Random, count: int) -> Iterator[Small]:
    """The small estates of `count` random samples."""
    for _ in range(count):
        sample = sample_of(source.randbytes(BYTES), replace(SMALL, rules=source.choice((1, 2))))
        policy, estate = load_today(sample)
        if source.random() < WITH_SOURCES:
            estate = with_sources(estate, policy)
        for rule in policy.rules:
            if rule.statement != "permit" and rule.in_force(TODAY):
                permits = [each for each in policy.rules if each.statement == "permit" and rule.name in each.despite]
                small = mostly_declared(source, policy, estate, [rule, *permits])
                if Completions(policy, small, [rule], TODAY).is_valid(small):
                    yield Small(sample, policy, rule, tuple(permits), small)


def cases(source: random.Random, small: Small) -> list[Case]:
    """The undetermined findings of the engine, with the verdicts of their completions."""
    graph = FlowGraph.of(small.estate, small.policy)
    judged = judge(small.policy, graph, TODAY, rules=[small.rule.name], most_explained=0).judgements
    open_ = [each.subject for each in judged if each.verdict is Verdict.UNDETERMINED]
    return list(of_subjects(source, small, open_)) if open_ else []


def is_settled(found: set[Verdict], tried: int) -> bool:
    """Whether trying more completions would add nothing."""
    return {Verdict.COMPLIANT, Verdict.VIOLATION} <= found or (Verdict.UNDETERMINED in found and tried > FIRST)


def of_subjects(source: random.Random, small: Small, subjects: list[str]) -> Iterator[Case]:
    completions = Completions(small.policy, small.estate, [small.rule, *small.permits], TODAY)
    found: dict[str, set[Verdict]] = {each: set() for each in subjects}
    whatever: dict[str, set[Verdict]] = {each: set() for each in subjects}
    rule, all_of_them = completions.rule, completions.count <= MOST_TRIED
    rest = completions if all_of_them else completions.some(source, MOST_TRIED)
    for tried, estate in enumerate(chain(completions.some(source, FIRST), rest)):
        left = [each for each, verdicts in found.items() if not is_settled(verdicts, tried)]
        if not left:
            break
        evaluator, valid = Evaluator(completions.policy, estate, TODAY), completions.is_valid(estate)
        for each in left:
            verdict = by_tables(evaluator, rule, each)
            whatever[each].add(verdict)
            found[each].update((verdict,) if valid else ())
    for subject, verdicts in found.items():
        open_ = tuple(completions.slots)
        yield Case(small, subject, open_, frozenset(verdicts), all_of_them, whatever[subject] > verdicts)


def records_of(estate: Estate) -> Iterator[str]:
    for each in (estate.parties, estate.systems, estate.flows, estate.contracts):
        for record in each.values():
            said = {**record.defaults, **record.declared}
            yield f"{record.entity} {record.id}: " + ", ".join(f"{name}={said[name]}" for name in sorted(said))


def main(count: int, seed: int) -> None:
    source, counts = random.Random(seed), dict[str, Counter[str]]()
    for small in small_estates(source, count):
        for case in cases(source, small):
            counts.setdefault(small.asks_about, Counter())[case.turns_out] += 1
            if case.turns_out not in ("both", "lacking", "no valid completion"):
                ways = ", ".join(sorted(each.word for each in case.found))
                print(f"\n---- {case.turns_out}: {ways}: {small.rule.name} {case.subject}")
                print(small, *case.slots, sep="\n")
    for kind, found in sorted(counts.items()):
        print(f"seed {seed}, rules that ask about {kind}: {dict(found)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
