"""`explain`: the whole tree, with each test's value and the facts behind it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import edit, write_all
from tests.cli.calling import Call, on_record

ESTATE = ("--manifest", "estate.yaml")


def test_a_violation_is_explained(shop: Path, call: Call) -> None:
    done = call("explain", "contracted", "parcels", *ESTATE)
    assert (done.code, done.err) == (0, "")
    on_record("explain-contracted.txt", done.out)


def test_a_path_is_explained(shop: Path, call: Call) -> None:
    done = call("explain", "no_leak", "leads", *ESTATE)
    on_record("explain-no_leak.txt", done.out)
    assert "path: signup and leads" in done.out


def test_a_compliant_subject_is_explained_too(shop: Path, call: Call) -> None:
    done = call("explain", "no_selling", "signup", *ESTATE)
    assert done.code == 0
    assert done.out.startswith("no_selling on flow signup: compliant\n")


def test_a_joining_is_explained_pair_by_pair(shop: Path, call: Call) -> None:
    done = call("explain", "not_combined", "crm", *ESTATE)
    assert "\nemail with card: violation\n" in done.out.replace("card with email", "email with card")


def test_the_explanation_is_json_where_that_is_asked_for(shop: Path, call: Call) -> None:
    found = json.loads(call("explain", "not_combined", "crm", *ESTATE, "--format", "json").out)
    assert (found["rule"], found["subject"], found["verdict"]) == (
        "not_combined",
        {"kind": "joining", "id": "crm"},
        "violation",
    )
    assert {*found["judged"][0]} == {
        *("data", "purpose", "verdict", "pair", "scope", "requirement", "grounds", "would_pass_if")
    }
    assert found["judged"][0]["scope"]["children"]
    flow = json.loads(call("explain", "no_selling", "leads", *ESTATE, "--format", "json").out)
    assert [(each["data"], each["purpose"], each["verdict"]) for each in flow["judged"]] == [
        ("email", "orders", "violation")
    ]


def test_an_unknown_rule_or_subject_names_the_nearest(shop: Path, call: Call) -> None:
    rule = call("explain", "no_seling", "leads", *ESTATE)
    assert (rule.code, rule.out) == (2, "")
    assert "E304" in rule.err
    assert "did you mean `no_selling`?" in rule.err
    subject = call("explain", "no_selling", "lead", *ESTATE)
    assert (subject.code, subject.out) == (2, "")
    assert "error[E307]: rule `no_selling` judges each flow, but no flow was found for `lead`" in subject.err
    assert "did you mean `leads`?" in subject.err


def test_a_rule_that_is_not_in_force_is_said_to_be_so(shop: Path, call: Call) -> None:
    edit(shop / "shop.privacy", '  cites "#selling"', "  applies from 2027-01-01")
    done = call("explain", "no_selling", "leads", *ESTATE)
    assert done.code == 2
    assert "shop.privacy:14:1: error[E307]: rule `no_selling` is not in force on 2026-11-01" in done.err
    assert call("explain", "no_selling", "leads", *ESTATE, "--as-of", "2027-01-01").code == 0


def test_a_permit_judges_nothing_itself(shop: Path, call: Call) -> None:
    with (shop / "shop.privacy").open("a") as file:
        file.write("rule court { permit disclosure to public_authority despite contracted }\n")
    done = call("explain", "court", "leads", *ESTATE)
    assert done.code == 2
    assert "error[E304]: `court` is a permit, which judges nothing itself" in done.err


def test_without_a_manifest_nothing_can_be_explained(shop: Path, call: Call) -> None:
    assert call("explain", "no_selling", "leads").err.startswith("error[E302]")


def test_where_a_datum_was_collected_is_explained(shop: Path, call: Call) -> None:
    with (shop / "shop.privacy").open("a") as file:
        file.write("rule told { require collected with (notice) on disclosure }\n")
    done = call("explain", "told", "parcels", *ESTATE)
    assert done.code == 0
    assert "collected by: signup" in done.out


def test_a_finding_is_explained_by_the_beginning_of_its_fingerprint(shop: Path, call: Call) -> None:
    findings = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    meant = next(each for each in findings if (each["rule"], each["subject"]["id"]) == ("no_leak", "leads"))
    by_name = call("explain", "no_leak", "leads", *ESTATE)
    assert call("explain", meant["fingerprint"], *ESTATE) == by_name
    assert call("explain", meant["fingerprint"][:10], *ESTATE) == by_name


def test_a_fingerprint_of_none_or_of_several_findings_is_refused(shop: Path, call: Call) -> None:
    none = call("explain", "xyz", *ESTATE)
    assert (none.code, none.out) == (2, "")
    assert "error[E307]: no finding has a fingerprint that starts with `xyz`" in none.err
    findings = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
    begun = [each["fingerprint"][0] for each in findings]
    twice = next(each for each in begun if begun.count(each) > 1)
    several = call("explain", twice, *ESTATE)
    assert f"{begun.count(twice)} findings have a fingerprint that starts with `{twice}`" in several.err


def test_a_violation_says_what_would_have_made_it_pass(shop: Path, call: Call) -> None:
    found = json.loads(call("explain", "contracted", "parcels", *ESTATE, "--format", "json").out)
    assert found["judged"][0]["would_pass_if"] == [
        [{"test": "in force", "value": "true", "of": "contract packing"}],
        [
            {"test": "to third_party", "value": "true", "of": None},
            {"test": "for newsletter", "value": "true", "of": None},
        ],
    ]
    sold = call("explain", "no_selling", "leads", *ESTATE).out
    assert "  would pass if\n    `of contact` were false\n    or `to third_party` were false\n" in sold
    assert "    or `exchange is (sale, rental)` were false\n" in sold


def test_what_is_said_to_make_it_pass_does(shop: Path, call: Call) -> None:
    estate = Path("estate.yaml")
    edit(estate, "until: 2026-10-01", "until: 2027-10-01")
    done = call("explain", "contracted", "parcels", *ESTATE)
    assert done.out.startswith("contracted on flow parcels: compliant\n")
    assert "would pass" not in done.out
    assert "  passes because\n    `to service_provider` is true\n" in done.out
    assert "`until` of contract packing is 2027-10-01 (estate.yaml:16:34)" in done.out.partition("passes because")[2]


def test_what_would_decide_it_is_reported(shop: Path, call: Call) -> None:
    done = call("explain", "no_selling", "ratings", *ESTATE)
    assert "\nmissing, to decide it\n  declare `exchange` on flow ratings\n" in done.out
    found = json.loads(call("explain", "no_selling", "ratings", *ESTATE, "--format", "json").out)
    assert [each["message"] for each in found["missing"]] == ["declare `exchange` on flow ratings"]


def test_a_waiver_is_reported(shop: Path, call: Call) -> None:
    done = call("explain", "not_combined", "crm", *ESTATE)
    assert "\nwaived until 2027-01-01: split is on its way (approved by privacy desk) (estate.yaml:" in done.out
    found = json.loads(call("explain", "not_combined", "crm", *ESTATE, "--format", "json").out)
    assert (found["waived"], found["waiver"]["reason"]) == (True, "split is on its way")


def test_a_rule_alone_wants_a_subject(shop: Path, call: Call) -> None:
    done = call("explain", "no_selling", *ESTATE)
    assert (done.code, done.out) == (2, "")
    assert "error[E306]: rule `no_selling` needs a SUBJECT to explain\n  help: add the id of a subject" in done.err


def test_a_subject_may_be_given_as_reports_show_it(shop: Path, call: Call) -> None:
    assert call("explain", "no_selling", "flow leads", *ESTATE) == call("explain", "no_selling", "leads", *ESTATE)
    assert call("explain", "no_selling", "flow:leads", *ESTATE) == call("explain", "no_selling", "leads", *ESTATE)
    assert call("explain", "deletion", "storage in crm", *ESTATE) == call("explain", "deletion", "crm", *ESTATE)


def test_data_that_share_one_fate_are_explained_once(call: Call, tmp_path: Path) -> None:
    write_all(
        tmp_path,
        {
            "p.privacy": "use std.core\ndata { a b c }\nrule told { require notice and data is (a, b) on flow }\n",
            "m.yaml": "manifest: 1\nsystems: {x: {}, y: {}}\n"
            "flows: [{id: it, from: x, to: y, carries: [a, b, c], notice: no}]\n",
        },
    )
    files = ("--manifest", str(tmp_path / "m.yaml"), "--policy", str(tmp_path / "p.privacy"), "--as-of", "2026-11-01")
    done = call("explain", "told", "it", *files)
    lines = done.out.splitlines()
    assert lines[1].endswith("p.privacy:3:1), as of 2026-11-01")
    assert [line for line in lines[1:] if line.endswith(": violation") and line[0] != " "] == [
        "a and b: violation",
        "c: violation",
    ]
    assert "`carries` of flow it is (a, b)" in done.out


def test_an_explanation_says_what_to_do(shop: Path, call: Call) -> None:
    done = call("explain", "contracted", "parcels", "--manifest", "estate.yaml")
    assert "\nto fix it\n  renew contract packing\n" in done.out
