"""`diff --manifest`: what a change of a policy means for the findings of an estate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import edit, git, repository, write
from tests.cli.calling import Call, on_record

WITH_CONSENT = ("exchange is (sale, rental)", "exchange is (sale, rental) unless choice is opt_in")
RENAMED = ("rule no_leak {", "rule no_way_out {")
NOTIFIED = ("rule reachable {", "rule notified { require notice on disclosure of contact }\nrule reachable {")
COUNTED = ("comes", "goes", "changes")


@pytest.fixture
def changed(shop: Path) -> Path:
    """The shop's policy in a file of its own, to change."""
    return write("new.privacy", (shop / "shop.privacy").read_text(encoding="utf-8"))


def findings(call: Call, *words: str | Path, code: int = 0) -> dict[str, Any]:
    done = call("diff", "--format", "json", *words)
    assert (done.code, done.err) == (code, "")
    found: dict[str, Any] = json.loads(done.out)["findings"]
    return found


def moves(found: dict[str, Any]) -> dict[str, list[str]]:
    return {way: [f"{each['rule']} {each['subject']['id']}" for each in found[way]] for way in COUNTED if found[way]}


@pytest.mark.parametrize("name", ["text", "json", "markdown", "html"])
def test_each_format_is_on_record(name: str, changed: Path, call: Call) -> None:
    for each in (WITH_CONSENT, RENAMED, NOTIFIED, ("    - to third_party for newsletter\n", "    - to third_party\n")):
        edit(changed, *each)
    done = call("diff", "shop.privacy", changed, "--manifest", "estate.yaml", "--format", name, "--quiet")
    assert (done.code, done.err) == (0, "")
    on_record(f"diff-estate.{'md' if name == 'markdown' else 'txt' if name == 'text' else name}", done.out)


def test_findings_come_go_and_change_as_check_reports_them(changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    edit(changed, "    - to third_party for newsletter\n", "    - to third_party\n")
    edit(changed, "system at third_party when", "system at service_provider when")
    found = findings(call, "shop.privacy", changed, "--manifest", "estate.yaml")
    before, after = checked(call, "shop.privacy"), checked(call, "new.privacy")
    expected = {
        "comes": sorted(after.keys() - before.keys()),
        "goes": sorted(before.keys() - after.keys()),
        "changes": sorted(each for each in before.keys() & after.keys() if before[each] != after[each]),
    }
    assert moves(found) == expected
    assert (found["before"]["violations"], found["after"]["violations"]) == (
        list(before.values()).count("violation"),
        list(after.values()).count("violation"),
    )
    (leads,) = (each for each in found["changes"] if each["rule"] == "no_selling")
    assert (leads["before"]["verdict"], leads["after"]["verdict"]) == ("violation", "undetermined")
    assert leads["after"]["location"] == {"file": "estate.yaml", "line": 27, "column": 5}


def checked(call: Call, policy: str) -> dict[str, str]:
    done = call("check", "estate.yaml", "--policy", policy, "--format", "json")
    return {f"{each['rule']} {each['subject']['id']}": each["verdict"] for each in json.loads(done.out)["findings"]}


def test_findings_of_a_renamed_rule_neither_come_nor_go(changed: Path, call: Call) -> None:
    edit(changed, *RENAMED)
    edit(changed, "rule not_combined {", "rule never_joined {")
    found = findings(call, "shop.privacy", changed, "--manifest", "estate.yaml")
    assert moves(found) == {"changes": ["never_joined crm"]}
    (crm,) = found["changes"]  # its waiver names the old rule
    assert (crm["before"]["waived"], crm["after"]["waived"]) == (True, False)


def test_the_manifest_may_use_words_that_only_the_new_policy_has(changed: Path, call: Call) -> None:
    edit(changed, "contact { name  email }", "contact { name  email  nickname }")
    edit("estate.yaml", "carries: [name]}\n  - {id: leads", "carries: [nickname]}\n  - {id: leads")
    assert moves(findings(call, "shop.privacy", changed, "--manifest", "estate.yaml")) == {}
    done = call("diff", changed, "shop.privacy", "--manifest", "estate.yaml")
    assert done.code == 2
    assert "estate.yaml:26" in done.err
    assert "`nickname`" in done.err


@pytest.mark.parametrize(
    ("edits", "configured", "code"),
    [
        ([("supports includes deletion", "supports includes (deletion, access)")], "", 0),
        ([(*RENAMED,)], "", 0),
        ([("for newsletter\n}", "for newsletter when notice\n}")], "", 0),
        ([("reached by contact", "reached by (contact, card)")], "", 0),
        ([("rule reachable {", "rule unsold { forbid flow of email to third_party }\nrule reachable {")], "", 1),
        ([(*WITH_CONSENT,)], "", 0),
        ([(*NOTIFIED,)], "", 0),
        ([(*NOTIFIED,)], 'fail-on = "undetermined"\n', 1),
        ([("severity warning\n", "")], "", 0),
    ],
)
def test_new_findings_fail_if_they_would_fail_a_check(
    edits: list[tuple[str, str]], configured: str, code: int, changed: Path, call: Call
) -> None:
    write("privacy-rules.toml", configured)
    for each in edits:
        edit(changed, *each)
    findings(call, "shop.privacy", changed, "--manifest", "estate.yaml", "--fail-on", "new-findings", code=code)


def test_across_commits_the_manifests_are_those_of_the_working_tree(
    shop: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\nmanifests = ["estate.yaml"]\nas-of = 2026-11-01\n')
    monkeypatch.chdir(repository(shop, {}))
    git("checkout", "-q", "-b", "other")
    edit("shop.privacy", "exchange is (sale, rental)", "exchange is rental")
    git("commit", "-qam", "looser")
    for words in (["main...HEAD"], ["main", "--", "shop.privacy"]):
        assert moves(findings(call, "--manifest", "estate.yaml", *words)) == {"goes": ["no_selling leads"]}
    assert findings(call, "HEAD...main", "--fail-on", "new-findings")["as_of"] == "2026-11-01"


def test_a_manifest_that_cannot_be_judged_is_an_error(changed: Path, call: Call) -> None:
    edit("estate.yaml", "exchange: sale,", "origin: [ratings],")
    done = call("diff", "shop.privacy", changed, "--manifest", "estate.yaml")
    assert (done.code, done.out) == (2, "")
    assert "estate.yaml:27" in done.err
    assert call("diff", "shop.privacy", changed, "--manifest", "missing.yaml").code == 2
