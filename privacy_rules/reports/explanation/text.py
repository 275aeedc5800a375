"""An explanation as text: the whole tree, with the value and the facts of each test.

no_selling on flow crm-to-broker: violation
  email_address for lead_generation: violation
    scope: true
      when exchange is (sale, rental): true
        `exchange` of flow crm-to-broker is sale (estate.yaml:41:7)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from privacy_rules.checking.judgements import Explained, JudgedPair, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.wording import fact_and_place, missing_words
from privacy_rules.reports.explanation import Explained as Content
from privacy_rules.reports.flip_conditions import reason_lines
from privacy_rules.reports.markup.terminal import COLOURS, Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import listed

_OF_TRUTH: dict[Truth, Colour] = {Truth.TRUE: "green", Truth.UNKNOWN: "yellow", Truth.FALSE: "red"}


_INDENT = "  "


_CONNECTIVES = {Part.ALL: "all of", Part.ANY: "any of", Part.NOT: "not"}


def render(found: Content, view: View) -> str:
    """The explanations for a terminal, with what the finding says."""
    ink = view.ink
    return "".join(f"{line}\n" for line in (*_lines(found.explanations, ink), *_of_finding(found.finding, ink)))


def _of_finding(finding: Finding | None, ink: Ink) -> Iterator[str]:
    """The missing facts of a finding, and its waiver."""
    if finding is not None and finding.missing:
        yield ""
        yield ink("missing, to decide it", bold=True)
        yield from (f"{_INDENT}{ink(missing_words(each))}" for each in finding.missing)
    if finding is not None and finding.waiver is not None:
        waiver = finding.waiver
        yield ""
        where = f" ({waiver.location})" if waiver.location else ""
        yield ink(f"waived until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by}){where}", dim=True)


def worst_verdict(explanations: Sequence[Explanation]) -> Verdict:
    """The worst verdict of several explanations."""
    return max(each.verdict for each in explanations)


def _lines(explanations: Sequence[Explanation], ink: Ink) -> Iterator[str]:
    first, verdict = explanations[0], worst_verdict(explanations)
    what = f"{first.rule.name} on {Subject(first.kind, first.subject)}"
    yield f"{ink(what, bold=True)}: {ink(verdict.word, COLOURS[verdict], bold=True)}"
    title = f"{first.rule.title} " if first.rule.title else ""
    yield f"{_INDENT}{ink(f'{title}({first.rule.span})', dim=True)}"
    for each in explanations:
        yield ""
        yield f"{ink(_pair(each.judged), bold=True)}: {ink(each.verdict.word, COLOURS[each.verdict])}"
        for root in (each.scope, each.requirement):
            yield from _tree(root, 1, ink)
        yield from (f"{_INDENT}{ink(line, bold=not line.startswith(' '))}" for line in reason_lines(each))


def _pair(judged: JudgedPair) -> str:
    data = listed(judged.pair, "with") if judged.pair else judged.data
    words = [data or "", f"for {judged.purpose}" if judged.purpose else ""]
    return " ".join(filter(None, words)) or "judged as a whole"


def _tree(node: Explained, depth: int, ink: Ink) -> Iterator[str]:
    node = _folded(node)
    yield f"{_INDENT * depth}{ink(_label(node))}: {ink(node.value.word, _OF_TRUTH[node.value])}"
    deeper = _INDENT * (depth + 1)
    for each in node.facts:
        yield f"{deeper}{ink(fact_and_place(each), dim=True)}"
    if node.path:
        yield f"{deeper}{ink(f'path: {listed(node.path)}', dim=True)}"
    if node.collections:
        yield f"{deeper}{ink(f'collected by: {listed(node.collections)}', dim=True)}"
    for child in _flat(node):
        yield from _tree(child, depth + 1, ink)


def _folded(node: Explained) -> Explained:
    """The node, merged with an only child that repeats it: `at (marketer)` over `(marketer)`."""
    while len(node.children) == 1 and _repeats(node.children[0], node):
        child = node.children[0]
        node = replace(
            node, facts=child.facts, path=child.path, collections=child.collections, children=tuple(_flat(child))
        )
    return node


def _repeats(child: Explained, node: Explained) -> bool:
    return node.part is not Part.NOT and not node.facts and node.text.endswith(child.text)


def _flat(node: Explained) -> Iterator[Explained]:
    """The children. An `and` in an `and` is merged with it, and an `or` in an `or`."""
    for child in node.children:
        if child.part is node.part and node.part in (Part.ALL, Part.ANY):
            yield from _flat(child)
        else:
            yield child


def _label(node: Explained) -> str:
    if node.part in _CONNECTIVES:
        return _CONNECTIVES[node.part]
    if node.part in (Part.TEST, Part.LIMIT, Part.SCOPE, Part.REQUIREMENT):
        return node.text
    return f"{node.part.value} {node.text}"
