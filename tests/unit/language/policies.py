"""Policies for tests: a little world of terms, and the errors of a text."""

from __future__ import annotations

from privacy_rules.language.loader import load_text
from privacy_rules.language.policy import Condition, Rule
from privacy_rules.source.diagnostic import Diagnostic
from tests.builders import policy_of

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


def errors_of(text: str) -> list[Diagnostic]:
    """Return the errors of a text, at least one."""
    policy, found = load_text(text)
    assert policy is None
    assert found
    return list(found)


def wrong(text: str) -> list[tuple[str, str]]:
    """Return the errors of a text: each code and the words at its place."""
    return [(each.code, under(each)) for each in errors_of(text)]


def under(found: Diagnostic) -> str:
    """Return the words at the place of a diagnostic."""
    assert found.span is not None
    assert found.excerpt is not None
    end = found.span.end_column - 1 if found.span.end_line == found.span.line else None
    return found.excerpt[found.span.column - 1 : end]


def rule(statement: str) -> Rule:
    """Return a rule of the little world, by its statement."""
    return policy_of(f"{WORLD}rule r {{ {statement} }}").rules[0]


def condition(text: str, subject: str = "flow") -> Condition:
    """Return a condition of the little world, on a subject."""
    found = rule(f"forbid {subject} when {text}").when
    assert found is not None
    return found


def wrong_condition(text: str, subject: str = "flow") -> list[tuple[str, str]]:
    """Return the errors of a condition on a subject of the little world."""
    return wrong(f"{WORLD}rule r {{ forbid {subject} when {text} }}")


def wrong_rule(statement: str) -> list[tuple[str, str]]:
    """Return the errors of a rule of the little world."""
    return wrong(f"{WORLD}rule r {{ {statement} }}")
