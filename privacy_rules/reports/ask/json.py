"""Answers to questions about a policy, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.reports.ask.content import Answered, reason
from privacy_rules.reports.diff.json import plain
from privacy_rules.reports.markup.json import Json, dumps
from privacy_rules.reports.registry import View


def render(answers: Sequence[Answered], _: View) -> str:
    """The document, its keys in the published order."""
    return dumps({"version": 1, "answers": [_answer(each) for each in answers]})


def _answer(found: Answered) -> Json:
    answer = found.answer
    return {
        "question": found.question.text,
        "under": list(found.question.under),
        "day": found.day.isoformat(),
        "later_days": [each.isoformat() for each in found.later],
        "answer": answer.word,
        "expected": found.expected,
        "reason": reason(found),
        "rules": list(answer.rules),
        "solver": answer.solver,
        "verdicts": {name: verdict.word for name, verdict in answer.verdicts},
        "manifest": None if answer.data is None else plain(answer.data),
    }
