"""Fides resources (ethyca): systems with privacy declarations and flows, datasets with field categories, organizations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from privacy_rules.manifest.importing.draft import Draft, DraftEntity, Place, Placed
from privacy_rules.manifest.importing.fields import Field, Source
from privacy_rules.manifest.nodes import MAX_DEPTH

_USER = "user"
_WHICH_WAY = "it does not say which way data flows"


def read(sources: Iterable[Source], draft: Draft) -> None:
    """Read resource files. The systems come first, because datasets may have their ids."""
    tops = [source.top for source in sources]
    for top in tops:
        for each in top["system"].maps():
            _system(each, draft)
    for top in tops:
        for each in top["dataset"].maps():
            _dataset(each, draft)
    for top in tops:
        for each in top["organization"].maps():
            _organization(each, draft)


def _key(field: Field) -> Field:
    return field.first("fides_key", "fidesKey")


def _system(field: Field, draft: Draft) -> None:
    key = _key(field)
    name = key.text()
    if name is None:
        field.lose("a system without `fides_key`")
        return
    system = draft.system(name, key)
    draft.put_term(system, "kind", "kinds", field.first("system_type", "systemType"))
    draft.set_owner(system, field.first("administrating_department", "administratingDepartment"))
    system.put_tags(field["tags"])
    declarations = list(field.first("privacy_declarations", "privacyDeclarations").maps())
    for each in declarations:
        _declaration(each, system, draft)
    for direction in ("ingress", "egress"):
        for each in field[direction].maps():
            _flow(each, name, direction, declarations, draft)
    for each in field.first("system_dependencies", "systemDependencies").texts():
        each.lose(_WHICH_WAY)


def _declaration(field: Field, system: DraftEntity, draft: Draft) -> None:
    """A use of data: each of its categories for its purpose."""
    use = field.first("data_use", "dataUse")
    purposes = draft.terms("purposes", [use] if use.text() else [])
    words = field.first("data_categories", "dataCategories")
    items = [
        Placed({"data": each, "purposes": Placed(purposes, _at(use))} if purposes else {"data": each}, each.at)
        for each in draft.terms("data", words.texts())
    ]
    system.add("uses", items, words or field)
    for each in field.first("dataset_references", "datasetReferences").texts():
        each.lose(_WHICH_WAY)
    if field["shared_categories"]:
        field["shared_categories"].lose("it does not say with whom")


def _flow(field: Field, system: str, direction: str, declarations: Iterable[Field], draft: Draft) -> None:
    """A flow to or from a system, a dataset or the users. The declarations that name it give its purposes."""
    key = _key(field)
    name = key.text()
    if name is None:
        field.lose("a flow without `fides_key`")
        return
    if field["type"].text() == _USER:
        name = _user(key, draft)
    elif field["type"].text() == "dataset":
        name = _id_of_dataset(name, draft)
    source, target = (system, name) if direction == "egress" else (name, system)
    flow = draft.flow(source, target, field)
    linked = [each for each in declarations if any(ref.text() == key.text() for ref in each[direction].texts())]
    words = field.first("data_categories", "dataCategories")
    if words:
        draft.put_terms(flow, "carries", "data", words.texts(), words)
    for each in linked:
        if not words:
            draft.put_terms(flow, "carries", "data", each.first("data_categories", "dataCategories").texts(), each)
        use = each.first("data_use", "dataUse")
        if use.text():
            draft.put_terms(flow, "purposes", "purposes", [use], use)


def _user(at: Field, draft: Draft) -> str:
    """The people whom data is about: a system of a party with the role that the type of the flow states."""
    user = draft.system(_USER, at, implied=True)
    if "party" not in user.values:
        user.put("party", draft.party(_USER, at), at)
        if _USER in draft.parties:
            draft.parties[_USER].put("role", "data_subject", at)
    return _USER


def _id_of_dataset(name: str, draft: Draft) -> str:
    """The id of a dataset as a system: its key, unless a system has that."""
    known = draft.systems.get(name)
    return f"{name} (dataset)" if known is not None and "stores" not in known.values and not known.implied else name


def _dataset(field: Field, draft: Draft) -> None:
    key = _key(field)
    name = key.text()
    if name is None:
        field.lose("a dataset without `fides_key`")
        return
    dataset = draft.system(_id_of_dataset(name, draft), key)
    for each, is_unlabelled in _described(field):
        words = each.first("data_categories", "dataCategories")
        if words:
            draft.put_terms(dataset, "stores", "data", words.texts(), words)
        elif is_unlabelled:
            draft.unlabelled(dataset, "stores", each)
        if each["retention"].text():
            each["retention"].lose("the retention of a part of a dataset")
    countries = field.first("third_country_transfers", "thirdCountryTransfers")
    for each in countries.texts():
        each.lose("it does not say who receives the data")
    dataset.put_tags(field["tags"])


def _described(field: Field) -> Iterator[tuple[Field, bool]]:
    """A dataset, its collections and their fields, at any depth; with whether the categories of a field are missing.

    What a dataset, a collection or a field says applies to all fields in it.
    """
    waiting = [(field, 0, False)]
    while waiting:
        each, depth, is_covered = waiting.pop()
        is_covered = is_covered or bool(each.first("data_categories", "dataCategories").texts())
        inner = [*each["collections"].maps(), *each["fields"].maps()] if depth < MAX_DEPTH else []
        yield each, depth > 0 and not inner and not is_covered
        waiting += [(one, depth + 1, is_covered) for one in reversed(inner)]


def _organization(field: Field, draft: Draft) -> None:
    """An organization is a party; its role is not in the file."""
    key = _key(field)
    name = key.text()
    if name is None or (name not in draft.map.parties and draft.map.owner(name) is None):
        if name is not None:
            draft.map.missing("owners", name)
        (key or field).lose("the role of the organization is not in the file: declare it in `parties` of a map")


def _at(field: Field) -> Place:
    return field.source.document, field.path
