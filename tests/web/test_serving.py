"""The server itself, over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from privacy_rules.web import server
from privacy_rules.web.session import Session
from privacy_rules.web.timeout_protocol import PromptProtocol


@pytest.fixture(scope="module")
def port(hashed: Session) -> Iterator[int]:
    """A server that waits half a second for the head of a request; it ends with the process."""
    at, told = server.bound(0), threading.Event()
    usual, PromptProtocol.patience = PromptProtocol.patience, 0.5
    words = {"daemon": True, "kwargs": {"browser": False}}
    threading.Thread(target=server.serve, args=(hashed, at, lambda _: told.set()), **words).start()  # type: ignore[arg-type]
    assert told.wait(10)
    number = int(at.getsockname()[1])
    answers(number)
    yield number
    PromptProtocol.patience = usual


def answers(port: int) -> None:
    """Wait until the server answers: what connects earlier waits in the queue of the socket."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as own:
        own.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert own.recv(65536)


def seconds_until_closed(port: int, *parts: bytes) -> tuple[float, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as own:
        for part in parts:
            own.sendall(part)
            time.sleep(0.05)
        began, answer = time.monotonic(), b""
        while part := own.recv(65536):
            answer += part
        return time.monotonic() - began, answer


def test_it_is_bound_to_loopback_alone() -> None:
    with server.bound(0) as at:
        assert at.getsockname()[0] == "127.0.0.1"


def test_without_a_port_it_is_the_usual_one_or_a_free_one_if_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with server.bound(0) as free:
        usual = int(free.getsockname()[1])
    monkeypatch.setattr(server, "USUAL_PORT", usual)
    with server.bound(None) as at:
        assert at.getsockname()[1] == usual
        with server.bound(None) as other:
            assert other.getsockname()[1] not in (0, usual)


@pytest.mark.parametrize("parts", [(), (b"GET / HT",), (b"GET / HTTP/1.1\r\n", b"Host: x\r\n", b"A: b\r\n")])
def test_a_head_that_does_not_come_is_given_up(port: int, parts: tuple[bytes, ...]) -> None:
    took, answer = seconds_until_closed(port, *parts)
    assert took < 5
    assert answer == b""


def test_a_head_that_is_too_long_is_refused(port: int) -> None:
    _, answer = seconds_until_closed(port, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 100_000)
    assert answer.startswith(b"HTTP/1.1 4")


def test_a_request_that_is_whole_is_answered_and_the_next_one_too(port: int) -> None:
    head = f"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as own:
        for _ in range(2):
            own.sendall(head + b"\r\n")
            time.sleep(0.3)
            assert own.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_a_request_that_is_no_http_is_no_defect(port: int) -> None:
    _, answer = seconds_until_closed(port, b"\x16\x03\x01 nonsense\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
