"""`test`: the verb, its forms, its gates, its watch, and what is wrong."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from junitparser import JUnitXml

from tests.builders import edit, write
from tests.cli.calling import Call, on_record
from tests.running import running

ROOT = Path(__file__).parents[2]
TESTS = """\
tests: 1
manifest: estate.yaml
mode: includes
cases:
  - name: the broker's list is a sale
    expect:
      - {rule: no_selling, subject: leads, verdict: violation, judged: [{data: email}]}
      - {rule: no_selling, subject: parcels, verdict: compliant}
  - name: a sale that ends is none
    changes:
      - set: {flow: leads, exchange: none}
    expect:
      - {rule: no_selling, subject: leads, verdict: compliant}
"""
FAILING = """\
  - name: <nobody> & nothing is told
    mode: exact
    changes:
      - remove: {party: broker}
      - set: {organisation: organisation, privacy_contact: desk}
    expect:
      - {rule: reachable, subject: organisation, verdict: violation}
      - {rule: deletion, subject: crm, verdict: undetermined, judged: [{data: email}], waived: no}
      - {rule: not_combined, subject: crm, verdict: violation, waived: yes}
      - {rule: contracted, subject: parcels, verdict: violation}
"""


@pytest.fixture
def tested(shop: Path) -> Path:
    write("shop.tests.yaml", TESTS)
    return shop


def failing() -> None:
    write("shop.tests.yaml", TESTS + FAILING)


def test_cases_that_pass_are_named(tested: Path, call: Call) -> None:
    done = call("test")
    told = "shop.tests.yaml\n  ok    the broker's list is a sale\n  ok    a sale that ends is none\n2 cases passed\n"
    assert (done.code, done.out, done.err) == (0, told, "")


def test_a_case_that_fails_is_reported_with_what_differs_and_why(tested: Path, call: Call) -> None:
    failing()
    done = call("test", "shop.tests.yaml")
    assert (done.code, done.err) == (1, "")
    on_record("test.txt", done.out)


def test_results_as_json_are_on_record(tested: Path, call: Call) -> None:
    failing()
    done = call("test", "--format", "json")
    assert (done.code, done.err) == (1, "")
    assert json.loads(done.out)["summary"] == {"cases": 3, "passed": 2, "failed": 1}
    on_record("test.json", done.out)


def test_results_as_junit_are_read_by_who_reads_junit(tested: Path, call: Call) -> None:
    failing()
    assert call("test", "--format", "text", "--format", "junit=tests.xml").code == 1
    (suite,) = JUnitXml.fromfile("tests.xml")
    assert (suite.tests, suite.failures) == (3, 1)
    cases = {case.name: case for case in suite}
    assert cases["a sale that ends is none"].is_passed
    (failure,) = cases["<nobody> & nothing is told"].result
    assert "expected violation[reachable] on the organisation: found nothing" in failure.message
    assert "found       violation[deletion] on storage in crm" in failure.text


def test_cases_are_chosen_by_a_part_of_their_name(tested: Path, call: Call) -> None:
    done = call("test", "-k", "ENDS")
    assert "broker" not in done.out
    assert done.out.endswith("\n1 case passed\n")
    wrong = call("test", "--case", "nobody")
    assert (wrong.code, wrong.err) == (2, "error[E330]: no case has `nobody` in its name\n")


def test_tests_are_sought_beside_the_configuration(tested: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nexclude = ["old"]\n')
    for folder in ("below", "old"):
        Path(folder).mkdir()
        text = TESTS.replace("estate.yaml", "../estate.yaml")
        write(Path(folder, "tests.yaml"), text)
    monkeypatch.chdir("below")
    done = call("test")
    assert done.code == 0
    assert re.findall(r"^\S*yaml$", done.out, re.MULTILINE) == ["../shop.tests.yaml", "tests.yaml"]


def test_a_policy_of_the_call_is_tested_in_place_of_the_named_one(tested: Path, call: Call) -> None:
    text = Path("shop.privacy").read_text(encoding="utf-8").replace("(sale, rental)", "rental")
    write("other.privacy", text)
    done = call("test", "--policy", "other.privacy")
    assert done.code == 1
    assert "expected    violation[no_selling] on flow leads, judged email" in done.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["none.tests.yaml"], "E201", "`none.tests.yaml` cannot be read: no such file or directory"),
        (["empty"], "E330", "there are no tests in `empty`"),
        (["--format", "html"], "E306", "there is no format `html`; the formats are text, json, junit"),
        (["--format", "json", "--format", "junit"], "E306", "two formats would go to standard output"),
        (["--format", "json", "--coverage-format", "lcov"], "E306", "two formats would go to standard output"),
        (["--format", "json=x", "--format", "text=x"], "E306", "two formats would go to the same file, `x`"),
        (["--coverage-min", "101"], "E306", "101.0 is not in the range 0<=x<=100"),
        (["--survivors", "none.yaml"], "E332", "cannot read the list of survivors `none.yaml`"),
    ],
)
def test_a_wrong_call_is_reported(tested: Path, call: Call, words: list[str], code: str, told: str) -> None:
    Path("empty").mkdir()
    done = call("test", *words)
    assert done.code == 2
    assert f"error[{code}]: " in done.err
    assert told in done.err


def test_what_is_wrong_is_reported_in_json_as_well(tested: Path, call: Call) -> None:
    write("shop.tests.yaml", TESTS.replace("exchange", "exhcange"))
    done = call("test", "--format", "json")
    assert done.code == 2
    (error,) = json.loads(done.out)["errors"]
    assert (error["code"], error["locations"][0]["line"]) == ("E202", 11)
    assert "help: did you mean `exchange`?" in done.err


def test_no_cases_are_no_pass(tested: Path, call: Call) -> None:
    write("shop.tests.yaml", "tests: 1\nmanifest: estate.yaml\ncases: []\n")
    done = call("test")
    assert (done.code, done.err) == (2, "error[E330]: the test files have no cases\n")


# Coverage.


def test_coverage_is_on_record(tested: Path, call: Call) -> None:
    done = call("test", "--coverage")
    assert (done.code, done.err) == (0, "")
    on_record("test-coverage.txt", done.out)


def test_coverage_in_its_forms_is_on_record(tested: Path, call: Call) -> None:
    words = [word for form in ("lcov", "html", "json") for word in ("--coverage-format", f"{form}=coverage.{form}")]
    assert call("test", *words).code == 0
    for form in ("lcov", "html", "json"):
        on_record(f"test-coverage.{form}", Path(f"coverage.{form}").read_text(encoding="utf-8"))


def test_the_forms_of_coverage_have_the_same_figures(tested: Path, call: Call) -> None:
    assert call("test", "--format", "json=all.json", "--coverage-format", "lcov=c.lcov").code == 0
    found = json.loads(Path("all.json").read_text(encoding="utf-8"))["coverage"]
    lcov = Path("c.lcov").read_text(encoding="utf-8")
    counted = [sum(map(int, re.findall(rf"^{what}:(\d+)$", lcov, re.MULTILINE))) for what in ("BRF", "BRH")]
    assert counted == [found["summary"]["goals"], found["summary"]["seen"]]
    rows = [value for rule in found["rules"] for item in rule["items"] for value in item["seen"].values()]
    rows += [value for rule in found["rules"] for value in rule["verdicts"].values()]
    assert [len(rows), sum(map(bool, rows))] == counted


def test_too_little_coverage_fails(tested: Path, call: Call) -> None:
    done = call("test", "--coverage-min", "99")
    assert done.code == 1
    assert done.out.endswith("the coverage is less than 99 %\n")
    assert call("test", "--coverage-min", "10").code == 0


def test_nothing_of_a_policy_is_markup_on_the_page(tested: Path, call: Call) -> None:
    policy = Path("shop.privacy")
    edit(policy, "Contact information is not sold", "<script>alert(1)</script>")
    assert call("test", "--coverage-format", "html=c.html").code == 0
    html = Path("c.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


# Changes of the policy.


def test_changes_that_no_case_notices_fail_and_are_on_record(tested: Path, call: Call) -> None:
    done = call("test", "--mutate")
    assert (done.code, done.err) == (1, "")
    on_record("test-mutate.txt", done.out)


def test_a_listed_change_passes_and_a_stale_entry_is_reported(tested: Path, call: Call) -> None:
    found = json.loads(call("test", "--mutate", "--format", "json").out)["mutation"]
    entries = [{"mutant": each["mutant"], "reason": "as it is"} for each in found["survivors"]]
    stale = {"mutant": "no_selling: gone", "reason": "as it was"}
    listed = {"survivors": "1", "mutants": [*entries, stale]}
    write("survivors.json", json.dumps(listed))
    done = call("test", "--survivors", "survivors.json")
    assert done.code == 0
    assert f"{len(entries)} listed with a reason" in done.out
    assert "no_selling: gone: it is noticed now, or the policy has no such words" in done.out
    assert "survived" not in done.out


def test_an_entry_without_a_reason_is_wrong_input(tested: Path, call: Call) -> None:
    write("survivors.yaml", "survivors: 1\nmutants:\n  - {mutant: a}\n")
    done = call("test", "--survivors", "survivors.yaml")
    assert (done.code, done.out) == (2, "")
    assert "survivors.yaml:3:5: error[E332]: a survivor has no reason" in done.err


def test_nothing_is_changed_while_a_case_fails(tested: Path, call: Call) -> None:
    failing()
    done = call("test", "--mutate")
    assert done.code == 1
    assert done.err == "the policy was not mutated: first make all cases pass\n"
    assert "changes of the policy" not in done.out


# Watching.


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_a_watch_runs_again_on_a_change_and_ends_quietly(tested: Path) -> None:
    with running(["test", "--watch"], tested, together=True) as watch:
        assert _until(watch, "watching ")[-2] == "2 cases passed\n"
        text = TESTS.replace("exchange: none", "exchange: sale")
        write("shop.tests.yaml", text)
        assert "1 of 2 cases failed\n" in _until(watch, "watching ")
        write("shop.tests.yaml", text + "  x: [")
        assert any("error[E201]" in line for line in _until(watch, "watching "))
        write("shop.tests.yaml", TESTS)
        assert "2 cases passed\n" in _until(watch, "watching ")
        watch.send_signal(signal.SIGINT)
        rest, _ = watch.communicate(timeout=10)
    assert (watch.returncode, rest.strip()) == (130, "")


def _until(watch: subprocess.Popen[str], begun: str) -> list[str]:
    """The lines up to one that begins so."""
    assert watch.stdout is not None
    lines: list[str] = []
    ends = time.monotonic() + 30
    while not lines or not lines[-1].startswith(begun):
        assert time.monotonic() < ends
        line = watch.stdout.readline()
        assert line, lines
        lines.append(line)
    return lines


@pytest.mark.parametrize(
    ("file", "help_"),
    [
        ("estate.yaml", "this looks like a manifest, which `privacy-rules check` checks; a test file begins with"),
        ("shop.privacy", "in a folder, test files are named `tests.yaml`, or end in `.tests.yaml`"),
    ],
)
def test_what_is_no_file_of_tests_is_reported_once_with_what_it_looks_like(
    shop: Path, call: Call, file: str, help_: str
) -> None:
    done = call("test", file)
    assert (done.code, done.out) == (2, "")
    assert help_ in done.err
    assert done.err.count("error[") == 1


def test_a_number_that_is_none_is_reported_in_plain_words(shop: Path, call: Call) -> None:
    assert (
        "error[E306]: invalid value for `--coverage-min`: `x` is not a number\n"
        in call("test", "--coverage-min", "x").err
    )
    assert "`x` is not a whole number\n" in call("repair", "--limit", "x").err
