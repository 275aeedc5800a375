"""Run the statements of a check on DuckDB, over Parquet files or a DuckDB database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from privacy_rules.manifest.file_set import shown
from privacy_rules.manifest.nodes import UnreadableError, quoted, visible
from privacy_rules.manifest.tables.table_files import DATABASES, PARQUET, TABLES, files_in, not_a_table, table_of
from privacy_rules.source.project_boundary import Confined
from privacy_rules.warehouse import sql

FILE, ROW = "file_", "row_"
"""The columns that are added to each table: the name of its file, and the number of the row in it, from 1."""
_EMPTY = {
    name: f"SELECT {', '.join(f'CAST(NULL AS VARCHAR) AS {sql.name(each)}' for each in keys)} WHERE FALSE"
    for name, keys in (
        ("parties", ("id",)),
        ("contracts", ("id",)),
        ("systems", ("id",)),
        ("flows", ("id", "from", "to")),
    )
}


class Database(Protocol):
    """Runs SQL in the words of DuckDB."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        ...

    def arrow(self, query: str) -> Any:
        """The rows of a query, as a `pyarrow.Table`."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Store the rows of a query as a table, which replaces one of the same name."""
        ...


def files_of(sources: Iterable[Path], disk: Confined) -> dict[str, list[Path]]:
    """The files of each table, by name; a database is under the name of each table. Raises OSError and UnreadableError."""
    found: dict[str, list[Path]] = {}
    for source in sources:
        for each in files_in(source, disk):
            if disk.kind(each) != "file":
                disk.read(each, limit=0)  # raises what is wrong with it
            disk.refuse(each)
            if each.suffix in DATABASES:
                for name in TABLES:
                    found.setdefault(name, []).append(each)
            elif each.suffix not in PARQUET:
                raise UnreadableError(
                    f"the engine reads Parquet files and DuckDB databases, and not {quoted(shown(each))}", 0
                )
            elif (table := table_of(each)) is None:
                raise not_a_table(each)
            else:
                found.setdefault(table, []).append(each)
    return found


class DuckDb:
    """A DuckDB in memory that can read the given files, and no others."""

    def __init__(self, files: Mapping[str, Sequence[Path]]) -> None:
        """Raises ImportError without the extra `scale`, and UnreadableError if a file is damaged."""
        import duckdb

        self._connection: Any = duckdb.connect(":memory:", config={"autoload_known_extensions": "false"})
        self._errors: Any = duckdb.Error
        databases: dict[Path, str] = {}
        paths = sorted({str(each.resolve()) for listed in files.values() for each in listed})
        self._run(f"SET allowed_paths = [{sql.texts(paths)}]")
        for listed in files.values():
            for each in listed:
                if each.suffix in DATABASES and each not in databases:
                    databases[each] = f"d{len(databases)}"
                    self._run(f"ATTACH {sql.text(str(each.resolve()))} AS {databases[each]} (READ_ONLY)", each)
        self._run("SET enable_external_access = false; SET lock_configuration = true")
        for name in TABLES:
            parts = [self._part(name, each, databases) for each in files.get(name, ())]
            query = " UNION ALL BY NAME ".join(f"({each})" for each in parts if each)
            nothing = f"SELECT *, '' AS {FILE}, CAST(0 AS BIGINT) AS {ROW} FROM ({_EMPTY[name]})"
            self._run(f"CREATE VIEW {sql.name(name)} AS {query or nothing}", *files.get(name, ())[:1])

    def _part(self, name: str, file: Path, databases: Mapping[Path, str]) -> str:
        as_shown = shown(file)
        if file in databases:
            listed = self.rows(
                "SELECT 1 FROM duckdb_tables() WHERE NOT internal AND table_name = "
                f"{sql.text(name)} AND database_name = {sql.text(databases[file])}"
            )
            columns = f"*, {sql.text(f'{as_shown}/{name}')} AS {FILE}, rowid + 1 AS {ROW}"
            return f"SELECT {columns} FROM {databases[file]}.{sql.name(name)}" if listed else ""
        columns = f"* EXCLUDE (file_row_number), {sql.text(as_shown)} AS {FILE}, file_row_number + 1 AS {ROW}"
        part = f"SELECT {columns} FROM read_parquet([{sql.text(str(file.resolve()))}], file_row_number = true, hive_partitioning = false)"
        self._run(f"SELECT * FROM ({part}) LIMIT 1", file)
        return part

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return list(self._run(query).fetchall())

    def arrow(self, query: str) -> Any:
        """The rows of a query, as a `pyarrow.Table`."""
        try:
            return self._connection.sql(query).to_arrow_table()
        except self._errors as error:
            raise self._unreadable(error) from error

    def keep(self, name: str, query: str) -> None:
        """Store the rows of a query as a table."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {sql.name(name)} AS {query}")

    def _run(self, query: str, *files: Path) -> Any:
        try:
            return self._connection.execute(query)
        except self._errors as error:
            raise self._unreadable(error, *files) from error

    def _unreadable(self, error: Exception, *files: Path) -> UnreadableError:
        words = visible(" ".join(str(error).split()), 200)
        return UnreadableError(
            f"{quoted(shown(files[0]))} cannot be read: {words}" if files else f"DuckDB refused: {words}", 0
        )
