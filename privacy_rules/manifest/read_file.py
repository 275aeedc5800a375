"""Read the bytes of one manifest file, YAML or JSON, into plain data with places."""

from __future__ import annotations

from collections.abc import Callable

from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.json_reader import read_json
from privacy_rules.manifest.nodes import Content, Duplicate, UnreadableError, quoted
from privacy_rules.manifest.source_document import Document, Places
from privacy_rules.manifest.yaml_reader import read_yaml
from privacy_rules.source import codes
from privacy_rules.source.absent_files import help_for_absent
from privacy_rules.source.diagnostic import Diagnostic, lowered
from privacy_rules.source.file_system import DISK, FileSystem, TooLargeError
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import Suggestions

Parser = Callable[[str, int], tuple[Content, Places]]
"""Reads a text of at most so many characters, with aliases written out. Raises UnreadableError."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RAISE_IT = "the configuration can raise it, with `manifest-limit`"
_BEGINS = "a manifest begins with `manifest: 1`"


def read_document(
    name: str,
    content: bytes,
    *,
    json: bool,
    limit: int,
    suggestions: Suggestions,
    begins: str = _BEGINS,
    made: Callable[[str, str, Places | None], Document] = Document,
    parse: Parser | None = None,
) -> tuple[Content | None, DiagnosticSink]:
    """The plain data of a file (None if it is not readable or is empty), and its diagnostics so far, with its document.

    `name` is the file's name as shown; `limit` bounds its size in bytes and with aliases written out; `begins` is help that
    says how such a file begins; `made` makes the document of a name, a text and its places; `parse` reads the text if it is
    neither a single YAML document nor JSON.
    """
    if len(content) > limit:
        return None, _report(made(name, "", None), suggestions, too_large(limit))
    content = content.removeprefix(BYTE_ORDER_MARK)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        start = made(name, content[: error.start].decode("utf-8"), None)
        wrong = UnreadableError(f"not UTF-8: invalid byte 0x{content[error.start]:02X}", error.start)
        wrong.at = len(start.text)
        return None, _report(start, suggestions, wrong)
    try:
        read, places = _parse(text, parse or _parser(json=json), limit=limit, begins=begins)
    except UnreadableError as error:
        return None, _report(made(name, text, None), suggestions, error)
    document = made(name, text, places)
    sink = DiagnosticSink(document, suggestions)
    sink.found.extend(_duplicate(document, duplicate) for duplicate in read.duplicates)
    return read, sink


def too_large(limit: int) -> UnreadableError:
    """The error for a file of more than `limit` bytes."""
    return UnreadableError(f"the file is larger than the limit of {limit} bytes", 0, _RAISE_IT)


def unreadable(name: str, error: Exception, disk: FileSystem = DISK) -> Diagnostic:
    """The error for a file that cannot be opened, or is too large. `name` starts at the working directory."""
    message = f"{quoted(name)} cannot be read: {lowered(error)}"
    if isinstance(error, TooLargeError):
        return Diagnostic(codes.UNREADABLE_DATA, message, Span(name, 1, 1), _RAISE_IT)
    near = help_for_absent(name, disk=disk) if isinstance(error, FileNotFoundError) else None
    return Diagnostic(codes.UNREADABLE_DATA, message, help=near)


def _parser(*, json: bool) -> Parser:
    return (lambda text, _: read_json(text)) if json else read_yaml


def _parse(text: str, parse: Parser, *, limit: int, begins: str) -> tuple[Content, Places]:
    empty = UnreadableError("the file is empty", 0, begins)
    if not text.strip():
        raise empty
    content, places = parse(text, limit)
    if content.data is None:
        raise empty
    return content, places


def _report(document: Document, suggestions: Suggestions, error: UnreadableError) -> DiagnosticSink:
    sink = DiagnosticSink(document, suggestions)
    span = document.span(error.at)
    sink.found.append(Diagnostic(error.code, error.message, span, error.help, excerpt=document.excerpt(span)))
    return sink


def _duplicate(document: Document, duplicate: Duplicate) -> Diagnostic:
    span = document.span(duplicate.at)
    return Diagnostic(
        codes.DUPLICATE_KEY,
        f"the key {quoted(duplicate.key)} is given twice",
        span,
        "a key can be given only once",
        (document.span(duplicate.first),),
        document.excerpt(span),
    )
