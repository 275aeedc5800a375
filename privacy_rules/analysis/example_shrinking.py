"""Checks small manifests with policies, and makes them smaller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from privacy_rules.analysis.drafts import SUBJECT, subject_of
from privacy_rules.checking.condition_compiler import Evaluator
from privacy_rules.checking.core_rules import core_rules
from privacy_rules.checking.logic import TRUE, Verdict
from privacy_rules.checking.roles import Roles
from privacy_rules.checking.rule_evaluation import Ruling
from privacy_rules.checking.subjects import entity_of, named_subject
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.loader import estate_from_data

Data = dict[str, Any]
Steps = tuple[str | int, ...]


class Checker:
    """Checks small manifests with one policy on one day."""

    def __init__(self, policy: Policy, day: date) -> None:
        self._policy, self._day = policy, day
        self._cores = {core.rule.name: core for core in core_rules(policy, day)}

    def verdict(self, data: Mapping[str, Any], rules: Iterable[str]) -> Verdict | None:
        """Return the worst verdict that these rules give to the subject; None if the manifest is not one for the policy."""
        found = self.verdicts(data, rules, until=Verdict.VIOLATION)
        return None if found is None else max(found.values(), default=Verdict.COMPLIANT)

    def verdicts(
        self, data: Mapping[str, Any], rules: Iterable[str], *, until: Verdict | None = None
    ) -> dict[str, Verdict] | None:
        """Return the verdict that each rule gives to the subject, if there is one, up to the first that is `until`."""
        estate, _ = estate_from_data(data, self._policy)
        if estate is None:
            return None
        graph = FlowGraph.of(estate, self._policy)
        evaluator = Evaluator(self._policy, graph, self._day)
        found: dict[str, Verdict] = {}
        for core in filter(None, map(self._cores.get, rules)):
            family = core.rule.subject.kind.family
            name = "organisation" if family is Kind.ORGANISATION else subject_of(data)
            if name in estate.records(entity_of(family)):
                _, frame, bindings = named_subject(graph, family, name)
                found[core.rule.name] = Ruling(evaluator, core).verdict(frame, bindings) or Verdict.COMPLIANT
                if found[core.rule.name] is until:
                    break
        return found


def topic_of(policy: Policy, data: Mapping[str, Any]) -> str:
    """What a manifest's subject is about: `collection`, `use`, `disclosure`, `retention` or `organisation`."""
    estate, _ = estate_from_data(data, policy)
    assert estate is not None
    if SUBJECT in estate.flows:
        graph = FlowGraph.of(estate, policy)
        roles, number = Roles(graph), graph.flow_number[SUBJECT]
        if roles.flows(Kind.COLLECTION)[number] == TRUE:
            return "collection"
        shared = max(roles.flows(each)[number] for each in (Kind.DISCLOSURE, Kind.SHARING))
        return "disclosure" if shared else "use"
    if (name := subject_of(data)) in estate.systems:
        stored = estate.systems[name].items
        return "retention" if stored else "use"
    if SUBJECT in estate.parties or SUBJECT in estate.contracts:
        return "disclosure"
    return "organisation"


def smallest(data: Data, still: Callable[[Data], bool]) -> Data:
    """Leave out facts, one after the other, until `still` needs each of those that are left.

    Parties without any facts are called `somebody`.
    """
    changed = True
    while changed:
        changed = False
        for steps in sorted(_removable(data), key=lambda each: (len(each), str(each))):
            fewer = _without(data, steps)
            if fewer is not None and still(fewer):
                data, changed = fewer, True
    for party, record in data.get("parties", {}).items():
        if not record and party != SUBJECT:  # its id came from a role that it did not need
            plain = _renamed(data, party)
            data = plain if still(plain) else data
    return data


def _renamed(data: Data, party: str) -> Data:
    """The manifest in which a party without a known role is called `somebody`."""
    others = {each for each in data["parties"] if each != party}
    name = next(each for each in ("somebody", *(f"somebody_{number}" for number in range(2, 99))) if each not in others)

    def new(value: Any) -> Any:
        return name if value == party else sorted(map(new, value)) if isinstance(value, list) else value

    def ends(record: Data) -> Data:
        return {
            key: new(each) if key in ("party", "parent", "with", "between") else each for key, each in record.items()
        }

    made = {**data, "parties": {new(each): ends(record) for each, record in data["parties"].items()}}
    for kind in ("systems", "contracts"):
        if kind in data:
            made[kind] = {each: ends(record) for each, record in data[kind].items()}
    return made


def _removable(data: Any, steps: Steps = ()) -> Iterator[Steps]:
    """The paths of all records, attributes and elements of lists, but not what a record must have."""
    if isinstance(data, dict):
        for key, each in data.items():
            here = (*steps, key)
            if key not in ("manifest", "id", "from", "to", "with", "between") or each is None:
                yield here
            yield from _removable(each, here)
    elif isinstance(data, list):
        for number, each in enumerate(data):
            if len(data) > 1 or steps[-1:] == ("flows",):
                yield (*steps, number)
            yield from _removable(each, (*steps, number))


def _without(data: Data, steps: Steps) -> Data | None:
    made = deepcopy(data)
    inner: Any = made
    try:
        for each in steps[:-1]:
            inner = inner[each]
        del inner[steps[-1]]
    except (KeyError, IndexError):
        return None
    return made
