"""Find what a policy's rules refer to: terms, attributes, defines, and roles that their kinds imply."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.language import conditions, policy, syntax
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.language.syntax_walks import names_in, walk_declaration
from privacy_rules.lint.framework.condition_polarity import signed_conditions, with_inner
from privacy_rules.lint.framework.lint_input import LintInput

_INSIDE, _OUTSIDE = ("role", "organisation"), ("role", "outside")
_OF_KINDS = {
    Kind.COLLECTION: (_INSIDE,),
    Kind.SHARING: (_INSIDE,),
    Kind.DISCLOSURE: (_OUTSIDE,),
}
Term = tuple[str, str]
"""A vocabulary and a term of it."""


def terms(lint_input: LintInput) -> set[Term]:
    """Return the terms that rules and defaults use."""
    found: set[Term] = set()
    for rule in lint_input.policy.rules:
        found.update(_OF_KINDS.get(rule.subject.kind, ()))
        for signed in with_inner(signed_conditions(rule)):
            found.update(conditions.terms(signed.condition))
            if isinstance(signed.condition, policy.UnderContract):
                found.add(("role", "us"))
    for attribute in lint_input.policy.attributes.values():
        if attribute.default is not None and attribute.type.vocabulary:
            said = attribute.default if isinstance(attribute.default, tuple) else (attribute.default,)
            found |= {(attribute.type.vocabulary, str(each)) for each in said}
    return found


def whole_vocabularies(lint_input: LintInput) -> set[str]:
    """Vocabularies that rules test without naming a term, as in comparisons of facts."""
    found: set[str] = set()
    for rule in lint_input.policy.rules:
        for signed in with_inner(signed_conditions(rule)):
            if isinstance(signed.condition, policy.Covers):
                found.add(signed.condition.judged)
            elif isinstance(signed.condition, policy.ComparesFact):
                found.add(signed.condition.reference.attribute.type.vocabulary or "")
            elif isinstance(signed.condition, policy.WithinCollectedPurposes):
                found.add("purpose")
        if _applies_to_all_data(rule):
            found.add("data")
    return found


def _applies_to_all_data(rule: policy.Rule) -> bool:
    if rule.subject.kind.family is not Kind.FLOW and not rule.subject.kind.in_system:
        return False
    asked = (*rule.subject.limits, *([rule.when] if rule.when else []), *rule.alternatives)
    return not any(_asks_data(each) for each in asked)


def _asks_data(condition: policy.Condition) -> bool:
    if isinstance(condition, policy.All):
        return any(_asks_data(each) for each in condition.parts)
    return isinstance(condition, policy.Joins | policy.Derives) or (
        isinstance(condition, policy.JudgedIs) and condition.judged == "data"
    )


def names(lint_input: LintInput) -> Iterator[tuple[syntax.Declaration, str]]:
    """Yield each name in a condition, with its rule or define, in all files."""
    for declaration in lint_input.asking(everywhere=True):
        for node in walk_declaration(declaration):
            if isinstance(node, syntax.Named | syntax.HasTerms | syntax.Compared | syntax.IsDeclared):
                yield declaration, node.name.text
            if isinstance(node, syntax.Compared):
                yield from ((declaration, each.text) for each in names_in(node.value))
