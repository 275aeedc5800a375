"""`lint`: mistakes in a policy, with no manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from privacy_rules.findings.document_model import Errors
from tests.builders import write
from tests.cli.calling import Call
from tests.cli.linting import BAD, CLEAN, found
from tests.closed import close_files

TESTED = """tests: 1
policy: clean.privacy
manifest: {}
cases:
  - name: a case
    expect: [{rule: no_selling, subject: it, verdict: violation}]
"""


def test_a_policy_without_errors_passes(clean: Path, call: Call) -> None:
    done = call("lint", "clean.privacy")
    assert (done.code, done.out, done.err) == (0, "no findings in 1 rule: no_selling\n", "")


def test_each_error_has_its_place_its_line_and_a_way_out(bad: Path, call: Call) -> None:
    done = call("lint", "bad.privacy")
    assert (done.code, done.err) == (1, "")
    assert (
        "bad.privacy:10:34: warning[L119 broad-and-narrow]: `email` is below `contact`, which is in the list\n"
        "      forbid disclosure of (contact, email) when not not notice\n"
        "                                     ^^^^^\n"
        "  help: remove it\n"
        "  fix:  `--fix` does this; no verdict changes\n"
    ) in done.out
    assert done.out.endswith("4 warnings, 3 notes in 2 rules: no_selling, kept\n4 can be fixed with `--fix`\n")


def test_errors_of_the_language_are_reported_first_and_alone(shop: Path, call: Call) -> None:
    text = "use std.core\nrule a { forbid flow when exchange is sail }\nrule b { forbid flow when notice is sale }\n"
    write("bad.privacy", text)
    done = call("lint", "bad.privacy")
    assert (done.code, done.out) == (2, "")
    assert "bad.privacy:2:39: error[E1" in done.err
    assert "did you mean `sale`?" in done.err
    assert "bad.privacy:3:" in done.err


def test_json_has_errors_or_findings(bad: Path, call: Call) -> None:
    write("broken.privacy", "rule\n")
    done = call("lint", "broken.privacy", "--format", "json")
    assert done.code == 2
    assert Errors.model_validate_json(done.out).errors[0].locations[0].file == "broken.privacy"
    told = json.loads(call("lint", "bad.privacy", "--format", "json").out)
    assert (told["version"], told["errors"], told["rules"], told["not_proved"]) == (1, [], ["no_selling", "kept"], 0)
    first = next(each for each in told["findings"] if each["lint"] == "broad-and-narrow")
    assert first["location"] == {"file": "bad.privacy", "line": 10, "column": 34, "end_line": 10, "end_column": 39}
    assert (first["code"], first["severity"], first["fixable"], first["also"]) == ("L119", "warning", True, [])


def test_sarif_lists_every_lint_and_suppresses_what_is_allowed(bad: Path, call: Call) -> None:
    write(bad, BAD.replace("newsletter }", "newsletter }  # allow unused-term: teams declare both"))
    (run,) = json.loads(call("lint", "bad.privacy", "--format", "sarif").out)["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    suppressed = [each for each in run["results"] if each["suppressions"]]
    assert {each["ruleId"] for each in suppressed} <= {"L101"}
    assert len(rules) == len(call("lint", "--list").out.splitlines())


def test_github_annotates_the_lines(bad: Path, call: Call) -> None:
    lines = call("lint", "bad.privacy", "--format", "github").out.splitlines()
    assert "::warning file=bad.privacy,line=10,col=34,endColumn=39,title=L119 broad-and-narrow::" in "\n".join(lines)
    assert any(line.startswith("::notice file=bad.privacy") and "L133 missing-title" in line for line in lines)


def test_several_formats_go_to_files(bad: Path, call: Call) -> None:
    done = call("lint", "bad.privacy", "--format", "json=found.json", "--format", "text")
    assert (done.code, "4 warnings" in done.out) == (1, True)
    assert len(found(Path("found.json").read_text())) == 7
    assert call("lint", "bad.privacy", "--format", "html").code == 2


@pytest.mark.parametrize(("severity", "code"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)], ids=str)
def test_the_lowest_severity_that_fails_can_be_chosen(bad: Path, call: Call, severity: str, code: int) -> None:
    assert call("lint", "bad.privacy", "--fail-severity", severity).code == code
    write("privacy-rules.toml", f'lint-fail-severity = "{severity}"\n')
    assert call("lint", "bad.privacy").code == code
    assert call("lint", "bad.privacy", "--fail-severity", "never").code == 0


def test_notes_fail_only_where_that_is_asked_for(clean: Path, call: Call) -> None:
    write(clean, CLEAN.replace('  title "Not sold"\n', ""))
    assert call("lint", "clean.privacy").code == 0
    assert call("lint", "clean.privacy", "--fail-severity", "note").code == 1


def test_the_configuration_sets_how_grave_a_lint_is(bad: Path, call: Call) -> None:
    write("privacy-rules.toml", 'lint = {missing-title = "error", broad-and-narrow = "off"}\n')
    told = json.loads(call("lint", "bad.privacy", "--format", "json").out)["findings"]
    assert {each["severity"] for each in told if each["lint"] == "missing-title"} == {"error"}
    assert "broad-and-narrow" not in {each["lint"] for each in told}
    assert "L119  broad-and-narrow        off" in call("lint", "--list").out


@pytest.mark.parametrize("text", ['lint = {no-clauze = "off"}\n', '[lint]\nno-clauze = "off"\n'])
def test_a_lint_that_there_is_none_of_is_an_error_of_the_configuration(bad: Path, call: Call, text: str) -> None:
    write("privacy-rules.toml", text)
    done = call("lint", "bad.privacy")
    assert (done.code, done.out) == (2, "")
    before = text[: text.index("no-clauze")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert f"privacy-rules.toml:{line}:{column}: error[E305]: there is no lint `no-clauze`" in done.err
    assert "did you mean `no-clause`?" in done.err


def test_the_day_decides_what_has_lapsed(clean: Path, call: Call) -> None:
    write(clean, CLEAN.replace("  cites", "  applies until 2027-01-01\n  cites"))
    assert call("lint", "clean.privacy", "--as-of", "2026-12-31").code == 0
    assert found(call("lint", "clean.privacy", "--as-of", "2027-01-01", "--format", "json").out) == ["lapsed-rule"]


def test_only_the_files_that_are_named_are_looked_at(bad: Path, call: Call) -> None:
    write(
        "top.privacy", f'use "bad.privacy"\n{CLEAN}'.replace("no_selling", "not_sold").replace("data { contact }", "")
    )
    told = json.loads(call("lint", "top.privacy", "--format", "json").out)["findings"]
    assert {each["location"]["file"] for each in told} <= {"top.privacy"}


def test_a_rule_that_no_test_names_is_reported_where_tests_are_beside_the_policy(clean: Path, call: Call) -> None:
    tests = write("clean.tests.yaml", "tests: 1\ncases: []  \n# rule: no_selling\n")
    assert found(call("lint", "clean.privacy", "--format", "json").out) == ["untested-rule"]
    write(tests, TESTED)
    assert found(call("lint", "clean.privacy", "--format", "json").out) == []


@pytest.mark.parametrize(
    ("was", "now", "told", "also"),
    [
        ("cases:", "cases: [", "the `[` that opens here is not closed", ":4:8\n"),
        ("tests: 1\n", "", "the file has no `tests`", ":1:1\n"),
        ("no_selling", "no_seling", "the policy has no rule `no_seling`", ":6:21\n"),
        ("clean.privacy", "gone.privacy", "`gone.privacy` cannot be read: no such file", ":2:9\n"),
        ("manifest: {}", "manifest: gone.yaml", "`gone.yaml` cannot be read: no such file", ":3:11\n"),
        ("verdict: violation", "verdict: broken", "broken", ":6:"),
        ("expect:", "expects:", "a case has no `expect`", ":5:5\n"),
    ],
)
def test_tests_that_cannot_be_read_are_reported_with_the_place_and_no_rule_is_called_untested(
    clean: Path, call: Call, was: str, now: str, told: str, also: str
) -> None:
    assert was in TESTED
    write("clean.tests.yaml", TESTED.replace(was, now))
    done = call("lint", "clean.privacy")
    assert (done.code, done.err) == (1, "")
    assert "warning[L145 unread-tests]: " in done.out
    assert told in done.out
    assert f"  also: clean.tests.yaml{also}" in done.out
    assert "untested-rule" not in done.out


def test_tests_that_may_not_be_read_are_reported(clean: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("clean.tests.yaml", TESTED)
    close_files(monkeypatch, lambda path: path.name == "clean.tests.yaml")
    told = call("lint", "clean.privacy").out
    assert "warning[L145 unread-tests]: cannot read the tests `clean.tests.yaml`: permission denied\n" in told
    assert "untested-rule" not in told


def test_tests_of_another_policy_in_the_folder_are_not_held_against_this_one(clean: Path, call: Call) -> None:
    write("other.privacy", clean.read_text().replace("no_selling", "no_other"))
    write("other.tests.yaml", TESTED.replace("no_selling", "no_other").replace("clean", "other"))
    write("clean.tests.yaml", TESTED)
    assert found(call("lint", "clean.privacy", "--format", "json").out) == []


def test_a_lint_is_explained_by_its_name_or_code(shop: Path, call: Call) -> None:
    by_name = call("lint", "--explain", "no-clause")
    assert by_name.code == 0
    assert by_name.out.startswith("# `no-clause`\n\nL116, warning")
    assert call("lint", "--explain", "L116") == by_name
    unknown = call("lint", "--explain", "no-clauze")
    assert (unknown.code, "did you mean `no-clause`?" in unknown.err) == (2, True)


def test_words_for_other_policies_need_no_rules_and_an_empty_policy_does(shop: Path, call: Call) -> None:
    write("words.privacy", "data { contact { email } }\n")
    assert call("lint", "words.privacy").out == "no findings in 0 rules\n"
    write("empty.privacy", "use std.core\n")
    done = call("lint", "empty.privacy")
    assert (done.code, "error[E115]" in done.err) == (2, True)


def test_the_examples_are_saved_as_policy_tests_that_pass(shop: Path, call: Call) -> None:
    write("privacy-rules.toml", 'lint = {no-rule-applies = "note"}\n')
    write("odd.privacy", """
        use std.core
        data { contact { email } }
        rule asked { require choice is opt_in on disclosure of contact }
        rule not_asked { forbid disclosure of email when choice is opt_in }
    """)  # fmt: skip
    call("lint", "odd.privacy", "--save", "odd.tests.yaml")
    kept = Path("odd.tests.yaml").read_text(encoding="utf-8")
    assert "required-and-forbidden" in kept
    assert "no-rule-applies" in kept
    done = call("test", "odd.tests.yaml")
    assert (done.code, done.err, "3 cases passed" in done.out) == (0, "", True)


@pytest.mark.usefixtures("without_solver")
def test_a_question_that_is_too_large_is_counted_and_finds_nothing(
    clean: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacy_rules.analysis.search.MOST_STEPS", 1)
    done = call("lint", "clean.privacy")
    assert done.code == 0
    assert "not proved: 3 questions about no_selling too large to decide; some findings may be missing\n" in done.out


def test_without_a_policy_the_configured_one_is_read(clean: Path, call: Call) -> None:
    assert call("lint").err.startswith("error[E301]")
    write("privacy-rules.toml", 'policy = ["clean.privacy"]\n')
    assert call("lint").out.startswith("no findings in 1 rule")


def test_a_policy_that_is_not_there_is_an_error(shop: Path, call: Call) -> None:
    done = call("lint", "gone.privacy")
    assert done.code == 2
    assert "gone.privacy" in done.err


@pytest.mark.parametrize("blank", ["", " ", "\\t", "…"])
def test_a_blank_cite_title_or_hint_is_none(clean: Path, call: Call, blank: str) -> None:
    write(clean, re.sub(r'(title|cites|hint) ".*?"', rf'\1 "{blank}"', CLEAN))
    told = found(call("lint", "clean.privacy", "--format", "json").out)
    assert {"no-clause", "missing-title", "missing-hint"} <= set(told)


def test_lints_are_called_by_name_or_code(clean: Path, call: Call) -> None:
    rule = "rule staff { forbid system when retention > 3 years }"
    write(clean, f"{CLEAN}# allow L116, missing-title: the works council asked for it\n{rule}\n")
    write("privacy-rules.toml", 'lint = {L134 = "off"}\n')
    done = call("lint", "clean.privacy", "--fail-severity", "note")
    assert (done.code, done.out) == (0, "no findings in 2 rules: no_selling, staff\n2 allowed by comments\n")
    assert re.search(r"^L134  missing-hint +off ", call("lint", "--list").out, re.MULTILINE)
    write("privacy-rules.toml", 'lint = {L134 = "off", missing-hint = "note"}\n')
    done = call("lint", "clean.privacy")
    assert "privacy-rules.toml:1:9: error[E305]: `L134` is the same as `missing-hint`, which is also set" in done.err
    write("privacy-rules.toml", 'lint = {l134 = "off"}\n')
    assert "there is no lint `l134`\n" in (told := call("lint", "clean.privacy").err)
    assert "did you mean `L134`?" in told


def test_a_folder_means_the_policies_in_it(clean: Path, call: Call) -> None:
    below = Path("policies/more")
    write(below / "clean.privacy", CLEAN)
    assert call("lint", "policies") == call("lint", "policies/more/clean.privacy")
    Path("empty").mkdir()
    done = call("lint", "empty")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        "error[E301]: there is no policy in `empty`\n  help: in a folder, policies are the files"
    )


@pytest.mark.parametrize("verb", ["lint", "fmt", "trace", "docs"])
def test_without_a_policy_help_is_for_what_there_is(shop: Path, call: Call, verb: str) -> None:
    done = call(verb)
    assert done.code == 2
    assert f"help: name its file, as in `privacy-rules {verb} customers.privacy`, or set `policy`" in done.err
    assert "--policy" not in done.err


@pytest.mark.parametrize(
    ("rule", "help_"),
    [
        (
            "forbid disclosure of (contact, card)",
            "remove this limit, because the rule applies to the same subjects without it",
        ),
        ("require retention <= unlimited on system", "write a limit that a value can exceed"),
        (
            "forbid flow when notice or not notice",
            "write the condition that you mean; to ask only whether something is declared",
        ),
    ],
)
def test_help_fits_what_can_never_be_false(clean: Path, call: Call, rule: str, help_: str) -> None:
    write(clean, f"use std.core\ndata {{ contact  card }}\nrule r {{ {rule} }}\n")
    told = json.loads(call("lint", "clean.privacy", "--format", "json").out)["findings"]
    assert [help_ in each["help"] for each in told if each["lint"] == "always-true"] == [True]


@pytest.mark.parametrize(
    ("rule", "help_"),
    [
        ("forbid flow to (not service_provider)", "`service_provider` is a role: write `role is service_provider`"),
        ("forbid flow when sale", "`sale` is a term of `exchange`: write `exchange is sale`"),
        ("forbid flow when not contact", "`contact` is a term of `data`: write `data is contact`"),
        (
            "forbid system when encryption",
            "`encryption` is a term of `safeguard`: write `safeguards includes encryption`",
        ),
        (
            "require encryption_in_transit on flow",
            "`encryption_in_transit` is a term of `safeguard`: write `safeguards includes encryption_in_transit`",
        ),
        (
            "require recipient.encryption on flow",
            "`encryption` is a term of `safeguard`: write `recipient.safeguards includes encryption`",
        ),
        ("forbid system when us", "`us` is a term of `region` and a role: write `country is us` or `role is us`"),
        (
            "require audit on disclosure",
            "`audit` is a term of `obligation`: write `under contract (obliges includes audit)`",
        ),
        ("forbid flow when notic", "did you mean `notice`?"),
    ],
)
def test_a_term_that_stands_alone_gets_help_on_how_to_be_asked(clean: Path, call: Call, rule: str, help_: str) -> None:
    write(clean, f"use std.core\ndata {{ contact }}\nrule r {{ {rule} }}\n")
    done = call("lint", "clean.privacy")
    assert "error[E106]: unknown name" in done.err
    assert f"help: {help_}\n" in done.err
