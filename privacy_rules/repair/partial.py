"""Find the findings that cannot be fixed, so that the rest can be fixed.

A finding that no allowed move fixes is left out at once. If the others cannot be fixed together, as few as possible are left out: those
that cannot be fixed even alone, then of each component the smallest set without which the rest can be fixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice

from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.findings.finding import Finding
from privacy_rules.repair.components import components, findings_of
from privacy_rules.repair.search import Search, SearchResult, Stuck
from privacy_rules.repair.trial import Bench, Conflict

Root = tuple[Sequence[Conflict], Evaluator]
"""The conflicts of the estate without any move, and the evaluator that found them."""
_MOST_SETS = 60
"""How many sets of findings to leave out are tried per component; after that, findings are added one by one."""


def hopeless(conflicts: Sequence[Conflict]) -> list[Stuck]:
    """Return the findings that no allowed move fixes."""
    return [Stuck(each.finding, each.barred) for each in conflicts if not each.moves]


def unfixable(bench: Bench, root: Root, deadline: float) -> list[Stuck]:
    """Return as few findings as possible without which the others can be fixed together; some move fixes each of them."""
    return [each for group in components(root[0]) for each in _of_component(bench, (group, root[1]), deadline)]


def _of_component(bench: Bench, root: Root, deadline: float) -> list[Stuck]:
    findings = findings_of(root[0])
    whole = _searched(bench, root, findings, deadline)
    if not _fails(whole):
        return []
    alone = (
        {each: _searched(bench, root, [each], deadline) for each in findings}
        if len(findings) > 1
        else {findings[0]: whole}
    )
    out = [each for each, found in alone.items() if _fails(found)]
    rest = [each for each in findings if each not in out]
    if rest and _fails(_searched(bench, root, rest, deadline)):
        out += _fewest(bench, root, rest, deadline)
    stuck = [each for found in (whole, *alone.values()) for each in found.stuck]
    return [_why(each, stuck) for each in out]


def _fewest(bench: Bench, root: Root, findings: Sequence[Finding], deadline: float) -> list[Finding]:
    """Return a smallest set of findings without which the others can be fixed together."""
    sets = (left for size in range(1, len(findings)) for left in combinations(findings, size))
    for left in islice(sets, _MOST_SETS):
        if not _fails(_searched(bench, root, [each for each in findings if each not in left], deadline)):
            return list(left)
    return list(_one_by_one(bench, root, findings, deadline))


def _one_by_one(bench: Bench, root: Root, findings: Sequence[Finding], deadline: float) -> Iterator[Finding]:
    """Yield each finding that cannot be fixed together with those before it."""
    kept: list[Finding] = []
    for each in findings:
        if _fails(_searched(bench, root, [*kept, each], deadline)):
            yield each
        else:
            kept.append(each)


def _searched(bench: Bench, root: Root, wanted: Collection[Finding], deadline: float) -> SearchResult:
    """Search for a repair of some findings, while the others may stay."""
    conflicts = [each for each in root[0] if each.finding in wanted]
    others = [each for each in bench.first.open if each not in wanted]
    return Search(bench.accepting(others), 1, deadline, (conflicts, root[1])).run()


def _fails(found: SearchResult) -> bool:
    """Whether there is certainly no repair."""
    return found.exhausted and not found.solutions


def _why(finding: Finding, stuck: Sequence[Stuck]) -> Stuck:
    """Return where the search for a repair got stuck: at the finding itself, or at one that its moves cause."""
    own = next((each for each in stuck if each.finding == finding), None)
    if own is not None:
        return own
    other = next(iter(stuck), None)
    return Stuck(finding, after=other.after, leads_to=other.finding) if other else Stuck(finding)
