"""Find the symbols of a policy file: names with a meaning, such as the role `third_party` or the rule `no_selling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from privacy_rules.language import syntax
from privacy_rules.language.policy import Policy
from privacy_rules.language.syntax_walks import limits_of, names_in, walk_declaration, walk_terms
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import spelling

SymbolKind = Literal[
    "term", "attribute", "define", "rule", "vocabulary", "clause", "file", "party", "system", "flow", "contract", "key"
]
_JUDGED = {"data": "data", "purpose": "purpose"}


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """The meaning of a name. `vocabulary` is that of a term, the place of a `key`, or `std` for a shipped file."""

    kind: SymbolKind
    name: str
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a symbol is named; `declares`: this place declares it."""

    symbol: Symbol
    span: Span
    declares: bool = False


class Meaning:
    """The meaning of a policy's names in conditions."""

    def __init__(self, policy: Policy) -> None:
        self.defines = frozenset(each.name for each in policy.defines)
        self._vocabularies: dict[str, str] = {}
        self._names: set[str] = set()
        for (_, name), attribute in policy.attributes.items():
            self._names.add(name)
            if attribute.type.vocabulary:
                self._vocabularies.setdefault(name, attribute.type.vocabulary)

    def attribute(self, name: str) -> str:
        """Return the attribute that a name refers to: `country` for `recipient.country`."""
        return name if name in self._names else name.rpartition(".")[2]

    def vocabulary(self, name: str) -> str | None:
        """Return the vocabulary of the values of a name in a condition."""
        return _JUDGED.get(name) or self._vocabularies.get(self.attribute(name))


def occurrences(file: syntax.File, meaning: Meaning) -> tuple[Occurrence, ...]:
    """Return all symbols of a policy file, in order of place."""
    walk = _Walk(meaning)
    found = [each for declaration in file.declarations for each in walk.declaration(declaration)]
    return tuple(sorted(found, key=lambda each: each.span))


class _Walk:
    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning

    # ---- declarations

    def declaration(self, node: syntax.Declaration) -> Iterator[Occurrence]:
        match node:
            case syntax.Rule(name=name):
                yield Occurrence(Symbol("rule", name.text), name.span, declares=True)
                yield from _cited(node.metas)
                for limit in limits_of(node.statement):
                    yield from self._terms(limit.terms, syntax.LIMITS_OF_TERMS.get(limit.word.text))
                for each in node.statement.despite:
                    lifted: SymbolKind = "rule" if isinstance(each, syntax.Word) else "clause"
                    yield Occurrence(Symbol(lifted, each.text), each.span)
                yield from self._conditions(node)
            case syntax.Define(name=name):
                yield Occurrence(Symbol("define", name.text), name.span, declares=True)
                yield from self._conditions(node)
            case syntax.Attribute(name=name):
                yield Occurrence(Symbol("attribute", name.text), name.span, declares=True)
                yield from self._type(node)
            case syntax.Vocabulary(name=name, terms=terms):
                yield Occurrence(Symbol("vocabulary", name.text), name.span, declares=True)
                yield from self._block(name.text, terms)
            case syntax.Use(target=target, adjustments=adjustments):
                shipped = "std" if isinstance(target, syntax.Word) else ""
                yield Occurrence(Symbol("file", target.text, shipped), target.span)
                named = (word for each in adjustments for word in each.rules)
                yield from (Occurrence(Symbol("rule", word.text), word.span) for word in named)
            case syntax.Clause(cited=cited):
                yield Occurrence(Symbol("clause", cited.text), cited.span)
            case syntax.Policy(fields=fields):
                yield from (
                    Occurrence(Symbol("file", each.text), each.span) for word, each in fields if word.text == "text"
                )

    def _type(self, node: syntax.Attribute) -> Iterator[Occurrence]:
        word = node.type.vocabulary
        if word is None or word.text == "text":
            return
        yield Occurrence(Symbol("vocabulary", word.text), word.span)
        if node.default:
            for each in node.default.items or (node.default,):
                if each.kind == "name":
                    yield _term(word.text, each.text, each.span)

    def _block(self, vocabulary: str, terms: Iterable[syntax.Term]) -> Iterator[Occurrence]:
        for term in walk_terms(terms):
            yield _term(vocabulary, term.name.text, term.name.span, declares=True)
            yield from self._terms([each.term for each in term.parents], vocabulary)

    # ---- rules

    def _conditions(self, node: syntax.Declaration) -> Iterator[Occurrence]:
        """Yield the names in the conditions and selectors of a rule or define."""
        for each in walk_declaration(node):
            match each:
                case syntax.HasTerms(name=name, terms=terms):
                    yield from self._name(name)
                    yield from self._terms(terms, self._meaning.vocabulary(name.text))
                case syntax.Compared(name=name, value=value):
                    yield from self._name(name)
                    for word in names_in(value):
                        if word.text not in ("unlimited", "today"):
                            yield from self._name(word)
                case syntax.Named(name=name) | syntax.IsDeclared(name=name):
                    yield from self._name(name)
                case syntax.Reached(data=data, methods=methods) | syntax.Holds(data=data, methods=methods):
                    yield from self._terms(data, "data")
                    yield from self._terms(methods or (), "method")
                case syntax.Roles(items=items):
                    yield from self._terms(items, "role")
                case syntax.Entity(entity=word, ids=ids):
                    kind: SymbolKind = "party" if word.text == "party" else "system"
                    yield from (Occurrence(Symbol(kind, named.text), named.span) for named in ids)

    def _terms(self, items: Iterable[syntax.Item], vocabulary: str | None) -> Iterator[Occurrence]:
        for item in items:
            if vocabulary and isinstance(item, syntax.Word):
                yield _term(vocabulary, item.text, item.span)

    def _name(self, word: syntax.Word) -> Iterator[Occurrence]:
        if word.text in _JUDGED:
            return
        if word.text in self._meaning.defines:
            yield Occurrence(Symbol("define", word.text), word.span)
            return
        name = self._meaning.attribute(word.text)
        yield Occurrence(Symbol("attribute", name), _last(word.span, len(name)))


def _cited(metas: Iterable[syntax.Meta]) -> Iterator[Occurrence]:
    for meta in metas:
        if meta.word.text == "cites" and isinstance(meta.value, syntax.Text):
            yield Occurrence(Symbol("clause", meta.value.text), meta.value.span)


def _term(vocabulary: str, name: str, span: Span, *, declares: bool = False) -> Occurrence:
    return Occurrence(Symbol("term", spelling(vocabulary, name), vocabulary), span, declares)


def _last(span: Span, length: int) -> Span:
    """Return the last characters of a name, which are on its last line."""
    return Span(span.file, span.end_line, max(span.end_column - length, 1), span.end_line, span.end_column)


Index = Mapping[Symbol, tuple[Occurrence, ...]]
