"""What counts as observed in each kind of file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from privacy_rules.drift.observed_files import Connection, read_observed
from privacy_rules.source.file_system import DISK, LIMIT
from tests.builders import write
from tests.unit.manifest.importing.formats import SAMPLES


def connections(*files: Path) -> dict[tuple[str, str], Connection]:
    found, wrong = read_observed(files, disk=DISK, limit=LIMIT)
    assert found is not None, wrong
    return found.connections


def counts(*files: Path) -> dict[tuple[str, str], int]:
    return {ends: each.count for ends, each in connections(*files).items()}


def span(service: str, own: str, parent: str = "", kind: object = 2, **attributes: str) -> dict[str, Any]:
    listed = [{"key": key.replace("_", "."), "value": {"stringValue": value}} for key, value in attributes.items()]
    one = {"traceId": "t", "spanId": own, "parentSpanId": parent, "kind": kind, "attributes": listed}
    about = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    return {"resource": about, "scopeSpans": [{"spans": [{**one, "endTimeUnixNano": "1780000000000000000"}]}]}


def test_a_span_below_one_of_another_service_is_a_call(tmp_path: Path) -> None:
    spans = [
        span("shop", "1"),
        span("shop", "2", "1", 3, server_address="10.0.0.1"),
        span("crm", "3", "2"),
        span("crm", "4", "3"),
    ]
    file = write(tmp_path / "t.json", json.dumps({"resourceSpans": spans}))
    assert counts(file) == {("shop", "crm"): 1}
    assert connections(file)["shop", "crm"].is_call


@pytest.mark.parametrize(
    ("attributes", "peer"),
    [
        ({"peer_service": "stripe", "server_address": "api.stripe.com"}, "stripe"),
        ({"server_address": "api.stripe.com"}, "api.stripe.com"),
        ({"db_name": "orders"}, "orders"),
        ({"url_full": "https://api.example.com:8443/x?y=1"}, "api.example.com"),
        ({"url_full": "https://[x"}, None),
        ({}, None),
    ],
)
def test_a_client_span_without_an_answer_names_what_it_calls(
    tmp_path: Path, attributes: dict[str, str], peer: str | None
) -> None:
    exported = {"resourceSpans": [span("shop", "1", "", "SPAN_KIND_CLIENT", **attributes)]}
    expected = {} if peer is None else {("shop", peer): 1}
    assert counts(write(tmp_path / "t.json", json.dumps(exported))) == expected
    lines = "\n".join(json.dumps(exported) for _ in range(1))
    assert counts(write(tmp_path / "t.jsonl", lines)) == expected


def test_dependency_links_of_zipkin_and_jaeger(tmp_path: Path) -> None:
    links = [
        {"parent": "a", "child": "b", "callCount": 5},
        {"parent": "a", "child": "b", "callCount": 2, "errorCount": 1},
    ]
    zipkin = write(tmp_path / "z.json", json.dumps(links))
    jaeger = write(tmp_path / "j.json", json.dumps({"data": links, "total": 0}))
    assert counts(zipkin) == counts(jaeger) == {("a", "b"): 7}
    assert counts(zipkin, jaeger) == {("a", "b"): 14}
    place = connections(jaeger)["a", "b"].place
    assert place is not None
    assert place.column > 1


def test_lineage_events_say_which_way_data_flows(tmp_path: Path) -> None:
    event = {"job": {"namespace": "n", "name": "j"}, "inputs": [{"name": "a"}], "outputs": [{"name": "b"}]}
    found = connections(write(tmp_path / "e.json", json.dumps(event)))
    assert found.keys() == {("a", "n/j"), ("n/j", "b")}
    assert not any(each.is_call for each in found.values())


def test_a_table_of_connections(tmp_path: Path) -> None:
    text = "Source,Destination,Count,Last seen\na,b,3,2026-01-02\na,b,4,2026-01-01\nb,c,,\n"
    found = connections(write(tmp_path / "c.csv", text))
    assert {ends: (each.count, each.last_seen) for ends, each in found.items()} == {
        ("a", "b"): (7, "2026-01-02"),
        ("b", "c"): (1, None),
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.json", '{"services": []}', "format of this file is not recognised"),
        ("x.json", '[{"parent": "a", "child": "b", "callCount": 1}, {"parent": 1}]', "this link has no `parent`"),
        ("x.csv", "source,count\na,1\n", "no column `destination`"),
        ("x.csv", "source,destination\nb,c\na,\n", "has no source or no destination"),
        ("x.json", "[", "is not closed"),
        ("x.json", "", "the file is empty"),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, name: str, text: str, words: str) -> None:
    found, wrong = read_observed([write(tmp_path / name, text)], disk=DISK, limit=LIMIT)
    assert found is None
    assert words in wrong[0].message
    assert wrong[0].span is not None


def test_strange_traces_are_no_error(tmp_path: Path) -> None:
    for strange in (None, 1, "x", [], [1], {}, {"spans": 1}, [{"resource": 1, "scopeSpans": [{"spans": [1, {}]}]}]):
        assert counts(write(tmp_path / "t.json", json.dumps({"resourceSpans": strange}))) == {}


def test_many_links_are_read_in_time(tmp_path: Path) -> None:
    links = [{"parent": f"s{n % 300}", "child": f"s{n % 299}", "callCount": 1} for n in range(100_000)]
    file = write(tmp_path / "z.json", json.dumps(links))
    began = time.perf_counter()
    assert sum(counts(file).values()) == 100_000
    assert time.perf_counter() - began < 20


@pytest.mark.skipif(not (SAMPLES / "otlp" / "trace.json").is_file(), reason="the samples are not here")
def test_the_sample_of_a_trace_is_read() -> None:
    assert counts(SAMPLES / "otlp" / "trace.json") == {}
