"""Build the explorer's page as one document: empty for the server, or with all its data as a separate file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from privacy_rules.reports.markup.html import Html, data, document, filled, palette, resource, security_policy

_HERE, _DRAWING = "privacy_rules.web", "privacy_rules.drawing"
_STYLES = ((_HERE, "page/style.css"), (_HERE, "page/lists.css"), (_DRAWING, "svg.css"), (_HERE, "page/graph.css"))
_LIVE = "connect-src 'self'"
_IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


@cache
def served() -> tuple[str, str]:
    """The page that asks a server for everything, and its content security policy."""
    style, code = _style(), script()
    return document("Privacy rules: explore", [_body()], style, code, _LIVE), security_policy(style, code, _LIVE)


def alone(title: str, shown: Mapping[str, Any], first: str) -> str:
    """The page as a file that needs no server: with all answers, and with its first picture in place, for those without scripts."""
    held = data("data", json.dumps(shown, separators=(",", ":")))
    return document(title, [_body(Html(first)), held], _style(), script())


def _body(picture: Html = Html("")) -> Html:  # noqa: B008 -- it is immutable
    return filled(_HERE, "page/body.html", picture=picture)


def _style() -> str:
    return "\n".join(["", palette(), *(resource(*each) for each in _STYLES)])


@cache
def script() -> str:
    """All modules of the page as one script. Each becomes a function that returns its exports, and comes after the modules that it imports."""
    order = dict[str, str]()
    _add("main", order, ())
    return f'(() => {{\n"use strict";\n{"".join(order.values())}}})();\n'


def _add(name: str, order: dict[str, str], above: tuple[str, ...]) -> None:
    assert name not in above, f"modules import each other: {(*above, name)}"
    code = resource(_HERE, f"page/js/{name}.js")
    for _, other in _IMPORT.findall(code):
        if other not in order:
            _add(other, order, (*above, name))
    names = ", ".join(each for _, each in _EXPORT.findall(code))
    inner = _EXPORT.sub(r"\1 \2", _IMPORT.sub(_bound, code))
    assert not _LEFT.search(inner), f"{name}.js: {_LEFT.findall(inner)} is not of the form that is bundled"
    order[name] = f"const {_constant(name)} = (() => {{\n{inner}return {{ {names} }};\n}})();\n"


def _bound(found: re.Match[str]) -> str:
    names = found[1].replace(" as ", ": ") if found[1].startswith("{") else found[1].removeprefix("* as ")
    return f"const {names} = {_constant(found[2])};"


def _constant(module: str) -> str:
    return f"_{module.replace('-', '_')}"
