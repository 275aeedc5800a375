"""Why a judged pair passes, or which tests would have to change for it to pass.

would pass if
  `supports includes deletion` were true
  or `in force` of contract packing were true
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.checking.decisive_tests import deciding
from privacy_rules.checking.flips import grounds, ways_to_pass
from privacy_rules.checking.judgements import Explained, Fact
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.reasons import in_every_case
from privacy_rules.findings.wording import fact_and_place

_MOST_FACTS = 8


def reason_lines(found: Explanation) -> Iterator[str]:
    """The reasons, or the ways to pass, as lines."""
    reasons = grounds(found)
    if found.in_every_case:
        tests = [each for root in (found.scope, found.requirement) for each in deciding(root)]
        yield f"{'passes' if reasons else 'fails'} {in_every_case(tests)}"
    elif reasons:
        yield "passes because"
    if reasons:
        for each in reasons:
            yield f"  `{each.text}` is {each.value.word}"
            yield from (f"    {fact_and_place(fact)}" for fact in list(dict.fromkeys(_facts(each)))[:_MOST_FACTS])
    for number, way in enumerate(ways_to_pass(found)):
        if number == 0:
            yield "would pass if"
        yield f"  {'or ' if number else ''}{' and '.join(map(str, way))}"


def _facts(node: Explained) -> Iterator[Fact]:
    """The facts that decide a test: its own, and those of inner tests with the same value."""
    yield from node.facts
    for child in node.children:
        if child.value is node.value:
            yield from _facts(child)
