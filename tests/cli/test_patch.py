"""`what-if --patch` and `repair --patch`: the patch makes the manifest be judged as the changes are."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest

from tests.builders import git, write
from tests.cli.calling import Call

CHANGES = ("--remove", "flow:parcels", "--set", "flow:leads.exchange=none", "--as-of", "2026-12-01")
SHARED = """manifest: 1
parties: {shop: {role: us}, packer: {role: service_provider}}
systems: {a: {party: shop}, b: {party: packer}}
flows:
  - {id: one, from: a, to: b, carries: &all [name, email]}
  - {id: two, from: a, to: b, carries: *all}
"""


def findings(call: Call, *words: str) -> set[tuple[str, str]]:
    done = call("check", "estate.yaml", *words, "--format", "json", "--fail-on", "never")
    assert (done.code, done.err) == (0, "")
    return {(each["rule"], each["subject"]["id"]) for each in json.loads(done.out)["findings"]}


def told(call: Call, *words: str) -> set[tuple[str, str]]:
    """The findings with the changes made, as `what-if` tells them."""
    (scenario,) = json.loads(call("what-if", "estate.yaml", *words, "--format", "json").out)["scenarios"]
    goes, comes = ({(each["rule"], each["subject"]["id"]) for each in scenario[way]} for way in ("goes", "comes"))
    assert goes
    return (findings(call) - goes) | comes


@pytest.mark.parametrize("tool", [("git", "apply", "-"), ("patch", "-p1", "--quiet")], ids=["git", "patch"])
def test_a_patch_on_standard_output_is_all_that_is_reported_and_is_applied(
    shop: Path, call: Call, tool: tuple[str, ...]
) -> None:
    wanted = told(call, *CHANGES)
    done = call("what-if", "estate.yaml", *CHANGES, "--patch", "-")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# these changes\n# remove flow parcels\n# set flow leads: exchange = none\n")
    assert [line for line in done.out.splitlines() if line.startswith(("+  -", "-  -"))] == [
        "-  - {id: parcels, from: crm, to: packing, carries: [name]}",
        "-  - {id: leads, from: crm, to: leads, carries: [email], exchange: sale, owner: growth team}",
        "+  - {id: leads, from: crm, to: leads, carries: [email], exchange: none, owner: growth team}",
    ]
    subprocess.run(tool, cwd=shop, input=done.out.encode(), check=True)
    assert findings(call) == wanted


def test_a_patch_in_a_file_comes_beside_what_is_reported(shop: Path, call: Call) -> None:
    alone = call("what-if", "estate.yaml", *CHANGES)
    beside = call("what-if", "estate.yaml", *CHANGES, "--patch", "changes.patch")
    assert beside == alone
    assert Path("changes.patch").read_text() == call("what-if", "estate.yaml", *CHANGES, "--patch", "-").out


def test_names_are_those_from_the_top_of_the_repository(
    shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = shop / "teams"
    inner.mkdir()
    for each in ("estate.yaml", "shop.privacy"):
        (shop / each).rename(inner / each)
    git("init", "-q", cwd=shop)
    monkeypatch.chdir(inner)
    done = call("what-if", "estate.yaml", *CHANGES, "--patch", "-")
    assert "diff --git a/teams/estate.yaml b/teams/estate.yaml\n" in done.out
    for folder in (shop, inner):
        git("apply", "--check", "-", cwd=folder, given=done.out.encode())


def test_a_patch_is_of_one_scenario(shop: Path, call: Call) -> None:
    write("changes.yaml", "scenarios: {one: [{remove: {flow: leads}}], two: [{remove: {flow: signup}}]}\n")
    done = call("what-if", "estate.yaml", "--changes", "changes.yaml", "--patch", "-")
    assert (done.code, done.out) == (2, "")
    assert "error[E306]: a patch takes one scenario, but there are 2: `one`, `two`" in done.err


def test_changes_that_say_what_is_said_make_no_patch(shop: Path, call: Call) -> None:
    done = call("what-if", "estate.yaml", "--set", "flow:leads.exchange=sale", "--patch", "-")
    assert (done.code, done.out, done.err) == (0, "", "the manifests already say this: the patch is empty\n")


def test_what_cannot_be_edited_safely_is_reported_with_its_place(shop: Path, call: Call) -> None:
    write("shared.yaml", SHARED)
    done = call("what-if", "shared.yaml", "--policy", "shop.privacy", "--remove", "flow:one", "--patch", "x.patch")
    assert (done.code, done.out) == (2, "")
    assert (
        "shared.yaml:5:40: error[E340]: `shared.yaml` cannot be edited safely: aliases refer to the value written here as `&all`"
        in done.err
    )
    assert not Path("x.patch").exists()


def test_standard_input_is_no_file_to_patch(shop: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(Path("estate.yaml").read_bytes()))
    monkeypatch.setattr("sys.stdin", given)
    done = call("what-if", "-", "--remove", "flow:leads", "--patch", "-")
    assert (done.code, done.out) == (2, "")
    assert "error[E340]: `<stdin>` is not a file, so it cannot be patched" in done.err


def test_the_best_repair_is_applied_and_then_the_check_passes(shop: Path, call: Call) -> None:
    broken = ("estate.yaml", "--rule", "no_selling", "--rule", "contracted")
    assert call("check", *broken).code == 1
    told = call("repair", *broken)
    assert call("repair", *broken, "--patch", "repair.patch") == told
    text = call("repair", *broken, "--patch", "-").out
    assert text == Path("repair.patch").read_text()
    assert text.startswith("# Offer 1 of a repair, cost ")
    git("apply", "repair.patch", cwd=shop)
    assert call("check", *broken).code == 0
