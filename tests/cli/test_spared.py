"""No report is written over a file that the call has read or knows of, whichever verb writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import edit, write
from tests.cli.calling import Call

TESTS = """tests: 1
policy: shop.privacy
manifest: {manifest}
as_of: 2026-11-01
cases: [{{name: nothing happens, mode: includes, expect: []}}]
"""
TEST = ("test", "shop.tests.yaml")
COVERED = (*TEST, "--coverage")
MUTATED = (*TEST, "--mutate", "--survivors", "survivors.yaml")


@pytest.fixture
def project(shop: Path) -> Path:
    """The shop with all that verbs may read beside its policy."""
    policy = Path("shop.privacy")
    text = policy.read_text(encoding="utf-8").replace('a shop"\n', 'a shop"\n  text "policy.md"\n')
    write(policy, f'use "words.privacy"\n\n{text}')
    write("words.privacy", "define sold as exchange is sale\n")
    write("policy.md", "# P\n\n## Selling {#selling}\n\nNo.\n\n## Processors {#processors}\n\nYes.\n")
    write("privacy-rules.toml", 'policy = ["shop.privacy"]\n')
    write("privacy-trace.json", '{"version": 1, "clauses": {}}\n')
    write("survivors.yaml", "survivors: 1\nmutants: []\n")
    write("changes.yaml", "- as_of: 2027-01-01\n")
    manifest = next(each.name for each in sorted(shop.glob("*.yaml")) if "flows:" in each.read_text())
    write("estate.yaml", Path(manifest).read_bytes())
    write("shop.tests.yaml", TESTS.format(manifest="estate.yaml"))
    return shop


@pytest.mark.parametrize(
    ("words", "option", "file"),
    [
        *((("docs", "shop.privacy"), "--format=html", each) for each in ("shop.privacy", "words.privacy")),
        (("docs", "shop.privacy"), "--format=markdown", "privacy-rules.toml"),
        *(
            (("lint", "shop.privacy"), "--format=json", each)
            for each in ("shop.privacy", "words.privacy", "policy.md", "shop.tests.yaml", "privacy-rules.toml")
        ),
        *(
            (("trace", "shop.privacy", *more), "--format=html", each)
            for each in ("shop.privacy", "words.privacy", "policy.md", "privacy-trace.json", "privacy-rules.toml")
            for more in ((), ("--accept",))
        ),
        *(
            (TEST, "--format=json", each)
            for each in ("shop.tests.yaml", "estate.yaml", "shop.privacy", "words.privacy", "privacy-rules.toml")
        ),
        *((COVERED, "--coverage-format=html", each) for each in ("shop.tests.yaml", "estate.yaml", "words.privacy")),
        (MUTATED, "--format=junit", "survivors.yaml"),
        *((("check", "estate.yaml"), "--format=json", each) for each in ("words.privacy", "privacy-rules.toml")),
        (("graph", "estate.yaml"), "--format=svg", "words.privacy"),
        (("forecast", "estate.yaml"), "--format=ical", "estate.yaml"),
        (("what-if", "estate.yaml", "--changes", "changes.yaml"), "--format=html", "changes.yaml"),
        (("what-if", "estate.yaml", "--changes", "changes.yaml"), "--format=html", "words.privacy"),
    ],
)
def test_no_report_goes_over_what_is_read(
    project: Path, call: Call, words: tuple[str, ...], option: str, file: str
) -> None:
    before = {each: each.read_bytes() for each in project.iterdir() if each.is_file()}
    name, _, form = option.partition("=")
    done = call(*words, name, f"{form}={file}")
    told = f"error[E306]: `{file}` is read by this call, and reports do not overwrite it\n"
    assert (done.code, told in done.err) == (2, True), done
    assert {each: each.read_bytes() for each in project.iterdir() if each.is_file()} == before


def test_a_broken_policy_is_spared_by_the_report_of_its_errors(project: Path, call: Call) -> None:
    write("words.privacy", "rule {")
    for file in ("shop.privacy", "words.privacy", "estate.yaml"):
        before = Path(file).read_bytes()
        done = call("check", "estate.yaml", "--format", f"json={file}")
        assert (done.code, f"`{file}` is read by this call" in done.err) == (2, True)
        assert Path(file).read_bytes() == before


def test_another_name_of_the_file_is_found_out(project: Path, call: Call) -> None:
    Path("link.html").symlink_to("policy.md")
    before = Path("policy.md").read_bytes()
    assert call("trace", "shop.privacy", "--format", "html=link.html").code == 2
    assert call("trace", "shop.privacy", "--format", f"html={project / '..' / 'shop' / 'policy.md'}").code == 2
    assert Path("policy.md").read_bytes() == before


def test_a_lock_file_is_spared_even_before_it_is_there(project: Path, call: Call) -> None:
    Path("privacy-trace.json").unlink()
    done = call("trace", "shop.privacy", "--accept", "--format", "html=privacy-trace.json")
    assert (done.code, "`privacy-trace.json` is read by this call" in done.err) == (2, True)
    assert not Path("privacy-trace.json").exists()


def test_what_an_earlier_call_has_read_is_free(project: Path, call: Call) -> None:
    assert call("baseline", "estate.yaml", "--output", "known.json").code == 0
    assert call("check", "estate.yaml", "--baseline", "known.json").code == 0
    assert call("check", "estate.yaml", "--fail-on", "never", "--format", "json=known.json").code == 0


def test_what_a_verb_is_there_to_write_anew_is_written(project: Path, call: Call) -> None:
    assert call("trace", "shop.privacy", "--accept").code == 0
    assert call("trace", "shop.privacy", "--accept").code == 0
    assert call("baseline", "estate.yaml", "--output", "b.json").code == 0
    assert call("baseline", "estate.yaml", "--output", "b.json", "--prune").code == 0
    write("words.privacy", "define  sold  as  exchange is sale\n")
    assert call("fmt", "words.privacy").code == 0
    assert Path("words.privacy").read_text(encoding="utf-8") == "define sold as exchange is sale\n"


# ---- files that the call knows of, and does not read

CHECK = ("check", "estate.yaml", "--fail-on", "never")
KNOWN = {
    "policy.md": "the text of a policy",
    "privacy-trace.json": "the lock file of a policy",
    "shop.tests.yaml": "a test file",
    "privacy-baseline.json": "the baseline",
}
WRITERS = [
    (*CHECK, "--format", "json={}"),
    ("graph", "estate.yaml", "--format", "svg={}"),
    ("docs", "shop.privacy", "--format", "html={}"),
    ("forecast", "estate.yaml", "--format", "ical={}"),
    ("what-if", "estate.yaml", "--remove", "flow:leads", "--patch", "{}"),
    ("what-if", "estate.yaml", "--remove", "flow:leads", "--format", "html={}"),
    ("repair", "estate.yaml", "--write", "{}"),
    ("repair", "estate.yaml", "--patch", "{}"),
]


@pytest.fixture
def known(project: Path) -> Path:
    write("privacy-baseline.json", '{"version": 1, "findings": []}')
    return project


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
@pytest.mark.parametrize("file", KNOWN)
def test_no_report_goes_over_what_the_call_knows_of(known: Path, call: Call, file: str, words: tuple[str, ...]) -> None:
    before = {each: each.read_bytes() for each in known.iterdir() if each.is_file()}
    done = call(*(each.format(file) for each in words))
    assert (done.code, done.out) == (2, "")
    is_read = words[0] == "docs" and file in ("policy.md", "privacy-trace.json")
    why = "read by this call" if is_read else KNOWN[file]
    assert f"error[E306]: `{file}` is {why}, and reports do not overwrite it\n" in done.err
    assert {each: each.read_bytes() for each in known.iterdir() if each.is_file()} == before


@pytest.mark.parametrize("file", KNOWN)
def test_another_name_of_a_file_that_the_call_knows_of_is_found_out(known: Path, call: Call, file: str) -> None:
    Path("link").symlink_to(file)
    Path("twin").hardlink_to(file)
    for name in ("link", "twin", f"../{known.name}/{file}"):
        done = call(*CHECK, "--format", f"json={name}")
        assert (done.code, f"`{name}` is {KNOWN[file]}" in done.err) == (2, True), name


def test_a_configured_file_is_spared_by_a_call_that_reads_another(known: Path, call: Call) -> None:
    Path("kept").mkdir()
    write("kept/known.json", Path("privacy-baseline.json").read_bytes())
    write("kept/privacy.yaml", Path("estate.yaml").read_bytes())
    write("other.privacy", "use std.core\nrule r { forbid flow when notice }\n")
    text = 'policy = ["shop.privacy", "other.privacy"]\nmanifests = ["kept"]\nbaseline = "kept/known.json"\n'
    write("privacy-rules.toml", text)
    for file in ("other.privacy", "kept/privacy.yaml", "kept/known.json"):
        words = ("docs", "shop.privacy", "--format", f"html={file}")
        assert (call(*words).code, Path(file).read_text(encoding="utf-8").startswith("<")) == (2, False), file


def test_included_manifests_and_the_configuration_are_spared(known: Path, call: Call) -> None:
    write("more.yaml", "manifest: 1\n")
    edit("estate.yaml", "manifest: 1\n", "manifest: 1\ninclude: [more.yaml]\n")
    write("pyproject.toml", "[project]\n")
    Path("privacy-rules.toml").unlink()
    for file in ("more.yaml", "pyproject.toml"):
        before = Path(file).read_bytes()
        assert call(*CHECK, "--policy", "shop.privacy", "--format", f"json={file}").code == 2
        assert Path(file).read_bytes() == before


@pytest.mark.parametrize("file", ["estate.yaml", "shop.privacy", "policy.md", "privacy-rules.toml"])
@pytest.mark.parametrize(
    "wrong", [("--as-of", "never"), ("--bogus",), ("--since", "HEAD", "--baseline", "x.json")], ids=str
)
def test_a_wrong_call_writes_its_errors_over_no_file_that_it_names(
    known: Path, call: Call, file: str, wrong: tuple[str, ...]
) -> None:
    before = Path(file).read_bytes()
    done = call("check", "estate.yaml", "--policy", "shop.privacy", *wrong, "--format", f"json={file}")
    assert (done.code, "error[E306]" in done.err) == (2, True)
    assert Path(file).read_bytes() == before


def test_a_wrong_configuration_does_not_open_the_files_of_the_call(known: Path, call: Call) -> None:
    write("privacy-rules.toml", "polcy = 1\n")
    for file in ("estate.yaml", "shop.privacy"):
        before = Path(file).read_bytes()
        assert call("check", "estate.yaml", "--policy=shop.privacy", "--format", f"json={file}").code == 2
        assert Path(file).read_bytes() == before


def test_errors_still_replace_a_report(known: Path, call: Call) -> None:
    assert call(*CHECK, "--format", "json=found.json").code == 0
    assert call("check", "estate.yaml", "--bogus", "--format", "json=found.json").code == 2
    assert json.loads(Path("found.json").read_text(encoding="utf-8"))["errors"][0]["code"] == "E306"
    assert call(*CHECK, "--format", "json=found.json").code == 0


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("flows.yaml", "# of another team\nmanifest: 1\nflows: []\n", "a file that says `manifest: 1`"),
        ("flows.json", '{\n  "manifest": 1\n}\n', "a file that says `manifest: 1`"),
        ("more.yaml", "tests: 1\ncases: []\n", "a file that says `tests: 1`"),
        ("other.privacy", "data { email }\n", "a policy"),
    ],
)
def test_what_people_write_for_the_tool_is_spared_though_the_call_does_not_read_it(
    shop: Path, call: Call, name: str, text: str, what: str
) -> None:
    Path("elsewhere").mkdir()
    file = write(Path("elsewhere", name), text)
    done = call("check", "estate.yaml", "--format", f"json={file}")
    assert (done.code, f"`{file}` is {what}, and reports do not overwrite it" in done.err) == (2, True), done.err
    assert file.read_text() == text


def test_a_report_goes_over_an_older_one(shop: Path, call: Call) -> None:
    for _ in range(2):
        assert call("check", "estate.yaml", "--format", "json=found.json").code == 1
