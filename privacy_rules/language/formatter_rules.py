"""How each construct of the language is laid out: one function for each production, called as the parser reduces by it.

```
rule contracted {
  cites "Disclosure"
  allow disclosure of contact only
    - to service_provider
        when under contract (covers data and covers purpose)
          and recipient.country is eea
}
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from privacy_rules.language.comments import Word
from privacy_rules.language.pretty_doc import (
    Bare,
    Document,
    Gap,
    Hard,
    Line,
    Remarks,
    Seq,
    Stop,
    group,
    nest,
    seq,
    spaced,
)
from privacy_rules.language.pretty_printer import fits_a_line

INDENT = 2
DEEPER = 4
"""The indentation of what is in a bracket, relative to the line that opens it."""

Part = Word | Seq
Parts = Sequence[Part]
_Layout = Callable[[Parts], Seq]
_layouts: dict[str, _Layout] = {}
LAYOUTS: Mapping[str, _Layout] = MappingProxyType(_layouts)
"""Production → its layout."""


def lay_out(production: str, parts: Parts) -> Seq:
    """Return the layout of a production's parts. Raises KeyError for an unknown production."""
    made = LAYOUTS[production](parts)
    made.name = production
    return made


def _of(*productions: str) -> Callable[[_Layout], _Layout]:
    def register(layout: _Layout) -> _Layout:
        _layouts.update(dict.fromkeys(productions, layout))
        return layout

    return register


def _says(part: Part, *texts: str) -> bool:
    return isinstance(part, Word) and part.text in texts


def _name(part: Part) -> str:
    return "" if isinstance(part, Word) else part.name


# ---- files and what they declare


@_of("file")
def _file(declarations: Parts) -> Seq:
    found: list[Document] = list(declarations[:1])
    for above, below in pairwise(declarations):
        found += [Hard(int((_is_tall(above) or _is_tall(below)) and not _is_set_off(below))), below]
    return seq(*found)


def whole(file: Seq, end: Word) -> Seq:
    """Return a file with the comments after its last declaration."""
    return seq(file, Hard(), Remarks(end))


def _is_tall(declaration: Part) -> bool:
    """Whether a declaration takes, or may take, several lines, so that blank lines separate it from others."""
    name = _name(declaration)
    if name == "vocabulary":
        return seq(declaration).hard or not fits_a_line(declaration)
    return name in ("rule", "policy")


def _is_set_off(declaration: Part) -> bool:
    """Whether the author left a blank line before a declaration, or before a comment on it."""
    first = declaration if isinstance(declaration, Word) else declaration.first
    return first is not None and any((first.blanks, *(each.blanks for each in first.before)))


@_of("policy", "rule")
def _block(parts: Parts) -> Seq:
    """Lay out a block: always on several lines, with the values in one column."""
    head, (opening, *lines, closing) = parts[:2], parts[2:]
    widths = [_keyword_width(line) for line in lines]
    inside: list[Document] = []
    for line, width in zip(lines, widths, strict=True):
        inside += [Hard(), _in_column(line, max(widths) + 1 - width)]
    return seq(*spaced([*head, opening]).parts, *_closed(inside, closing))


def _keyword_width(line: Part) -> int:
    first = line.first if isinstance(line, Seq) and line.name in ("field", "meta") else None
    return len(first.text) if first else 0


def _in_column(line: Part, gap: int) -> Part:
    if not isinstance(line, Seq) or line.name not in ("field", "meta"):
        return line
    keyword, _, *said = line.parts
    return seq(keyword, Gap(gap), *said)


def _closed(inside: Sequence[Document], closing: Part) -> Iterator[Document]:
    assert isinstance(closing, Word)
    if inside or closing.before:
        yield nest(INDENT, *inside, Remarks(closing))
        yield Hard()
    yield Bare(closing)


@_of("clause")
def _clause(parts: Parts) -> Seq:
    word, cited, is_, kind, reason = parts
    if seq(*parts).hard:
        return spaced(parts)
    return seq(word, Gap(), cited, Stop("clause"), Gap(), is_, Gap(), kind, Stop("clause"), Gap(), reason)


@_of("use")
def _use(parts: Parts) -> Seq:
    """With braces, on several lines."""
    if len(parts) == 2:
        return spaced(parts)
    head, (opening, *lines, closing) = parts[:2], parts[2:]
    inside: list[Document] = []
    for line in lines:
        inside += [Hard(), line]
    return seq(*spaced([*head, opening]).parts, *_closed(inside, closing))


@_of("attribute")
def _attribute(parts: Parts) -> Seq:
    word, name, *rest = parts
    default = next((at for at, each in enumerate(rest) if _says(each, "default")), len(rest))
    on = _listed(rest[:default])
    given: list[Document] = [Line(), spaced(rest[default:])] if rest[default:] else []
    return group(word, Gap(), name, nest(INDENT, Line(), on, *given))


@_of("define")
def _define(parts: Parts) -> Seq:
    return spaced(parts)


# ---- terms


@_of("vocabulary", "children")
def _terms(parts: Parts) -> Seq:
    """Lay out terms: on one line if the author wrote them so and they fit, else in the author's lines."""
    at = next(number for number, each in enumerate(parts) if _says(each, "{"))
    head, (opening, *terms, closing) = parts[:at], parts[at:]
    assert isinstance(opening, Word)
    assert isinstance(closing, Word)
    begun = spaced([*head, opening]).parts
    if not terms:
        return seq(*begun, *_closed((), closing))
    edge = Line() if opening.line == closing.line else Hard()
    inside: list[Document] = [edge, terms[0]]
    for above, below in pairwise(terms):
        inside += [Line(2, fill=True, terms=True) if _share_a_line(above, below) else Hard(), below]
    return group(*begun, nest(INDENT, *inside, Remarks(closing)), edge, Bare(closing))


def _share_a_line(above: Part, below: Part) -> bool:
    assert isinstance(above, Seq)
    assert isinstance(below, Seq)
    if above.hard or below.hard or above.last is None or below.first is None:
        return False
    return above.last.line == below.first.line and above.last.after is None


@_of("term")
def _term(parts: Parts) -> Seq:
    """Lay out a term. If it has no parents and is on one line, the text after its name is in a column."""
    name, *more = parts
    if not more or _name(more[0]) == "parents" or seq(*parts).hard:
        return spaced(parts)
    return seq(name, Stop("term" if isinstance(more[0], Word) else "block"), Gap(), *spaced(more).parts)


@_of("adjustment", "parents")
def _listed(parts: Parts) -> Seq:
    """Lay out a list: blanks between parts, but none before a comma or colon; a long list fills its lines."""
    found: list[Document] = []
    for number, each in enumerate(parts):
        if number and not _says(each, ",", ":"):
            found.append(Line(fill=True) if _says(parts[number - 1], ",") else Gap())
        found.append(each)
    return seq(nest(DEEPER, *found))


@_of(
    "above",
    "type",
    "field",
    "meta",
    "item",
    "id",
    "lifted",
    "named",
    "is_declared",
    "is_terms",
    "includes",
    "within",
)
@_of(
    "within_collected",
    "compares",
    "covers",
    "holds",
    "owned",
    "negated",
    "limit",
    "when",
    "start",
    "avoiding",
    "derived",
)
def _plain(parts: Parts) -> Seq:
    return spaced(parts)


@_of("name", "dotted")
def _dotted(parts: Parts) -> Seq:
    return seq(*parts)


# ---- rules


@_of("statement")
def _statement(parts: Parts) -> Seq:
    verb, *rest = parts
    if _says(verb, "allow"):
        subject, only, *alternatives = rest
        each: list[Document] = []
        for alternative in alternatives:
            each += [Hard(), alternative]
        return seq(verb, Gap(), subject, Gap(), only, nest(INDENT, *each))
    what, *rest = rest
    if _name(what) in ("condition", "conjunction"):  # its lines are indented more than `on`
        what = seq(nest(INDENT, what))
    lines: list[Document] = []
    at = next((number for number, part in enumerate(rest) if _says(part, "despite")), len(rest))
    before, despite = rest[:at], rest[at:]
    while before:
        count = 2 if _says(before[0], "on") else 1
        lines += [Line(), spaced(before[:count])]
        before = before[count:]
    if despite:
        lines += [Line(), _listed(despite)]
    return group(verb, Gap(), what, nest(INDENT, *lines))


@_of("unless")
def _unless(parts: Parts) -> Seq:
    """Lay out exceptions: each is indented more than the one that it is an exception to."""
    *outer, word, condition = parts
    made = spaced([word, condition])
    while outer:
        *outer, word, condition = outer
        made = seq(word, Gap(), condition, nest(INDENT, Line(), made))
    return made


@_of("alternative")
def _alternative(parts: Parts) -> Seq:
    dash, *rest = parts
    limits = [each for each in rest if _name(each) == "limit"]
    when = rest[len(limits) :]
    if not limits:
        return seq(dash, Gap(), nest(INDENT, *when))
    found = group(*_broken_before(limits))
    further = [nest(INDENT, Line(), each) for each in when]
    return seq(dash, Gap(), nest(INDENT, group(found, *further)))


def _broken_before(parts: Parts) -> Iterator[Document]:
    for number, part in enumerate(parts):
        yield from (Line(), part) if number else (part,)


@_of("subject")
def _subject(parts: Parts) -> Seq:
    kind, *limits = parts
    further = [nest(DEEPER, Line(), *_broken_before(limits))] if limits else []
    return group(kind, *further)


# ---- conditions


@_of("condition", "conjunction")
def _chain(parts: Parts) -> Seq:
    """Lay out a chain: broken before each `and` or `or`; an `and` in an `or` is indented more."""
    first, *rest = parts
    if _name(first) == "conjunction":
        first = seq(nest(INDENT, first))
    links = [part for word, each in zip(rest[::2], rest[1::2], strict=True) for part in (Line(), word, Gap(), each)]
    return group(first, nest(INDENT, *links))


@_of("grouped", "under_contract", "bound", "collected_with")
def _holding(parts: Parts) -> Seq:
    """Lay out words, and a condition between brackets without blanks."""
    at = next((number for number, each in enumerate(parts) if _says(each, "(")), len(parts))
    return spaced([*parts[:at], _hug(parts[at:])] if parts[at:] else parts)


def _hug(parts: Parts) -> Seq:
    opening, inner, closing = parts
    assert isinstance(closing, Word)
    return seq(opening, nest(INDENT, inner, Remarks(closing)), Bare(closing))


@_of("reached")
def _reached(parts: Parts) -> Seq:
    at = next((number for number, each in enumerate(parts) if _name(each) in ("start", "avoiding", "derived")), None)
    if at is None:
        return spaced(parts)
    return group(*spaced(parts[:at]).parts, nest(DEEPER, Line(), *_broken_before(parts[at:])))


@_of("selector")
def _selector(parts: Parts) -> Seq:
    if _says(parts[0], "party", "system") and _says(parts[1], "("):
        return seq(parts[0], Gap(), _list(parts[1:]))
    if any(_says(each, ",") for each in parts):
        return _list(parts)
    return _hug(parts) if _says(parts[0], "(") else spaced(parts)


@_of("terms", "literal")
def _terms_or_literal(parts: Parts) -> Seq:
    return _list(parts) if _says(parts[0], "(") else spaced(parts)


def _list(parts: Parts) -> Seq:
    """Lay out a list in brackets: filled lines; with comments, one item a line."""
    opening, *items, closing = parts
    assert isinstance(closing, Word)
    between = Line(fill=not seq(*parts).hard)
    inside: list[Document] = [Line(0)]
    for each in items:
        inside += [each, between] if _says(each, ",") else [each]
    return group(opening, nest(DEEPER, *inside, Remarks(closing)), Bare(closing))
