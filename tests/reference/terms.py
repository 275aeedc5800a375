"""The tests of the language on terms, with their three values, one function for each table row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from privacy_rules.checking.logic import Truth
from privacy_rules.language.policy import Policy
from privacy_rules.vocabulary.taxonomy import Taxonomy

FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


def on_day(policy: Policy, day: date) -> Policy:
    """The policy with the edges that exist on a day: all but those whose periods leave it out."""

    def exists(terms: Taxonomy, term: str, parent: str) -> bool:
        periods = terms.periods.get((term, parent))
        return periods is None or any(each.begins <= day < each.ends for each in periods)

    def of(terms: Taxonomy) -> Taxonomy:
        edges = {
            term: tuple(each for each in above if exists(terms, term, each))
            for term, above in terms.whole.parents.items()
        }
        return Taxonomy(terms.name, edges)

    if not any(terms.whole.periods for terms in policy.vocabularies.values()):
        return policy
    return replace(policy, vocabularies={name: of(terms) for name, terms in policy.vocabularies.items()})


def truth(holds: bool) -> Truth:
    return TRUE if holds else FALSE


def both(*values: Truth) -> Truth:
    """`and`: the minimum; true of nothing."""
    return min(values, default=TRUE)


def either(*values: Truth) -> Truth:
    """`or`: the maximum; false of nothing."""
    return max(values, default=FALSE)


def opposite(value: Truth) -> Truth:
    return Truth(2 - value)


def is_one_of(term: str | None, listed: Iterable[str], terms: Taxonomy | None) -> Truth:
    """`x is (T, U)`; text, which has no vocabulary, is the listed text or another."""
    listed = tuple(listed)
    if term is None:
        return UNKNOWN
    if terms is None:
        return truth(term in listed)
    if any(terms.is_a(term, each) for each in listed):
        return TRUE
    if any(terms.overlaps(term, each) for each in listed):
        return UNKNOWN
    return FALSE


def includes(elements: Iterable[str] | None, listed: Iterable[str], terms: Taxonomy | None) -> Truth:
    """`s includes (T, U)`: some element is below a listed term."""
    if elements is None:
        return UNKNOWN
    return either(*(is_one_of(element, tuple(listed), terms) for element in elements))


def includes_all(elements: Iterable[str] | None, listed: Iterable[str], terms: Taxonomy | None) -> Truth:
    """`s includes all (T, U)`: the `and` of `s includes` each."""
    return both(*(includes(elements, (each,), terms) for each in listed))


def within(elements: Iterable[str] | None, listed: Iterable[str], terms: Taxonomy | None) -> Truth:
    """`s within (T, U)`: every element is below a listed term."""
    if elements is None:
        return UNKNOWN
    return both(*(is_one_of(element, tuple(listed), terms) for element in elements))


def includes_only(elements: Iterable[str] | None, listed: Iterable[str], terms: Taxonomy | None) -> Truth:
    """`s includes only (T, U)`: there is an element, and every one is below a listed term."""
    if elements is None:
        return UNKNOWN
    elements = tuple(elements)
    return within(elements, listed, terms) if elements else FALSE


def includes_one(purpose: str | None, purposes: tuple[str, ...] | None, terms: Taxonomy) -> Truth:
    """The purpose is below one of the purposes, which themselves may be unknown."""
    return UNKNOWN if purposes is None else is_one_of(purpose, purposes, terms)
