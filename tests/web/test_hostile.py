"""Who is kept out, and what bounds those who are let in."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from starlette.testclient import TestClient

from privacy_rules.web import app as web
from privacy_rules.web.app import application
from privacy_rules.web.guard import LARGEST, TOKEN_HEADER
from privacy_rules.web.openapi import description
from privacy_rules.web.session import Asked, Judged, Session
from tests.web.exploring import HOME, HOST, TOKEN, client, door, session_of


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4711", "127.0.0.1", "127.0.0.1:80", "localhost:4711", ""]
)
@pytest.mark.parametrize("path", ["/", "/session", "/openapi.json"])
def test_a_name_that_was_bound_to_loopback_is_not_answered(api: TestClient, host: str, path: str) -> None:
    answer = api.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["errors"][0]["code"] == "E321"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:4712"])
def test_another_site_is_not_answered_even_with_the_token(api: TestClient, origin: str) -> None:
    answer = api.post("/check", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_is_answered(api: TestClient) -> None:
    own = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
    assert api.post("/check", json={}, headers=own).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_that_says_that_another_site_asks_is_not_answered(api: TestClient, site: str) -> None:
    assert api.post("/check", json={}, headers={"Sec-Fetch-Site": site}).status_code == 403


def test_a_preflight_of_another_site_is_granted_nothing(api: TestClient) -> None:
    asks = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = api.options("/check", headers=asks)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], "\u00fc" * 9])
@pytest.mark.parametrize("path", ["/check", "/what-if", "/estate", "/explain", "/patch"])
def test_without_the_token_nothing_is_reported(hashed: Session, token: str | None, path: str) -> None:
    headers = {} if token is None else {TOKEN_HEADER: token.encode("latin-1")}
    answer = client(hashed, token=None).post(path, json={}, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert "audience" not in answer.text


def test_the_session_is_shown_to_nobody_without_the_token(hashed: Session) -> None:
    assert client(hashed, token=None).get("/session").status_code == 401


def test_the_page_knows_nothing_until_it_has_the_token(hashed: Session) -> None:
    stranger = client(hashed, token=None)
    for path in ("/", "/openapi.json"):
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert "audience" not in answer.text
        assert TOKEN not in answer.text


@pytest.mark.parametrize("page", ["README.md", "dsl/messages.md"])
def test_what_is_said_to_be_open_without_a_token_is_open_and_nothing_else(hashed: Session, page: str) -> None:
    said = re.search(
        r"(?:Without the token in the address it serves only|[Oo]pen without a token:) (.+?)(?:, which|; all)",
        (HOME.parents[1] / page).read_text("utf-8"),
        re.S,
    )
    assert said is not None
    known = {("GET", "/")} | {
        (method.upper(), path) for path, methods in description()["paths"].items() for method in methods
    }
    stranger = client(hashed, token=None)
    answered = {each for each in known if stranger.request(*each).status_code != 401}
    assert set(re.findall(r"`(GET|POST) (\S+)`", said[1])) == answered


def test_a_request_may_have_a_mebibyte_and_no_more(api: TestClient) -> None:
    most = b'{"changes": []}'.ljust(LARGEST)
    assert api.post("/check", content=most).status_code == 200
    assert api.post("/check", content=most + b" ").status_code == 413


def test_of_a_request_without_an_end_no_more_is_read_than_is_allowed(hashed: Session) -> None:
    sent: list[Any] = []
    asked = 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b" " * 2**16, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(application(hashed, door())(scope("/check"), receive, send))
    assert sent[0]["status"] == 413
    assert asked == LARGEST // 2**16 + 1


def test_a_request_that_never_comes_in_is_given_up(hashed: Session) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(application(hashed, door(patience=0.05))(scope("/check"), receive, send), 10))
    assert sent[0]["status"] == 408


def test_a_check_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    slow, done = session_of(HOME / "estate.yaml"), threading.Event()
    judge = Session.judge

    def waits(self: Session, asked: Asked) -> Judged:
        done.wait(10)
        return judge(self, asked)

    monkeypatch.setattr(Session, "judge", waits)
    answer = client(slow, patience=0.2).post("/check", json={})
    done.set()
    assert answer.status_code == 408
    assert "longer than 0.2 seconds" in answer.json()["errors"][0]["message"]


def scope(path: str) -> dict[str, Any]:
    headers = [(b"host", HOST.encode()), (TOKEN_HEADER.lower().encode(), TOKEN.encode())]
    return {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "root_path": ""}


@pytest.mark.parametrize(
    "path",
    [
        "/page/body.html",
        "/page/../session.py",
        "/..%2f..%2fapi.py",
        "/%2e%2e/guard.py",
        "/../../etc/passwd",
        "//etc/passwd",
        "/estate.yaml",
        "/%00",
    ],
)
def test_no_file_is_ever_served(api: TestClient, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "E321"


def test_a_method_that_there_is_not_is_reported(api: TestClient) -> None:
    for method, path in (("GET", "/check"), ("DELETE", "/session"), ("PUT", "/"), ("TRACE", "/check")):
        answer = api.request(method, path)
        assert answer.status_code == 405
        assert answer.json()["errors"]


def test_every_answer_forbids_what_a_page_needs_not(api: TestClient) -> None:
    for answer in (api.get("/"), api.post("/check", json={}), api.get("/nowhere"), api.get("/", headers={"Host": "x"})):
        rules = answer.headers["content-security-policy"]
        assert rules.startswith("default-src 'none'; ")
        assert "'self'" not in rules.replace("connect-src 'self'", "")
        assert "unsafe" not in rules
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_only_the_style_and_the_script_of_the_page_have_an_effect(api: TestClient) -> None:
    answer = api.get("/")
    rules, text = answer.headers["content-security-policy"], answer.text
    for name in ("style", "script"):
        (inner,) = re.findall(f"<{name}>(.*?)</{name}>", text, re.S)
        hashed = b64encode(sha256(inner.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{hashed}';" in rules
    assert not re.search(r"\s(style|on[a-z]+)=", re.sub("<(style|script)>.*?</\\1>", "", text, flags=re.S))


def test_more_than_a_few_requests_do_not_wait(hashed: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_MOST_WAITING", 0)
    assert client(hashed).post("/check", json={}).status_code == 429
