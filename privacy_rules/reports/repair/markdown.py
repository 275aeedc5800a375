"""A repair as Markdown, for a ticket or a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.repair.offers import Offer, Repair
from privacy_rules.reports.change_set import as_yaml
from privacy_rules.reports.markup.markdown import code, escaped
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair.move_words import move_words
from privacy_rules.reports.repair.plan_words import left_out_words, part_words, total_lines, unfinished_words
from privacy_rules.reports.repair.text import (
    MOST,
    if_answered_words,
    no_offer_words,
    obstacle_words,
    offer_title,
    plan_if_answered,
    question_words,
    side_effects,
    unfixable_words,
)
from privacy_rules.source.words import counted


def render(found: Repair, _: View) -> str:
    """The Markdown, with each change set in a block to copy."""
    return "".join(f"{block}\n" for block in _blocks(found))


def _blocks(found: Repair) -> Iterator[str]:
    if not found.to_fix:
        yield "Nothing fails: there is nothing to repair."
        return
    to_fix = len(found.to_fix) + found.more
    yield f"## Repair: {counted(to_fix, 'finding')} to fix\n"
    yield from (f"- {code(each.rule)}: {escaped(each.message)}" for each in found.to_fix[:MOST])
    if to_fix > MOST:
        yield f"- and {to_fix - MOST:,} more"
    if found.questions:
        yield "\n### Not declared, so check first\n"
        yield from _items([question_words(each) for each in found.questions])
        if found.if_answered is not None:
            yield f"\n{escaped(if_answered_words(found).capitalize())}\n"
            yield from _items(_plan(plan) if (plan := plan_if_answered(found)) else [])
    if found.obstacles and found.offers:
        yield f"\n**{escaped(left_out_words(found))}**\n"
        yield from (f"- {code(each.finding.rule)}: {escaped(each.finding.message)}" for each in found.obstacles[:MOST])
    if found.unfinished:
        yield f"\n**{escaped(unfinished_words(found))}**"
    for number, offer in enumerate(found.offers, start=1):
        yield f"\n### {offer_title(found, offer, number).capitalize()}\n"
        yield from _items(_plan(offer))
        yield f"\n```yaml\n{as_yaml(offer.changes)}```"
    if not found.offers and len(found.apart) < len(found.to_fix):
        yield f"\n**{escaped(no_offer_words(found))}**\n"
        yield from _items([line.strip() for each in found.obstacles[:MOST] for line in obstacle_words(each)])
    if found.apart:
        yield f"\n{escaped(unfixable_words(found))}"


def _plan(offer: Offer) -> list[str]:
    """The moves with what each costs and fixes, and the sums."""
    moves = [f"{'; '.join(move_words(each.move))} ({part_words(each)})" for each in offer.parts]
    return [*moves, *side_effects(offer), *total_lines(offer.parts)]


def _items(lines: Sequence[str]) -> Iterator[str]:
    return (f"- {escaped(line)}" for line in lines)
