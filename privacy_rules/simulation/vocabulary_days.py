"""Find the days on which terms begin or cease to be below others, and the rules that this may affect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from privacy_rules.language.conditions import references, rule_conditions
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.taxonomy import noun_of

_OF_ALL_RULES = frozenset({"data", "purpose", "role", "method"})
"""The vocabularies that a rule may depend on without naming an attribute of them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A term that begins, or ceases, to be below a parent."""

    vocabulary: str
    term: str
    parent: str
    begins: bool
    location: Span | None

    @property
    def words(self) -> str:
        """What happens: region `us` ceases to be in `adequate`."""
        verb = "begins" if self.begins else "ceases"
        return f"{noun_of(self.vocabulary).name} `{self.term}` {verb} to be in `{self.parent}`"


def turns(policy: Policy) -> Iterator[tuple[date, Turn]]:
    """Yield the turns, with their days, in the vocabularies that some rule may depend on."""
    asked = set().union(*map(vocabularies_of, policy.rules))
    for name in sorted(asked & policy.vocabularies.keys()):
        for (term, parent), periods in policy.vocabularies[name].periods.items():
            begun, ended = {each.begins for each in periods}, {each.ends for each in periods}
            for each in periods:
                if each.begins not in ended:
                    yield each.begins, Turn(name, term, parent, True, each.span)
                if each.ends not in begun:
                    yield each.ends, Turn(name, term, parent, False, each.span)


def turning(policy: Policy) -> Mapping[date, set[str]]:
    """Return the vocabularies that change on each day, as far as some rule may depend on them."""
    found: dict[date, set[str]] = defaultdict(set)
    for day, turn in turns(policy):
        found[day].add(turn.vocabulary)
    return found


def vocabularies_of(rule: Rule) -> set[str]:
    """Return the vocabularies that a rule may depend on."""
    named = (reference.attribute.type.vocabulary for each in rule_conditions(rule) for reference in references(each))
    return {each for each in named if each} | _OF_ALL_RULES
