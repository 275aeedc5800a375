"""Find what a new policy changes in the findings of an estate.

answer, wrong = policy_change(World(*with_renamed_rules(old, estate, {"unsold": "no_selling"}), day), Swap("new.privacy", new, again))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.compare import Answer, Simulation
from privacy_rules.simulation.scenario import Scenario
from privacy_rules.simulation.world import Diagnostics, Swap, World


def policy_change(before: World, swap: Swap) -> tuple[Answer | None, Diagnostics]:
    """Return the findings that the new policy adds, removes and changes; None if it cannot judge the estate."""
    return Simulation(before).run(Scenario(swap.words, (swap.words,), lambda _: ((), ()), swap))


def with_renamed_rules(policy: Policy, estate: Estate, names: Mapping[str, str]) -> tuple[Policy, Estate]:
    """Rename rules in a policy and an estate's waivers, so that findings can be compared; `names` maps old names to new ones."""
    rules = tuple(
        replace(
            rule,
            name=names.get(rule.name, rule.name),
            despite=tuple(names.get(each, each) for each in rule.despite),
        )
        for rule in policy.rules
    )
    waivers = tuple(replace(each, rule=names.get(each.rule, each.rule)) for each in estate.waivers)
    return replace(policy, rules=rules), replace(estate, waivers=waivers)
