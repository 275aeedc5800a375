"""What a policy's rules are made of: the constructs, without the words that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from privacy_rules.language.policy import Condition, IsTerm, Policy, Reference, Rule
from privacy_rules.vocabulary.attributes import Attribute


def shape(policy: Policy) -> frozenset[str]:
    """The constructs of all rules: statements, subjects, limits, and each kind of test with the type that it asks for."""
    return frozenset(part for rule in policy.rules for part in _of_rule(rule)) | {
        part for define in policy.defines for part in (f"define {define.name != ''}",)
    }


def _of_rule(rule: Rule) -> Iterator[str]:
    yield rule.statement
    yield f"subject {rule.subject.kind.value}"
    for limit in rule.subject.limits:
        yield f"limit {limit.text.split()[0]}"
        yield from _of(limit)
    for name in ("when", "unless", "required"):
        if (part := getattr(rule, name)) is not None:
            yield name
            yield from _of(part)
    for alternative in rule.alternatives:
        yield from _of(alternative)
    yield from (f"applies {name}" for name in ("from", "until") if getattr(rule, f"applies_{name}"))
    yield f"severity {rule.severity}"


def _of(part: object) -> Iterator[str]:
    if isinstance(part, Reference):
        yield f"{part.side.value} {part.owner.value} {_type(part.attribute)}"
    elif isinstance(part, tuple):
        for each in part:
            yield from _of(each)
    elif is_dataclass(part):
        if isinstance(part, Condition):
            yield type(part).__name__
            for name in ("every", "derived", "side", "judged", "entity"):
                if getattr(part, name, None):
                    yield f"{type(part).__name__} {name} {getattr(part, name)}"
            for name in ("start", "avoiding", "methods", "other", "terms"):
                if getattr(part, name, None) is not None and not isinstance(part, IsTerm):
                    yield f"{type(part).__name__} {name}"
        for field in fields(part):
            if field.name != "span":
                yield from _of(getattr(part, field.name))


def _type(attribute: Attribute) -> str:
    return attribute.type.form.value
