"""A repair as Markdown, for a ticket or a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.repair.offers import Repair
from privacy_rules.reports.change_set import as_yaml
from privacy_rules.reports.markup.markdown import code, escaped
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair.text import (
    MOST,
    no_offer_words,
    obstacle_words,
    offer_words,
    question_words,
    rank_words,
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
    for number, offer in enumerate(found.offers, start=1):
        yield f"\n### Offer {number}, cost {offer.cost:g}{rank_words(offer, number)}\n"
        yield from _items(list(offer_words(offer)))
        yield f"\n```yaml\n{as_yaml(offer.changes)}```"
    if not found.offers and len(found.apart) < len(found.to_fix):
        yield f"\n**{escaped(no_offer_words(found))}**\n"
        yield from _items([line.strip() for each in found.obstacles[:MOST] for line in obstacle_words(each)])
    if found.questions:
        yield "\n### Not declared: it passes if, in fact,\n"
        yield from _items([question_words(each) for each in found.questions])
    if found.apart:
        yield f"\n{escaped(unfixable_words(found))}"


def _items(lines: Sequence[str]) -> Iterator[str]:
    return (f"- {escaped(line)}" for line in lines)
