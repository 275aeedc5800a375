"""Measures one change weighed against a large estate, beside the whole check of the changed estate, and prints it as Markdown.

    python benchmarks/what_if.py                     # 100,000 flows on 20,000 systems
    python benchmarks/what_if.py --flows 20000 --rounds 5

The estate is that of `large_estate.py`, held against the example policy. `first` is the first answer after the estate was
judged, `then` the median of the ones that follow, as in a server or for the second of several scenarios. Both judge anew only
what a change can touch; `whole` is the check of the changed estate from nothing. Times are the process's own CPU seconds.
Each answer is held against the whole check: a difference ends the run.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import large_estate  # noqa: E402

from privacy_rules import engine  # noqa: E402
from privacy_rules.checking.checker import judge  # noqa: E402
from privacy_rules.manifest.loader import estate_from_data  # noqa: E402
from privacy_rules.simulation.change_set import changes_from_data  # noqa: E402
from privacy_rules.simulation.change_words import step_words  # noqa: E402
from privacy_rules.simulation.compare import Simulation  # noqa: E402
from privacy_rules.simulation.scenario import Scenario  # noqa: E402
from privacy_rules.simulation.world import World  # noqa: E402

_Result = TypeVar("_Result")


def timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """CPU seconds of a piece of work, and what it gives."""
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


def changes(made: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """One change of each kind, on what stands in the middle of the estate."""
    flow = made["flows"][len(made["flows"]) // 2]
    contract = sorted(made["contracts"])[0]
    return {
        "a flow is a sale": [{"set": {"flow": flow["id"], "exchange": "sale"}}],
        "a flow has no known purpose": [{"set": {"flow": flow["id"], "purposes": None}}],
        "a flow is cut": [{"remove": {"flow": flow["id"]}}],
        "a flow is added": [{"add": {"flow": {**flow, "id": "one-more"}}}],
        "a contract has ended": [{"set": {"contract": contract, "until": "2020-01-01"}}],
    }


def main() -> None:
    """The measurement that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    policy, _ = engine.load_policy([ROOT / "examples" / "iapmo" / "iapmo.privacy"])
    assert policy is not None
    made = large_estate.estate(chosen.flows, chosen.flows // 5, 7)
    estate, wrong = estate_from_data(made, policy)
    assert estate is not None, wrong
    day = estate.as_of or engine.today()
    print(f"Python {platform.python_version()} on {platform.system()}; {chosen.flows:,} flows\n")
    print("| change | first | then | whole | then / whole | findings that change |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, data in changes(made).items():
        read, wrong = changes_from_data(data, policy)
        assert read is not None, wrong
        scenario = Scenario(name, tuple(map(step_words, read)), lambda _, read=read: (read, ()))
        simulation = Simulation(World(policy, estate, day))
        taken = []
        for _ in range(1 + chosen.rounds):
            spent, (answer, wrong) = timed(lambda simulation=simulation, scenario=scenario: simulation.run(scenario))
            assert answer is not None, wrong
            taken.append(spent)
        whole, judged = timed(lambda answer=answer: judge(policy, answer.world.graph, day))
        assert len(judged.judgements) == answer.delta.after.found
        then = statistics.median(taken[1:])
        print(
            f"| {name} | {taken[0]:.2f} s | {then:.2f} s | {whole:.2f} s | {then / whole:.2f} | {len(answer.explained_changes)} |"
        )


if __name__ == "__main__":
    main()
