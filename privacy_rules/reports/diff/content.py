"""The content of a report of a comparison: the comparison, what was compared, and what fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from privacy_rules.analysis.policy_comparison import DIRECTIONS, Example, PolicyDifference, RuleDifference
from privacy_rules.analysis.vocabularies import WordChange
from privacy_rules.reports.diff.sentences import sentence
from privacy_rules.reports.saved_tests import SavedExample
from privacy_rules.simulation.compare import Answer
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import counted, listed


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of two policies, with their names as in the call. `material`: why the change is material.

    `estate` has the findings that change in manifests, if the call names manifests.
    """

    old: str
    new: str
    found: PolicyDifference
    material: tuple[str, ...] = ()
    estate: Answer | None = None

    @property
    def changed(self) -> Sequence[RuleDifference]:
        """The rules that differ, or about which nothing is proved."""
        return [each for each in self.found.rules if each.difference.word != "equivalent"]

    @property
    def renamed(self) -> Sequence[RuleDifference]:
        """The rules that mean the same under another name."""
        return [each for each in self.found.rules if each.status == "renamed" and each.difference.word == "equivalent"]

    @property
    def noted(self) -> Sequence[RuleDifference]:
        """The rules that judge alike, and differ in something else."""
        return [each for each in self.found.rules if each.notes and each.difference.word == "equivalent"]


def saved(found: PolicyDifference) -> Iterator[SavedExample]:
    """The examples of rules that the new policy has, with its verdicts."""
    for each in found.rules:
        for direction in DIRECTIONS:
            answer = getattr(each.difference, direction)
            if isinstance(answer, Example) and each.after is not None:
                name = f"{each.name}, {direction}: {sentence(answer)}"
                yield SavedExample(name, answer.data, answer.day, [(each.after.name, answer.after)])


def headline(found: Compared) -> str:
    """The answer in one line."""
    word, same = found.found.whole.word, len(found.found.rules) - len(found.changed)
    unproved = found.found.whole.unproved
    words = f"the policy is {word}" if word != "both" else "the policy is looser in some cases and stricter in others"
    words = "not proved whether the policy judges otherwise" if word == "not proved" else words
    if unproved and word != "not proved":
        words += f", and it is not proved whether it is also {' or '.join(unproved)}"
    return f"{words}: {counted(len(found.changed), 'rule')} differ{'s' if len(found.changed) == 1 else ''}, {same:,} the same"


def _solver_words(found: Compared) -> Sequence[str]:
    """A line that names the results that needed the solver."""
    rules = [each for each in found.found.rules if each.difference.solver]
    by = found.found.whole.solver or next((each.difference.solver for each in rules), None)
    whole = ["the policy as a whole"] if found.found.whole.solver else []
    return [f"found with {by}: {listed([*(each.name for each in rules), *whole])}"] if by else []


def remarks(found: Compared) -> Sequence[str]:
    """What the results depend on: lines below all others."""
    return [*_several_words(found.found.whole.by_several), *_solver_words(found), _days_words(found.found)]


def _several_words(directions: Sequence[str]) -> Sequence[str]:
    """A line that says for which directions the policy as a whole is only proved for what is declared."""
    if not directions:
        return []
    return [
        f"proved for declared facts only: that the policy is not {' or '.join(directions)}. If facts are undeclared, one rule may be "
        "violated in every case, and the rules that replace it undetermined"
    ]


def status_words(rule: RuleDifference) -> str:
    """`added, stricter`; the answer alone for a rule that both policies have."""
    word = rule.difference.word
    word = "looser in some cases, stricter in others" if word == "both" else word
    before = f"renamed from {rule.before.name}, " if rule.status == "renamed" and rule.before else ""
    return f"{rule.status}, {word}" if rule.status in ("added", "removed") else f"{before}{word}"


def verdicts(example: Example) -> str:
    """Both verdicts."""
    return f"{example.before.word} -> {example.after.word}"


def word_words(change: WordChange) -> str:
    """A changed term or attribute in one line."""
    return _word(change) + (f", from {change.since} on" if change.since else "")


def _word(change: WordChange) -> str:
    match change.what:
        case "moved" | "changed":
            was, is_ = (each or "the top" for each in (change.before, change.after))
            return f"{change.vocabulary}: {change.name} {change.what}: {was} -> {is_}"
        case _:
            where = change.before or change.after
            below = f" ({'below ' if not change.vocabulary.startswith('attributes') else ''}{where})" if where else ""
            return f"{change.vocabulary}: {change.name} {change.what}{below}"


def _days_words(found: PolicyDifference) -> str:
    """The days on which the policies were compared."""
    more = (
        f" and on {counted(len(found.days) - 1, 'later day')} on which rules or words change" if found.days[1:] else ""
    )
    omitted = f"; {counted(found.days_omitted, 'day')} after that not compared" if found.days_omitted else ""
    return f"compared on {found.day}{more}{omitted}"


def estate_title(answer: Answer) -> str:
    """The heading above the findings that change."""
    return f"What changes in the manifests on {answer.world.day}"
