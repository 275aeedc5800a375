"""The frame of a page that stands by itself: no network, no file beside it, and no script but ours, whatever is in the text."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from privacy_rules.source.invisible_characters import visible

_QUOTED = re.compile("`([^`]+)`")

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1c1f23; --dim: #5a626b; --line: #d5d9de; --box: #f4f6f8;
  --bad: #b3171d; --open: #8a5a00; --good: #1a6e36; --link: #0b57b0; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181b; --ink: #e6e8ea; --dim: #a2abb4; --line: #3a4148; --box: #1f2428;
    --bad: #ff8a85; --open: #f0bd5b; --good: #7bd497; --link: #8fc2ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
p { margin: .3rem 0; }
code, .place { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
.dim, .place, dt { color: var(--dim); }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.figures li { border: 1px solid var(--line); border-radius: .4rem; background: var(--box); padding: .4rem .8rem; }
.figures strong { font-size: 1.3rem; display: block; line-height: 1.2; }
.violation { --edge: var(--bad); } .undetermined { --edge: var(--open); }
.waived, .fixed, .compliant { --edge: var(--good); }
.verdict { color: var(--edge); font-weight: 700; }
.tag { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; font-size: .8rem; color: var(--dim); }
article { border: 1px solid var(--line); border-left: .35rem solid var(--edge, var(--line)); border-radius: .4rem;
  margin: .7rem 0; padding: .6rem .9rem; break-inside: avoid; }
article.unchanged { opacity: .8; }
details { margin-top: .4rem; } summary { cursor: pointer; color: var(--link); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .8rem; margin: .4rem 0; }
dd { margin: 0; } dd ul, details ul { margin: 0; padding-left: 1.1rem; }
.path { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 0; list-style: none; margin: .5rem 0; padding: 0; }
.path li { display: flex; align-items: center; }
.path b { font-weight: 600; border: 1px solid var(--edge, var(--line)); border-radius: .35rem; background: var(--box);
  padding: .2rem .55rem; }
.path i { font-style: normal; font-size: .78rem; color: var(--dim); padding: 0 1.1rem 0 .5rem; position: relative;
  border-bottom: 2px solid var(--edge, var(--line)); margin: 0 .2rem; min-width: 3.5rem; text-align: center; }
.path i::after { content: ""; position: absolute; right: -2px; bottom: -6px; border: 5px solid transparent;
  border-left: 9px solid var(--edge, var(--line)); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
form { display: none; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 1rem 0; padding: .6rem .9rem;
  background: var(--box); border: 1px solid var(--line); border-radius: .4rem; position: sticky; top: 0; z-index: 1; }
.ready form { display: flex; } [hidden] { display: none !important; }
input[type=search] { font: inherit; flex: 1 1 12rem; padding: .25rem .5rem; background: var(--paper); color: var(--ink);
  border: 1px solid var(--dim); border-radius: .3rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .3rem; } form { position: static; } }
@media print { form { display: none !important; } details > * { display: block; } body { max-width: none; } }
"""

SCRIPT = """
(function () {
  "use strict";
  var form = document.getElementById("filter"), told = document.getElementById("told");
  if (!form) { return; }
  var all = Array.prototype.slice.call(document.querySelectorAll("article"));
  function show() {
    var words = form.elements.words.value.toLowerCase().split(/\\s+/).filter(Boolean), count = 0;
    var kinds = Array.prototype.filter.call(form.elements.kind, function (box) { return box.checked; })
      .map(function (box) { return box.value; });
    all.forEach(function (each) {
      var text = each.textContent.toLowerCase();
      var fits = kinds.indexOf(each.getAttribute("data-kind")) >= 0 &&
        words.every(function (word) { return text.indexOf(word) >= 0; });
      each.hidden = !fits;
      count += fits ? 1 : 0;
    });
    Array.prototype.forEach.call(document.querySelectorAll("section.rule"), function (section) {
      section.hidden = !section.querySelector("article:not([hidden])");
    });
    told.textContent = count + " of " + all.length + " shown";
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.documentElement.classList.add("ready");
  show();
}());
"""


def page(title: str, body: Iterable[str], style: str = STYLE, script: str = SCRIPT) -> str:
    """A whole page around a body that is HTML already; of scripts only `script` may run."""
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{''.join(body)}<script>{script}</script>\n</body>\n</html>\n"
    )


def text(told: str) -> str:
    """Text as just that text, within an element or a quoted attribute; what cannot be seen is escaped."""
    return escape(visible(told), quote=True)


def words(told: str) -> str:
    """Words of ours: as text, and as code what stands between backticks."""
    return _QUOTED.sub(r"<code>\1</code>", text(told))


def element(name: str, inner: str, **attributes: str) -> str:
    """An element around HTML; the values of attributes are text (`class_` is `class`, `data_kind` is `data-kind`)."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{inner}</{name}>"


def bullets(items: Iterable[str]) -> str:
    """A list of HTML items."""
    return element("ul", "".join(element("li", each) for each in items))


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
