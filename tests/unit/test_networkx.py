"""The graph's public face: an estate as a `networkx.MultiDiGraph`, and such a graph checked without a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import privacy_rules as pr
from privacy_rules.reports.check.json import document
from tests.builders import write

ROOT = Path(__file__).parents[2]
CONFORMANCE = ROOT / "dsl" / "conformance"
EXAMPLE = ROOT / "examples" / "iapmo"
DAY = date(2026, 11, 1)

POLICY = """
use std.core
data { contact { email phone } clicks }
purpose { service marketing }
rule no_selling { forbid disclosure of contact when exchange is sale }
rule wiped { require supports includes deletion on storage of contact at us }
rule bound { require under contract (covers data) on disclosure to service_provider }
"""


@pytest.fixture
def policy(tmp_path: Path) -> pr.Policy:
    file = write(tmp_path / "shop.privacy", POLICY)
    return pr.load_policy(file)


def shop() -> Any:
    """A graph as a user would make one."""
    graph: Any = nx.MultiDiGraph(
        parties={
            "we": {"role": "us"},
            "people": {"role": "data_subject"},
            "broker": {"role": "data_broker"},
            "mailer": {"role": "service_provider"},
        },
        contracts={"mail": {"with": "mailer", "covers": {"data": ["contact"]}}},
        organisation={"trains_employees": True},
        as_of="2026-11-01",
    )
    graph.add_node("browser", party="people", kind="person")
    graph.add_node("crm", party="we", stores=["email", {"data": "phone", "supports": ["deletion"]}], supports=[])
    graph.add_node("market", party="broker")
    graph.add_node("post", party="mailer")
    graph.add_edge("browser", "crm", key="signup", carries=["email"])
    graph.add_edge("crm", "market", key="sold", carries=["email"], exchange="sale")
    graph.add_edge("crm", "post", key="mails", carries=["email"], exchange="none")
    return graph


def said_of(report: pr.Report) -> list[Any]:
    """The findings as data, in one order, without the places that a graph does not have."""
    found = [_placeless(each) for each in document(report)["findings"]]
    return sorted(found, key=lambda each: json.dumps(each, sort_keys=True))


def _placeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _placeless(each) for key, each in value.items() if not key.endswith("location")}
    return [_placeless(each) for each in value] if isinstance(value, list) else value


def verdicts(report: pr.Report) -> set[tuple[str, str, str]]:
    return {(each["rule"], each["subject"]["id"], each["verdict"]) for each in document(report)["findings"]}


# A user's own graph.


def test_a_users_own_graph_is_checked_without_a_file(policy: pr.Policy) -> None:
    assert verdicts(pr.check(policy, shop())) == {
        ("no_selling", "sold", "violation"),
        ("wiped", "crm", "violation"),
    }


def test_its_findings_have_no_place(policy: pr.Policy) -> None:
    assert {each["location"] for each in document(pr.check(policy, shop()))["findings"]} == {None}


def test_an_absent_attribute_is_undeclared_and_none_is_null(policy: pr.Policy) -> None:
    graph = shop()
    del graph.edges["crm", "market", "sold"]["exchange"]
    assert ("no_selling", "sold", "undetermined") in verdicts(pr.check(policy, graph))
    graph.edges["crm", "market", "sold"]["exchange"] = None
    assert ("no_selling", "sold", "undetermined") in verdicts(pr.check(policy, graph))
    graph.edges["crm", "market", "sold"]["exchange"] = "none"
    assert ("no_selling", "sold", "violation") not in verdicts(pr.check(policy, graph))


def test_none_beats_a_default_and_an_absent_attribute_takes_it(policy: pr.Policy) -> None:
    graph = shop()
    graph.graph["defaults"] = {"flow": {"exchange": "none"}}
    sold = graph.edges["crm", "market", "sold"]
    del sold["exchange"]
    assert not [each for each in verdicts(pr.check(policy, graph)) if each[0] == "no_selling"]
    sold["exchange"] = None
    assert ("no_selling", "sold", "undetermined") in verdicts(pr.check(policy, graph))


def test_a_graph_may_be_explained_too(policy: pr.Policy) -> None:
    (found,) = pr.explain(policy, shop(), "no_selling", "sold")
    assert found.verdict.word == "violation"
    (found,) = pr.explain(policy, shop(), "bound", "mails")
    assert found.verdict.word == "compliant"


def test_the_day_is_the_graphs_own_unless_another_is_given(policy: pr.Policy) -> None:
    graph = shop()
    graph.graph["contracts"]["mail"]["until"] = date(2026, 12, 1)
    assert not [each for each in verdicts(pr.check(policy, graph)) if each[0] == "bound"]
    assert ("bound", "mails", "violation") in verdicts(pr.check(policy, graph, as_of=date(2027, 1, 1)))


def test_a_graph_without_flows_is_judged(policy: pr.Policy) -> None:
    graph = shop()
    graph.remove_edges_from(list(graph.edges(keys=True)))
    assert verdicts(pr.check(policy, graph)) == {("wiped", "crm", "violation")}


def test_a_check_changes_nothing_of_the_graph(policy: pr.Policy) -> None:
    graph, before = shop(), shop()
    kept = copy.deepcopy(graph.graph)
    pr.check(policy, graph)
    pr.explain(policy, graph, "no_selling", "sold")
    assert graph.graph == kept
    assert dict(graph.nodes(data=True)) == dict(before.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(before.edges(keys=True, data=True))


# A graph that is no manifest.


def _misspelt_category(graph: Any) -> None:
    graph.edges["crm", "market", "sold"]["carries"] = ["emial"]


def _missing_party(graph: Any) -> None:
    graph.nodes["crm"]["party"] = "nobody"


def _undeclared_attribute(graph: Any) -> None:
    graph.nodes["crm"]["colour"] = "red"


def _wrong_type(graph: Any) -> None:
    graph.edges["crm", "post", "mails"]["notice"] = 7


def _same_flow_twice(graph: Any) -> None:
    graph.add_edge("browser", "crm", key="mails", carries=["email"])


def _strange_object(graph: Any) -> None:
    graph.edges["crm", "post", "mails"]["carries"] = object()


def _unknown_contract_party(graph: Any) -> None:
    graph.graph["contracts"]["mail"]["with"] = "nobody"


def _parties_that_are_a_list(graph: Any) -> None:
    graph.graph["parties"] = ["we"]


def _wrong_day(graph: Any) -> None:
    graph.graph["as_of"] = "soon"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_misspelt_category, "`emial`"),
        (_missing_party, "`nobody`"),
        (_undeclared_attribute, "`colour`"),
        (_wrong_type, "notice"),
        (_same_flow_twice, "`mails`"),
        (_strange_object, "carries"),
        (_unknown_contract_party, "`nobody`"),
        (_parties_that_are_a_list, "parties"),
        (_wrong_day, "soon"),
    ],
)
def test_a_broken_graph_is_refused_in_words(policy: pr.Policy, spoil: Callable[[Any], None], told: str) -> None:
    graph = shop()
    spoil(graph)
    with pytest.raises(pr.InputError) as refused:
        pr.check(policy, graph)
    assert told in str(refused.value)
    assert all(each.code.startswith("E2") for each in refused.value.diagnostics)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph], ids=lambda kind: kind.__name__)
def test_a_graph_of_another_kind_is_refused(policy: pr.Policy, kind: Any) -> None:
    with pytest.raises(pr.InputError, match="MultiDiGraph"):
        pr.check(policy, kind())


# An estate as a graph, and back.


def _cases() -> list[Path]:
    """Each eighth case of the suite that is judged, so that every folder of it is met."""
    judged = [
        each.parent
        for each in sorted(CONFORMANCE.glob("*/*/expected.json"))
        if "findings" in json.loads(each.read_text(encoding="utf-8"))
    ]
    return judged[::8]


def _manifest_of(case: Path) -> Path:
    return next(each for each in (case / "manifest.yaml", case / "manifest.json") if each.exists())


@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_the_graph_of_a_manifest_has_the_manifests_findings(case: Path) -> None:
    policy = pr.load_policy(case / "policy.privacy")
    manifest = pr.load_manifest(_manifest_of(case), policy=policy)
    of_file, of_graph = (pr.check(policy, each, as_of=DAY) for each in (manifest, manifest.graph()))
    assert said_of(of_graph) == said_of(of_file)


def _example(variant: str | None = None) -> pr.Manifest:
    more = [] if variant is None else [EXAMPLE / "variants" / f"{variant}.yaml"]
    return pr.load_manifest(EXAMPLE / "estate.yaml", *more)


@pytest.mark.parametrize("variant", [None, *sorted(each.stem for each in (EXAMPLE / "variants").glob("*.yaml"))])
def test_the_graph_of_the_example_has_its_findings(variant: str | None) -> None:
    manifest = _example(variant)
    graph = manifest.graph()
    assert said_of(pr.check(manifest.policy, graph)) == said_of(pr.check(manifest.policy, manifest))


def test_a_graph_of_a_graph_is_the_same_graph() -> None:
    manifest = _example()
    graph = manifest.graph()
    again = manifest.graph()
    assert graph.graph == again.graph
    assert nx.utils.graphs_equal(graph, again)


def test_ids_are_keys_and_attributes_are_as_in_the_manifest() -> None:
    manifest = _example()
    graph = manifest.graph()
    assert set(graph.nodes) == set(manifest.estate.systems)
    assert {key for _, _, key in graph.edges(keys=True)} == set(manifest.estate.flows)
    for start, end, _, said in graph.edges(keys=True, data=True):
        assert "from" not in said
        assert "to" not in said
        assert start in graph
        assert end in graph
    assert set(graph.graph) >= {"parties", "contracts", "organisation", "as_of"}


def test_changing_the_graph_changes_no_manifest() -> None:
    manifest = _example()
    before = said_of(pr.check(manifest.policy, manifest))
    graph = manifest.graph()
    for _, _, said in graph.edges(data=True):
        said.clear()
    for party in graph.graph["parties"].values():
        party.clear()
    graph.clear()
    assert said_of(pr.check(manifest.policy, manifest)) == before
    assert len(manifest.graph()) == len(manifest.estate.systems)


def test_waivers_travel_with_the_graph(tmp_path: Path, policy: pr.Policy) -> None:
    graph = shop()
    waiver = {
        "rule": "no_selling",
        "subject": "sold",
        "reason": "until the contract ends",
        "approved_by": "privacy desk",
        "from": "2026-01-01",
        "until": "2026-12-01",
        "data": ["email"],
    }
    graph.graph["waivers"] = [waiver]
    waived = {each["rule"]: each["waived"] for each in document(pr.check(policy, graph))["findings"]}
    assert waived == {"no_selling": True, "wiped": False}


WHOLE = """
manifest: 1
name: whole
as_of: 2026-11-01
parties:
  we: {role: us}
  broker: {role: [data_broker, marketer]}
contracts:
  deal: {with: broker, until: 2027-01-01, covers: {data: [contact], purposes: [marketing]}, obliges: []}
  loose: {between: [we, broker]}
defaults:
  flow: {exchange: none}
systems:
  crm:
    party: we
    retention: 2 years
    stores: [clicks, {data: email, retention: 30 days, supports: null}]
    joins: [[email, clicks]]
    transforms: [{from: email, to: [clicks], method: hashing}, {from: phone, to: [clicks]}]
  market: {party: broker, country: null}
flows:
  - {id: sold, from: crm, to: market, carries: [email], exchange: sale}
  - {id: lent, from: crm, to: market, carries: [email]}
waivers:
  - {rule: no_selling, subject: sold, reason: it ends, approved_by: desk, until: 2026-12-01}
  - {rule: no_selling, subject: lent, reason: it ends, approved_by: desk, from: 2026-01-01, until: 2026-12-01, data: [email]}
"""


def test_every_form_of_value_comes_back_as_it_was(tmp_path: Path, policy: pr.Policy) -> None:
    file = write(tmp_path / "privacy.yaml", WHOLE.replace("method: hashing", "method: pseudonymisation"))
    manifest = pr.load_manifest(file, policy=policy)
    graph = manifest.graph()
    crm = graph.nodes["crm"]
    assert crm["stores"] == ["clicks", {"data": "email", "retention": "30 days", "supports": None}]
    assert crm["retention"] == "2 years"
    assert crm["transforms"] == [
        {"from": "email", "to": ["clicks"], "method": "pseudonymisation"},
        {"from": "phone", "to": ["clicks"]},
    ]
    assert graph.nodes["market"] == {"party": "broker", "country": None}
    assert graph.graph["parties"]["we"]["role"] == ["us"]
    assert graph.edges["crm", "market", "lent"]["exchange"] == "none"
    assert graph.graph["contracts"]["deal"]["covers"] == {"data": ["contact"], "purposes": ["marketing"]}
    assert (graph.graph["name"], graph.graph["as_of"]) == ("whole", DAY)
    assert [each.get("data") for each in graph.graph["waivers"]] == [None, ["email"]]
    assert said_of(pr.check(policy, graph)) == said_of(pr.check(policy, manifest))


# networkx's own algorithms.


def test_networkx_finds_its_way_through_ours(policy: pr.Policy) -> None:
    graph = _example().graph()
    some = next(node for node in graph if graph.out_degree(node))
    reached = nx.descendants(graph, some)
    assert reached
    lengths = nx.single_source_shortest_path_length(graph, some)
    assert set(lengths) == reached | {some}
    for end in reached:
        path = nx.shortest_path(graph, some, end)
        assert len(path) == lengths[end] + 1
        assert all(graph.has_edge(*step) for step in pairwise(path))
    assert sum(len(each) for each in nx.weakly_connected_components(graph)) == len(graph)
    assert nx.is_frozen(graph) is False


def test_what_networkx_makes_of_a_graph_can_be_checked(policy: pr.Policy) -> None:
    graph = shop()
    part = graph.subgraph(["crm", "market"])
    assert ("no_selling", "sold", "violation") in verdicts(pr.check(policy, part))
    frozen = nx.freeze(shop())
    assert said_of(pr.check(policy, frozen)) == said_of(pr.check(policy, shop()))
    named = nx.relabel_nodes(shop(), {"crm": "store"})
    assert ("wiped", "store", "violation") in verdicts(pr.check(policy, named))
