"""DOT, Mermaid and SVG: nothing in a name can be markup, the forms say the same, and lines do not cover each other."""

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
from privacy_rules.drawing.grouping import attributes_for_groups
from privacy_rules.drawing.mermaid import MOST_CHARACTERS, MOST_EDGES, as_mermaid
from privacy_rules.drawing.picture import Arrow, Box, Drawn, Grade, Lane, Picture
from privacy_rules.drawing.pictures import Painter
from privacy_rules.drawing.svg import as_svg
from privacy_rules.source.diagnostic import InputError
from privacy_rules.web.document import alone
from tests.builders import flow
from tests.unit.checking.judging import case, manifest
from tests.unit.drawing.given import RULES, SOLD, drawn, painter


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
