"""`trace`: the verb, its gates, its lock file, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call, on_record

PROSE = "# Policy\n\n## Selling {#selling}\n\nWe sell nothing.\n\n## Processors {#processors}\n\nUnder contract.\n\n## Rest\n\nWords.\n"
HOSTILE = "# P\n\n## <script>alert(1)</script> {#selling}\n\n<img src=x onerror=alert(2)>\n\n## Processors {#processors}\n\n&amp;\n"


@pytest.fixture
def traced(shop: Path) -> Path:
    policy = Path("shop.privacy")
    edit(policy, 'a shop"\n', 'a shop"\n  text "policy.md"\n')
    write("policy.md", PROSE)
    return shop


def test_the_table_is_on_record(traced: Path, call: Call) -> None:
    done = call("trace", "shop.privacy")
    assert (done.code, done.err) == (0, "")
    on_record("trace.txt", done.out)


def test_an_uncovered_clause_fails_where_it_is_asked_for(traced: Path, call: Call) -> None:
    assert call("trace", "shop.privacy", "--fail-on", "uncovered").code == 1
    policy = Path("shop.privacy")
    write(policy, policy.read_text(encoding="utf-8") + '\nclause "Rest" is prose "no promise"\n')
    assert call("trace", "shop.privacy", "--fail-on", "uncovered").code == 0


def test_a_cite_that_goes_astray_fails_unless_nothing_shall(traced: Path, call: Call) -> None:
    write("policy.md", PROSE.replace("{#selling}", "{#sales}"))
    done = call("trace", "shop.privacy")
    assert done.code == 1
    assert "shop.privacy:15:1: rule no_selling cites `#selling`, which is not the name of any clause" in done.out
    assert call("trace", "shop.privacy", "--fail-on", "never").code == 0


def test_a_lock_file_with_conflict_markers_is_named_and_stays_as_it_is(traced: Path, call: Call) -> None:
    call("trace", "shop.privacy", "--accept")
    lock = Path("privacy-trace.json")
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    content = "".join([*lines[:3], "<<<<<<< ours\n", lines[3], "=======\n", ">>>>>>> theirs\n", *lines[4:]])
    write(lock, content)
    for more in ((), ("--accept",)):
        done = call("trace", "shop.privacy", *more)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(
            "privacy-trace.json:4:1: error[E308]: the lock file `privacy-trace.json` has merge-conflict markers\n"
            "  help: keep one side of each conflict, "
        )
    assert lock.read_text(encoding="utf-8") == content


def test_a_lock_file_with_a_byte_order_mark_is_read(traced: Path, call: Call) -> None:
    call("trace", "shop.privacy", "--accept", "--as-of", "2026-11-01")
    lock = Path("privacy-trace.json")
    content = lock.read_bytes()
    write(lock, b"\xef\xbb\xbf" + content)
    assert call("trace", "shop.privacy", "--fail-on", "changed").code == 0
    call("trace", "shop.privacy", "--accept", "--as-of", "2026-12-01")
    assert lock.read_bytes() == content


def test_words_that_changed_fail_until_they_are_accepted(traced: Path, call: Call) -> None:
    changed = ("trace", "shop.privacy", "--fail-on", "changed")
    assert call("trace", "shop.privacy", "--accept", "--as-of", "2026-11-01").code == 0
    first = Path("privacy-trace.json").read_bytes()
    assert call(*changed).code == 0
    write("policy.md", PROSE.replace("We sell nothing.", "We sell little."))
    done = call(*changed)
    assert done.code == 1
    assert "its words have changed since they were reviewed" in done.out
    assert Path("privacy-trace.json").read_bytes() == first
    assert call("trace", "shop.privacy", "--accept", "--clause", "#selling", "--as-of", "2026-11-02").code == 0
    assert call(*changed).code == 0
    reviewed = json.loads(Path("privacy-trace.json").read_text())["clauses"]
    assert (reviewed["#selling"]["reviewed"], reviewed["Rest"]["reviewed"]) == ("2026-11-02", "2026-11-01")


def test_the_page_stands_by_itself_and_nothing_in_the_prose_is_markup(traced: Path, call: Call) -> None:
    write("policy.md", HOSTILE)
    assert call("trace", "shop.privacy", "--format", "html=trace.html").code == 0
    html = Path("trace.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&amp;amp;" in html
    assert "src=" not in html.replace("src=x", "")


def test_json_has_all_of_it(traced: Path, call: Call) -> None:
    found = json.loads(call("trace", "shop.privacy", "--format", "json").out)
    states = {"covered": 2, "accounted": 0, "uncovered": 1}
    assert found["summary"] == {**states, "changed": 0, "astray": 0, "lost": 0, "uncited": 4}
    assert found["accepted"] is None
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
        (("--lock", "binary.md"), "error[E308]: `binary.md` is not a lock file"),
        (
            ("--accept", "--clause", "#seling"),
            "error[E307]: the prose has no clause `#seling`\n  help: did you mean `#selling`?",
        ),
        (("--accept", "--clause", "sold to nobody"), "help: `privacy-rules trace` lists the clauses"),
        (
            ("--clause", "#selling"),
            "error[E306]: `--clause` needs `--accept`\n  help: add `--accept`",
        ),
        (("--fail-on", "never", "--fail-on", "changed"), "error[E306]: `--fail-on never` cannot be combined"),
        (("--lock", "binary.md"), "is not a lock file: it is not UTF-8\n"),
        (("--lock", "policy.md"), "is not a lock file: it is not JSON: expecting value at 1:1\n"),
        (("--format", "xml"), "error[E306]"),
        (("--accept", "--lock", "nowhere/lock.json"), "error[E303]: `nowhere/lock.json` cannot be written"),
    ],
)
def test_what_is_wrong_is_reported(traced: Path, call: Call, words: tuple[str, ...], told: str) -> None:
    write("binary.md", b"\xff\xfe\x00")
    done = call("trace", "shop.privacy", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not Path("privacy-trace.json").exists()


def test_without_prose_or_policy_it_says_how_to_name_them(shop: Path, call: Call) -> None:
    assert "error[E303]: no file with prose is given" in call("trace", "shop.privacy").err
    assert "error[E301]" in call("trace").err


def test_what_is_accepted_is_reported_with_what_is_added_changed_moved_and_dropped(traced: Path, call: Call) -> None:
    first = call("trace", "shop.privacy", "--accept")
    assert first.err == (
        "added    #selling\nadded    #processors\nadded    Rest\naccepted 3 clauses in privacy-trace.json: 3 added\n"
    )
    assert call("trace", "shop.privacy", "--accept").err == (
        "accepted 3 clauses in privacy-trace.json: all were reviewed before\n"
    )
    other = PROSE.replace("nothing", "little").replace("{#processors}", "{#helpers}").replace("## Rest\n\nWords.\n", "")
    write("policy.md", f"{other}## More\n\nOther words.\n")
    done = call("trace", "shop.privacy", "--accept", "--format", "json", "--fail-on", "never")
    assert done.err == (
        "added    More\nchanged  #selling\nmoved    #helpers (was #processors)\ndropped  Rest\n"
        "accepted 3 clauses in privacy-trace.json: 1 added, 1 changed, 1 moved, 1 dropped\n"
    )
    assert json.loads(done.out)["accepted"] == {
        "clauses": 3,
        "added": ["More"],
        "changed": ["#selling"],
        "moved": [{"id": "#helpers", "was": "#processors"}],
        "dropped": ["Rest"],
    }


def test_one_accepted_clause_drops_no_lost_one_unless_that_is_the_one(traced: Path, call: Call) -> None:
    call("trace", "shop.privacy", "--accept")
    write("policy.md", PROSE.replace("## Rest\n\nWords.\n", ""))
    one = call("trace", "shop.privacy", "--accept", "--clause", "selling")
    assert "dropped" not in one.err
    assert "lost       Rest was reviewed" in one.out
    assert "2 clauses: 2 covered, 0 accounted, 0 uncovered, 1 lost, 4 uncited" in one.out
    assert call("trace", "shop.privacy", "--fail-on", "changed").code == 1
    assert "dropped  Rest\n" in call("trace", "shop.privacy", "--accept", "--clause", "Rest").err
    assert call("trace", "shop.privacy", "--fail-on", "changed").code == 0


@pytest.mark.parametrize("name", ["8", "#8", "8. Selling", "we sell nothing"])
def test_a_clause_to_accept_is_named_as_people_see_it_or_as_rules_cite_it(traced: Path, call: Call, name: str) -> None:
    write("policy.md", PROSE.replace("## Selling {#selling}", "## 8. Selling"))
    done = call("trace", "shop.privacy", "--accept", "--clause", name, "--fail-on", "never")
    assert (done.code, done.err) == (0, "added    8\naccepted 1 clause in privacy-trace.json: 1 added\n")


def test_all_forms_report_what_is_lost_changed_and_astray(traced: Path, call: Call) -> None:
    call("trace", "shop.privacy", "--accept")
    other = PROSE.replace("{#selling}", "{#sales}").replace("Under", "Without").replace("## Rest\n\nWords.\n", "")
    write("policy.md", other)
    told = call("trace", "shop.privacy").out
    assert told.endswith(
        "2 clauses: 1 covered, 0 accounted, 1 uncovered, 1 changed since reviewed, 1 astray, 1 lost, 4 uncited\n"
    )
    summary = json.loads(call("trace", "shop.privacy", "--format", "json").out)["summary"]
    assert {word: summary[word] for word in ("changed", "astray", "lost")} == {"changed": 1, "astray": 1, "lost": 1}
    html = call("trace", "shop.privacy", "--format", "html").out
    for count, words in ((1, "changed since reviewed"), (1, "astray"), (1, "lost"), (4, "uncited")):
        assert f'<strong class="verdict">{count}</strong> {words}</li>' in html
    assert "<li>Rest was reviewed, and is no longer in the prose</li>" in html
    assert "cites no clause" in html


def test_the_page_shows_words_without_the_marks_of_markdown(traced: Path, call: Call) -> None:
    prose = PROSE.replace("We sell nothing.", "We **never** sell `cards`, see [the list](https://a.example).")
    write("policy.md", prose)
    html = call("trace", "shop.privacy", "--format", "html").out
    assert "We never sell cards, see the list." in html


@pytest.mark.parametrize(
    ("anchor", "cite", "help_"),
    [
        ("#sellin", "#selling", "help: did you mean `#sellin`?"),
        ("#x", "we sell nothing to brokers", "help: most of its words are in `#x` (policy.md:3)"),
        ("#x", "nothing", "help: quote at least 3 words"),
    ],
)
def test_a_cite_that_goes_astray_has_a_way_out(traced: Path, call: Call, anchor: str, cite: str, help_: str) -> None:
    write("policy.md", PROSE.replace("#selling", anchor))
    policy = Path("shop.privacy")
    edit(policy, "#selling", cite)
    done = call("trace", "shop.privacy")
    assert done.code == 1
    assert help_ in done.out
    assert (
        help_.removeprefix("help: ")
        in json.loads(call("trace", "shop.privacy", "--format", "json").out)["astray"][0]["help"]
    )


def test_one_clause_is_no_clauses(traced: Path, call: Call) -> None:
    write("policy.md", "# P\n\nWords.\n")
    assert "\n1 clause: " in call("trace", "shop.privacy").out


NUMBERED = "# P\n\n4.1 Alpha.\n\n4.2 Beta.\n\n4.3 Gamma.\n"


def test_of_renumbered_clauses_what_is_lost_or_changed_is_reported_as_it_is(traced: Path, call: Call) -> None:
    write("policy.md", NUMBERED)
    call("trace", "shop.privacy", "--accept")
    write("policy.md", "# P\n\n4.1 Beta.\n\n4.2 Gamma.\n")
    assert (
        "lost       4.1 was reviewed with words that are no longer in the prose: 4.1 is now another clause\n"
        in call("trace", "shop.privacy").out
    )
    write("policy.md", NUMBERED.replace("Alpha", "Delta").replace("Beta", "Alpha"))
    told = call("trace", "shop.privacy", "--fail-on", "changed", "--fail-on", "uncovered").out
    assert "  (was 4.1)\n" in told
    assert "  (was 4.2)  (its words have changed since they were reviewed)\n" in told


def test_prose_in_two_texts_has_clauses_of_its_own_each(traced: Path, call: Call) -> None:
    write("other.md", "# O\n\n## Selling {#selling}\n\nNobody wrote a rule for this.\n")
    both = ("trace", "shop.privacy", "--text", "policy.md", "--text", "other.md")
    call(*both, "--accept")
    reviewed = json.loads(Path("privacy-trace.json").read_text(encoding="utf-8"))["clauses"]
    assert set(reviewed) == {"#selling", "#selling (other.md)", "#processors", "Rest"}
    assert call(*both, "--accept", "--clause", "#selling (other.md)").code == 1


def test_what_is_uncovered_has_a_link_and_each_word_a_meaning(traced: Path, call: Call) -> None:
    write("policy.md", PROSE + "\n## More\n\n{#more} We keep nothing.\n")
    page = call("trace", "shop.privacy", "--format", "html").out
    target = page.partition("Uncovered: ")[2].partition('href="#')[2].partition('"')[0]
    assert f'id="{target}"' in page
    assert "no rule cites the clause, and nothing says why" in page
    assert "uncovered: no rule cites the clause, and nothing says why\n" in call("trace", "shop.privacy").out
