"""A repair as text: what fails, the offers with their costs, and the open questions.

offer 1, cost 2, the cheapest
  extend contract label-terms: until 2027-11-01
"""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.findings.wording import entity_words, item_words
from privacy_rules.repair.offers import Obstacle, Offer, Repair
from privacy_rules.repair.open_facts import Answer, Question
from privacy_rules.repair.trial import MOST_TO_FIX
from privacy_rules.reports.change_set import lines
from privacy_rules.reports.markup.terminal import Ink
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair.move_words import move_words
from privacy_rules.reports.repair.plan_words import left_out_words, part_words, total_lines, unfinished_words
from privacy_rules.source.words import counted, listed
from privacy_rules.vocabulary.values import show

MOST = 12


def render(found: Repair, view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, view.ink))


def _lines(found: Repair, ink: Ink) -> Iterator[str]:
    if not found.to_fix:
        yield ink("nothing fails: there is nothing to repair", "green", bold=True)
        return
    to_fix = len(found.to_fix) + found.more
    yield ink(f"{counted(to_fix, 'finding')} to fix", bold=True)
    for finding in found.to_fix[:MOST]:
        yield f"  {ink(finding.place)}: {ink(finding.verdict.word, 'red')}{ink(f'[{finding.rule}]: {finding.message}')}"
    if to_fix > MOST:
        yield f"  {ink.dots} and {to_fix - MOST:,} more"
    yield from _questions(found, ink)
    if found.obstacles and found.offers:
        yield ""
        yield ink(left_out_words(found), "yellow", bold=True)
        yield from (f"  {ink(f'[{each.finding.rule}] {each.finding.message}')}" for each in found.obstacles[:MOST])
    if found.unfinished:
        yield ""
        yield ink(unfinished_words(found), "yellow", bold=True)
    for number, offer in enumerate(found.offers, start=1):
        yield ""
        yield ink(f"{offer_title(found, offer, number)}", "green", bold=True)
        yield from _plan(offer, ink)
        yield from (f"    {ink(f'- {line}', dim=True)}" for line in lines(offer.changes))
    if not found.offers and len(found.apart) < len(found.to_fix):
        yield ""
        yield ink(no_offer_words(found), "yellow", bold=True)
        yield from (f"  {ink(line)}" for each in found.obstacles[:MOST] for line in obstacle_words(each))
    if found.apart:
        yield ""
        yield ink(unfixable_words(found), "yellow", bold=True)


def _questions(found: Repair, ink: Ink) -> Iterator[str]:
    """The questions, and what is left to do if they are answered as suggested."""
    if not found.questions:
        return
    yield ""
    yield ink("not declared, so check first:", bold=True)
    yield from (f"  {ink(question_words(each))}" for each in found.questions)
    if found.if_answered is not None:
        yield ink(if_answered_words(found), "green", bold=True)
        if plan := plan_if_answered(found):
            yield from _plan(plan, ink)


def _plan(offer: Offer, ink: Ink) -> Iterator[str]:
    for part in offer.parts:
        yield from (f"  {ink(line)}" for line in move_words(part.move))
        yield f"      {ink(part_words(part), dim=True)}"
    yield from (f"  {ink(line)}" for line in (*side_effects(offer), *total_lines(offer.parts)))


def offer_title(found: Repair, offer: Offer, number: int) -> str:
    """`offer 1, cost 2, the cheapest`; if something is left out, it is for the rest."""
    of = " for the rest" if found.obstacles or found.unfinished else ""
    return f"offer {number}{of}, cost {offer.cost:g}{rank_words(offer, number)}"


def plan_if_answered(found: Repair) -> Offer | None:
    """What is left to do if the questions are answered as suggested, unless that is the first offer."""
    offer = found.if_answered.offer if found.if_answered else None
    return None if offer and found.offers and offer.moves == found.offers[0].moves else offer


def if_answered_words(found: Repair) -> str:
    """What is left to do if the questions are answered as suggested."""
    then, plan = found.if_answered, plan_if_answered(found)
    if then is None or then.nothing_left:
        return "if so, nothing is left to fix"
    if then.offer is None:
        return "if so, the rest still has to be fixed, and no offer was found for it"
    return (
        f"if so, fixing the rest costs {plan.cost:g}{rank_words(plan, 1)}:" if plan else "if so, offer 1 fixes the rest"
    )


def rank_words(offer: Offer, number: int) -> str:
    """Whether an offer is known to be the cheapest; empty for the others."""
    if not offer.proved:
        return ", best found"
    return ", the cheapest" if number == 1 else ""


def offer_words(offer: Offer) -> Iterator[str]:
    """What an offer changes, a line for each thing."""
    for move in offer.moves:
        yield from move_words(move)
    yield from side_effects(offer)


def side_effects(offer: Offer) -> Iterator[str]:
    """What an offer removes along with something else, and what becomes undetermined."""
    if offer.removed_along:
        yield f"this also removes {listed(offer.removed_along)}"
    for finding in offer.undecided:
        yield f"then undetermined: [{finding.rule}] {finding.message}"


def no_offer_words(found: Repair) -> str:
    """Why there is no offer."""
    if found.more:
        return f"too many findings to search for a repair; select at most {MOST_TO_FIX:,} with `--rule`"
    if found.timed_out:
        return "no offer was found in time; a longer `--timeout` may find one"
    if not found.complete:
        return "no offer was found, but there may be one"
    return "no offer: the allowed moves do not fix everything" if found.obstacles else "no offer was found"


def unfixable_words(found: Repair) -> str:
    """How many findings only answers to the questions can fix."""
    few = len(found.apart)
    rest = "the offers fix the others" if found.offers else "there is nothing else to fix"
    if found.obstacles and found.offers:
        rest = "the offers fix the others that can be fixed"
    elif len(found.apart) < len(found.to_fix) and not found.offers:
        rest = "not all of the others can be fixed"
    return f"{counted(few, 'finding')} can be fixed only by answers to the questions; {rest}"


def obstacle_words(found: Obstacle) -> Iterator[str]:
    """Why a finding cannot be fixed, a line for each reason."""
    yield f"no allowed move fixes [{found.finding.rule}] {found.finding.message}"
    if found.barred:
        yield f"  these moves could, but are not allowed: {listed(each.value for each in found.barred)}"
    if found.after:
        yield f"  caused by: {'; '.join(words for move in found.after for words in move_words(move))}"


def question_words(asked: Question) -> str:
    """The facts that are asked for, and what they would decide."""
    facts = listed(_answer(each) for each in asked.answers)
    return f"if {facts}, {asked.finding.subject} complies with [{asked.finding.rule}]"


def _answer(answer: Answer) -> str:
    of = f"`{answer.attribute}`{item_words(answer.item)} of {entity_words(answer.entity, answer.id)}"
    if answer.value is None:
        return f"there is a {of}"
    return f"{of} is {'' if isinstance(answer.value, bool) else 'for example '}{show(answer.value)}"


def heading(offer: Offer, number: int = 1) -> list[str]:
    """The lines at the top of a file with an offer."""
    return [f"Offer {number} of a repair, cost {offer.cost:g}{rank_words(offer, number)}.", *offer_words(offer)]
