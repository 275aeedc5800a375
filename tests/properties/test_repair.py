"""Each offer of a repair makes the check pass, with nothing to spare, cheapest first; and none cheaper is overlooked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import networkx  # noqa: F401 -- a limit of time that interrupts its import would leave half of it
from hypothesis import given, note
from hypothesis import strategies as st

from privacy_rules.checking.checker import judge
from privacy_rules.checking.logic import Verdict
from privacy_rules.findings.finding import Finding
from privacy_rules.findings.report import report
from privacy_rules.findings.threshold import Threshold
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate
from privacy_rules.repair.apply_moves import make
from privacy_rules.repair.costs import NEVER, Costs, Price
from privacy_rules.repair.dependants import Dependants
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.moves import Amend, Cut, How, Move, Step
from privacy_rules.repair.offers import Repair, repair
from privacy_rules.repair.trial import Wanted
from privacy_rules.simulation.change_set import changes_from_data
from privacy_rules.simulation.overlay import apply
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item
from tests.properties.checking import TODAY, load
from tests.properties.strategies import Sample, samples, some

THRESHOLDS = (Threshold(), Threshold("undetermined", "note"), Threshold("violation", "note"))
thresholds = st.sampled_from(THRESHOLDS)


def findings(policy: Policy, estate: Estate) -> tuple[Finding, ...]:
    judged = judge(policy.on(TODAY), FlowGraph.of(estate, policy.on(TODAY)), TODAY, most_explained=0)
    return report(policy, estate, judged, TODAY).findings


def fails(
    policy: Policy, before: Estate, after: Estate, wanted: Threshold, apart: Collection[Finding] = ()
) -> list[Finding]:
    """What fails after a change, and violations of what was not violated before; what was set apart may go on."""
    known = {(each.rule, each.subject) for each in findings(policy, before) if each.verdict is Verdict.VIOLATION}
    aside = {(each.rule, each.subject) for each in apart}
    return [
        each
        for each in findings(policy, after)
        if (each.rule, each.subject) not in aside
        if wanted.fails(each)
        or (each.verdict is Verdict.VIOLATION and not each.waived and (each.rule, each.subject) not in known)
    ]


def offered(policy: Policy, estate: Estate, wanted: Threshold, costs: Costs = Costs()) -> Repair:  # noqa: B008 (frozen)
    found = repair(policy, estate, TODAY, costs, Wanted(wanted), limit=3, seconds=2)
    note(str(found.offers))
    return found


def left_out(found: Repair) -> list[Finding]:
    """The findings that the offers do not fix."""
    return [*found.apart, *(each.finding for each in found.obstacles), *found.unfinished]


@some
@given(sample=samples(), wanted=thresholds)
def test_each_offer_passes_as_a_change_set_and_no_move_of_it_can_be_left_out(sample: Sample, wanted: Threshold) -> None:
    policy, estate = load(sample)
    note(str(sample))
    found = offered(policy, estate, wanted)
    for offer in found.offers:
        changes, wrong = changes_from_data(offer.changes, policy)
        assert changes is not None, wrong
        after, wrong = apply(estate, policy, changes)
        assert after is not None, wrong
        assert fails(policy, estate, after.estate, wanted, left_out(found)) == []
        for move in offer.moves:
            fewer = make(estate, policy, [each for each in offer.moves if each != move])
            assert fewer is None or fails(policy, estate, fewer.outcome.estate, wanted, left_out(found)), (
                f"{move} can be left out"
            )


@some
@given(sample=samples(), wanted=thresholds)
def test_offers_are_distinct_and_sorted_by_what_they_cost(sample: Sample, wanted: Threshold) -> None:
    policy, estate = load(sample)
    offers = offered(policy, estate, wanted).offers
    assert len({each.moves for each in offers}) == len(offers) <= 3
    assert [each.cost for each in offers] == sorted(each.cost for each in offers)


@some
@given(sample=samples(), wanted=thresholds)
def test_no_cheaper_set_of_cuts_is_overlooked_where_the_first_is_proved(sample: Sample, wanted: Threshold) -> None:
    """All sets of flows are tried, where flows may be cut and nothing else."""
    policy, estate = load(sample)
    costs = Costs({each: len(each) % 3 + 1 for each in (f"flow:{flow}" for flow in estate.flows)}, [MoveKind.CUT])
    if len(estate.flows) > 6 or not any(wanted.fails(each) for each in findings(policy, estate)):
        return
    found = offered(policy, estate, wanted, costs)
    note(str(sample))
    best = None
    for size in range(1, len(estate.flows) + 1):
        for chosen in combinations(estate.flows, size):
            moves = [Cut(each) for each in chosen]
            made = make(estate, policy, moves)
            assert made is not None
            if not fails(policy, estate, made.outcome.estate, wanted, left_out(found)):
                best = min(costs.total(moves), best if best is not None else costs.total(moves))
    if found.offers and found.offers[0].proved:
        assert best == found.offers[0].cost
    elif found.offers:
        assert best is not None
        assert best <= found.offers[0].cost


@some
@given(sample=samples(), wanted=thresholds)
def test_where_nothing_fails_there_is_nothing_to_repair(sample: Sample, wanted: Threshold) -> None:
    policy, estate = load(sample)
    found = offered(policy, estate, wanted)
    assert bool(found.to_fix) == any(wanted.fails(each) for each in findings(policy, estate))
    assert found.to_fix or not (found.offers or found.obstacles or found.questions)
    for each in found.to_fix:
        assert wanted.fails(replace(each, state=None))


MOST_IN_PAIRS = 14


def simple_moves(estate: Estate) -> list[Move]:
    """Each flow cut, each category and purpose dropped, each stored category and join given up."""
    found: list[Move] = []
    for name, record in estate.flows.items():
        found.append(Cut(name))
        for attribute in ("carries", "purposes"):
            stated = record.stated(attribute)
            listed = stated if isinstance(stated, tuple) and len(stated) > 1 else ()
            several = [each.term if isinstance(each, Item) else each for each in listed]
            found += [Amend(Entity.FLOW, name, (Step(attribute, How.TAKE, (term,)),)) for term in several]
    for name, record in estate.systems.items():
        for each in record.items or ():
            found.append(Amend(Entity.SYSTEM, name, (Step("stores", How.TAKE, (each.term,)),)))
        for pair in record.pairs or ():
            found.append(Amend(Entity.SYSTEM, name, (Step("joins", How.TAKE, (pair,)),)))
    return found


@some
@given(sample=samples(), wanted=thresholds)
def test_no_cheaper_pair_of_moves_of_several_kinds_is_overlooked_either(sample: Sample, wanted: Threshold) -> None:
    policy, estate = load(sample)
    found = repair(policy, estate, TODAY, Costs(), Wanted(wanted), limit=1, seconds=2)
    if found.timed_out or len(left_out(found)) == len(found.to_fix) or (found.offers and not found.offers[0].proved):
        return
    if not found.offers and not found.complete:
        return
    costs = Costs(dependants=Dependants(FlowGraph.of(estate, policy.on(TODAY))))
    least = found.offers[0].cost if found.offers else float("inf")
    moves = simple_moves(estate)
    pairs = combinations(moves, 2) if len(moves) <= MOST_IN_PAIRS else ()
    for chosen in [*((each,) for each in moves), *pairs]:
        if costs.total(chosen) < least:
            made = make(estate, policy, chosen)
            passes = made is not None and not fails(policy, estate, made.outcome.estate, wanted, left_out(found))
            assert not passes, f"{chosen} is cheaper\n{sample}\n{found.offers}"


@some
@given(sample=samples(), wanted=thresholds, never=st.integers(0, 63))
def test_a_partial_repair_fixes_as_many_findings_as_any_set_of_cuts_at_the_least_cost(
    sample: Sample, wanted: Threshold, never: int
) -> None:
    """All sets of flows that may be cut are tried."""
    policy, estate = load(sample)
    if len(estate.flows) > 6:
        return
    fixed = {f"flow:{flow}" for number, flow in enumerate(estate.flows) if never >> number & 1}
    prices: dict[str, Price] = dict.fromkeys(fixed, NEVER)
    costs = Costs({f"flow:{flow}": len(flow) % 3 + 1 for flow in estate.flows} | prices, [MoveKind.CUT])
    found = offered(policy, estate, wanted, costs)
    if found.timed_out or not found.complete or not found.to_fix:
        return
    note(str(sample))
    to_fix = {(each.rule, each.subject) for each in found.to_fix} - {(each.rule, each.subject) for each in found.apart}
    impossible = {(each.finding.rule, each.finding.subject) for each in found.obstacles}
    allowed = [flow for flow in estate.flows if f"flow:{flow}" not in fixed]
    best, least = 0, None
    for size in range(len(allowed) + 1):
        for chosen in combinations(allowed, size):
            moves = [Cut(each) for each in chosen]
            made = make(estate, policy, moves)
            after = made.outcome.estate if made else estate
            left = {(each.rule, each.subject) for each in fails(policy, estate, after, wanted, found.apart)}
            if left <= to_fix:
                best = max(best, len(to_fix - left))
                if left <= impossible:
                    least = min(costs.total(moves), least if least is not None else costs.total(moves))
    if found.offers:
        assert len(to_fix - impossible) == best
        assert not found.offers[0].proved or found.offers[0].cost == least
    else:
        assert best == 0
