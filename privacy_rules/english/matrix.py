"""Find what may be disclosed to whom, and for which purpose: the engine tries each combination.

Every cell is a small estate: a person gives us the datum, and we pass it on to somebody with one role, for one purpose, under a
contract that may or may not apply and of which nothing is known. Everything else is undeclared. So a cell is

* allowed: whatever the rest may be, no rule is violated,
* forbidden: whatever the rest may be, these rules are violated,
* open: it depends on facts, which are named.

A rule on systems or parties (a path to a marketer, say) counts if the disclosure changes its verdict on the recipient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, Literal

from privacy_rules.checking.checker import judge
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.explanations import Explainer
from privacy_rules.checking.judgements import Judgement, Part
from privacy_rules.checking.logic import Truth, Verdict
from privacy_rules.checking.subjects import binder, named_subject
from privacy_rules.checking.trial_completions import Need, needs_of
from privacy_rules.english.glossary import named_terms
from privacy_rules.english.nouns import name_of
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest import write
from privacy_rules.manifest.loader import estate_from_data
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import listed
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.taxonomy import Taxonomy

Verdicts = Literal["allowed", "forbidden", "open"]
Key = tuple[str, str, str]
Fact = tuple[str, str]
MOST_TRIALS = 60_000
"""The most trials: a trial is one rule and one cell."""
_FLOW, _THEIRS, _THEM = "disclosure-", "theirs-", "them-"
_CALLED = {
    "contract": "the contract",
    "collection": "the collection",
    "disclosure": "the disclosure",
    "theirs": "the recipient's system",
    "them": "the recipient",
    "ours": "our system",
    "us": "the organisation",
    "person": "the person's system",
}
_ROLES = ("us", "outside", "data_subject")
"""The roles without which no such estate can be made."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdict on one datum, role and purpose. `by` are the rules that forbid it, or the facts that it depends on."""

    verdict: Verdicts
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells, by role, datum and purpose; `left_out` are the terms that did not fit."""

    roles: tuple[str, ...]
    data: tuple[str, ...]
    purposes: tuple[str, ...]
    cells: Mapping[Key, Cell]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Data and purposes with the same verdict for a role."""

    data: tuple[str, ...]
    purposes: tuple[str, ...]
    cell: Cell


def matrix(policy: Policy, day: date, most: int = MOST_TRIALS) -> Matrix | None:
    """Return the matrix of a policy on a day; None if its roles are not those of `std.core`, or no rule applies to flows."""
    named = named_terms(rule for rule in policy.rules if rule.subject.kind.family is Kind.FLOW)
    role = policy.taxonomy("role")
    if any(each not in role for each in _ROLES):
        return None
    every = named_terms(policy.rules)
    roles = [
        each for each in _in_order(role, every.get("role", ())) if role.is_a(each, "outside") and each != "outside"
    ]
    data = _in_order(policy.taxonomy("data"), named.get("data", ()))
    purposes = _in_order(policy.taxonomy("purpose"), named.get("purpose", ()))
    if not (roles and data and purposes):
        return None
    roles, data, purposes, left_out = _bounded(roles, data, purposes, max(1, most // len(policy.rules)))
    cells = cells_of(policy, day, list(product(roles, data, purposes)))
    return Matrix(tuple(roles), tuple(data), tuple(purposes), cells, left_out)


def alike(found: Matrix) -> list[tuple[str, ...]]:
    """Groups of roles with the same verdicts."""
    same: dict[tuple[Cell, ...], list[str]] = defaultdict(list)
    for role in found.roles:
        same[tuple(found.cells[role, datum, purpose] for datum, purpose in product(found.data, found.purposes))].append(
            role
        )
    return [tuple(each) for each in same.values()]


def blocks(found: Matrix, role: str) -> list[Block]:
    """The blocks of cells of a role with the same verdict: first data with equal rows, then purposes within them."""
    rows: dict[tuple[Cell, ...], list[str]] = defaultdict(list)
    for datum in found.data:
        rows[tuple(found.cells[role, datum, purpose] for purpose in found.purposes)].append(datum)
    merged = []
    for cells, data in rows.items():
        columns: dict[Cell, list[str]] = defaultdict(list)
        for purpose, cell in zip(found.purposes, cells, strict=True):
            columns[cell].append(purpose)
        merged += [Block(tuple(data), tuple(purposes), cell) for cell, purposes in columns.items()]
    return merged


def _in_order(vocabulary: Taxonomy, named: Iterable[str]) -> list[str]:
    """Terms in the order of their tree, a parent before its children."""
    wanted, found = set(named), list[str]()
    waiting = [each for each in reversed(vocabulary.terms) if not vocabulary.parents[each]]
    seen: set[str] = set()
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            found += [term] if term in wanted else []
            waiting += reversed(vocabulary.children(term))
    return found


def _bounded(
    roles: Sequence[str], data: Sequence[str], purposes: Sequence[str], most: int
) -> tuple[list[str], list[str], list[str], tuple[str, ...]]:
    """As many terms as fit. The longest of the three lists is shortened first."""
    kept, left_out = [list(roles), list(data), list(purposes)], list[str]()
    while len(kept[0]) * len(kept[1]) * len(kept[2]) > most:
        left_out.append(max(kept, key=len).pop())
    return kept[0], kept[1], kept[2], tuple(reversed(left_out))


# ---- the estates


def cells_of(policy: Policy, day: date, keys: Sequence[Key]) -> dict[Key, Cell]:
    """The verdict of every cell. Each cell has its own parties, systems and contract, so that none affects another."""
    trial, before = _Trial(policy, day, keys, disclosing=True), _Trial(policy, day, keys, disclosing=False)
    known = {(each.rule.name, each.subject, each.verdict) for each in before.judgements}
    counting: dict[int, list[Judgement]] = defaultdict(list)
    for each in trial.judgements:
        if each.kind is Kind.FLOW or (each.rule.name, each.subject, each.verdict) not in known:
            counting[int(each.subject.partition("-")[2])].append(each)
    return {key: _cell(trial, counting[number]) for number, key in enumerate(keys)}


def _cell(trial: _Trial, counting: Sequence[Judgement]) -> Cell:
    broken = sorted({each.rule.name for each in counting if each.verdict is Verdict.VIOLATION})
    if broken:
        return Cell("forbidden", tuple(broken))
    if counting:
        return Cell("open", _fact_phrases({fact for each in counting for fact in trial.open_facts(each)}))
    return Cell("allowed")


class _Trial:
    """Judge the estates of all cells at once, with or without the disclosures; return what is not compliant about these and their recipients."""

    def __init__(self, policy: Policy, day: date, keys: Sequence[Key], *, disclosing: bool) -> None:
        policy = policy.on(day)
        estate, wrong = estate_from_data(_estates(policy, keys, disclosing=disclosing), policy)
        assert estate is not None, wrong
        self._graph = FlowGraph.of(estate, policy)
        self._cores = {core.rule.name: core for core in core_rules(policy, day)}
        self._explainer = Explainer(Evaluator(policy, self._graph, day))
        about = {Kind.FLOW: _FLOW, Kind.SYSTEM: _THEIRS, Kind.PARTY: _THEM}
        found = judge(policy, self._graph, day, most_explained=0).judgements
        self.judgements = [each for each in found if each.subject.startswith(about.get(each.kind, "none at all"))]

    def open_facts(self, found: Judgement) -> Iterator[Fact]:
        """The facts that leave a judgement open."""
        _, frame, bindings = named_subject(self._graph, found.kind, found.subject)
        binder(found.kind)(frame, bindings[0])
        waiting = list(self._explainer.rule(self._cores[found.rule.name], frame))
        while waiting:
            node = waiting.pop()
            if node.value is Truth.UNKNOWN:
                waiting += node.children
                if node.part in (Part.TEST, Part.LIMIT, Part.SUBJECT):
                    yield from map(_fact, _deciding(tuple(needs_of(node))))


def _estates(policy: Policy, keys: Sequence[Key], *, disclosing: bool) -> dict[str, Any]:
    """The manifest of some cells, with or without the disclosures."""
    parties: dict[str, Any] = {"person": {"role": "data_subject"}, "us": {"role": "us"}}
    systems, contracts, flows = dict[str, Any](), dict[str, Any](), list[dict[str, Any]]()
    for number, (role, datum, purpose) in enumerate(keys):
        person, ours, theirs, them = (f"{each}{number}" for each in ("person-", "ours-", _THEIRS, _THEM))
        parties[them] = {"role": role}
        systems |= {person: {"party": "person"}, ours: {"party": "us"}, theirs: {"party": them}}
        contracts[f"contract-{number}"] = {"with": them, "from": None, "until": None}
        flows.append({"id": f"collection-{number}", "from": person, "to": ours, "carries": [datum]})
        if disclosing:
            more = {"carries": [datum], "purposes": [purpose]}
            flows.append({"id": f"{_FLOW}{number}", "from": ours, "to": theirs, **more})
    system = write.built_in(policy, Entity.SYSTEM, {name: [] for name in ("stores", "uses", "joins", "transforms")})
    rest = {"systems": systems, "contracts": contracts, "flows": flows}
    return {"defaults": {"system": system}, "parties": parties, **rest}


# ---- facts in words


def _deciding(needs: Sequence[Need]) -> Sequence[Need]:
    """Drop values that are declared too broadly if something is undeclared: they would not decide alone."""
    return [each for each in needs if each.action == "declare"] or needs


def _fact(need: Need) -> Fact:
    """The owner of a missing fact, and the fact's name. A fact that is declared too broadly has no owner."""
    if need.action == "narrow":
        return "", "which purpose exactly" if need.attribute == "purposes" else "which data exactly"
    whose = need.id.partition("-")[0]
    if whose == "contract" and need.attribute in ("from", "until"):
        return _CALLED[whose], "validity"
    return _CALLED.get(whose, whose), name_of(need.entity, need.attribute)


def _fact_phrases(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The facts in words, grouped by what they belong to: `the mandate and necessity of the disclosure`."""
    of: dict[str, list[str]] = defaultdict(list)
    for whose, what in sorted(set(facts)):
        of[whose].append(what)
    own = of.pop("", [])
    return (*(f"the {listed(what)} of {whose}" for whose, what in of.items()), *own)
