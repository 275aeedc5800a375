"""Read the values of attributes, each by its type in the table of attributes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from privacy_rules.manifest import scalars
from privacy_rules.manifest.diagnostic_sink import DiagnosticSink
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.model import PathKey
from privacy_rules.manifest.nodes import Node, is_text, quoted
from privacy_rules.manifest.shape_hints import a_list, belongs_elsewhere, key_and_value, several_terms
from privacy_rules.source import codes
from privacy_rules.source.spelling import listing
from privacy_rules.vocabulary.attributes import Attribute, Entity, Form, has_items
from privacy_rules.vocabulary.intended_term import help_for
from privacy_rules.vocabulary.taxonomy import noun_of
from privacy_rules.vocabulary.values import Item, Transform, Value

Declared = dict[str, Value | None]
_Value = TypeVar("_Value")

_TRANSFORM_ENDS = ("from", "to")


class AttributeReader:
    """Reads the attributes of one document. A value that does not fit is reported and left out."""

    def __init__(self, lexicon: Lexicon, sink: DiagnosticSink, *, shared: bool) -> None:
        self.lexicon = lexicon
        self.sink = sink
        # Read what aliases share once: written out, it may be far larger than the file.
        self._read: dict[tuple[int, int], Value | None] | None = {} if shared else None
        self._broken: set[tuple[str, int]] = set()  # lists with unknown terms, which are already reported

    def attributes(
        self, node: dict[str, Node], path: PathKey, known: Mapping[str, Attribute], besides: Collection[str] = ()
    ) -> Declared:
        """The attributes in a map. The caller reads the keys in `besides`."""
        declared: Declared = {}
        for name, value in node.items():
            attribute = known.get(name)
            if attribute is None:
                if name not in besides:
                    self.unknown_key(name, (*path, name), [*known, *besides])
            elif value is None:
                declared[name] = None
            else:
                found = self.value(attribute, value, (*path, name))
                if found is not None:
                    declared[name] = found
        return declared

    def value(self, attribute: Attribute, node: Node, path: PathKey) -> Value | None:
        """The value of one attribute; None if an error was reported."""
        read = _READERS[attribute.type.form]
        if self._read is None or is_text(node):
            return read(self, node, path, attribute)
        key = id(attribute), id(node)
        if key not in self._read:
            self._read[key] = read(self, node, path, attribute)
        return self._read[key]

    def unknown_key(self, name: str, path: PathKey, known: Collection[str]) -> None:
        """Report an unknown key (E202)."""
        help_: str | None = "merge keys are not supported; use `defaults`"
        if name != "<<":
            help_ = key_and_value(name, known) or belongs_elsewhere(name, known)
            help_ = help_ or self.sink.suggestions.near(name, known, ",".join(known))
            help_ = help_ or "known keys: " + ", ".join(f"`{each}`" for each in known)
        self.sink.add(codes.UNKNOWN_KEY, f"unknown key {quoted(name)}", path, key=True, help=help_)

    def items(self, node: Node, path: PathKey, what: str) -> list[Node] | None:
        """The items of a list; None if an error was reported."""
        if type(node) is list:
            return node
        self.sink.misfit(f"a list of {what}", node, path, a_list(node))
        return None

    def term(self, node: Node, path: PathKey, vocabulary: str) -> str | None:
        """One term of a vocabulary, as the vocabulary spells it."""
        found = self.lexicon.spelling(vocabulary, node) if is_text(node) else None
        if found is None:
            self._unknown_term(node, path, vocabulary)
        return found

    def _unknown_term(self, node: Node, path: PathKey, vocabulary: str) -> None:
        noun = noun_of(vocabulary)
        if is_text(node):
            taxonomy = self.lexicon.taxonomy(vocabulary)
            help_ = several_terms(str(node), taxonomy.terms) or help_for(str(node), taxonomy, self.sink.suggestions)
            help_ = help_ or listing(noun.many, taxonomy.terms)
            self.sink.add(codes.UNDECLARED_TERM, f"unknown {noun.name} {quoted(node)}", path, help=help_)
        else:
            self.sink.misfit(noun.one, node, path)

    def terms(self, node: Node, path: PathKey, vocabulary: str) -> tuple[str, ...] | None:
        """A set of terms, sorted, without repeats; equal sets are one object."""
        if type(node) is not list:
            self.items(node, path, noun_of(vocabulary).many)
            return None
        memo = self.lexicon.sets(vocabulary)
        try:
            found = memo.get(tuple(node))
        except TypeError:  # it contains a map or a list
            found = None
        if found is not None or (vocabulary, id(node)) in self._broken:
            return found
        return self._terms_one_by_one(node, path, vocabulary)

    def _terms_one_by_one(self, listed: list[Node], path: PathKey, vocabulary: str) -> tuple[str, ...] | None:
        found = _as_set([self.term(item, (*path, index), vocabulary) for index, item in enumerate(listed)])
        if found is None:
            self._broken.add((vocabulary, id(listed)))
            return None
        memo = self.lexicon.sets(vocabulary)
        found = memo.setdefault(found, found)
        memo[tuple(map(str, listed))] = found
        return found

    def text(self, node: Node, path: PathKey) -> str | None:
        """Any text. Equal texts are one object."""
        found = scalars.text(node, path, self.sink)
        return None if found is None else self.lexicon.ids.setdefault(found, found)

    def texts(self, node: Node, path: PathKey) -> tuple[str, ...] | None:
        """A set of text, sorted, without repeats."""
        listed = self.items(node, path, "texts")
        if listed is None:
            return None
        read = [scalars.text(item, (*path, index), self.sink) for index, item in enumerate(listed)]
        return _as_set(read)

    def reference(self, node: Node, path: PathKey) -> str | None:
        """An id. A check that it is declared follows when all files are read."""
        found = scalars.identifier(node, path, self.sink)
        return None if found is None else self.lexicon.ids.setdefault(found, found)

    def references(self, node: Node, path: PathKey) -> tuple[str, ...] | None:
        """A set of ids, sorted, without repeats."""
        listed = self.items(node, path, "ids")
        if listed is None:
            return None
        read = [self.reference(item, (*path, index)) for index, item in enumerate(listed)]
        return _as_set(read)

    def listed(self, node: Node, path: PathKey, attribute: Attribute) -> tuple[Item, ...] | tuple[str, ...] | None:
        """The items of a list, in the order given. If no item of a flow's list states attributes, the result is a set of terms."""
        vocabulary = attribute.type.vocabulary or ""
        of_flow = attribute.entity is Entity.FLOW
        if of_flow and not (type(node) is list and any(type(each) is dict for each in node)):
            return self.terms(node, path, vocabulary)
        found = self.items(node, path, noun_of(vocabulary).many)
        if found is None:
            return None
        read = [self._item(item, (*path, index), attribute) for index, item in enumerate(found)]
        kept = tuple(item for item in read if item is not None)
        if of_flow:
            self._check_one_statement(read, path)
        if not of_flow:
            return kept
        if len(kept) < len(read):
            return None
        return kept if any(item.declared for item in kept) else tuple(sorted({item.term for item in kept}))

    def _item(self, node: Node, path: PathKey, attribute: Attribute) -> Item | None:
        empty = Item("", within=attribute.name)
        vocabulary = attribute.type.vocabulary or ""
        if type(node) is not dict:
            term = self.term(node, path, vocabulary)
            return None if term is None else self.lexicon.item(term, attribute.name)
        known = self.lexicon.item_attributes[attribute.entity, attribute.name]
        declared = self.attributes(node, path, known, (empty.key,))
        if not self.required(node, (empty.key,), path, f"an item of `{attribute.name}`"):
            return None
        term = self.term(node[empty.key], (*path, empty.key), vocabulary)
        return None if term is None else replace(empty, term=term).stating(declared)

    def _check_one_statement(self, read: Sequence[Item | None], path: PathKey) -> None:
        """Report two items for the same term that state different facts (E211)."""
        first: dict[str, tuple[int, Item]] = {}
        for index, item in enumerate(read):
            if item is None:
                continue
            before, other = first.setdefault(item.term, (index, item))
            if other.declared != item.declared:
                message = f"two items for `{item.term}` state different attributes"
                also = (place,) if (place := self.sink.document.place((*path, before))) else ()
                self.sink.add(
                    codes.CONTRADICTION, message, (*path, index), help="write one item for each term", also=also
                )

    def pairs(self, node: Node, path: PathKey, vocabulary: str) -> tuple[tuple[str, str], ...] | None:
        """Pairs of categories, in the order given, without repeats."""
        listed = self.items(node, path, "pairs")
        if listed is None:
            return None
        read = [self._pair(item, (*path, index), vocabulary) for index, item in enumerate(listed)]
        return tuple(dict.fromkeys(pair for pair in read if pair is not None))

    def _pair(self, node: Node, path: PathKey, vocabulary: str) -> tuple[str, str] | None:
        if type(node) is not list or len(node) != 2:
            self.sink.misfit("a pair of categories", node, path, "write `[one_category, other_category]`")
            return None
        first, second = (self.term(item, (*path, index), vocabulary) for index, item in enumerate(node))
        return None if first is None or second is None else (first, second)

    def transforms(self, node: Node, path: PathKey, vocabulary: str) -> tuple[Transform, ...] | None:
        """Transforms, in the order given, without repeats."""
        listed = self.items(node, path, "transforms")
        if listed is None:
            return None
        read = [self._transform(item, (*path, index), vocabulary) for index, item in enumerate(listed)]
        return tuple(dict.fromkeys(each for each in read if each is not None))

    def _transform(self, node: Node, path: PathKey, vocabulary: str) -> Transform | None:
        if type(node) is not dict:
            self.sink.misfit("a transform", node, path, "write `{from: …, to: …, method: …}`")
            return None
        own = self.attributes(node, path, self.lexicon.transform_attributes, _TRANSFORM_ENDS)
        if not self.required(node, _TRANSFORM_ENDS, path, "a transform"):
            return None
        takes = self.term(node["from"], (*path, "from"), vocabulary)
        makes = self._made(node["to"], (*path, "to"), vocabulary)
        return None if takes is None or makes is None else Transform(takes, makes).stating(own)

    def _made(self, node: Node, path: PathKey, vocabulary: str) -> tuple[str, ...] | None:
        if type(node) is list:
            return self.unless_empty(self.terms(node, path, vocabulary), path)
        found = self.term(node, path, vocabulary)
        return None if found is None else (found,)

    def required(self, node: dict[str, Node], names: Collection[str], path: PathKey, what: str) -> bool:
        """Whether a map has all required keys, none of them null; reports those that are missing."""
        complete = True
        for name in names:
            if name not in node:
                self.sink.add(codes.MISSING_KEY, f"{what} has no `{name}`", path, help=_HELP.get(name))
            elif node[name] is None:
                self.sink.add(codes.UNFIT_VALUE, f"`{name}` cannot be null", (*path, name))
            complete = complete and node.get(name) is not None
        return complete

    def unless_empty(self, found: _Value | None, path: PathKey) -> _Value | None:
        """The values found; None for an empty list, which is reported (E209)."""
        if found == ():
            self.sink.add(
                codes.EMPTY_LIST, "this list cannot be empty", path, help="leave the key out if nothing is known"
            )
            return None
        return found


_HELP = {
    "id": "a short name that will not change, such as `id: sign-up`",
    "from": "the system that it comes from, such as `from: website`",
    "to": "the system that it goes to, such as `to: crm`",
    "rule": "the rule that is waived, such as `rule: no_selling`",
    "subject": "the id that the finding shows, such as `subject: sign-up`",
    "reason": "why the finding is tolerated, such as `reason: the contract is being signed`",
    "approved_by": "who approved the waiver, such as `approved_by: the data protection officer`",
    "until": "the first day on which it no longer applies, such as `until: 2027-05-01`",
}
"""Help for required keys."""

_Read = Callable[[AttributeReader, Node, PathKey, Attribute], Value | None]


def _as_set(read: list[str | None]) -> tuple[str, ...] | None:
    """Sorted, without repeats; None if one of them did not fit."""
    whole = {each for each in read if each is not None}
    return None if None in read else tuple(sorted(whole))


def _vocabulary(attribute: Attribute) -> str:
    return attribute.type.vocabulary or ""


def _set(reader: AttributeReader, node: Node, path: PathKey, attribute: Attribute) -> Value | None:
    if has_items(attribute):
        found: tuple[Any, ...] | None = reader.listed(node, path, attribute)
    else:
        found = reader.terms(node, path, _vocabulary(attribute))
    return reader.unless_empty(found, path) if attribute.non_empty else found


def _roles(reader: AttributeReader, node: Node, path: PathKey, attribute: Attribute) -> Value | None:
    if type(node) is list:
        return _set(reader, node, path, attribute)
    found = reader.term(node, path, _vocabulary(attribute))
    return None if found is None else (found,)


def _references(reader: AttributeReader, node: Node, path: PathKey, attribute: Attribute) -> Value | None:
    found = reader.references(node, path)
    return reader.unless_empty(found, path) if attribute.non_empty else found


_READERS: Mapping[Form, _Read] = {
    Form.FLAG: lambda reader, node, path, _: scalars.flag(node, path, reader.sink),
    Form.NUMBER: lambda reader, node, path, _: scalars.number(node, path, reader.sink),
    Form.DURATION: lambda reader, node, path, _: scalars.duration(node, path, reader.sink),
    Form.DATE: lambda reader, node, path, _: scalars.day(node, path, reader.sink),
    Form.TEXT: lambda reader, node, path, _: reader.text(node, path),
    Form.TEXTS: lambda reader, node, path, _: reader.texts(node, path),
    Form.ONE: lambda reader, node, path, attribute: reader.term(node, path, _vocabulary(attribute)),
    Form.ROLES: _roles,
    Form.SET: _set,
    Form.REFERENCE: lambda reader, node, path, _: reader.reference(node, path),
    Form.REFERENCES: _references,
    Form.PAIRS: lambda reader, node, path, attribute: reader.pairs(node, path, _vocabulary(attribute)),
    Form.TRANSFORMS: lambda reader, node, path, attribute: reader.transforms(node, path, _vocabulary(attribute)),
}
