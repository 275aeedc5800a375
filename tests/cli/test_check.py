"""`check`: what it writes, where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from privacy_rules.findings.document_model import Document, Errors
from tests.builders import edit, write
from tests.cli.calling import Call, on_record

CLEAN = """\
manifest: 1
as_of: 2026-11-01
organisation: {privacy_contact: privacy desk}
parties: {shop: {role: us}, visitor: {role: data_subject}}
systems:
  browser: {party: visitor, stores: [], joins: []}
  crm: {party: shop, stores: [name], supports: [deletion], joins: []}
flows: [{id: signup, from: browser, to: crm, carries: [name], purposes: [orders]}]
"""


def test_the_text_report_is_on_record(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml")
    assert (done.code, done.err) == (1, "")
    on_record("check.txt", done.out)


def test_the_json_report_is_on_record_and_fits_its_model(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--format", "json")
    assert (done.code, done.err) == (1, "")
    Document.model_validate_json(done.out)
    on_record("check.json", done.out)


def test_two_runs_print_the_same_bytes(shop: Path, call: Call) -> None:
    assert call("check", "estate.yaml", "--format", "json") == call("check", "estate.yaml", "--format", "json")


def test_a_clean_estate_passes(shop: Path, call: Call) -> None:
    write("clean.yaml", CLEAN)
    done = call("check", "clean.yaml", "--policy", "shop.privacy", "--fail-on", "undetermined")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("no findings: 6 rules, 2 systems and 1 flow, as of 2026-11-01 (set by the manifest)\n")


def test_quiet_shows_failing_findings_only(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--quiet", "--rule", "no_selling")
    assert done.out.startswith("estate.yaml:27:5: violation[no_selling]: ")
    assert "undetermined" not in done.out
    assert "warning" not in done.out
    silent = call("check", "estate.yaml", "--quiet", "--fail-on", "never")
    assert (silent.code, silent.out) == (0, "")
    kept = json.loads(call("check", "estate.yaml", "--quiet", "--format", "json", "--rule", "no_selling").out)
    assert [found["verdict"] for found in kept["findings"]] == ["violation"]
    assert kept["summary"]["undetermined"] == 1


def test_statistics_show_how_each_rule_fared(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--statistics", "--rule", "no_selling", "--rule", "deletion")
    assert (
        "            subjects  applies  compliant  violations  undetermined\n"
        "no_selling         4        2          2           1             1\n"
        "deletion           4        1          3           1             0\n"
        "\n"
    ) in done.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--rule", "deletion"], 0),
        (["--rule", "deletion", "--fail-severity", "warning"], 1),
        (["--rule", "no_selling"], 1),
        (["--rule", "no_selling", "--fail-on", "never"], 0),
        (["--rule", "not_combined"], 0),
        (["--rule", "not_combined", "--fail-on", "undetermined"], 1),
    ],
)
def test_what_fails_depends_on_the_threshold(shop: Path, call: Call, words: list[str], code: int) -> None:
    assert call("check", "estate.yaml", *words).code == code


def test_only_the_named_rules_are_judged(shop: Path, call: Call) -> None:
    document = json.loads(
        call("check", "estate.yaml", "--rule", "deletion", "--rule", "reachable", "--format=json").out
    )
    assert [rule["name"] for rule in document["rules"]] == ["deletion", "reachable"]
    assert {found["rule"] for found in document["findings"]} == {"deletion", "reachable"}


def test_an_unknown_rule_is_a_wrong_call(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--rule", "no_seling")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error[E304]: the policy has no rule `no_seling`\n  help: did you mean `no_selling`?\n"


def test_the_day_of_the_call_wins_over_the_manifests(shop: Path, call: Call) -> None:
    before = json.loads(call("check", "estate.yaml", "--as-of", "2026-09-30", "--format", "json").out)
    assert before["as_of"] == "2026-09-30"
    assert [found["subject"]["id"] for found in before["findings"] if found["rule"] == "contracted"] == [
        "leads",
        "ratings",
    ]


def test_without_any_day_it_is_today(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime

    write("clean.yaml", CLEAN.replace("as_of: 2026-11-01\n", ""))
    document = json.loads(call("check", "clean.yaml", "--policy", "shop.privacy", "--format", "json").out)
    assert document["as_of"] == datetime.now().astimezone().date().isoformat()


# ---- what is checked


def test_the_policy_of_the_call_wins_over_the_manifests(shop: Path, call: Call) -> None:
    write("other.privacy", (shop / "shop.privacy").read_text().replace("policy shop", "policy other"))
    document = json.loads(call("check", "estate.yaml", "--policy", "other.privacy", "--format", "json").out)
    assert document["policies"] == ["other"]


def test_a_manifest_comes_from_standard_input_too(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((shop / "estate.yaml").read_bytes())))
    done = call("check", "-", "--rule", "no_selling")
    assert done.code == 1
    assert "<stdin>:27:5: violation[no_selling]" in done.out


def test_a_folder_means_the_manifests_in_it(shop: Path, call: Call) -> None:
    write(shop / "team" / "web.privacy.yml", CLEAN)
    document = json.loads(call("check", ".", "--policy", "shop.privacy", "--format", "json").out)
    assert document["summary"]["flows"] == 1


def test_a_glob_means_what_it_matches(shop: Path, call: Call) -> None:
    assert call("check", "est*.yaml", "--rule", "no_selling").code == 1


def test_no_manifest_is_never_a_pass(shop: Path, call: Call) -> None:
    (shop / "empty").mkdir()
    for words in ([], ["empty"], ["*.nothing"]):
        done = call("check", *words, "--policy", "shop.privacy")
        assert done.code == 2
        assert done.err.startswith("error[E302]: ")


def test_no_policy_is_a_wrong_call(shop: Path, call: Call) -> None:
    write("clean.yaml", CLEAN)
    done = call("check", "clean.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[E301]: no policy is given\n  help: give one with `--policy FILE`")


def test_a_policy_that_a_manifest_names_and_that_is_not_there_is_placed(shop: Path, call: Call) -> None:
    write("lost.yaml", "manifest: 1\npolicy: [gone.privacy]\n")
    done = call("check", "lost.yaml")
    assert done.code == 2
    assert done.err.startswith("lost.yaml:2:10: error[E303]: there is no policy file `gone.privacy`\n")


def test_what_is_configured_holds_where_the_call_says_nothing(shop: Path, call: Call) -> None:
    (shop / "estate.yaml").rename(shop / "web.privacy.yaml")
    write(shop / "own.privacy", (shop / "shop.privacy").read_text().replace("policy shop", "policy own"))
    text = 'policy = ["own.privacy"]\nmanifests = ["."]\nformat = ["json"]\nrule = ["deletion"]\nas-of = 2026-01-01\n'
    write(shop / "privacy-rules.toml", text + 'fail-severity = "warning"\n')
    done = call("check")
    assert done.code == 1
    document = json.loads(done.out)
    assert (document["policies"], document["as_of"]) == (["own"], "2026-01-01")
    assert [rule["name"] for rule in document["rules"]] == ["deletion"]


def test_the_call_wins_over_what_is_configured(shop: Path, call: Call) -> None:
    text = (
        'policy = ["gone.privacy"]\nmanifests = ["gone"]\nformat = ["json"]\nrule = ["deletion"]\nfail-on = "never"\n'
    )
    write(shop / "privacy-rules.toml", text)
    words = ("--policy", "shop.privacy", "--format", "text", "--rule", "no_selling", "--fail-on", "violation")
    done = call("check", "estate.yaml", *words)
    assert done.code == 1
    assert "violation[no_selling]" in done.out


def test_configured_paths_are_from_the_folder_of_the_configuration(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop / "privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["*.yaml"]\n')
    (shop / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(shop / "deep" / "down")
    done = call("check", "--rule", "no_selling")
    assert done.code == 1
    assert "../../estate.yaml:27:5: violation[no_selling]" in done.out


def test_a_wrong_configuration_stops_the_check(shop: Path, call: Call) -> None:
    write(shop / "privacy-rules.toml", "polcy = 1\n")
    done = call("check", "estate.yaml", "--format", "json")
    assert (done.code, Errors.model_validate_json(done.out).errors[0].code) == (2, "E305")
    assert done.err.startswith("privacy-rules.toml:1:1: error[E305]: unknown key `polcy`\n    polcy = 1\n    ^^^^^\n")


def test_a_warning_fails_where_the_configuration_says_so(shop: Path, call: Call) -> None:
    write(shop / "privacy-rules.toml", 'fail-warnings = ["W302"]\nfail-on = "never"\n')
    assert call("check", "estate.yaml").code == 1
    write(shop / "privacy-rules.toml", 'fail-warnings = ["W301"]\nfail-on = "never"\n')
    assert call("check", "estate.yaml").code == 0


def test_errors_in_policy_and_manifest_are_reported_together(shop: Path, call: Call) -> None:
    write("bad.privacy", "rule r { forbid flow when sold }\n")
    write("bad.yaml", "manifest: 1\nflws: []\n")
    done = call("check", "bad.yaml", "--policy", "bad.privacy")
    assert (done.code, done.out) == (2, "")
    assert "bad.privacy:1:27: error[E1" in done.err
    assert "bad.yaml:2:1: error[E202]" in done.err


def test_an_origin_that_is_no_collection_stops_the_check(shop: Path, call: Call) -> None:
    text = CLEAN.replace("purposes: [orders]}", "purposes: [orders]}, {id: out, from: crm, to: browser, origin: [out]}")
    write("origin.yaml", text)
    done = call("check", "origin.yaml", "--policy", "shop.privacy")
    assert done.code == 2
    assert "error[E212]" in done.err


# ---- formats and files


def test_each_format_can_go_to_a_file(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--format", "text", "--format", "json=found.json")
    on_record("check.txt", done.out)
    on_record("check.json", Path("found.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in shop.iterdir()) == ["estate.yaml", "found.json", "shop.privacy"]


def test_a_report_that_goes_to_files_alone_says_nothing(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--format", "json=found.json")
    assert (done.code, done.out, done.err) == (1, "", "")


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_replaced_file_keeps_its_mode_and_a_new_one_gets_the_usual(shop: Path, call: Call) -> None:
    write("old.json", "")
    Path("old.json").chmod(0o600)
    call("check", "estate.yaml", "--format", "json=old.json")
    assert Path("old.json").stat().st_mode & 0o777 == 0o600
    call("check", "estate.yaml", "--format", "json=new.json")
    Path("plain").touch()
    assert Path("new.json").stat().st_mode == Path("plain").stat().st_mode


def test_a_file_that_cannot_be_written_is_a_wrong_call(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--format", "json=nowhere/found.json")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == "error[E303]: `nowhere/found.json` cannot be written: no such file or directory\n  help: make the folder `nowhere` first\n"
    )
    (shop / "folder").mkdir()
    assert call("check", "estate.yaml", "--format", "json=folder").code == 2
    assert sorted(path.name for path in shop.iterdir()) == ["estate.yaml", "folder", "shop.privacy"]


@pytest.mark.skipif(os.name == "nt", reason="links and devices are POSIX's")
def test_links_and_devices_stay_what_they_are(shop: Path, call: Call) -> None:
    Path("link.json").symlink_to("found.json")
    call("check", "estate.yaml", "--format", "json=link.json")
    assert Path("link.json").is_symlink()
    Document.model_validate_json(Path("found.json").read_text(encoding="utf-8"))
    assert call("check", "estate.yaml", "--format", "json=/dev/null").code == 1
    assert not Path(os.devnull).is_file()


def test_two_formats_cannot_share_standard_output(shop: Path, call: Call) -> None:
    done = call("check", "estate.yaml", "--format", "json", "--format", "text")
    assert done.code == 2
    assert "error[E306]: two formats would go to standard output" in done.err


def test_errors_are_json_where_that_is_asked_for(shop: Path, call: Call) -> None:
    write("bad.yaml", "manifest: 1\npolicy: [shop.privacy]\nflws: []\n")
    done = call("check", "bad.yaml", "--format", "json")
    assert done.code == 2
    found = Errors.model_validate_json(done.out).errors
    assert [(each.code, each.locations[0].line) for each in found] == [("E202", 3)]
    assert done.err.startswith("bad.yaml:3:1: error[E202]: ")


def test_errors_replace_what_an_earlier_run_left_in_a_file(shop: Path, call: Call) -> None:
    call("check", "estate.yaml", "--format", "json=found.json")
    call("check", "nothing.yaml", "--policy", "shop.privacy", "--format", "json=found.json")
    assert Errors.model_validate_json(Path("found.json").read_text()).errors[0].code == "E201"


@pytest.mark.parametrize("words", [["--format", "json", "--fail-on", "maybe"], ["--format=json", "--nonsense"]])
def test_errors_of_the_call_itself_are_json_too(shop: Path, call: Call, words: list[str]) -> None:
    done = call("check", "estate.yaml", *words)
    assert done.code == 2
    assert Errors.model_validate_json(done.out).errors[0].code == "E306"


def test_ids_of_all_kinds_come_through(shop: Path, call: Call) -> None:
    odd = "té → 名/1.0"
    write("odd.yaml", CLEAN.replace("signup", f'"{odd}"').replace("[deletion]", "[]"))
    done = call("check", "odd.yaml", "--policy", "shop.privacy", "--format", "json", "--rule", "no_selling")
    assert done.code == 0
    told = call("check", "odd.yaml", "--policy", "shop.privacy", "--fail-severity", "warning")
    assert told.code == 1


# ---- the terminal


def test_colour_is_for_terminals(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in call("check", "estate.yaml").out
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[31m" in call("check", "estate.yaml").out
    assert "\x1b" not in call("check", "estate.yaml", "--no-color").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in call("check", "estate.yaml").out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in call("check", "estate.yaml").out


@pytest.mark.parametrize("other", ["found", "./found", "link"])
def test_two_formats_to_one_file_are_refused_and_the_first_tells(shop: Path, call: Call, other: str) -> None:
    Path("link").symlink_to("found")
    done = call("check", "estate.yaml", "--format", "json=found", "--format", f"sarif={other}")
    assert (done.code, done.err) == (2, "error[E306]: two formats would go to the same file, `found`\n")
    assert json.loads(Path("found").read_text())["errors"][0]["code"] == "E306"


def test_a_waiver_that_begins_later_is_reported_beside_the_finding_that_it_does_not_cover(
    shop: Path, call: Call
) -> None:
    edit("estate.yaml", "until: 2026-06-01", "from: 2027-01-01, until: 2027-06-01")
    done = call("check", "estate.yaml", "--as-of", "2026-11-01")
    assert "warning[W314]: the waiver of `no_selling` for `leads` starts only on 2027-01-01" in done.out + done.err
    assert "violation[no_selling]" in done.out


def _from_next_year(shop: Path, rule: str) -> None:
    edit(shop / "shop.privacy", f"rule {rule} {{", f"rule {rule} {{\n  applies from 2027-01-01")


@pytest.mark.parametrize("verb", ["check", "repair"])
def test_a_rule_alone_that_is_not_in_force_is_a_wrong_call_as_in_explain(shop: Path, call: Call, verb: str) -> None:
    _from_next_year(shop, "no_selling")
    done = call(verb, "estate.yaml", "--rule", "no_selling")
    assert (done.code, done.out) == (2, "")
    assert "shop.privacy:14:1: error[E307]: rule `no_selling` is not in force on 2026-11-01" in done.err
    assert "help: give another day with `--as-of`" in done.err
    assert done.err == call("explain", "no_selling", "leads", "--manifest", "estate.yaml").err
    assert call(verb, "estate.yaml", "--rule", "no_selling", "--as-of", "2027-01-01").code == 1 - (verb == "repair")


def test_of_several_rules_those_that_are_not_in_force_are_warned_about(shop: Path, call: Call) -> None:
    _from_next_year(shop, "no_selling")
    done = call("check", "estate.yaml", "--rule", "no_selling", "--rule", "no_leak", "--format", "json")
    found = json.loads(done.out)
    assert (done.code, [each["name"] for each in found["rules"]]) == (1, ["no_leak"])
    told = [each["message"] for each in found["warnings"] if each["code"] == "W315"]
    assert told == ["rule `no_selling` is not in force on 2026-11-01"]
    assert "W315" not in call("check", "estate.yaml", "--rule", "no_leak").out


def test_a_configured_rule_that_is_not_in_force_is_warned_about_and_may_fail(shop: Path, call: Call) -> None:
    _from_next_year(shop, "no_selling")
    write(shop / "privacy-rules.toml", 'rule = ["no_selling"]\n')
    done = call("check", "estate.yaml")
    assert (done.code, done.err) == (0, "")
    assert "warning[W315]: rule `no_selling` is not in force on 2026-11-01" in done.out
    write(shop / "privacy-rules.toml", 'rule = ["no_selling"]\nfail-warnings = ["W315"]\n')
    assert call("check", "estate.yaml").code == 1
