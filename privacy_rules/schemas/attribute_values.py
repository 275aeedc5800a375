"""Schemas of the values of attributes, by form, and of the terms of vocabularies.

An editor knows less than our reader of manifests: it takes `1.0` for a number, which may be an id to us, and `yes` for
text, which may be a flag. If the two differ, the schema accepts everything that the reader accepts, and a little more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from privacy_rules.language.policy import Policy
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.schemas.json_schema import Schema, either, list_of, ref
from privacy_rules.schemas.key_descriptions import ATTRIBUTES
from privacy_rules.vocabulary.attributes import Attribute, Form, has_items
from privacy_rules.vocabulary.taxonomy import noun_of
from privacy_rules.vocabulary.values import show

NO_CONTROLS = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_BOOLEAN: Schema = {"not": {"type": ["string", "number", "null", "array", "object"]}}
"""Means `type: boolean`, in a form that keeps editors from offering `true` and `false` for a name."""
_BOOLEANS = {"true": True, "false": False}


def _written(title: str, **more: Any) -> Schema:
    """Text, quoted or not: an editor that reads YAML may take it for a number or a flag."""
    return {"title": title, **either({"type": ["string", "number"], **more}, _BOOLEAN)}


SCALARS: Mapping[str, Schema] = {
    "id": _written("id", pattern=NO_CONTROLS, patternErrorMessage="an id cannot hold control characters"),
    "text": _written("text"),
    "words": _written("text", pattern=r"\S", patternErrorMessage="this cannot be blank"),
    "flag": {
        "title": "flag",
        # `yes` and `no` are a pattern, so that no editor offers them: it would add quotes, which make them text
        **either(
            {"type": "boolean"},
            {
                "type": "string",
                "pattern": "^(?:[Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$",
                "patternErrorMessage": "write `yes` or `no` (in JSON `true` or `false`), without quotes",
            },
        ),
    },
    "number": {"type": "number", "title": "number"},
    "duration": {
        "title": "duration",
        "type": "string",
        "pattern": r"^(?:[0-9]{1,9}\s+(?:hour|day|week|month|year)s?|unlimited)$",
        "patternErrorMessage": "write a duration such as `2 years`, `90 days` or `unlimited`",
    },
    "date": {
        "title": "date",
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
        "patternErrorMessage": "write a day of the calendar, such as `2026-11-01`",
    },
}
"""The values that are not terms, by the name of their definition."""


def terms(vocabulary: str) -> Schema:
    """One term of a vocabulary."""
    return ref(f"terms.{vocabulary}")


def item_of(name: str) -> str:
    """The name of the definition of a list's item that states attributes of its own."""
    return f"item of {name}"


def value_of(attribute: Attribute) -> Schema:
    """The schema of an attribute's value, without `null`."""
    return _VALUES[attribute.type.form](attribute)


def described(attribute: Attribute) -> str:
    """An attribute in words: what it means, its type and its default."""
    meaning = ATTRIBUTES.get((attribute.entity, attribute.name), "An attribute that the policy adds")
    form = _in_words(attribute)
    words = f"{meaning}. {form[0].upper()}{form[1:]}{', not empty' if attribute.non_empty else ''}."
    return words if attribute.default is None else f"{words} The default is `{show(attribute.default)}`."


def _vocabulary(attribute: Attribute) -> str:
    return attribute.type.vocabulary or ""


def _set(attribute: Attribute) -> Schema:
    item = terms(_vocabulary(attribute))
    return list_of(
        either(item, ref(item_of(attribute.name))) if has_items(attribute) else item, int(attribute.non_empty)
    )


def _pairs(attribute: Attribute) -> Schema:
    return list_of({**list_of(terms(_vocabulary(attribute)), 2), "maxItems": 2})


_VALUES: Mapping[Form, Callable[[Attribute], Schema]] = {
    **{
        form: lambda attribute: ref(attribute.type.form.value)
        for form in (Form.FLAG, Form.NUMBER, Form.DURATION, Form.DATE, Form.TEXT)
    },
    Form.TEXTS: lambda _: list_of(ref("text")),
    Form.ONE: lambda attribute: terms(_vocabulary(attribute)),
    Form.ROLES: lambda attribute: either(terms(_vocabulary(attribute)), _set(attribute)),
    Form.SET: _set,
    Form.REFERENCE: lambda _: ref("id"),
    Form.REFERENCES: lambda attribute: list_of(ref("id"), int(attribute.non_empty)),
    Form.PAIRS: _pairs,
    Form.TRANSFORMS: lambda _: list_of(ref("transform")),
}


def _in_words(attribute: Attribute) -> str:
    noun, refers_to = noun_of(_vocabulary(attribute)), attribute.type.refers_to
    match attribute.type.form:
        case Form.ONE:
            return noun.one
        case Form.ROLES:
            return f"{noun.one} or a list of {noun.many}"
        case Form.SET:
            return f"a list of {noun.many}"
        case Form.REFERENCE:
            return f"the id of a {refers_to}"
        case Form.REFERENCES:
            return f"a list of ids, each of a {refers_to}"
        case form:
            return _WORDS[form]


_WORDS: Mapping[Form, str] = {
    Form.FLAG: "`yes` or `no`",
    Form.NUMBER: "a number",
    Form.DURATION: "a duration such as `30 days`, `2 years` or `unlimited`",
    Form.DATE: "a day such as `2026-11-01`",
    Form.TEXT: "text",
    Form.TEXTS: "a list of texts",
    Form.PAIRS: "a list of pairs of categories",
    Form.TRANSFORMS: "a list of transforms, each with `from`, `to` and `method`",
}


def any_term(vocabulary: str) -> Schema:
    """Any term, for a policy that is not known."""
    return {"type": "string", "title": noun_of(vocabulary).name}


def terms_of(vocabulary: str, policy: Policy, lexicon: Lexicon) -> Schema:
    """The terms of the policy, in each spelling that a manifest may use; if there are none, nothing fits."""
    noun, terms = noun_of(vocabulary), lexicon.terms(vocabulary)
    if not terms:
        return {"not": {}, "title": noun.name, "description": f"The policy declares no {noun.many}."}
    offered = [_offered(term, vocabulary, lexicon) for term in terms]
    others = {each for term in terms for each in _spellings(term, vocabulary, lexicon)}.difference(offered)
    found: Schema = {"enum": offered, **_described(terms, policy.taxonomy(vocabulary).descriptions)}
    if others:  # a pattern, so that an editor completes each term once
        found = either(found, {"type": "string", "pattern": f"^(?:{'|'.join(map(re.escape, sorted(others)))})$"})
    return {**_with_booleans(found, {*offered, *others}), "title": noun.name}


def _spellings(term: str, vocabulary: str, lexicon: Lexicon) -> list[str]:
    return [each for each in (term, term.lower(), term.upper()) if lexicon.spelling(vocabulary, each) == term]


def _offered(term: str, vocabulary: str, lexicon: Lexicon) -> str:
    """The spelling that an editor offers: capitals for a country's code, else that of the vocabulary."""
    is_code = vocabulary == "region" and len(term) == 2
    return _spellings(term, vocabulary, lexicon)[-1] if is_code else term


def _described(terms: Collection[str], descriptions: dict[str, str]) -> Schema:
    """The descriptions of terms, under the keyword that editors read."""
    return {"enumDescriptions": [descriptions.get(term, "") for term in terms]} if descriptions else {}


def _with_booleans(found: Schema, spellings: Collection[str]) -> Schema:
    """Accept `true` for a term of that name: an editor that reads YAML takes it for a flag."""
    meant = sorted({_BOOLEANS[each.lower()] for each in spellings if each.lower() in _BOOLEANS})
    return either(found, {"enum": meant}) if meant else found
