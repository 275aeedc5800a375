"""dbt manifests v10 to v12: models, sources, seeds and snapshots store columns; exposures use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from privacy_rules.manifest.importing.draft import Draft, Placed
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.source import codes

_VERSION = re.compile(r"/manifest/v(\d+)")
_OLDEST, _NEWEST = 10, 12
_STORES = ("model", "seed", "snapshot", "source")
_LABELS = ("data_category", "data_categories", "classification", "pii", "privacy", "sensitivity")
"""The keys of `meta` that say what a column holds."""


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read manifests."""
    for source in sources:
        _manifest(source.top, draft)


def _manifest(top: Field, draft: Draft) -> None:
    given = top["metadata"]["dbt_schema_version"]
    version = _VERSION.search(given.text() or "")
    if version is None or not _OLDEST <= int(version[1][:4]) <= _NEWEST:
        message = f"this is not a manifest of version {_OLDEST} to {_NEWEST}"
        top.source.sink.add(codes.UNFIT_VALUE, message, given.path, help="write it with dbt 1.6 or newer")
        return
    for name, each in (*top["sources"].entries(), *top["nodes"].entries()):
        if each["resource_type"].text() in _STORES:
            _relation(name, each, draft)
            _depends(name, each, draft)
        else:
            each.lose("it stores no data")
    for name, each in top["exposures"].entries():
        system = draft.system(name, each["unique_id"] or each)
        draft.put_term(system, "kind", "kinds", each["type"])
        owner = each["owner"]
        draft.set_owner(system, owner["name"] if owner["name"].text() else owner["email"])
        system.put_tags(each["tags"])
        _depends(name, each, draft)


def _relation(name: str, field: Field, draft: Draft) -> None:
    """A model, seed, snapshot or source. Only an enforced contract lists all columns."""
    system = draft.system(name, field["unique_id"] or field)
    config = field["config"]
    draft.put_term(
        system, "kind", "kinds", config["materialized"] if config["materialized"].text() else field["resource_type"]
    )
    draft.set_owner(system, _meta(field)["owner"])
    system.put_tags(field["tags"])
    for column, each in field["columns"].entries():
        system.add("stores", _data(field["name"].text() or "", column, each, draft), each)
    if not (config["contract"] and config["contract"]["enforced"].flag()):
        draft.unlabelled(system, "stores", field["columns"] or field)


def _meta(field: Field) -> Field:
    """`meta`, which newer versions also keep in `config`."""
    return field["meta"] if field["meta"].node else field["config"]["meta"]


def _data(relation: str, column: str, field: Field, draft: Draft) -> list[Placed]:
    """The categories of a column: by its full name, its `meta`, its tags, else by its own name."""
    candidates: list[tuple[str, str | None]] = [("data", f"{relation}.{column}")]
    candidates += [("classifications", word) for word in _labels(_meta(field))]
    tags = [*field["tags"].texts(), *field["config"]["tags"].texts()]
    candidates += [("tags", each.text()) for each in tags]
    return draft.data([*candidates, ("data", column)], column, field["name"] or field)


def _labels(meta: Field) -> Iterator[str]:
    """The labels of the data in `meta`: the text of a known key, or the key itself if its value is true."""
    if type(meta.node) is not dict:
        return
    for key in _LABELS:
        value = meta[key]
        if value.node is True or (isinstance(value.node, str) and value.node.lower() == "true"):
            yield key
        elif isinstance(value.node, str):
            yield value.node
        elif type(value.node) is list:
            yield from (each for each in value.node if isinstance(each, str))


def _depends(name: str, field: Field, draft: Draft) -> None:
    """A flow from each relation that this one depends on. The manifest does not say which columns it carries."""
    for each in field["depends_on"]["nodes"].texts():
        other = each.text() or ""
        if other.partition(".")[0] in (*_STORES, "exposure") and other != name:
            draft.flow(other, name, each)
