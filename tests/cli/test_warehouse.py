"""`check --engine duckdb`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.builders import write
from tests.cli.calling import Call

POLICY = """\
use std.core
policy acme {}
data { contact { email phone } }
purpose { orders newsletter }
rule sold { forbid disclosure of contact when exchange is sale }
rule contracted { require recipient under contract (covers data) on disclosure }
rule apart { forbid disclosure when source reached by phone from party "mailer" }
rule kept { require retention <= 2 years on flow }
rule bound { require recipient bound to us on disclosure }
rule owned { forbid disclosure when recipient owned by party "acme" }
rule located { require country is declared on system }
"""
PARTIES = [
    {"id": "acme", "role": ["us"], "country": "DE"},
    {"id": "box", "role": ["third_party"], "country": "DE"},
    {"id": "mailer", "role": ["third_party"], "country": "DE"},
]
SYSTEMS: list[dict[str, Any]] = [
    {"id": "crm", "party": "acme"},
    {"id": "ads", "party": "box"},
    {"id": "post", "party": "mailer"},
]
CONTRACTS = [{"id": "terms", "with": "mailer", "covers": {"data": ["contact"], "purposes": ["orders"]}}]
FLOW: dict[str, Any] = {
    "id": "zero",
    "from": "post",
    "to": "crm",
    "carries": ["phone"],
    "purposes": ["orders"],
    "exchange": "none",
    "retention": "1 year",
}
FLOWS = [
    FLOW,
    {**FLOW, "id": "one", "from": "crm", "to": "ads", "carries": ["email"], "exchange": "sale"},
    {**FLOW, "id": "two", "from": "crm", "to": "post", "carries": ["email", "phone"]},
    {**FLOW, "id": "three", "from": "crm", "to": "post", "carries": None, "retention": "30 months"},
]


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("p.privacy", POLICY)
    tables(parties=PARTIES, systems=SYSTEMS, flows=FLOWS, contracts=CONTRACTS)


def tables(**given: list[dict[str, Any]]) -> None:
    Path("in").mkdir(exist_ok=True)
    for name, rows in given.items():
        columns = dict.fromkeys(key for row in rows for key in row)
        parquet.write_table(pa.table({key: [row.get(key) for row in rows] for key in columns}), f"in/{name}.parquet")


def check(call: Call, *more: str, engine: str = "duckdb") -> tuple[int, str]:
    found = call("check", "--tables", "in", "--engine", engine, "--policy", "p.privacy", *more)
    return found.code, found.out + found.err


def test_the_report_is_that_of_the_local_engine(call: Call) -> None:
    ours, theirs = (check(call, "--format", "json", engine=each) for each in ("duckdb", "local"))
    assert ours[0] == theirs[0] == 1
    one, other = json.loads(ours[1]), json.loads(theirs[1])
    assert len(one["findings"]) > 4
    for key in ("findings", "summary", "rules", "causes"):
        assert one.get(key) == other.get(key), key


def test_manifests_say_what_tables_cannot(call: Call) -> None:
    write(
        "more.yaml",
        "manifest: 1\nas_of: 2026-11-01\nwaivers:\n"
        "  - {rule: sold, subject: one, until: 2099-01-01, reason: agreed, approved_by: dpo}\n",
    )
    code, said = check(call, "more.yaml", "--rule", "sold")
    assert code == 0
    assert "agreed" in said
    write("more.yaml", "manifest: 1\nparties: {other: {}}\n")
    code, said = check(call, "more.yaml")
    assert code == 2
    assert "more.yaml:2:1" in said
    assert "`parties` from tables only" in said


REFUSED = [
    ("rule r { require collected with (notice) on disclosure }", "collected with"),
    ("rule r { forbid disclosure when recipient.retention <= retention }", "a comparison of two facts"),
    ("rule r { forbid storage when reached by email }", "reached by"),
]


@pytest.mark.parametrize(("rule", "construct"), REFUSED)
def test_a_construct_that_no_plan_holds_is_refused_by_name(call: Call, rule: str, construct: str) -> None:
    write("p.privacy", POLICY + rule)
    code, said = check(call)
    assert code == 2
    assert "E311" in said
    assert "rule `r`" in said
    assert construct in said
    assert check(call, "--rule", "sold")[0] == 1


WRONG = [
    ({"carries": ["emial"]}, "E204", "email"),
    ({"notice": "yes"}, "E208", "the column `notice` holds text"),
    ({"purpos": ["orders"]}, "E202", "unknown column `purpos`"),
    ({"to": "nowhere"}, "E205", "no system `nowhere`"),
    ({"to": None}, "E203", "has no `to`"),
    ({"id": None}, "E203", "has no `id`"),
    ({"id": "zero"}, "E206", "declared twice"),
    ({"id": "a\tb"}, "E208", "control characters"),
    ({"carries": ["email", None]}, "E208", "found null"),
    ({"carries": []}, "E209", "cannot be empty"),
    ({"retention": "2 yaers"}, "E208", "a duration"),
    ({"not_known": ["exchange"]}, "E211", "has a value"),
    ({"origin": ["zero"]}, "E311", "`origin`"),
]


@pytest.mark.parametrize(("change", "code", "words"), WRONG, ids=[str(each[0]) for each in WRONG])
def test_wrong_rows_are_named(call: Call, change: dict[str, Any], code: str, words: str) -> None:
    tables(flows=[FLOW, {**FLOW, "id": "other", **change}])
    ended, said = check(call)
    assert ended == 2
    assert code in said
    assert words in said
    if code not in ("E311", "E202") and "notice" not in change:
        assert "in/flows.parquet:2" in said


@pytest.mark.skipif(sys.platform == "win32", reason="no such files")
def test_files_that_are_no_tables_are_named(call: Call) -> None:
    whole = Path("in/flows.parquet").read_bytes()
    write("in/flows.parquet", whole[: len(whole) // 2])
    code, said = check(call)
    assert code == 2
    assert "`in/flows.parquet` cannot be read" in said
    Path("in/flows.parquet").unlink()
    os.mkfifo("in/flows.parquet")
    code, said = check(call)
    assert code == 2
    assert "pipe" in said
    Path("in/flows.parquet").unlink()
    write("../outside.parquet", whole)
    Path("in/flows.parquet").symlink_to(Path("../outside.parquet").resolve())
    code, said = check(call)
    assert code == 2
    assert "outside" in said
    Path("in/flows.parquet").unlink()
    write("in/flows.csv", "id,from,to\n")
    code, said = check(call)
    assert code == 2
    assert "in/flows.csv" in said


def test_an_engine_needs_tables(call: Call) -> None:
    found = call("check", "--engine", "duckdb", "--policy", "p.privacy")
    assert found.code == 2
    assert "E306" in found.err
    found = call("check", "--engine", "duckdb", "--tables", "nowhere", "--policy", "p.privacy")
    assert found.code == 2
    assert "nowhere" in found.err
