"""Lay out and draw pictures with the layout engine of the pages, in an embedded JavaScript engine (the extra `svg`)."""

from __future__ import annotations

import json
from functools import lru_cache
from threading import local
from typing import Any

from privacy_rules.drawing.script import bundled
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError

_PATIENCE, _MEMORY, _STACK = 120, 2**30, 2**22
_engines = local()  # an engine belongs to the thread that begins it
_DRAW = """(() => {{
"use strict";
{modules}
globalThis.drawn = (picture, how) => JSON.stringify(_svg.draw(JSON.parse(picture), JSON.parse(how)));
}})();
"""


def is_available() -> bool:
    """Whether the extra is installed."""
    try:
        import quickjs  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def laid_out(picture: dict[str, Any]) -> dict[str, Any]:
    """Return a picture as `svg` (what is in the element), `width` and `height`. Raises InputError without the extra."""
    try:
        found: dict[str, Any] = json.loads(_drawn(json.dumps(picture)))
    except ModuleNotFoundError as error:
        help_ = "install it: `pip install 'privacy-rules[svg]'`; `--format html` needs no extra"
        raise InputError([Diagnostic(codes.NO_EXTRA, "drawing as SVG needs the extra `svg`", help=help_)]) from error
    return found


@lru_cache(maxsize=32)
def _drawn(picture: str) -> str:
    if not hasattr(_engines, "draw"):
        _engines.draw = _begun()
    return str(_engines.draw(picture, "{}"))


def _begun() -> Any:
    import quickjs

    context = quickjs.Context()
    context.set_memory_limit(_MEMORY)
    context.set_max_stack_size(_STACK)
    context.set_time_limit(_PATIENCE)
    context.eval(_DRAW.format(modules=bundled("svg")))
    return context.get("drawn")
