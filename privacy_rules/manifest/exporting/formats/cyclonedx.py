"""CycloneDX 1.6: each system is a service, and each category of a flow is data that its source sends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.exporting.texts import as_json


def write(data: EstateData) -> tuple[str]:
    """The document. Its serial number depends on the content alone, so that the same estate gives the same file."""
    serial = uuid5(NAMESPACE_URL, json.dumps([data.title, sorted(data.systems), sorted(data.flows)]))
    services = {name: _service(system) for name, system in data.systems.items()}
    for (source, target), listed in _sent(data).items():
        for word in listed:
            item = {"flow": "outbound", "classification": word, "destination": [_link(serial, target)]}
            services[source].setdefault("data", []).append(item)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "services": list(services.values()),
    }
    return (as_json(document),)


def _service(system: EntityData) -> dict[str, Any]:
    made: dict[str, Any] = {"bom-ref": system.id, "name": system.id}
    party, zone, tags = system.text("party"), system.text("zone"), system.texts("tags")
    if party is not None:
        made["provider"] = {"name": party}
    if zone is not None:
        made["trustZone"] = zone
    if tags:
        made["tags"] = tags
    return made


def _sent(data: EstateData) -> Mapping[tuple[str, str], list[str]]:
    """The categories that each system sends to each other one; one empty word if some flow between them does not say all.

    A flow has no name of its own in the format, so those with the same ends become one.
    """
    found: dict[tuple[str, str], list[str]] = {}
    incomplete = set[tuple[str, str]]()
    for flow, ends in _flows(data):
        if flow.id != f"{ends[0]} -> {ends[1]}":
            flow.lose("id")
        carried = flow.texts("carries")
        if carried is None:
            incomplete.add(ends)
        listed = found.setdefault(ends, [])
        listed += [each for each in carried or () if each not in listed]
    for ends in incomplete:
        if found[ends]:
            data.lost["flows.carries"] += 1
        found[ends] = [""]
    return found


def _flows(data: EstateData) -> Iterator[tuple[EntityData, tuple[str, str]]]:
    for flow in data.flows.values():
        yield flow, (flow.text("from") or "", flow.text("to") or "")


def _link(serial: object, system: str) -> str:
    return f"urn:cdx:{serial}/1#{quote(system, safe='')}"
