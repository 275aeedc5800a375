"""Accept only requests of our own page, or of a tool with the token, on this machine; limit each request in size and time.

A page of another site can make a browser send requests to loopback. Four checks prevent that: the Host header must be
ours (against DNS rebinding), and so must the Origin; the browser must not mark the request as cross-site; and each
request that reveals something of the estate must have the token, in a header that no other site can set. The page's own
files and the API's description reveal nothing.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import Any

from privacy_rules.reports.check.json import errors
from privacy_rules.reports.errors import Errors
from privacy_rules.source.diagnostic import Diagnostic
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.web.request_body import refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_HEADER = "X-Privacy-Rules-Token"  # noqa: S105 -- the name of a header
LARGEST = 2**20
"""The most bytes that a request may have."""
PATIENCE = 30.0
"""The seconds that a request may take, to come in and to be answered."""

SECURITY = {
    "Content-Security-Policy": ("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Which requests are accepted: the hosts by which we are called, the token, and the paths that need none."""

    hosts: frozenset[str]
    token: str
    open_to_all: Callable[[str], bool]
    largest: int = LARGEST
    patience: float = PATIENCE


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: App, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # no web sockets here: what is not accepted is closed
        secured = _secured(send)
        wrong = _wrong(scope, self.door)
        if wrong is not None:
            await answer(secured, *wrong)
            return
        began = Began(secured)
        try:
            async with asyncio.timeout(self.door.patience):
                body = await _body(receive, self.door.largest)
                if body is None:
                    most = f"at most {self.door.largest:,} bytes"
                    await answer(began, 413, refused(f"the request is too large: {most}"))
                else:
                    await self.app(scope, _replayed(body, receive), began)
        except TimeoutError:
            if not began.yes:
                errors = refused(f"the request took longer than {self.door.patience:g} seconds")
                await answer(began, 408, errors)


class Began:
    """Forwards an answer, and knows whether it has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self.yes = send, False

    async def __call__(self, message: Message) -> None:
        self.yes = True
        await self._send(message)


def _wrong(scope: Scope, door: Door) -> tuple[int, Diagnostic] | None:
    """The status and the message for a request that is refused."""
    headers = scope["headers"]
    host = _only(headers, b"host")
    if host is None or host.lower() not in door.hosts:
        return 421, refused(
            "the request is not for this server: its Host header names another", "call it by its address"
        )
    origin, site = _only(headers, b"origin"), _only(headers, b"sec-fetch-site")
    if origin is not None and origin.lower() not in {f"http://{each}" for each in door.hosts}:
        return 403, refused("the request comes from another site")
    is_open = scope["method"] in ("GET", "HEAD") and door.open_to_all(scope["path"])
    if is_open:
        return None
    if site not in (None, "same-origin", "none"):
        return 403, refused("the request comes from another site")
    given = _only(headers, TOKEN_HEADER.lower().encode())
    if given is None or not hmac.compare_digest(given.encode(), door.token.encode()):
        help_ = f"copy the token from the address that `explore` printed into the header {TOKEN_HEADER}"
        return 401, refused("the request does not carry the token", help_)
    return None


def _only(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header; a header that occurs twice counts as wrong."""
    found = [value.decode("latin-1") for key, value in headers if key == name]
    return found[0] if len(found) == 1 else "" if found else None


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The whole body; None if it is too large (the rest is not read)."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _secured(send: Send) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {key.lower() for key, _ in message.get("headers", ())}
            more = [(k.lower().encode(), v.encode()) for k, v in SECURITY.items() if k.lower().encode() not in given]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return secured


async def answer(send: Send, status: int, *wrong: Diagnostic, headers: Collection[tuple[bytes, bytes]] = ()) -> None:
    """An answer that says what is wrong."""
    body = errors(Errors(wrong)).encode()
    own = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    close = [(b"connection", b"close")] if status in (408, 413) else []
    await send({"type": "http.response.start", "status": status, "headers": [*own, *close, *headers]})
    await send({"type": "http.response.body", "body": body})
