"""The groups that systems are drawn in: by party, or by other attributes of systems, one inside the other."""

from __future__ import annotations

from collections.abc import Sequence

from privacy_rules.graph.declared_values import known
from privacy_rules.graph.flow_graph import FlowGraph
from privacy_rules.language.policy import Policy
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, InputError
from privacy_rules.source.spelling import did_you_mean
from privacy_rules.vocabulary.attributes import Entity, Form

BY_PARTY = ("party",)
_FORMS = (Form.TEXT, Form.TEXTS, Form.ONE, Form.ROLES, Form.SET, Form.REFERENCE)
_INHERITED = ("owner", "country", "tags")
_INSIDE = " › "


def attributes_for_groups(policy: Policy, names: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes of systems that `names` asks for: `tag` means `tags`. Raises InputError if one does not exist."""
    own = policy.of_entity(Entity.SYSTEM)
    possible = [name for name, each in own.items() if each.type.form in _FORMS]
    found, wrong = [], []
    for name in names:
        meant = "tags" if name == "tag" else name
        if meant in possible:
            found.append(meant)
            continue
        listed = f"the attributes are {', '.join(f'`{each}`' for each in possible)}"
        help_ = did_you_mean(name, possible) or listed
        wrong.append(Diagnostic(codes.USAGE, f"systems cannot be grouped by `{name}`", help=help_))
    if wrong:
        raise InputError(wrong)
    return tuple(dict.fromkeys(found)) or BY_PARTY


def groups_of(graph: FlowGraph, by: Sequence[str]) -> list[tuple[str, ...]]:
    """The groups that each system is in, from the outermost: one for each attribute. An owner, country or tag may be the party's."""
    return [tuple(_named(graph, number, each) for each in by) for number in range(len(graph.systems))]


def lane_of(groups: Sequence[str]) -> str:
    """The id of the frame of some groups."""
    return _INSIDE.join(groups)


def _named(graph: FlowGraph, system: int, name: str) -> str:
    party = graph.parties[system]
    if name == "party":
        return party or "party unknown"
    found = _words(graph, Entity.SYSTEM, graph.systems[system].id, name)
    if not found and name in _INHERITED and party is not None:
        found = _words(graph, Entity.PARTY, party, name)
    return found or f"{name} unknown"


def _words(graph: FlowGraph, entity: Entity, id_: str, name: str) -> str:
    value = known(graph.estate.records(entity)[id_], graph.policy.attributes[entity, name])[0]
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
