"""An answer to a question about a policy, with the answer that was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from privacy_rules.analysis.asking import Answer, Question
from privacy_rules.language.policy import Policy
from privacy_rules.reports.diff.sentences import subject_words
from privacy_rules.reports.saved_tests import SavedExample, every_rule
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import first_few, listed

_MOST_RULES = 12
_MOST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer on a day; `expected` is None if no answer is expected.

    `later` has the days after it on which a rule or a vocabulary changes, so that the answer may change.
    """

    question: Question
    answer: Answer
    expected: str | None
    day: date
    later: tuple[date, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a different answer was expected; "not proved" differs from every expected answer."""
        return self.expected is not None and self.expected != self.answer.word


def saved(answers: Sequence[Answered], policy: Policy) -> Iterator[SavedExample]:
    """The examples of answers. The policy is without the rules that only say what questions are about."""
    for each in answers:
        data, question = each.answer.data, each.question
        if data is not None:
            under = f" under {listed(question.under)}" if question.under else ""
            words = f"{question.text}{under}: {each.answer.word}, {subject_words(data, each.answer.topic)}"
            family = question.rule.subject.kind.family
            verdicts = each.answer.verdicts or every_rule(policy, family, each.day, question.under)
            yield SavedExample(words, data, each.day, verdicts)


def days_words(found: Answered) -> str:
    """The day for which the answers are valid, and the days on which they may change."""
    if not found.later:
        return f"answered for {found.day}, and no rule or vocabulary changes after that"
    later = first_few([str(each) for each in found.later], _MOST_DAYS)
    return f"answered for {found.day}; rules or vocabularies change on {later}"


def reason(found: Answered) -> str:
    """The reason for the answer, in one line, with the solver's name if the search alone did not find the answer."""
    by = found.answer.solver
    return _reason(found) + (f" ({'found' if found.answer.data else 'proved'} with {by})" if by else "")


def _reason(found: Answered) -> str:
    answer, rules = found.answer, first_few(found.answer.rules, _MOST_RULES)
    if answer.data is not None:
        verdicts = ", ".join(f"{name}: {verdict.word}" for name, verdict in answer.verdicts)
        return f"for example {subject_words(answer.data, answer.topic)}" + (f" ({verdicts})" if verdicts else "")
    if answer.word == "not proved":
        return "no example was found, and none was ruled out" + (f" ({rules})" if rules else "")
    match found.question.word, answer.word:
        case "comply", _:
            return f"it never complies with {rules}" if rules else "no subject can match the question"
        case "violate", _:
            return f"it never violates {rules}" if rules else "no rule applies to it"
        case "imply", _:
            return f"whatever complies with {answer.rules[0]} complies with {answer.rules[1]}"
        case _:
            return (
                f"what it requires can be done without violating {rules}"
                if rules
                else "no other rule applies to the same subjects"
            )
