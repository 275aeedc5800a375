"""Resolve blocks of terms into vocabularies: which term is below which, over all files together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field

from privacy_rules.language import syntax
from privacy_rules.language.cycles import in_order
from privacy_rules.language.lost_names import Lost
from privacy_rules.language.policy import MAX_DEPTH
from privacy_rules.language.policy_errors import Errors
from privacy_rules.language.resolve_dated_terms import Stated, periods, stated_in
from privacy_rules.source import codes
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import BUILT_IN, Taxonomy, noun_of, spelling

_RESERVED = "text"  # in `set of text` it is not a vocabulary


@dataclass(slots=True)
class _Draft:
    """A vocabulary while its blocks are gathered.

    `nested` are all places where a term is nested in another, `added` all parents behind `in`; `stated` are all of both, with dates if they have some.
    """

    name: str
    terms: dict[str, Span] = field(default_factory=dict)
    parents: dict[str, dict[str, Span]] = field(default_factory=dict)
    nested: list[tuple[str, str, Span]] = field(default_factory=list)
    added: list[tuple[str, syntax.Word]] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    descriptions: dict[str, str] = field(default_factory=dict)


def resolve_vocabularies(files: Iterable[syntax.File], lost: Lost, errors: Errors) -> dict[str, Taxonomy]:
    """Return every vocabulary by name; wrong parents are reported and left out."""
    drafts = {name: _Draft(name) for name in BUILT_IN}
    own: dict[str, Span] = {}
    blocks = ((each, file.shipped) for file in files for each in file.declarations)
    for block, shipped in blocks:
        if not isinstance(block, syntax.Vocabulary):
            continue
        if block.name.text == _RESERVED:
            errors.report(codes.DUPLICATE, "a vocabulary cannot be named `text`", block.name.span)
            continue
        draft = drafts.setdefault(block.name.text, _Draft(block.name.text))
        own.setdefault(block.name.text, block.name.span)
        _gather(draft, block.terms, errors, shipped=shipped)
    errors.report_twins("vocabulary", own)
    return {name: _resolve(draft, lost, errors) for name, draft in drafts.items()}


def _gather(draft: _Draft, terms: Sequence[syntax.Term], errors: Errors, *, shipped: bool) -> None:
    waiting: list[tuple[syntax.Term, str | None, int]] = [(term, None, 1) for term in reversed(terms)]
    while waiting:
        term, above, depth = waiting.pop()
        if depth == MAX_DEPTH + 1:
            message = f"terms nest deeper than {MAX_DEPTH} here"
            errors.report(codes.TOO_DEEP, message, term.name.span, "name a term again at the top of a block")
        name = spelling(draft.name, term.name.text)
        draft.terms.setdefault(name, term.name.span)
        if above is not None and depth <= MAX_DEPTH:
            draft.nested.append((name, above, term.name.span))
            draft.stated.append(Stated((name, above), None, term.name.span, shipped))
        for each in term.parents:
            draft.added.append((name, each.term))
            draft.stated.append(stated_in(name, spelling(draft.name, each.term.text), each, errors, shipped=shipped))
        if term.description:
            draft.descriptions.setdefault(name, term.description.text)
        waiting += [(child, name, depth + 1) for child in reversed(term.children)]


def _resolve(draft: _Draft, lost: Lost, errors: Errors) -> Taxonomy:
    errors.report_twins(noun_of(draft.name).name, draft.terms)
    _nest(draft)
    _add_parents(draft, lost, errors)
    _report_other_parents(draft, errors)
    parents = {name: draft.parents.get(name, {}) for name in draft.terms}
    for name, parent in in_order(parents)[1]:
        message = f"`{name}` cannot be below `{parent}`, which is below it"
        if name == parent:
            message = f"`{name}` cannot be below itself"
        errors.report(codes.CIRCLE, message, parents[name].pop(parent))
    dated = periods(draft.stated, errors)
    known = {edge: dated[edge] for edge in dated if edge[1] in parents.get(edge[0], ())}
    first = {name: above for name, above, _ in reversed(draft.nested)}
    ordered = {name: _in_order(above, first.get(name)) for name, above in parents.items()}
    return Taxonomy(draft.name, ordered, draft.descriptions, known)


def _in_order(parents: Iterable[str], first: str | None) -> tuple[str, ...]:
    """The parent that the term is nested in, then the others by name."""
    return tuple(sorted(parents, key=lambda each: (each != first, each)))


def _nest(draft: _Draft) -> None:
    """Give each term the parent of the first place where it is nested."""
    for name, above, span in draft.nested:
        draft.parents.setdefault(name, {above: span})


def _add_parents(draft: _Draft, lost: Lost, errors: Errors) -> None:
    for name, word in draft.added:
        parent = spelling(draft.name, word.text)
        if parent in draft.terms:
            draft.parents.setdefault(name, {}).setdefault(parent, word.span)
        elif word.text not in lost:
            help_ = errors.near(word.text, draft.terms, draft.name)
            errors.report(codes.UNKNOWN_TERM, f"unknown {noun_of(draft.name).name} `{word.text}`", word.span, help_)


def _report_other_parents(draft: _Draft, errors: Errors) -> None:
    for name, above, span in draft.nested:
        known = draft.parents[name]
        if above not in known:
            message = f"`{name}` is below `{next(iter(known))}`, and here below `{above}`"
            help_ = f"to add a parent write `{name} in {above}` at the top of a block"
            errors.report(codes.OTHER_PARENT, message, span, help_, (next(iter(known.values())),))
