"""A policy as a page that a browser opens from the disk: rules with their sentences, terms, and what may be disclosed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.english.document import Document, all_but, facts, meaning
from privacy_rules.english.glossary import Entry, Tree
from privacy_rules.english.matrix import Block, Cell, alike, blocks
from privacy_rules.english.sentences import Reading, title_of
from privacy_rules.english.terms import holders, term, words
from privacy_rules.reports.markup.html import STYLE, element, page, text
from privacy_rules.reports.markup.html import words as prose
from privacy_rules.reports.markup.paragraphs import html, html_text
from privacy_rules.reports.policy.markdown import ABOUT_MATRIX, HOW_TO_READ, NO_MATRIX, by_number, left_out, named_here
from privacy_rules.reports.registry import View
from privacy_rules.source.words import listed, plural

_STYLE = (
    STYLE
    + """
main > p, header p, article > p, article > ul { max-width: 48rem; } article { --edge: var(--link); } article ul { padding-left: 1.3rem; margin: .3rem 0; }
article > p, article > ul { font-size: 1.02rem; } .term { font-style: italic; }
nav ol { columns: 2; column-gap: 2rem; padding-left: 1.8rem; font-size: .95rem; } nav li { break-inside: avoid; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
article dl { font-size: .85rem; } dt { color: var(--dim); } h3 { font-size: 1.05rem; } main > h3 { margin-top: 1.4rem; }
.allowed { --edge: var(--good); } .forbidden { --edge: var(--bad); } .open { --edge: var(--open); }
td { vertical-align: top; } td.verdict { font-weight: 400; border-left: .3rem solid var(--edge); color: var(--ink); width: 40%; }
td.verdict strong { color: var(--edge); } .tree ul { margin: 0; padding-left: 1.2rem; }
@media (max-width: 40rem) { nav ol { columns: 1; } table, tbody, tr, td { display: block; } thead { display: none; }
  td { border: 0; padding: .1rem .6rem; } td:first-child { font-weight: 600; } td.for::before { content: "for "; color: var(--dim); }
  td.verdict { width: auto; } tr { border-bottom: 1px solid var(--line); padding: .4rem 0; } }
@media print { nav { display: none; } tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""
)


def render(found: Document, _: View) -> str:
    """The page."""
    return page(f"{found.title}: the rules in plain English", _body(found), _STYLE, "")


def _body(found: Document) -> Iterator[str]:
    about = "".join(element("p", text(each), class_="dim") for each in found.about)
    title = element("h1", text(f"{found.title}: the rules in plain English"))
    yield f"<header>{title}{about}{element('p', html_text(HOW_TO_READ))}</header>\n"
    links = (_link(each) for each in found.readings)
    yield f"<nav>{element('ol', ''.join(element('li', each) for each in links))}</nav>\n<main>\n"
    yield element("h2", "Rules") + "\n"
    for number, reading in enumerate(found.readings, start=1):
        yield _rule(number, reading, found) + "\n"
    if found.clauses:
        rows = "".join(_cells(text(each.cited), each.kind, prose(each.reason)) for each in found.clauses)
        yield element("h2", "Clauses that no rule checks") + _table(("clause", "kind", "why"), rows) + "\n"
    yield from _words(found)
    yield from _matrix(found)
    yield "</main>\n"


def _link(reading: Reading) -> str:
    return element("a", text(title_of(reading.rule)), href=f"#{reading.rule.name}")


def _rule(number: int, reading: Reading, found: Document) -> str:
    rule = reading.rule
    notes = [meaning(each, among=reading.notes) for each in reading.notes]
    said = "".join(html(each) for each in (*reading.passages, *notes))
    told = [("rule", element("code", text(rule.name)))]
    told += [(label, prose(each)) for label, each in facts(rule, found.lifted_by[rule.name])]
    rows = "".join(element("dt", label) + element("dd", each) for label, each in told)
    head = element("h3", f"{number}. {text(title_of(rule))}")
    return element("article", f"{head}{said}{element('dl', rows)}", id=rule.name)


# ---- words


def _words(found: Document) -> Iterator[str]:
    yield element("h2", "What the words mean") + "\n"
    for note in found.definitions:
        yield html(meaning(note, among=found.definitions, lead="")) + "\n"
    for name in found.unused:
        yield element("p", f"“{text(name)}” is defined, and used by no rule.") + "\n"
    for tree in found.trees:
        more = element("p", left_out(tree), class_="dim") if tree.left_out else ""
        entries = element("ul", "".join(_entry(each, tree, found) for each in tree.entries))
        head = element("h3", text(words(tree.vocabulary).capitalize()))
        yield element("section", head + entries + more, class_="tree") + "\n"


def _entry(entry: Entry, tree: Tree, found: Document) -> str:
    also = ", ".join(_term(each, tree, found) for each in entry.also)
    told = _term(entry.term, tree, found) + (f" (also below {also})" if also else "")
    told += f": {prose(entry.description)}" if entry.description else ""
    plain = [each for each in entry.below if not (each.description or each.below or each.also or each.elsewhere)]
    below = [_entry(each, tree, found) for each in entry.below if each not in plain]
    if plain:
        below.append(element("li", _in_line([each.term for each in plain], tree, found)))
    if entry.elsewhere:
        stands = "stands" if len(entry.elsewhere) == 1 else "stand"
        below.append(element("li", f"{_in_line(entry.elsewhere, tree, found)}, which {stands} elsewhere, too"))
    return element("li", told + (element("ul", "".join(below)) if below else ""))


def _in_line(names: Sequence[str], tree: Tree, found: Document) -> str:
    shown, more = tree.shortened(names)
    return ", ".join(_term(each, tree, found) for each in shown) + (f" and {more:,} more" if more else "")


def _term(name: str, tree: Tree, found: Document) -> str:
    return html_text(term(name, found.policy.taxonomy(tree.vocabulary)))


# ---- the matrix


def _matrix(found: Document) -> Iterator[str]:
    yield element("h2", "What may be disclosed to whom, and for what") + "\n"
    if found.matrix is None:
        yield element("p", NO_MATRIX)
        return
    yield element("p", text(ABOUT_MATRIX))
    if found.day:
        yield element("p", f"As of {found.day}.")
    yield element("p", html_text(named_here(found.matrix)))
    for roles in alike(found.matrix):
        yield element("h3", f"To {listed((html_text(holders(each)) for each in roles), 'or')}")
        rows = "".join(_row(each, found) for each in blocks(found.matrix, roles[0]))
        yield _table(("data", "purposes", "verdict"), rows) + "\n"
    if found.matrix.left_out:
        left = ", ".join(html_text(term(each)) for each in found.matrix.left_out)
        yield element("p", f"Left out, for there would be too many lines: {left}.", class_="dim")


def _row(block: Block, found: Document) -> str:
    assert found.matrix is not None
    data = _several(block.data, found.matrix.data, "kind of data named here")
    purposes = _several(block.purposes, found.matrix.purposes, "purpose named here")
    verdict = element("td", _verdict(block.cell, found), class_=f"verdict {block.cell.verdict}")
    return element("tr", element("td", data) + element("td", purposes, class_="for") + verdict)


def _number(name: str, found: Document) -> str:
    rule = found.policy.rule(name)
    return element("a", str(found.numbers[name]), href=f"#{name}", title=title_of(rule) if rule else name)


def _several(some: Sequence[str], every: Sequence[str], noun: str) -> str:
    told, names = all_but(some, every, noun)
    return " ".join(filter(None, (told, listed(html_text(term(each)) for each in names) if names else "")))


def _verdict(cell: Cell, found: Document) -> str:
    if cell.verdict == "forbidden":
        links = [_number(each, found) for each in by_number(cell, found)]
        return f"<strong>forbidden</strong> by {plural('rule', len(links))} {listed(links)}"
    told = f"<strong>depends</strong> on {text('; '.join(cell.by))}" if cell.verdict == "open" else ""
    return told or "<strong>allowed</strong>"


def _table(heads: Sequence[str], rows: str) -> str:
    head = element("thead", element("tr", "".join(element("th", each) for each in heads)))
    return element("div", element("table", head + element("tbody", rows)), class_="wide")


def _cells(*cells: str) -> str:
    return element("tr", "".join(element("td", each) for each in cells))
