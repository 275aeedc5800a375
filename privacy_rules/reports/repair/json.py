"""A repair as JSON."""

from __future__ import annotations

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.moves import kind
from privacy_rules.repair.offers import Offer, Repair
from privacy_rules.repair.open_facts import Answer
from privacy_rules.reports.change_set import plain
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair.move_words import move_words
from privacy_rules.vocabulary.values import show


def render(found: Repair, _: View) -> str:
    """The document."""
    return dumps(
        {
            "version": 1,
            "mended": [_finding(each) for each in found.to_fix],
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
            **({"omitted": found.more} if found.more else {}),
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
        "with_it_goes": list(offer.removed_along),
        "undecided": [_finding(each) for each in offer.undecided],
    }


def _fact(answer: Answer) -> Json:
    value = None if answer.value is None else show(answer.value)
    item: dict[str, Json] = {"item": answer.item.term} if answer.item else {}
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
