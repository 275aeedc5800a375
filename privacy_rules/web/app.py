"""The application: the page, and the JSON API over one session.

GET  /               the page            GET  /openapi.json   what the API takes and gives
GET  /session        the policy's words  POST /check, /what-if, /estate, /picture, /days, /explain, /patch, /repair, /forecast
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from privacy_rules.reports.check.json import document, errors
from privacy_rules.reports.errors import Errors
from privacy_rules.reports.explanation.json import document as explanation
from privacy_rules.reports.forecast import json as forecast_json
from privacy_rules.reports.markup.json import dumps
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair import json as repair_json
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.web.document import served
from privacy_rules.web.guard import App, Door, Guard
from privacy_rules.web.openapi import description
from privacy_rules.web.request_body import read_asked, read_question, read_view, refused
from privacy_rules.web.responses import of_delta, of_estate, of_picture, of_session
from privacy_rules.web.session import Session

_MOST_WAITING = 16
Answer = Callable[[Session, bytes], Any]


def application(session: Session, door: Door) -> App:
    """The application, guarded. `door.open_to_all` should be `is_open`."""
    work = _Work(session)
    routes = [
        Route("/", _page),
        Route("/openapi.json", _openapi),
        Route("/session", work.answer(lambda here, _: of_session(here)), methods=["GET"]),
        *(Route(path, work.answer(each), methods=["POST"]) for path, each in _ANSWERS.items()),
    ]
    handlers: Any = {HTTPException: _no_such}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), door)


def is_open(path: str) -> bool:
    """Whether a path may be read without the token: the page, which has no data yet, and the API's description."""
    return path in ("/", "/openapi.json")


def _check(session: Session, body: bytes) -> Any:
    return document(session.judge(read_asked(body)).report)


def _what_if(session: Session, body: bytes) -> Any:
    return of_delta(session.start, session.judge(read_asked(body)))


def _estate(session: Session, body: bytes) -> Any:
    return of_estate(session.judge(read_asked(body)), session.policy)


def _picture(session: Session, body: bytes) -> Any:
    asked, view = read_view(body)
    return of_picture(session.start, session.judge(asked), session.policy, view)


def _days(session: Session, body: bytes) -> Any:
    return {"days": [each.isoformat() for each in session.days(read_asked(body))]}


def _patch(session: Session, body: bytes) -> Any:
    return {"patch": session.patch(read_asked(body))}


def _repair(session: Session, body: bytes) -> Any:
    return json.loads(repair_json.render(session.repair(*read_question(body)), View()))


def _forecast(session: Session, body: bytes) -> Any:
    return json.loads(forecast_json.render(session.forecast(read_asked(body)), View()))


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
    "/picture": _picture,
    "/days": _days,
    "/explain": _explain,
    "/patch": _patch,
    "/repair": _repair,
    "/forecast": _forecast,
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
                return _errors([refused("too many requests are already waiting")], 429)
            body = await request.body()
            self.waiting += 1
            try:
                loop = asyncio.get_running_loop()
                return _json(await loop.run_in_executor(self.worker, self._answer_text, made, body))
            except InputError as error:
                malformed = any(each.code == codes.REQUEST for each in error.diagnostics)
                return _errors(error.diagnostics, 400 if malformed else 422)
            finally:
                self.waiting -= 1

        return handle

    def _answer_text(self, made: Answer, body: bytes) -> str:
        answer = made(self.session, body)
        return (
            dumps(answer)
            if isinstance(answer, dict) and "findings" in answer
            else json.dumps(answer, separators=(",", ":"))
        )


def _json(text: str, status: int = 200) -> Response:
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def _errors(found: Sequence[Diagnostic], status: int) -> Response:
    return _json(errors(Errors(found)), status)


async def _openapi(_: Request) -> Response:
    return _json(dumps(description()))


async def _page(_: Request) -> Response:
    content, policy = served()
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    return Response(content, media_type="text/html", headers=headers)


async def _no_such(request: Request, error: Exception) -> Response:
    """Answer a request whose path does not exist, or does not accept the method."""
    assert isinstance(error, HTTPException)
    message = f"there is no {request.method} of `{request.url.path[:100]}`"
    found = _errors([refused(message, "`/openapi.json` says what there is")], error.status_code)
    found.headers.update(error.headers or {})
    return found
