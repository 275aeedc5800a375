"""Serve a session on loopback until it is stopped. The socket is bound first, so that the address is known and reserved."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.web.app import application, is_open
from privacy_rules.web.guard import Door
from privacy_rules.web.session import Session
from privacy_rules.web.timeout_protocol import PromptProtocol

LOOPBACK = "127.0.0.1"
_LARGEST_HEAD = 16 * 2**10


USUAL_PORT = 7717
"""The port if none is asked for, so that links stay valid."""


def bound(port: int | None) -> socket.socket:
    """Return a socket that listens on loopback. Without a port, it is the usual one, or a free one if that is taken; 0 takes a free one.

    Raises InputError if a port that is asked for is taken.
    """
    if port is None:
        try:
            return bound(USUAL_PORT)
        except InputError:
            return bound(0)
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
        found.listen()  # so that another explorer cannot take the port, too
    except OSError as error:
        found.close()
        help_ = "give another port with `--port`, or leave it out to use a free one"
        reason = (error.strerror or "it is not available").lower()
        raise InputError([Diagnostic(codes.USAGE, f"cannot use port {port}: {reason}", help=help_)]) from error
    return found


def door_of(port: int, token: str) -> Door:
    """The door of a server at a port: the names of loopback are the hosts by which it is called."""
    hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))
    return Door(hosts, token, is_open)


def serve(session: Session, at: socket.socket, announce: Callable[[str], None], *, browser: bool) -> None:
    """Serve until interrupted. `announce` gets the address once requests are answered; `browser`: open it there."""
    port, token = at.getsockname()[1], secrets.token_urlsafe(24)
    address = f"http://{LOOPBACK}:{port}/#token={token}"
    server = uvicorn.Server(
        uvicorn.Config(
            application(session, door_of(port, token)),
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            http=PromptProtocol,
            lifespan="off",
            h11_max_incomplete_event_size=_LARGEST_HEAD,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=1,
        )
    )
    at.listen()
    announce(address)
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with at:
        server.run(sockets=[at])
