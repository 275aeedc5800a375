"""The lists of terms in rules and defines, each with its vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from privacy_rules.language import syntax
from privacy_rules.language.syntax_walks import limits_of, walk_declaration
from privacy_rules.lint.framework.lint_input import LintInput
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import spelling

_ENDS = ("source", "recipient", "system", "party")


@dataclass(frozen=True)
class Listed:
    """A list of terms. `vocabulary` is None for a set of text; `every`: the condition asks for all of them."""

    items: tuple[syntax.Item, ...]
    vocabulary: str | None
    every: bool = False

    @cached_property
    def names(self) -> list[str]:
        """The terms as their vocabulary spells them."""
        return [spelling(self.vocabulary or "", item.text) for item in self.items]

    @cached_property
    def spans(self) -> list[Span]:
        """The places of the terms."""
        return [item.span for item in self.items]


def lists(lint_input: LintInput) -> Iterator[Listed]:
    """Yield every list of terms in the examined rules and defines, also those with one term."""
    vocabularies = _vocabularies(lint_input)
    for declaration in lint_input.asking():
        yield from _of_declaration(declaration, vocabularies)


def _of_declaration(declaration: syntax.Rule | syntax.Define, vocabularies: dict[str, str | None]) -> Iterable[Listed]:
    if isinstance(declaration, syntax.Rule):
        for limit in limits_of(declaration.statement):
            if limit.terms:
                yield Listed(limit.terms, syntax.LIMITS_OF_TERMS[limit.word.text])
    for node in walk_declaration(declaration):
        match node:
            case syntax.Roles(items=items):
                yield Listed(items, "role")
            case syntax.Reached(data=data, methods=methods) | syntax.Holds(data=data, methods=methods):
                yield Listed(data, "data")
                if methods:
                    yield Listed(methods, "method")
            case syntax.HasTerms(name=name, verb=verb, terms=terms):
                yield Listed(terms, _vocabulary(name.text, vocabularies), verb == "includes all")
            case _:
                pass


def _vocabularies(lint_input: LintInput) -> dict[str, str | None]:
    found: dict[str, str | None] = {"data": "data", "purpose": "purpose"}
    for (_, name), attribute in lint_input.policy.attributes.items():
        found.setdefault(name, attribute.type.vocabulary)
    return found


def _vocabulary(name: str, known: dict[str, str | None]) -> str | None:
    """The vocabulary of an attribute's name; ends and entities before it are ignored."""
    while name not in known and name.partition(".")[0] in _ENDS:
        name = name.partition(".")[2]
    return known.get(name)
