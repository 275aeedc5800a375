"""Find which service called which in traces in OTLP JSON: one export, a list of them, or one per line.

A span whose parent belongs to another service is a call by that service. A span of a client or a producer without such a child
names what it called in its attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node
from privacy_rules.source.fast_dataclasses import dataclass

_LOOKED_AT = 20
_CALLERS = ("3", "4", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER")
_PEERS = (
    "peer.service",
    "server.address",
    "net.peer.name",
    "messaging.destination.name",
    "messaging.destination",
    "db.namespace",
    "db.name",
    "db.system",
)
"""The attributes of a span that name what was called, the most reliable first."""
_ADDRESSES = ("url.full", "http.url")


@dataclass(frozen=True, slots=True)
class _Span:
    service: str
    parent: tuple[str, str]
    is_caller: bool
    peer: str | None
    last: str | None
    path: PathKey


def is_traces(data: Node) -> bool:
    """Whether data holds traces."""
    exports = data[:_LOOKED_AT] if type(data) is list else [data]
    return any(type(each) is dict and "resourceSpans" in each for each in exports)


def of_traces(data: Node) -> Iterator[tuple[str, str, int, str | None, PathKey]]:
    """The calls in traces: caller, service called, a count of 1, time in nanoseconds, and path of the span."""
    spans = dict(_spans(data))
    answered = set[tuple[str, str]]()
    for each in spans.values():
        parent = spans.get(each.parent)
        if parent is not None and parent.service != each.service:
            answered.add(each.parent)
            yield parent.service, each.service, 1, each.last, each.path
    for key, each in spans.items():
        if each.is_caller and each.peer is not None and key not in answered and each.peer != each.service:
            yield each.service, each.peer, 1, each.last, each.path


def _spans(data: Node) -> Iterator[tuple[tuple[str, str], _Span]]:
    """The spans by trace and id. Spans without a service are skipped; a span without ids is unique."""
    for path, resource in _maps(data, (), "resourceSpans"):
        about = resource.get("resource")
        service = _attributes(about).get("service.name") if type(about) is dict else None
        if service is None:
            continue
        for key in ("scopeSpans", "instrumentationLibrarySpans"):
            for scope_path, scope in _maps(resource, path, key):
                for span_path, span in _maps(scope, scope_path, "spans"):
                    trace, own, parent = (str(span.get(name) or "") for name in ("traceId", "spanId", "parentSpanId"))
                    attributes = _attributes(span)
                    yield (
                        (trace, own or repr(span_path)),
                        _Span(
                            service, (trace, parent), _kind(span) in _CALLERS, _peer(attributes), _last(span), span_path
                        ),
                    )


def _maps(node: Node, path: PathKey, key: str) -> Iterator[tuple[PathKey, dict[str, Node]]]:
    """The maps in a list under a key; of a list of maps, those of each."""
    for outer, each in [((*path, n), one) for n, one in enumerate(node)] if type(node) is list else [(path, node)]:
        listed = each.get(key) if type(each) is dict else None
        if type(listed) is list:
            yield from (((*outer, key, n), one) for n, one in enumerate(listed) if type(one) is dict)


def _attributes(node: dict[str, Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    listed = node.get("attributes")
    for each in listed if type(listed) is list else ():
        value = each.get("value") if type(each) is dict else None
        text = value.get("stringValue") if type(value) is dict else None
        if isinstance(text, str) and text and isinstance(each.get("key"), str):
            found.setdefault(each["key"], text)
    return found


def _kind(span: dict[str, Node]) -> str:
    kind = span.get("kind")
    return str(getattr(kind, "text", kind))


def _peer(attributes: dict[str, str]) -> str | None:
    for name in _PEERS:
        if name in attributes:
            return attributes[name]
    for name in _ADDRESSES:
        if name in attributes:
            try:
                return urlsplit(attributes[name]).hostname
            except ValueError:
                return None
    return None


def _last(span: dict[str, Node]) -> str | None:
    end = span.get("endTimeUnixNano")
    text = str(getattr(end, "text", end or ""))
    return text.rjust(20, "0") if text.isascii() and text.isdecimal() and len(text) <= 20 else None
