"""Pictures: what stands in them, that nothing in a name can be markup, and that they stay readable when there is much."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import mermaidx
import pytest

from privacy_rules.drawing.picture import MOST_SYSTEMS, Arrow, Box, Grade, Lane, Picture, picture
from privacy_rules.drawing.placing import BOX_HEIGHT, BOX_WIDTH, place
from privacy_rules.drawing.text_forms import as_dot, as_mermaid
from privacy_rules.drawing.vector import as_svg
from privacy_rules.drawing.web import as_html
from privacy_rules.findings.report import Report, report
from tests.unit.checking.judging import DAY, Case, case, flow, manifest

RULES = """
rule unsold { forbid flow when exchange is sale }
rule leaks { forbid system at third_party when reached by email from data_subject }
"""
SOLD = manifest(
    flow("signup", "browser", "crm", ["email"], exchange="none", purposes=["delivery"]),
    flow("sold", "crm", "market", ["email"], exchange="sale"),
    flow("unsure", "site", "crm", ["clicks"]),
)


def drawn(found: Case, **more: object) -> Picture:
    return picture(found.graph, checked(found).findings, **more)  # type: ignore[arg-type]


def checked(found: Case) -> Report:
    return report(found.policy, found.graph.estate, found.judged(), DAY)


def grades(found: Picture) -> dict[str, str]:
    return {each.id: each.grade.name for each in (*found.boxes, *found.arrows)}


def test_what_is_wrong_is_marked_with_the_flows_of_its_path() -> None:
    found = drawn(case(RULES, SOLD))
    marks = grades(found)
    assert (marks["sold"], marks["market"]) == ("VIOLATION", "VIOLATION")
    assert marks["unsure"] == "UNDETERMINED"
    assert marks["crm"] == "FINE"
    assert {each.id: each.on_path for each in found.arrows} == {"signup": True, "sold": True, "unsure": False}
    assert any("unsold" in note for each in found.arrows for note in each.notes if each.id == "sold")


def test_arrows_say_what_they_carry_and_for_what() -> None:
    labels = {each.id: each.label for each in drawn(case(RULES, SOLD)).arrows}
    assert labels["signup"] == "email for delivery"
    assert labels["sold"] == "email"


def test_systems_stand_in_the_lane_of_their_party_people_first() -> None:
    found = drawn(case(RULES, SOLD))
    assert [each.id for each in found.lanes][:2] == ["people", "we"]
    lanes = {each.id: each.lane for each in found.boxes}
    assert (lanes["browser"], lanes["crm"], lanes["stray"]) == ("people", "we", "")


def test_a_neighbourhood_has_what_is_so_many_flows_away() -> None:
    found = case(RULES, SOLD)
    assert {each.id for each in drawn(found, around={"market"}, steps=0).boxes} == {"market"}
    assert {each.id for each in drawn(found, around={"market"}, steps=1).boxes} == {"market", "crm"}
    near = drawn(found, around={"market"}, steps=2)
    assert {each.id for each in near.boxes} == {"market", "crm", "browser", "site"}
    assert near.left_out == "3 of 7 systems are not drawn"


def many(count: int) -> Case:
    systems = {f"s{number}": {"party": ["people", "we", "broker"][number % 3]} for number in range(count)}
    flows = [flow(f"f{number}", f"s{number}", f"s{(number + 1) % count}", ["email"]) for number in range(count)]
    return case(RULES, manifest(*flows, systems=systems))


def test_of_many_systems_the_parties_are_drawn() -> None:
    found = drawn(many(MOST_SYSTEMS + 3))
    labels = {each.id: each.label for each in found.boxes}
    assert labels == {
        "people": "22 systems",
        "we": "23 systems",
        "broker": "22 systems",
        **dict.fromkeys(("mailer", "somebody", ""), "1 system"),
    }
    assert sorted(each.id for each in found.arrows) == ["broker to people", "people to we", "we to broker"]
    assert len(drawn(many(MOST_SYSTEMS - 7)).boxes) == MOST_SYSTEMS
    assert "drawn as 6 parties" in found.left_out


def test_no_two_boxes_and_no_two_frames_stand_on_each_other() -> None:
    for found in (drawn(case(RULES, SOLD)), drawn(many(60)), drawn(many(300))):
        layout = place(found)
        boxes = [(each.x, each.y, BOX_WIDTH, BOX_HEIGHT) for each in layout.boxes.values()]
        frames = [(each.x, each.y, each.width, each.height) for each in layout.lanes.values()]
        for these in (boxes, frames):
            for number, one in enumerate(these):
                assert not any(_overlap(one, other) for other in these[:number])
        for box in found.boxes:
            at, frame = layout.boxes[box.id], layout.lanes[box.lane]
            assert frame.x <= at.x
            assert at.x + BOX_WIDTH <= frame.x + frame.width <= layout.width
            assert frame.y < at.y
            assert at.y + BOX_HEIGHT <= frame.y + frame.height <= layout.height


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def test_data_move_from_left_to_right_where_they_do_not_go_round() -> None:
    found = drawn(case(RULES, SOLD))
    at = place(found).boxes
    assert at["browser"].x < at["crm"].x < at["market"].x


HOSTILE = ('"] --> x; <script>', "]]> </title><script>", "a`b\\n\\", "\x1b[31m\ud800")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_in_any_form(name: str) -> None:
    boxes = (Box("a" + name, name, name, Grade.VIOLATION, (name,)), Box("b", name, name, Grade.UNDETERMINED))
    arrows = (
        Arrow(name, "a" + name, "b", name, Grade.VIOLATION, True, (name,)),
        Arrow("2", "b", "b", name, Grade.UNDETERMINED),
        Arrow("3", "b", "a" + name, name),
    )
    odd = Picture((Lane(name, name),), boxes, arrows, name)
    svg = as_svg(odd)
    root = ElementTree.fromstring(svg.encode("utf-8"))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text", "g")
    }
    page = as_html(odd, name)
    assert page.count("<script>") == 1
    assert page.encode("utf-8")
    for line in as_dot(odd).splitlines():
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0
    mermaid = as_mermaid(odd)
    assert all(line.count('"') in (0, 2) for line in mermaid.splitlines())
    assert "<script" not in mermaid


def test_forms_are_the_same_each_time() -> None:
    one, other = (drawn(case(RULES, SOLD)) for _ in range(2))
    for form in (as_dot, as_mermaid, as_svg):
        assert form(one) == form(other)


@pytest.mark.parametrize("name", ["plain", *HOSTILE])
def test_mermaid_itself_draws_it(name: str) -> None:
    boxes = (Box("a", name, name, Grade.VIOLATION), Box("b", name, name, Grade.UNDETERMINED))
    arrows = (Arrow("1", "a", "b", name, Grade.VIOLATION, True), Arrow("2", "b", "a", name, Grade.UNDETERMINED))
    svg = mermaidx.render(as_mermaid(Picture((Lane(name, name),), boxes, arrows))).svg()
    assert svg.count("<script") == 0
    assert "<svg" in svg


def test_violations_are_red_and_what_is_undetermined_is_dashed_in_every_form() -> None:
    found = drawn(case(RULES, SOLD))
    dot, mermaid, svg = as_dot(found), as_mermaid(found), as_svg(found)
    assert '"crm" -> "market" [label="email", color="#b3171d", penwidth=2' in dot
    assert '"site" -> "crm" [label="clicks", color="#8a5a00", style=dashed' in dot
    assert "==>" in mermaid
    assert "-.->" in mermaid
    assert re.search(r'<g class="arrow violation" data-id="sold"', svg)
    assert re.search(r'<g class="arrow undetermined" data-id="unsure"', svg)
