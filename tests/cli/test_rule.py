"""`rule NAME`: a rule's page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import write
from tests.cli.calling import Call, on_record


def test_the_page_has_clauses_text_and_what_the_rule_spoke_of(shop: Path, call: Call) -> None:
    done = call("rule", "no_selling", "--manifest", "estate.yaml")
    assert (done.code, done.err) == (0, "")
    on_record("rule-no_selling.txt", done.out)
    assert "  violation (1): leads\n  undetermined (1): ratings\n" in done.out


def test_without_a_manifest_there_is_no_run(shop: Path, call: Call) -> None:
    done = call("rule", "no_selling", "--policy", "shop.privacy", "--format", "json")
    page = json.loads(done.out)
    assert (page["name"], page["cites"], page["spoken_of"]) == ("no_selling", ["#selling"], None)
    assert page["text"].startswith("rule no_selling {")
    assert page["text"].endswith("}")


def test_subjects_that_pass_are_among_those_it_spoke_of(shop: Path, call: Call) -> None:
    page = json.loads(call("rule", "not_combined", "--manifest", "estate.yaml", "--format", "json").out)
    report = json.loads(call("check", "estate.yaml", "--rule", "not_combined", "--format", "json").out)
    (count,) = report["rules"]
    assert len(page["spoken_of"]) == count["applies"]
    verdicts = [each["verdict"] for each in page["spoken_of"]]
    assert (verdicts.count("violation"), verdicts.count("undetermined")) == (count["violations"], count["undetermined"])


def test_a_permit_says_what_it_lifts_and_a_rule_who_lifts_it(shop: Path, call: Call) -> None:
    policy = Path("shop.privacy")
    permit = "\nrule mandated { permit disclosure when mandate is law despite no_selling }\n"
    write(policy, policy.read_text(encoding="utf-8") + permit)
    lifting = call("rule", "mandated", "--manifest", "estate.yaml").out
    assert "  lifts     no_selling\n" in lifting
    assert "severity" not in lifting
    assert json.loads(call("rule", "mandated", "--policy", "shop.privacy", "--format", "json").out)["severity"] is None
    assert "a permit judges nothing itself" in lifting
    assert "  lifted by mandated\n" in call("rule", "no_selling", "--manifest", "estate.yaml").out


def test_an_unknown_rule_and_no_policy_are_errors(shop: Path, call: Call) -> None:
    for words in (("--manifest", "estate.yaml"), ("--policy", "shop.privacy")):
        unknown = call("rule", "no_seling", *words)
        assert (unknown.code, unknown.out) == (2, "")
        assert "error[E304]" in unknown.err
        assert "did you mean `no_selling`?" in unknown.err
    assert "error[E301]" in call("rule", "no_selling").err


def test_a_waived_subject_and_a_configured_severity_are_reported(shop: Path, call: Call) -> None:
    assert "violation (1): crm (waived)\n" in call("rule", "not_combined", "--manifest", "estate.yaml").out
    write("privacy-rules.toml", '[severity]\nnot_combined = "note"\n')
    page = json.loads(call("rule", "not_combined", "--manifest", "estate.yaml", "--format", "json").out)
    assert page["severity"] == "note"
    assert {"subject": "crm", "verdict": "violation", "waived": True} in page["spoken_of"]
