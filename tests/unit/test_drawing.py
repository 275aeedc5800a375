"""Pictures: what stands in them, that nothing in a name can be markup, and that they stay readable when there is much."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import chain, combinations, pairwise, product
from threading import local
from xml.etree import ElementTree

import mermaidx
import pytest

from privacy_rules.drawing import engine
from privacy_rules.drawing.dot import as_dot
from privacy_rules.drawing.folding import KEPT_PARTIES, MOST_ARROWS, MOST_PARTIES
from privacy_rules.drawing.grouping import attributes_for_groups
from privacy_rules.drawing.mermaid import MOST_CHARACTERS, MOST_EDGES, as_mermaid
from privacy_rules.drawing.picture import Arrow, Box, Drawn, Grade, Lane, Picture
from privacy_rules.drawing.pictures import MOST_OF_PARTY, MOST_SYSTEMS, Painter
from privacy_rules.drawing.svg import as_svg
from privacy_rules.drawing.views import offered, picture_of
from privacy_rules.findings.report import Report, report
from privacy_rules.source.diagnostic import InputError
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.web.document import alone
from tests.builders import flow
from tests.unit.checking.judging import DAY, Case, case, manifest

RULES = """
rule unsold { forbid flow when exchange is sale }
rule leaks { forbid system at third_party when reached by email from data_subject }
"""
SOLD_FLOWS = (
    flow("signup", "browser", "crm", ["email"], exchange="none", purposes=["delivery"]),
    flow("sold", "crm", "market", ["email"], exchange="sale"),
    flow("unsure", "site", "crm", ["clicks"]),
)
SOLD = manifest(*SOLD_FLOWS)


def painter(found: Case) -> Painter:
    return Painter(found.graph, checked(found).findings)


def drawn(found: Case) -> Picture:
    return painter(found).whole()


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


def test_a_neighbourhood_has_what_is_so_many_flows_away() -> None:
    found = painter(case(RULES, SOLD))
    assert {each.id for each in found.near({"market"}, 0).boxes} == {"market"}
    assert {each.id for each in found.near({"market"}, 1).boxes} == {"market", "crm"}
    near = found.near({"market"}, 2)
    assert {each.id for each in near.boxes} == {"market", "crm", "browser", "site"}
    assert near.left_out == "3 of 7 systems are not drawn"


def many(count: int, rules: str = "rule unsold { forbid flow when exchange is sale }", **more: object) -> Case:
    systems = {f"s{number}": {"party": ["people", "we", "broker"][number % 3]} for number in range(count)}
    flows = [
        flow(f"f{number}", f"s{number}", f"s{(number + 1) % count}", ["email"], exchange="none", **more)
        for number in range(count)
    ]
    return case(rules, manifest(*flows, systems=systems))


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
    for count, drawn in owned.items():
        parties = {"we": {"role": "us"}, "acme": {"role": "third_party"}, "broker": {"role": "third_party"}}
        systems = {
            f"s{number}": {"party": "acme" if number < count else "broker"} for number in range(MOST_SYSTEMS + 1)
        }
        found = painter(case("rule r { forbid sharing }", manifest(systems=systems, parties=parties)))
        assert len(found.most_of("acme")) == drawn


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


def test_what_a_change_set_adds_and_cuts_is_marked() -> None:
    changes = {(Entity.FLOW, "sold"): "new", (Entity.FLOW, "unsure"): "cut", (Entity.SYSTEM, "crm"): "new"}
    found = Painter(case(RULES, SOLD).graph, (), changes).whole()
    assert {each.id: each.change for each in found.arrows} == {"signup": "", "sold": "new", "unsure": "cut"}
    assert {each.id for each in found.boxes if each.change} == {"crm"}
    assert '<g class="arrow fine cut" data-id="unsure"' in as_svg(found)


def test_the_box_of_a_party_bears_no_systems_name() -> None:
    systems = {f"s{number}": {"party": "we"} for number in range(MOST_SYSTEMS)} | {"we/*": {"party": "broker"}}
    sent = flow("sent", "s0", "we/*", ["email"], exchange="none")
    found = drawn(case("rule unsold { forbid flow when exchange is sale }", manifest(sent, systems=systems)))
    assert [(each.source, each.target) for each in found.arrows] == [("we/**", "broker/*")]


def hostile(name: str) -> Picture:
    boxes = (
        Box("a" + name, name, name, Grade.VIOLATION, (name,), 2, name, (Drawn(name, (name,)),)),
        Box("b", name, name, Grade.UNDETERMINED),
    )
    bad = Drawn(name, (name,), (name,), Grade.VIOLATION, True, (name,))
    arrows = (
        Arrow("a" + name, "b", (bad, Drawn("1", None))),
        Arrow("b", "b", (Drawn("2", (name, name), (name,), Grade.UNDETERMINED),)),
        Arrow("b", "a" + name, (Drawn("3", (), (name,)),)),
    )
    return Picture((Lane(name, name),), boxes, arrows, name)


HOSTILE = ('"] --> x; <script>', "]]> </title><script>", "a`b\\n\\", "\x1b[31m\ud800")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_in_any_form(name: str) -> None:
    odd = hostile(name)
    svg = as_svg(odd)
    root = ElementTree.fromstring(svg.encode("utf-8"))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        *("svg", "title", "style", "path", "rect", "text", "g")
    }
    page = alone(name, {"name": name, "svg": as_svg(odd, styled=False)}, as_svg(odd, styled=False))
    assert page.count("<script>") == page.count("</script>") - 1 == 1
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
    svg = mermaidx.render(as_mermaid(hostile(name))).svg()
    assert svg.count("<script") == 0
    assert "<svg" in svg


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("name", ["plain", *HOSTILE])
def test_graphviz_itself_draws_it(name: str) -> None:
    text = as_dot(hostile(name)).encode()
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    root = ElementTree.fromstring(done.stdout)
    kinds = [each.get("class") for each in root.iter("{http://www.w3.org/2000/svg}g")]
    assert (kinds.count("node"), kinds.count("edge"), kinds.count("cluster")) == (2, 3, 1)


def test_mermaid_gets_no_more_than_it_draws_the_worst_first() -> None:
    boxes = tuple(Box(f"system-{number:03}", "we", f"system-{number:03}") for number in range(60))
    pairs = [(one.id, other.id) for one in boxes for other in boxes if one is not other]
    bad = ("system-058", "system-059")
    arrows = tuple(
        Arrow(*ends, (Drawn("f", ("email",), ("delivery",), Grade.VIOLATION if ends == bad else Grade.FINE),))
        for ends in pairs
    )
    text = as_mermaid(Picture((Lane("we", "us", 1),), boxes, arrows))
    edges = [line for line in text.splitlines() if re.search("-->|==>", line)]
    assert len(edges) == MOST_EDGES
    assert sum("==>" in line for line in edges) == 1
    assert "3#44;040 of 3#44;540 arrows are left out" in text
    long = tuple(
        Arrow(each.source, each.target, (replace(each.flows[0], data=("é" * 5 + "-" * 15,)),)) for each in arrows
    )
    shorter = as_mermaid(Picture((Lane("we", "us", 1),), boxes, long))
    assert MOST_CHARACTERS * 0.95 < len(shorter) <= MOST_CHARACTERS
    assert shorter.count("==>") == 1


def test_violations_are_red_and_what_is_undetermined_is_dashed_in_every_form() -> None:
    found = drawn(case(RULES, SOLD))
    dot, mermaid, svg = as_dot(found), as_mermaid(found), as_svg(found)
    assert re.search('"crm" -> "market" .*color="#b3171d", .*penwidth=2', dot)
    assert re.search('"site" -> "crm" .*color="#8a5a00", .*style=dashed', dot)
    assert "==>" in mermaid
    assert "-.->" in mermaid
    assert re.search(r'<g class="arrow violation path" data-id="sold"', svg)
    assert re.search(r'<g class="arrow undetermined" data-id="unsure"', svg)


def of_many_parties(count: int) -> Case:
    """Each of them sends to each other; the last sells to the one before it."""
    parties = {f"p{number:02}": {"role": "third_party"} for number in range(count)}
    systems = {f"{name}-{each}": {"party": name} for name in parties for each in ("in", "out")}
    flows = [
        flow(f"{one}-{other}", f"{one}-out", f"{other}-in", ["email"], exchange="none")
        for one in parties
        for other in parties
        if one != other and (one, other) != (f"p{count - 1:02}", f"p{count - 2:02}")
    ]
    sold = flow("sold", f"p{count - 1:02}-out", f"p{count - 2:02}-in", ["email"], exchange="sale")
    rule = "rule unsold { forbid flow when exchange is sale }"
    return case(rule, manifest(*flows, sold, systems=systems, parties=parties))


def test_of_very_many_parties_the_least_are_gathered_by_role_and_the_picture_says_so() -> None:
    count = MOST_PARTIES + 5
    found = painter(of_many_parties(count)).shown(())
    kept = {each.label for each in found.boxes}
    assert {f"p{count - 1:02}", f"p{count - 2:02}"} <= kept
    assert len(found.boxes) <= KEPT_PARTIES + 5
    assert sum(each.folds for each in found.boxes) == len(of_many_parties(count).graph.systems)
    assert "smaller parties into 1, by role" in found.left_out


def test_groups_are_in_groups_in_every_form() -> None:
    systems = {
        "shop": {"party": "we", "owner": "web", "zone": "dmz"},
        "books": {"party": "we", "owner": "web"},
        "market": {"party": "broker"},
    }
    found = case("rule r { forbid sharing }", manifest(flow("f", "shop", "books", ["email"]), systems=systems))
    by = attributes_for_groups(found.policy, ["owner", "zone"])
    drawn = Painter(found.graph, by=by).whole()
    lanes = {each.id: each.parent for each in drawn.lanes}
    assert lanes["web › dmz"] == lanes["web › zone unknown"] == "web"
    assert lanes["web"] is None
    assert {each.id: each.lane for each in drawn.boxes}["shop"] == "web › dmz"
    assert re.search(
        r'cluster_\d+ \{\n.*label="web \(owner\)".*\n\s+subgraph cluster_\d+ \{\n.*label="dmz \(zone\)"', as_dot(drawn)
    )
    assert re.search(r'subgraph p\d+\["web #40;owner#41;"\]\n\s+subgraph p\d+\["dmz #40;zone#41;"\]', as_mermaid(drawn))
    frames = re.findall(r'<g class="lane [a-z]+" data-id="([^"]+)"', as_svg(drawn))
    assert {"web", "web › dmz", "web › zone unknown"} <= set(frames)


def test_systems_are_grouped_only_by_what_they_have() -> None:
    policy = case(RULES, SOLD).policy
    assert attributes_for_groups(policy, []) == ("party",)
    assert attributes_for_groups(policy, ["tag", "country", "tag"]) == ("tags", "country")
    with pytest.raises(InputError, match="cannot be grouped by `zoned`"):
        attributes_for_groups(policy, ["zoned"])


def lines_of(svg: str) -> list[list[tuple[tuple[float, float], tuple[float, float]]]]:
    """The straight parts of each line, rounded corners left out."""
    found = []
    for path in re.findall(r'<path d="([^"]+)"', svg):
        numbers = [tuple(map(float, each)) for each in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]
        found.append([*pairwise(numbers)])
    return found  # type: ignore[return-value]


def test_no_two_lines_share_a_trunk_and_no_label_is_on_a_line() -> None:
    flows = [
        *(flow(f"in{number}", "browser", f"s{number}", ["email"]) for number in range(5)),
        *(flow(f"out{number}", f"s{number}", "market", ["email"]) for number in range(5)),
        *(flow(f"on{number}", f"s{number}", f"s{number + 1}", ["clicks"]) for number in range(4)),
    ]
    systems = {f"s{number}": {"party": "we"} for number in range(5)}
    found = Painter(case("rule r { forbid sharing }", manifest(*flows, systems=systems)).graph).whole()
    svg = as_svg(found, styled=False)
    lines = lines_of(svg)
    assert len(lines) == len(found.arrows) == 14
    for one, other in combinations(lines, 2):
        for (a, b), (c, d) in product(one, other):
            for axis in (0, 1):
                if a[axis] == b[axis] and c[axis] == d[axis] and abs(a[axis] - c[axis]) < 1:
                    along = 1 - axis
                    low, high = (
                        max(min(a[along], b[along]), min(c[along], d[along])),
                        min(max(a[along], b[along]), max(c[along], d[along])),
                    )
                    assert high - low < 3, "two lines are on each other"
    labels = [(float(x), float(y)) for x, y in re.findall(r'<text class="what" x="([\d.]+)" y="([\d.]+)"', svg)]
    assert len(labels) == 14
    for x, y in labels:
        for a, b in chain.from_iterable(lines):
            assert not (a[1] == b[1] and y - 8 < a[1] < y and min(a[0], b[0]) < x < max(a[0], b[0]))


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "quickjs", None)
    monkeypatch.setattr(engine, "_engines", local())
    engine._drawn.cache_clear()
    with pytest.raises(InputError, match="needs the extra `svg`"):
        as_svg(drawn(case(RULES, SOLD)))
    assert not engine.is_available()


def test_of_very_many_arrows_those_with_findings_are_kept_and_the_others_counted() -> None:
    found = painter(of_many_parties(MOST_PARTIES + 5)).shown(())
    folded = painter(of_many_parties(MOST_PARTIES - 10)).shown(())
    for each in (found, folded):
        assert len(each.arrows) == MOST_ARROWS
        assert [arrow.grade for arrow in each.arrows].count(Grade.VIOLATION) == 1
        assert re.search(r"[\d,]+ of [\d,]+ arrows, those of the fewest flows, are not drawn", each.left_out)


def test_every_form_says_what_its_signs_mean_and_what_is_left_out() -> None:
    found = painter(case(RULES, SOLD)).near({"market"}, 2)
    dot, mermaid = as_dot(found), as_mermaid(found)
    svg = " ".join(re.findall(">([^<]+)</text>", as_svg(found)))
    for told in (dot, svg):
        assert "violates a rule, or is on the path of a violation" in told
        assert "cannot be decided" in told
        assert "3 of 7 systems are not drawn" in told
    assert "thick red#58; violates a rule" in mermaid
    assert "3 of 7 systems are not drawn" in mermaid
    fine = as_svg(painter(case(RULES, SOLD)).near({"stray"}, 0))
    assert "violates a rule" not in fine
