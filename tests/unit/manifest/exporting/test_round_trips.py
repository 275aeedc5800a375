"""A file that is imported and exported again in its own format keeps what an import reads from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_rules.manifest.exporting.estate_data import EstateData
from privacy_rules.manifest.exporting.registry import FORMATS
from privacy_rules.manifest.importing.registry import FORMATS as IMPORTED
from privacy_rules.manifest.importing.result import Result
from privacy_rules.reports.import_.text import as_data
from privacy_rules.source.invisible_characters import visible_lines
from tests.unit.manifest.importing.formats import SAMPLES, fixture, imported

BOTH = sorted(set(FORMATS) & set(IMPORTED))
FILES = [fixture(each) for each in BOTH] + sorted(
    each for name in BOTH for each in (SAMPLES / name).glob("*") if each.is_file() and "schema" not in each.name
)


def data_of(manifest: dict[str, Any]) -> EstateData:
    """Manifest data as an exporter takes it."""
    made = EstateData("shop")
    for section in ("parties", "systems"):
        for name, values in manifest.get(section, {}).items():
            made.add(section, name, values)
    for flow in manifest.get("flows", []):
        values = dict(flow)
        made.add("flows", values.pop("id"), values)
    return made


def written(name: str, data: EstateData, folder: Path) -> list[Path]:
    found = []
    for file, text in FORMATS[name].write(data).items():
        found.append(folder / file)
        found[-1].write_text(text, encoding="utf-8")
    return found


def plain(result: Result) -> dict[str, Any]:
    """The manifest without the order of lists, with flows by id, and with one transform for each category that is made."""
    found: dict[str, Any] = as_data(result.manifest)
    for system in found.get("systems", {}).values():
        system["transforms"] = [
            {**each, "to": made} for each in system.get("transforms", ()) for made in each["to"]
        ] or None
    flows = {each["id"]: each for each in found.get("flows", [])}
    return {section: unordered(found.get(section, {})) for section in ("parties", "systems")} | {
        "flows": unordered(flows)
    }


def unordered(value: Any) -> Any:
    match value:
        case dict():
            return {key: unordered(each) for key, each in value.items() if each is not None}
        case list():
            return sorted((unordered(each) for each in value), key=repr)
        case _:
            return value if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("file", FILES, ids=lambda each: f"{each.parent.name}/{each.name}")
def test_a_file_keeps_what_an_import_reads(file: Path, tmp_path: Path) -> None:
    before = imported(file)
    data = data_of(as_data(before.manifest))
    after = imported(*written(before.format.name, data, tmp_path))
    assert plain(after) == plain(before)
    assert not data.lost


def test_a_dataset_that_no_job_uses_is_recognised(tmp_path: Path) -> None:
    manifest = {"systems": {"mailer": {"stores": ["email"]}}}
    after = imported(*written("openlineage", data_of(manifest), tmp_path))
    assert plain(after)["systems"] == unordered(manifest["systems"])


words = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=";,|"), min_size=1, max_size=8).filter(
    lambda each: visible_lines(each) == each  # a table escapes invisible characters, because its cells cannot
)
names = st.lists(words, min_size=1, max_size=5, unique=True)


@st.composite
def estates(draw: st.DrawFn) -> dict[str, Any]:
    """Systems and flows with what all formats can hold: what is stored and carried, and at most one flow between two systems."""
    systems = draw(names)
    terms = st.lists(st.sampled_from(draw(names)), min_size=1, max_size=3, unique=True)
    ends = draw(
        st.lists(st.tuples(st.sampled_from(systems), st.sampled_from(systems)), max_size=5, unique=True)
        if systems
        else st.just([])
    )
    return {
        "systems": {name: draw(st.fixed_dictionaries({}, optional={"tags": terms})) for name in systems},
        "flows": [
            {"id": f"{one} -> {other}", "from": one, "to": other}
            | draw(st.fixed_dictionaries({}, optional={"carries": terms}))
            for one, other in ends
        ],
    }


@pytest.mark.parametrize("name", ["csv", "cyclonedx", "otm"])
@settings(max_examples=60, deadline=None)
@given(manifest=estates())
def test_ids_and_words_of_any_characters_survive(
    name: str, manifest: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = data_of(manifest)
    after = imported(*written(name, data, tmp_path_factory.mktemp("exported")))
    assert not data.lost
    result = plain(after)
    assert {each: result["systems"][each] for each in manifest["systems"]} == unordered(manifest["systems"])
    assert result["flows"] == unordered({each["id"]: each for each in manifest["flows"]})
