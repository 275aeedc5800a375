"""OpenLineage events: jobs, the datasets that they read and write, and the lineage of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.manifest.importing.draft import Draft, DraftEntity, Placed
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.source.fast_dataclasses import dataclass

_READ = ("job", "inputs", "outputs", "dataset")
"""The keys of an event that are read."""


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read events: one, a list of them, or one on each line. The statements of several events are combined."""
    for source in sources:
        top, seen = source.top, set[str]()
        for each in top.maps() if type(top.node) is list else [top]:
            said = repr([each.node.get(key) for key in _READ]) if type(each.node) is dict else ""
            if said in seen:  # most runs of a job say the same
                source.skip(each.node)
            else:
                seen.add(said)
                _event(each, draft)


@dataclass(frozen=True, slots=True)
class _Dataset:
    """A dataset of an event."""

    id: str
    name: str
    field: Field
    columns: dict[str, Field]

    def data(self, column: str, at: Field, draft: Draft) -> list[Placed]:
        """The categories of a column: by its full name, its tags, else by its own name."""
        known = self.columns.get(column)
        tags = [("tags", word) for word in _tags(self.field, column)] if known is not None else []
        return draft.data([("data", f"{self.name}.{column}"), *tags, ("data", column)], column, at)


def _event(event: Field, draft: Draft) -> None:
    job = event["job"]
    name = _id(job)
    if name is None:
        for each in (*event["inputs"].maps(), *event["outputs"].maps()):
            _dataset(each, draft)
        if event["dataset"]:
            _dataset(event["dataset"], draft)
        return
    system = draft.system(name, job["name"] if job["name"].text() else job["namespace"])
    owners = list(job["facets"]["ownership"]["owners"].maps())
    if owners:
        draft.set_owner(system, owners[0]["name"])
    draft.put_term(system, "kind", "kinds", job["facets"]["jobType"]["jobType"])
    inputs, outputs = _datasets(event["inputs"], draft), _datasets(event["outputs"], draft)
    known = {one.id: one for one in inputs}
    taken: dict[str, list[Placed]] = {}
    for output in outputs:
        flow = draft.flow(name, output.id, output.field)
        if output.columns:
            carried = [said for one, at in output.columns.items() for said in output.data(one, at, draft)]
            flow.add("carries", carried, output.field)
        _Lineage(system, output, known, taken, draft).read()
    is_whole = all(output.field["facets"]["columnLineage"] for output in outputs)
    for one in inputs:
        flow = draft.flow(one.id, name, one.field)
        if one.id in taken and is_whole:
            flow.add("carries", taken[one.id], one.field)


def _datasets(listed: Field, draft: Draft) -> list[_Dataset]:
    return [found for each in listed.maps() if (found := _dataset(each, draft)) is not None]


def _id(thing: Field) -> str | None:
    """The namespace and the name of a job or a dataset, which is unique only in its namespace."""
    namespace, name = thing["namespace"].text(), thing["name"].text()
    return "/".join(each for each in (namespace, name) if each) or None


def _dataset(field: Field, draft: Draft) -> _Dataset | None:
    name = _id(field)
    if name is None:
        field.lose("a dataset without `namespace` and `name`")
        return None
    system = draft.system(name, field["name"] if field["name"].text() else field["namespace"])
    columns = {each["name"].text() or "": each["name"] for each in field["facets"]["schema"]["fields"].maps()}
    found = _Dataset(name, field["name"].text() or "", field, columns)
    if columns:
        stored = [said for each, at in columns.items() for said in found.data(each, at, draft)]
        system.add("stores", stored, field["facets"]["schema"]["fields"])
    return found


def _tags(field: Field, column: str) -> Iterator[str]:
    """The tags of a column."""
    for each in field["facets"]["tags"]["tags"].maps():
        if each["field"].text() == column:
            word = each["value"].text() or each["key"].text()
            if word is not None:
                yield word


@dataclass(frozen=True, slots=True)
class _Lineage:
    """How a job makes an output. `taken` collects what each input gives, over all outputs."""

    job: DraftEntity
    output: _Dataset
    inputs: dict[str, _Dataset]
    taken: dict[str, list[Placed]]
    draft: Draft

    def read(self) -> None:
        """Read the columns that the output is made from, as transforms of the job."""
        facet = self.output.field["facets"]["columnLineage"]
        for column, made in facet["fields"].entries():
            for each in made["inputFields"].maps():
                self._made([column], each)
        for each in facet["dataset"].maps():
            self._made(list(self.output.columns), each)

    def _made(self, columns: list[str], given: Field) -> None:
        name, column = _id(given), given["field"].text()
        if name is None or column is None:
            given.lose("an input without its dataset and field")
            return
        source = self.inputs.get(name) or _Dataset(name, given["name"].text() or "", given, {})
        takes = source.data(column, given["field"], self.draft)
        self.taken.setdefault(name, []).extend(takes)
        makes = [said for each in columns for said in self.output.data(each, given, self.draft)]
        for one in takes:
            others = list({said.value.term: said for said in makes if said.value.term != one.value.term}.values())
            methods: list[str | None] = [*_methods(given)]
            for method in (methods or [None]) if others else ():
                word = self.draft.term("methods", method, given["transformations"])[:1] if method else []
                said = {"from": one, "to": Placed(others, one.at), **({"method": word[0]} if word else {})}
                self.job.add("transforms", [Placed(said, one.at)], given)


def _methods(given: Field) -> Iterator[str]:
    """The ways in which a column is made from another: `DIRECT.AGGREGATION`, `DIRECT.TRANSFORMATION.masking`, `INDIRECT.JOIN`."""
    for each in given["transformations"].maps():
        words = [each["type"].text(), each["subtype"].text(), "masking" if each["masking"].flag() else None]
        found = ".".join(word for word in words if word)
        if found and found != "DIRECT.IDENTITY":
            yield found
