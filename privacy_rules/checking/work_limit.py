"""Limits on the work of one check. The work is counted and not timed, so that runs agree.

    evaluator.work.take(CASES, 120)         # raises InputError if that is more than the check may do

They are far above what estates need. They grow with the estate, so that only small files made to hurt reach them.
"""

from __future__ import annotations

from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.fast_dataclasses import dataclass

_CHECK = "check"


@dataclass(frozen=True, slots=True)
class WorkLimit:
    """A kind of work: how much one check may do, and how much more for each entity, and for each entity and rule."""

    what: str
    most: int
    by_entity: int = 0
    by_rule: int = 0
    doing: str = _CHECK
    less: str = "check fewer manifests together, or fewer rules with `--rule`"

    def of(self, entities: int, rules: int) -> int:
        """Return how much one check of so many entities and rules may do."""
        return self.most + entities * (self.by_entity + self.by_rule * rules)


DECISIONS = WorkLimit("undetermined verdicts that have to be decided case by case", 100_000, by_entity=4)
STEPS = WorkLimit("steps to decide undetermined verdicts", 1_000_000, by_entity=300)
EVALUATIONS = WorkLimit("tests of single subjects, in all rules", 2_000_000, by_entity=200)
PASSES = WorkLimit("flows that single tests follow, in all rules", 5_000_000, by_entity=200)
EDGES = WorkLimit("pairs of a flow and a collection that its unknown origin may be", 1_000_000, by_entity=100)
PAIRS = WorkLimit("judged pairs of a category and a purpose", 2_000_000, by_entity=400)
JUDGED_PAIRS = WorkLimit("judged pairs in all rules", 100_000_000, by_rule=40)
BINDING = WorkLimit("contracts that may bind the parties of a rule's subjects, in all rules", 100_000_000, by_rule=10)
PASSAGES = WorkLimit(
    "flows that are followed, and flows in paths",
    10_000_000,
    by_entity=1_000,
    doing="search for where data goes",
    less="ask about something that sends less, or in fewer manifests",
)
LINEAGES = WorkLimit(
    "flows in paths of lineages",
    1_000_000,
    by_entity=100,
    doing="register",
    less="leave manifests out",
)
CHAINS = WorkLimit("contracts in chains from single systems, in all rules", 6_000_000, by_entity=1_000)


class Work:
    """The work that a check has done so far."""

    def __init__(self, policy: Policy, graph: FlowGraph) -> None:
        estate = graph.estate
        self._entities = len(estate.flows) + len(estate.systems) + len(estate.parties) + len(estate.contracts)
        self._rules = len(policy.rules)
        self._done: dict[str, int] = {}
        self._ended = False

    def begin(self) -> None:
        """Count from the start, as for another day."""
        self._done.clear()
        self._ended = False

    def end(self) -> None:
        """Refuse no check from now on: all subjects are judged, and what explains the verdicts has limits of its own."""
        self._ended = True

    def done(self, limit: WorkLimit) -> int:
        """Return how much of a kind of work was done."""
        return self._done.get(limit.what, 0)

    def take(self, limit: WorkLimit, number: int) -> None:
        """Count work that is about to be done. Raises InputError if it is too much."""
        done = self._done[limit.what] = self._done.get(limit.what, 0) + number
        most = limit.of(self._entities, self._rules)
        if done > most and not (self._ended and limit.doing == _CHECK):
            message = f"the {limit.doing} is too large: more than {most:,} {limit.what}"
            raise InputError([Diagnostic(codes.TOO_LARGE_CHECK, message, help=limit.less)])
