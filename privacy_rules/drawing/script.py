"""Bundle modules of JavaScript into one script, for pages and for the engine that draws files.

Each module becomes a function that returns its exports, and comes after the modules that it imports. The layout engine, elkjs,
is included as it was published, as a module `elk` that answers without waiting.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from privacy_rules.reports.markup.html import resource

_IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_DRAWING = (__package__, "js")
_ELK = """const _elk = (() => {
// elkjs 0.12.1, (c) the authors of the Eclipse Layout Kernel, EPL-2.0: https://github.com/kieler/elkjs
const module = { exports: {} }, exports = module.exports, document = {}, self = globalThis, setTimeout = (done) => done();
"""


@cache
def bundled(main: str, package: str = _DRAWING[0], folder: str = _DRAWING[1]) -> str:
    """Return the module `main` of a folder with all that it imports, from there or from the drawing's modules, as one script."""
    order = dict[str, str]()
    _add(main, (package, folder), order, ())
    return "\n".join(order.values())


def _add(name: str, own: tuple[str, str], order: dict[str, str], above: tuple[str, ...]) -> None:
    assert name not in above, f"modules import each other: {(*above, name)}"
    if name == "elk":
        order[name] = f"{_ELK}{resource(__package__, 'elk/elk-worker.min.js')}\nreturn module.exports;\n}})();\n"
        return
    package, folder = own if (files(own[0]) / own[1] / f"{name}.js").is_file() else _DRAWING
    code = resource(package, f"{folder}/{name}.js")
    for _, other in _IMPORT.findall(code):
        if other not in order:
            _add(other, own, order, (*above, name))
    names = ", ".join(each for _, each in _EXPORT.findall(code))
    inner = _EXPORT.sub(r"\1 \2", _IMPORT.sub(_bound, code))
    assert not _LEFT.search(inner), f"{name}.js: {_LEFT.findall(inner)} is not of the form that is bundled"
    order[name] = f"const {_constant(name)} = (() => {{\n{inner}return {{ {names} }};\n}})();\n"


def _bound(found: re.Match[str]) -> str:
    names = found[1].replace(" as ", ": ") if found[1].startswith("{") else found[1].removeprefix("* as ")
    return f"const {names} = {_constant(found[2])};"


def _constant(module: str) -> str:
    return f"_{module.replace('-', '_')}"
