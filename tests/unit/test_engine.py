"""The recipe and the library's doors: what comes out, what is raised, what a graph gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import pytest

import privacy_rules as pr
from privacy_rules import engine
from privacy_rules.manifest.file_set import Stdin
from tests.builders import write

POLICY = """\
policy shop { title "Shop" }
use std.core
data { contact { name email } }
purpose { orders }
rule no_selling { forbid disclosure of contact to third_party when exchange is sale }
rule declared { require retention is declared on storage of contact }
"""
MANIFEST = """\
manifest: 1
policy: [shop.privacy]
as_of: 2026-11-01
defaults: {system: {joins: []}}
parties: {shop: {role: us}, broker: {role: data_broker}}
systems:
  crm: {party: shop, stores: [{data: email, retention: 1 year}]}
  leads: {party: broker, stores: []}
flows:
  - {id: out, from: crm, to: leads, carries: [email], purposes: [orders], exchange: sale}
  - {id: maybe, from: crm, to: leads, carries: [email], purposes: [orders]}
waivers:
  - {rule: no_selling, subject: maybe, until: 2027-01-01, reason: asked, approved_by: desk}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "shop.privacy", POLICY)
    write(tmp_path / "estate.yaml", MANIFEST)
    return tmp_path


def loaded() -> tuple[pr.Policy, pr.Manifest]:
    policy = pr.load_policy("shop.privacy")
    return policy, pr.load_manifest("estate.yaml", policy=policy)


def codes(error: pytest.ExceptionInfo[pr.InputError]) -> list[str]:
    return [found.code for found in error.value.diagnostics]


def keys(report: pr.Report) -> list[tuple[str, str, str, bool]]:
    return [(each.rule, each.subject.id, each.verdict.word, each.waived) for each in report.findings]


FOUND = [("no_selling", "maybe", "undetermined", True), ("no_selling", "out", "violation", False)]


def test_a_manifest_is_checked(shop: Path) -> None:
    report = pr.check(*loaded())
    assert sorted(keys(report)) == FOUND
    assert [str(each) for each in report.violations] == [
        "estate.yaml:10:5: violation[no_selling]: email is disclosed to broker (data_broker) in a sale"
    ]
    assert [each.subject.id for each in report.undetermined] == ["maybe"]
    assert report.as_of == date(2026, 11, 1)


def test_a_graph_of_a_manifest_gives_the_same_findings_without_places(shop: Path) -> None:
    policy, manifest = loaded()
    graph = manifest.graph()
    assert isinstance(graph, nx.MultiDiGraph)
    report = pr.check(policy, graph)
    assert sorted(keys(report)) == FOUND
    assert {each.location for each in report.findings} == {None}
    assert str(report.violations[0]).startswith("flow out: violation[no_selling]: ")


def test_a_graph_of_ones_own_needs_no_file(shop: Path) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(parties={"us": {"role": "us"}, "b": {"role": "marketer"}})
    graph.add_node("crm", party="us", stores=[])
    graph.add_node("ads", party="b", stores=[])
    graph.add_edge("crm", "ads", key="f", carries=["name"], exchange="sale")
    report = pr.check(pr.load_policy("shop.privacy"), graph, as_of=date(2026, 1, 1))
    assert keys(report) == [("no_selling", "f", "violation", False)]


def test_a_graph_with_something_wrong_is_refused(shop: Path) -> None:
    policy = pr.load_policy("shop.privacy")
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("crm", partly="us")
    with pytest.raises(pr.InputError) as wrong:
        pr.check(policy, graph)
    assert codes(wrong) == ["E202"]
    with pytest.raises(pr.InputError, match="not a `MultiDiGraph`"):
        pr.check(policy, nx.DiGraph())


def test_the_day_and_the_rules_can_be_said(shop: Path) -> None:
    policy, manifest = loaded()
    assert pr.check(policy, manifest, as_of=date(2027, 1, 1)).waived == ()
    assert pr.check(policy, manifest, rules=["declared"]).summary.rules == 1
    with pytest.raises(pr.InputError) as wrong:
        pr.check(policy, manifest, rules=["declare", "nothing-like-it"])
    assert codes(wrong) == ["E304", "E304"]
    assert {each.help for each in wrong.value.diagnostics} == {
        "did you mean `declared`?",
        "`privacy-rules lint` lists the rules of a policy",
    }


def test_several_files_make_one_policy_and_one_manifest(shop: Path) -> None:
    write(shop / "more.privacy", "rule more { forbid contract }\n")
    write(shop / "more.yaml", "manifest: 1\ncontracts: {c: {with: broker}}\n")
    policy = pr.load_policy(["shop.privacy", "more.privacy"])
    assert pr.load_policy("shop.privacy", shop / "more.privacy") == policy
    manifest = pr.load_manifest("estate.yaml", "more.yaml", policy=policy)
    assert ("more", "c", "violation", False) in keys(pr.check(policy, manifest))


def test_without_a_policy_the_manifests_own_holds(shop: Path) -> None:
    manifest = pr.load_manifest("estate.yaml")
    assert sorted(keys(pr.check(manifest.policy, manifest))) == FOUND


def test_a_manifest_is_read_anew_for_another_policy(shop: Path) -> None:
    _, manifest = loaded()
    write(shop / "other.privacy", POLICY.replace("email }", "email phone }") + "attribute risk on flow: flag\n")
    other = pr.load_policy("other.privacy")
    assert sorted(keys(pr.check(other, manifest))) == FOUND
    assert manifest.read_with(other).policy is other
    write(shop / "narrow.privacy", POLICY.replace("name email", "name"))
    with pytest.raises(pr.InputError) as wrong:
        pr.check(pr.load_policy("narrow.privacy"), manifest)
    assert set(codes(wrong)) == {"E204"}


def test_every_error_is_raised_with_its_place(shop: Path) -> None:
    write(shop / "bad.privacy", "rule r { forbid flow when x }\nrule r { forbid party when y }\n")
    with pytest.raises(pr.PrivacyRulesError) as wrong:
        pr.load_policy("bad.privacy")
    assert isinstance(wrong.value, pr.InputError)
    assert len(wrong.value.diagnostics) >= 3
    assert all(each.span for each in wrong.value.diagnostics)
    write(shop / "bad.yaml", "manifest: 1\nparties: {a: {roles: us}}\nsystems: {s: {party: b}}\n")
    with pytest.raises(pr.InputError) as manifest:
        pr.load_manifest("bad.yaml", policy=pr.load_policy("shop.privacy"))
    assert codes(manifest) == ["E202", "E205"]


def test_what_is_wrong_with_a_manifest_without_a_policy_is_raised(shop: Path) -> None:
    write(shop / "none.yaml", "manifest: 1\n")
    write(shop / "lost.yaml", "manifest: 1\npolicy: [gone.privacy]\n")
    for name, code in (("gone.yaml", "E201"), ("none.yaml", "E301"), ("lost.yaml", "E303")):
        with pytest.raises(pr.InputError) as wrong:
            pr.load_manifest(name)
        assert codes(wrong) == [code]


def test_a_subject_is_explained_though_it_complies(shop: Path) -> None:
    policy, manifest = loaded()
    (found,) = pr.explain(policy, manifest, "declared", "crm")
    assert (found.verdict, found.judged.data) == (pr.Verdict.COMPLIANT, "email")
    assert found.scope.value is pr.Truth.TRUE
    with pytest.raises(pr.InputError) as wrong:
        pr.explain(policy, manifest, "declared", "broker")
    assert codes(wrong) == ["E307"]


def test_the_library_lists_what_it_has() -> None:
    for name in pr.__all__:
        assert getattr(pr, name) is not None
        assert name in dir(pr)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pr.nothing  # noqa: B018


def test_the_recipe_hands_out_nothing_where_something_is_wrong(shop: Path) -> None:
    inputs, found = engine.load([Stdin(b"manifest: 1\nflws: []\n")], [Path("shop.privacy")])
    assert inputs is None
    assert [each.code for each in found] == ["E202"]


def test_a_limit_on_manifests_is_kept(shop: Path) -> None:
    inputs, found = engine.load([Path("estate.yaml")], limit=100)
    assert inputs is None
    assert "E201" in [each.code for each in found]


def test_an_include_may_not_leave_the_root(shop: Path) -> None:
    write(shop / "inner" / "m.yaml", 'manifest: 1\ninclude: ["../estate.yaml"]\n')
    policy = [Path("shop.privacy")]
    assert engine.load([Path("inner/m.yaml")], policy, root=shop)[0] is not None
    assert engine.load([Path("inner/m.yaml")], policy, root=shop / "inner")[1][0].code == "E210"


def test_a_use_may_not_leave_the_root(shop: Path) -> None:
    write(shop / "inner" / "p.privacy", 'use "../shop.privacy"\n')
    policy = [Path("inner/p.privacy")]
    assert engine.load_policy(policy, root=shop)[0] is not None
    assert [each.code for each in engine.load_policy(policy)[1]] == ["E112"]
    (shop / ".git").mkdir()
    assert engine.load_policy(policy)[0] is not None
