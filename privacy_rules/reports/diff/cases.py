"""The examples of a comparison as a file of policy tests, with the verdicts of the new policy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from privacy_rules.analysis.comparison import Example, PolicyDifference
from privacy_rules.analysis.drafts import subject_of
from privacy_rules.language.policy import Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.edit.rendering import Style
from privacy_rules.reports.diff.content import DIRECTIONS
from privacy_rules.reports.diff.sentences import lines_of, sentence


def test_file(found: PolicyDifference, files: Sequence[Path], folder: Path) -> str:
    """The text of the file, which is to be in `folder`."""
    style = Style()
    named = [Path(os.path.relpath(str(each), str(folder or Path()))).as_posix() for each in files]
    head = ["# Examples of `privacy-rules diff`: what the new policy says of each.", "tests: 1"]
    head.append(f"policy: {style.inline(named if len(named) > 1 else named[0])}")
    cases = list(_cases(found))
    if not cases:
        return "\n".join([*head, "cases: []", ""])
    return "\n".join([*head, "cases:", *(line for each in cases for line in each), ""])


def _cases(found: PolicyDifference) -> Iterator[list[str]]:
    style = Style()
    for each in found.rules:
        for direction in DIRECTIONS:
            answer = getattr(each.difference, direction)
            if isinstance(answer, Example) and each.after is not None:
                data: dict[str, Any] = {name: part for name, part in answer.data.items() if name != "manifest"}
                yield [
                    f"  - name: {style.inline(f'{each.name}, {direction}: {sentence(answer)}')}",
                    f"    as_of: {answer.day}",
                    "    mode: includes",
                    "    manifest:",
                    *lines_of(data, "      "),
                    f"    expect: [{style.inline(_expectation(each.after, answer))}]",
                ]


def _expectation(rule: Rule, example: Example) -> dict[str, Any]:
    subject = "organisation" if rule.subject.kind is Kind.ORGANISATION else subject_of(example.data)
    return {"rule": rule.name, "subject": subject, "verdict": example.after.word}
