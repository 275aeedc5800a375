"""A policy as an HTML page: its rules in English, its terms, and what may be disclosed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from privacy_rules.english.document import Document, all_but, facts, meaning, quotes, versions
from privacy_rules.english.glossary import Entry, Tree
from privacy_rules.english.matrix import Block, Cell, alike, blocks
from privacy_rules.english.sentences import RuleText, title_of
from privacy_rules.english.terms import holders, term, words
from privacy_rules.reports.markup.html import NEWLINE, Html, definitions, element, joined, page, resource, table
from privacy_rules.reports.markup.html import words as prose
from privacy_rules.reports.markup.paragraphs import html, html_text
from privacy_rules.reports.policy.markdown import (
    ABOUT_MATRIX,
    HOW_TO_READ,
    NO_MATRIX,
    SIGN_OFF,
    SIGNATURE,
    by_number,
    left_out,
    named_here,
)
from privacy_rules.reports.registry import View
from privacy_rules.reports.trace.html import text_of_lines
from privacy_rules.source.words import listed, plural


def render(found: Document, _: View) -> str:
    """The page."""
    return page(f"{found.title}: the rules in plain English", _body(found), resource(__package__, "page.css"))


def _body(found: Document) -> Iterator[Html]:
    about = (element("p", each, class_="dim") for each in found.about)
    title = element("h1", f"{found.title}: the rules in plain English")
    yield joined(element("header", title, *about, element("p", html_text(HOW_TO_READ))), NEWLINE)
    yield joined(element("nav", element("ol", *(element("li", _link(each)) for each in found.texts))))
    yield Html("\n<main>\n")
    yield joined(element("h2", "Rules"), NEWLINE)
    for number, text in enumerate(found.texts, start=1):
        yield joined(_rule(number, text, found), NEWLINE)
    if found.clauses:
        rows = (_row(each.cited, each.kind, prose(each.reason)) for each in found.clauses)
        yield joined(element("h2", "Clauses that no rule checks"), _table(("clause", "kind", "why"), rows), NEWLINE)
    if found.policy.left_out:
        rows = (_row(each.rule, prose(each.reason)) for each in found.policy.left_out)
        yield joined(element("h2", "Rules of used files that are left out"), _table(("rule", "why"), rows), NEWLINE)
    yield from _words(found)
    yield from _matrix(found)
    yield joined(element("h2", "Sign-off"), element("p", SIGN_OFF), NEWLINE)
    yield joined(_table(("", ""), (_row(label, prose(value)) for label, value in versions(found))), NEWLINE)
    yield element("div", _table(SIGNATURE, [_row("", "", "", "")] * 2), class_="signatures")
    yield Html("</main>\n")


def _link(text: RuleText) -> Html:
    return element("a", title_of(text.rule), href=f"#{text.rule.name}")


def _rule(number: int, text: RuleText, found: Document) -> Html:
    rule = text.rule
    notes = [meaning(each, among=text.notes) for each in text.notes]
    rows = [("rule", element("code", rule.name))]
    rows += [(label, prose(each)) for label, each in facts(rule, found.lifted_by[rule.name])]
    said = map(html, (*text.passages, *notes))
    quoted = (
        element(
            "blockquote",
            element("p", f"{cite} says ({each.place}):", class_="dim"),
            element("p", text_of_lines(each.text)),
        )
        for cite, each in quotes(rule, found)
    )
    head = element("h3", f"{number}. {title_of(rule)}")
    return element("article", head, *said, *quoted, definitions(rows), id=rule.name)


# ---- words


def _words(found: Document) -> Iterator[Html]:
    yield joined(element("h2", "What the words mean"), NEWLINE)
    for note in found.definitions:
        yield joined(html(meaning(note, among=found.definitions, lead="")), NEWLINE)
    for name in found.unused:
        yield joined(element("p", f"“{name}” is defined, but no rule uses it."), NEWLINE)
    for tree in found.trees:
        more = element("p", left_out(tree), class_="dim") if tree.left_out else ""
        entries = element("ul", *(_entry(each, tree, found) for each in tree.entries))
        head = element("h3", words(tree.vocabulary).capitalize())
        dated = element("ul", *(_dated(each, tree, found) for each in tree.dated)) if tree.dated else ""
        yield joined(element("section", head, entries, dated, more, class_="tree"), NEWLINE)


def _dated(edge: tuple[str, str, str], tree: Tree, found: Document) -> Html:
    name, parent, days = edge
    return element("li", _term(name, tree, found), " is in ", _term(parent, tree, found), f" only {days}")


def _entry(entry: Entry, tree: Tree, found: Document) -> Html:
    also = _in_line(entry.also, found, tree)
    parts = [_term(entry.term, tree, found), *((" (also below ", also, ")") if entry.also else ())]
    parts += (": ", prose(entry.description)) if entry.description else ()
    plain = [each for each in entry.below if not (each.description or each.below or each.also or each.elsewhere)]
    below = [_entry(each, tree, found) for each in entry.below if each not in plain]
    if plain:
        below.append(element("li", _shortened([each.term for each in plain], tree, found)))
    if entry.elsewhere:
        verb = "appears" if len(entry.elsewhere) == 1 else "appear"
        below.append(element("li", _shortened(entry.elsewhere, tree, found), f", which also {verb} elsewhere"))
    return element("li", *parts, element("ul", *below) if below else "")


def _shortened(names: Sequence[str], tree: Tree, found: Document) -> Html:
    shown, more = tree.shortened(names)
    return joined(_in_line(shown, found, tree), f" and {more:,} more" if more else "")


def _in_line(names: Sequence[str], found: Document, tree: Tree) -> Html:
    return Html(", ".join(_term(each, tree, found) for each in names))


def _term(name: str, tree: Tree, found: Document) -> Html:
    return html_text(term(name, found.policy.taxonomy(tree.vocabulary)))


# ---- the matrix


def _matrix(found: Document) -> Iterator[Html]:
    yield joined(element("h2", "What may be disclosed to whom, and for what"), NEWLINE)
    if found.matrix is None:
        yield element("p", NO_MATRIX)
        return
    yield element("p", ABOUT_MATRIX)
    if found.day:
        yield element("p", f"As of {found.day}.")
    yield element("p", html_text(named_here(found.matrix)))
    for roles in alike(found.matrix):
        yield element("h3", "To ", html_text(listed(map(holders, roles), "or")))
        rows = (_block(each, found) for each in blocks(found.matrix, roles[0]))
        yield joined(_table(("data", "purposes", "verdict"), rows), NEWLINE)
    if found.matrix.left_out:
        left = html_text(", ".join(map(term, found.matrix.left_out)))
        yield element("p", "Left out because there would be too many lines: ", left, ".", class_="dim")


def _block(block: Block, found: Document) -> Html:
    assert found.matrix is not None
    data = element("td", _several(block.data, found.matrix.data, "kind of data in the table"))
    purposes = element("td", _several(block.purposes, found.matrix.purposes, "purpose in the table"), class_="for")
    verdict = element("td", *_verdict(block.cell, found), class_=f"verdict {block.cell.verdict}")
    return element("tr", data, purposes, verdict)


def _several(some: Sequence[str], every: Sequence[str], noun: str) -> Html:
    prefix, names = all_but(some, every, noun)
    return html_text(" ".join(filter(None, (prefix, listed(map(term, names))))))


def _verdict(cell: Cell, found: Document) -> Iterator[str]:
    match cell.verdict:
        case "forbidden":
            links = [_number(each, found) for each in by_number(cell, found)]
            yield element("strong", "forbidden")
            yield joined(f" by {plural('rule', len(links))} ", Html(listed(links)))
        case "open":
            yield element("strong", "depends")
            yield f" on {'; '.join(cell.by)}"
        case _:
            yield element("strong", "allowed")


def _number(name: str, found: Document) -> Html:
    rule = found.policy.rule(name)
    return element("a", str(found.numbers[name]), href=f"#{name}", title=title_of(rule) if rule else name)


def _table(heads: Sequence[str], rows: Iterable[Html]) -> Html:
    return table((element("th", each) for each in heads), rows)


def _row(*cells: str) -> Html:
    return element("tr", *(element("td", each) for each in cells))
