"""Real files from other tools, where they are beside the repository: each is imported, or refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from privacy_rules.manifest.importing.result import import_files
from privacy_rules.manifest.loader import estate, read
from privacy_rules.source.file_system import LIMIT
from tests.unit.manifest.importing.formats import POLICY, SAMPLES

FOLDERS = ("backstage", "bearer", "csv", "cyclonedx", "dbt", "fides", "odcs", "openlineage", "otm", "pytm", "threagile")
FILES = sorted(each for folder in FOLDERS for each in (SAMPLES / folder).glob("*") if each.is_file())
NOT_OF_A_FORMAT = ("odcs-json-schema-v3.1.0.json", "otm_schema.json")


@pytest.mark.skipif(not FILES, reason="the samples are not here")
def test_there_are_samples_of_most_formats() -> None:
    assert len({each.parent.name for each in FILES}) >= 7


@pytest.mark.parametrize("file", FILES, ids=lambda each: f"{each.parent.name}/{each.name}")
def test_a_sample_is_imported_or_refused_with_its_place(file: Path) -> None:
    result, found = import_files([file], limit=LIMIT)
    if file.name in NOT_OF_A_FORMAT:
        assert result is None
        assert [each.span is not None for each in found] == [True]
        return
    assert result is not None, found
    assert result.format.name == file.parent.name
    documents, wrong = read([file])
    assert documents is not None
    assert not wrong
    made, wrong = estate(documents, POLICY)
    assert made is not None, wrong
    for record in (*made.systems.values(), *made.flows.values()):
        place = record.location()
        assert place is not None
        assert place.file.endswith(file.name)
