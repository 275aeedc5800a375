"""Outlines and folding ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from lsprotocol.types import DocumentSymbol, FoldingRange, FoldingRangeKind, Range, SymbolKind

from privacy_rules.language import syntax
from privacy_rules.language.scanner import tokens
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.manifest.declaration_reader import SECTION_OF
from privacy_rules.manifest.file_set import ManifestFile
from privacy_rules.manifest.nodes import is_text
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity

_KINDS = {
    Entity.PARTY: SymbolKind.Class,
    Entity.SYSTEM: SymbolKind.Module,
    Entity.FLOW: SymbolKind.Event,
    Entity.CONTRACT: SymbolKind.Interface,
}


def of_policy(file: syntax.File, lines: Lines) -> list[DocumentSymbol]:
    """Return rules, defines, attributes and vocabularies with their terms, in order."""
    made = (_declaration(each, lines) for each in file.declarations)
    return [each for each in made if each]


def _declaration(node: syntax.Declaration, lines: Lines) -> DocumentSymbol | None:
    match node:
        case syntax.Rule(name=name):
            return _symbol(lines, name, node.span, _Shown(SymbolKind.Function, node.statement.word.text))
        case syntax.Define(name=name):
            return _symbol(lines, name, node.span, _Shown(SymbolKind.Variable, "define"))
        case syntax.Attribute(name=name):
            return _symbol(lines, name, node.span, _Shown(SymbolKind.Property, "attribute"))
        case syntax.Policy(name=name):
            return _symbol(lines, name, node.span, _Shown(SymbolKind.Namespace, "policy"))
        case syntax.Clause(cited=cited):
            return _symbol(lines, cited, node.span, _Shown(SymbolKind.String, f"clause, {node.kind.text}"))
        case syntax.Vocabulary(name=name, terms=terms):
            children = [_term(each, lines) for each in terms]
            return _symbol(lines, name, node.span, _Shown(SymbolKind.Enum, "vocabulary"), children)
        case _:
            return None


def _term(term: syntax.Term, lines: Lines) -> DocumentSymbol:
    children = [_term(each, lines) for each in term.children]
    span = term.name.span
    said = term.description.text if term.description else None
    made = _symbol(lines, term.name, span, _Shown(SymbolKind.EnumMember, said), children)
    if children:
        made.range.end = children[-1].range.end
    return made


@dataclass(frozen=True, slots=True)
class _Shown:
    kind: SymbolKind
    detail: str | None


def _symbol(
    lines: Lines, name: syntax.Item, span: Span, shown: _Shown, children: list[DocumentSymbol] | None = None
) -> DocumentSymbol:
    places = lines.range(span), lines.range(name.span)
    return _entry(name.text, shown.kind, places, shown.detail, children)


def _entry(
    name: str,
    kind: SymbolKind,
    places: tuple[Range, Range],
    detail: str | None,
    children: list[DocumentSymbol] | None = None,
) -> DocumentSymbol:
    """Return an entry of the outline, with invisible characters as escapes. The protocol does not allow an empty name."""
    return DocumentSymbol(visible(name) or "…", kind, *places, detail=detail and visible(detail), children=children)


def of_manifest(file: ManifestFile, lines: Lines) -> list[DocumentSymbol]:
    """Return the sections with the entities in them."""
    return [each for entity, section in SECTION_OF.items() if (each := _section(file, lines, entity, section))]


def _section(file: ManifestFile, lines: Lines, entity: Entity, section: str) -> DocumentSymbol | None:
    found, place = file.data.get(section), file.document.place((section,), key=True)
    if not isinstance(found, dict | list) or place is None:
        return None
    steps: Iterable[str | int] = found if isinstance(found, dict) else range(len(found))
    children = [each for step in steps if (each := _entity(file, lines, entity, (section, step)))]
    made = DocumentSymbol(section, SymbolKind.Namespace, lines.range(place), lines.range(place), children=children)
    if children:
        made.range.end = max((each.range.end for each in children), key=lambda end: (end.line, end.character))
    return made


def _entity(file: ManifestFile, lines: Lines, entity: Entity, path: tuple[str, str | int]) -> DocumentSymbol | None:
    section, step = path
    named: object = step
    span = file.document.place(path, key=True)
    if isinstance(step, int):
        body = file.data[section][step]
        named = body.get("id") if isinstance(body, dict) else None
        span = file.document.place((*path, "id"))
    if span is None or not is_text(named) or not str(named):
        return None
    return _entry(str(named), _KINDS[entity], (lines.range(span), lines.range(span)), entity.value)


def foldings(lines: Lines) -> list[FoldingRange]:
    """Return the folding ranges of a policy: braces that are more than a line apart, and comments of several lines."""
    return [*_braces(lines), *_comments(lines)]


def _braces(lines: Lines) -> Iterator[FoldingRange]:
    opened: list[int] = []
    for token in tokens(lines.text):
        if token.kind == "LBRACE":
            opened.append(lines.place(token.start)[0])
        elif token.kind == "RBRACE" and opened:
            first, last = opened.pop(), lines.place(token.start)[0]
            if last - first > 1:
                yield FoldingRange(first - 1, last - 2, kind=FoldingRangeKind.Region)


def _comments(lines: Lines) -> Iterator[FoldingRange]:
    numbered = enumerate(lines.text.split("\n"))
    for is_comment, run in groupby(numbered, key=lambda each: each[1].lstrip().startswith("#")):
        numbers = [number for number, _ in run]
        if is_comment and len(numbers) > 1:
            yield FoldingRange(numbers[0], numbers[-1], kind=FoldingRangeKind.Comment)
