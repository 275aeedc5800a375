"""`graph`: the verb, around what it draws, and what it says of what is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import edit
from tests.cli.calling import Call, on_record


def test_dot_and_mermaid_are_on_record(shop: Path, call: Call) -> None:
    for form in ("dot", "mermaid"):
        done = call("graph", "estate.yaml", "--format", form)
        assert (done.code, done.err) == (0, "")
        on_record(f"graph.{form}", done.out)


@pytest.mark.parametrize("around", ["system:leads", "party:broker", "flow:ratings", "category:email", "finding:"])
def test_a_part_is_drawn_around_what_is_named(shop: Path, call: Call, around: str) -> None:
    if around == "finding:":
        findings = json.loads(call("check", "estate.yaml", "--format", "json").out)["findings"]
        around += next(each["fingerprint"] for each in findings if each["rule"] == "no_leak")[:12]
    done = call("graph", "estate.yaml", "--around", around, "--steps", "0")
    assert done.code == 0
    assert '"leads"' in done.out
    assert '"packing"' not in done.out


def test_a_file_is_written_whole(shop: Path, call: Call) -> None:
    for form, begins in (("svg", "<svg "), ("html", "<!doctype html>")):
        done = call("graph", "estate.yaml", "--format", f"{form}=out.{form}")
        assert (done.code, done.out) == (0, "")
        assert Path(f"out.{form}").read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--around", "system:crmm"), "error[E307]: there is no system `crmm`"),
        (("--around", "sistem:crm"), "did you mean `system`?"),
        (
            ("--around", "crm"),
            "error[E306]: `crm` does not start with a known kind\n  help: did you mean `system:crm`?",
        ),
        (
            ("--around", "nothing"),
            "`nothing` does not start with a known kind\n  help: the kinds are party, system",
        ),
        (("--around", "finding:zzz"), "error[E307]: no finding has a fingerprint that starts with `zzz`"),
        (("--around", "category:emial"), "did you mean `email`?"),
        (("--format", "png"), "error[E306]"),
        (("--format", "svg=nowhere/x.svg"), "error[E303]"),
    ],
)
def test_what_is_not_there_is_reported(shop: Path, call: Call, words: tuple[str, str], told: str) -> None:
    done = call("graph", "estate.yaml", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize(
    ("around", "boxes"),
    [
        ("purpose:newsletter", {"browser", "crm"}),
        ("owner:growth team", {"crm", "leads"}),
        ("country:US", {"leads"}),
        ("contract:packing", {"crm", "packing"}),
        ("rule:no_selling", {"crm", "leads"}),
        ("rule:not_combined", {"browser", "crm", "packing", "leads"}),
    ],
)
def test_what_a_purpose_a_country_an_owner_a_contract_or_a_rule_touches(
    shop: Path, call: Call, around: str, boxes: set[str]
) -> None:
    edit(shop / "estate.yaml", "{role: data_broker}", "{role: data_broker, country: US}")
    done = call("graph", "estate.yaml", "--around", around, "--steps", "0")
    assert (done.code, done.err) == (0, "")
    drawn = {each for each in ("browser", "crm", "packing", "leads") if f'label="{each}"' in done.out}
    assert drawn == boxes
