"""Each variant of the example has a repair that makes sense, and the check passes after each offer."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules import engine
from privacy_rules.repair.costs import Costs
from privacy_rules.repair.offers import repair
from privacy_rules.repair.trial import Wanted
from privacy_rules.reports.repair.move_words import move_words
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.overlay import apply

HOME = Path(__file__).parents[2] / "examples" / "iapmo"
CHEAPEST = {
    "bought-in-data": (10, "remove flow phone-append"),
    "contract-ran-out": (2, "extend contract label-terms: until 2027-11-01"),
    "forgotten-copy": (
        6,
        "connect system privacy_desk to system file_share by a flow of access_request, correction_request and "
        "deletion_request, like flow request-accounts",
    ),
    "form-recorder": (10, "remove flow keystrokes"),
    "hashed-audience": (10, "remove flow audience-upload"),
    "processor-sells-on": (10, "remove flow verified-addresses"),
    "support-export-profile": (10, "remove flow ticket-export"),
    "tag-manager-email": (10, "remove flow tag-hit"),
    "visitor-identification": (10, "remove flow finder-script"),
}


def test_there_is_a_repair_for_each_variant() -> None:
    assert sorted(CHEAPEST) == sorted(file.stem for file in (HOME / "variants").glob("*.yaml"))


@pytest.mark.parametrize("variant", CHEAPEST)
def test_the_cheapest_repair_of_a_variant(variant: str) -> None:
    inputs, wrong = engine.load([HOME / "estate.yaml", HOME / "variants" / f"{variant}.yaml"])
    assert inputs is not None, wrong
    day = inputs.estate.as_of
    assert day is not None
    found = repair(inputs.policy, inputs.estate, day, Costs(), Wanted(), seconds=60)
    first = found.offers[0]
    told = "; ".join(words for move in first.moves for words in move_words(move))
    assert (first.cost, told, first.proved) == (*CHEAPEST[variant], True)
    for offer in found.offers:
        changes, wrong = changes_from_data(offer.changes, inputs.policy)
        assert changes is not None, wrong
        outcome, wrong = apply(inputs.estate, inputs.policy, changes)
        assert outcome is not None, wrong
        report, wrong = engine.check(engine.Inputs(inputs.policy, outcome.estate))
        assert report is not None, wrong
        assert report.failing() == ()
        assert {each.subject for each in report.findings} == {each.subject for each in offer.undecided}
