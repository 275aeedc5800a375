"""`trace`: the verb, its gates, its lock file, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import Call, on_record

PROSE = "# Policy\n\n## Selling {#selling}\n\nWe sell nothing.\n\n## Processors {#processors}\n\nUnder contract.\n\n## Rest\n\nWords.\n"
HOSTILE = "# P\n\n## <script>alert(1)</script> {#selling}\n\n<img src=x onerror=alert(2)>\n\n## Processors {#processors}\n\n&amp;\n"


@pytest.fixture
def traced(shop: Path) -> Path:
    policy = Path("shop.privacy")
    text = policy.read_text(encoding="utf-8").replace('a shop"\n', 'a shop"\n  text "policy.md"\n')
    policy.write_text(text, encoding="utf-8")
    Path("policy.md").write_text(PROSE, encoding="utf-8")
    return shop


def test_the_table_is_on_record(traced: Path, call: Call) -> None:
    done = call("trace", "shop.privacy")
    assert (done.code, done.err) == (0, "")
    on_record("trace.txt", done.out)


def test_an_uncovered_clause_fails_where_it_is_asked_for(traced: Path, call: Call) -> None:
    assert call("trace", "shop.privacy", "--fail-on", "uncovered").code == 1
    policy = Path("shop.privacy")
    policy.write_text(policy.read_text(encoding="utf-8") + '\nclause "Rest" is prose "no promise"\n', encoding="utf-8")
    assert call("trace", "shop.privacy", "--fail-on", "uncovered").code == 0


def test_a_cite_that_goes_astray_fails_unless_nothing_shall(traced: Path, call: Call) -> None:
    Path("policy.md").write_text(PROSE.replace("{#selling}", "{#sales}"), encoding="utf-8")
    done = call("trace", "shop.privacy")
    assert done.code == 1
    assert "shop.privacy:15:1: rule no_selling cites `#selling`, which no clause is called" in done.out
    assert call("trace", "shop.privacy", "--fail-on", "never").code == 0


def test_words_that_changed_fail_until_they_are_accepted(traced: Path, call: Call) -> None:
    changed = ("trace", "shop.privacy", "--fail-on", "changed")
    assert call("trace", "shop.privacy", "--accept", "--as-of", "2026-11-01").code == 0
    first = Path("privacy-trace.json").read_bytes()
    assert call(*changed).code == 0
    Path("policy.md").write_text(PROSE.replace("We sell nothing.", "We sell little."), encoding="utf-8")
    done = call(*changed)
    assert done.code == 1
    assert "its words have changed since they were reviewed" in done.out
    assert Path("privacy-trace.json").read_bytes() == first
    assert call("trace", "shop.privacy", "--clause", "#selling", "--as-of", "2026-11-02").code == 0
    assert call(*changed).code == 0
    reviewed = json.loads(Path("privacy-trace.json").read_text())["clauses"]
    assert (reviewed["#selling"]["reviewed"], reviewed["Rest"]["reviewed"]) == ("2026-11-02", "2026-11-01")


def test_the_page_stands_by_itself_and_nothing_in_the_prose_is_markup(traced: Path, call: Call) -> None:
    Path("policy.md").write_text(HOSTILE, encoding="utf-8")
    assert call("trace", "shop.privacy", "--format", "html=trace.html").code == 0
    html = Path("trace.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&amp;amp;" in html
    assert "src=" not in html.replace("src=x", "")


def test_json_has_all_of_it(traced: Path, call: Call) -> None:
    found = json.loads(call("trace", "shop.privacy", "--format", "json").out)
    assert found["summary"] == {"covered": 2, "accounted": 0, "uncovered": 1, "changed": 0, "astray": 0}
    assert [(each["id"], each["rules"], each["location"]["line"]) for each in found["clauses"]] == [
        ("#selling", ["no_selling"], 3),
        ("#processors", ["contracted"], 7),
        ("Rest", [], 11),
    ]
    assert "no_leak" in {each["rule"] for each in found["uncited"]}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--text", "gone.md"), "error[E303]: cannot read the prose `gone.md`: no such file or directory"),
        (("--text", "binary.md"), "error[E303]: cannot read the prose `binary.md`: it is not UTF-8"),
        (("--lock", "binary.md"), "error[E308]: `binary.md` is no lock file"),
        (("--clause", "#seling"), "error[E307]: the prose has no clause `#seling`\n  help: did you mean `#selling`?"),
        (("--format", "xml"), "error[E306]"),
        (("--accept", "--lock", "nowhere/lock.json"), "error[E303]: `nowhere/lock.json` cannot be written"),
    ],
)
def test_what_is_wrong_is_told(traced: Path, call: Call, words: tuple[str, ...], told: str) -> None:
    Path("binary.md").write_bytes(b"\xff\xfe\x00")
    done = call("trace", "shop.privacy", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not Path("privacy-trace.json").exists()


def test_without_prose_or_policy_it_says_how_to_name_them(shop: Path, call: Call) -> None:
    assert "error[E303]: no prose is named" in call("trace", "shop.privacy").err
    assert "error[E301]" in call("trace").err
