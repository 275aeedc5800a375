"""The types of a table's columns: which ones fit each attribute, and how a cell of text is read as one."""

from __future__ import annotations

from collections.abc import Mapping

from privacy_rules.manifest.json_reader import read_json
from privacy_rules.manifest.lexicon import Lexicon
from privacy_rules.manifest.nodes import Node, Plain, UnreadableError
from privacy_rules.vocabulary.attributes import Attribute, Entity, Form, has_items

TEXT, FLAG, NUMBER, DATE, OTHER, NOTHING = "text", "true or false", "a number", "a date", "another type", "nothing"
STRUCT, TEXTS, STRUCTS, LISTS = "a struct", "a list of text", "a list of structs", "a list of lists of text"
NOT_KNOWN = "not_known"
"""The column that lists the attributes that a row declares as not known, which a manifest writes as `null`."""
ID, COVERS = "id", "covers"

_OF_FORM: Mapping[Form, tuple[str, ...]] = {
    Form.FLAG: (FLAG,),
    Form.NUMBER: (NUMBER,),
    Form.DURATION: (TEXT,),
    Form.DATE: (DATE, TEXT),
    Form.TEXT: (TEXT,),
    Form.ONE: (TEXT,),
    Form.ROLES: (TEXTS, TEXT),
    Form.SET: (TEXTS,),
    Form.TEXTS: (TEXTS,),
    Form.REFERENCE: (TEXT,),
    Form.REFERENCES: (TEXTS,),
    Form.PAIRS: (LISTS,),
    Form.TRANSFORMS: (STRUCTS,),
}


def shapes_of(attribute: Attribute) -> tuple[str, ...]:
    """The types that a column of an attribute may have; the first is what is written."""
    return (TEXTS, STRUCTS) if has_items(attribute) else _OF_FORM[attribute.type.form]


def columns_of(entity: Entity, lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """The columns that a table may have with a policy, and the types that each may have."""
    columns = {ID: (TEXT,), **{name: shapes_of(each) for name, each in lexicon.known[entity].items()}}
    if entity is Entity.CONTRACT:
        columns[COVERS] = (STRUCT,)
    columns.setdefault(NOT_KNOWN, (TEXTS,))
    return columns


def cell(text: str, shapes: tuple[str, ...]) -> Node:
    """A cell of text as a value of a column. Lists and structs are JSON; a list may also be words between semicolons.

    Raises UnreadableError if the JSON is not valid.
    """
    if shapes[0] in (TEXT, FLAG, NUMBER, DATE):
        return Plain(text)
    if text.startswith(("[", "{")):
        return read_json(text)[0].data
    if TEXTS in shapes:
        return [each.strip() for each in text.split(";") if each.strip()]
    raise UnreadableError(
        "this column needs JSON", 0, 'write a list such as `["a", "b"]`, or a map such as `{"a": "b"}`'
    )
