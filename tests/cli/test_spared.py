"""No report is written over a file that the call has read: whichever verb writes, whatever the file is to it."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    policy.write_text(f'use "words.privacy"\n\n{text}', encoding="utf-8")
    Path("words.privacy").write_text("define sold as exchange is sale\n", encoding="utf-8")
    Path("policy.md").write_text("# P\n\n## Selling {#selling}\n\nNo.\n\n## Processors {#processors}\n\nYes.\n")
    Path("privacy-rules.toml").write_text('policy = ["shop.privacy"]\n', encoding="utf-8")
    Path("privacy-trace.json").write_text('{"version": 1, "clauses": {}}\n', encoding="utf-8")
    Path("survivors.yaml").write_text("survivors: 1\nmutants: []\n", encoding="utf-8")
    Path("changes.yaml").write_text("- as_of: 2027-01-01\n", encoding="utf-8")
    manifest = next(each.name for each in sorted(shop.glob("*.yaml")) if "flows:" in each.read_text())
    Path("estate.yaml").write_bytes(Path(manifest).read_bytes())
    Path("shop.tests.yaml").write_text(TESTS.format(manifest="estate.yaml"), encoding="utf-8")
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
    told = f"error[E306]: `{file}` is what this call reads, and no report is written over it\n"
    assert (done.code, told in done.err) == (2, True), done
    assert {each: each.read_bytes() for each in project.iterdir() if each.is_file()} == before


def test_a_broken_policy_is_spared_by_the_report_of_its_errors(project: Path, call: Call) -> None:
    Path("words.privacy").write_text("rule {", encoding="utf-8")
    for file in ("shop.privacy", "words.privacy", "estate.yaml"):
        before = Path(file).read_bytes()
        done = call("check", "estate.yaml", "--format", f"json={file}")
        assert (done.code, f"`{file}` is what this call reads" in done.err) == (2, True)
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
    assert (done.code, "`privacy-trace.json` is what this call reads" in done.err) == (2, True)
    assert not Path("privacy-trace.json").exists()


def test_what_an_earlier_call_has_read_is_free(project: Path, call: Call) -> None:
    Path("other.yaml").write_bytes(Path("estate.yaml").read_bytes())
    assert call("check", "other.yaml", "--fail-on", "never").code == 0
    assert call("check", "estate.yaml", "--fail-on", "never", "--format", "json=other.yaml").code == 0


def test_what_a_verb_is_there_to_write_anew_is_written(project: Path, call: Call) -> None:
    assert call("trace", "shop.privacy", "--accept").code == 0
    assert call("trace", "shop.privacy", "--accept").code == 0
    assert call("baseline", "estate.yaml", "--output", "b.json").code == 0
    assert call("baseline", "estate.yaml", "--output", "b.json", "--prune").code == 0
    Path("words.privacy").write_text("define  sold  as  exchange is sale\n", encoding="utf-8")
    assert call("fmt", "words.privacy").code == 0
    assert Path("words.privacy").read_text(encoding="utf-8") == "define sold as exchange is sale\n"
