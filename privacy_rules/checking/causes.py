"""The one change of a declaration that would resolve a finding, so that findings of one cause can be reported together.

For a violation, that is a contract to renew, extend or sign. For an undetermined finding, it is the missing facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from privacy_rules.checking.decisive_tests import against
from privacy_rules.checking.judgements import Cause, Change, Explained, Fact, Missing, Part
from privacy_rules.checking.logic import Truth
from privacy_rules.vocabulary.attributes import Entity

_MOST = 8
"""At most this many contracts are tried for one finding."""


def missing_cause(missing: Sequence[Missing]) -> Cause | None:
    """Return the cause of an undetermined finding: its missing facts, if they are proved to decide it."""
    if not missing or not all(each.proved and each.item is None for each in missing):
        return None
    changes = [Change(each.entity, each.id, each.attribute, each.action, None, each.location) for each in missing]
    return Cause(tuple(changes))


def contract_cause(trees: Sequence[tuple[Explained, Explained]], day: date) -> Cause | None:
    """Return the one change of a contract after which all pairs pass; `trees` has scope and requirement of each."""
    for change, assumed in islice(_candidates(trees[0][1], day), 2 * _MOST):
        if all(_value(requirement, assumed) is Truth.TRUE for _, requirement in trees):
            return Cause((change,))
    return None


_Assumed = Mapping[tuple[str, str], Truth]
"""Other values for tests, by the contract that a test is about (empty: none) and its text."""


def _candidates(requirement: Explained, day: date) -> Iterator[tuple[Change, _Assumed]]:
    """Yield changes that may help, the smallest first, each with the values that the tests would then have."""
    tests = [each for each in against(requirement, Truth.TRUE) if each.value is Truth.FALSE]
    contracts = list(
        dict.fromkeys(contract for test in tests if test.topic == "contract" for contract in test.contracts)
    )[:_MOST]
    for contract in contracts:
        in_force, *_ = contract.children
        if in_force.value is Truth.FALSE:
            begins, ends = in_force.facts
            ended = isinstance(ends.value, date) and ends.value <= day
            change = _of_contract(contract, ends, "renew") if ended else _of_contract(contract, begins, "advance")
            yield change, {(contract.text, in_force.text): Truth.TRUE}
    for contract in contracts:
        lacking = [test for part in contract.children[1:] if not part.value for test in against(part, Truth.TRUE)]
        facts = list(dict.fromkeys(fact for test in lacking for fact in test.facts))
        if len(facts) == 1:
            assumed = {(contract.text, each.text): Truth.TRUE for each in lacking}
            yield _of_contract(contract, facts[0], "widen"), assumed
    for test in tests:
        parties = [each.value for each in test.facts if each.attribute == "party"]
        if test.topic == "contract" and not test.contracts and None not in parties and len({*parties}) == len(parties):
            *others, party = parties or [None]
            change = Change(Entity.PARTY, str(party), "contract", "sign", others[0] if others else None, None)
            yield change, {("", test.text): Truth.TRUE}


def _of_contract(contract: Explained, fact: Fact, action: str) -> Change:
    return Change(fact.entity, fact.id, fact.attribute, action, fact.value, fact.location or contract.span)


def _value(node: Explained, assumed: _Assumed, contract: str = "") -> Truth:
    """The value that a node would have."""
    if node.part is Part.TEST and (contract, node.text) in assumed:
        return assumed[contract, node.text]
    inside = node.text if node.contract is not None else contract
    values = [_value(child, assumed, inside) for child in node.children]
    if not values or (node.part is Part.TEST and not node.contracts):
        return node.value
    if node.part is Part.NOT:
        return Truth(2 - values[0])
    if node.contract is not None and any(
        each.attribute == "role" for each in node.facts
    ):  # it may not bind the parties
        values.append(Truth.UNKNOWN)
    return min(values) if node.part in (Part.ALL, Part.SCOPE) else max(values)
