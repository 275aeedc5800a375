"""Find the tables in a folder, and the table that a file holds, by their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from privacy_rules.manifest.nodes import UnreadableError, quoted
from privacy_rules.source.file_system import FileSystem
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.vocabulary.attributes import Entity

TABLES = {
    "parties": Entity.PARTY,
    "contracts": Entity.CONTRACT,
    "systems": Entity.SYSTEM,
    "flows": Entity.FLOW,
}
"""The kind of entity that each table declares, by the name of the table."""
PARQUET, DATABASES, LINES, CSV = (".parquet",), (".duckdb",), (".ndjson", ".jsonl"), (".csv", ".tsv")
BINARY = (*PARQUET, *DATABASES)
"""The endings of files that can only be tables."""
_ENDINGS = (*BINARY, *LINES, *CSV)
_NAMES = ", ".join(f"`{each}`" for each in TABLES)


def table_of(path: Path) -> str | None:
    """The table of a file: `flows` for `flows.parquet`, and for `flows/part-0.parquet`; None if its name is not a table's."""
    return next((each for each in (path.name.partition(".")[0], path.parent.name) if each in TABLES), None)


def not_a_table(path: Path) -> UnreadableError:
    """The error for a file whose name does not say which table it is."""
    help_ = did_you_mean(path.name.partition(".")[0], TABLES) or f"the tables are {_NAMES}"
    return UnreadableError(f"the name of this file does not say which table it is: {quoted(path.name)}", 0, help_)


def files_in(source: Path, disk: FileSystem) -> Iterator[Path]:
    """The files of a source of tables: a folder's, or the file itself. Raises OSError if it does not exist or cannot be searched.

    A folder has a file for each table (`flows.parquet`), or a folder with several (`flows/part-0.parquet`). Files with other endings
    are skipped, and so are names that begin with `_` or `.`, such as Spark's `_SUCCESS`.
    """
    if disk.kind(source) != "folder":
        yield source
        return
    for each in sorted(disk.entries(source), key=lambda entry: entry.name):
        if each.is_folder and each.name in TABLES:
            inner = sorted(disk.entries(source / each.name), key=lambda entry: entry.name)
            yield from (source / each.name / part.name for part in inner if not part.is_folder and _is_data(part.name))
        elif not each.is_folder and _is_data(each.name):
            yield source / each.name


def _is_data(name: str) -> bool:
    return name.endswith(_ENDINGS) and not name.startswith(("_", "."))
