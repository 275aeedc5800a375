"""Completion in manifests: keys where a key fits, and terms, ids, rules and flags where a value does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from lsprotocol.types import CompletionItem, CompletionItemKind, TextEdit

from privacy_rules.lsp.estate_view import EstateView
from privacy_rules.lsp.manifest_cursor import ManifestCursor, manifest_cursor
from privacy_rules.lsp.policy_completion import Offer, terms
from privacy_rules.lsp.position_encoding import Lines
from privacy_rules.lsp.workspace import Workspace
from privacy_rules.manifest.declaration_reader import SECTION_OF
from privacy_rules.manifest.model import PathKey
from privacy_rules.schemas.key_descriptions import ATTRIBUTES, KEYS, WAIVER
from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.vocabulary.attributes import Attribute, Entity, Form, Type
from privacy_rules.vocabulary.taxonomy import noun_of
from privacy_rules.vocabulary.values import Item

_ENTITIES = {section: entity for entity, section in SECTION_OF.items()}
_LISTS = (Form.SET, Form.TEXTS, Form.REFERENCES, Form.PAIRS, Form.TRANSFORMS)
_TRANSFORM_KEYS = {"from": "What it takes", "to": "What it makes from it"}
_DATA = Type(Form.SET, "data")
_KEY, _VALUE = CompletionItemKind.Property, CompletionItemKind.Value


@dataclass(frozen=True, slots=True)
class _Form:
    """How a completion is written at the cursor."""

    before: str = ""
    after: str = ""


def complete(workspace: Workspace, path: Path, lines: Lines, offset: int) -> list[CompletionItem]:
    """Return the completions at an offset of a manifest, even if the rest of it is broken."""
    here = manifest_cursor(lines.text, offset)
    if here is None:
        return []
    view = workspace.recent_estate(path) or workspace.with_texts({path: here.text}).estate(path)
    place = lines.between(here.start, here.end)
    keys = [(name, _KEY, said) for name, said in _keys(view, here) if name not in here.beside]
    offers: Iterable[Offer] = keys or dict.fromkeys(_values(view, here))
    form = _form(view, here, lines, keys=bool(keys), quote='"' if path.suffix == ".json" else "")
    return [
        CompletionItem(
            label,
            kind=kind,
            detail=detail,
            filter_text=label,
            text_edit=TextEdit(place, f"{form.before}{label}{form.after}"),
        )
        for label, kind, detail in offers
    ]


def _form(view: EstateView, here: ManifestCursor, lines: Lines, *, keys: bool, quote: str) -> _Form:
    if not here.bare:
        return _Form()
    if keys:
        has_colon = lines.text[here.end : here.end + 2].lstrip().startswith(":")
        return _Form(quote, quote if has_colon else f"{quote}: ")
    return _Form(f"[{quote}", f"{quote}]") if _wants_list(view, here) else _Form(quote, quote)


# ---- keys


def _keys(view: EstateView, here: ManifestCursor) -> Iterator[tuple[str, str | None]]:
    """Yield the keys that fit; a value in place of a map is the start of its first key."""
    path = here.path
    match path:
        case ():
            yield from KEYS.items()
        case ("defaults" | "shared_defaults",):
            yield from ((entity.value, f"What holds for each {entity}") for entity in SECTION_OF)
        case ("defaults" | "shared_defaults", str(kind)) if kind in {each.value for each in SECTION_OF}:
            yield from _attributes(view, Entity(kind), ("id", "from", "to") if kind == "flow" else ("with", "between"))
        case ("organisation",):
            yield from _attributes(view, Entity.ORGANISATION)
        case ("contracts", _, "covers"):
            yield from ((name, ATTRIBUTES.get((Entity.CONTRACT, f"covers.{name}"))) for name in view.meaning.covered())
        case ("waivers", int()):
            yield from WAIVER.items()
        case (str(section), _) if section in _ENTITIES:
            yield from _of_entity(view, _ENTITIES[section])
        case ("systems", _, "transforms", int()):
            yield from _TRANSFORM_KEYS.items()
            yield from _own(view.meaning.own_attributes(Entity.SYSTEM, "transforms"))
        case (str(section), _, str(name), int()) if here.key and section in _ENTITIES:
            own = view.meaning.own_attributes(_ENTITIES[section], name)
            key = Item("", within=name).key
            yield from ((key, f"The {noun_of(key).name}"), *_own(own)) if own else ()


def _of_entity(view: EstateView, entity: Entity) -> Iterator[tuple[str, str | None]]:
    if entity is Entity.FLOW:
        yield "id", "What the flow is called in findings"
    yield from _attributes(view, entity)
    if entity is Entity.CONTRACT:
        yield "covers", "The categories and purposes that it is about"


def _attributes(view: EstateView, entity: Entity, but: Collection[str] = ()) -> Iterator[tuple[str, str | None]]:
    for name, attribute in view.meaning.attributes(entity).items():
        if name not in but:
            yield name, ATTRIBUTES.get((entity, name)) or str(attribute.type)


def _own(attributes: Mapping[str, Attribute]) -> Iterator[tuple[str, str | None]]:
    for name, each in attributes.items():
        yield name, ATTRIBUTES.get((each.entity, name)) or str(each.type)


# ---- values


def _values(view: EstateView, here: ManifestCursor) -> Iterator[Offer]:
    path = here.path
    if path[:1] == ("waivers",) and len(path) > 2:
        yield from _of_waiver(view, str(path[2]))
        return
    type_ = _type_at(view, path)
    if type_ is not None:
        yield from _of_type(view, type_)


def _of_waiver(view: EstateView, key: str) -> Iterator[Offer]:
    if key == "rule" and view.policy:
        for rule in view.policy.policy.rules:
            yield rule.name, CompletionItemKind.Function, rule.title
    elif key == "subject":
        for entity, ids in view.meaning.ids.items():
            yield from ((each, CompletionItemKind.Reference, entity.value) for each in ids)
    elif key == "data":
        yield from _of_type(view, _DATA)


def _of_type(view: EstateView, type_: Type) -> Iterator[Offer]:
    if type_.refers_to is not None:
        for each in view.meaning.ids.get(type_.refers_to, ()):
            yield each, CompletionItemKind.Reference, type_.refers_to.value
    elif type_.vocabulary and view.policy:
        yield from terms(view.policy, type_.vocabulary)
    elif type_.form is Form.FLAG:
        yield from (("yes", _VALUE, None), ("no", _VALUE, None))
    elif type_.form is Form.DURATION:
        yield "unlimited", _VALUE, "longer than all"


def _wants_list(view: EstateView, here: ManifestCursor) -> bool:
    """Return whether the value's place takes a list."""
    attribute = _attribute_at(view, here.path)
    return attribute is not None and attribute[1] == () and attribute[0].type.form in _LISTS


def _type_at(view: EstateView, path: PathKey) -> Type | None:
    found = _attribute_at(view, path)
    if found is None:
        return None
    attribute, inner = found
    named = next((each for each in reversed(inner) if isinstance(each, str)), None)
    if named is None:
        return attribute.type
    return view.meaning.type_in(attribute, named)


def _attribute_at(view: EstateView, path: PathKey) -> tuple[Attribute, PathKey] | None:
    """Return the attribute whose value a path leads to or into, and the steps inside it."""
    match path:
        case ("contracts", _, "covers", str(name), *inner):
            return _known(view.meaning.covered(), name, inner)
        case ("organisation", str(name), *inner):
            return _known(view.meaning.attributes(Entity.ORGANISATION), name, inner)
        case ("defaults" | "shared_defaults", str(kind), str(name), *inner) if kind in {
            each.value for each in SECTION_OF
        }:
            return _known(view.meaning.attributes(Entity(kind)), name, inner)
        case (str(section), _, str(name), *inner) if section in _ENTITIES:
            return _known(view.meaning.attributes(_ENTITIES[section]), name, inner)
        case _:
            return None


def _known(attributes: Mapping[str, Attribute], name: str, inner: list[str | int]) -> tuple[Attribute, PathKey] | None:
    return (attributes[name], tuple(inner)) if name in attributes else None
