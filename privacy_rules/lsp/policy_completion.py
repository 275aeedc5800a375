"""Completion in policies: what the grammar accepts at the cursor, with the policy's names for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol.types import CompletionItem, CompletionItemKind, TextEdit

from privacy_rules.language.condition_contexts import Names, Place, Site
from privacy_rules.language.parser_tables import tables
from privacy_rules.lsp.name_at_cursor import Wanted, wanted
from privacy_rules.lsp.parser_state import Cursor, cursor
from privacy_rules.lsp.policy_view import PolicyView
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.source.language_files import rules_of_packs, shipped_files
from privacy_rules.vocabulary.attributes import Attribute, Form

_FITTING = {
    "includes": (Form.SET, Form.TEXTS, Form.ROLES),
    "within": (Form.SET, Form.TEXTS, Form.ROLES),
}
_JUDGED = ("data", "purpose")
Offer = tuple[str, CompletionItemKind, str | None]


def complete(view: PolicyView, lines: Lines, offset: int) -> list[CompletionItem]:
    """Return the completions at an offset of a policy file."""
    here = cursor(lines.text, offset)
    if here is None:
        return []
    place = lines.between(here.start, here.end)
    offers = dict.fromkeys(each for each in _offers(view, here))
    return [
        CompletionItem(
            label,
            kind=kind,
            detail=detail,
            sort_text=f"{_ORDER.get(kind, 5)}{label}",
            filter_text=label,
            text_edit=TextEdit(place, label),
        )
        for label, kind, detail in offers
    ]


_ORDER = {CompletionItemKind.Keyword: 6, CompletionItemKind.EnumMember: 1, CompletionItemKind.Property: 2}


def _offers(view: PolicyView, here: Cursor) -> Iterator[Offer]:
    if "NAME" in here.accepted:
        yield from _names(view, wanted(here, view.meaning))
    yield from _keywords(view, here)
    if "COMPARISON" in here.accepted:
        yield from _comparisons(view, here)


# ---- words of the language


def _keywords(view: PolicyView, here: Cursor) -> Iterator[Offer]:
    before = _attributes_before(view, here)
    for word, kinds in tables().words.items():
        if here.accepted.isdisjoint(kinds) or (before and not _fits(word, before)):
            continue
        yield word, CompletionItemKind.Keyword, None


def _attributes_before(view: PolicyView, here: Cursor) -> list[Attribute]:
    """Return the attributes that the name right before the cursor may mean."""
    if "COMPARISON" not in here.accepted or not here.stack:
        return []
    parts = []
    for each in here.stack:
        if each.kind not in ("NAME", "DOT", "name", "dotted", "SOURCE", "RECIPIENT") and not each.kind.startswith(
            "__name"
        ):
            break
        parts.append(each.text)
    name = view.meaning.attribute("".join(reversed(parts)))
    return [attribute for (_, known), attribute in view.policy.attributes.items() if known == name]


def _fits(word: str, attributes: list[Attribute]) -> bool:
    forms = _FITTING.get(word)
    return forms is None or any(each.type.form in forms for each in attributes)


def _comparisons(view: PolicyView, here: Cursor) -> Iterator[Offer]:
    forms = {each.type.form for each in _attributes_before(view, here)}
    signs = {"=", "!="} if forms & {Form.TEXT, Form.NUMBER, Form.DURATION, Form.DATE} else set[str]()
    if forms & {Form.NUMBER, Form.DURATION, Form.DATE}:
        signs |= {"<", "<=", ">", ">="}
    for sign in sorted(signs):
        yield sign, CompletionItemKind.Operator, None


# ---- names


def _names(view: PolicyView, fits: Wanted) -> Iterator[Offer]:
    if fits.vocabulary:
        yield from terms(view, fits.vocabulary)
    for place in fits.places:
        yield from _conditions(view, place)
    if fits.also:
        yield from _SPECIAL[fits.also](view)


def _rules(view: PolicyView) -> Iterator[Offer]:
    for rule in view.policy.rules:
        if rule.statement != "permit":
            yield rule.name, CompletionItemKind.Function, rule.title


def _brought(view: PolicyView) -> Iterator[Offer]:
    """Yield the rules that a `use` may bring: those of the policy, and of the packs, which are not read while their `use` is typed."""
    known = {rule.name: rule.title for rule in view.policy.rules}
    for name in (*known, *(each for each in rules_of_packs() if each not in known)):
        yield name, CompletionItemKind.Function, known.get(name)


def _vocabularies(view: PolicyView) -> Iterator[Offer]:
    for name in view.policy.vocabularies:
        yield name, CompletionItemKind.Enum, "vocabulary"
    yield "text", CompletionItemKind.Keyword, "any text"


def _packages(_: PolicyView) -> Iterator[Offer]:
    for name in shipped_files():
        yield name, CompletionItemKind.Module, "shipped"


def _mentioned(entity: str) -> Callable[[PolicyView], Iterator[Offer]]:
    def offer(view: PolicyView) -> Iterator[Offer]:
        for each in sorted({each.id for each in view.policy.mentions if each.entity.value == entity}):
            yield each, CompletionItemKind.Reference, entity

    return offer


def _fixed(kind: CompletionItemKind, *words: str) -> Callable[[PolicyView], Iterator[Offer]]:
    return lambda _: ((word, kind, None) for word in words)


_SPECIAL: dict[str, Callable[[PolicyView], Iterator[Offer]]] = {
    "rule": _rules,
    "brought": _brought,
    "vocabulary": _vocabularies,
    "package": _packages,
    "judged": _fixed(CompletionItemKind.Keyword, *_JUDGED),
    "value": _fixed(CompletionItemKind.Value, "yes", "no", "unlimited"),
    "compared": _fixed(CompletionItemKind.Value, "today", "unlimited"),
    "party": _mentioned("party"),
    "system": _mentioned("system"),
}


def terms(view: PolicyView, vocabulary: str) -> Iterator[Offer]:
    """Yield the terms of a vocabulary, each with a description or its parent."""
    taxonomy = view.policy.taxonomy(vocabulary)
    for term in taxonomy.terms:
        above = ", ".join(taxonomy.parents[term])
        detail = taxonomy.descriptions.get(term) or (f"{vocabulary} below {above}" if above else vocabulary)
        yield term, CompletionItemKind.EnumMember, detail


def _conditions(view: PolicyView, place: Place) -> Iterator[Offer]:
    names = Names(view.policy.attributes)
    for name in dict.fromkeys(names.known(place)):
        found = names.find(name, place)
        if found:
            yield name, CompletionItemKind.Property, f"{found[2].entity}: {found[2].type}"
    for define in view.policy.defines:
        yield define.name, CompletionItemKind.Variable, define.text
    if place.site is Site.TERMS:
        return
    if place.datum:
        yield "data", CompletionItemKind.Keyword, "the category that is judged"
    if place.purpose:
        yield "purpose", CompletionItemKind.Keyword, "the purpose that is judged"
