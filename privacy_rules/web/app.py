"""The application: the page, its files, and the JSON API over one session.

GET  /               the page            GET  /openapi.json   what the API takes and gives
GET  /session        the policy's words  POST /check, /what-if, /estate, /explain, /patch
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from privacy_rules.reports.check.json import document
from privacy_rules.reports.errors import as_json
from privacy_rules.reports.explanation.json import document as explanation
from privacy_rules.reports.markup.json import dumps
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import InputError
from privacy_rules.web.guard import App, Door, Guard
from privacy_rules.web.openapi import description
from privacy_rules.web.request_body import read_asked, read_question, refused
from privacy_rules.web.responses import of_delta, of_estate, of_session
from privacy_rules.web.session import Session

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "LICENSE": "text/plain; charset=utf-8",
}
_MOST_WAITING = 16
Answer = Callable[[Session, bytes], Any]


def application(session: Session, door: Door) -> App:
    """The application, guarded. `door.open_to_all` should be `is_open`."""
    work = _Work(session)
    routes = [
        Route("/", _file("index.html")),
        *(Route(f"/page/{name}", _file(name)) for name in page_files()),
        Route("/openapi.json", _openapi),
        Route("/session", work.answer(lambda here, _: of_session(here)), methods=["GET"]),
        *(Route(path, work.answer(each), methods=["POST"]) for path, each in _ANSWERS.items()),
    ]
    handlers: Any = {HTTPException: _no_such}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), door)


def is_open(path: str) -> bool:
    """Whether a path may be read without the token: the page, which knows nothing yet, and the API's description."""
    return path in ("/", "/openapi.json") or path.removeprefix("/page/") in page_files()


@cache
def page_files() -> tuple[str, ...]:
    """The files of the page, by their paths below it: these, and no others, are ever served."""
    found = []
    waiting = [("", files("privacy_rules.web") / "page")]
    while waiting:
        above, folder = waiting.pop()
        for each in folder.iterdir():
            if each.is_dir():
                waiting.append((f"{above}{each.name}/", each))
            elif each.name.rpartition(".")[2] in _TYPES:
                found.append(f"{above}{each.name}")
    return tuple(sorted(found))


def _check(session: Session, body: bytes) -> Any:
    return document(session.judge(read_asked(body)).report)


def _what_if(session: Session, body: bytes) -> Any:
    return of_delta(session.start, session.judge(read_asked(body)))


def _estate(session: Session, body: bytes) -> Any:
    return of_estate(session.judge(read_asked(body)), session.policy)


def _patch(session: Session, body: bytes) -> Any:
    return {"patch": session.patch(read_asked(body))}


def _explain(session: Session, body: bytes) -> Any:
    asked, rule, subject = read_question(body)
    found = session.explain(asked, rule, subject)
    against = (
        each for each in session.judge(asked).report.findings if each.rule == rule and each.subject.id == subject
    )
    return explanation(found, next(against, None))


_ANSWERS: dict[str, Answer] = {
    "/check": _check,
    "/what-if": _what_if,
    "/estate": _estate,
    "/explain": _explain,
    "/patch": _patch,
}


class _Work:
    """Judges one request at a time, outside the server's event loop. A request whose client has left is not started."""

    def __init__(self, session: Session) -> None:
        self.session, self.waiting = session, 0
        self.worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")

    def answer(self, made: Answer) -> Callable[[Request], Any]:
        """The handler of a path."""

        async def handle(request: Request) -> Response:
            if self.waiting >= _MOST_WAITING:
                return _json(as_json([refused("too many requests wait already")]), 429)
            body = await request.body()
            self.waiting += 1
            try:
                loop = asyncio.get_running_loop()
                return _json(await loop.run_in_executor(self.worker, self._told, made, body))
            except InputError as error:
                malformed = any(each.code == codes.REQUEST for each in error.diagnostics)
                return _json(as_json(error.diagnostics), 400 if malformed else 422)
            finally:
                self.waiting -= 1

        return handle

    def _told(self, made: Answer, body: bytes) -> str:
        told = made(self.session, body)
        return dumps(told) if isinstance(told, dict) and "findings" in told else json.dumps(told, separators=(",", ":"))


def _json(text: str, status: int = 200) -> Response:
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


async def _openapi(_: Request) -> Response:
    return _json(dumps(description()))


def _file(name: str) -> Callable[[Request], Any]:
    content = (files("privacy_rules.web") / "page").joinpath(*name.split("/")).read_bytes()
    media = _TYPES[name.rpartition(".")[2]]

    async def handle(_: Request) -> Response:
        return Response(content, media_type=media, headers={"Cache-Control": "no-cache"})

    return handle


async def _no_such(request: Request, error: Exception) -> Response:
    """There is no such path, or not for this method."""
    assert isinstance(error, HTTPException)
    told = f"there is no {request.method} of `{request.url.path[:100]}`"
    found = _json(as_json([refused(told, "`/openapi.json` says what there is")]), error.status_code)
    found.headers.update(error.headers or {})
    return found
