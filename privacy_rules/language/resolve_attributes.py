"""Resolve the attributes that a policy adds, and check the names that they share with its defines."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from privacy_rules.language import syntax
from privacy_rules.language.literals import described, read_default
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.term_lookup import Lexicon
from privacy_rules.source import codes
from privacy_rules.source.span import Span
from privacy_rules.source.words import with_article
from privacy_rules.vocabulary.attributes import BUILT_IN, SINCE_1_1, Attribute, Entity, Form, Type
from privacy_rules.vocabulary.values import Value

RESERVED = frozenset({"data", "purpose", "source", "recipient", "under", "reached", "collected", "covers", "not", "id"})
"""Names that no attribute or define may have, because they mean something else in a condition or, `id`, in a manifest."""

Attributes = Mapping[tuple[Entity, str], Attribute]
_BUILT_IN_NAMES = frozenset(name for _, name in BUILT_IN)


def resolve_attributes(
    declared: Sequence[syntax.Attribute], lexicon: Lexicon, new: Container[str]
) -> tuple[dict[tuple[Entity, str], Attribute], dict[str, Span]]:
    """Return all attributes, built-in ones included, and where the policy declares its own, wrong ones included.

    The names of wrong ones count as lost in the lexicon, so that their uses are not reported. `new` has the files that
    are written for version 1.1: the declarations of other files replace built-in attributes that this version added.
    """
    replaced = {each.name.text for each in declared if _may_replace(each.name, new)}
    attributes = {key: each for key, each in BUILT_IN.items() if each.name not in replaced}
    places: dict[str, Span] = {}
    own: dict[str, tuple[Type, Value | None] | None] = {}
    for each in declared:
        name = each.name.text
        before = len(lexicon.errors.found)
        meaning = _meaning(each, lexicon)
        if name in RESERVED:
            lexicon.errors.report(codes.DUPLICATE, f"no attribute can be named `{name}`", each.name.span)
        elif meaning is None or own.get(name, meaning) is None:
            own[name] = None  # already reported, or compared with one that is
        elif name in own and own[name] != meaning:
            message = f"attribute `{name}` is already declared differently"
            help_ = "declare it with the same type and default to add entities"
            lexicon.errors.report(codes.DUPLICATE, message, each.name.span, help_, (places[name],))
        elif name not in replaced and (clash := _clash(each, *meaning)):
            help_ = "remove this declaration, or give it another name"
            lexicon.errors.report(codes.DUPLICATE, f"attribute `{name}` is built in, {clash}", each.name.span, help_)
        else:
            own[name] = meaning
            for entity in map(Entity, (word.text for word in each.entities)):
                attributes.setdefault((entity, name), Attribute(entity, name, *meaning, span=each.name.span))
        if len(lexicon.errors.found) > before:
            lexicon.lost |= Lost(frozenset([name]))
        places.setdefault(name, each.name.span)
    return attributes, places


def resolve_names(
    defines: Iterable[syntax.Define], places: Mapping[str, Span], lexicon: Lexicon, new: Container[str]
) -> dict[str, syntax.Define]:
    """Return the defines by name, the first of two with the same name.

    `places` are where attributes are declared, and `new` the files that are written for version 1.1.
    """
    found: dict[str, syntax.Define] = {}
    for each in defines:
        name, span = each.name.text, each.name.span
        if name in found:
            _report_taken(name, "define", span, (found[name].name.span,), lexicon)
            continue
        found[name] = each
        if name in RESERVED:
            lexicon.errors.report(codes.DUPLICATE, f"no define can be named `{name}`", span)
        elif name in places:
            _report_taken(name, "attribute", span, (places[name],), lexicon)
        elif name in _BUILT_IN_NAMES and not _may_replace(each.name, new):
            _report_taken(name, "built-in attribute", span, (), lexicon)
    lexicon.errors.report_twins("name", {**places, **{name: each.name.span for name, each in found.items()}})
    return found


def _may_replace(name: syntax.Word, new: Container[str]) -> bool:
    return name.text in SINCE_1_1 and name.span.file not in new


def _report_taken(name: str, what: str, span: Span, also: tuple[Span, ...], lexicon: Lexicon) -> None:
    lexicon.errors.report(codes.DUPLICATE, f"`{name}` is already {with_article(what)}", span, None, also)


def _meaning(each: syntax.Attribute, lexicon: Lexicon) -> tuple[Type, Value | None] | None:
    type_ = _type(each.type, lexicon)
    if type_ is None:
        return None
    if each.default is None:
        return type_, None
    default = read_default(each.default, each.name.text, type_, lexicon)
    return None if default is None else (type_, default)


def _type(written: syntax.AttributeType, lexicon: Lexicon) -> Type | None:
    word = written.vocabulary
    if word is None:
        return Type(Form(written.form))
    if written.form == "set" and word.text == "text":
        return Type(Form.TEXTS)
    if word.text in lexicon.vocabularies:
        return Type(Form(written.form), word.text)
    if word.text not in lexicon.lost:
        help_ = lexicon.errors.near(word.text, lexicon.vocabularies, "vocabularies")
        lexicon.errors.report(codes.UNKNOWN_TERM, f"unknown vocabulary `{word.text}`", word.span, help_)
    return None


def _clash(each: syntax.Attribute, type_: Type, default: Value | None) -> str | None:
    """How a declaration differs from the built-in attributes of that name; None if it does not, or there are none."""
    known = {entity: found.type for (entity, name), found in BUILT_IN.items() if name == each.name.text}
    if not known:
        return None
    for entity in map(Entity, (word.text for word in each.entities)):
        if entity in known and known[entity] != type_:
            return f"and for {entity} it is {described(known[entity])}"
    if type_ not in known.values():
        return f"as {described(next(iter(known.values())))}"
    return "without a default" if default is not None else None
