"""Build the explorer's page as one document: empty for the server, or with all its data as a separate file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from privacy_rules.drawing.script import bundled
from privacy_rules.reports.markup.html import Html, data, document, filled, palette, resource, security_policy

_HERE, _DRAWING = "privacy_rules.web", "privacy_rules.drawing"
_STYLES = ((_HERE, "page/style.css"), (_HERE, "page/lists.css"), (_DRAWING, "svg.css"), (_HERE, "page/graph.css"))
_LIVE = "connect-src 'self'"


@cache
def served() -> tuple[str, str]:
    """The page that asks a server for everything, and its content security policy."""
    style, code = _style(), script()
    return document("Privacy rules: explore", [_body()], style, code, _LIVE), security_policy(style, code, _LIVE)


def alone(title: str, shown: Mapping[str, Any], first: str) -> str:
    """The page as a file that needs no server: with all answers, and a first picture that needs no script."""
    held = data("data", json.dumps(shown, separators=(",", ":")))
    return document(title, [_body(Html(first)), held], _style(), script())


def _body(picture: Html = Html("")) -> Html:  # noqa: B008 -- it is immutable
    return filled(_HERE, "page/body.html", picture=picture)


def _style() -> str:
    return "\n".join(["", palette(), *(resource(*each) for each in _STYLES)])


@cache
def script() -> str:
    """All modules of the page as one script."""
    return f'(() => {{\n"use strict";\n{bundled("main", _HERE, "page/js")}}})();\n'
