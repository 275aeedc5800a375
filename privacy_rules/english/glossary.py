"""The terms that rules name, each vocabulary as a tree with all narrower and broader terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from privacy_rules.english.terms import is_called_by_description
from privacy_rules.language.conditions import rule_conditions, terms
from privacy_rules.language.policy import (
    Policy,
    Rule,
)
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.taxonomy import Taxonomy

_MOST, _FEW = 12, 8
"""Longer lists of terms without a description show only their first few."""
_DEEPEST = 20
"""Terms that are deeper in a tree are listed at this depth, as a page cannot be indented further."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term at its first place in the tree; `also` are its other parents, `elsewhere` the children whose first place is another."""

    term: str
    description: str | None
    below: tuple[Entry, ...]
    also: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """The used part of a vocabulary, the number of its other terms, and the terms that rules name.

    `dated`: each term that is below another on some days only, with the other term and the days in words.
    """

    vocabulary: str
    entries: tuple[Entry, ...]
    left_out: int
    named: frozenset[str] = frozenset()
    dated: tuple[tuple[str, str, str], ...] = ()

    def shortened(self, terms: Sequence[str]) -> tuple[tuple[str, ...], int]:
        """The terms to show in one line, and how many more there are. A term that a rule names is always shown."""
        if len(terms) <= _MOST:
            return tuple(terms), 0
        shown = tuple(each for number, each in enumerate(terms) if number < _FEW or each in self.named)
        return shown, len(terms) - len(shown)


def trees(policy: Policy) -> tuple[Tree, ...]:
    """The vocabularies whose terms the rules name, in order of name."""
    named = named_terms(policy.rules)
    return tuple(_tree(policy.taxonomy(name), named[name]) for name in sorted(named))


def named_terms(rules: Iterable[Rule]) -> Mapping[str, set[str]]:
    """The terms that rules name, by vocabulary."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for condition in rule_conditions(rule):
            for vocabulary, term in terms(condition):
                if vocabulary:
                    found[vocabulary].add(term)
    return found


def _tree(vocabulary: Taxonomy, named: set[str]) -> Tree:
    used = set(vocabulary.names(vocabulary.below_any(named) | vocabulary.above_any(named)))
    tops = [term for term in vocabulary.terms if term in used and not _parents(vocabulary, term, used)]
    entries = tuple(_entry(vocabulary, term, used) for term in tops)
    dated = tuple(
        (term, parent, listed(map(str, periods)))
        for (term, parent), periods in sorted(vocabulary.periods.items())
        if term in used and parent in used
    )
    return Tree(vocabulary.name, entries, len(vocabulary.terms) - len(used), frozenset(named), dated)


def _entry(vocabulary: Taxonomy, term: str, used: set[str], depth: int = 0) -> Entry:
    children = [each for each in vocabulary.children(term) if each in used]
    here = [each for each in children if _parents(vocabulary, each, used)[0] == term]
    if depth == _DEEPEST:
        children, here = [], list(vocabulary.descendants(term))
        here.remove(term)
    return Entry(
        term,
        _description(vocabulary, term),
        tuple(_entry(vocabulary, each, used, depth + 1) for each in here)
        if depth < _DEEPEST
        else _flat(vocabulary, here),
        tuple(_parents(vocabulary, term, used)[1:]),
        tuple(each for each in children if each not in here),
    )


def _flat(vocabulary: Taxonomy, terms: Iterable[str]) -> tuple[Entry, ...]:
    return tuple(Entry(each, _description(vocabulary, each), ()) for each in terms)


def _description(vocabulary: Taxonomy, term: str) -> str | None:
    return None if is_called_by_description(term, vocabulary) else vocabulary.descriptions.get(term)


def _parents(vocabulary: Taxonomy, term: str, used: set[str]) -> list[str]:
    return [each for each in vocabulary.parents[term] if each in used]
