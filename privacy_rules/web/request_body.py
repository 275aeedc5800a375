"""Parse the JSON body of a request; errors are reported like those in any other input.

{"changes": [{"remove": {"flow": "signup"}}], "as_of": "2026-11-01", "rule": "no_selling", "subject": "signup"}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, NoReturn

from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError, refuse
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.source.words import lower_first
from privacy_rules.vocabulary.values import read_date
from privacy_rules.web.session import Asked

_KEYS = ("changes", "as_of")
_LONGEST_NUMBER = 100
_SHOWN = 60


def read_asked(body: bytes) -> Asked:
    """A change set and a day; both may be left out. Raises InputError."""
    return _asked(_map(body, _KEYS))


def read_question(body: bytes) -> tuple[Asked, str, str]:
    """Parse a request with a rule and a subject. Raises InputError."""
    found = _map(body, (*_KEYS, "rule", "subject"))
    named = [found.get(each) for each in ("rule", "subject")]
    missing = [each for each in ("rule", "subject") if not isinstance(found.get(each), str)]
    if missing:
        wrong = [f"`{each}` is not text" if each in found else f"there is no `{each}`" for each in missing]
        raise InputError([refused(each) for each in wrong])
    return _asked(found), str(named[0]), str(named[1])


def read_view(body: bytes) -> tuple[Asked, list[str]]:
    """Parse a request for a picture: a change set, a day, and the names of a view. Raises InputError."""
    found = _map(body, (*_KEYS, "view"))
    view = found.get("view", [])
    if not isinstance(view, list) or not all(isinstance(each, str) for each in view):
        raise InputError([refused("`view` is not a list of names", 'write one such as `["party:us"]`')])
    return _asked(found), view


def refused(message: str, help_: str | None = None) -> Diagnostic:
    """Return the error for a request."""
    return Diagnostic(codes.REQUEST, message, help=help_)


def _asked(found: dict[str, Any]) -> Asked:
    wrong, changes, day = [], found.get("changes", []), None
    if not isinstance(changes, list):
        wrong.append(refused("`changes` is not a list", "write `[{…}, {…}]`, a map for each change"))
    if found.get("as_of") is not None:
        given = found["as_of"]
        day = read_date(given) if isinstance(given, str) else None
        if day is None:
            wrong.append(refused("`as_of` is not a day of the calendar", "write one such as `2026-11-01`"))
    refuse(wrong)
    return Asked(changes, day)


def _map(body: bytes, known: Collection[str]) -> dict[str, Any]:
    found = _json(body)
    if not isinstance(found, dict):
        raise InputError([refused("the request is not a JSON object", 'write `{"changes": […]}`')])
    strange = [each for each in found if each not in known]
    if strange:
        raise InputError([_strange(each, known) for each in strange[:10]])
    return found


def _strange(name: str, known: Iterable[str]) -> Diagnostic:
    listed = ", ".join(f"`{each}`" for each in known)
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    return refused(f"unknown key `{shown}`", did_you_mean(name[:_SHOWN], known) or f"the keys are {listed}")


def _json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
        return json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=_no_number, object_pairs_hook=_pairs
        )
    except UnicodeDecodeError as error:
        raise InputError([refused("the request is not UTF-8")]) from error
    except RecursionError as error:
        raise InputError([refused("the request is nested too deeply")]) from error
    except json.JSONDecodeError as error:
        message = f"the request is not valid JSON: {lower_first(error.msg)}"
        raise InputError([refused(f"{message}, line {error.lineno}, column {error.colno}")]) from error


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise InputError([refused(f"a number has more than {_LONGEST_NUMBER} digits")])
    return Decimal(text)


def _no_number(text: str) -> NoReturn:
    raise InputError([refused(f"`{text}` is not a number")])


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError([refused(f"the key `{twice[:_SHOWN]}` is given twice in one map")])
    return found
