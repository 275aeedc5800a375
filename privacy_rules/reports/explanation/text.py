"""An explanation as text: the whole tree, with the value and the facts of each test.

no_selling on flow crm-to-broker: violation
  email_address for lead_generation: violation
    scope: true
      when exchange is (sale, rental): true
        `exchange` of flow crm-to-broker is sale (estate.yaml:41:7)

Data and purposes are shown together if every test has the same value for them, for the same reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from privacy_rules.checking.judgements import EachWay, Explained, Fact, JudgedPair, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.rule_subjects import Explanation
from privacy_rules.findings.finding import Finding, Subject
from privacy_rules.findings.reasons import dated_words, ways_out
from privacy_rules.findings.wording import completed_words, fact_and_place, is_judged
from privacy_rules.reports.explanation import Explained as Content
from privacy_rules.reports.flip_conditions import reason_lines
from privacy_rules.reports.markup.terminal import COLOURS, Colour, Ink
from privacy_rules.reports.registry import View
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity

_OF_TRUTH: dict[Truth, Colour] = {Truth.TRUE: "green", Truth.UNKNOWN: "yellow", Truth.FALSE: "red"}


_INDENT = "  "


_WAYS = {"missing": "missing, to decide it", "fix": "to fix it", "hint": "hint of the rule"}


_CONNECTIVES = {Part.ALL: "all of", Part.ANY: "any of", Part.NOT: "not"}


def render(found: Content, view: View) -> str:
    """The explanations for a terminal, with what the finding says."""
    ink = view.ink
    return "".join(f"{line}\n" for line in (*_lines(found, ink), *_of_finding(found.finding, ink)))


def _of_finding(finding: Finding | None, ink: Ink) -> Iterator[str]:
    """The missing facts of a finding, what else to do about it, and its waiver."""
    ways = list(ways_out(finding)) if finding is not None else []
    for label, title in _WAYS.items():
        matching = [way for kind, way in ways if kind == label]
        if matching:
            yield ""
            yield ink(title, bold=True)
            yield from (f"{_INDENT}{ink(each)}" for each in matching)
    if finding is not None and finding.open is not None:
        yield from _each_way(finding.open, ink)
    if finding is not None and finding.waiver is not None:
        waiver = finding.waiver
        yield ""
        where = f" ({waiver.location})" if waiver.location else ""
        yield ink(f"waived until {waiver.until}: {waiver.reason} (approved by {waiver.approved_by}){where}", dim=True)


def _each_way(found: EachWay, ink: Ink) -> Iterator[str]:
    """A completion of the manifest each way."""
    for word, facts in (("compliant", found.complies), ("a violation", found.violates)):
        yield ""
        if facts is None:
            yield ink(f"no facts were found that make it {word}", dim=True)
            continue
        yield ink(f"{word}, for example, if", bold=True)
        yield from (f"{_INDENT}{ink(completed_words(each))}" for each in facts)


def worst_verdict(explanations: Sequence[Explanation]) -> Verdict:
    """The worst verdict of several explanations."""
    return max(each.verdict for each in explanations)


def _lines(found: Content, ink: Ink) -> Iterator[str]:
    explanations, day = found.explanations, f", as of {found.as_of}" if found.as_of else ""
    first, verdict = explanations[0], worst_verdict(explanations)
    what = f"{first.rule.name} on {Subject(first.kind, first.subject)}"
    yield f"{ink(what, bold=True)}: {ink(verdict.word, COLOURS[verdict], bold=True)}"
    title = f"{first.rule.title} " if first.rule.title else ""
    yield f"{_INDENT}{ink(f'{title}({first.rule.span}){day}', dim=True)}"
    alike: dict[object, list[Explanation]] = {}
    for each in explanations:
        alike.setdefault((each.verdict, *_shape(each.scope), *_shape(each.requirement)), []).append(each)
    for together in alike.values():
        one = together[0]
        yield ""
        yield f"{ink(_pairs([each.judged for each in together]), bold=True)}: {ink(one.verdict.word, COLOURS[one.verdict])}"
        for root in (one.scope, one.requirement):
            yield from _tree(root, 1, ink, _judged(together))
        yield from (f"{_INDENT}{ink(line, bold=not line.startswith(' '))}" for line in reason_lines(one))


_Key = tuple[Entity, str, str]
"""The entity of a fact and its attribute."""


def _shape(root: Explained) -> Iterator[object]:
    """Yield everything that is shown of a tree, except for the judged datum and purpose."""
    for node in root.walk():
        facts = tuple(_key(each) if is_judged(each) else each for each in node.facts)
        yield node.part, node.text, node.value, facts, node.path, node.collections, len(node.children)


def _judged(together: Sequence[Explanation]) -> dict[_Key, tuple[str, ...]]:
    """The judged data and purposes of explanations that are shown together, by the fact that declares them."""
    found: dict[_Key, dict[str, None]] = {}
    for node in (node for each in together for root in (each.scope, each.requirement) for node in root.walk()):
        for each in filter(is_judged, node.facts):
            found.setdefault(_key(each), {})[str(each.value)] = None
    return {key: tuple(values) for key, values in found.items() if len(values) > 1}


def _key(fact: Fact) -> _Key:
    return fact.entity, fact.id, fact.attribute


def _pairs(judged: Sequence[JudgedPair]) -> str:
    """`email and name for support`: the judged pairs, the data of one purpose together."""
    by_purpose: dict[str | None, list[str]] = {}
    for each in judged:
        by_purpose.setdefault(each.purpose, []).append(each.together or each.data or "")
    parts = [
        " ".join(filter(None, (listed(data), purpose and f"for {purpose}"))) for purpose, data in by_purpose.items()
    ]
    return "; ".join(filter(None, parts)) or "judged as a whole"


def _tree(node: Explained, depth: int, ink: Ink, judged: Mapping[_Key, tuple[str, ...]]) -> Iterator[str]:
    node = _folded(node)
    yield f"{_INDENT * depth}{ink(_label(node))}: {ink(node.value.word, _OF_TRUTH[node.value])}"
    deeper = _INDENT * (depth + 1)
    for each in node.facts:
        shown = replace(each, value=judged[_key(each)]) if is_judged(each) and _key(each) in judged else each
        yield f"{deeper}{ink(fact_and_place(shown), dim=True)}"
    yield from (f"{deeper}{ink(dated_words(each), dim=True)}" for each in node.dated)
    if node.path:
        yield f"{deeper}{ink(f'path: {listed(node.path)}', dim=True)}"
    if node.collections:
        yield f"{deeper}{ink(f'collected by: {listed(node.collections)}', dim=True)}"
    for child in _flat(node):
        yield from _tree(child, depth + 1, ink, judged)


def _folded(node: Explained) -> Explained:
    """The node, merged with an only child that repeats it: `at (marketer)` over `(marketer)`."""
    while len(node.children) == 1 and _repeats(node.children[0], node):
        child = node.children[0]
        node = replace(
            node,
            facts=child.facts,
            dated=child.dated,
            path=child.path,
            collections=child.collections,
            children=tuple(_flat(child)),
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
    if node.contract is not None:
        return node.text
    if node.part in _CONNECTIVES:
        return _CONNECTIVES[node.part]
    if node.part in (Part.TEST, Part.LIMIT, Part.SCOPE, Part.REQUIREMENT):
        return node.text
    return f"{node.part.value} {node.text}"
