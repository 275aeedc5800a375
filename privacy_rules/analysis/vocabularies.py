"""Give two policies one vocabulary: each gets the terms and attributes that only the other has, in the same places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from privacy_rules.language.policy import Policy
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class WordChange:
    """A term or attribute that was added, removed or changed; `before` and `after` are what it is below, or its type and default.

    `since` is the day from which on the policies differ in it, if that is not the first day.
    """

    what: Literal["added", "removed", "moved", "changed"]
    vocabulary: str
    name: str
    before: str = ""
    after: str = ""
    since: date | None = None


def united(old: Policy, new: Policy) -> tuple[Policy, Policy, tuple[WordChange, ...]]:
    """Return both policies with the same terms and attributes, and how their original ones differ."""
    changes = (*_term_changes(old, new), *_attribute_changes(old, new))
    return _with_words_of(old, new), _with_words_of(new, old), changes


def _with_words_of(policy: Policy, other: Policy) -> Policy:
    vocabularies = {
        name: _joined(policy.taxonomy(name), other.taxonomy(name))
        for name in {**policy.vocabularies, **other.vocabularies}
    }
    return replace(policy, vocabularies=vocabularies, attributes={**other.attributes, **policy.attributes})


def _joined(one: Taxonomy, other: Taxonomy) -> Taxonomy:
    """A taxonomy with the terms of another that it lacks."""
    more = {term: parents for term, parents in other.parents.items() if term not in one}
    if not more:
        return one
    return Taxonomy(one.name, {**one.parents, **more}, {**other.descriptions, **one.descriptions})


def _term_changes(old: Policy, new: Policy) -> Iterator[WordChange]:
    for name in sorted({**old.vocabularies, **new.vocabularies}):
        before, after = old.taxonomy(name), new.taxonomy(name)
        if before == after:
            continue
        for term in sorted({*before.terms, *after.terms}):
            was, is_ = (_place(each, term) for each in (before, after))
            if was != is_:
                what: Literal["added", "removed", "moved"] = (
                    "added" if was is None else "removed" if is_ is None else "moved"
                )
                yield WordChange(what, name, term, was or "", is_ or "")


def _place(taxonomy: Taxonomy, term: str) -> str | None:
    """What a term is directly below; None if the taxonomy does not have it."""
    return " and ".join(sorted(taxonomy.parents[term])) if term in taxonomy else None


def _attribute_changes(old: Policy, new: Policy) -> Iterator[WordChange]:
    before, after = (_described(each.attributes) for each in (old, new))
    for key in sorted({**before, **after}):
        was, is_ = before.get(key), after.get(key)
        if was != is_:
            what: Literal["added", "removed", "changed"] = (
                "added" if was is None else "removed" if is_ is None else "changed"
            )
            yield WordChange(what, f"attributes of a {key[0]}", key[1], was or "", is_ or "")


def _described(attributes: Mapping[tuple[Entity, str], Attribute]) -> dict[tuple[str, str], str]:
    return {
        (entity.value, name): f"{each.type}" + ("" if each.default is None else f" default {each.default}")
        for (entity, name), each in attributes.items()
    }
