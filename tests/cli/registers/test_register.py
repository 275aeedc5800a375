"""`register`: each kind in each format, with links, marks and comparisons, and wrong calls."""

from __future__ import annotations

import csv
import json
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from openpyxl import load_workbook

from privacy_rules.registers.kinds import KINDS
from privacy_rules.registers.names import NAMES
from privacy_rules.reports.registry import DOCUMENTS
from tests.builders import edit, write
from tests.cli.calling import Call
from tests.cli.registers.given import MANIFEST, POLICY, call_of, row_of, tables

# ---- what they say


def test_the_names_are_those_of_the_kinds() -> None:
    assert tuple(NAMES) == tuple(KINDS)


def test_a_purpose_has_its_own_legal_basis_and_what_is_not_declared_is_marked(acme: Path, call: Call) -> None:
    rows = tables(call, "processing")["processing"]
    letters = row_of(rows, "purpose", "newsletter")
    assert letters["legal_basis"] == ["consent"]
    assert row_of(rows, "purpose", "orders")["legal_basis"] == ["not declared: signup"]
    assert letters["recipients"] == ["Mailhouse (service_provider)", "Post (service_provider)"]
    assert letters["transfers"] == ["DE to US (adequate if certified)", "US to FR (in the EEA)"]
    assert letters["transfer_safeguards"] == ["mail-terms: audit", "not declared: a contract in force for print"]
    assert letters["retention"] == ["1 year: crm (email)", "3 years: crm (card)", "not declared: mailer"]
    assert "not declared: safeguards of signup" in letters["measures"]
    assert letters["clauses"] == ["#vendors"]
    silent = row_of(rows, "purpose", "not declared")
    assert silent["categories"] == ["not declared: silent"]
    scoring = row_of(rows, "purpose", "scoring")
    assert scoring["data_subjects"] == ["Visitors"]  # by way of what the hash is made of
    assert scoring["transfers"] == ["not declared: the country of box"]


def test_a_processor_acts_only_for_those_whose_contract_says_so(acme: Path, call: Call) -> None:
    (case,) = tables(call, "processor")["processor"]
    assert (case["controller"], case["purpose"], case["flows"]) == (["A client"], ["orders"], ["case"])
    edit("estate.yaml", ", our_capacity: processor", "")
    assert tables(call, "processor")["processor"] == []


def test_a_vendor_shows_what_is_sent_beyond_its_contracts(acme: Path, call: Call) -> None:
    rows = tables(call, "vendors")["vendors"]
    mail = row_of(rows, "vendor", "Mailhouse")
    assert mail["contracts"] == ["mail-terms: in force until 2026-08-01"]
    assert mail["next_expiry"] == ["2026-08-01"]
    assert mail["beyond"] == [
        "phone for newsletter (mailing)",
        "cannot be decided: undeclared data for an undeclared purpose (silent)",
    ]
    assert mail["sub_processors"] == ["Post: email"]
    assert "violation: contracted (flow mailing)" in mail["findings"]
    post = row_of(rows, "vendor", "Post")
    assert (post["contracts"], post["beyond"]) == (["not declared: a contract"], ["email for newsletter (print)"])
    assert row_of(rows, "vendor", "not declared: the party of box")["flows"] == ["scores"]
    later = row_of(tables(call, "vendors", "--as-of", "2026-09-01")["vendors"], "vendor", "Mailhouse")
    assert (later["contracts"], later["next_expiry"]) == (["mail-terms: ended on 2026-08-01"], [])


def test_transfers_come_by_how_urgent_they_are(acme: Path, call: Call) -> None:
    rows = tables(call, "transfers")["transfers"]
    assert [each["standing"] for each in rows] == [["country not declared"], ["adequate if certified"], ["in the EEA"]]
    edit("acme.privacy", "purpose { orders", "region { us in adequate until 2030-01-01 }\npurpose { orders")
    assert tables(call, "transfers")["transfers"][1]["standing"] == ["adequate until 2030-01-01"]


def test_criteria_are_rules_and_the_policy_is_judged_without_them(acme: Path, call: Call) -> None:
    found = tables(call, "transfers")
    results = {each["criterion"][0]: (each["result"][0], each["to_declare"]) for each in found["criteria"]}
    assert results["Large scale"] == ("met", [])
    assert results["Data is sent for profiling"] == ("met", ["declare purposes on flow silent"])
    assert results["Children are among the data subjects"] == (
        "not decided",
        ["declare includes_children on party visitor"],
    )
    assert results["Systematic monitoring"][0] == "not decided"
    large = [each for each in found["evidence"] if each["criterion"] == ["Large scale"]]
    assert large[0]["subject"] == ["flow signup"]
    assert "number_of_people of party visitor is 250000" in large[0]["because"]
    write("own.privacy", 'rule cards { title "Cards" forbid flow of card }\n')
    own = tables(call, "transfers", "--criteria", "own.privacy")
    assert [(each["criterion"], each["result"]) for each in own["criteria"]] == [(["Cards"], ["met"])]
    assert "Cards" not in call("check", "estate.yaml", "--policy", "acme.privacy").out


def test_a_policy_that_uses_the_criteria_has_the_same_ones(acme: Path, call: Call) -> None:
    before = tables(call, "transfers")["criteria"]
    edit("acme.privacy", "use std.registers", "use std.registers\nuse std.dpia")
    assert tables(call, "transfers")["criteria"] == before
    write("own.privacy", 'use "acme.privacy"\nuse std.dpia\nrule cards { title "Cards" forbid flow of card }\n')
    own = tables(call, "transfers", "--criteria", "own.privacy")["criteria"]
    assert [each["criterion"] for each in own] == [["Cards"], *(each["criterion"] for each in before)]


def test_a_party_that_only_may_be_us_is_marked_and_stands_for_no_country(acme: Path, call: Call) -> None:
    edit("estate.yaml", "  visitor:", "  twin: {role: null, country: US}\n  visitor:")
    facts = json.loads(call(*call_of("transfers", "--format", "json")).out)["facts"]
    said = {each["name"]: [one["value"] for one in each["value"]] for each in facts}
    assert (said["Organisation"], said["Country"]) == (["Acme", "possibly twin"], ["DE"])


def test_a_criterion_on_terms_that_the_policy_lacks_is_not_decided(acme: Path, call: Call) -> None:
    write("own.privacy", 'data { location }\nrule places { title "Places" forbid flow of location }\n')
    edit("estate.yaml", "  - {id: silent,  from: crm, to: mailer}\n", "")
    (places,) = tables(call, "transfers", "--criteria", "own.privacy")["criteria"]
    assert (places["result"], places["to_declare"]) == (
        ["not decided"],
        ["which terms of the policy are below location"],
    )


def test_the_map_counts_and_lists_and_follows_a_category(acme: Path, call: Call) -> None:
    found = tables(call, "data-map", "--category", "email")
    (email, silent) = found["matrix"]
    assert (email["Mailhouse (US)"], email["Post (FR)"], silent["Mailhouse (US)"]) == ([1], [1], [1])
    steps = {each["system"][0]: each for each in found["lineage"]}
    assert [steps[each]["step"] for each in ("app", "crm", "mailer", "labels")] == [[0], [1], [2], [3]]
    assert steps["box"]["arrives_as"] == ["hash"]
    assert steps["box"]["derivations"] == ["email to hash by hashing in crm"]
    assert steps["mailer"]["contracts"] == ["mail-terms: in force until 2026-08-01"]


def test_the_board_names_parties_and_says_what_expires(acme: Path, call: Call) -> None:
    found = tables(call, "board")
    broken = row_of(found["broken"], "promise", "Vendors have a contract")
    assert "mailing, from Acme to Mailhouse" in broken["where"]
    (ends,) = found["expires"]
    assert (ends["day"], ends["what"], ends["who"]) == (["2026-08-01"], ["contract mail-terms"], ["Mailhouse"])
    assert ends["then"] == ["1 more violation"]  # `silent`, of which it is not known yet what it carries


def test_a_day_on_which_a_contract_ends_lists_what_else_happens(acme: Path, call: Call) -> None:
    edit(
        "acme.privacy",
        'rule kept { title "Nothing is kept for more than two years" require',
        'rule kept { title "Nothing is kept for more than two years" applies from 2026-08-01 require',
    )
    (ends,) = tables(call, "board")["expires"]
    assert ends["what"] == ["contract mail-terms", "rule kept begins to apply"]
    assert ends["then"] == ["4 more undetermined", "2 more violations"]


# ---- formats


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_is_written_in_each_format(acme: Path, call: Call, kind: str) -> None:
    wanted = [word for each in DOCUMENTS["register"] for word in ("--format", f"{each}=out.{each}")]
    done = call(*call_of(kind, *wanted))
    assert (done.code, done.out, done.err) == (0, "", "")
    whole = load_workbook("out.xlsx")
    for sheet in whole.worksheets[:-1]:
        assert (sheet.freeze_panes, sheet.auto_filter.ref is not None) == ("B2", True)
    assert not [each for sheet in whole for row in sheet.iter_rows() for each in row if each.data_type == "f"]
    first = {each: Path(f"out.{each}").read_bytes() for each in DOCUMENTS["register"]}
    assert call(*call_of(kind, *wanted)).code == 0
    assert {each: Path(f"out.{each}").read_bytes() for each in DOCUMENTS["register"]} == first


def test_values_link_to_their_lines_and_clauses(acme: Path, call: Call) -> None:
    markdown = call(*call_of("vendors")).out
    assert "[Mailhouse](<estate.yaml#L8>)" in markdown
    assert "[\\#vendors](<prose.md#vendors>)" in markdown
    (acme / "out").mkdir()
    call(*call_of("vendors", "--format", "html=out/v.html"))
    assert 'href="../estate.yaml#L8"' in Path("out/v.html").read_text(encoding="utf-8")
    hosted = call(*call_of("vendors", "--link", "https://example.org/{file}?l={line}")).out
    assert "[Mailhouse](<https://example.org/estate.yaml?l=8>)" in hosted
    call(*call_of("vendors", "--format", "xlsx=v.xlsx", "--link", "https://example.org/{file}#L{line}"))
    links = [each.hyperlink.target for each in load_workbook("v.xlsx").worksheets[0]["A"] if each.hyperlink]
    assert "https://example.org/estate.yaml" in [each.partition("#")[0] for each in links]


def test_text_of_others_is_no_formula(acme: Path, call: Call) -> None:
    edit("estate.yaml", "name: Mailhouse", "name: '=HYPERLINK(\"https://evil.example\")'")
    edit("estate.yaml", "name: Post", "name: '@SUM(1)'")
    rows = list(csv.reader(StringIO(call(*call_of("vendors", "--format", "csv")).out)))
    assert {row[0][:2] for row in rows} >= {"'=", "'@"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    call(*call_of("vendors", "--format", "xlsx=v.xlsx"))
    cells = list(load_workbook("v.xlsx").worksheets[0]["A"])
    assert [each.data_type for each in cells] == ["s"] * len(cells)
    assert any(str(each.value).startswith("=HYPERLINK") for each in cells)


def test_one_table_alone_is_plain_csv(acme: Path, call: Call) -> None:
    rows = list(csv.reader(StringIO(call(*call_of("transfers", "--format", "csv", "--table", "criteria")).out)))
    assert rows[0][:3] == ["Criterion", "Reference", "Result"]
    assert {len(each) for each in rows} == {len(rows[0])}
    several = call(*call_of("transfers", "--format", "csv")).out.splitlines()
    assert (several[0], "Criteria for an impact assessment" in several) == ("Transfers", True)


# ---- wrong calls


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (call_of("procesing"), "invalid value for `KIND`"),
        (call_of("vendors", "--format", "xlsx"), "`xlsx` is not text"),
        (call_of("vendors", "--since", "HEAD"), "does not compare"),
        (call_of("vendors", "--criteria", "acme.privacy"), "`vendors` has no criteria"),
        (call_of("vendors", "--table", "vendor"), "did you mean `vendors`"),
        (call_of("data-map", "--category", "emial"), "did you mean `email`"),
        (call_of("vendors", "--link", "javascript:{file}"), "is not an address"),
        (call_of("vendors", "--format", "markdown=estate.yaml"), "reports do not overwrite it"),
        (call_of("transfers", "--criteria", "none.privacy"), "none.privacy"),
        (call_of("board", "--since", "HEAD"), "not in a git repository"),
        (("register", "vendors", "--manifest", "estate.yaml"), "no policy is given"),
        (("register", "vendors", "--policy", "acme.privacy"), "no manifest is given"),
    ],
)
def test_a_wrong_call_is_an_error_and_writes_nothing(acme: Path, call: Call, words: tuple[str, ...], told: str) -> None:
    before = {each: each.read_bytes() for each in acme.iterdir()}
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert {each: each.read_bytes() for each in acme.iterdir()} == before


def test_errors_are_json_for_programs_and_leave_the_last_good_page(acme: Path, call: Call) -> None:
    edit("estate.yaml", "carries: [hash]", "carries: [hsah]")
    write("page.html", "the last good page")
    done = call(*call_of("vendors", "--format", "html=page.html", "--format", "json=out.json"))
    assert done.code == 2
    assert Path("page.html").read_text(encoding="utf-8") == "the last good page"
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["errors"]


@pytest.mark.parametrize("kind", NAMES)
def test_an_empty_estate_has_empty_registers(acme: Path, call: Call, kind: str) -> None:
    write("estate.yaml", "manifest: 1\nas_of: 2026-06-15\n")
    assert all(not rows for name, rows in tables(call, kind).items() if name not in ("criteria", "evidence"))


def test_without_the_extra_workbooks_are_an_error_and_a_site_has_none(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = call(*call_of("vendors", "--format", "xlsx=v.xlsx"))
    assert (done.code, "pip install 'privacy-rules[xlsx]'" in done.err) == (2, True)
    done = call("site", "site", *call_of("vendors")[2:])
    assert (done.code, "without Excel files" in done.err) == (0, True)
    assert not [*Path("site").rglob("*.xlsx")]


def test_a_policy_of_a_project_in_a_folder_std_is_its_own(acme: Path, call: Call) -> None:
    write("std/acme.privacy", POLICY.replace("prose.md", "../prose.md"))
    words = ("register", "transfers", "--manifest", "estate.yaml", "--policy", "std/acme.privacy")
    done = call(*words)
    assert (done.code, done.err) == (0, "")
    assert "[Acme's promises](<std/acme.privacy#L1>)" in done.out


def test_manifests_from_standard_input_have_no_links(acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(MANIFEST.encode())))
    done = call("register", "vendors", "--manifest", "-", "--policy", "acme.privacy")
    assert done.code == 0
    assert "| Vendor | Mailhouse |" in done.out
