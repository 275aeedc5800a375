"""A forecast of days on which too much has to be judged again is refused, and `what-if` then compares no later days."""

from __future__ import annotations

from datetime import date

import pytest

from privacy_rules.simulation import day_by_day
from privacy_rules.simulation.forecast import forecast
from privacy_rules.simulation.later import Later, later
from privacy_rules.simulation.world import World
from privacy_rules.source.diagnostic import InputError
from tests.builders import estate_of, flow, policy_of

START, END = date(2026, 11, 1), date(2027, 11, 1)
POLICY = policy_of(
    "use std.core\ndata { email }\npurpose { orders }\nrule bound { require under contract on disclosure }\n"
)


def estate(until: str) -> World:
    contract = {"with": "vendor", "until": until}
    data = {
        "manifest": 1,
        "parties": {"us": {"role": "us"}, "vendor": {"role": "service_provider"}},
        "contracts": {"terms": contract},
        "systems": {"a": {"party": "us"}, "b": {"party": "vendor"}},
        "flows": [flow(f"f{n}", "a", "b", ["email"], purposes=["orders"]) for n in range(3)],
    }
    return World(POLICY, estate_of(data, POLICY), START)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_by_day, "OF_EACH", 0)
    monkeypatch.setattr(day_by_day, "MOST_AGAIN", 3)  # one for the first day, and three flows when the contract ends


def test_a_forecast_with_too_many_judgements_is_refused(limited: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world = estate("2027-01-01")
    with pytest.raises(InputError, match="the days of the forecast are too large: more than 3 judgements"):
        forecast(POLICY, world.estate, START, END)
    monkeypatch.setattr(day_by_day, "MOST_AGAIN", 4)
    (day,) = forecast(POLICY, world.estate, START, END)
    assert len(day.finding_changes) == 3


def test_later_days_with_too_many_judgements_are_not_compared(limited: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now, after = estate("2027-01-01"), estate("2027-02-01")
    assert later(now, after, {}) == Later((), START)
    monkeypatch.setattr(day_by_day, "MOST_AGAIN", 4)
    assert [each.day for each in later(now, after, {}).days] == [date(2027, 1, 1), date(2027, 2, 1)]
