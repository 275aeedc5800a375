"""Backstage catalogue entities: components, resources and APIs, their owners, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.manifest.importing.draft import Draft
from privacy_rules.manifest.importing.fields import Field, Source

_SYSTEMS = ("component", "resource")


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read catalogue files. A file holds one entity or several documents."""
    entities = [(_ref(each), each) for source in sources for each in _entities(source.top)]
    providers = _providers(entities)
    for ref, each in entities:
        if ref.partition(":")[0] in _SYSTEMS:
            _system(ref, each, draft)
    for ref, each in entities:
        for other, at in _uses(ref, each, providers):
            for source_, target in ((ref, other), (other, ref)):
                draft.flow(source_, target, at)


def _entities(top: Field) -> Iterator[Field]:
    yield from top.maps() if type(top.node) is list else [top]


def _ref(entity: Field) -> str:
    """`component:shop`; `component:sales/shop` outside the default namespace."""
    metadata = entity["metadata"]
    return _qualified(metadata["name"].text() or "", entity["kind"].text() or "", metadata["namespace"].text())


def _qualified(name: str, kind: str, namespace: str | None = None) -> str:
    """The full form of a reference, which may lack its kind and its namespace."""
    before, colon, rest = name.partition(":")
    kind, name = (before, rest) if colon else (kind, name)
    before, slash, rest = name.partition("/")
    namespace, name = (before, rest) if slash else (namespace, name)
    return f"{kind.lower()}:{name}" if namespace in (None, "default") else f"{kind.lower()}:{namespace}/{name}"


def _system(ref: str, entity: Field, draft: Draft) -> None:
    system = draft.system(ref, entity["metadata"]["name"])
    spec = entity["spec"]
    draft.put_term(system, "kind", "kinds", spec["type"])
    draft.set_owner(system, spec["owner"])
    system.put_tags(entity["metadata"]["tags"])


def _providers(entities: Iterable[tuple[str, Field]]) -> dict[str, str]:
    """Which component provides an API."""
    found: dict[str, str] = {}
    for ref, entity in entities:
        for each in entity["spec"]["providesApis"].texts():
            found.setdefault(_qualified(each.text() or "", "api"), ref)
    return found


def _uses(ref: str, entity: Field, providers: dict[str, str]) -> Iterator[tuple[str, Field]]:
    """What an entity depends on, and the providers of the APIs that it calls. The direction of data is unknown, so flows go both ways."""
    spec = entity["spec"]
    for each in spec["dependsOn"].texts():
        yield _qualified(each.text() or "", "component"), each
    for each in spec["consumesApis"].texts():
        api = _qualified(each.text() or "", "api")
        if providers.get(api) != ref:
            yield providers.get(api, api), each
