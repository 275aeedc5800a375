"""Read the bytes of a file as tables: Parquet, a DuckDB database, JSON lines or CSV."""

from __future__ import annotations

from pathlib import Path

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.importing.tables import read_lines, read_table
from privacy_rules.manifest.nodes import UnreadableError, quoted
from privacy_rules.manifest.read_file import read_document, too_large
from privacy_rules.manifest.source_document import Document
from privacy_rules.manifest.tables.arrow_tables import read_database, read_parquet
from privacy_rules.manifest.tables.table import LinesDocument, Table
from privacy_rules.manifest.tables.table_files import CSV, DATABASES, LINES, PARQUET, not_a_table, table_of
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

_NEEDS = "install it: `pip install 'privacy-rules[scale]'`"


def read_tables(name: str, path: Path, content: bytes, limit: int) -> tuple[list[Table], list[Diagnostic]]:
    """The tables of a file; with an error, none. `name` is the file's name as shown, `limit` bounds its bytes."""
    try:
        if len(content) > limit:
            raise too_large(limit)
        if path.suffix in DATABASES:
            return read_database(name, content, limit), []
        table = table_of(path)
        if table is None:
            raise not_a_table(path)
        if path.suffix in PARQUET:
            return [read_parquet(name, table, content, limit)], []
        return _of_text(name, path, table, content, limit)
    except UnreadableError as error:
        return [], [Diagnostic(error.code, error.message, Span(name, 1, 1), error.help, excerpt="")]
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("duckdb", "pyarrow"):
            raise
        return [], [Diagnostic(codes.NO_EXTRA, f"{quoted(name)} can only be read with the extra `scale`", help=_NEEDS)]


def _of_text(name: str, path: Path, table: str, content: bytes, limit: int) -> tuple[list[Table], list[Diagnostic]]:
    if path.suffix not in (*CSV, *LINES):
        raise UnreadableError("a table is a .parquet, .duckdb, .ndjson, .jsonl, .csv or .tsv file", 0)
    parse = read_table if path.suffix in CSV else read_lines
    read, sink = read_document(
        name,
        content,
        json=False,
        limit=limit,
        suggestions=Suggestions(),
        begins="a table has a row for each entity",
        parse=lambda text, _: parse(text),
    )
    if read is None or not isinstance(sink.document, Document):
        return [], sink.found
    document = LinesDocument(sink.document)
    rows = _maps(read.data, DiagnosticSink(document, sink.suggestions))
    return [Table(table, document, rows[0], is_text=path.suffix in CSV)] if not rows[1] else [], rows[1]


def _maps(rows: list[object], sink: DiagnosticSink) -> tuple[list[dict[str, object]], list[Diagnostic]]:
    """The rows, which must be maps."""
    for index, each in enumerate(rows):
        if type(each) is not dict:
            sink.misfit("a map of columns", each, ("", index))
    return rows, sink.found  # type: ignore[return-value]
