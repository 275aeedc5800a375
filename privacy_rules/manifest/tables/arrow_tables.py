"""Read Parquet files and DuckDB databases with Arrow (extra `scale`)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from privacy_rules.manifest.nodes import Node, Numeral, UnreadableError, visible
from privacy_rules.manifest.plain_data import plain
from privacy_rules.manifest.tables import shapes
from privacy_rules.manifest.tables.table import Table, TableDocument
from privacy_rules.manifest.tables.table_files import TABLES

_GROWTH = 16
"""How many times its bytes a file may have in memory, in bytes of Arrow."""
_OF_ROW = 64
"""What a row counts in bytes, however little it holds: it becomes an object."""
_LARGER = "the configuration can raise it, with `manifest-limit`"


def read_parquet(name: str, table: str, content: bytes, limit: int) -> Table:
    """Read a Parquet file. Raises UnreadableError if it is damaged, or holds more than `limit` times `_GROWTH` bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    with _explained("a Parquet file"):
        file = parquet.ParquetFile(pa.BufferReader(content))
        groups = (file.metadata.row_group(each) for each in range(file.metadata.num_row_groups))
        _refuse_large(sum(each.total_byte_size for each in groups), file.metadata.num_rows, limit)
        schema = file.schema_arrow
        return _table(name, table, schema, file.iter_batches(), limit)


def read_database(name: str, content: bytes, limit: int) -> list[Table]:
    """Read the tables of a DuckDB database, from a copy. Nothing in it can read other files or load extensions.

    Raises UnreadableError if it is damaged or too large, or has no table that is one of an estate.
    """
    import duckdb

    with tempfile.TemporaryDirectory() as folder, _explained("a DuckDB database"):
        copy = Path(folder, "copy.duckdb")
        copy.write_bytes(content)
        closed: dict[str, Any] = {
            "enable_external_access": "false",
            "autoload_known_extensions": "false",
            "lock_configuration": "true",
        }
        with duckdb.connect(str(copy), read_only=True, config=closed) as connection:
            listed = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
            found = []
            for table in (each for each in TABLES if (each,) in listed):
                batches: Any = connection.sql(f'SELECT * FROM "{table}"').to_arrow_reader()  # noqa: S608 -- a name of `TABLES`
                found.append(_table(f"{name}/{table}", table, batches.schema, batches, limit))
    if not found:
        raise UnreadableError("the database has none of the tables " + ", ".join(TABLES), 0)
    return found


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn every error of a reader into one of ours: a damaged file can end in any of them."""
    try:
        yield
    except (UnreadableError, ImportError):
        raise
    except Exception as error:
        words = visible(" ".join(str(error).split()), 200)
        raise UnreadableError(f"not {what}, or a damaged one: {words}", 0) from error


def _refuse_large(size: int, rows: int, limit: int) -> None:
    if size + _OF_ROW * rows > _GROWTH * limit:
        raise UnreadableError(f"the table takes more than {_GROWTH} times the limit of {limit} bytes", 0, _LARGER)


def rows_of(schema: Any, batches: Any, limit: int) -> list[dict[str, Node]]:
    """The rows of batches of Arrow as plain data, without nulls. Raises UnreadableError if they take too much memory."""
    convert = {each.name: _converter(shape_of(each.type)) for each in schema}
    rows: list[dict[str, Node]] = []
    size = 0
    for batch in batches:
        size += batch.nbytes
        new: list[dict[str, Node]] = [{} for _ in range(batch.num_rows)]
        _refuse_large(size, len(rows) + len(new), limit)
        for column, values in zip(batch.schema.names, batch.columns, strict=True):
            made = convert[column]
            for row, value in zip(new, values.to_pylist(), strict=True):
                if value is not None:
                    row[column] = made(value)
        rows += new
    return rows


def _table(name: str, table: str, schema: Any, batches: Any, limit: int) -> Table:
    types = {each.name: shape_of(each.type) for each in schema}
    if len(types) < len(schema):
        raise UnreadableError("two columns have the same name", 0)
    rows = rows_of(schema, batches, limit)
    return Table(table, TableDocument(name, rows), rows, types)


def shape_of(kind: Any) -> str:
    """The type of an Arrow column, in words of `shapes.py`."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return shape_of(kind.value_type)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return shapes.TEXT
    if types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind) or types.is_fixed_size_list(kind):
        inner = shape_of(kind.value_type)
        nested = {shapes.STRUCT: shapes.STRUCTS, shapes.TEXTS: shapes.LISTS, shapes.TEXT: shapes.TEXTS}
        return shapes.NOTHING if inner == shapes.NOTHING else nested.get(inner, shapes.OTHER)
    is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    simple = (
        (shapes.NOTHING, types.is_null(kind)),
        (shapes.FLAG, types.is_boolean(kind)),
        (shapes.NUMBER, is_number),
        (shapes.DATE, types.is_date(kind)),
        (shapes.STRUCT, types.is_struct(kind)),
    )
    return next((shape for shape, is_it in simple if is_it), shapes.OTHER)


def _converter(shape: str) -> Callable[[Any], Node]:
    """The function from a cell to plain data. Equal texts and equal lists become one object."""
    known: dict[Any, Node] = {}
    match shape:
        case shapes.TEXT:
            return lambda value: known.setdefault(value, value)
        case shapes.TEXTS:
            return lambda value: known.setdefault(tuple(value), value)
        case shapes.FLAG:
            return bool
        case _:
            return _node


def _node(value: Any) -> Node:
    match value:
        case dict():
            return {name: _node(each) for name, each in value.items() if each is not None}
        case list():
            return [_node(each) for each in value]
        case int() | float() | Decimal() if not isinstance(value, bool):
            return Numeral(str(value))
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case _:
            return plain(value)
