"""Read what was observed: traces, dependency links, lineage events and tables of connections.

observed, diagnostics = read_observed([Path("traces.json")], disk=DISK, limit=LIMIT)
observed.connections["shop", "mailer"].count
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from privacy_rules.drift.traces import is_traces, of_traces
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.file_set import parser_of, shown
from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Source
from privacy_rules.manifest.importing.registry import FORMATS
from privacy_rules.manifest.importing.term_map import TermMap
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, Numeral
from privacy_rules.manifest.read_file import read_document, unreadable
from privacy_rules.manifest.source_document import Document
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, in_order
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.file_system import FileSystem
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

_KNOWN = "OTLP JSON traces, Jaeger or Zipkin dependency links, OpenLineage events, or a table with `source` and `destination`"
_BEGINS = f"a file with observations holds {_KNOWN}"
_ENDS = (
    ("source", "from", "client", "caller", "parent", "sender", "source system"),
    ("destination", "to", "target", "server", "callee", "child", "recipient", "destination system"),
)
_COUNTS = ("count", "calls", "call count", "requests", "connections")
_SEEN = ("last seen", "last", "timestamp", "time", "date")

Seen = tuple[str, str, int, str | None, PathKey]
"""A connection in a file: its two ends, how often, when last, and its path."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What was observed between two services, by their own names.

    `is_call`: the first one called the second, so data may have flowed both ways; else data flowed from the first to the second.
    """

    source: str
    target: str
    count: int
    last_seen: str | None
    is_call: bool
    document: Document
    path: PathKey

    @property
    def place(self) -> Span | None:
        """Where it was first observed."""
        return self.document.place(self.path)


@dataclass(frozen=True, slots=True)
class Observed:
    """All connections, by their ends, each once; and the names of the files."""

    connections: dict[tuple[str, str], Connection]
    files: tuple[str, ...]


def read_observed(
    paths: Sequence[Path], *, disk: FileSystem, limit: int
) -> tuple[Observed | None, tuple[Diagnostic, ...]]:
    """Read files with observations; None after errors."""
    found: dict[tuple[str, str], Connection] = {}
    wrong: list[Diagnostic] = []
    for path in paths:
        name = shown(path)
        try:
            content = disk.read(disk.real(path), limit)
        except (OSError, ValueError) as error:
            wrong.append(unreadable(name, error, disk))
            continue
        is_json = path.suffix.lower() == ".json"
        read, sink = read_document(
            name,
            content,
            json=is_json,
            limit=limit,
            suggestions=Suggestions(),
            begins=_BEGINS,
            parse=parser_of(name, content),
        )
        if read is not None and isinstance(sink.document, Document):
            with sink.bounded():
                _add(found, read.data, sink)
        wrong += sink.found
    return (None if wrong else Observed(found, tuple(map(shown, paths)))), in_order(wrong)


def _add(found: dict[tuple[str, str], Connection], data: Node, sink: DiagnosticSink) -> None:
    read = _reader_of(data)
    if read is None:
        sink.add(codes.UNREADABLE_DATA, "the format of this file is not recognised", (), help=_BEGINS)
        return
    assert isinstance(sink.document, Document)
    reader, is_call = read
    for source, target, count, last, path in reader(data, sink):
        first = found.get((source, target))
        if first is None:
            found[source, target] = Connection(source, target, count, last, is_call, sink.document, path)
        else:
            latest = max(filter(None, (first.last_seen, last)), default=None)
            both = first.is_call and is_call
            found[source, target] = replace(first, count=first.count + count, last_seen=latest, is_call=both)


_Reader = Callable[[Node, DiagnosticSink], Iterable[Seen]]


def _reader_of(data: Node) -> tuple[_Reader, bool] | None:
    """The reader for data, and whether the data describes calls; None if it is not recognised."""
    if is_traces(data):
        return (lambda each, _: of_traces(each)), True
    if FORMATS["openlineage"].recognises(data):
        return _of_lineage, False
    if _links(data) is not None:
        return _of_links, True
    return (_of_table, True) if type(data) is list and data and type(data[0]) is dict else None


def _of_lineage(data: Node, sink: DiagnosticSink) -> Iterator[Seen]:
    """The flows in lineage events, which show in which direction data flows."""
    assert isinstance(sink.document, Document)
    draft = Draft(TermMap())
    FORMATS["openlineage"].read([Source(sink.document, data, sink)], draft)
    for each in draft.flows.values():
        source, target = (each.values[end].value.node for end in ("from", "to"))
        yield source, target, 1, None, each.at[1]


def _links(data: Node) -> tuple[list[Node], PathKey] | None:
    """The links in a dependency graph of Zipkin, or of Jaeger (under `data`), with their path."""
    listed, path = (data.get("data"), ("data",)) if type(data) is dict else (data, ())
    if type(listed) is not list or not all(type(each) is dict for each in listed):
        return None
    is_link = bool(listed) and "parent" in listed[0] and "child" in listed[0] and "callCount" in listed[0]
    return (listed, path) if is_link or (listed == [] and path) else None


def _of_links(data: Node, sink: DiagnosticSink) -> Iterator[Seen]:
    found = _links(data)
    assert found is not None
    listed, path = found
    for number, each in enumerate(listed):
        parent, child = each.get("parent"), each.get("child")
        if not (isinstance(parent, str) and isinstance(child, str) and parent and child):
            sink.add(codes.UNFIT_VALUE, "this link has no `parent` or no `child`", (*path, number))
            continue
        yield parent, child, _number(each.get("callCount")), None, (*path, number)


def _of_table(data: Node, sink: DiagnosticSink) -> Iterator[Seen]:
    columns = {_plain(name): name for row in data if type(row) is dict for name in row}
    ends = [next((columns[each] for each in names if each in columns), None) for names in _ENDS]
    count, last = (next((columns[each] for each in names if each in columns), "") for names in (_COUNTS, _SEEN))
    if ends[0] is None or ends[1] is None:
        lacks = "`source`" if ends[0] is None else "`destination`"
        sink.add(codes.MISSING_KEY, f"there is no column {lacks}", (0,), help=_BEGINS)
        return
    for number, row in enumerate(data):
        source, target = (row.get(each) if type(row) is dict else None for each in ends)
        if isinstance(source, str) and isinstance(target, str) and source and target:
            seen = row.get(last)
            yield str(source), str(target), _number(row.get(count)), seen and str(seen), (number,)
        else:
            sink.add(codes.UNFIT_VALUE, "this connection has no source or no destination", (number,))


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


def _number(node: Node) -> int:
    """A count; 1 if it is absent or not a number."""
    text = node.text if type(node) is Numeral else str(node or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 1
