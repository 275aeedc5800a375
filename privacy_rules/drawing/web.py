"""A picture as one HTML file: zoom, drag, filter, and on what is pointed at its neighbours and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.drawing.picture import Arrow, Box, Grade, Picture
from privacy_rules.drawing.vector import STYLE as OF_SVG
from privacy_rules.drawing.vector import as_svg
from privacy_rules.reports.html_page import STYLE, element, page, text

_STYLE = (
    STYLE
    + OF_SVG
    + """
body { max-width: none; }
main { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1rem; }
#canvas { border: 1px solid var(--line); border-radius: .4rem; overflow: auto; max-height: 80vh; }
#canvas svg { display: block; transform-origin: 0 0; }
aside { font-size: .9rem; } aside h2 { margin-top: 0; }
.chosen rect, .chosen path { stroke-width: 4; } .pale { opacity: .12; }
g[tabindex]:focus { outline: none; } g[tabindex]:focus-visible rect, g[tabindex]:focus-visible path { stroke-width: 5; }
#told { white-space: pre-line; }
.legend { margin: .4rem 0; font-size: .9rem; } .legend .swatch:not(:first-child) { margin-left: 1rem; }
.swatch { display: inline-block; width: 2rem; border-top: 2px solid #8b939b; vertical-align: middle; }
.swatch.violation { border-top: 3px solid #b3171d; } .swatch.undetermined { border-top: 2px dashed #8a5a00; }
@media (max-width: 50rem) { main { grid-template-columns: 1fr; } }
"""
)

_SCRIPT = """
(function () {
  "use strict";
  var svg = document.querySelector("svg"), told = document.getElementById("told"), words = document.getElementById("words");
  var bad = document.getElementById("bad"), scale = 1;
  var boxes = Array.prototype.slice.call(svg.querySelectorAll("g.box"));
  var arrows = Array.prototype.slice.call(svg.querySelectorAll("g.arrow"));
  var usual = told.textContent;
  function id(each) { return each.getAttribute("data-id"); }
  function ends(each) { return [each.getAttribute("data-source"), each.getAttribute("data-target")]; }
  function words_of(each) { return each.querySelector("title").textContent; }
  function wanted(each) {
    var text = words_of(each).toLowerCase(), asked = words.value.toLowerCase().split(/\\s+/).filter(Boolean);
    var wrong = each.classList.contains("violation") || each.classList.contains("undetermined");
    return asked.every(function (word) { return text.indexOf(word) >= 0; }) && (!bad.checked || wrong);
  }
  function filter() {
    var all = !words.value && !bad.checked, seen = {};
    arrows.forEach(function (each) {
      var fits = all || wanted(each);
      each.classList.toggle("pale", !fits);
      if (fits) { ends(each).forEach(function (end) { seen[end] = true; }); }
    });
    boxes.forEach(function (each) { each.classList.toggle("pale", !(all || seen[id(each)] || wanted(each))); });
  }
  function choose(each) {
    boxes.concat(arrows).forEach(function (other) { other.classList.remove("chosen"); });
    if (!each) { told.textContent = usual; filter(); return; }
    each.classList.add("chosen");
    told.textContent = words_of(each);
    var mine = each.classList.contains("box") ? [id(each)] : ends(each), near = {};
    arrows.forEach(function (arrow) {
      var on = arrow === each || (each.classList.contains("box") && ends(arrow).indexOf(mine[0]) >= 0);
      arrow.classList.toggle("pale", !on);
      if (on) { ends(arrow).forEach(function (end) { near[end] = true; }); }
    });
    boxes.forEach(function (box) { box.classList.toggle("pale", !near[id(box)] && mine.indexOf(id(box)) < 0); });
  }
  boxes.concat(arrows).forEach(function (each) {
    each.setAttribute("tabindex", "0");
    each.setAttribute("role", "button");
    each.setAttribute("aria-label", words_of(each));
    each.addEventListener("click", function (event) { choose(each); event.stopPropagation(); });
    each.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { choose(each); event.preventDefault(); }
    });
  });
  svg.addEventListener("click", function () { choose(null); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { choose(null); } });
  function zoom(by) {
    scale = Math.min(4, Math.max(0.1, scale * by));
    svg.style.width = svg.viewBox.baseVal.width * scale + "px";
    svg.style.height = svg.viewBox.baseVal.height * scale + "px";
  }
  document.getElementById("nearer").addEventListener("click", function () { zoom(1.25); });
  document.getElementById("farther").addEventListener("click", function () { zoom(0.8); });
  document.getElementById("filter").addEventListener("input", filter);
  document.getElementById("filter").addEventListener("submit", function (event) { event.preventDefault(); });
  document.documentElement.classList.add("ready");
  zoom(Math.max(0.8, Math.min(1, (document.getElementById("canvas").clientWidth - 4) / svg.viewBox.baseVal.width)));
}());
"""


_LEGEND = (
    '<p class="legend dim"><span class="swatch"></span> nothing is found against it '
    '<span class="swatch violation"></span> breaks a rule, or lies on the path of what does '
    '<span class="swatch undetermined"></span> cannot be decided; frames are parties with their roles</p>\n'
)


def _counted(drawn: Sequence[Box | Arrow], one: str, several: str) -> str:
    """How many there are, and how many of them are bad."""
    told = f"{len(drawn):,} {one if len(drawn) == 1 else several}"
    bad = [
        (sum(each.grade is grade for each in drawn), grade.name.lower())
        for grade in (Grade.VIOLATION, Grade.UNDETERMINED)
    ]
    words = ", ".join(
        f"{count:,} in {word}" if word == "violation" else f"{count:,} {word}" for count, word in bad if count
    )
    return f"{told}, of these {words}" if words else told


def as_html(drawn: Picture, title: str) -> str:
    """The whole page. Without scripts it is the picture, with a tooltip at everything."""
    about = f"{_counted(drawn.boxes, 'box', 'boxes')}; {_counted(drawn.arrows, 'arrow', 'arrows')}"
    body = (
        f"<header>{element('h1', text(title))}{element('p', text(about), class_='dim')}"
        f"{element('p', text(drawn.left_out), class_='dim') if drawn.left_out else ''}</header>\n"
        '<form id="filter" role="search"><label for="words">Filter</label>'
        '<input type="search" id="words" placeholder="words: a system, category, purpose, rule ...">'
        '<label><input type="checkbox" id="bad"> only what is wrong</label>'
        '<button type="button" id="farther" aria-label="zoom out">−</button>'
        '<button type="button" id="nearer" aria-label="zoom in">+</button></form>\n'
        f'{_LEGEND}<main><div id="canvas" tabindex="0" aria-label="the flows">{as_svg(drawn, styled=False)}</div>'
        f"<aside>{element('h2', 'What is pointed at')}"
        f"{element('p', 'Choose a box or an arrow: its neighbours stay, and what is wrong with it stands here.', id='told')}"
        "</aside></main>\n"
    )
    return page(title, [body], _STYLE, _SCRIPT)
