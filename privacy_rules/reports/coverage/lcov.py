"""Coverage as lcov tracing data, which editors and hosts show beside the lines of a policy.

A rule is a function. Each of its verdicts, and each value of an alternative, exception, permit or test, is a branch on its
line. A line counts as many hits as there were evaluations on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from privacy_rules.reports.registry import View
from privacy_rules.source.invisible_characters import visible
from privacy_rules.testing.coverage import Coverage, RuleCoverage

_Branches = list[tuple[int, list[int]]]


def render(found: Coverage, _: View) -> str:
    """A record for each policy file."""
    files = sorted({file for rule in found.rules for file in _files(rule)})
    return "".join(f"{line}\n" for file in files for line in _record(file, found.rules))


def _files(found: RuleCoverage) -> set[str]:
    return {found.rule.span.file, *(each.item.span.file for each in found.items)}


def _record(file: str, rules: Sequence[RuleCoverage]) -> Iterator[str]:
    own = [each for each in rules if each.rule.span.file == file]
    yield "TN:"
    yield f"SF:{visible(file)}"
    yield from (f"FN:{each.rule.span.line},{each.rule.name}" for each in own)
    yield from (f"FNDA:{_hits(each)},{each.rule.name}" for each in own)
    yield f"FNF:{len(own)}"
    yield f"FNH:{sum(bool(_hits(each)) for each in own)}"
    branches = _branches(file, rules)
    for number, (line, taken) in zip(count(), branches, strict=False):
        looked_at = any(taken)
        yield from (f"BRDA:{line},{number},{branch},{hits if looked_at else '-'}" for branch, hits in enumerate(taken))
    yield f"BRF:{sum(len(taken) for _, taken in branches)}"
    yield f"BRH:{sum(bool(hits) for _, taken in branches for hits in taken)}"
    lines = _lines(own, branches)
    yield from (f"DA:{line},{hits}" for line, hits in sorted(lines.items()))
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(bool(hits) for hits in lines.values())}"
    yield "end_of_record"


def _branches(file: str, rules: Sequence[RuleCoverage]) -> _Branches:
    found: _Branches = []
    for each in rules:
        if each.able and each.rule.span.file == file:
            found.append((each.rule.span.line, [each.verdicts[verdict] for verdict in each.able]))
        found += [
            (item.item.span.line, [item.seen[value] for value in item.item.able])
            for item in each.items
            if item.item.span.file == file
        ]
    return sorted(found, key=lambda each: each[0])


def _lines(own: Sequence[RuleCoverage], branches: _Branches) -> dict[int, int]:
    lines = {each.rule.span.line: _hits(each) for each in own}
    for line, taken in branches:
        lines[line] = max(lines.get(line, 0), sum(taken))
    return lines


def _hits(found: RuleCoverage) -> int:
    """How often a rule applied, or how often a permit was evaluated."""
    return sum(found.verdicts) if found.able else max((sum(each.seen) for each in found.items), default=0)
