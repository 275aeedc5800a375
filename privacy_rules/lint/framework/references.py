"""Find what a policy's rules refer to: terms, attributes, defines, and what their kinds imply."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.language import conditions, policy, syntax
from privacy_rules.language.syntax_walks import names_in, walk_declaration
from privacy_rules.lint.framework.lint_input import Reading
from privacy_rules.lint.framework.signed_conditions import parts_below, rule_parts

_INSIDE, _OUTSIDE = ("role", "organisation"), ("role", "outside")
_OF_KINDS = {
    policy.Kind.COLLECTION: (_INSIDE,),
    policy.Kind.SHARING: (_INSIDE,),
    policy.Kind.DISCLOSURE: (_OUTSIDE,),
}
Term = tuple[str, str]
"""A vocabulary and a term of it."""


def terms(reading: Reading) -> set[Term]:
    """Return the terms that rules and defaults use."""
    found: set[Term] = set()
    for rule in reading.policy.rules:
        found.update(_OF_KINDS.get(rule.subject.kind, ()))
        for part in parts_below(rule_parts(rule)):
            found.update(conditions.terms(part.condition))
            if isinstance(part.condition, policy.UnderContract):
                found.add(("role", "us"))
    for attribute in reading.policy.attributes.values():
        if attribute.default is not None and attribute.type.vocabulary:
            said = attribute.default if isinstance(attribute.default, tuple) else (attribute.default,)
            found |= {(attribute.type.vocabulary, str(each)) for each in said}
    return found


def whole_vocabularies(reading: Reading) -> set[str]:
    """Vocabularies of which rules ask without naming a term: in a fact compared with a fact, in what a contract covers, in purposes of collections."""
    found: set[str] = set()
    for rule in reading.policy.rules:
        for part in parts_below(rule_parts(rule)):
            if isinstance(part.condition, policy.Covers):
                found.add(part.condition.judged)
            elif isinstance(part.condition, policy.ComparesFact):
                found.add(part.condition.reference.attribute.type.vocabulary or "")
            elif isinstance(part.condition, policy.WithinCollectedPurposes):
                found.add("purpose")
        if _applies_to_all_data(rule):
            found.add("data")
    return found


def _applies_to_all_data(rule: policy.Rule) -> bool:
    if rule.subject.kind.family is not policy.Kind.FLOW and not rule.subject.kind.in_system:
        return False
    asked = (*rule.subject.limits, *([rule.when] if rule.when else []), *rule.alternatives)
    return not any(_asks_data(each) for each in asked)


def _asks_data(condition: policy.Condition) -> bool:
    if isinstance(condition, policy.All):
        return any(_asks_data(each) for each in condition.parts)
    return isinstance(condition, policy.Joins | policy.Derives) or (
        isinstance(condition, policy.JudgedIs) and condition.judged == "data"
    )


def names(reading: Reading) -> Iterator[tuple[syntax.Declaration, str]]:
    """Yield each name in a condition, with its rule or define, in all files."""
    for declaration in reading.asking(everywhere=True):
        for node in walk_declaration(declaration):
            if isinstance(node, syntax.Named | syntax.HasTerms | syntax.Compared | syntax.IsDeclared):
                yield declaration, node.name.text
            if isinstance(node, syntax.Compared):
                yield from ((declaration, each.text) for each in names_in(node.value))
