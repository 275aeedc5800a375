"""Finds what differs between two rules without changing a verdict: the severity and the days on which they are in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from privacy_rules.language.policy import Rule


def unjudged_changes(before: Rule, after: Rule) -> Iterator[str]:
    """Yield what differs apart from the meaning, in words."""
    if before.severity != after.severity:
        yield f"severity {before.severity} becomes {after.severity}"
    windows = [(each.applies_from, each.applies_until) for each in (before, after)]
    if windows[0] != windows[1]:
        was, is_ = (_window(*each) for each in windows)
        yield f"in force {was} becomes in force {is_}"


def _window(start: date | None, end: date | None) -> str:
    words = [*([f"from {start}"] if start else []), *([f"until {end}"] if end else [])]
    return " ".join(words) or "always"
