"""Tables: columns under many names, cells with anything in them, and what is wrong in a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import write
from tests.unit.manifest.importing.formats import POLICY, errors, fixture, imported, manifest


def test_a_table_of_flows_has_the_columns_that_people_use() -> None:
    flows = manifest(fixture("csv"))["flows"]
    assert flows["signup"] == {
        "id": "signup",
        "from": "browser",
        "to": "crm",
        "carries": ["e-mail", "name"],
        "purposes": ["newsletter"],
        "legal_basis": "Consent",
        "notice": "yes",
    }
    assert 'odd id, "quoted" 💡' in flows
    assert "purposes" in flows["mailing"]
    assert "notice" not in flows["mailing"]
    assert imported(fixture("csv")).lost == {"[].Comment": 1}


def test_a_table_of_systems(tmp_path: Path) -> None:
    text = "System;Vendor;Hosting country;Data stored;Retention\r\nCRM;Acme GmbH;DE;email|phone;2 years\r\n\r\nMail;Letters;;;\r\n"
    found = manifest(write(tmp_path / "systems.csv", text), policy=POLICY)
    assert found["systems"]["CRM"] == {
        "party": "Acme GmbH",
        "stores": ["email", "phone"],
        "country": "DE",
        "retention": "2 years",
    }
    assert found["parties"] == {"Acme GmbH": {}, "Letters": {}}


def test_a_map_names_columns(tmp_path: Path) -> None:
    columns = write(tmp_path / "map.yaml", "map: 1\ncolumns: {Von: from, Nach: to, Was: carries}\n")
    table = write(tmp_path / "flows.csv", "Von,Nach,Was\na,b,email\n")
    assert manifest(table, maps=(columns,))["flows"]["a -> b"]["carries"] == ["email"]


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("from,to\na,b\n,c\n", "has no `from`", 3, 1),
        ("x,y\n1,2\n", "no columns for the ends of flows", 2, 1),
        ("from,to\na,b,c\n", "this row has 3 cells", 2, 5),
        ("from,to,from\na,b,c\n", "occurs twice", 1, 9),
        ('from,to\na,"b\nc,d\n', "not closed", 2, 3),
        ('from,to\na,"b"x\n', "not closed", 2, 3),
        ("", "the file is empty", 1, 1),
    ],
)
def test_what_is_wrong_in_a_table_has_its_place(tmp_path: Path, text: str, words: str, line: int, column: int) -> None:
    found = errors(write(tmp_path / "x.csv", text))
    assert words in found[0].message
    assert found[0].span is not None
    assert (found[0].span.line, found[0].span.column) == (line, column)


def test_a_cell_holds_line_ends_and_doubled_quotes(tmp_path: Path) -> None:
    text = 'id,from,to,comment\n"a ""b""",x,y,"one\ntwo"\nc,x,z,\n'
    assert list(manifest(write(tmp_path / "x.csv", text))["flows"]) == ['a "b"', "c"]


def test_a_large_table_is_read_in_time(tmp_path: Path) -> None:
    rows = "".join(f"f{n},s{n % 500},t{n % 700},email\n" for n in range(50_000))
    assert len(manifest(write(tmp_path / "x.csv", f"id,from,to,data\n{rows}"))["flows"]) == 50_000
