"""The attributes that a policy adds, and the one space of names that they share with its defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from privacy_rules.language import syntax
from privacy_rules.language.lexicon import Lexicon
from privacy_rules.language.literals import described, read_default
from privacy_rules.source import codes
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import BUILT_IN, Attribute, Entity, Form, Type
from privacy_rules.vocabulary.values import Value

RESERVED = frozenset({"data", "purpose", "source", "recipient", "under", "reached", "collected", "covers", "not", "id"})
"""No attribute or define is so named: a condition could not tell them from the language's own (`id` is every flow's)."""

Attributes = Mapping[tuple[Entity, str], Attribute]
_BUILT_IN_NAMES = frozenset(name for _, name in BUILT_IN)


def resolve_attributes(
    declared: Iterable[syntax.Attribute], lexicon: Lexicon
) -> tuple[dict[tuple[Entity, str], Attribute], dict[str, Span]]:
    """All attributes, the built-in ones too, and where the policy's own are declared (with those that are wrong).

    The names of those that are wrong are lost to the lexicon: nothing more is to be told of them.
    """
    attributes = dict(BUILT_IN)
    places: dict[str, Span] = {}
    own: dict[str, tuple[Type, Value | None] | None] = {}
    for each in declared:
        name = each.name.text
        told = len(lexicon.mistakes.found)
        meaning = _meaning(each, lexicon)
        if name in RESERVED:
            lexicon.mistakes.tell(codes.DUPLICATE, f"no attribute can be named `{name}`", each.name.span)
        elif meaning is None or own.get(name, meaning) is None:
            own[name] = None  # told already, or compared with one that is
        elif name in own and own[name] != meaning:
            message = f"attribute `{name}` is declared otherwise before"
            help_ = "declared again alike, with the same type and default, it adds entities"
            lexicon.mistakes.tell(codes.DUPLICATE, message, each.name.span, help_, (places[name],))
        elif clash := _clash(each, *meaning):
            lexicon.mistakes.tell(codes.DUPLICATE, f"attribute `{name}` is built in, {clash}", each.name.span)
        else:
            own[name] = meaning
            for entity in map(Entity, (word.text for word in each.entities)):
                attributes.setdefault((entity, name), Attribute(entity, name, *meaning, span=each.name.span))
        if len(lexicon.mistakes.found) > told:
            lexicon.lost |= syntax.Lost(frozenset([name]))
        places.setdefault(name, each.name.span)
    return attributes, places


def resolve_names(
    defines: Iterable[syntax.Define], places: Mapping[str, Span], lexicon: Lexicon
) -> dict[str, syntax.Define]:
    """The defines by name; of two of one name the first. `places` are where attributes are declared."""
    found: dict[str, syntax.Define] = {}
    for each in defines:
        name, span = each.name.text, each.name.span
        if name in found:
            _tell_taken(name, "define", span, (found[name].name.span,), lexicon)
            continue
        found[name] = each
        if name in RESERVED:
            lexicon.mistakes.tell(codes.DUPLICATE, f"no define can be named `{name}`", span)
        elif name in places:
            _tell_taken(name, "attribute", span, (places[name],), lexicon)
        elif name in _BUILT_IN_NAMES:
            _tell_taken(name, "built-in attribute", span, (), lexicon)
    lexicon.mistakes.tell_twins("name", {**places, **{name: each.name.span for name, each in found.items()}})
    return found


def _tell_taken(name: str, what: str, span: Span, also: tuple[Span, ...], lexicon: Lexicon) -> None:
    article = "an" if what == "attribute" else "a"
    lexicon.mistakes.tell(codes.DUPLICATE, f"`{name}` is already {article} {what}", span, None, also)


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
        help_ = lexicon.mistakes.near(word.text, lexicon.vocabularies, "vocabularies")
        lexicon.mistakes.tell(codes.UNKNOWN_TERM, f"unknown vocabulary `{word.text}`", word.span, help_)
    return None


def _clash(each: syntax.Attribute, type_: Type, default: Value | None) -> str | None:
    """How a declaration differs from the built-in attributes of its name; None where it is alike, or there are none."""
    known = {entity: found.type for (entity, name), found in BUILT_IN.items() if name == each.name.text}
    if not known:
        return None
    for entity in map(Entity, (word.text for word in each.entities)):
        if entity in known and known[entity] != type_:
            return f"and of {entity} it is {described(known[entity])}"
    if type_ not in known.values():
        return f"as {described(next(iter(known.values())))}"
    return "without a default" if default is not None else None
