"""Find the tests of an explanation that decide a verdict, and the tests that prevent another verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from privacy_rules.checking.judgements import Explained, Part
from privacy_rules.checking.logic import UNKNOWN, Truth


def deciding(node: Explained) -> list[Explained]:
    """Return the tests that decide a node's value: one false part for a false `and`, all parts for a true one, and so on."""
    if node.part is Part.TEST:
        return [node]
    opposite = {Part.ALL: Truth.FALSE, Part.SCOPE: Truth.FALSE, Part.ANY: Truth.TRUE, Part.REQUIREMENT: Truth.TRUE}
    if node.value == opposite.get(node.part):
        chosen = next((child for child in node.children if child.value == node.value), None)
        return [] if chosen is None else deciding(chosen)
    if node.value == UNKNOWN:
        return [test for child in node.children if child.value == UNKNOWN for test in deciding(child)]
    # A permit that lifts nothing is not a reason.
    counting = [child for child in node.children if child.part is not Part.PERMIT or child.value]
    return [test for child in counting for test in deciding(child)]


def reasons(scope: Explained, requirement: Explained) -> tuple[Explained, ...]:
    """Return the tests that prevent a subject from being compliant, each once, false ones first.

    They are those that keep the scope from being false and the requirement from being true. Of several alternatives,
    only those count that seem to be meant for these data and parties.
    """
    found = [*against(requirement, Truth.TRUE), *against(scope, Truth.FALSE)]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.value))


def against(
    node: Explained, wanted: Truth, within: Part | None = None, defined: tuple[str, ...] = ()
) -> list[Explained]:
    """Return the tests that prevent a node from having the wanted value."""
    if node.part is Part.TEST:
        return [replace(node, within=within, defined=defined)]
    if node.part is Part.NOT:
        return against(node.children[0], Truth(2 - wanted), within, defined)
    if node.part is Part.DEFINE:
        defined = (*defined, node.text)
    elif node.part not in (Part.ALL, Part.ANY, Part.SCOPE, Part.REQUIREMENT):
        within = node.part
    children = [each for each in node.children if each.value is not wanted]
    if node.part is Part.SCOPE and node.value is UNKNOWN:
        children = [each for each in children if each.value is UNKNOWN]
    children = [each for each in children if each.part is not Part.PERMIT or each.value is not Truth.FALSE]
    found = [against(each, wanted, within, defined) for each in children]
    if node.part in (Part.ANY, Part.REQUIREMENT) and wanted is Truth.TRUE:
        least = min(map(_for_others, found), default=0)
        found = [tests for tests in found if _for_others(tests) == least]
    return [test for tests in found for test in tests]


def _for_others(tests: Sequence[Explained]) -> int:
    """Count the tests that show that an alternative is meant for other subjects."""
    return sum(each.topic == "subject" and each.value is Truth.FALSE for each in tests)
