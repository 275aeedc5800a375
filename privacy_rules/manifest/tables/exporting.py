"""Write an estate as tables: a Parquet file for each kind of entity or one DuckDB database, and a manifest that includes them.

    files = exported(estate, policy, "parquet")     # {"flows.parquet": …, "privacy.json": …}

The tables have the values that apply, whether an entity declares them or a default of its file does.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest import write
from privacy_rules.manifest.edit.rendering import Style
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.manifest.tables import shapes
from privacy_rules.manifest.tables.shapes import COVERS, ID, NOT_KNOWN, columns_of, shapes_of
from privacy_rules.manifest.tables.table_files import TABLES
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.values import Duration

FORMATS = ("parquet", "duckdb")
MANIFEST = "privacy.json"
DATABASE = "estate.duckdb"
"""The names of the manifest and the database that are written."""
_OWN_KEYS = {"data": shapes.TEXT, "purpose": shapes.TEXT, "from": shapes.TEXT, "to": shapes.TEXTS}
_Row = dict[str, Any]


class NotKnownError(Exception):
    """A policy has an attribute called `not_known`, so tables cannot say which attributes are not known."""


def exported(estate: Estate, policy: Policy, format_: str) -> dict[str, bytes]:
    """The files that hold an estate, by name. Raises NotKnownError, and ImportError without the extra `scale`."""
    tables = {name: table for name, table in arrow_tables(estate, policy).items() if table.num_rows}
    files = (
        _database(tables)
        if format_ == "duckdb"
        else {f"{name}.parquet": _parquet(each) for name, each in tables.items()}
    )
    files[MANIFEST] = _manifest(estate, sorted(files))
    return files


def arrow_tables(estate: Estate, policy: Policy) -> dict[str, Any]:
    """The tables of an estate by name, as `pyarrow.Table`. All of them are there, and each has its ids. Raises NotKnownError."""
    if any(name == NOT_KNOWN for _, name in policy.attributes):
        raise NotKnownError
    lexicon = Lexicon(policy)
    return {name: _arrow(entity, estate.records(entity).values(), lexicon) for name, entity in TABLES.items()}


def _arrow(entity: Entity, records: Iterable[Record], lexicon: Lexicon) -> Any:
    import pyarrow as pa

    rows, types, found = [_row(each) for each in records], _Types(entity, lexicon), dict[str, Any]()
    for name in columns_of(entity, lexicon):
        values = [row.get(name) for row in rows]
        if name == ID or any(each is not None for each in values):
            if any(isinstance(each, dict) for value in values if isinstance(value, list) for each in value):
                values = [value and [_as_item(each, name) for each in value] for value in values]
            found[name] = pa.array(values, type=types.of_column(name, values))
    return pa.table(found)


def _as_item(each: Any, name: str) -> _Row:
    return each if isinstance(each, dict) else {"purpose" if name == "purposes" else "data": each}


def _row(record: Record) -> _Row:
    row = _without_nulls({ID: record.id, **write.record(record, defaults=True, scalar=_scalar)})
    if isinstance(row.get("role"), str):
        row["role"] = [row["role"]]
    for each in row.get("transforms") or ():
        each["to"] = [each["to"]] if isinstance(each["to"], str) else each["to"]
    return row


def _without_nulls(given: Mapping[str, Any]) -> _Row:
    """A map without its null values, whose keys `not_known` lists; the same for the maps in it."""
    made: _Row = {}
    for name, value in given.items():
        if isinstance(value, dict):
            made[name] = _without_nulls(value)
        elif isinstance(value, list):
            made[name] = [_without_nulls(each) if isinstance(each, dict) else each for each in value]
        elif value is not None:
            made[name] = value
    nulls = [name for name, value in given.items() if value is None]
    return {**made, NOT_KNOWN: nulls} if nulls else made


def _scalar(value: Any) -> Any:
    return str(value) if isinstance(value, Duration) else value


class _Types:
    """The Arrow types of the columns of a table."""

    def __init__(self, entity: Entity, lexicon: Lexicon) -> None:
        self._entity, self._lexicon = entity, lexicon

    def of_column(self, name: str, values: Sequence[Any]) -> Any:
        """The type of a column, with the fields that its structs use."""
        import pyarrow as pa

        if name == COVERS:
            return self._struct(values, self._lexicon.covered)
        if name in (ID, NOT_KNOWN):
            return self._simple(shapes.TEXT if name == ID else shapes.TEXTS, values)
        inner = [each for value in values for each in (value if isinstance(value, list) else ())]
        if any(isinstance(each, dict) for each in inner):
            known = self._lexicon.item_attributes.get((self._entity, name), self._lexicon.transform_attributes)
            return pa.list_(self._struct(inner, known))
        return self._simple(shapes_of(self._lexicon.known[self._entity][name])[0], values)

    def _struct(self, values: Iterable[Any], known: Mapping[str, Attribute]) -> Any:
        import pyarrow as pa

        given = [each for each in values if each is not None]
        names = dict.fromkeys(name for each in given for name in each)
        types = {}
        for name in names:
            shape = shapes.TEXTS if name == NOT_KNOWN else _OWN_KEYS.get(name) or shapes_of(known[name])[0]
            if name == "data" and known is self._lexicon.covered:
                shape = shapes.TEXTS
            types[name] = self._simple(shape, [each.get(name) for each in given])
        return pa.struct(types)

    def _simple(self, shape: str, values: Sequence[Any]) -> Any:
        import pyarrow as pa

        text = pa.string()
        if shape == shapes.NUMBER:
            return pa.array(values).type
        known = {
            shapes.TEXT: text,
            shapes.FLAG: pa.bool_(),
            shapes.DATE: pa.date32(),
            shapes.TEXTS: pa.list_(text),
            shapes.LISTS: pa.list_(pa.list_(text)),
            shapes.STRUCTS: pa.list_(pa.struct({"from": text, "to": pa.list_(text)})),
        }
        return known[shape]


def _parquet(table: Any) -> bytes:
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _database(tables: Mapping[str, Any]) -> dict[str, bytes]:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, DATABASE)
        with duckdb.connect(str(file)) as connection:
            for name, each in tables.items():
                connection.register("given", each)
                connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608 -- a name of `TABLES`
                connection.unregister("given")
        return {DATABASE: file.read_bytes()} if tables else {}


def _manifest(estate: Estate, files: Sequence[str]) -> bytes:
    """What tables cannot hold, and the names of their files."""
    said = {
        "manifest": 1,
        "name": estate.name,
        "as_of": estate.as_of,
        "include": list(files),
        "organisation": write.record(estate.organisation),
        "waivers": [write.waiver(each) for each in estate.waivers],
    }
    style = Style(json=True, flags=("false", "true"))
    lines = style.bracketed(
        "", {name: each for name, each in said.items() if each}, "", lambda name, _: name in ("", "waivers")
    )
    return ("\n".join(lines) + "\n").encode()
