"""Find the differences that make a change of a policy material."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from privacy_rules.analysis.drafts import SUBJECT, subject_of
from privacy_rules.analysis.policy_comparison import Example, PolicyDifference, RuleDifference, compare
from privacy_rules.analysis.search import No
from privacy_rules.checking.core_rules import SubjectIs
from privacy_rules.language.policy import All, AnyOf, Condition, Derives, Joins, JudgedIs, Negation, Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.span import Span
from privacy_rules.source.spelling import did_you_mean

_NOWHERE = Span("", 1, 1)
TOPICS = ("collection", "use", "disclosure", "retention", "organisation")
USUAL = TOPICS[:4]
_TOPICS_OF = {
    Kind.FLOW: ("collection", "disclosure", "use"),
    Kind.STORAGE: ("retention",),
    Kind.PARTY: ("disclosure",),
    Kind.CONTRACT: ("disclosure",),
    Kind.ORGANISATION: ("organisation",),
}
"""The topics of each kind of subject; those of the other kinds are about use."""
Topic = tuple[str, str | None]
"""A topic, and the category that it is about; None for every one."""


def wanted(words: Sequence[str], policy: Policy) -> tuple[Topic, ...]:
    """The topics that options name: `disclosure`, `collection:email`. Raises InputError if there is no such topic or category."""
    found: list[Topic] = []
    for word in words:
        topic, _, category = word.partition(":")
        if topic not in TOPICS:
            help_ = did_you_mean(topic, TOPICS) or f"the topics are {', '.join(TOPICS)}"
            raise InputError([Diagnostic(codes.USAGE, f"there is no topic `{topic}`", help=help_)])
        known = policy.taxonomy("data")
        if category and category not in known:
            near = did_you_mean(category, known.terms)
            raise InputError([Diagnostic(codes.USAGE, f"there is no category `{category}`", help=near)])
        found.append((topic, category or None))
    return tuple(found) or tuple((each, None) for each in USUAL)


def material(found: PolicyDifference, topics: Sequence[Topic], old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the reasons why the change is material; empty if it is not. A rule that cannot be proved not to be looser counts as a reason."""
    return tuple(dict.fromkeys(_reasons(found, topics, (old, new))))


def _reasons(found: PolicyDifference, topics: Sequence[Topic], policies: Sequence[Policy]) -> Iterator[str]:
    if found.whole.looser is No.PROVED:
        return
    for each in found.rules:
        answer = each.difference.looser
        if isinstance(answer, Example):
            yield from _reasons_of(each, answer, topics, policies, found.day)
        elif answer is No.NOT_PROVED:
            yield f"it is not proved that {each.name} is not looser"


def _reasons_of(
    rule: RuleDifference, example: Example, topics: Sequence[Topic], policies: Sequence[Policy], day: date
) -> Iterator[str]:
    """Why a looser rule is material. If its example is about none of the topics, another one is searched for each."""
    if any(_is_about(example, topic, policies) for topic in topics):
        yield f"{rule.name} is looser on {example.topic}"
        return
    for topic in topics:
        old, new = (
            _about(policy, each, topic) for policy, each in zip(policies, (rule.before, rule.after), strict=True)
        )
        looser = compare(old, new, day).whole.looser
        words = topic[0] if topic[1] is None else f"{topic[0]} of {topic[1]}"
        if isinstance(looser, Example):
            yield f"{rule.name} is looser on {words}"
        elif looser is No.NOT_PROVED:
            yield f"it is not proved that {rule.name} is not looser on {words}"


def _about(policy: Policy, rule: Rule | None, topic: Topic) -> Policy:
    """The policy with a single rule, as far as this is about a topic, and the permits that lift it."""
    conditions = None if rule is None else _conditions(rule.subject.kind, *topic)
    if rule is None or conditions is None:
        return replace(policy, rules=())
    parts = (*([rule.when] if rule.when else []), *conditions)
    limited = replace(rule, when=All(rule.span, "…", parts)) if parts else rule
    return replace(policy, rules=(limited, *(each for each in policy.rules if rule.name in each.despite)))


def _conditions(kind: Kind, topic: str, category: str | None) -> list[Condition] | None:
    """What must hold so that a subject of a kind is about a topic; None if that is impossible.

    Subjects without data of their own are about every category.
    """
    if topic not in _TOPICS_OF.get(kind.family, ("use",)):
        return None
    found: list[Condition] = []
    if kind.family is Kind.FLOW:
        collected, disclosed = _is(Kind.COLLECTION), AnyOf(_NOWHERE, "…", (_is(Kind.DISCLOSURE), _is(Kind.SHARING)))
        if topic != "disclosure":
            found.append(Negation(_NOWHERE, "…", disclosed))
        found.append({"disclosure": disclosed, "collection": collected}.get(topic, Negation(_NOWHERE, "…", collected)))
    if category is None:
        return found
    match kind.family:
        case Kind.FLOW | Kind.STORAGE | Kind.USE:
            found.append(JudgedIs(_NOWHERE, category, "data", (category,)))
        case Kind.JOINING:
            found.append(Joins(_NOWHERE, category, (category,), None))
        case Kind.DERIVATION:
            ends = (Derives(_NOWHERE, category, "of", (category,)), Derives(_NOWHERE, category, "into", (category,)))
            found.append(AnyOf(_NOWHERE, category, ends))
    return found


def _is(kind: Kind) -> Condition:
    return SubjectIs(_NOWHERE, kind.value, kind)


def _is_about(example: Example, topic: Topic, policies: Sequence[Policy]) -> bool:
    name, category = topic
    if example.topic != name:
        return False
    return category is None or any(
        datum in taxonomy and category in taxonomy and taxonomy.overlaps(datum, category)
        for datum in _data(example)
        for taxonomy in (each.taxonomy("data") for each in policies)
    )


def _data(example: Example) -> Iterator[str]:
    """The categories of an example's subject; every one if it does not say."""
    flows: list[dict[str, Any]] = example.data.get("flows", [])
    for flow in flows:
        if flow["id"] == SUBJECT:
            yield from flow.get("carries", [])
    for item in _items(example.data.get("systems", {}).get(subject_of(example.data), {})):
        yield from (item.values() if isinstance(item, dict) else item if isinstance(item, list) else [item])


def _items(system: dict[str, Any]) -> Iterator[Any]:
    for name in ("stores", "uses", "joins", "transforms"):
        yield from system.get(name) or ()
