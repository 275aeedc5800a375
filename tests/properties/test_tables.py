"""An estate that is exported as tables and read again says the same."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, note

from privacy_rules import engine
from privacy_rules.manifest.model import Record
from privacy_rules.manifest.tables.exporting import exported
from privacy_rules.vocabulary.attributes import Entity
from tests.properties.checking import TODAY, by_engine, load
from tests.properties.strategies import Sample, samples, some


@some
@given(samples())
def test_an_estate_that_is_exported_and_read_again_is_the_same(sample: Sample) -> None:
    note(str(sample))
    policy, before = load(sample)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in exported(before, policy, "parquet").items():
            Path(folder, name).write_bytes(content)
        documents, wrong = engine.read([Path(folder, "privacy.json")])
        assert documents is not None, wrong
        after, wrong = engine.hold(documents, policy)
    assert after is not None, json.dumps([str(each) for each in wrong])
    for entity in Entity:
        assert {each: _said(record) for each, record in after.records(entity).items()} == {
            each: _said(record) for each, record in before.records(entity).items()
        }
    assert by_engine(policy, after, TODAY) == by_engine(policy, before, TODAY)


def _said(record: Record) -> dict[str, object]:
    return {**record.defaults, **record.declared}
