"""A repair as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.findings.finding import Finding
from privacy_rules.repair.moves import kind
from privacy_rules.repair.offers import IfAnswered, Offer, Repair
from privacy_rules.repair.open_facts import Answer
from privacy_rules.repair.plan import Part
from privacy_rules.reports.change_set import plain
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.reports.repair.move_words import move_words
from privacy_rules.reports.repair.plan_words import because, by_kind, by_owner
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
                    "because": because(each),
                }
                for each in found.obstacles
            ],
            "only_by_an_answer": [_finding(each) for each in found.apart],
            "partial": bool(found.offers) and not found.passes,
            "not_in_time": [_finding(each) for each in found.unfinished],
            "if_answered": _if_answered(found.if_answered),
            "timed_out": found.timed_out,
            "complete": found.complete,
            **({"omitted": found.more} if found.more else {}),
        }
    )


def _json_offer(offer: Offer) -> Json:
    return {
        "cost": _number(offer.cost),
        "proved": offer.proved,
        "moves": [_part(each) for each in offer.parts],
        "costs": {"by_kind": _costs(by_kind(offer.parts)), "by_owner": _costs(by_owner(offer.parts))},
        "changes": plain(offer.changes),
        "with_it_goes": list(offer.removed_along),
        "undecided": [_finding(each) for each in offer.undecided],
    }


def _part(part: Part) -> Json:
    """A move; `fixes` is null if it was not worked out in time."""
    return {
        "kind": kind(part.move).value,
        "words": list(move_words(part.move)),
        "cost": _number(part.cost),
        "owner": part.owner,
        "fixes": None if part.fixes is None else [each.fingerprint for each in part.fixes],
        "prevents": [{"rule": each.rule, "subject": str(each.subject)} for each in part.prevents],
    }


def _costs(found: Mapping[str, float]) -> dict[str, Json]:
    return {name: _number(cost) for name, cost in found.items()}


def _number(cost: float) -> int | float:
    return int(cost) if cost == int(cost) else cost


def _if_answered(found: IfAnswered | None) -> Json:
    if found is None:
        return None
    return {"nothing_left": found.nothing_left, "offer": _json_offer(found.offer) if found.offer else None}


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
