"""A repair as text, as JSON and as Markdown: what fails, the offers with what they cost, and what is asked.

offer 1, cost 2, the cheapest
  extend contract label-terms: until 2027-11-01
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.findings.finding import Finding
from privacy_rules.findings.wording import entity_words, item_words
from privacy_rules.repair.moves import kind
from privacy_rules.repair.offers import Obstacle, Offer, Repair
from privacy_rules.repair.open_facts import Answer, Question
from privacy_rules.reports.change_set import as_yaml, lines, plain
from privacy_rules.reports.json_document import Json, dumps, place
from privacy_rules.reports.markdown import code, escaped
from privacy_rules.reports.repair_moves import move_words
from privacy_rules.reports.terminal import Ink
from privacy_rules.source.words import counted, listed
from privacy_rules.vocabulary.values import show

_MOST = 12


def as_text(found: Repair, ink: Ink) -> str:
    """The answer for a terminal."""
    return "".join(f"{line}\n" for line in _lines(found, ink))


def _lines(found: Repair, ink: Ink) -> Iterator[str]:
    if not found.mended:
        yield ink("nothing fails: there is nothing to repair", "green", bold=True)
        return
    yield ink(f"{counted(len(found.mended), 'finding')} to mend", bold=True)
    for finding in found.mended[:_MOST]:
        yield f"  {ink(finding.place)}: {ink(finding.verdict.word, 'red')}{ink(f'[{finding.rule}]: {finding.message}')}"
    if len(found.mended) > _MOST:
        yield f"  {ink.dots} and {len(found.mended) - _MOST:,} more"
    for number, offer in enumerate(found.offers, start=1):
        yield ""
        yield ink(f"offer {number}, cost {offer.cost:g}{_standing(offer, number)}", "green", bold=True)
        yield from (f"  {ink(line)}" for line in _offer(offer))
        yield from (f"    {ink(f'- {line}', dim=True)}" for line in lines(offer.changes))
    if not found.offers and len(found.apart) < len(found.mended):
        yield ""
        yield ink(_none(found), "yellow", bold=True)
        yield from (f"  {ink(line)}" for each in found.obstacles[:_MOST] for line in _obstacle(each))
    if found.questions:
        yield ""
        yield ink("not declared: it passes if in truth", bold=True)
        yield from (f"  {ink(_question(each))}" for each in found.questions)
    if found.apart:
        yield ""
        yield ink(_apart(found), "yellow", bold=True)


def _standing(offer: Offer, number: int) -> str:
    if not offer.proved:
        return ", best found"
    return ", the cheapest" if number == 1 else ""


def _offer(offer: Offer) -> Iterator[str]:
    for move in offer.moves:
        yield from move_words(move)
    if offer.went:
        yield f"with it goes {listed(offer.went)}"
    for finding in offer.undecided:
        yield f"then not decided: [{finding.rule}] {finding.message}"


def _none(found: Repair) -> str:
    if found.timed_out:
        return "no offer is found in time; a longer `--timeout` may find one"
    if not found.complete:
        return "no offer is found, which does not prove that there is none"
    return "no offer: the allowed moves do not mend all of it" if found.obstacles else "no offer is found"


def _apart(found: Repair) -> str:
    few = len(found.apart)
    rest = "the offers mend the others" if found.offers else "nothing else is to be mended"
    if len(found.apart) < len(found.mended) and not found.offers:
        rest = "and not all of the others can be mended"
    return f"no change mends {counted(few, 'finding')}, only an answer to what is asked; {rest}"


def _obstacle(found: Obstacle) -> Iterator[str]:
    yield f"nothing that is allowed mends [{found.finding.rule}] {found.finding.message}"
    if found.barred:
        yield f"  what could is not allowed: {listed(each.value for each in found.barred)}"
    if found.after:
        yield f"  which comes of: {'; '.join(words for move in found.after for words in move_words(move))}"


def _question(asked: Question) -> str:
    facts = listed(_answer(each) for each in asked.answers)
    return f"{facts}: then [{asked.finding.rule}] holds of {asked.finding.subject}"


def _answer(answer: Answer) -> str:
    of = f"`{answer.attribute}`{item_words(answer.item)} of {entity_words(answer.entity, answer.id)}"
    if answer.value is None:
        return f"there is a {of}"
    return f"{of} is {show(answer.value)}{'' if isinstance(answer.value, bool) else ', say'}"


def heading(offer: Offer, number: int = 1) -> list[str]:
    """What a file with an offer says at its top."""
    return [f"Offer {number} of a repair, cost {offer.cost:g}{_standing(offer, number)}.", *_offer(offer)]


def as_json(found: Repair) -> str:
    """The same as a JSON document."""
    return dumps(
        {
            "version": 1,
            "mended": [_finding(each) for each in found.mended],
            "offers": [_json_offer(each) for each in found.offers],
            "questions": [
                {"finding": _finding(each.finding), "facts": [_fact(one) for one in each.answers]}
                for each in found.questions
            ],
            "obstacles": [
                {
                    "finding": _finding(each.finding),
                    "not_allowed": [one.value for one in each.barred],
                    "after": [words for move in each.after for words in move_words(move)],
                }
                for each in found.obstacles
            ],
            "only_by_an_answer": [_finding(each) for each in found.apart],
            "timed_out": found.timed_out,
            "complete": found.complete,
        }
    )


def _json_offer(offer: Offer) -> Json:
    cost = int(offer.cost) if offer.cost == int(offer.cost) else offer.cost
    moves: list[Json] = [{"kind": kind(each).value, "words": list(move_words(each))} for each in offer.moves]
    return {
        "cost": cost,
        "proved": offer.proved,
        "moves": moves,
        "changes": plain(offer.changes),
        "with_it_goes": list(offer.went),
        "undecided": [_finding(each) for each in offer.undecided],
    }


def _fact(answer: Answer) -> Json:
    value = None if answer.value is None else show(answer.value)
    item: dict[str, Json] = {"item": answer.item.data} if answer.item else {}
    return {"kind": answer.entity.value, "id": answer.id, "attribute": answer.attribute, "value": value, **item}


def _finding(found: Finding) -> Json:
    return {
        "rule": found.rule,
        "verdict": found.verdict.word,
        "subject": {"kind": found.subject.kind.value, "id": found.subject.id},
        "message": found.message,
        "fingerprint": found.fingerprint,
        "location": place(found.location),
    }


def as_markdown(found: Repair) -> str:
    """The same for a ticket or a pull request; each change set to be copied."""
    return "".join(f"{block}\n" for block in _blocks(found))


def _blocks(found: Repair) -> Iterator[str]:
    if not found.mended:
        yield "Nothing fails: there is nothing to repair."
        return
    yield f"## Repair: {counted(len(found.mended), 'finding')} to mend\n"
    yield from (f"- {code(each.rule)}: {escaped(each.message)}" for each in found.mended[:_MOST])
    if len(found.mended) > _MOST:
        yield f"- and {len(found.mended) - _MOST:,} more"
    for number, offer in enumerate(found.offers, start=1):
        yield f"\n### Offer {number}, cost {offer.cost:g}{_standing(offer, number)}\n"
        yield from _items(list(_offer(offer)))
        yield f"\n```yaml\n{as_yaml(offer.changes)}```"
    if not found.offers and len(found.apart) < len(found.mended):
        yield f"\n**{escaped(_none(found))}**\n"
        yield from _items([line.strip() for each in found.obstacles[:_MOST] for line in _obstacle(each)])
    if found.questions:
        yield "\n### Not declared: it passes if in truth\n"
        yield from _items([_question(each) for each in found.questions])
    if found.apart:
        yield f"\n{escaped(_apart(found))}"


def _items(told: Sequence[str]) -> Iterator[str]:
    return (f"- {escaped(line)}" for line in told)
