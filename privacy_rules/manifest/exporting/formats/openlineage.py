"""OpenLineage events: what each job reads and writes, with the lineage of its columns.

Systems that transform data are jobs, systems that store data are datasets, and their neighbours follow from that. A flow between
two systems of the same sort gets a job, or a dataset, of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from privacy_rules.manifest.exporting.estate_data import EntityData, EstateData
from privacy_rules.manifest.exporting.texts import as_json
from privacy_rules.manifest.importing.draft import UNDECLARED
from privacy_rules.source.fast_dataclasses import dataclass

_PRODUCER = "https://pypi.org/project/privacy-rules/"
_SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs"
_FACETS = {
    "schema": "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json",
    "columnLineage": "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json",
    "ownership": "https://openlineage.io/spec/facets/1-0-1/OwnershipJobFacet.json",
    "jobType": "https://openlineage.io/spec/facets/2-0-3/JobTypeJobFacet.json",
}
_TIME = "1970-01-01T00:00:00Z"
"""The time of every event: a manifest says that data flows, and not when it last did."""
_METHOD = re.compile(r"(DIRECT|INDIRECT)(?:\.(\w+?))??(\.masking)?")

Terms = list[str] | None


@dataclass(slots=True)
class _Job:
    """A job, with what it takes from each dataset and gives to each one."""

    id: str
    inputs: dict[str, Terms] = field(default_factory=dict)
    outputs: dict[str, Terms] = field(default_factory=dict)


def write(data: EstateData) -> tuple[str]:
    """One event for each job, and one for each dataset that no job uses."""
    flows = [(each, each.text("from") or "", each.text("to") or "") for each in data.flows.values()]
    is_job = _jobs(data, [(source, target) for _, source, target in flows])
    stored = {name: each.texts("stores") for name, each in data.systems.items() if not is_job[name]}
    jobs = {name: _Job(name) for name in data.systems if is_job[name]}
    for flow, source, target in flows:
        carried = flow.texts("carries")
        if is_job[source] is is_job[target]:
            flow.lose("id")
            if is_job[source]:
                stored[flow.id] = carried
                _add(jobs[source].outputs, flow.id, carried)
                _add(jobs[target].inputs, flow.id, carried)
                continue
            job = jobs.setdefault(f"flow/{flow.id}", _Job(f"flow/{flow.id}"))
            _add(job.inputs, source, carried)
            _add(job.outputs, target, carried)
        elif is_job[source]:
            _add(jobs[source].outputs, target, carried)
        else:
            _add(jobs[target].inputs, source, carried)
        if not is_job[target] and carried is not None:
            if stored[target] is None:
                stored[target] = carried
            elif sorted(stored[target] or ()) != sorted(carried):
                flow.lose("carries")
    events = [_event(each, data.systems.get(each.id), stored) for each in jobs.values()]
    used = {name for each in jobs.values() for name in (*each.inputs, *each.outputs)}
    events += [_base("DatasetEvent", {"dataset": _dataset(name, stored[name])}) for name in stored if name not in used]
    return ("".join(as_json(each, indent=None) for each in events),)


def _add(ends: dict[str, Terms], name: str, carried: Terms) -> None:
    """Add what a flow carries. It is unknown as soon as one flow with these ends does not say it."""
    before = ends.get(name, [])
    ends[name] = None if before is None or carried is None else list(dict.fromkeys([*before, *carried]))


def _jobs(data: EstateData, ends: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Which systems are jobs: the two ends of a flow differ, if the estate allows that."""
    beside: dict[str, list[str]] = {name: [] for name in data.systems}
    receivers = set[str]()
    for source, target in ends:
        beside[source].append(target)
        beside[target].append(source)
        receivers.add(target)
    found = {name: True for name, each in data.systems.items() if each.has_items("transforms")}
    found |= {name: False for name, each in data.systems.items() if each.has("stores") and name not in found}
    for starts in (list(found), [each for each in beside if each not in receivers], list(beside)):
        for each in starts:
            found.setdefault(each, not beside[each])  # what has no flow is a job: it stores nothing
        waiting = list(starts)
        while waiting:
            one = waiting.pop()
            new = [each for each in beside[one] if each not in found]
            found |= dict.fromkeys(new, not found[one])
            waiting += new
    return found


def _event(job: _Job, system: EntityData | None, stored: Mapping[str, Terms]) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    owner, kind = (system.text("owner"), system.text("kind")) if system is not None else (None, None)
    if owner is not None:
        facets["ownership"] = _facet("ownership", owners=[{"name": owner}])
    if kind is not None:
        facets["jobType"] = _facet("jobType", processingType="BATCH", integration="privacy-rules", jobType=kind)
    transforms = system.maps("transforms") if system is not None else []
    lineage = {name: _lineage(job, columns, transforms) for name, columns in _columns(job, stored, transforms).items()}
    if system is not None and transforms and not job.outputs:
        system.lose("transforms")
    outputs = []
    for name in job.outputs:
        output = _dataset(name, stored[name])
        if lineage.get(name):
            output["facets"]["columnLineage"] = _facet("columnLineage", fields=lineage[name])
        outputs.append(output)
    return _base(
        "RunEvent",
        {
            "eventType": "COMPLETE",
            "run": {"runId": str(uuid5(NAMESPACE_URL, job.id))},
            "job": {**_name(job.id), "facets": facets},
            "inputs": [_dataset(each, stored[each]) for each in job.inputs],
            "outputs": outputs,
        },
    )


def _columns(job: _Job, stored: Mapping[str, Terms], transforms: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The columns of each output. What no output is known to store, but the job takes or makes, belongs to the first one."""
    found = {name: list(stored[name] or ()) for name in job.outputs}
    known = {column for columns in found.values() for column in columns}
    made = [column for each in transforms for column in _makes(each)]
    used = {str(each["from"]) for each in transforms}
    taken = [term for carried in job.inputs.values() for term in carried or () if term not in used]
    for columns in list(found.values())[:1]:
        columns += [each for each in dict.fromkeys([*made, *taken]) if each not in known]
    return found


def _lineage(job: _Job, columns: Iterable[str], transforms: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Where each column of an output comes from: the same category of an input, or one that the job makes it from.

    What no input is known to carry is from a dataset that is not an input.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for column in dict.fromkeys(columns):
        made = [each for each in transforms if column in _makes(each)]
        sources: list[tuple[str, dict[str, Any] | None]] = [(column, {"type": "DIRECT", "subtype": "IDENTITY"})]
        sources += [(str(each["from"]), _transformation(each)) for each in made]
        for term, transformation in sources:
            inputs = [name for name, carried in job.inputs.items() if carried is not None and term in carried]
            for name in inputs or ([] if term == column else [UNDECLARED]):
                said = {**_name(name), "field": term, "transformations": [transformation] if transformation else []}
                if said not in found.setdefault(column, []):
                    found[column].append(said)
    return {column: {"inputFields": listed} for column, listed in found.items() if listed}


def _makes(transform: Mapping[str, Any]) -> list[str]:
    made = transform["to"]
    return [str(each) for each in (made if isinstance(made, list) else [made])]


def _transformation(transform: Mapping[str, Any]) -> dict[str, Any] | None:
    """The type of a transformation: a method as an import writes it, else any direct one, described by the method; or None."""
    method = transform.get("method")
    if method is None:
        return None
    found = _METHOD.fullmatch(str(method))
    if found is None:
        return {"type": "DIRECT", "subtype": "TRANSFORMATION", "description": str(method)}
    made: dict[str, Any] = {"type": found[1]}
    if found[2]:
        made["subtype"] = found[2]
    return {**made, **({"masking": True} if found[3] else {})}


def _dataset(name: str, stored: Terms) -> dict[str, Any]:
    facets = {} if stored is None else {"schema": _facet("schema", fields=[{"name": each} for each in stored])}
    return {**_name(name), "facets": facets}


def _name(system: str) -> dict[str, str]:
    """The namespace and the name that an id consists of: an import joins them with a slash."""
    namespace, _, name = system.rpartition("/")
    return {"namespace": namespace, "name": name} if name else {"namespace": "", "name": system}


def _facet(kind: str, **content: Any) -> dict[str, Any]:
    return {"_producer": _PRODUCER, "_schemaURL": _FACETS[kind], **content}


def _base(kind: str, event: Mapping[str, Any]) -> dict[str, Any]:
    return {"eventTime": _TIME, "producer": _PRODUCER, "schemaURL": f"{_SPEC}/{kind}", **event}
