"""The example is what it says it is: the estate is clean, each variant breaks its promise, each case holds."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from privacy_rules import engine
from privacy_rules.findings.report import Report
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.vocabulary.attributes import Entity
from tests.builders import write
from tests.cli.calling import Call, on_record
from tests.long_run import in_the_long_run

ROOT = Path(__file__).parents[2]
HOME = ROOT / "examples" / "iapmo"
ESTATE = HOME / "estate.yaml"
README = (HOME / "README.md").read_text(encoding="utf-8")
PROSE = (HOME / "policy.md").read_text(encoding="utf-8")
RULES = (HOME / "iapmo.privacy").read_text(encoding="utf-8")

PERMIT = "mandated_disclosures"
NEVER_UNDECIDED = {"questions_have_a_contact": "whether a contact is declared is always known"}
VERDICT_OF_CASE = {
    "caught": "violation",
    "passed": "compliant",
    "lifted": "compliant",
    "undecided": "undetermined",
}


def _expected(folder: str, key: str) -> dict[str, list[dict[str, Any]]]:
    """What `expected.json` of a folder says of each of its files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads((HOME / folder / "expected.json").read_text(encoding="utf-8")):
        found.setdefault(each[key], []).append(each)
    return found


VARIANTS = _expected("variants", "variant")
CASES = _expected("cases", "case")
LIFTED = [case for case in CASES if case.startswith(f"{PERMIT}/lifted")]


@cache
def _policy() -> Policy:
    policy, wrong = engine.load_policy([HOME / "iapmo.privacy"])
    assert policy is not None, wrong
    return policy


def _inputs(*manifests: Path, policy: Policy | None = None) -> engine.Inputs:
    """Manifests held against the policy that is read once, which must be the one that they name."""
    documents, wrong = engine.read(manifests)
    assert documents is not None, wrong
    assert {file.path.resolve() for file in documents.policy_files} == {HOME / "iapmo.privacy"}
    policy = policy or _policy()
    estate, also = engine.hold(documents, policy)
    assert estate is not None, also
    return engine.Inputs(policy, estate, (*wrong, *also))


def _check(inputs: engine.Inputs, rules: Collection[str] | None = None) -> Report:
    report, wrong = engine.check(inputs, rules=rules)
    assert report is not None, wrong
    return report


def _found(report: Report) -> list[tuple[str, str, str, str]]:
    """Rule, subject and verdict of each finding."""
    told = ((each.rule, each.subject.kind.value, each.subject.id, each.verdict.word) for each in report.findings)
    return sorted(told)


def _said(expected: Iterable[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """The same of what is expected, compliance aside."""
    told = ((each["rule"], each["subject"]["kind"], each["subject"]["id"], each["verdict"]) for each in expected)
    return sorted(each for each in told if each[3] != "compliant")


def _case(name: str) -> Path:
    return HOME / "cases" / f"{name}.yaml"


@pytest.fixture
def call(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("PRIVACY_RULES_DEBUG", raising=False)
    return call


# --- The estate and its variants -------------------------------------------------------------------------------------


def test_the_estate_is_clean_without_a_waiver_and_without_a_warning() -> None:
    inputs = _inputs(ESTATE)
    assert inputs.estate.as_of is not None
    assert inputs.estate.waivers == ()
    report = _check(inputs)
    assert report.findings == ()
    assert report.warnings == ()


def test_every_rule_applies_to_something_in_the_estate() -> None:
    report = _check(_inputs(ESTATE))
    assert {each.rule.name for each in report.rules} == _judging()
    assert [each.rule.name for each in report.rules if not each.applies] == []


def test_the_variants_are_those_that_are_expected() -> None:
    assert sorted(VARIANTS) == sorted(file.stem for file in (HOME / "variants").glob("*.yaml"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_brings_what_is_expected_and_nothing_else(variant: str) -> None:
    report = _check(_inputs(ESTATE, HOME / "variants" / f"{variant}.yaml"))
    assert _found(report) == _said(VARIANTS[variant])
    assert {each.code for each in report.warnings} <= {codes.SWALLOWED}  # what the recipients keep is beside the point


def test_the_report_of_a_variant_is_on_record(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)
    done = call("check", "estate.yaml", "variants/hashed-audience.yaml", "--format", "json")
    assert (done.code, done.err) == (1, "")
    on_record(str(HOME / "expected" / "hashed-audience.json"), done.out)


# --- The cases -------------------------------------------------------------------------------------------------------


def test_the_cases_are_those_that_are_expected() -> None:
    files = (file.relative_to(HOME / "cases") for file in (HOME / "cases").glob("*/*.yaml"))
    assert sorted(CASES) == sorted(file.with_suffix("").as_posix() for file in files)


@pytest.mark.parametrize("case", CASES)
def test_a_case_holds(case: str) -> None:
    """Of the rules that a case is about, the listed findings are all, and what is listed as compliant is judged so."""
    inputs, about = _inputs(_case(case)), {each["rule"] for each in CASES[case]}
    report = _check(inputs, about)
    assert _found(report) == _said(CASES[case])
    assert [each.rule.name for each in report.rules if not each.applies] == []
    for each in CASES[case]:
        explained, why = engine.explain(inputs, each["rule"], each["subject"]["id"])
        assert explained is not None, why
        assert max(pair.verdict for pair in explained).word == each["verdict"]
        assert {pair.kind.value for pair in explained} == {each["subject"]["kind"]}


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_about_its_folders_rule_and_has_the_verdict_of_its_name(case: str) -> None:
    folder, _, name = case.partition("/")
    rule = _policy().rule(folder)
    assert rule is not None
    about = {each["rule"] for each in CASES[case]}
    assert about <= set(rule.despite) if folder == PERMIT else about == {folder}
    assert {each["verdict"] for each in CASES[case]} == {VERDICT_OF_CASE[name.partition("-")[0]]}


@pytest.mark.parametrize("rule", sorted({case.partition("/")[0] for case in CASES}))
def test_every_rule_has_a_case_of_each_verdict(rule: str) -> None:
    kinds = {case.partition("/")[2].partition("-")[0] for case in CASES if case.startswith(f"{rule}/")}
    undecided = set() if rule in NEVER_UNDECIDED else {"undecided"}
    assert kinds == {"caught", "lifted" if rule == PERMIT else "passed", *undecided}


def test_every_rule_has_cases() -> None:
    assert {case.partition("/")[0] for case in CASES} == {rule.name for rule in _policy().rules}
    assert [rule.name for rule in _policy().rules if rule.statement == "permit"] == [PERMIT]
    assert set(NEVER_UNDECIDED) <= _judging()


@pytest.fixture(scope="module")
def without_the_permit(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The policy with the permit cut out of its text."""
    file = tmp_path_factory.mktemp("strict") / "iapmo.privacy"
    text, cut = re.subn(rf"^rule {PERMIT} \{{\n.*?^\}}\n", "", RULES, flags=re.DOTALL | re.MULTILINE)
    assert cut == 1
    write(file, text)
    policy, wrong = engine.load_policy([file])
    assert policy is not None, wrong
    return policy


@pytest.mark.parametrize("case", LIFTED)
def test_what_the_permit_lifts_is_a_violation_without_it(case: str, without_the_permit: Policy) -> None:
    report = _check(_inputs(_case(case), policy=without_the_permit), {each["rule"] for each in CASES[case]})
    assert _found(report) == _said([{**each, "verdict": "violation"} for each in CASES[case]])


def test_every_rule_that_the_permit_names_is_lifted_somewhere() -> None:
    permit = _policy().rule(PERMIT)
    assert permit is not None
    assert {each["rule"] for case in LIFTED for each in CASES[case]} == set(permit.despite)


# --- The clauses -----------------------------------------------------------------------------------------------------


def _judging() -> set[str]:
    """The names of the rules that judge: all but permits."""
    return {rule.name for rule in _policy().rules if rule.statement != "permit"}


def _clauses() -> list[tuple[str, str]]:
    """Each heading of the prose with its anchor, in order: `1. What the policy covers`, `#what-it-covers`."""
    return re.findall(r"^## (\d+\. .+?) \{(#[a-z-]+)\}$", PROSE, re.MULTILINE)


def test_the_clauses_of_the_prose_are_numbered_and_have_anchors_of_their_own() -> None:
    assert len(re.findall(r"^## ", PROSE, re.MULTILINE)) == len(_clauses()) == len(dict(_clauses()))
    assert [int(heading.partition(".")[0]) for heading, _ in _clauses()] == list(range(1, len(_clauses()) + 1))
    assert len({anchor for _, anchor in _clauses()}) == len(_clauses())


def test_every_clause_is_either_cited_by_a_rule_or_accounted_for() -> None:
    anchors = {anchor for _, anchor in _clauses()}
    cited = {clause for rule in _policy().rules for clause in rule.cites}
    accounted = [clause.cited for clause in _policy().clauses]
    assert cited | set(accounted) == anchors
    assert cited & set(accounted) == set()
    assert len(accounted) == len(set(accounted))


def test_every_rule_cites_a_clause() -> None:
    assert [rule.name for rule in _policy().rules if not rule.cites] == []


def test_every_kind_of_row_is_there() -> None:
    """Each reason why a clause needs no rule, and each statement that a rule can be."""
    assert {clause.kind for clause in _policy().clauses} == {"definition", "scope", "prose", "gate"}
    assert {rule.statement for rule in _policy().rules} == {"forbid", "require", "allow", "permit"}
    assert all(clause.reason for clause in _policy().clauses)


# --- The tests of the rules -----------------------------------------------------------------------------------------------


TESTED = "privacy-rules test examples/iapmo --mutate --survivors examples/iapmo/iapmo.survivors.yaml --coverage-min 95"


@in_the_long_run  # test_clinic.py does the same with fewer tests and rules
def test_the_tests_pass_notice_every_change_but_the_listed_and_cover_nearly_all_of_the_rules(call: Call) -> None:
    """What the README's command does, with its result as JSON."""
    assert f"$ {TESTED}\n" in README
    done = call(*TESTED.split()[1:], "--format", "json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert [each["name"] for each in found["cases"] if each["differences"]] == []
    assert (found["mutation"]["summary"]["survived"], found["mutation"]["stale"]) == (0, [])
    rules = {each["name"]: each for each in found["coverage"]["rules"]}
    assert set(rules) == {rule.name for rule in _policy().rules}
    assert [name for name, rule in rules.items() if not all(rule["verdicts"].values())] == []


# --- What the README says --------------------------------------------------------------------------------------------


def test_the_readme_says_of_each_clause_what_the_policy_does_with_it() -> None:
    told = re.findall(r"^\| \[(\d+\. [^\]]+)\]\(policy\.md(#[a-z-]+)\) \| (.+) \|$", README, re.MULTILINE)
    assert [(heading, anchor) for heading, anchor, _ in told] == _clauses()
    reasons = {clause.cited: f"{clause.kind}: {clause.reason}" for clause in _policy().clauses}
    for _, anchor, what in told:
        if anchor in reasons:
            assert what == reasons[anchor]
        else:
            citing = [f"`{rule.name}`" for rule in _policy().rules if anchor in rule.cites]
            assert sorted(what.split(", ")) == sorted(citing)


def test_the_readme_lists_every_variant_with_its_rules() -> None:
    rows = re.findall(r"^\| \[([a-z-]+)\]\(variants/\1\.yaml\) \|[^|]+\| (.+) \|$", README, re.MULTILINE)
    assert {variant: re.findall(r"`(\w+)`", rules) for variant, rules in rows} == {
        variant: [each["rule"] for each in expected] for variant, expected in VARIANTS.items()
    }


def test_the_readme_counts_right() -> None:
    estate = _inputs(ESTATE).estate
    parties, contracts, systems, flows = (
        len(estate.records(each)) for each in (Entity.PARTY, Entity.CONTRACT, Entity.SYSTEM, Entity.FLOW)
    )
    assert f"{parties} parties, {contracts} contracts, {systems} systems and {flows} flows" in README
    assert f"{len(_clauses())} numbered clauses" in README
    assert (len(VARIANTS), "nine additions" in README) == (9, True)


def test_the_commands_of_the_readme_give_what_it_shows(call: Call) -> None:
    compared = 0
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        code = None
        for words, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            if words == "echo $?":
                assert f"{code}\n" == shown
                continue
            if words == TESTED:  # has a test of its own
                assert not shown
                continue
            name, *rest = words.split()
            assert name == "privacy-rules"
            done = call(*rest)
            code = done.code
            assert (code in (0, 1), done.err) == (True, ""), words
            if shown:
                assert done.out == shown, words
                compared += 1
    assert compared >= 2


def test_the_rule_in_the_readme_is_in_the_policy() -> None:
    (rule,) = re.findall(r"```\n(rule .*?\n\})\n```", README, re.DOTALL)
    assert rule in RULES


def test_every_file_and_clause_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)(#[a-z-]+)?\)", README)
    assert links
    assert [file for file, _ in links if not (HOME / file).exists()] == []
    anchors = {anchor for _, anchor in _clauses()}
    assert [anchor for _, anchor in links if anchor and anchor not in anchors] == []


def test_the_example_is_found_from_its_own_folder(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOME)
    done = call("check", "--fail-on", "undetermined", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
