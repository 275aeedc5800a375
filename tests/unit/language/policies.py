"""Policies for tests: a little world of terms, and what is told of a text."""

from __future__ import annotations

from privacy_rules.language.loader import load_text
from privacy_rules.language.policy import Condition, Policy, Rule
from privacy_rules.source.diagnostic import Diagnostic

WORLD = """use std.core
data { contact { email  phone }  card  page_views }
purpose { orders  marketing { newsletter } }
occasion { signup }
attribute vetted on flow, party: flag
attribute seats on system: number
attribute reviewed on system, contract: date
attribute channel on flow: text
attribute labels on flow: set of text
"""


def accepted(text: str) -> Policy:
    """The policy of a text in which nothing is wrong."""
    policy, found = load_text(text)
    assert policy is not None, found
    assert not found
    return policy


def told(text: str) -> list[Diagnostic]:
    """What is wrong with a text: at least one thing."""
    policy, found = load_text(text)
    assert policy is None
    assert found
    return list(found)


def wrong(text: str) -> list[tuple[str, str]]:
    """What is wrong with a text: each code and the words under its caret."""
    return [(each.code, under(each)) for each in told(text)]


def under(found: Diagnostic) -> str:
    """The words at the place of a diagnostic."""
    assert found.span is not None
    assert found.excerpt is not None
    end = found.span.end_column - 1 if found.span.end_line == found.span.line else None
    return found.excerpt[found.span.column - 1 : end]


def rule(statement: str) -> Rule:
    """A rule of the little world, by its statement."""
    return accepted(f"{WORLD}rule r {{ {statement} }}").rules[0]


def condition(text: str, subject: str = "flow") -> Condition:
    """A condition of the little world, on a subject."""
    found = rule(f"forbid {subject} when {text}").when
    assert found is not None
    return found


def wrong_condition(text: str, subject: str = "flow") -> list[tuple[str, str]]:
    """What is wrong with a condition on a subject of the little world."""
    return wrong(f"{WORLD}rule r {{ forbid {subject} when {text} }}")


def wrong_rule(statement: str) -> list[tuple[str, str]]:
    """What is wrong with a rule of the little world."""
    return wrong(f"{WORLD}rule r {{ {statement} }}")
