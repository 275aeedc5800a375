"""A search for where data goes, and a lineage, are refused if their paths have too many flows."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.checking.work_limit import WorkLimit
from privacy_rules.registers import data_map
from privacy_rules.registers.material import Material
from privacy_rules.simulation import data_paths
from privacy_rules.simulation.impact import impact
from privacy_rules.simulation.world import World
from privacy_rules.source.diagnostic import InputError
from privacy_rules.tracing.clause_index import ClauseIndex
from tests.builders import estate_of, flow, policy_of

POLICY = policy_of("use std.core\ndata { email }\npurpose { orders }\nrule r { forbid disclosure of email }\n")
ESTATE = estate_of(
    {
        "manifest": 1,
        "parties": {"us": {"role": "us"}, "person": {"role": "data_subject"}},
        "systems": {"s0": {"party": "person"}, **{f"s{n}": {"party": "us"} for n in range(1, 5)}},
        "flows": [flow(f"f{n}", f"s{n}", f"s{n + 1}", ["email"], purposes=["orders"]) for n in range(4)],
    },
    POLICY,
)
DAY = date(2026, 11, 1)


def test_a_search_along_too_many_flows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(impact(POLICY, ESTATE, DAY, "flow", "f0").gets) == 4
    monkeypatch.setattr(data_paths, "PASSAGES", WorkLimit("flows", 10, doing="search", less="ask for less"))
    with pytest.raises(InputError, match="the search is too large: more than 10 flows") as refused:
        impact(POLICY, ESTATE, DAY, "flow", "f0")
    assert refused.value.diagnostics[0].help == "ask for less"


def test_a_lineage_with_too_many_flows_in_its_paths_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def steps() -> int:
        return len(data_map.lineage(Material(World(POLICY, ESTATE, DAY), ClauseIndex(()), "email"), "email").rows)

    monkeypatch.setattr(data_map, "LINEAGES", WorkLimit("flows in paths", 1 + 2 + 3 + 4))
    assert steps() == 5
    monkeypatch.setattr(data_map, "LINEAGES", WorkLimit("flows in paths", 1 + 2 + 3))
    with pytest.raises(InputError, match="more than 6 flows in paths"):
        steps()
