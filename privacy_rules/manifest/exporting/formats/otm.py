"""Open Threat Model 0.2: components in trust zones, and the assets that data flows carry."""

from __future__ import annotations

from typing import Any

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.exporting.texts import as_yaml
from privacy_rules.manifest.importing.draft import UNDECLARED

_NOT_RATED = "not rated: a manifest has no ratings"


def write(data: EstateData) -> tuple[str]:
    """The model. The format needs ratings, a type and a zone; those that a manifest does not give say so."""
    components = [_component(each) for each in data.systems.values()]
    flows = [_flow(each) for each in data.flows.values()]
    zones = dict.fromkeys(each["parent"]["trustZone"] for each in components)
    stored = [term for each in components for term in each.get("assets", {}).get("stored", ())]
    carried = [term for each in flows for term in each.get("assets", ())]
    model = {
        "otmVersion": "0.2.0",
        "project": {"name": data.title, "id": data.title},
        "assets": [{"id": each, "name": each, "risk": _unrated()} for each in dict.fromkeys([*stored, *carried])],
        "trustZones": [{"id": each, "name": each, "risk": {"trustRating": 0}} for each in zones],
        "components": components,
        "dataflows": flows,
    }
    return (as_yaml(model),)


def _unrated() -> dict[str, Any]:
    return {"confidentiality": 0, "integrity": 0, "availability": 0, "comment": _NOT_RATED}


def _component(system: EntityData) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": system.id,
        "name": system.id,
        "type": system.text("kind") or UNDECLARED,
        "parent": {"trustZone": system.text("zone") or UNDECLARED},
    }
    stored, tags = system.texts("stores"), system.texts("tags")
    if stored:
        made["assets"] = {"stored": stored}
    elif stored is not None:
        system.lose("stores")
    if tags:
        made["tags"] = tags
    return made


def _flow(flow: EntityData) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": flow.id,
        "name": flow.id,
        "source": flow.text("from"),
        "destination": flow.text("to"),
    }
    carried, tags = flow.texts("carries"), flow.texts("tags")
    if carried:
        made["assets"] = carried
    if tags:
        made["tags"] = tags
    return made
