"""The coverage of a policy by its tests, as JSON."""

from __future__ import annotations

from privacy_rules.reports.markup.json import Json, dumps, place
from privacy_rules.reports.registry import View
from privacy_rules.testing.coverage import Coverage, RuleCoverage


def document(found: Coverage) -> Json:
    """The document as plain data."""
    return {
        "summary": {"goals": found.goals, "seen": found.met, "percent": int(found.percent * 10) / 10},
        "rules": [_document(each) for each in found.rules],
    }


def render(found: Coverage, _: View) -> str:
    """The document."""
    data = document(found)
    assert isinstance(data, dict)
    return dumps({"version": 1, **data})


def _document(found: RuleCoverage) -> Json:
    return {
        "name": found.rule.name,
        "goals": found.goals,
        "seen": found.met,
        "verdicts": {each.word: found.verdicts[each] for each in found.able},
        "items": [
            {
                "part": each.item.part.value,
                "text": each.item.text,
                "seen": {value.word: each.seen[value] for value in each.item.able},
                "location": place(each.item.span),
            }
            for each in found.items
        ],
        "location": place(found.rule.span),
    }
