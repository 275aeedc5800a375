"""The value of an attribute as a schema, by its form: what the reader of manifests takes for it, as an editor sees it.

An editor knows less than the reader: `1.0` is a number to it and may be an id to us, `yes` is text to it and a flag to
us. Where the two differ, the schema takes what the reader takes, and a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from privacy_rules.schemas.json_schema import Schema, either, list_of, ref
from privacy_rules.schemas.key_descriptions import ATTRIBUTES
from privacy_rules.vocabulary.attributes import Attribute, Form
from privacy_rules.vocabulary.taxonomy import noun_of
from privacy_rules.vocabulary.values import show

NO_CONTROLS = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_BOOLEAN: Schema = {"not": {"type": ["string", "number", "null", "array", "object"]}}
"""What `type: boolean` says, in words that make no editor offer `true` and `false` for a name."""


def _written(title: str, **more: Any) -> Schema:
    """Text, quoted or not: to an editor that reads YAML, a number or a truth value as well."""
    return {"title": title, **either({"type": ["string", "number"], **more}, _BOOLEAN)}


SCALARS: Mapping[str, Schema] = {
    "id": _written("id", pattern=NO_CONTROLS, patternErrorMessage="an id holds no control characters"),
    "text": _written("text"),
    "words": _written("text", pattern=r"\S", patternErrorMessage="this must say something"),
    "flag": {
        "title": "flag",
        # `yes` and `no` are a pattern and not offered: an editor would put them in quotes, and then they are text
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
"""The values that are no terms, by the name of their definition."""


def terms(vocabulary: str) -> Schema:
    """One term of a vocabulary."""
    return ref(f"terms.{vocabulary}")


def value_of(attribute: Attribute) -> Schema:
    """What may be given for an attribute, `null` aside."""
    return _VALUES[attribute.type.form](attribute)


def described(attribute: Attribute) -> str:
    """What an attribute says, of what type it is and what holds where nobody says it."""
    said = ATTRIBUTES.get((attribute.entity, attribute.name), "An attribute that the policy adds")
    form = _in_words(attribute)
    told = f"{said}. {form[0].upper()}{form[1:]}{', not empty' if attribute.non_empty else ''}."
    return told if attribute.default is None else f"{told} Where nobody says it, `{show(attribute.default)}` holds."


def _vocabulary(attribute: Attribute) -> str:
    return attribute.type.vocabulary or ""


def _set(attribute: Attribute) -> Schema:
    item = terms(_vocabulary(attribute))
    return list_of(either(item, ref("stored item")) if attribute.name == "stores" else item, int(attribute.non_empty))


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
