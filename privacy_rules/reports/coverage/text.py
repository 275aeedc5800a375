"""The coverage of a policy by its tests, as text: the share that was seen, and the parts of each rule that were not.

no_selling (customers.privacy:15:1): 8 of 9
  exchange is (sale, rental) (customers.privacy:18:44)  no case in which it is unknown
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.checking.judgements import Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import counted, listed
from privacy_rules.testing.coverage import Coverage, Covered, RuleCoverage

_OUTCOMES: dict[Truth | Verdict, str] = {
    Verdict.VIOLATION: "that breaks it",
    Verdict.UNDETERMINED: "that leaves it undetermined",
    Verdict.COMPLIANT: "that complies with it",
}
_LABELS = {Part.ALTERNATIVE: "alternative: ", Part.EXCEPTION: "unless ", Part.WHEN: "when "}


def render(found: Coverage, view: View) -> str:
    """The parts that were not seen, rule by rule, and the share that was."""
    return "".join(f"{line}\n" for line in _lines(found, view.ink))


def _lines(found: Coverage, ink: Ink) -> Iterator[str]:
    for each in found.rules:
        if each.met < each.goals:
            yield from _rule(each, ink)
    yield summary(found, ink)


def _rule(found: RuleCoverage, ink: Ink) -> Iterator[str]:
    rule = found.rule
    yield f"{ink(rule.name, bold=True)} {ink(f'({rule.span})', dim=True)}: {found.met:,} of {found.goals:,}"
    if found.unseen:
        yield f"  {ink('the rule as a whole')}  {ink(untested(found.unseen), 'yellow')}"
    for each in found.items:
        if each.unseen:
            where = ink(f"({each.item.span})", dim=True)
            yield f"  {ink(label(each))} {where}  {ink(untested(each.unseen), 'yellow')}"


def summary(found: Coverage, ink: Ink) -> str:
    """The share that was seen, and how many rules were seen completely."""
    whole = sum(each.met == each.goals for each in found.rules)
    rules = counted(len(found.rules), "rule")
    figures = f"{found.met:,} of {found.goals:,} seen, all of it in {whole:,} of {rules}"
    colour: Colour = "green" if found.met == found.goals else "yellow"
    return f"{ink(f'coverage {percent(found)}', colour, bold=True)}: {ink(figures)}"


def percent(found: Coverage) -> str:
    """The share, cut off after one decimal place, so that 100 means everything."""
    return f"{int(found.percent * 10) / 10:.1f} %"


def label(found: Covered) -> str:
    """An item in the words of the rule."""
    return f"{_LABELS.get(found.item.part, '')}{found.item.text}"


def untested(unseen: Sequence[Truth | Verdict]) -> str:
    """The values that no case tests: `no case in which it is true or unknown`, `no case that ends in a violation`."""
    words = listed((_OUTCOMES.get(each, each.word) for each in reversed(unseen)), "or")
    return f"no case in which it is {words}" if isinstance(unseen[0], Truth) else f"no case {words}"
