"""What is in a picture: boxes, lanes, arrows, and what is marked in them."""

from __future__ import annotations

import pytest

from privacy_rules.drawing.grouping import attributes_for_groups
from privacy_rules.drawing.picture import Arrow, Drawn, Grade
from privacy_rules.drawing.pictures import Painter
from privacy_rules.drawing.svg import as_svg
from privacy_rules.source.diagnostic import InputError
from privacy_rules.vocabulary.attributes import Entity
from tests.builders import flow
from tests.unit.checking.judging import case, manifest
from tests.unit.drawing.given import RULES, SOLD, drawn, grades, painter


def test_what_is_wrong_is_marked_with_the_flows_of_its_path() -> None:
    found = drawn(case(RULES, SOLD))
    marks = grades(found)
    assert (marks["sold"], marks["market"]) == ("VIOLATION", "VIOLATION")
    assert marks["unsure"] == "UNDETERMINED"
    assert marks["crm"] == "FINE"
    assert {each.id: each.on_path for each in found.arrows} == {"signup": True, "sold": True, "unsure": False}
    assert any("unsold" in line for each in found.arrows for line in each.words if each.id == "sold")


def test_arrows_say_what_they_carry_and_for_what() -> None:
    arrows = {each.id: each for each in drawn(case(RULES, SOLD)).arrows}
    assert arrows["signup"].words == ("signup: email for delivery",)
    assert arrows["signup"].short == ("email", "delivery")
    assert arrows["sold"].words[0] == "sold: email"
    assert arrows["sold"].short == ("email", "?")


def test_what_does_not_fit_is_counted() -> None:
    several = Arrow("a", "b", (Drawn("f", ("email", "name", "clicks"), ("delivery", "newsletter")),))
    assert several.short == ("email +2", "delivery +1")
    long = Arrow("a", "b", (Drawn("f", ("a_category_with_a_very_long_name", "name"), ()),))
    assert long.short == ("a_category_with_… +1", "nothing")


def test_flows_between_the_same_two_are_one_arrow_the_worst_first() -> None:
    flows = [
        flow("a", "site", "crm", ["email"], exchange="none", purposes=["delivery"]),
        flow("b", "site", "crm", ["clicks"], exchange="sale", purposes=["delivery"]),
        flow("back", "crm", "site", ["email"], exchange="none", purposes=["delivery"]),
    ]
    found = drawn(case("rule unsold { forbid flow when exchange is sale }", manifest(*flows)))
    assert [(each.source, each.target) for each in found.arrows] == [("crm", "site"), ("site", "crm")]
    both = found.arrows[1]
    assert [each.id for each in both.flows] == ["b", "a"]
    assert (both.grade, both.short) == (Grade.VIOLATION, ("2 flows, 1 red", "clicks +1"))
    assert both.words[0] == "b: clicks for delivery"
    assert both.words[-1] == "a: email for delivery"


def test_systems_are_in_the_lane_of_their_party_people_first() -> None:
    found = drawn(case(RULES, SOLD))
    assert [each.id for each in found.lanes][:2] == ["people", "we"]
    lanes = {each.id: each.lane for each in found.boxes}
    assert (lanes["browser"], lanes["crm"], lanes["stray"]) == ("people", "we", "")


def test_systems_are_grouped_only_by_what_they_have() -> None:
    policy = case(RULES, SOLD).policy
    assert attributes_for_groups(policy, []) == ("party",)
    assert attributes_for_groups(policy, ["tag", "country", "tag"]) == ("tags", "country")
    with pytest.raises(InputError, match="cannot be grouped by `zoned`"):
        attributes_for_groups(policy, ["zoned"])


def test_a_neighbourhood_has_what_is_so_many_flows_away() -> None:
    found = painter(case(RULES, SOLD))
    assert {each.id for each in found.near({"market"}, 0).boxes} == {"market"}
    assert {each.id for each in found.near({"market"}, 1).boxes} == {"market", "crm"}
    near = found.near({"market"}, 2)
    assert {each.id for each in near.boxes} == {"market", "crm", "browser", "site"}
    assert near.left_out == "3 of 7 systems are not drawn"


def test_what_a_change_set_adds_and_cuts_is_marked() -> None:
    changes = {(Entity.FLOW, "sold"): "new", (Entity.FLOW, "unsure"): "cut", (Entity.SYSTEM, "crm"): "new"}
    found = Painter(case(RULES, SOLD).graph, (), changes).whole()
    assert {each.id: each.change for each in found.arrows} == {"signup": "", "sold": "new", "unsure": "cut"}
    assert {each.id for each in found.boxes if each.change} == {"crm"}
    assert '<g class="arrow fine cut" data-id="unsure"' in as_svg(found)
