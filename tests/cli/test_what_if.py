"""`what-if`: what a change brings and takes away, why, and through which change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.findings.wording import Wording
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.simulation import attribution, compare
from tests.builders import edit, write
from tests.cli.calling import Call, on_record

SCENARIOS = """
scenarios:
  drop the broker:
    - remove: {party: broker}
  end the sale, lose the contract:
    - set: {flow: leads, exchange: none}
    - remove: {contract: packing}
  know what ratings are for:
    - set: {flow: ratings, exchange: none}
"""


@pytest.fixture
def scenarios(shop: Path) -> Path:
    return write(shop / "scenarios.yaml", SCENARIOS)


def asked(call: Call, *words: str) -> dict[str, object]:
    done = call("what-if", "estate.yaml", *words, "--format", "json")
    assert (done.code, done.err) == (0, "")
    (scenario,) = json.loads(done.out)["scenarios"]
    assert isinstance(scenario, dict)
    return scenario


def keys(found: object) -> list[tuple[str, str]]:
    assert isinstance(found, list)
    return [(each["rule"], each["subject"]["id"]) for each in found]


@pytest.mark.parametrize(
    ("name", "words"), [("txt", ()), ("md", ("markdown",)), ("html", ("html",)), ("json", ("json",))]
)
def test_several_scenarios_are_on_record(scenarios: Path, call: Call, name: str, words: tuple[str, ...]) -> None:
    done = call("what-if", "estate.yaml", "--changes", "scenarios.yaml", *(f"--format={each}" for each in words))
    assert (done.code, done.err) == (0, "")
    assert done == call(
        "what-if", "estate.yaml", "--changes", "scenarios.yaml", *(f"--format={each}" for each in words)
    )
    on_record(f"what-if.{name}", done.out)


def test_the_options_say_the_same_as_a_file(shop: Path, call: Call) -> None:
    write("changes.yaml", "- set: {flow: leads, exchange: none}\n- remove: {flow: parcels}\n- as_of: 2026-12-01\n")
    options = ("--set", "flow:leads.exchange=none", "--remove", "flow:parcels", "--as-of", "2026-12-01")
    from_file, from_options = asked(call, "--changes", "changes.yaml"), asked(call, *options)
    for each in ("steps", "summary", "stays", "as_of"):
        assert from_file[each] == from_options[each]
    for way in ("comes", "goes", "changes"):
        assert keys(from_file[way]) == keys(from_options[way])


def test_options_are_made_in_the_order_given(shop: Path, call: Call) -> None:
    added = "flow:{id: gone, from: crm, to: leads, carries: [email]}"
    assert asked(call, "--add", added, "--remove", "flow:gone")["comes"] == []
    done = call("what-if", "estate.yaml", "--remove", "flow:gone", "--add", added)
    assert (done.code, done.out) == (2, "")
    assert "error[E205]: no flow `gone` is declared" in done.err


def test_a_contract_is_ended_on_the_day_that_is_judged(shop: Path, call: Call) -> None:
    found = asked(call, "--as-of", "2026-09-01", "--end-contract", "packing")
    assert found["steps"] == ["as of 2026-09-01", "set contract packing: until = 2026-09-01"]
    ended_before = asked(call, "--end-contract", "packing")
    assert ended_before["steps"] == ["set contract packing: until = 2026-10-01"]
    assert (ended_before["comes"], ended_before["goes"], ended_before["changes"]) == ([], [], [])


def test_what_goes_says_why(shop: Path, call: Call) -> None:
    mended = asked(call, "--set", "flow:leads.exchange=none")["goes"]
    assert isinstance(mended, list)
    because = {each["rule"]: [(test["test"], test["value"]) for test in each["because"]] for each in mended}
    assert any("exchange" in test and value == "false" for test, value in because["no_selling"])
    removed = asked(call, "--remove", "flow:leads")["goes"]
    assert isinstance(removed, list)
    assert {
        each["gone"] for each in removed if each["subject"]["id"] == "leads" and each["subject"]["kind"] == "flow"
    } == {"there is no flow `leads` any more"}


def test_another_policy_is_a_change_too(shop: Path, call: Call) -> None:
    policy = Path("shop.privacy").read_text(encoding="utf-8")
    start = policy.index("rule no_selling")
    write("new.privacy", policy[:start] + policy[policy.index("}", start) + 1 :])
    found = asked(call, "--policy", "new.privacy")
    assert found["steps"] == ["the policy new.privacy"]
    goes = found["goes"]
    assert isinstance(goes, list)
    assert {each["gone"] for each in goes if each["rule"] == "no_selling"} == {
        "the policy has no rule `no_selling` any more"
    }
    both = asked(call, "--policy", "new.privacy", "--set", "flow:parcels.purposes=[newsletter]")
    assert both["steps"] == ["set flow parcels: purposes = (newsletter)", "the policy new.privacy"]


def test_a_policy_holds_before_and_after_where_there_is_no_other(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    edit(estate, "policy: [shop.privacy]\n", "")
    found = asked(call, "--policy", "shop.privacy", "--remove", "flow:leads")
    assert found["steps"] == ["remove flow leads"]


def test_an_id_with_dots_and_blanks_is_a_json_string(shop: Path, call: Call) -> None:
    odd = 'flow:{id: "a.b: c", from: crm, to: leads, carries: [email], exchange: sale}'
    found = asked(call, "--add", odd, "--set", 'flow:"a.b: c".exchange=none')
    assert found["steps"] == [
        "add flow a.b: c: from = crm, to = leads, carries = (email), exchange = sale",
        "set flow a.b: c: exchange = none",
    ]


@pytest.mark.parametrize("owner", ["Smith, Jones", "sales}, flow", "---", "a#1"])
def test_a_value_declares_its_attribute_and_nothing_else(shop: Path, call: Call, owner: str) -> None:
    found = asked(call, "--set", f"party:packer.owner={owner}")
    assert found["steps"] == [f"set party packer: owner = {owner}"]


def test_a_waived_finding_that_loses_its_waiver_changes(shop: Path, call: Call) -> None:
    found = asked(call, "--as-of", "2027-06-01")["changes"]
    assert ("not_combined", "crm") in keys(found)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "error[E306]: no change is given\n  help: give one with `--remove`"),
        (("--set", "flow:leads"), "error[E306]: `flow:leads` is not of the form KIND:ID.ATTRIBUTE=VALUE"),
        (("--set", "flow:leads.exchange=sal"), "the options:1:27: error[E204]: unknown exchange `sal`"),
        (("--set", "flow:leads.exchange=[a"), "the options:1:"),
        (("--remove", "flow:signup", "--set", "flow:leads.exchange=[a"), "the options:2:"),
        (("--remove", "flow:signup", "--set", "flow:leads.exchange=sal"), "the options:2:27: error[E204]"),
        (("--set", "contract:packing.covers.data=[emial]"), "the options:1:37: error[E204]: unknown category `emial`"),
        (("--set", "contract:packing.covers.dat=[email]"), "help: did you mean `covers.data`?"),
        (("--set", "flow:leads.owner=#1 sales"), "the options:1:24: error[E201]: this is read as a comment"),
        (("--set", "flow:leads.owner=a #1"), "the options:1:26: error[E201]: this is read as a comment"),
        (("--set", "flow:leads.exchange=none: x"), "the options:1:27: error[E208]: expected an exchange, found a map"),
        (("--add", "flow:{id: a, id: b}"), "the options:1:20: error[E207]: the key `id` is given twice"),
        (
            ("--remove", "leads"),
            "error[E306]: `leads` is not of the form KIND:ID\n  help: such as `--remove flow:signup`",
        ),
        (("--remove", "flow:ledas"), "error[E205]: no flow `ledas` is declared"),
        (("--add", "flow:x"), "error[E306]: `flow:x` is not of the form KIND:{id: ..., ...}"),
        (
            ("--end-contract", "packin"),
            "error[E205]: no contract `packin` is declared\n  help: did you mean `packing`?",
        ),
        (("--changes", "nowhere.yaml"), "error[E201]: `nowhere.yaml` cannot be read: no such file or directory"),
        (("--policy", "nowhere.privacy"), "error[E116]: cannot read `nowhere.privacy`"),
        (
            ("--format", "pdf", "--remove", "flow:leads"),
            "there is no format `pdf`; the formats are text, json, markdown, html",
        ),
        (
            ("--remove", "flow:leads", "--format", "html=no/where.html"),
            "error[E303]: `no/where.html` cannot be written",
        ),
    ],
)
def test_what_cannot_be_is_reported(shop: Path, call: Call, words: tuple[str, ...], message: str) -> None:
    done = call("what-if", "estate.yaml", *words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            ("--set", "flow:leads.exchange=sal"),
            "    --set flow:leads.exchange=sal\n                              ^^^\n",
        ),
        (
            ("--set", 'flow:"ledas".exchange=sale'),
            '    --set flow:"ledas".exchange=sale\n               ^^^^^^^\n',
        ),
        (
            ("--set", "flow:leads.exchnge=sale"),
            "    --set flow:leads.exchnge=sale\n                     ^^^^^^^\n",
        ),
        (
            ("--set", "flow:leads.exchange=[a"),
            "    --set flow:leads.exchange=[a\n                              ^\n",
        ),
        (("--remove", "flow:ledas"), "    --remove flow:ledas\n                  ^^^^^\n"),
        (
            ("--remove", "flow:leads", "--unset", "flow:parcels.purpose"),
            "    --unset flow:parcels.purpose\n                         ^^^^^^^\n",
        ),
        (
            ("--add", "flow:{id: new, from: website, to: crm, carries: [emial]}"),
            "    --add flow:{id: new, from: website, to: crm, carries: [emial]}\n"
            "                                                           ^^^^^\n",
        ),
    ],
)
def test_an_error_of_an_option_is_shown_in_the_option_as_typed(
    shop: Path, call: Call, words: tuple[str, ...], shown: str
) -> None:
    done = call("what-if", "estate.yaml", *words)
    assert done.code == 2
    assert shown in done.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: 1\n", ":1:1: error[E208]: expected a list of changes, found a map"),
        ("scenarios: {}\n", ":1:12: error[E208]: expected change sets by name"),
        ("scenarios: {a: 1}\n", ":1:16: error[E208]: expected a list of changes, found `1`"),
        ("- remove: {flow: 1}\n- set: {flow: leads}\n", ":2:8: error[E203]: this does not set anything"),
        ("", ":1:1: error[E201]: the file is empty"),
    ],
)
def test_what_is_wrong_with_a_file_is_reported_with_its_place(shop: Path, call: Call, text: str, message: str) -> None:
    write("changes.yaml", text)
    done = call("what-if", "estate.yaml", "--changes", "changes.yaml")
    assert (done.code, done.out) == (2, "")
    assert f"changes.yaml{message}" in done.err


def test_wrong_changes_are_reported_as_json_where_that_is_asked_for(shop: Path, call: Call) -> None:
    done = call("what-if", "estate.yaml", "--remove", "flow:nowhere", "--format", "json")
    assert done.code == 2
    assert [each["code"] for each in json.loads(done.out)["errors"]] == ["E205"]


def test_a_day_alone_is_that_of_all_files(shop: Path, call: Call) -> None:
    write("changes.yaml", "- remove: {flow: parcels}\n")
    done = call("what-if", "estate.yaml", "--changes", "changes.yaml", "--as-of", "2026-09-01", "--format", "json")
    found = json.loads(done.out)
    assert (found["as_of"], [each["as_of"] for each in found["scenarios"]]) == ("2026-09-01", ["2026-09-01"])


def test_a_policy_that_is_the_only_one_changes_nothing(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    edit(estate, "policy: [shop.privacy]\n", "")
    done = call("what-if", "estate.yaml", "--policy", "shop.privacy")
    assert (done.code, done.out) == (2, "")
    assert "nothing changes: `--policy` names the only policy" in done.err


@pytest.mark.parametrize("verb", ["what-if", "graph", "forecast"])
def test_a_second_format_is_a_wrong_call(shop: Path, call: Call, verb: str) -> None:
    words = ("--remove", "flow:leads") if verb == "what-if" else ()
    kinds = ("dot", "svg=x.svg") if verb == "graph" else ("text", "json=x.json")
    done = call(verb, "estate.yaml", *words, *(f"--format={each}" for each in kinds))
    assert (done.code, done.out) == (2, "")
    assert "it is given twice" in done.err


def test_a_part_of_what_a_contract_covers_is_set_and_the_other_stays(shop: Path, call: Call) -> None:
    done = call("what-if", "estate.yaml", "--set", "contract:packing.covers.data=[]", "--patch", "-")
    assert done.code == 0
    removed = [line[1:].strip() for line in done.out.splitlines() if line.startswith("-") and "---" not in line]
    added = [line[1:].strip() for line in done.out.splitlines() if line.startswith("+") and "+++" not in line]
    assert len(removed) == len(added) == 1
    assert "data: []" in added[0]
    assert removed[0].partition("purposes")[2] == added[0].partition("purposes")[2]


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_each_form_names_the_subject_and_what_differs(shop: Path, call: Call, format_: str) -> None:
    words = ("--set", "flow:parcels.carries=[card]", "--set", "flow:parcels.purposes=[orders, newsletter]")
    told = call("what-if", "estate.yaml", *words, "--format", format_).out.replace("\\", "")
    assert "on flow parcels: " in told
    assert "now also card for newsletter and orders; no longer name" in told


def test_a_waived_finding_that_goes_is_reported_as_waived(shop: Path, call: Call) -> None:
    words = ("what-if", "estate.yaml", "--set", "system:crm.joins=[]")
    assert "goes     waived violation[not_combined] on joining in crm: " in call(*words).out
    assert "**goes**: waived violation[not" in call(*words, "--format", "markdown").out.replace("\\", "")
    assert "not_combined on joining in crm: waived violation -" in call(*words, "--format", "html").out


def test_the_document_has_what_differs_pair_by_pair(shop: Path, call: Call) -> None:
    (changed,) = asked(call, "--set", "flow:parcels.carries=[name, email]")["changes"]  # type: ignore[misc]
    assert changed["differs"]["words"] == "now also email"
    assert [(each["data"], each["before"], each["after"]["verdict"]) for each in changed["differs"]["pairs"]] == [
        ("email", None, "violation")
    ]


RULES, FLOWS = 60, 400


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules that each find every flow of an estate."""
    monkeypatch.chdir(tmp_path)
    rules = "".join(f"rule r{n} {{ require exchange is none on flow }}\n" for n in range(RULES))
    Path("many.privacy").write_text(f"use std.core\ndata {{ e }}\npurpose {{ o }}\n{rules}", encoding="utf-8")
    flows = "".join(f"- {{id: f{n}, from: a, to: b, exchange: sale}}\n" for n in range(FLOWS))
    estate = "manifest: 1\nas_of: 2026-11-01\npolicy: [many.privacy]\nparties: {p: {role: us}, q: {role: marketer}}\n"
    estate += f"systems: {{a: {{party: p}}, b: {{party: q}}}}\nflows:\n{flows}"
    Path("estate.yaml").write_text(estate, encoding="utf-8")
    return tmp_path


def counting(monkeypatch: pytest.MonkeyPatch, of: type, name: str) -> list[None]:
    """A list that grows with every call of a method."""
    calls: list[None] = []
    called = getattr(of, name)
    monkeypatch.setattr(of, name, lambda *given, **more: (calls.append(None), called(*given, **more))[1])
    return calls


def test_only_findings_that_change_are_worded_and_alike_ones_are_judged_once(
    many: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded, judged = (
        counting(monkeypatch, Wording, "message"),
        [counting(monkeypatch, Ruling, each) for each in ("verdict", "worst")],
    )
    done = call("what-if", "estate.yaml", "--remove", "flow:f7")
    assert f"{RULES} go, {RULES * FLOWS - RULES:,} stay: {RULES * FLOWS:,} findings before" in done.out
    assert len(worded) == RULES
    assert sum(map(len, judged)) <= 5 * RULES  # and not once for each flow


def test_of_too_many_changed_findings_the_first_are_described_and_the_others_counted(
    many: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "MOST_DESCRIBED", 100)
    monkeypatch.setattr(compare, "MOST_STAYING", 50)
    words = [word for n in range(3) for word in ("--set", f"flow:f{n}.exchange=none")]
    found = asked(call, *words)
    assert [len(found[each]) for each in ("goes", "stays")] == [100, 50]  # type: ignore[arg-type]
    stay = RULES * (FLOWS - 3)
    assert found["omitted"] == {"goes": 3 * RULES - 100, "stays": stay - 50}
    assert (found["summary"] or {})["violations"] == stay  # type: ignore[index]
    for form in ("text", "markdown", "html"):
        told = call("what-if", "estate.yaml", *words, "--format", form).out.replace("\\", "")
        assert f"{3 * RULES} go, {stay:,} stay" in told
        assert form == "text" or f"too many changed findings to list: {3 * RULES - 100} are only counted" in told
    assert "  and 80 more" in call("what-if", "estate.yaml", *words).out


def test_a_scenario_that_changes_every_finding_is_judged_class_by_class(
    many: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "MOST_DESCRIBED", 0)
    judged = [counting(monkeypatch, Ruling, each) for each in ("verdict", "worst")]
    Path("none.yaml").write_text(
        "".join(f"- set: {{flow: f{n}, exchange: none}}\n" for n in range(FLOWS)), encoding="utf-8"
    )
    done = call("what-if", "estate.yaml", "--changes", "none.yaml")
    assert f"{RULES * FLOWS:,} go: {RULES * FLOWS:,} findings before, 0 after" in done.out
    assert sum(map(len, judged)) <= 3 * RULES


def test_a_cause_of_very_many_steps_is_cut_short_and_not_searched_for_without_end(
    many: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = counting(monkeypatch, FlowGraph, "of")
    write(Path("gone.yaml"), "".join(f"- remove: {{flow: f{n}}}\n" for n in range(300)))
    monkeypatch.setattr(attribution, "MOST_WORLDS", 20)
    told = call("what-if", "estate.yaml", "--changes", "gone.yaml").out
    assert "; and 288 more (not narrowed down further)" in told
    assert len(made) < 30
    monkeypatch.setattr(compare, "MOST_NAMED", 3000)
    done = call("what-if", "estate.yaml", "--changes", "gone.yaml", "--format", "json")
    (found,) = json.loads(done.out)["scenarios"]
    assert (len(found["goes"]), found["omitted"]["goes"]) == (10, 300 * RULES - 10)


def test_more_scenarios_than_can_be_compared_are_an_error(
    many: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "MOST_RECORDS", 3 * (FLOWS + 4))
    monkeypatch.setattr(compare, "OF_EACH", 0)
    lines = [f"  s{n}: [{{remove: {{flow: f{n}}}}}]\n" for n in range(4)]
    write(Path("three.yaml"), f"scenarios:\n{''.join(lines[:3])}")
    assert call("what-if", "estate.yaml", "--changes", "three.yaml").code == 0
    write(Path("four.yaml"), f"scenarios:\n{''.join(lines)}")
    done = call("what-if", "estate.yaml", "--changes", "four.yaml")
    assert (done.code, done.out) == (2, "")
    assert "error[E306]: 4 scenarios are too many for an estate of 404 entries" in done.err
    assert "help: compare at most 3 in one call" in done.err
