"""Checked examples as a file of policy tests."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from privacy_rules.analysis.drafts import subject_of
from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.edit.rendering import Style
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.reports.diff.sentences import lines_of
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.invisible_characters import visible


@dataclass(frozen=True, slots=True)
class SavedExample:
    """A manifest with one subject that was checked on a day, and the verdicts of rules about the subject."""

    name: str
    data: Mapping[str, Any]
    day: date
    verdicts: Sequence[tuple[str, Verdict]]


def every_rule(policy: Policy, family: Kind, day: date, names: Collection[str] = ()) -> list[tuple[str, Verdict]]:
    """What an example expects that complies with all rules about subjects of a family, or with those of them that are named."""
    rules = (each for each in policy.rules if each.statement != "permit" and each.subject.kind.family is family)
    wanted = (each.name for each in rules if each.in_force(day) and (not names or each.name in names))
    return [(each, Verdict.COMPLIANT) for each in wanted]


def test_file(verb: str, found: Iterable[SavedExample], policy: Policy, files: Sequence[Path], file: Path) -> str:
    """The text of a file of policy tests; `files` are those of the policy.

    An example in words that the policy lacks is only named in a comment.
    """
    style = Style()
    named = [Path(os.path.relpath(str(each), str(file.parent))).as_posix() for each in files]
    lines = [f"# Examples of `privacy-rules {verb}`, with the verdicts of the policy.", "tests: 1"]
    lines.append(f"policy: {style.inline(named if len(named) > 1 else named[0])}")
    by_name = {each.name: each for each in found}
    cases = [each for each in by_name.values() if estate_from_data(each.data, policy)[0]]
    left_out = (each for each in by_name.values() if each not in cases)
    lines += (f"# Left out, because the policy lacks its words: {visible(each.name)}" for each in left_out)
    lines += ["cases:", *(line for each in cases for line in _case(each, policy))] if cases else ["cases: []"]
    return "\n".join([*lines, ""])


def _case(example: SavedExample, policy: Policy) -> Iterator[str]:
    style = Style()
    data = {name: part for name, part in example.data.items() if name != "manifest"}
    yield f"  - name: {style.inline(example.name)}"
    yield f"    as_of: {example.day}"
    yield "    mode: includes"
    yield "    manifest:"
    yield from lines_of(data, "      ")
    yield f"    expect:{'' if example.verdicts else ' []'}"
    for name, verdict in example.verdicts:
        rule = policy.rule(name)
        is_whole = rule is not None and rule.subject.kind is Kind.ORGANISATION
        subject = "organisation" if is_whole else subject_of(example.data)
        yield f"      - {style.inline({'rule': name, 'subject': subject, 'verdict': verdict.word})}"
