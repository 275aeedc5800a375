"""`check --tables`, tables among manifests, and `export tables`."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import duckdb
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
attribute score on flow: number
rule sold { forbid disclosure of contact when exchange is sale }
rule score { forbid flow when score > 3 }
"""
PARTIES = [{"id": "acme", "role": ["us"]}, {"id": "box", "role": ["third_party"], "country": "DE"}]
SYSTEMS: list[dict[str, Any]] = [{"id": "crm", "party": "acme"}, {"id": "ads", "party": "box"}]
FLOW: dict[str, Any] = {
    "id": "one",
    "from": "crm",
    "to": "ads",
    "carries": ["email"],
    "purposes": ["orders"],
    "exchange": "sale",
    "score": 1,
}


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("p.privacy", POLICY)
    tables(parties=PARTIES, systems=SYSTEMS, flows=[{**FLOW, "id": "zero", "exchange": "none"}, FLOW])
    return tmp_path


def tables(**given: list[dict[str, Any]]) -> None:
    Path("in").mkdir(exist_ok=True)
    for name, rows in given.items():
        columns = dict.fromkeys(key for row in rows for key in row)
        parquet.write_table(pa.table({key: [row.get(key) for row in rows] for key in columns}), f"in/{name}.parquet")


def check(call: Call, *words: str) -> tuple[int, str]:
    found = call("check", *(words or ("--tables", "in")), "--policy", "p.privacy")
    return found.code, found.out + found.err


def test_a_finding_names_the_file_and_the_row(call: Call) -> None:
    code, said = check(call)
    assert code == 1
    assert "in/flows.parquet:2" in said
    assert "zero" not in said


def test_tables_and_manifests_are_merged_and_parquet_can_be_named_or_included(call: Call) -> None:
    write(
        "privacy.yaml",
        'manifest: 1\ninclude: ["in/*.parquet"]\nwaivers:\n  - {rule: sold, subject: one, until: 2099-01-01, reason: agreed, approved_by: dpo}\n',
    )
    assert check(call, "privacy.yaml")[0] == 0
    assert check(call, "in/flows.parquet", "in/systems.parquet", "in/parties.parquet")[0] == 1
    Path("in/flows.parquet").unlink()
    write("more.yaml", f"manifest: 1\nflows: [{json.dumps(FLOW)}]\n")
    code, said = check(call, "more.yaml", "--tables", "in")
    assert code == 1
    assert "more.yaml:2" in said


def test_a_folder_may_hold_several_files_of_a_table(call: Call) -> None:
    Path("in/flows").mkdir()
    Path("in/flows.parquet").rename("in/flows/part-0.parquet")
    write("in/flows/_SUCCESS", "")
    write("in/readme.md", "what this is")
    code, said = check(call)
    assert code == 1
    assert "in/flows/part-0.parquet:2" in said


@pytest.mark.parametrize("ending", ["ndjson", "csv"])
def test_tables_of_text_have_lines_as_places(call: Call, ending: str) -> None:
    Path("in/flows.parquet").unlink()
    text = json.dumps(FLOW) + "\n"
    if ending == "csv":
        cells = {**FLOW, "carries": "email; phone", "purposes": '"[""orders""]"'}
        text = f"{','.join(cells)}\n{','.join(map(str, cells.values()))}\n"
    write(f"in/flows.{ending}", text)
    code, said = check(call)
    assert code == 1, said
    assert f"in/flows.{ending}:{2 if ending == 'csv' else 1}" in said


def test_a_null_is_undeclared_and_not_known_takes_precedence_over_a_default(call: Call) -> None:
    write("p.privacy", POLICY.replace("score on flow: number", "score on flow: number default 1"))
    tables(
        flows=[
            {**FLOW, "score": None, "exchange": "none"},
            {**FLOW, "id": "two", "score": None, "exchange": "none", "not_known": ["score"]},
        ]
    )
    code, said = check(call, "--tables", "in", "--fail-on", "undetermined")
    assert code == 1
    assert "in/flows.parquet:2" in said
    assert "in/flows.parquet:1" not in said


WRONG = [
    ({"carries": ["emial"]}, "E204", ":1", "email"),
    ({"notice": "yes"}, "E208", ":1", "the column `notice` holds text; it must hold true or false"),
    ({"carries": "email"}, "E208", ":1", "a list of text or a list of structs"),
    ({"purpos": ["orders"]}, "E202", ":1", "unknown column `purpos`"),
    ({"to": "nowhere"}, "E205", ":1", "no system `nowhere`"),
    ({"to": None}, "E203", ":1", "has no `to`"),
    ({"id": None}, "E203", ":1", "has no `id`"),
    ({"carries": ["email", None]}, "E208", ":1", "found null"),
    ({"carries": []}, "E209", ":1", "cannot be empty"),
    ({"retention": "2 yaers"}, "E208", ":1", "a duration"),
    ({"not_known": ["exchange"]}, "E211", ":1", "has a value"),
    ({"not_known": ["colour"]}, "E202", ":1", "colour"),
    ({"score": float("nan")}, "E208", ":1", "a number"),
]


@pytest.mark.parametrize(("change", "code", "row", "words"), WRONG, ids=[str(each[0]) for each in WRONG])
def test_wrong_rows_are_named(call: Call, change: dict[str, Any], code: str, row: str, words: str) -> None:
    tables(flows=[{**FLOW, **change}])
    ended, said = check(call)
    assert ended == 2
    assert code in said
    assert f"in/flows.parquet{row}" in said
    assert words in said


def test_rows_without_an_id_and_repeated_ids_are_named(call: Call) -> None:
    tables(systems=[*SYSTEMS, {"id": "crm", "party": "acme"}, {"id": None, "party": "acme"}])
    code, said = check(call)
    assert code == 2
    assert "in/systems.parquet:3" in said
    assert "declared twice" in said
    assert "in/systems.parquet:4" in said
    assert "a system has no `id`" in said


def test_damaged_and_impossible_files_are_named(call: Call) -> None:
    whole = Path("in/flows.parquet").read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"PAR1" + whole[50:], bytes(100)):
        write("in/flows.parquet", content)
        code, said = check(call)
        assert code == 2
        assert "in/flows.parquet:1" in said
        assert "not a Parquet file, or a damaged one" in said
    write("in/flow.parquet", whole)
    code, said = check(call)
    assert code == 2
    assert "`flow.parquet`" in said
    assert "`flows`" in said


@pytest.mark.skipif(sys.platform == "win32", reason="no such files")
def test_pipes_and_sockets_are_refused(call: Call) -> None:
    Path("in/flows.parquet").unlink()
    os.mkfifo("in/flows.parquet")
    code, said = check(call)
    assert code == 2
    assert "`in/flows.parquet` cannot be read: it is a pipe, a device or a socket, not a file" in said
    Path("in/flows.parquet").unlink()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("in/flows.parquet")
        assert check(call)[0] == 2
        assert check(call, "in/flows.parquet")[0] == 2
    assert check(call, "--tables", "/dev/null")[0] == 2


def test_sources_without_tables_are_refused(call: Call) -> None:
    Path("empty").mkdir()
    for source in ("empty", "nowhere", "p.privacy"):
        code, said = check(call, "--tables", source)
        assert code == 2
        assert f"`{source}`" in said


def test_a_table_may_not_grow_beyond_the_limit(call: Call) -> None:
    ids = pa.array([str(number) for number in range(4_000)])
    parquet.write_table(pa.table({"id": ids, "owner": pa.array(["x" * 5_000] * 4_000)}), "in/flows.parquet")
    assert Path("in/flows.parquet").stat().st_size < 2**20
    write("privacy-rules.toml", "manifest-limit = 1\n")
    code, said = check(call)
    assert code == 2
    assert "takes more than 16 times the limit" in said


def test_a_database_cannot_read_other_files(call: Call) -> None:
    write("secret.csv", "id,party\nplanted,acme\n")
    with duckdb.connect("e.duckdb") as connection:
        connection.execute("CREATE VIEW systems AS SELECT * FROM read_csv('secret.csv')")
    code, said = check(call, "--tables", "e.duckdb")
    assert code == 2
    assert "e.duckdb:1" in said
    assert "planted" not in said


def test_what_is_exported_is_judged_the_same(call: Call) -> None:
    for format_ in ("parquet", "duckdb"):
        found = call(
            "export",
            "tables",
            "-o",
            f"out-{format_}",
            "in/flows.parquet",
            "in/systems.parquet",
            "in/parties.parquet",
            "--policy",
            "p.privacy",
            "--format",
            format_,
        )
        assert found.code == 0, found.err
        assert "wrote 2 parties, 0 contracts, 2 systems and 2 flows" in found.err
        code, said = check(call, f"out-{format_}")
        assert code == 1
        assert "flows" in said
    again = call(
        "export",
        "tables",
        "-o",
        "out-parquet",
        "in/flows.parquet",
        "in/systems.parquet",
        "in/parties.parquet",
        "--policy",
        "p.privacy",
    )
    assert again.code == 2
    assert "E303" in again.err


def test_without_the_extra_the_error_says_what_to_install(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, said = check(call)
    assert code == 2
    assert "E320" in said
    assert "privacy-rules[scale]" in said


def test_tables_are_not_compared_with_a_commit(call: Call) -> None:
    code, said = check(call, "--tables", "in", "--since", "HEAD")
    assert code == 2
    assert "E306" in said


def test_a_patch_does_not_change_a_table(call: Call) -> None:
    found = call(
        "repair",
        "in/flows.parquet",
        "in/systems.parquet",
        "in/parties.parquet",
        "--policy",
        "p.privacy",
        "--patch",
        "fix.patch",
    )
    assert found.code == 2, found.out
    assert "it is a table" in found.err
