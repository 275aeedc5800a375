"""Pictures as one HTML file with levels of detail: parties, systems and what flows carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from privacy_rules.drawing.layout import EFFORT
from privacy_rules.drawing.picture import Arrow, Box, Grade
from privacy_rules.drawing.svg import as_svg
from privacy_rules.drawing.views import Told, View, Views
from privacy_rules.reports.markup.html import NEWLINE, Html, element, joined, page, resource
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.words import counted

_EFFORT = 2 * EFFORT
"""All views of a page share it, so that a page of many views takes no longer than two pictures."""


def as_html(views: Views, title: str) -> str:
    """Return the whole page. Without scripts it shows the first picture, in which everything has a tooltip."""
    first, effort = views.views[0], min(EFFORT, _EFFORT // len(views.views))
    drawn = [as_svg(each.picture, styled=False, effort=effort) for each in views.views]
    body = [
        element("header", element("h1", title), element("p", _about(first), class_="dim", id="about")),
        NEWLINE,
        _form(views),
        element("main", element("div", drawn[0], id="canvas"), _aside(views)),
        Html(f"\n<footer>{_LEGEND}{_KEYS}</footer>\n"),
        *map(_kept, views.views, drawn),
        Html(f'<script type="application/json" id="findings-data">{_data(views.findings)}</script>\n'),
    ]
    style = resource(__package__, "svg.css") + resource(__package__, "page.css")
    return page(title, body, style, resource(__package__, "page.js"))


def _about(view: View) -> str:
    drawn = view.picture
    folds = sum(each.folds > 0 for each in drawn.boxes)
    boxes = _graded([each for each in drawn.boxes if not each.folds], "system")
    told = [boxes] if len(drawn.boxes) > folds else []
    told += [counted(folds, "folded box")] if folds else []
    told += [_graded(drawn.arrows, "arrow")]
    return "; ".join([*told, *([drawn.left_out] if drawn.left_out else [])])


def _graded(drawn: Sequence[Box | Arrow], noun: str) -> str:
    """How many boxes or arrows there are, and how many of them are red or dashed."""
    told = counted(len(drawn), noun)
    bad = sum(each.grade is Grade.VIOLATION for each in drawn)
    unsure = sum(each.grade is Grade.UNDETERMINED for each in drawn)
    marks = [f"{bad:,} red"] * bool(bad) + [f"{unsure:,} dashed"] * bool(unsure)
    return f"{told} ({', '.join(marks)})" if marks else told


def _form(views: Views) -> Html:
    options = joined(
        *(
            element("optgroup", *(element("option", each.name, value=each.id) for each in members), label=group)
            for group, members in groupby(views.views, key=lambda each: each.group)
        )
    )
    button = '<button type="button" id="{}" aria-label="{}">{}</button>'
    zoom = "".join(
        button.format(*each)
        for each in (("nearer", "zoom in", "+"), ("farther", "zoom out", "−"), ("fit", "fit to the width", "⤢"))
    )
    return Html(
        '<form id="filter" role="search"><label for="view">Show</label>'
        f'<select id="view">{options}</select>'
        '<span class="pair"><label for="words">Filter</label>'
        '<input type="search" id="words" placeholder="system, category, purpose, rule"></span>'
        '<label class="check"><input type="checkbox" id="bad"> only what is wrong</label>'
        f'<button type="button" id="list" aria-expanded="false" aria-controls="side">{_summary(views)}</button><span class="zoom">{zoom}</span></form>\n'
    )


def _summary(views: Views) -> str:
    bad = sum(each.grade is Grade.VIOLATION for each in views.findings)
    unsure = sum(each.grade is Grade.UNDETERMINED for each in views.findings)
    told = [counted(bad, "violation")] if bad else []
    told += [f"{unsure:,} undetermined"] if unsure else []
    more = f" and {views.left_out:,} more" if views.left_out else ""
    return f"{', '.join(told) or 'nothing found'}{more}"


def _aside(views: Views) -> Html:
    buttons = [
        element(
            "li",
            element(
                "button",
                element("b", each.rule),
                f" {each.message}",
                class_=each.grade.name.lower(),
                type="button",
                data_number=str(number),
            ),
        )
        for number, each in enumerate(views.findings)
    ]
    more = element("p", f"{views.left_out:,} more are not listed", class_="dim") if views.left_out else ""
    found = (element("ol", *buttons, id="findings"), more) if buttons else (element("p", "Nothing is found."),)
    return joined(
        Html(
            '<aside id="side" aria-label="details" tabindex="-1" hidden><button type="button" id="close">Close</button>'
        ),
        Html('<div id="told" role="status"></div><h2>Findings</h2>'),
        *found,
        Html("</aside>"),
    )


def _kept(view: View, drawn: Html) -> Html:
    return joined(element("template", drawn, data_view=view.id, data_about=_about(view)), NEWLINE)


def _data(findings: Iterable[Told]) -> str:
    """The findings as JSON that cannot end a script element. Invisible characters are escaped, as in the picture."""
    told = [
        {
            "rule": visible(each.rule),
            "message": visible(each.message),
            "systems": list(map(visible, each.systems)),
            "flows": list(map(visible, each.flows)),
            "view": visible(each.view) if each.view else each.view,
        }
        for each in findings
    ]
    return json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")


_LEGEND = (
    '<p class="legend dim"><span><i class="swatch"></i> no findings</span>'
    '<span><i class="swatch violation"></i> violates a rule, or is on the path of a violation</span>'
    '<span><i class="swatch undetermined"></i> cannot be decided</span>'
    "<span>frames are parties; a double frame stands for several systems</span>"
    "<span>at an arrow: data, then <i>purpose</i>; +2 is two more, ? is undeclared</span></p>\n"
)
_KEYS = (
    '<p class="keys dim">In the picture: arrow keys go from box to box, <kbd>f</kbd> along its flows, '
    "<kbd>Enter</kbd> chooses or unfolds, <kbd>u</kbd> folds again, <kbd>Esc</kbd> clears the selection, <kbd>+</kbd> "
    "<kbd>−</kbd> <kbd>0</kbd> zoom. Labels of flows appear when you zoom in.</p>\n"
)
