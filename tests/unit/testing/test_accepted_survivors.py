"""The list of survivors: each entry with a reason, stale ones told."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.testing.accepted_survivors import compare, read
from privacy_rules.testing.mutants import mutants
from tests.builders import policy_of, write

HEAD = "survivors: 1\nmutants:\n"


def written(folder: Path, text: str) -> Path:
    return write(folder / "survivors.yaml", text)


def test_survivors_are_held_against_the_list(tmp_path: Path) -> None:
    found = mutants(policy_of("use std.core\ndata { a }\nrule r { forbid flow of a when notice }\n")).found
    listed, other = found[0], found[1]
    text = f"{HEAD}  - {{mutant: '{listed.name}', reason: it is so}}\n  - {{mutant: gone, reason: it was so}}\n"
    entries, wrong = read(written(tmp_path, text))
    assert entries is not None, wrong
    held = compare([listed, other], entries)
    assert [(each.name, entry.reason) for each, entry in held.listed] == [(listed.name, "it is so")]
    assert held.unlisted == (other,)
    assert [each.mutant for each in held.stale] == ["gone"]


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("mutants: []", "E332", "1:1", "the file has no `survivors: 1`"),
        (HEAD + "  - {mutant: a}", "E332", "3:5", "a survivor has no reason"),
        (HEAD + "  - {mutant: a, reason: ' '}", "E332", "3:5", "a survivor has no reason"),
        (HEAD + "  - {reason: a}", "E332", "3:5", "a survivor has no `mutant`"),
        (HEAD + "  - a", "E208", "3:5", "expected a survivor, found `a`"),
        (HEAD + "  - {mutant: a, reason: b}\n  - {mutant: a, reason: c}", "E206", "4:5", "`a` is listed twice"),
        (HEAD + "  - {mutant: a, reason: b, why: c}", "E202", "3:28", "unknown key `why`"),
        ("[", "E201", "1:1", None),
        ("", "E201", "1:1", "the file is empty"),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, text: str, code: str, place: str, message: str | None) -> None:
    entries, wrong = read(written(tmp_path, text))
    assert entries is None
    (found,) = wrong
    assert found.span is not None
    assert (found.code, f"{found.span.line}:{found.span.column}") == (code, place)
    assert message is None or found.message == message


def test_a_list_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    entries, wrong = read(tmp_path / "none.yaml")
    assert entries is None
    assert [each.code for each in wrong] == ["E332"]
