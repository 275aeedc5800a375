"""What changed in a policy, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from privacy_rules.analysis.policy_comparison import Answer as Proof
from privacy_rules.analysis.policy_comparison import Difference, Example, RuleDifference
from privacy_rules.reports.check.json import summary
from privacy_rules.reports.diff.content import Compared
from privacy_rules.reports.diff.sentences import sentence
from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.reports.what_if.json import answer_document
from privacy_rules.simulation.compare import Answer
from privacy_rules.simulation.finding_delta import WAYS


def render(found: Compared, _: View) -> str:
    """The document, its keys in the published order."""
    compared = found.found
    return dumps(
        {
            "version": 1,
            "old": found.old,
            "new": found.new,
            "days": [each.isoformat() for each in compared.days],
            "days_omitted": compared.days_omitted,
            "policy": _difference(compared.whole),
            "material": list(found.material),
            "rules": [_rule(each) for each in compared.rules],
            "words": [
                {
                    "change": each.what,
                    "vocabulary": each.vocabulary,
                    "name": each.name,
                    "before": each.before,
                    "after": each.after,
                    "since": each.since.isoformat() if each.since else None,
                }
                for each in compared.words
            ],
            **({"findings": _estate(found.estate)} if found.estate else {}),
        }
    )


def _estate(answer: Answer) -> Json:
    """The findings that change in manifests, those of one rule together."""
    found = answer_document(answer)
    kept = {name: found[name] for name in ("as_of", *WAYS, "omitted") if name in found}
    return {"before": summary(answer.delta.before), "after": summary(answer.delta.after), **kept}


def _rule(found: RuleDifference) -> Json:
    before, after = found.before, found.after
    return {
        "rule": found.name,
        "status": found.status,
        "before": before.name if before else None,
        "after": after.name if after else None,
        **_difference(found.difference),
        "notes": list(found.notes),
        "before_location": place(before.span) if before else None,
        "after_location": place(after.span) if after else None,
    }


def _difference(found: Difference) -> dict[str, Json]:
    return {
        "answer": found.word,
        "looser": _answer(found.looser),
        "stricter": _answer(found.stricter),
        **({"solver": found.solver} if found.solver else {}),
        **({"by_several_rules": list(found.by_several)} if found.by_several else {}),
    }


def _answer(answer: Proof) -> Json:
    if not isinstance(answer, Example):
        return {"answer": "no" if answer.value == "proved" else answer.value}
    return {
        "answer": "yes",
        "before": answer.before.word,
        "after": answer.after.word,
        "topic": answer.topic,
        "sentence": sentence(answer),
        "day": answer.day.isoformat(),
        "manifest": plain(answer.data),
    }


def plain(data: Any) -> Json:
    """Manifest data as JSON data."""
    match data:
        case Mapping():
            return {str(key): plain(each) for key, each in data.items()}
        case list() | tuple():
            return [plain(each) for each in data]
        case None | bool() | int() | str():
            return data
        case _:
            return str(data)
