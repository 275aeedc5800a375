"""What changed in a policy, as text.

no_selling: looser
  looser   violation -> compliant
           now allowed: disclosure of email to an advertiser (exchange: sale, choice: opt in)
             parties: …
the policy is looser: 1 rule differs, 27 the same
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from privacy_rules.analysis.policy_comparison import DIRECTIONS, Example
from privacy_rules.analysis.policy_comparison import Answer as Proof
from privacy_rules.analysis.search import No
from privacy_rules.reports.diff.content import (
    Compared,
    estate_title,
    headline,
    remarks,
    status_words,
    verdicts,
    word_words,
)
from privacy_rules.reports.diff.sentences import sentence, snippet
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.text import change_lines, colour_of, summary
from privacy_rules.simulation.compare import Answer
from privacy_rules.simulation.finding_delta import WAYS
from privacy_rules.source.words import lower_first

_MOST_FINDINGS = 200
"""At most this many changed findings are listed; `json` has more."""
_COLOURS: dict[str, Colour] = {"looser": "red", "stricter": "yellow", "both": "red", "not proved": "yellow"}


def render(found: Compared, view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, view.ink, quiet=view.quiet))


def _lines(found: Compared, ink: Ink, *, quiet: bool) -> Iterator[str]:
    for rule in found.changed:
        colour = _COLOURS[rule.difference.word]
        yield f"{ink(rule.name, bold=True)}: {ink(status_words(rule), colour)}"
        yield from (f"  {ink(each)}" for each in rule.notes)
        for direction in DIRECTIONS:
            yield from _answer(direction, getattr(rule.difference, direction), ink, found.found.day, quiet=quiet)
        yield ""
    if found.changed:
        yield from _whole(found, ink)
    for each in found.renamed:
        assert each.before is not None
        yield f"renamed: {ink(each.before.name)} {ink.arrow} {ink(each.name)}"
    for each in found.noted:
        yield f"{ink(each.name)}: {ink('; '.join(each.notes))}"
    for change in found.found.words:
        yield ink(word_words(change).replace("->", ink.arrow))
    if found.estate:
        yield from _estate(found.estate, ink, quiet=quiet)
    word = found.found.whole.word
    yield ink(headline(found), _COLOURS.get(word, "green"), bold=True)
    for reason in found.material:
        yield ink(f"material: {reason}", "red")
    yield from (ink(each, dim=True) for each in remarks(found))


def _answer(direction: str, answer: Proof, ink: Ink, first: date, *, quiet: bool) -> Iterator[str]:
    label = f"  {direction.ljust(8)} "
    if isinstance(answer, Example):
        yield f"{ink(label, 'cyan')} {ink(sentence(answer, first))} ({verdicts(answer).replace('->', ink.arrow)})"
        if not quiet:
            yield from (f"             {ink(line)}" for line in snippet(answer))
    elif answer is No.NOT_PROVED:
        yield f"{ink(label, 'cyan')} not proved: no example was found, and none was ruled out"


def _whole(found: Compared, ink: Ink) -> Iterator[str]:
    """Why a rule's difference is not one of the whole policy."""
    for direction in DIRECTIONS:
        rules = [each for each in found.changed if isinstance(getattr(each.difference, direction), Example)]
        if rules and getattr(found.found.whole, direction) is No.PROVED:
            yield ink(f"as a whole the policy is not {direction}: its other rules judge the same", dim=True)


def _estate(answer: Answer, ink: Ink, *, quiet: bool) -> Iterator[str]:
    yield ink(f"{lower_first(estate_title(answer))}:", bold=True)
    left = _MOST_FINDINGS
    for rule, changes in answer.by_rule():
        if left > 0:
            yield f"{ink(rule, bold=True)}:"
        for each in changes[: max(left, 0)]:
            yield from change_lines(each, ink, several=False, quiet=quiet)
        left -= len(changes)
    more = sum(answer.delta.counts[way] for way in WAYS) - min(_MOST_FINDINGS, len(answer.delta.changed))
    if more:
        yield f"  and {more:,} more"
    yield f"  {ink(summary(answer), colour_of(answer), bold=True)}"
    yield ""
