"""HTML pages that need no network and no other file, and in which no name can become markup.

Markup has a type of its own, `Html`. A plain string is not `Html`, so `element` and `joined` escape it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from privacy_rules.source.invisible_characters import visible

_QUOTED = re.compile("`([^`]+)`")


class Html(str):
    """Markup in which all text is escaped. String methods turn it into plain text again."""

    __slots__ = ()


NEWLINE = Html("\n")
"""A line end between elements; in text, a line end would be escaped."""


def text(plain: str) -> Html:
    """Escape text for an element or a quoted attribute; invisible characters become escapes. Markup stays as it is."""
    return plain if isinstance(plain, Html) else Html(escape(visible(plain), quote=True))


def words(message: str) -> Html:
    """One of our messages: text between backticks as code, the rest as text."""
    return Html(_QUOTED.sub(r"<code>\1</code>", text(message)))


def joined(*pieces: str) -> Html:
    """Pieces one after the other; those that are plain text are escaped."""
    return Html("".join(map(text, pieces)))


def element(name: str, *inner: str, **attributes: str) -> Html:
    """An element around markup and text (`class_` is the attribute `class`, `data_kind` is `data-kind`)."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{written}>{joined(*inner)}</{name}>")


def bullets(items: Iterable[str]) -> Html:
    """A list of markup and text."""
    return element("ul", *(element("li", each) for each in items))


def definitions(rows: Iterable[tuple[str, str]]) -> Html:
    """A list of names, each with markup or text."""
    return element("dl", *(piece for name, inner in rows for piece in (element("dt", name), element("dd", inner))))


def table(head: Iterable[str], rows: Iterable[Html]) -> Html:
    """A table that scrolls sideways if it is too wide."""
    columns = element("thead", element("tr", *head))
    return element("div", element("table", columns, element("tbody", *rows)), class_="wide")


def page(title: str, body: Iterable[Html], style: str = "", script: str = "") -> str:
    """A whole report, with `style` after the common style; only `script` may run."""
    return document(title, body, f"\n{palette()}{resource(__package__, 'page.css')}{style}", script)


def document(title: str, body: Iterable[Html], style: str, script: str, allowed: str = "") -> str:
    """A whole page that allows only `style`, `script` and what `allowed` adds to its content security policy."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{security_policy(style, script, allowed)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{''.join(body)}<script>{script}</script>\n</body>\n</html>\n"
    )


def security_policy(style: str, script: str, allowed: str = "") -> str:
    """The content security policy of a page: nothing from outside, and only this style and this script."""
    own = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    return f"{own}; {allowed}" if allowed else own


def filter_script() -> str:
    """The script of a page whose findings can be filtered."""
    return f"\n{resource(__package__, 'filter.js')}"


def filled(package: str, name: str, **parts: str) -> Html:
    """A template that comes with a package of ours, with a part for each `$name` in it; text is escaped."""
    return Html(Template(resource(package, name)).substitute({key: text(part) for key, part in parts.items()}))


def palette() -> str:
    """The colours of all pages and pictures, as variables of CSS."""
    return resource(__package__, "palette.css")


def data(id_: str, json: str) -> Html:
    """JSON for the script of a page, which cannot end the element that it is in."""
    safe = json.replace("<", "\\u003c")
    return Html(f'<script type="application/json" id="{text(id_)}">{safe}</script>\n')


@cache
def resource(package: str, name: str) -> str:
    """The text of a file that comes with a package of ours, such as a style."""
    return (files(package) / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
