"""A file of tests is read in a manifest's own words; whatever is wrong with it has a code and a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from privacy_rules.testing.loader import load
from tests.builders import write
from tests.unit.testing.building import ESTATE, HEAD, POLICY, folder_of, loaded, results, wrong

CLEAN = "  - {name: clean, expect: []}\n"


def test_a_case_has_the_manifest_of_its_file_with_its_changes(tmp_path: Path) -> None:
    found = loaded(tmp_path, CLEAN + "  - {name: sold, changes: [{set: {flow: list, exchange: sale}}], expect: []}\n")
    clean, sold = (case for _, case in found.cases)
    assert "exchange" not in clean.estate.flows["list"].declared
    assert sold.estate.flows["list"].declared["exchange"] == "sale"
    assert (clean.day, clean.mode, str(clean.where).rpartition("/")[2]) == (
        date(2026, 6, 15),
        "exact",
        "p.tests.yaml:5:12",
    )


def test_a_manifest_may_be_written_out_alone_or_beside_files(tmp_path: Path) -> None:
    head = HEAD.replace("estate.yaml", "[estate.yaml, {systems: {spare: {party: acme}}}]")
    beside = loaded(tmp_path, CLEAN, head).cases[0][1]
    assert {"crm", "spare"} <= set(beside.estate.systems)
    alone = "  - name: alone\n    as_of: 2026-01-01\n    manifest: {parties: {us: {role: us}}, systems: {crm: {party: us}}}\n    expect: []\n"
    case = loaded(tmp_path, alone).cases[0][1]
    assert (set(case.estate.systems), case.day) == ({"crm"}, date(2026, 1, 1))
    place = case.estate.systems["crm"].location()
    assert place is not None
    assert (Path(place.file).name, place.line) == ("p.tests.yaml", 7)


def test_the_last_of_several_days_holds(tmp_path: Path) -> None:
    cases = CLEAN + "  - {name: c, as_of: 2026-02-01, expect: []}\n"
    cases += "  - {name: d, as_of: 2026-02-01, changes: [{as_of: 2026-03-01}], expect: []}\n"
    head = HEAD.replace("cases", "as_of: 2026-01-01\ncases")
    assert [case.day.month for _, case in loaded(tmp_path, cases, head).cases] == [1, 2, 3]


def test_the_policy_of_the_call_wins_and_that_of_the_manifest_serves(tmp_path: Path) -> None:
    file = folder_of(tmp_path, HEAD.replace("policy: p.privacy\n", "") + CLEAN, estate=ESTATE + "policy: [p.privacy]\n")
    found, _, reads = load([file], root=tmp_path)
    assert found is not None
    assert {Path(each).name for each in reads} >= {"p.tests.yaml", "p.privacy", "estate.yaml"}
    other = write(tmp_path / "other.privacy", POLICY.replace("kept", "kept_short"))
    chosen, told, _ = load([file], [other], root=tmp_path)
    assert chosen is not None, told
    assert chosen.suites[0].policy.rule("kept_short") is not None


def test_tests_of_one_policy_share_it(tmp_path: Path) -> None:
    file = folder_of(tmp_path, HEAD + CLEAN)
    again = write(tmp_path / "q.tests.yaml", HEAD + CLEAN)
    found, told, _ = load([file, again], root=tmp_path)
    assert found is not None, told
    assert found.suites[0].policy is found.suites[1].policy


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("", "E201", "1:1", "the file is empty"),
        ("[]", "E208", "1:1", "expected `key: value` pairs, found a list"),
        ("policy: p.privacy\nmanifest: estate.yaml\ncases: []", "E203", "1:1", "the file has no `tests`"),
        (HEAD.replace("tests: 1", "tests: 2") + CLEAN, "E208", "1:8", "unknown format version `2`"),
        ("tests: 1\npolicy: p.privacy\nmanifest: estate.yaml", "E203", "1:1", "the file has no `cases`"),
        (HEAD.replace("manifest", "manifset") + CLEAN, "E202", "3:1", "unknown key `manifset`"),
        (HEAD.replace("estate.yaml", "state.yaml") + CLEAN, "E201", "3:11", "`state.yaml` cannot be read: no such file"),
        (HEAD.replace("p.privacy", "q.privacy") + CLEAN, "E201", "2:9", "`q.privacy` cannot be read: no such file"),
        (HEAD.replace("policy: p.privacy\n", "") + CLEAN, "E301", "1:1", "no policy is given for these tests"),
        (HEAD + "  - clean", "E208", "5:5", "expected a case, found `clean`"),
        (HEAD + "  - {expect: []}", "E203", "5:5", "a case has no `name`"),
        (HEAD + "  - {name: a}", "E203", "5:5", "a case has no `expect`"),
        (HEAD + CLEAN + CLEAN, "E206", "6:12", "two cases are named `clean`"),
        (HEAD + "  - {name: a, mode: exakt, expect: []}", "E208", "5:21", "expected `exact` or `includes`, found `exakt`"),
        (HEAD + "  - {name: a, as_of: soon, expect: []}", "E208", "5:22", "expected a date, found `soon`"),
        (HEAD + "  - {name: a, expect: none}", "E208", "5:23", "expected a list of expected findings, found `none`"),
        (HEAD + "  - {name: a, changes: [{set: {flow: lst, notice: yes}}], expect: []}", "E205", "5:38", "no flow `lst` is declared"),
        (HEAD + "  - {name: a, changes: [{set: {flow: list, carries: [mail]}}], expect: []}", "E204", "5:54", "unknown category `mail`"),
        (HEAD + "  - {name: a, manifest: {flows: [{id: x, from: a, to: b}]}, expect: []}", "E205", "5:48", "no system `a` is declared"),
        (HEAD + "  - {name: a, manifest: {as_of: 2026-01-01}, expect: []}", "E202", "5:26", "unknown key `as_of`"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str, place: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (code, place, message) in wrong(tmp_path, text)


@pytest.mark.parametrize(
    ("expected", "code", "message"),
    [
        ("{rule: no_slae, subject: list, verdict: violation}", "E331", "the policy has no rule `no_slae`"),
        ("{rule: by_law, subject: list, verdict: violation}", "E331", "`by_law` is a permit, which has no findings"),
        ("{rule: no_sale, subject: lsit, verdict: violation}", "E331", "rule `no_sale` judges each flow, and there is no flow `lsit`"),
        ("{rule: kept, subject: list, verdict: violation}", "E331", "rule `kept` judges each storage, and there is no system `list`"),
        ("{rule: no_sale, subject: list, verdict: bad}", "E208", "expected `violation`, `undetermined` or `compliant`, found `bad`"),
        ("{rule: no_sale, subject: {kind: party, id: list}, verdict: violation}", "E208", "expected `flow`, found `party`"),
        ("{rule: no_sale, verdict: violation}", "E203", "an expected finding has no `subject`"),
        ("{rule: no_sale, subject: list, verdict: violation, reason: x}", "E202", "unknown key `reason`"),
        ("{rule: no_sale, subject: list, verdict: violation, judged: [{data: emial}]}", "E204", "unknown category `emial`"),
        ("{rule: no_sale, subject: list, verdict: violation, judged: email}", "E208", "expected a list of judged pairs, found `email`"),
        ("{rule: no_sale, subject: list, verdict: violation, waived: perhaps}", "E208", "expected a flag, found `perhaps`"),
    ],
)  # fmt: skip
def test_an_expectation_that_cannot_be_is_wrong_input(tmp_path: Path, expected: str, code: str, message: str) -> None:
    told = wrong(tmp_path, f"{HEAD}  - name: a\n    expect:\n      - {expected}\n")
    assert [(each[0], each[2]) for each in told] == [(code, message)]
    assert told[0][1].startswith("7:")


def test_two_expectations_of_one_thing_are_wrong(tmp_path: Path) -> None:
    one = "      - {rule: no_sale, subject: list, verdict: violation}\n"
    (told,) = wrong(tmp_path, f"{HEAD}  - name: a\n    expect:\n{one}{one}")
    assert told == ("E206", "8:9", "the verdict of `no_sale` on `list` is expected twice")


def test_a_case_without_a_day_is_wrong(tmp_path: Path) -> None:
    file = folder_of(tmp_path, HEAD + CLEAN, estate=ESTATE.replace("as_of: 2026-06-15\n", ""))
    found, told, _ = load([file], root=tmp_path)
    assert found is None
    assert [(each.code, each.message) for each in told] == [("E203", "the case has no day")]


def test_json_is_read_too(tmp_path: Path) -> None:
    folder_of(tmp_path, "")
    file = tmp_path / "p.tests.json"
    write(
        file, '{"tests": 1, "policy": "p.privacy", "manifest": ["estate.yaml"], "cases": [{"name": "a", "expect": []}]}'
    )
    found, told, _ = load([file], root=tmp_path)
    assert found is not None, told
    assert [case.name for _, case in found.cases] == ["a"]


def test_findings_are_exact_unless_the_case_says_otherwise(tmp_path: Path) -> None:
    sold = "    changes: [{set: {flow: list, exchange: sale, notice: no}}, {set: {system: crm, retention: 3 years}}]\n"
    expected = "    expect: [{rule: no_sale, subject: list, verdict: violation}]\n"
    exact, includes, compliant = results(
        tmp_path,
        f"  - name: a\n{sold}{expected}  - name: b\n    mode: includes\n{sold}{expected}"
        f"  - name: c\n    mode: includes\n{sold}    expect: [{{rule: kept, subject: crm, verdict: compliant}}]\n",
    )
    assert [(each.kind, each.found and each.found.rule) for each in exact.differences] == [("unexpected", "kept")]
    assert includes.passed
    assert [each.kind for each in compliant.differences] == ["other"]


@pytest.mark.parametrize(
    ("judged", "passed"),
    [
        ("[{data: email}]", True),
        ("[{data: email, purpose: newsletter, verdict: violation}]", True),
        ("[{data: email, purpose: orders}]", False),
        ("[{data: name}]", False),
        ("[{data: email}, {data: name}]", False),
        ("[]", False),
    ],
)
def test_only_what_is_said_of_judged_pairs_is_compared(tmp_path: Path, judged: str, passed: bool) -> None:
    expected = f"    expect: [{{rule: no_sale, subject: list, verdict: violation, judged: {judged}}}]\n"
    changes = "    changes: [{set: {flow: list, exchange: sale, notice: no}}]\n"
    (found,) = results(tmp_path, f"  - name: a\n{changes}{expected}")
    assert found.passed == passed


@pytest.mark.parametrize("waived", ["yes", "no"])
def test_a_waiver_is_compared_where_the_case_mentions_it(tmp_path: Path, waived: str) -> None:
    waiver = "{add: {waiver: {rule: kept, subject: crm, until: 2027-01-01, reason: r, approved_by: a}}}"
    changes = f"    changes: [{{set: {{system: crm, retention: 3 years}}}}, {waiver}]\n"
    expected = f"    expect: [{{rule: kept, subject: crm, verdict: violation, waived: {waived}}}]\n"
    (found,) = results(tmp_path, f"  - name: a\n{changes}{expected}")
    assert found.passed == (waived == "yes")


def test_what_was_expected_and_not_found_is_explained(tmp_path: Path) -> None:
    (found,) = results(tmp_path, "  - name: a\n    expect: [{rule: kept, subject: crm, verdict: violation}]\n")
    (difference,) = found.differences
    assert difference.kind == "missing"
    assert [each.verdict.word for each in difference.explanations] == ["compliant"]
