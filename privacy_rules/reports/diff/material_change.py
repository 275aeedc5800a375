"""Find the differences that make a change of a policy material."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from privacy_rules.analysis.drafts import SUBJECT, subject_of
from privacy_rules.analysis.policy_comparison import Example, PolicyDifference
from privacy_rules.analysis.search import No
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.spelling import did_you_mean

TOPICS = ("collection", "use", "disclosure", "retention", "organisation")
USUAL = TOPICS[:4]
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
    """Why the change is a material one; empty if it is not. An unproved difference counts, because it may exist."""
    return tuple(dict.fromkeys(_reasons(found, topics, (old, new))))


def _reasons(found: PolicyDifference, topics: Sequence[Topic], policies: Sequence[Policy]) -> Iterator[str]:
    if found.whole.looser is No.PROVED:
        return
    for each in found.rules:
        answer = each.difference.looser
        if isinstance(answer, Example) and any(_is_about(answer, topic, policies) for topic in topics):
            yield f"{each.name} is looser on {answer.topic}"
        elif answer is No.NOT_PROVED:
            yield f"it is not proved that {each.name} is not looser"


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
