"""Answers to questions about a policy, as text.

can disclosure of email to marketer comply: no
  it never complies with contracted
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.reports.ask.content import Answered, days_words, reason
from privacy_rules.reports.diff.sentences import snippet_of
from privacy_rules.reports.markup.terminal import Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import counted


def render(answers: Sequence[Answered], view: View) -> str:
    """The text for a terminal."""
    return "".join(f"{line}\n" for line in _lines(answers, view.ink))


def _lines(answers: Sequence[Answered], ink: Ink) -> Iterator[str]:
    for each in answers:
        word = each.answer.word
        expected = f" (expected: {each.expected})" if each.fails else ""
        under = f" under {', '.join(each.question.under)}" if each.question.under else ""
        colour: Colour | None = (
            "red" if each.fails else "yellow" if word == "not proved" else "green" if each.expected else None
        )
        yield f"{ink(each.question.text + under, bold=True)}: {ink(word + expected, colour)}"
        yield f"  {ink(reason(each))}"
        if each.answer.data is not None:
            yield from (f"    {ink(line)}" for line in snippet_of(each.answer.data, each.day))
    yield ink(days_words(answers[0]), dim=True)
    failed = [each for each in answers if each.fails]
    if any(each.expected for each in answers):
        words = f"{counted(len(answers), 'question')}: "
        words += f"{len(failed)} not answered as expected" if failed else "all answered as expected"
        yield ink(words, "red" if failed else "green", bold=True)
