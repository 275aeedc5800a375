"""The JSON Schema of a file of policy tests, made from the policy in use like that of a manifest.

The schema accepts each file that `test` accepts. It cannot find errors that span several places, such as an id that is not
declared, or two cases with one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from privacy_rules.checking.logic import Verdict
from privacy_rules.language.policy import Policy, Rule
from privacy_rules.language.subject_kinds import Kind
from privacy_rules.manifest.declaration_reader import OWN, SECTION_OF
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.schemas.json_schema import NULL, Schema, either, list_of, map_of, ref, whole
from privacy_rules.schemas.manifest import manifest_schema
from privacy_rules.vocabulary.attributes import Entity

_FAMILIES = tuple(dict.fromkeys(each.family.value for each in Kind))
_VERDICTS = [each.word for each in reversed(Verdict)]


def schema_of_tests(policy: Policy | None = None) -> Schema:
    """The schema of tests of the policy, or of one that is not known yet."""
    manifest = manifest_schema(policy)
    definitions: Schema = dict(manifest["$defs"])
    sections = {key: each for key, each in manifest["properties"].items() if key not in ("policy", "as_of", "include")}
    definitions["written out"] = {"title": "a manifest written here", **map_of(sections)}
    definitions |= dict(_changes(definitions, None if policy is None else Lexicon(policy)))
    definitions["expected"] = _expected(policy)
    definitions["case"] = _case()
    found: dict[str, Schema] = {
        "tests": {"description": "The version of the format.", "const": 1},
        "policy": {"description": "The policy to test: a file, or several.", **_one_or_more(ref("id"))},
        "manifest": _manifest("What the cases start from: files, or manifests written here."),
        "as_of": {"description": "The day on which the check is made.", **either(ref("date"), NULL)},
        "mode": _mode("`exact` (the default): the expected findings and no others."),
        "cases": {"description": "The tests.", **list_of(ref("case"))},
    }
    body = {**map_of(found, ["tests", "cases"]), **_STARTS_SOMEWHERE, "$defs": definitions}
    return whole("Tests of a privacy policy", "Cases with the findings that they expect.", body)


_SOME: Schema = {"not": either(NULL, {"type": "array", "maxItems": 0})}
_NAMED: Schema = {"properties": {"manifest": _SOME}, "required": ["manifest"]}
_STARTS_SOMEWHERE = either(_NAMED, {"properties": {"cases": {"items": _NAMED}}})
"""Either the file names a manifest, or each of its cases does."""


def _one_or_more(item: Schema, least: int = 0) -> Schema:
    return either(item, list_of(item, least), NULL)


def _manifest(description: str, least: int = 0) -> Schema:
    return {"description": description, **_one_or_more(either(ref("id"), ref("written out")), least)}


def _mode(description: str) -> Schema:
    return {"description": description, "enum": ["exact", "includes", None]}


def _case() -> Schema:
    found: dict[str, Schema] = {
        "name": {"description": "What the case shows, in words.", **ref("words")},
        "manifest": _manifest("What this case starts from, instead of the file's manifest.", 1),
        "as_of": {"description": "The day of this case.", **either(ref("date"), NULL)},
        "mode": _mode("How this case is compared."),
        "changes": {"description": "What is changed, in order.", **either(list_of(ref("change")), NULL)},
        "expect": {"description": "The expected findings; an empty list expects none.", **list_of(ref("expected"))},
    }
    return {"title": "case", **map_of(found, ["name", "expect"])}


def _expected(policy: Policy | None) -> Schema:
    rules = [rule for rule in policy.rules if rule.statement != "permit"] if policy else []
    names: Schema = {"enum": [rule.name for rule in rules]} if rules else {"type": "string"}
    verdict: Schema = {"enum": _VERDICTS}
    pair = map_of(
        {
            "data": either(ref("terms.data"), NULL),
            "purpose": either(ref("terms.purpose"), NULL),
            "pair": either({**list_of(ref("terms.data"), 2), "maxItems": 2}, NULL),
            "verdict": verdict,
        }
    ) | {"minProperties": 1}
    found: dict[str, Schema] = {
        "rule": {"description": "The rule.", **names},
        "subject": {
            "description": "The id of the subject that the rule judges.",
            **either(ref("id"), map_of({"kind": {"enum": [*_FAMILIES, None]}, "id": ref("id")}, ["id"])),
        },
        "verdict": {"description": "The verdict of the rule on it.", **verdict},
        "judged": {"description": "Each datum and purpose with this verdict.", **either(list_of(pair), NULL)},
        "waived": {"description": "Whether a waiver covers it.", **either(ref("flag"), NULL)},
    }
    body = {"title": "expected finding", **map_of(found, ["rule", "subject", "verdict"])}
    return {**body, "allOf": list(_kinds(rules))} if rules else body


def _kinds(rules: Sequence[Rule]) -> Iterator[Schema]:
    """Conditions by which a rule determines the kind of the subject."""
    families: dict[str, list[str]] = {}
    for rule in rules:
        families.setdefault(rule.subject.kind.family.value, []).append(rule.name)
    for family, names in families.items():
        kind = {"properties": {"subject": {"properties": {"kind": {"enum": [family, None]}}}}}
        yield {"if": {"properties": {"rule": {"enum": names}}, "required": ["rule"]}, "then": kind}


def _changes(known: Mapping[str, Schema], lexicon: Lexicon | None) -> Iterator[tuple[str, Schema]]:
    """The definitions of a change, and of what it may remove, set and add."""
    names = [entity.value for entity in SECTION_OF]
    yield "removed", _just_one({name: ref("id") for name in names})
    added = {name: _with_id(known[name]) for name in names}
    yield "new", _just_one({**added, "waiver": ref("waiver")})
    ids = {entity: ref("id") for entity in SECTION_OF}
    named = {**ids, Entity.ORGANISATION: {"enum": [Entity.ORGANISATION.value, None]}}
    yield "altered", either(*(_altered(entity, id_, known, lexicon) for entity, id_ in named.items()))
    verbs = {"remove": ref("removed"), "set": ref("altered"), "add": ref("new"), "as_of": ref("date")}
    yield "change", {"title": "change", **_just_one(verbs)}


def _altered(entity: Entity, id_: Schema, known: Mapping[str, Schema], lexicon: Lexicon | None) -> Schema:
    """The body of `set`: the entity's id, and at least one other key."""
    name: Schema = ref("id")
    parts = known["covers"]["properties"] if entity is Entity.CONTRACT else {}
    covered = {f"covers.{part}": each for part, each in parts.items()}
    if lexicon is not None:
        more = ("covers", *covered) if entity is Entity.CONTRACT else ()
        name = {"enum": sorted({*lexicon.known[entity], *more} - set(OWN[entity] if entity is Entity.FLOW else ()))}
    unset = {"description": "The attributes that become undeclared.", **list_of(name)}
    body = _open(known[entity.value], {entity.value: id_, "unset": unset, **covered})
    body["properties"].pop("id", None)
    return {**body, "required": [entity.value], "minProperties": 2}


def _just_one(properties: Mapping[str, Schema]) -> Schema:
    return {**map_of(properties), "minProperties": 1, "maxProperties": 1}


def _open(entity: Schema, more: Mapping[str, Schema]) -> Schema:
    """An entity without required keys."""
    left = {key: each for key, each in entity.items() if key not in ("required", "oneOf", "title")}
    return {**left, "properties": {**entity["properties"], **more}}


def _with_id(entity: Schema) -> Schema:
    required = [*entity.get("required", ()), "id"]
    return {
        **entity,
        "properties": {"id": ref("id"), **entity["properties"]},
        "required": list(dict.fromkeys(required)),
    }
