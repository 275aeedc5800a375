"""Large estates stay readable: what is folded, unfolded and left out, and that the picture says so."""

from __future__ import annotations

import re

from privacy_rules.drawing.folding import KEPT_PARTIES, MOST_ARROWS, MOST_PARTIES
from privacy_rules.drawing.picture import Grade
from privacy_rules.drawing.pictures import MOST_OF_PARTY, MOST_SYSTEMS
from privacy_rules.drawing.views import offered, picture_of
from tests.builders import flow
from tests.unit.checking.judging import case, manifest
from tests.unit.drawing.given import RULES, SOLD, SOLD_FLOWS, drawn, grades, many, of_many_parties, painter


def test_of_many_systems_each_party_is_folded_into_one_box() -> None:
    found = drawn(many(MOST_SYSTEMS + 3))
    labels = {each.label: (each.folds, each.below) for each in found.boxes}
    assert {name: labels[name] for name in ("people", "we", "broker")} == {
        "people": (22, "22 systems"),
        "we": (23, "23 systems"),
        "broker": (22, "22 systems"),
    }
    assert sorted(each.id for each in found.arrows) == ["broker/* to people/*", "people/* to we/*", "we/* to broker/*"]
    assert found.left_out == "70 of 70 systems are folded into 6 boxes, one for each party"
    assert len(drawn(many(MOST_SYSTEMS - 7)).boxes) == MOST_SYSTEMS


def test_of_many_systems_those_on_the_path_of_a_violation_are_drawn_for_themselves() -> None:
    systems = {f"s{number}": {"party": "we"} for number in range(MOST_SYSTEMS)}
    found = drawn(case(RULES, manifest(*SOLD_FLOWS, systems=systems)))
    assert {each.id for each in found.boxes if not each.folds} == {"browser", "crm", "market"}
    assert grades(found)["sold"] == "VIOLATION"
    rest = next(each for each in found.boxes if each.lane == "we" and each.folds)
    assert rest.label.endswith(" more systems")


def test_an_unfolded_party_is_among_the_others_and_what_flows_between_these_is_reported_not_drawn() -> None:
    found = painter(many(MOST_SYSTEMS + 3))
    mine = found.most_of("we")
    assert len(mine) == MOST_OF_PARTY
    shown = found.shown(mine)
    assert {each.id for each in shown.boxes if not each.folds} == mine
    assert all({each.source, each.target} & mine for each in shown.arrows)
    within = sum(len(each.flows) for each in shown.arrows)
    assert shown.left_out.endswith(f"; {MOST_SYSTEMS + 3 - within} flows between these are not drawn")


def test_a_finding_between_folded_parties_is_drawn_in_every_view() -> None:
    systems = {f"s{number}": {"party": "we"} for number in range(MOST_SYSTEMS)}
    sold = flow("sold", "s0", "market", ["email"], exchange="sale")
    found = painter(case("rule unsold { forbid flow when exchange is sale }", manifest(sold, systems=systems)))
    assert [each.id for each in offered(found)][:1] == [""]
    for name in ("", "party:we", "finding:unsold flow sold"):
        each = picture_of(found, [name] if name else [])
        assert [arrow.id for arrow in each.arrows if arrow.grade is Grade.VIOLATION] == ["sold"], name
    assert {each.id for each in picture_of(found, ["finding:unsold flow sold"]).boxes if not each.folds} == {
        "s0",
        "market",
    }


def test_a_small_estate_opens_with_every_system() -> None:
    found = painter(case(RULES, SOLD))
    assert [each.id for each in offered(found)][:2] == ["", "parties"]
    parties = picture_of(found, ["parties"])
    assert all(each.folds for each in parties.boxes)
    assert sum(each.folds for each in parties.boxes) == 7
    assert picture_of(found, ["party:nobody", "finding:none flow x", "what"]) == found.whole()


def test_no_single_system_is_left_folded_when_its_party_is_unfolded() -> None:
    owned = {MOST_OF_PARTY + 1: MOST_OF_PARTY + 1, MOST_OF_PARTY + 2: MOST_OF_PARTY}
    for count, unfolded in owned.items():
        parties = {"we": {"role": "us"}, "acme": {"role": "third_party"}, "broker": {"role": "third_party"}}
        systems = {
            f"s{number}": {"party": "acme" if number < count else "broker"} for number in range(MOST_SYSTEMS + 1)
        }
        found = painter(case("rule r { forbid sharing }", manifest(systems=systems, parties=parties)))
        assert len(found.most_of("acme")) == unfolded


def test_several_parties_unfold_together() -> None:
    found = painter(many(MOST_SYSTEMS + 3))
    shown = picture_of(found, ["party:we", "party:people"])
    assert {each.lane for each in shown.boxes if not each.folds} == {"we", "people"}
    some = picture_of(found, ["system:s0", "system:s1", "system:nowhere"])
    assert {each.id for each in some.boxes if not each.folds} == {"s0", "s1"}


def test_a_folded_box_names_the_parties_whose_systems_it_has() -> None:
    found = painter(of_many_parties(MOST_PARTIES + 5)).shown(())
    named = [party for each in found.boxes for party in each.parties]
    assert len(named) == len(set(named))
    assert {f"p{number:02}" for number in range(MOST_PARTIES + 5)} <= set(named)


def test_the_box_of_a_party_bears_no_systems_name() -> None:
    systems = {f"s{number}": {"party": "we"} for number in range(MOST_SYSTEMS)} | {"we/*": {"party": "broker"}}
    sent = flow("sent", "s0", "we/*", ["email"], exchange="none")
    found = drawn(case("rule unsold { forbid flow when exchange is sale }", manifest(sent, systems=systems)))
    assert [(each.source, each.target) for each in found.arrows] == [("we/**", "broker/*")]


def test_of_very_many_parties_the_least_are_gathered_by_role_and_the_picture_says_so() -> None:
    count = MOST_PARTIES + 5
    found = painter(of_many_parties(count)).shown(())
    kept = {each.label for each in found.boxes}
    assert {f"p{count - 1:02}", f"p{count - 2:02}"} <= kept
    assert len(found.boxes) <= KEPT_PARTIES + 5
    assert sum(each.folds for each in found.boxes) == len(of_many_parties(count).graph.systems)
    assert "smaller parties into 1, by role" in found.left_out


def test_of_very_many_arrows_those_with_findings_are_kept_and_the_others_counted() -> None:
    found = painter(of_many_parties(MOST_PARTIES + 5)).shown(())
    folded = painter(of_many_parties(MOST_PARTIES - 10)).shown(())
    for each in (found, folded):
        assert len(each.arrows) == MOST_ARROWS
        assert [arrow.grade for arrow in each.arrows].count(Grade.VIOLATION) == 1
        assert re.search(r"[\d,]+ of [\d,]+ arrows are not drawn: those with the fewest flows", each.left_out)
