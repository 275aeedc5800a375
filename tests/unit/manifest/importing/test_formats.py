"""What holds for each format: a fixture, a section of the page, places in the original, bad input without a traceback."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest

from privacy_rules.manifest.importing.imported_file import Origins
from privacy_rules.manifest.importing.registry import FORMATS
from privacy_rules.manifest.importing.result import import_files
from privacy_rules.manifest.loader import estate
from privacy_rules.manifest.model import Record
from tests.builders import write
from tests.unit.manifest.importing.formats import POLICY, fixture, imported, read_with

PAGE = Path(__file__).resolve().parents[4] / "docs" / "importing.md"
NAMES = sorted(FORMATS)


@pytest.mark.parametrize("name", NAMES)
def test_the_fixture_is_recognised_and_the_page_has_a_section(name: str) -> None:
    assert imported(fixture(name)).format.name == name
    assert re.search(rf"^### `{name}`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_entity_and_attribute_points_into_the_original_file(name: str) -> None:
    file = fixture(name)
    found, wrong = estate(read_with(file), POLICY)
    assert found is not None
    assert {each.code for each in wrong} <= {"W330"}
    records: list[Record] = [*found.systems.values(), *found.flows.values(), *found.parties.values()]
    assert records
    lines = file.read_text(encoding="utf-8").count("\n") + 1
    for record in records:
        for place in (record.location(), *(record.location(each) for each in record.declared)):
            assert place is not None
            assert place.file.endswith(file.name)
            assert 1 <= place.line <= lines
    places = {record.location() for record in records if record.entity != "party"}
    assert len(places) > 1 or len(records) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_word_that_means_no_term_leaves_its_list_undeclared(name: str) -> None:
    written = imported(fixture(name), policy=POLICY).manifest
    known = set(POLICY.taxonomy("data").terms)
    for body in (*written.get("systems", {}).values(), *written.get("flows", ())):
        for attribute in ("carries", "stores", "creates"):
            assert set(body.get(attribute, ())) <= known
        assert {each["data"] for each in body.get("uses", ())} <= known


@pytest.mark.parametrize("name", NAMES)
def test_damaged_input_is_refused_or_read_but_never_a_traceback(name: str, tmp_path: Path) -> None:
    original = fixture(name).read_bytes()
    dice = random.Random(name)
    for number in range(120):
        content = bytearray(original)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(content))
            match dice.randrange(4):
                case 0:
                    del content[at : at + dice.randint(1, 40)]
                case 1:
                    content[at:at] = dice.choice(
                        [b"[", b"{", b'"', b": ", b"\n- ", b"&a ", b"*a", b"null", b"1", b"true"]
                    )
                case 2:
                    content[at] = dice.randrange(256)
                case 3:
                    start = dice.randrange(len(content))
                    content[at:at] = content[start : start + dice.randint(1, 60)]
            content = content or bytearray(b" ")
        file = write(tmp_path / f"{number}{fixture(name).suffix}", bytes(content))
        began = time.perf_counter()
        result, found = import_files([file], limit=2**20)
        assert result is not None or found
        if result is not None:
            estate(read_with_warnings(file), POLICY)
        assert time.perf_counter() - began < 5


def read_with_warnings(file: Path):  # type: ignore[no-untyped-def]
    from privacy_rules.manifest.loader import read

    documents, _ = read([file])
    assert documents is not None
    return documents


@pytest.mark.parametrize("name", [each for each in NAMES if each != "csv"])
def test_values_of_another_kind_are_reported_at_their_place(name: str, tmp_path: Path) -> None:
    """Each value of the fixture in turn becomes a list, a map, a number or text: that is an error with a place, or it is not read."""
    from privacy_rules.manifest.read_file import read_document
    from privacy_rules.source.spelling import Suggestions

    file = fixture(name)
    if file.suffix in (".ndjson", ".jsonl"):
        pytest.skip("one document on each line")
    several = b"backstage.io/" in file.read_bytes()
    if several:
        pytest.skip("several documents")
    read, _ = read_document("x", file.read_bytes(), json=file.suffix == ".json", limit=2**20, suggestions=Suggestions())
    assert read is not None
    data = json.loads(json.dumps(read.data, default=lambda each: getattr(each, "text", str(each))))
    paths = list(_paths(data, ()))
    random.Random(1).shuffle(paths)
    for path in paths[:60]:
        for strange in ([], [[]], {}, {"x": {}}, 7, "x", True, None):
            changed = json.loads(json.dumps(data))
            _put(changed, path, strange)
            result, found = import_files([write(tmp_path / "x.json", json.dumps(changed))], limit=2**20)
            assert result is not None or all(each.span is not None for each in found), (path, strange, found)


def _paths(node: object, path: tuple[str | int, ...]):  # type: ignore[no-untyped-def]
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, each in entries:
        yield (*path, key)
        yield from _paths(each, (*path, key))


def _put(node, path, value) -> None:  # type: ignore[no-untyped-def]
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value


def test_places_of_entities_are_those_of_the_values() -> None:
    documents = read_with(fixture("fides"))
    found, _ = estate(documents, POLICY)
    assert found is not None
    shop = found.systems["shop"]
    assert shop.where is not None
    assert isinstance(shop.where.document, Origins)
    text = fixture("fides").read_text(encoding="utf-8").splitlines()
    place = shop.location()
    assert place is not None
    assert text[place.line - 1][place.column - 1 :].startswith("shop")
