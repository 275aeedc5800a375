"""The examples of what lints find: in words, and as policy tests."""

from __future__ import annotations

from collections.abc import Iterator

from privacy_rules.analysis.checked_examples import CheckedExample
from privacy_rules.lint.framework.runner import Linted
from privacy_rules.reports.diff.sentences import subject_words
from privacy_rules.reports.saved_tests import SavedExample, every_rule


def example_words(example: CheckedExample) -> str:
    """The subject of an example, with the verdicts about it."""
    verdicts = ", ".join(f"{name}: {verdict.word}" for name, verdict in example.verdicts)
    return subject_words(example.data, example.topic) + (f" ({verdicts})" if verdicts else "")


def saved(found: Linted) -> Iterator[SavedExample]:
    """The examples of findings that no comment allows."""
    for each in found.findings:
        example = each.found.example
        if example is not None:
            name = f"{each.lint.name}, {each.found.message}: {example_words(example)}"
            verdicts = example.verdicts or every_rule(found.policy, example.kind.family, example.day)
            yield SavedExample(name, example.data, example.day, verdicts)
