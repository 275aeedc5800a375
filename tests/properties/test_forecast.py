"""A forecast agrees with checking on each day of a span: what changes, and on no other day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.checking.checker import judge
from privacy_rules.findings.report import report
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.simulation.forecast import events_of, forecast
from tests.properties.checking import TODAY, load
from tests.properties.strategies import Sample, many, samples

DAY = timedelta(days=1)


def state(policy: Policy, estate: Estate, day: date) -> dict[object, object]:
    found = report(policy, estate, judge(policy.on(day), FlowGraph.of(estate, policy.on(day)), day), day).findings
    return {(each.rule, each.subject): (each.verdict, each.judged, each.waived) for each in found}


@many
@given(sample=samples(), back=st.integers(0, 40), length=st.integers(1, 12), near=st.booleans())
def test_a_forecast_agrees_with_checking_on_each_day(sample: Sample, back: int, length: int, near: bool) -> None:
    note(str(sample))
    policy, estate = load(sample)
    dates = sorted(events_of(policy, estate))
    start = dates[back % len(dates)] - 3 * DAY if near and dates else TODAY - back * DAY
    told = forecast(policy, estate, start, start + length * DAY)
    before, expected = state(policy, estate, start), {}
    for number in range(1, length + 1):
        now = state(policy, estate, start + number * DAY)
        changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        if changed:
            expected[start + number * DAY] = changed
        before = now
    assert {each.day: {(change.rule, change.subject) for change in each.finding_changes} for each in told} == expected
    assert all(each.events for each in told)
