"""Remove a party, system, flow, contract, category, purpose, country or owner from an estate, and whatever cannot exist without it.

smaller, gone = without(estate, policy, "party", "mailer")      # also removes its systems, their flows and its contracts
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.manifest.model import Estate, Record
from privacy_rules.simulation.neighbours import touched
from privacy_rules.vocabulary.attributes import Entity
from privacy_rules.vocabulary.values import Item, Transform, Value

Gone = tuple[tuple[str, str], ...]
"""What was removed: kind and id, in order."""


def without(estate: Estate, policy: Policy, kind: str, name: str) -> tuple[Estate, Gone]:
    """Return the smaller estate and all that was removed. Something of that kind and name must exist."""
    if kind == "category":
        return _without_category(estate, policy, name)
    gone: dict[str, set[str]] = {each: set() for each in ("party", "contract", "system", "flow")}
    match kind:
        case "purpose":
            return _without_purpose(estate, policy, name)
        case "country":
            scope = touched(FlowGraph.of(estate, policy), kind, name)
            gone["system"] = {sorted(estate.systems)[each] for each in scope.systems}
        case "owner":
            for each, records in (
                (Entity.PARTY, estate.parties),
                (Entity.SYSTEM, estate.systems),
                (Entity.FLOW, estate.flows),
            ):
                attribute = policy.attributes[each, "owner"]
                gone[each.value] = {key for key, record in records.items() if known(record, attribute)[0] == name}
        case _:
            gone[kind].add(name)
    if gone["party"]:
        attribute = policy.attributes[Entity.SYSTEM, "party"]
        gone["system"] |= {each.id for each in estate.systems.values() if known(each, attribute)[0] in gone["party"]}
        gone["contract"] |= {each.id for each in estate.contracts.values() if gone["party"] & set(each.parties)}
    limit = policy.built_in(Entity.CONTRACT, "systems").name
    if gone["system"]:
        gone["contract"] |= {each.id for each in estate.contracts.values() if _only_for(each, limit, gone["system"])}
        gone["flow"] |= {flow.id for flow in estate.flows.values() if _ends(flow) & gone["system"]}
    return _cut(estate, gone, limit), tuple((each, id_) for each, ids in gone.items() for id_ in sorted(ids))


def _ends(flow: Record) -> set[str]:
    return {str(flow.declared["from"]), str(flow.declared["to"])}


def _only_for(contract: Record, limit: str, systems: Collection[str]) -> bool:
    """Return whether a contract applies only to some of the systems."""
    listed = contract.stated(limit)
    return isinstance(listed, tuple) and all(each in systems for each in listed)


def _cut(estate: Estate, gone: Mapping[str, Collection[str]], limit: str) -> Estate:
    """Return the estate without these, and without mentions of them in `origin`, `parent` and the contracts' `limit` to systems."""
    contracts = _left(estate.contracts, gone["contract"])
    if gone["system"]:
        contracts = {key: _unnamed(each, limit, gone["system"]) for key, each in contracts.items()}
    return replace(
        estate,
        parties=_left(estate.parties, gone["party"], "parent"),
        contracts=contracts,
        systems=_without_origins(_left(estate.systems, gone["system"]), gone["flow"]),
        flows=_without_origins(_left(estate.flows, gone["flow"], "origin"), gone["flow"]),
    )


def _without_origins(records: Mapping[str, Record], gone: Collection[str]) -> Mapping[str, Record]:
    """Return the systems or flows without mentions of flows in the origins of their items."""
    return {key: _items_without(each, gone) for key, each in records.items()} if gone else records


def _items_without(record: Record, gone: Collection[str]) -> Record:
    name = "stores" if record.entity is Entity.SYSTEM else "carries"
    declared, defaults = (_with_items_without(said, name, gone) for said in (record.declared, record.defaults))
    if declared is record.declared and defaults is record.defaults:
        return record
    return replace(record, declared=declared, defaults=defaults)


def _with_items_without(
    said: Mapping[str, Value | None], name: str, gone: Collection[str]
) -> Mapping[str, Value | None]:
    listed = said.get(name)
    items = tuple(each for each in listed if isinstance(each, Item)) if isinstance(listed, tuple) else ()
    left = tuple(each.stating(_without_mentions(dict(each.declared), "origin", gone)) for each in items)
    return said if left == items else {**said, name: left}


def _left(records: Mapping[str, Record], gone: Collection[str], naming: str = "") -> Mapping[str, Record]:
    """Return the records without some, and without mentions of these in an attribute."""
    if not gone:
        return records
    left = {key: each for key, each in records.items() if key not in gone}
    for key, each in left.items() if naming else ():
        if naming in each.declared or naming in each.defaults:
            left[key] = _unnamed(each, naming, gone)
    return left


def _unnamed(record: Record, attribute: str, gone: Collection[str]) -> Record:
    """Return the record, and its defaults, without mentions of removed things; an empty attribute is undeclared."""
    declared, defaults = (_without_mentions(said, attribute, gone) for said in (record.declared, record.defaults))
    if declared is record.declared and defaults is record.defaults:
        return record
    return replace(record, declared=declared, defaults=defaults)


def _without_mentions(
    said: Mapping[str, Value | None], attribute: str, gone: Collection[str]
) -> Mapping[str, Value | None]:
    value = said.get(attribute)
    names = value if isinstance(value, tuple) else (value,)
    if not any(each in gone for each in names if isinstance(each, str)):
        return said
    left = tuple(each for each in names if each not in gone)
    rest = {key: each for key, each in said.items() if key != attribute}
    return {**rest, attribute: left} if left and isinstance(value, tuple) else rest  # type: ignore[dict-item]


def _without_category(estate: Estate, policy: Policy, name: str) -> tuple[Estate, Gone]:
    taxonomy = policy.taxonomy("data")
    terms = set(taxonomy.names(taxonomy.below(name)))
    gone, flows = [], {}
    for flow in estate.flows.values():
        carries = flow.declared.get("carries", flow.defaults.get("carries"))
        left = tuple(each for each in carries if not _is_about(each, terms)) if isinstance(carries, tuple) else carries
        if left == ():
            gone.append(("flow", flow.id))
        else:
            flows[flow.id] = flow if left == carries else _declaring(flow, "carries", left)  # type: ignore[arg-type]
    uses = policy.built_in(Entity.SYSTEM, "uses").name
    systems = {key: _system_without(each, terms, uses) for key, each in estate.systems.items()}
    flows_gone = {id_ for _, id_ in gone}
    kept = _without_origins(_left(flows, flows_gone, "origin"), flows_gone)
    return replace(estate, flows=kept, systems=_without_origins(systems, flows_gone)), (
        ("category", name),
        *sorted(gone),
    )


def _without_purpose(estate: Estate, policy: Policy, name: str) -> tuple[Estate, Gone]:
    terms = set(policy.taxonomy("purpose").descendants(name))
    gone, flows = set[str](), {}
    for flow in estate.flows.values():
        purposes = flow.stated("purposes")
        left = (
            tuple(each for each in purposes if not _is_about(each, terms)) if isinstance(purposes, tuple) else purposes
        )
        if left == ():
            gone.add(flow.id)
        else:
            flows[flow.id] = flow if left == purposes else _declaring(flow, "purposes", left)  # type: ignore[arg-type]
    kept = _without_origins(_left(flows, gone, "origin"), gone)
    systems = {key: _using_for_less(each, terms) for key, each in estate.systems.items()}
    what = (("purpose", name), *(("flow", each) for each in sorted(gone)))
    return replace(estate, flows=kept, systems=_without_origins(systems, gone)), what


def _using_for_less(system: Record, terms: Collection[str]) -> Record:
    """Return the system without the purposes in its `uses`, and without the uses that were for these alone."""
    found: list[Item] = []
    for each in system.uses or ():
        said = dict(each.declared)
        purposes = said.get("purposes")
        left = tuple(one for one in purposes if one not in terms) if isinstance(purposes, tuple) else purposes
        if left != ():
            found.append(each if left == purposes else each.stating({**said, "purposes": left}))  # type: ignore[dict-item]
    return system if tuple(found) == (system.uses or ()) else _declaring(system, "uses", tuple(found))


def without_rule(policy: Policy, name: str) -> Policy:
    """Return the policy without a rule, which no permit names any more."""
    left = (each for each in policy.rules if each.name != name)
    rules = (replace(each, despite=tuple(one for one in each.despite if one != name)) for each in left)
    return replace(policy, rules=tuple(rules))


def _system_without(system: Record, terms: Collection[str], uses: str) -> Record:
    for attribute in ("stores", uses, "joins", "transforms"):
        said = system.declared.get(attribute, system.defaults.get(attribute))
        if isinstance(said, tuple):
            left = tuple(each for each in said if not _is_about(each, terms))
            system = system if left == said else _declaring(system, attribute, left)  # type: ignore[arg-type]
    return system


def _is_about(value: object, terms: Collection[str]) -> bool:
    match value:
        case Item(term=term):
            return term in terms
        case Transform():
            return value.takes in terms or bool(set(value.makes) & set(terms))
        case tuple():
            return any(each in terms for each in value)
        case _:
            return value in terms


def _declaring(record: Record, attribute: str, value: Value | None) -> Record:
    return replace(record, declared={**record.declared, attribute: value})
