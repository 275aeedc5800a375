"""Threagile: technical assets, a communication link for each flow, data assets, and trust boundaries.

Threagile takes only letters, digits and hyphens in ids, and needs ratings that a manifest does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.exporting.texts import as_yaml
from privacy_rules.manifest.importing.formats.threagile import UNKNOWN_PROTOCOL, UNKNOWN_TECHNOLOGY

_TECHNOLOGIES = frozenset(
    f"""
    client-system browser desktop mobile-app devops-client web-server web-application application-server database
    file-server local-file-system erp cms web-service-rest web-service-soap ejb search-index search-engine
    service-registry reverse-proxy load-balancer build-pipeline sourcecode-repository artifact-registry
    code-inspection-platform monitoring ldap-server container-platform batch-processing event-listener
    identity-provider identity-store-ldap identity-store-database tool cli task function gateway iot-device
    message-queue stream-processing service-mesh data-lake report-engine ai mail-server vault hsm waf ids ips
    scheduler mainframe block-storage library {UNKNOWN_TECHNOLOGY}
    """.split()
)
_PROTOCOLS = frozenset(
    f"""
    http https ws wss reverse-proxy-web-protocol reverse-proxy-web-protocol-encrypted mqtt jdbc jdbc-encrypted odbc
    odbc-encrypted sql-access-protocol sql-access-protocol-encrypted nosql-access-protocol
    nosql-access-protocol-encrypted binary binary-encrypted text text-encrypted ssh ssh-tunnel smtp smtp-encrypted
    pop3 pop3-encrypted imap imap-encrypted ftp ftps sftp scp ldap ldaps jms nfs smb smb-encrypted local-file-access
    nrpe xmpp iiop iiop-encrypted jrmp jrmp-encrypted in-process-library-call container-spawning {UNKNOWN_PROTOCOL}
    """.split()
)
_UNRATED = {
    "confidentiality": "internal",
    "integrity": "operational",
    "availability": "operational",
    "justification_cia_rating": "not rated: a manifest has no ratings",
}


def write(data: EstateData) -> tuple[str]:
    """The model. Ratings, usage and the like are Threagile's usual values, marked as not rated."""
    ids = _ids(data.systems)
    systems = {name: _asset(each, ids[name]) for name, each in data.systems.items()}
    zones: dict[str, list[str]] = {}
    for name, each in data.systems.items():
        zone = each.text("zone")
        if zone is not None:
            zones.setdefault(zone, []).append(ids[name])
    sent = [(flow, flow.texts("carries")) for flow in data.flows.values()]
    stored = [each.texts("stores") for each in data.systems.values()]
    terms = _ids(term for listed in [*stored, *(each for _, each in sent)] for term in listed or ())
    for system, listed in zip(data.systems.values(), stored, strict=True):
        if listed is not None:
            systems[system.id]["data_assets_stored"] = [terms[each] for each in listed]
            systems[system.id]["type"] = "datastore" if listed else "process"
    for flow, listed in sent:
        _link(flow, listed, systems, ids, terms)
    named = _ids(zones)
    model = {
        "threagile_version": "1.0.0",
        "title": data.title,
        "author": {"name": "privacy-rules"},
        "business_criticality": "operational",
        "tags_available": sorted({tag for each in systems.values() for tag in _tags(each)}),
        "data_assets": {term: _data_asset(id_) for term, id_ in terms.items()},
        "technical_assets": systems,
        "trust_boundaries": {zone: _boundary(named[zone], inside) for zone, inside in zones.items()},
        "shared_runtimes": {},
    }
    return (as_yaml(model),)


def _ids(names: Iterable[str]) -> dict[str, str]:
    """An id for each name, each different; a name that is an id stays as it is."""
    found: dict[str, str] = {}
    taken = set[str]()
    for name in dict.fromkeys(names):
        slug = made = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "x"
        number = 1
        while made in taken:
            number += 1
            made = f"{slug}-{number}"
        taken.add(made)
        found[name] = made
    return found


def _asset(system: EntityData, name: str) -> dict[str, Any]:
    kind = system.text("kind")
    if kind not in _TECHNOLOGIES:
        if kind is not None:
            system.lose("kind")
        kind = UNKNOWN_TECHNOLOGY
    return {
        "id": name,
        "description": system.id,
        "type": "process",
        "usage": "business",
        "used_as_client_by_human": False,
        "out_of_scope": False,
        "size": "system",
        "technology": kind,
        "tags": system.texts("tags") or [],
        "internet": False,
        "machine": "virtual",
        "encryption": "none",
        "owner": system.text("owner"),
        **_UNRATED,
        "multi_tenant": False,
        "redundant": False,
        "custom_developed_parts": False,
        "data_formats_accepted": [],
        "communication_links": {},
    }


def _link(
    flow: EntityData,
    carried: list[str] | None,
    systems: Mapping[str, dict[str, Any]],
    ids: Mapping[str, str],
    terms: Mapping[str, str],
) -> None:
    """Add the link of a flow to its source. The title is the flow's id, without the ends that an import puts before it."""
    source, target = flow.text("from") or "", flow.text("to") or ""
    protocol = flow.text("protocol")
    if protocol not in _PROTOCOLS:
        if protocol is not None:
            flow.lose("protocol")
        protocol = UNKNOWN_PROTOCOL
    links = systems[source]["communication_links"]
    title = flow.id.removeprefix(f"{source} -> {target}: ")
    links[title if title not in links else flow.id] = {
        "target": ids[target],
        "description": flow.id,
        "protocol": protocol,
        "authentication": "none",
        "authorization": "none",
        "tags": flow.texts("tags") or [],
        "vpn": False,
        "ip_filtered": False,
        "readonly": False,
        "usage": "business",
        "data_assets_sent": [terms[each] for each in carried or ()],
        "data_assets_received": [],
    }


def _tags(asset: Mapping[str, Any]) -> Iterable[str]:
    yield from asset["tags"]
    for link in asset["communication_links"].values():
        yield from link["tags"]


def _data_asset(name: str) -> dict[str, Any]:
    return {"id": name, "description": "a category of data", "usage": "business", "quantity": "many", **_UNRATED}


def _boundary(name: str, inside: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "description": "a zone",
        "type": "execution-environment",
        "technical_assets_inside": inside,
        "trust_boundaries_nested": [],
    }
