"""`diff`: what changed in a policy, by meaning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import edit, git, repository, write
from tests.cli.calling import Call, on_record

DAY = ("--as-of", "2026-06-15")
WITH_CONSENT = ("exchange is (sale, rental)", "exchange is (sale, rental) unless choice is opt_in")


@pytest.fixture
def changed(shop: Path) -> Path:
    """The shop's policy in a file of its own, to change."""
    return write("new.privacy", (shop / "shop.privacy").read_text(encoding="utf-8"))


def compared(call: Call, *words: str | Path, code: int = 0) -> dict[str, Any]:
    done = call("diff", *DAY, "--format", "json", *words)
    assert (done.code, done.err) == (code, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def answers(document: dict[str, Any]) -> dict[str, str]:
    """The rules that differ."""
    return {each["rule"]: each["answer"] for each in document["rules"] if each["answer"] != "equivalent"}


@pytest.mark.parametrize("name", ["text", "json", "markdown", "html"])
def test_each_format_is_on_record(name: str, changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    edit(changed, "rule no_leak {", "rule no_way_out {")
    edit(changed, "when under contract (covers data and covers purpose)", "when under contract (covers data)")
    edit(changed, "  card\n", "  card  loyalty_number\n")
    done = call("diff", "shop.privacy", changed, *DAY, "--format", name)
    assert (done.code, done.err) == (0, "")
    on_record(f"diff.{'md' if name == 'markdown' else 'txt' if name == 'text' else name}", done.out)


def test_an_example_has_the_verdicts_that_it_names(changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    document = compared(call, "shop.privacy", changed)
    assert answers(document) == {"no_selling": "looser"}
    (found,) = (each["looser"] for each in document["rules"] if each["rule"] == "no_selling")
    assert found["sentence"].startswith("now allowed: disclosure of email to an advertiser")
    write("example.json", json.dumps({**found["manifest"], "as_of": found["day"]}))
    for policy, verdict in (("shop.privacy", found["before"]), (changed, found["after"])):
        done = call("check", "example.json", "--policy", policy, "--rule", "no_selling", "--format", "json")
        findings = [each["verdict"] for each in json.loads(done.out)["findings"]]
        assert findings == ([] if verdict == "compliant" else [verdict])


def test_the_same_policy_in_other_words_is_equivalent(changed: Path, call: Call) -> None:
    edit(changed, "forbid disclosure of contact to third_party when exchange is (sale, rental)",
         "require not (exchange is rental or exchange is sale) on disclosure of (name, email, contact) to third_party")  # fmt: skip
    assert compared(call, "shop.privacy", changed, "--fail-on", "change")["policy"]["answer"] == "equivalent"


def test_an_option_after_two_dashes_is_not_a_missing_file(call: Call) -> None:
    done = call("diff", "main", "--", "shop.privacy", "--quiet")
    assert done.code == 2
    assert "`--quiet` is after `--`, so it is taken as a file: write options before `--`" in done.err


def test_a_result_that_holds_only_for_declared_facts_says_so(changed: Path, call: Call) -> None:
    edit(changed, "forbid disclosure of contact to third_party when exchange is (sale, rental)",
         "forbid disclosure of contact to third_party when exchange is sale }\nrule no_rental { forbid disclosure of contact to third_party when exchange is rental")  # fmt: skip
    assert compared(call, "shop.privacy", changed)["policy"]["by_several_rules"] == ["looser"]
    remark = "proved for declared facts only: that the policy is not looser"
    for name in ("text", "markdown", "html"):
        assert remark in call("diff", "shop.privacy", changed, *DAY, "--format", name).out


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("material", 1), ("looser", 1), ("change", 1)])
def test_what_fails(fail_on: str, code: int, changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    compared(call, "shop.privacy", changed, "--fail-on", fail_on, code=code)
    assert compared(call, changed, "shop.privacy", "--fail-on", fail_on, code=int(fail_on == "change"))


@pytest.mark.parametrize(
    ("material", "code"),
    [("disclosure", 1), ("retention", 0), ("disclosure:email", 1), ("disclosure:contact", 1), ("disclosure:card", 0)],
)
def test_what_is_material_is_named_by_topic_and_category(material: str, code: int, changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    compared(call, "shop.privacy", changed, "--fail-on", "material", "--material", material, code=code)


@pytest.mark.parametrize(
    ("rule", "looser", "topics"),
    [
        ("forbid disclosure of contact", "forbid disclosure of contact when notice", {"disclosure", "disclosure:email"}),
        ("require purpose is orders on flow of email", "require purpose is (orders, newsletter) on flow of email",
         {"use", "collection", "disclosure", "use:email", "collection:email", "disclosure:email"}),
        ("forbid sharing of contact", "forbid sharing of contact when notice", {"disclosure", "disclosure:email"}),
        ("forbid storage of contact", "forbid storage of contact when retention > 1 year", {"retention", "retention:email"}),
        ("forbid joining of email with card", "forbid joining of email with card at third_party", {"use", "use:email", "use:card"}),
        ("forbid derivation of card into email", "forbid derivation of card into email when method is encryption", {"use", "use:email", "use:card"}),
        ("require notifies_material_changes on organisation", "require notifies_material_changes or trains_employees on organisation", {"organisation", "organisation:email", "organisation:card"}),
    ],
)  # fmt: skip
def test_a_looser_rule_is_material_for_each_topic_and_category_that_it_allows_more_of(
    rule: str, looser: str, topics: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    """Also for those that its smallest example is not about."""
    monkeypatch.chdir(tmp_path)
    words = "use std.core\ndata { contact { name email } card }\npurpose { orders newsletter }\n"
    for name, text in (("old", rule), ("new", looser)):
        write(f"{name}.privacy", f"{words}rule r {{ {text} }}\n")
    found = set()
    for topic in ("collection", "use", "disclosure", "retention", "organisation"):
        for wanted in (topic, *(f"{topic}:{each}" for each in ("email", "card"))):
            done = call("diff", "old.privacy", "new.privacy", *DAY, "--fail-on", "material", "--material", wanted, "-q")
            found |= {wanted} if done.code else set()
    assert found == topics


def test_the_examples_are_saved_as_policy_tests_that_pass(changed: Path, call: Call) -> None:
    edit(changed, *WITH_CONSENT)
    edit(changed, "when under contract (covers data and covers purpose)", "when under contract")
    edit(changed, "includes deletion on", "includes all (deletion, access) on")
    Path("kept").mkdir()
    compared(call, "shop.privacy", changed, "--save", "kept/changes.tests.yaml")
    done = call("test", "kept/changes.tests.yaml")
    assert (done.code, done.err) == (0, "")
    assert "3 cases passed" in done.out
    assert 'policy: "../new.privacy"' in Path("kept/changes.tests.yaml").read_text(encoding="utf-8")


def test_added_removed_and_renamed_rules(changed: Path, call: Call) -> None:
    edit(changed, "rule no_leak {", "rule no_way_out {")
    edit(
        changed,
        "rule not_combined {\n  forbid joining of contact with card\n}",
        "rule unsold { forbid disclosure of card when exchange is sale }",
    )
    document = compared(call, "shop.privacy", changed)
    statuses = {each["rule"]: each["status"] for each in document["rules"] if each["status"] != "kept"}
    assert statuses == {"no_way_out": "renamed", "not_combined": "removed", "unsold": "added"}
    assert answers(document) == {"not_combined": "looser", "unsold": "stricter"}
    assert document["policy"]["answer"] == "both"


def test_a_rule_that_ends_is_looser_from_that_day_on(changed: Path, call: Call) -> None:
    edit(changed, "rule no_leak {", "rule no_leak {\n  applies until 2027-01-01")
    document = compared(call, "shop.privacy", changed)
    (found,) = (each for each in document["rules"] if each["answer"] != "equivalent")
    assert found["looser"]["day"] == "2027-01-01"
    assert found["notes"] == ["in force always becomes in force until 2027-01-01"]
    assert document["days"] == ["2026-06-15", "2027-01-01"]


def test_terms_that_moved_are_compared_where_each_policy_has_them(changed: Path, call: Call) -> None:
    edit(changed, "contact { name  email }", "contact { name }  email")
    document = compared(call, "shop.privacy", changed)
    assert [(each["change"], each["name"]) for each in document["words"]] == [("moved", "email")]
    assert answers(document)["no_selling"] == "looser"


def test_policies_at_commits(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    text = (shop / "shop.privacy").read_text(encoding="utf-8")
    home = repository(
        tmp_path / "repository", {"rules/shop.privacy": text, "privacy-rules.toml": 'policy = ["rules/shop.privacy"]\n'}
    )
    monkeypatch.chdir(home)
    git("checkout", "-q", "-b", "other")
    write("rules/shop.privacy", text.replace(*WITH_CONSENT))
    assert answers(compared(call, "main", "--", "rules/shop.privacy")) == {"no_selling": "looser"}
    git("commit", "-qam", "looser")
    expected = {"no_selling": "looser"}
    assert answers(compared(call, "main...other")) == answers(compared(call, "main..")) == expected
    assert answers(compared(call, "main:rules/shop.privacy", "other:rules/shop.privacy")) == expected
    assert answers(compared(call, "main:rules/shop.privacy", "rules/shop.privacy")) == expected
    assert answers(compared(call, "other", "--", "rules/shop.privacy")) == {}


def test_a_policy_that_did_not_exist_at_the_commit_adds_all_its_rules(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", {"README.md": "Nothing yet"}))
    write("shop.privacy", (shop / "shop.privacy").read_text(encoding="utf-8"))
    document = compared(call, "--fail-on", "material", "main", "--", "shop.privacy")
    assert {each["status"] for each in document["rules"]} == {"added"}
    assert (document["policy"]["answer"], document["words"]) == ("stricter", [])
    assert document["old"] == "main, which has no such policy"
    git("add", ".")
    git("commit", "-qm", "first policy")
    assert compared(call, "HEAD~1...HEAD", "--", "shop.privacy")["policy"]["answer"] == "stricter"
    assert call("diff", "main", "--", "missing.privacy").code == 2
    assert call("diff", "HEAD~1:shop.privacy", "shop.privacy").code == 2


def test_a_policy_file_that_was_renamed_is_compared_with_itself(
    shop: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(repository(shop, {}))
    git("mv", "shop.privacy", "store.privacy")
    edit("store.privacy", *WITH_CONSENT)
    git("add", ".")
    document = compared(call, "--fail-on", "material", "main", "--", "store.privacy", code=1)
    assert answers(document) == {"no_selling": "looser"}
    assert document["old"] == "main:shop.privacy"


PROSE = "# Policy\n\n## Your *address* {#selling}\n\nWe <b>never</b> sell it.\n"


def with_prose(policy: Path) -> None:
    write("policy.md", PROSE)
    edit(policy, '  title "Privacy policy of a shop"', '  title "Privacy policy of a shop"\n  text "policy.md"')


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_a_notice_is_on_record(name: str, changed: Path, call: Call) -> None:
    with_prose(changed)
    edit(changed, *WITH_CONSENT)
    edit(changed, "contact { name  email }", "contact { name  email  nickname }")
    edit(changed, "rule deletion {", "rule deletion {\n  applies from 2027-01-01")
    edit(
        changed,
        "rule not_combined {\n  forbid joining of contact with card\n}",
        "rule pigeons { permit system at service_provider despite no_leak }",
    )
    done = call("diff", "shop.privacy", changed, *DAY, "--notice", "--format", name, "--fail-on", "material")
    assert (done.code, done.err) == (1, "")
    on_record(f"diff-notice.{'md' if name == 'markdown' else 'txt'}", done.out)


REWORDED = (
    PROSE.replace("never", "never ever")
    + """
## What we keep

We keep orders for seven years.

## Pigeons {#pigeons}

We like them.
"""
)


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_clauses_with_other_words_are_told_apart_from_changed_rules(name: str, changed: Path, call: Call) -> None:
    with_prose(Path("shop.privacy"))
    write("policy.md", PROSE + "\n## What we keep\n\nWe keep orders.\n\n## Cookies\n\nWe use none.\n")
    edit(changed, '  title "Privacy policy of a shop"', '  title "Privacy policy of a shop"\n  text "new.md"')
    write("new.md", REWORDED)
    done = call("diff", "shop.privacy", changed, *DAY, "--notice", "--format", name)
    on_record(f"diff-notice-words.{'md' if name == 'markdown' else 'txt'}", done.out)


def test_without_the_prose_of_the_new_policy_no_clause_counts_as_gone(changed: Path, call: Call) -> None:
    with_prose(Path("shop.privacy"))
    write("policy.md", PROSE + "\n## What we keep\n\nWe keep orders.\n")
    assert "clause" not in call("diff", "shop.privacy", changed, *DAY, "--notice").out


def test_words_of_a_clause_whose_rule_changed_are_not_listed_twice(changed: Path, call: Call) -> None:
    with_prose(Path("shop.privacy"))
    edit(changed, '  title "Privacy policy of a shop"', '  title "Privacy policy of a shop"\n  text "new.md"')
    write("new.md", REWORDED)
    edit(changed, *WITH_CONSENT)
    out = call("diff", "shop.privacy", changed, *DAY, "--notice").out
    assert "never ever" in out.partition("Only the words changed")[0]
    assert "never ever" not in out.partition("Only the words changed")[2]
    assert "This clause is new; no rule is made from it." in out


def test_a_notice_of_the_same_policy_lists_no_rules(changed: Path, call: Call) -> None:
    edit(changed, "exchange is (sale, rental)", "(exchange is rental or exchange is sale)")
    done = call("diff", "shop.privacy", changed, *DAY, "--notice")
    assert "The policy allows and forbids the same as before." in done.out
    assert "Before:" not in done.out


def test_a_notice_quotes_the_prose_of_the_new_policy(shop: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    policy = shop / "shop.privacy"
    with_prose(policy)
    home = repository(shop, {})
    monkeypatch.chdir(home)
    git("checkout", "-q", "-b", "other")
    edit(policy, *WITH_CONSENT)
    write("policy.md", PROSE.replace("never", "hardly ever"))
    git("commit", "-qam", "looser")
    write("policy.md", "# Nothing\n")
    done = call("diff", "main...other", "--notice", *DAY, "--", "shop.privacy")
    assert "hardly ever" in done.out
    done = call("diff", "main", "--notice", *DAY, "--", "shop.privacy")
    assert "#selling\n--------" in done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shop.privacy"], "name OLD and NEW"),
        (["shop.privacy", "missing.privacy"], "cannot read `missing.privacy`"),
        (["shop.privacy", "shop.privacy", "--material", "sale"], "there is no topic `sale`"),
        (["shop.privacy", "shop.privacy", "--material", "use:emial"], "there is no category `emial`"),
        (["main:shop.privacy", "shop.privacy"], "is not in a git repository"),
        (["main"], "the configuration names none"),
        (
            ["shop.privacy", "shop.privacy", "--notice", "--format", "json=notice.json"],
            "--notice has the formats text and markdown",
        ),
    ],
)
def test_a_wrong_call_is_an_error(words: list[str], message: str, shop: Path, call: Call) -> None:
    done = call("diff", *words)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""
