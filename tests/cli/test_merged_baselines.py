"""A baseline that git or jj could not merge: it is an error, and `baseline --merge` merges it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import commit, git, write
from tests.cli.calling import Call
from tests.cli.comparing import as_json, edit

MORE = "\n  - {{id: {0}, from: crm, to: leads, carries: [name], exchange: sale, purposes: [newsletter]}}\n\nwaivers:"
STYLES = ["merge", "diff3", "zdiff3"]


def recorded(call: Call, *flows: str) -> bytes:
    """The baseline of the estate with some flows more."""
    whole = Path("estate.yaml").read_text(encoding="utf-8")
    for each in flows:
        edit("\n\nwaivers:", MORE.format(each))
    call("baseline", "estate.yaml", "--output", "recorded.json")
    write("estate.yaml", whole)
    found = Path("recorded.json").read_bytes()
    Path("recorded.json").unlink()
    return found


@pytest.fixture
def conflict(repository: Path, call: Call, request: pytest.FixtureRequest) -> Path:
    """A baseline in which two branches accept findings of their own, as git leaves it in one of its styles."""
    file = Path("privacy-baseline.json")

    def accept(branch: str, *flows: str) -> None:
        write(file, recorded(call, *flows))
        commit(branch)

    accept("base", "m_base")
    git("switch", "--quiet", "--create", "theirs")
    accept("theirs", "m_base", "m_theirs", "z_theirs")
    git("switch", "--quiet", "main")
    accept("ours", "m_ours")
    with pytest.raises(AssertionError):
        git("-c", f"merge.conflictStyle={getattr(request, 'param', 'merge')}", "merge", "theirs")
    assert b"<<<<<<<" in file.read_bytes()
    return file


def test_a_conflict_is_named_with_its_line_and_a_way_out(conflict: Path, call: Call) -> None:
    before = conflict.read_bytes()
    line = before.split(b"\n").index(next(each for each in before.split(b"\n") if each.startswith(b"<<<<<<<"))) + 1
    for words in (
        ("check", "estate.yaml", "--baseline", "privacy-baseline.json"),
        ("baseline", "estate.yaml"),
        ("baseline", "estate.yaml", "--prune"),
    ):
        done = call(*words)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"privacy-baseline.json:{line}:1: error[E308]: "
            "the baseline `privacy-baseline.json` has merge-conflict markers\n"
            "  help: `privacy-rules baseline --merge` keeps what either side has accepted\n"
        )
    assert conflict.read_bytes() == before


@pytest.mark.parametrize("conflict", STYLES, indirect=True)
@pytest.mark.parametrize("marked", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
def test_merging_keeps_what_either_side_has_accepted_and_accepts_nothing_else(
    conflict: Path, call: Call, marked: bytes
) -> None:
    write(conflict, marked + conflict.read_bytes())
    edit("\n\nwaivers:", MORE.format("new"))
    done = call("baseline", "--merge")
    assert (done.code, done.err) == (0, "")
    kept = {each["subject"]["id"] for each in json.loads(conflict.read_text(encoding="utf-8"))["findings"]}
    assert {"m_ours", "m_theirs", "z_theirs"} <= kept
    assert "new" not in kept
    assert done.out == f"privacy-baseline.json: {len(found_in(conflict))} findings, from all sides\n"
    for each in ("m_ours", "m_theirs", "z_theirs"):
        edit("\n\nwaivers:", MORE.format(each))
    new = as_json(call, "--baseline", "privacy-baseline.json")["new"]
    assert {each for each in new if each.startswith("no_selling ")} == {"no_selling new"}


def test_a_conflict_of_jj_is_merged_likewise(repository: Path, call: Call) -> None:
    ours, theirs = (recorded(call, each).decode() for each in ("m_ours", "m_theirs"))
    diff = "".join(f"+{line}" for line in ours.splitlines(keepends=True))
    text = f"<<<<<<< 1 of 1\n%%%%%%% one\n-{{}}\n{diff}+++++++ other\n{theirs}>>>>>>> 1 of 1 ends\n"
    file = Path("privacy-baseline.json")
    write(file, text)
    done = call("check", "estate.yaml", "--baseline", str(file))
    assert (done.code, "privacy-baseline.json:1:1: error[E308]" in done.err) == (2, True)
    assert call("baseline", "--merge").code == 0
    assert {"m_ours", "m_theirs"} <= {each["subject"]["id"] for each in found_in(file)}


def found_in(file: Path) -> list[Any]:
    found: list[Any] = json.loads(file.read_text(encoding="utf-8"))["findings"]
    return found


def test_merging_writes_one_clean_baseline_once(conflict: Path, call: Call) -> None:
    call("baseline", "--merge")
    clean = conflict.read_bytes()
    again = call("baseline", "--merge")
    assert (again.code, again.out) == (
        0,
        f"privacy-baseline.json: {len(found_in(conflict))} findings, no conflict to resolve\n",
    )
    assert conflict.read_bytes() == clean
    assert call("baseline", "estate.yaml", "--prune").code == 0


def test_a_conflict_without_an_end_is_an_error_and_stays_as_it_is(conflict: Path, call: Call) -> None:
    broken = b"".join(each for each in conflict.read_bytes().splitlines(keepends=True) if not each.startswith(b">>>"))
    write(conflict, broken)
    done = call("baseline", "--merge")
    assert (done.code, "the conflict that begins here has no end" in done.err) == (2, True)
    assert conflict.read_bytes() == broken


@pytest.mark.parametrize("words", [("--prune",), ("estate.yaml",), ("--as-of", "2026-01-01")], ids=str)
def test_merging_takes_nothing_that_it_would_leave_undone(conflict: Path, call: Call, words: tuple[str, ...]) -> None:
    before = conflict.read_bytes()
    done = call("baseline", "--merge", *words)
    assert (done.code, "error[E306]: `--merge` " in done.err) == (2, True)
    assert conflict.read_bytes() == before
