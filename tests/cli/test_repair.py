"""`repair`: the cheapest change sets after which the check passes, and why there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from privacy_rules import engine
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.yaml_reader import read_yaml
from privacy_rules.repair import trial
from privacy_rules.repair.costs import USUAL
from privacy_rules.repair.kinds import MoveKind
from privacy_rules.repair.search import Search
from privacy_rules.simulation.change_set import read_changes
from privacy_rules.simulation.overlay import apply
from privacy_rules.source.spelling import Suggestions
from tests.builders import write
from tests.cli.calling import Call, on_record


@pytest.fixture
def contact(shop: Path) -> Path:
    """The shop with a contact for questions: moves can mend all the rest."""
    estate = shop / "estate.yaml"
    declared = "organisation: {privacy_contact: desk}\n\nparties:"
    write(estate, estate.read_text(encoding="utf-8").replace("parties:", declared, 1))
    return shop


def found(call: Call, *words: str, code: int = 0) -> dict[str, Any]:
    enough = () if "--timeout" in words else ("--timeout", "100")  # also on a machine that is busy
    done = call("repair", "estate.yaml", *words, *enough, "--format", "json")
    assert (done.code, done.err) == (code, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def said(offer: dict[str, Any]) -> list[str]:
    return [words for move in offer["moves"] for words in move["words"]]


@pytest.mark.parametrize(
    ("format_", "file"), [("text", "repair.txt"), ("markdown", "repair.md"), ("json", "repair.json")]
)
def test_a_repair_is_on_record(shop: Path, call: Call, format_: str, file: str) -> None:
    done = call("repair", "estate.yaml", "--timeout", "100", "--format", format_)
    assert (done.code, done.err) == (1, "")
    on_record(file, done.out)


def test_the_best_offer_is_written_as_a_change_set_after_which_the_check_passes(contact: Path, call: Call) -> None:
    assert call("check", "estate.yaml").code == 1
    assert call("repair", "estate.yaml", "--write", "repair.yaml").code == 0
    text = Path("repair.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Offer 1 of a repair, cost 22, the cheapest.\n# extend contract packing")
    inputs, wrong = engine.load([Path("estate.yaml")])
    assert inputs is not None, wrong
    content, places = read_yaml(text, 10_000)
    sink = DiagnosticSink(Document("repair.yaml", text, places), Suggestions())
    changes = read_changes(content.data, (), Lexicon(inputs.policy), sink)
    assert sink.found == []
    outcome, wrong = apply(inputs.estate, inputs.policy, changes)
    assert outcome is not None, wrong
    report, wrong = engine.check(engine.Inputs(inputs.policy, outcome.estate))
    assert report is not None, wrong
    assert report.failing() == ()


def test_where_nothing_fails_there_is_nothing_to_repair_and_nothing_is_written(contact: Path, call: Call) -> None:
    done = call("repair", "estate.yaml", "--rule", "not_combined", "--write", "repair.yaml")
    assert (done.code, done.out, done.err) == (0, "nothing fails: there is nothing to repair\n", "")
    assert not Path("repair.yaml").exists()


def test_what_is_to_be_declared_is_asked_and_never_offered(shop: Path, call: Call) -> None:
    document = found(call, code=1)
    assert [each["rule"] for each in document["only_by_an_answer"]] == ["reachable"]
    (question,) = document["questions"]
    assert [(each["kind"], each["attribute"]) for each in question["facts"]] == [("organisation", "privacy_contact")]
    assert "privacy_contact" not in json.dumps(document["offers"])


def test_an_undeclared_fact_is_asked_with_a_value_that_would_do(contact: Path, call: Call) -> None:
    document = found(call, "--rule", "no_selling", "--fail-on", "undetermined")
    (question,) = document["questions"]
    assert question["finding"]["subject"]["id"] == "ratings"
    assert question["facts"] == [{"kind": "flow", "id": "ratings", "attribute": "exchange", "value": "none"}]
    assert said(document["offers"][0]) == ["once `exchange` of flow leads is none", "remove flow ratings"]


def test_moves_of_a_forbidden_kind_are_not_offered(contact: Path, call: Call) -> None:
    offers = found(call, "--forbid", "extend-contract", "--forbid", "sign-contract")["offers"]
    assert said(offers[0]) == ["remove flow leads", "remove flow parcels", "remove flow ratings"]


def test_a_partial_plan_says_what_nothing_fixes_and_which_kinds_could(contact: Path, call: Call) -> None:
    document = found(call, "--allow", "extend-contract", code=1)
    assert [said(each) for each in document["offers"]] == [["extend contract packing: until 2027-11-01"]]
    assert document["partial"] is True
    text = call("repair", "estate.yaml", "--allow", "extend-contract", "--timeout", "100").out
    assert (
        "cannot be fixed: 4 findings, because cut-flow is not allowed, cut-flow and drop-data are not allowed, " in text
    )
    assert "\noffer 1 for the rest, cost 2, the cheapest\n" in text
    barred = {
        (each["finding"]["rule"], each["finding"]["subject"]["id"]): each["not_allowed"]
        for each in document["obstacles"]
    }
    assert barred == {
        ("contracted", "leads"): ["cut-flow"],
        ("contracted", "ratings"): ["cut-flow"],
        ("no_leak", "leads"): ["cut-flow", "drop-data"],
        ("no_selling", "leads"): ["cut-flow", "measure"],
    }


def test_only_the_findings_of_a_rule_are_fixed(contact: Path, call: Call) -> None:
    document = found(call, "--rule", "no_leak")
    assert {each["rule"] for each in document["mended"]} == {"no_leak"}
    assert [(each["cost"], said(each)) for each in document["offers"]][:1] == [(13, ["remove flow signup"])]


def test_costs_of_the_configuration_decide_what_is_cheapest(contact: Path, call: Call) -> None:
    write("privacy-rules.toml", 'costs = {cut-flow = 1, "contract:packing" = 50}\n')
    offers = found(call, "--rule", "contracted")["offers"]
    assert said(offers[0]) == ["remove flow leads", "remove flow parcels", "remove flow ratings"]
    write("privacy-rules.toml", '[costs]\n"flow:signup" = "never"\n')
    offers = found(call, "--rule", "no_leak")["offers"]
    assert said(offers[0]) == ["remove flow leads", "remove flow ratings"]


@pytest.mark.parametrize(
    "costs", ["{cut-flows = 1}", '{"flow:singup" = 1}', "{cut-flow = -1}", '{cut-flow = "seldom"}']
)
def test_a_cost_of_nothing_and_a_price_that_is_none_are_refused(contact: Path, call: Call, costs: str) -> None:
    write("privacy-rules.toml", f'manifests = ["estate.yaml"]\ncosts = {costs}\n')
    done = call("repair")
    assert (done.code, done.out) == (2, "")
    assert "E305" in done.err


def test_there_are_no_more_offers_than_are_asked_for(contact: Path, call: Call) -> None:
    assert len(found(call, "--limit", "2")["offers"]) == 2
    every = found(call, "--limit", "50")["offers"]
    assert [(each["cost"], each["proved"]) for each in every] == [(22, True), (25, True), (30, True)]


def test_without_time_nothing_is_said_to_be_the_cheapest(contact: Path, call: Call) -> None:
    document = found(call, "--timeout", "0", code=1)
    assert document["timed_out"] is True
    assert not any(each["proved"] for each in document["offers"])


def test_a_time_that_is_given_includes_the_check_before_the_search(contact: Path, call: Call) -> None:
    done = call("repair", "estate.yaml", "--timeout", "0.001")
    assert (done.code, done.out) == (2, "")
    assert "E310" in done.err
    assert found(call, "--timeout", "1000", "--limit", "1")["timed_out"] is False


def test_an_accepted_finding_of_the_baseline_is_not_fixed(contact: Path, call: Call) -> None:
    assert call("baseline", "estate.yaml").code == 0
    write("privacy-rules.toml", 'baseline = "privacy-baseline.json"\n')
    assert found(call)["mended"] == []


def test_a_wrong_call_is_reported(shop: Path, call: Call) -> None:
    assert "E304" in call("repair", "estate.yaml", "--rule", "no_sellin").err
    assert "E306" in call("repair", "estate.yaml", "--allow", "magic").err
    assert "E303" in call("repair", "estate.yaml", "--write", "nowhere/repair.yaml").err


def test_each_kind_of_move_has_a_usual_cost() -> None:
    assert set(USUAL) == set(MoveKind)


def test_a_repair_of_too_many_findings_is_not_searched_for(
    contact: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = found(call, "--fail-on", "undetermined", "--limit", "1", code=1)["mended"]
    monkeypatch.setattr(trial, "MOST_TO_FIX", 3)
    monkeypatch.setattr(Search, "run", lambda *_: pytest.fail("searched"))
    told = found(call, "--fail-on", "undetermined", code=1)
    assert (len(told["mended"]), told["omitted"]) == (3, len(everything) - 3)
    assert (told["offers"], told["complete"]) == ([], False)
    for form in ("text", "markdown"):
        done = call("repair", "estate.yaml", "--fail-on", "undetermined", "--format", form)
        assert done.code == 1
        assert f"{len(everything)} findings to fix" in done.out
        assert "too many findings to search for a repair" in done.out


def test_after_moves_only_what_they_change_is_judged(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rules = "".join(f"rule r{n} {{ require exchange is none on flow }}\n" for n in range(20))
    policy = f"use std.core\ndata {{ e f }}\npurpose {{ o }}\n{rules}rule one {{ forbid disclosure of e }}\n"
    write(tmp_path / "one.privacy", policy)
    flows = "".join(f"- {{id: f{n}, from: a, to: b, exchange: none, carries: [f]}}\n" for n in range(200))
    write(
        tmp_path / "estate.yaml",
        "manifest: 1\nas_of: 2026-11-01\npolicy: [one.privacy]\nparties: {p: {role: us}, q: {role: marketer}}\n"
        f"systems: {{a: {{party: p}}, b: {{party: q}}}}\nflows:\n- {{id: bad, from: a, to: b, exchange: none, carries: [e]}}\n"
        f"{flows}",
    )
    judged: list[None] = []
    for name in ("verdict", "worst"):
        judge_one = getattr(Ruling, name)
        spied = lambda *given, judge_one=judge_one: (judged.append(None), judge_one(*given))[1]  # noqa: E731
        monkeypatch.setattr(Ruling, name, spied)
    assert [said(each) for each in found(call)["offers"]][:1] == [["remove flow bad"]]
    assert len(judged) < 20 * 200  # one check of each subject by each rule would be more


def test_a_plan_for_the_rest_names_the_thing_that_may_not_be_cut(contact: Path, call: Call) -> None:
    write(contact / "privacy-rules.toml", '[costs]\n"flow:ratings" = "never"\n')
    document = found(call, code=1)
    (left,) = document["obstacles"]
    assert (left["finding"]["subject"]["id"], left["because"]) == ("ratings", "`flow:ratings` may not be cut")
    assert document["offers"][0]["cost"] == 18
    text = call("repair", "estate.yaml", "--timeout", "100").out
    assert "cannot be fixed: 1 finding, because `flow:ratings` may not be cut\n" in text
    assert "offer 1 for the rest, cost 18, the cheapest" in text
    assert call("repair", "estate.yaml", "--write", "rest.yaml").code == 1
    assert call("what-if", "estate.yaml", "--changes", "rest.yaml", "--fail-on", "violation").code == 0


def test_each_move_says_what_it_costs_and_fixes_and_whose_it_is(contact: Path, call: Call) -> None:
    document = found(call)
    offer = document["offers"][0]
    rules = {each["fingerprint"]: (each["rule"], each["subject"]["id"]) for each in document["mended"]}
    moves = {
        each["words"][0]: (each["cost"], each["owner"], {rules[one] for one in each["fixes"]})
        for each in offer["moves"]
    }
    assert moves == {
        "extend contract packing: until 2027-11-01": (2, None, {("contracted", "parcels")}),
        "remove flow leads": (
            10,
            "growth team",
            {("no_leak", "leads"), ("contracted", "leads"), ("no_selling", "leads")},
        ),
        "remove flow ratings": (10, "shop team", {("no_leak", "leads"), ("contracted", "ratings")}),
    }
    assert sum(cost for cost, _, _ in moves.values()) == offer["cost"]
    assert offer["costs"] == {
        "by_kind": {"cut-flow": 20, "extend-contract": 2},
        "by_owner": {"growth team": 10, "shop team": 10, "": 2},
    }


def test_what_is_not_declared_is_asked_first_with_the_plan_if_so(contact: Path, call: Call) -> None:
    words = ("--rule", "no_selling", "--fail-on", "undetermined")
    document = found(call, *words)
    assert {each["finding"]["subject"]["id"] for each in document["questions"]} == {"ratings"}
    (left,) = document["if_answered"]["offer"]["moves"]
    assert "leads" in left["words"][0]
    assert document["if_answered"]["offer"]["cost"] < document["offers"][0]["cost"]
    text = call("repair", "estate.yaml", *words, "--timeout", "100").out
    assert text.index("not declared") < text.index("if so, fixing the rest costs") < text.index("offer 1")
    write(contact / "estate.yaml", (contact / "estate.yaml").read_text().replace("exchange: sale, ", ""))
    assert found(call, *words)["if_answered"] == {"nothing_left": True, "offer": None}
    assert "if so, nothing is left to fix" in call("repair", "estate.yaml", *words, "--timeout", "100").out
