"""List the items of a rule that coverage counts: alternatives, exceptions, permits and every test, each with its possible values."""

from __future__ import annotations

from privacy_rules.checking.judgements import Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.language.conditions import children, own_tests
from privacy_rules.language.policy import (
    All,
    AnyOf,
    Condition,
    Defined,
    EndMatches,
    Holds,
    IsDeclared,
    IsEntity,
    Negation,
    Policy,
    Rule,
)
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.span import Span
from privacy_rules.vocabulary.attributes import Entity

Key = tuple[str, int | str]
"""A rule's name, with the id of a condition in it or the name of the rule that a permit lifts."""

_PARTS = (Part.ALTERNATIVE, Part.EXCEPTION)
_ALWAYS_SURE = (Truth.FALSE, Truth.TRUE)
_MAYBE = (Kind.COLLECTION, Kind.SHARING, Kind.DISCLOSURE, *(kind for kind in Kind if kind.in_system))
"""The kinds for which it may be unknown whether a subject is one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item to cover. `able` are its possible values."""

    key: Key
    part: Part
    text: str
    span: Span
    able: tuple[Truth, ...]


def parts_of(rule: Rule) -> list[tuple[Part, Condition]]:
    """Return the conditions of a rule in the order of the text, each with its part."""
    parts = [(Part.LIMIT, limit) for limit in rule.subject.limits]
    parts += [(Part.ALTERNATIVE, each) for each in rule.alternatives]
    single = ((Part.WHEN, rule.when), (Part.REQUIRED, rule.required), (Part.EXCEPTION, rule.unless))
    return [*parts, *((part, condition) for part, condition in single if condition is not None)]


def items_of(rule: Rule, policy: Policy) -> tuple[Item, ...]:
    """Return the coverage items of a rule in the order of the text; those of a define appear where it is used."""
    found: dict[Key, Item] = {}
    for name in rule.despite:
        if policy.rule(name) is not None:
            key: Key = (rule.name, name)
            found[key] = Item(key, Part.PERMIT, f"lifts {name}", rule.name_span or rule.span, tuple(Truth))
    for part, condition in parts_of(rule):
        if part in _PARTS:
            item = _item(rule, part, condition)
            found.setdefault(item.key, item)
        for leaf in every_leaf(condition):
            role = part if leaf is condition else Part.TEST
            item = _item(rule, role, leaf)
            found.setdefault(item.key, item)
    return tuple(found.values())


def verdicts_of(rule: Rule, policy: Policy, items: tuple[Item, ...]) -> tuple[Verdict, ...]:
    """Return the possible verdicts of a rule on what its kind and limits select; a permit has none.

    A `forbid` with limits only is never compliant for what they select, unless a permit lifts it.
    """
    if rule.statement == "permit":
        return ()
    lifted = any(rule.name in each.despite for each in policy.rules)
    can_comply = lifted or any(part is not Part.LIMIT for part, _ in parts_of(rule))
    open_ = rule.subject.kind in _MAYBE or any(Truth.UNKNOWN in each.able for each in items)
    can = {Verdict.COMPLIANT: can_comply, Verdict.UNDETERMINED: open_, Verdict.VIOLATION: True}
    return tuple(each for each in Verdict if can[each])


def _item(rule: Rule, part: Part, condition: Condition) -> Item:
    return Item((rule.name, id(condition)), part, condition.text, condition.span, able(condition))


def able(condition: Condition) -> tuple[Truth, ...]:
    """Return the possible values of a condition. Whether something is declared, or is a certain system, is always known."""
    match condition:
        case IsDeclared() | IsEntity(entity=Entity.SYSTEM):
            return _ALWAYS_SURE
        case EndMatches() | Defined() | Negation() | All() | AnyOf() if all(
            able(each) == _ALWAYS_SURE for each in children(condition)
        ):
            return _ALWAYS_SURE
        case _:
            return tuple(Truth)


def every_leaf(condition: Condition) -> tuple[Condition, ...]:
    """Return the tests of a condition and those inside them. A limit that is a single test of its end counts once."""
    found: dict[int, Condition] = {}
    waiting = [condition]
    while waiting:
        for leaf in own_tests(waiting.pop()):
            if id(leaf) not in found:
                found[id(leaf)] = leaf
                waiting += [each for each in children(leaf) if not _repeats(leaf, each)]
    return tuple(sorted(found.values(), key=lambda each: (each.span.file, each.span.line, each.span.column)))


def _repeats(leaf: Condition, selector: Condition) -> bool:
    """Whether the test itself covers what is inside it: the path of `holds`, or the only test of a limit."""
    if isinstance(leaf, Holds):
        return True
    return isinstance(leaf, EndMatches) and own_tests(selector) == (selector,) and not children(selector)
