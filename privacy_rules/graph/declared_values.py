"""The value of an entity's attribute: declared, or the default of its file, all files, the policy or the tool."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.values import Item, Value


class Given(StrEnum):
    """Where a value comes from, or why there is none."""

    DECLARED = "declared"
    MANIFEST_DEFAULT = "manifest default"
    SHARED_DEFAULT = "shared default"
    POLICY_DEFAULT = "policy default"
    BUILT_IN_DEFAULT = "built-in default"
    NULL = "null"
    UNDECLARED = "undeclared"


# A contract without `from` has been in force since always; one without `until` is in force until it is ended.
_BUILT_IN: dict[tuple[Entity, str], Value] = {
    (Entity.CONTRACT, "from"): date.min,
    (Entity.CONTRACT, "until"): date.max,
}


def known(record: Record, attribute: Attribute) -> tuple[Value | None, Given]:
    """Return the value of an attribute (None: not known) and where it comes from.

    A system that does not declare its `country` or `role` has its party's, which `FlowGraph.of_system` looks up.
    """
    name = attribute.name
    for said, given in ((record.declared, Given.DECLARED), (record.defaults, Given.MANIFEST_DEFAULT)):
        if name in said:
            value = said[name]
            if value is None:
                return None, Given.NULL
            is_shared = given is Given.MANIFEST_DEFAULT and name in record.shared
            return _plain(value), Given.SHARED_DEFAULT if is_shared else given
    if attribute.default is not None:
        return attribute.default, Given.POLICY_DEFAULT
    built_in = _BUILT_IN.get((record.entity, name))
    return (None, Given.UNDECLARED) if built_in is None else (built_in, Given.BUILT_IN_DEFAULT)


def says(record: Record, name: str) -> bool:
    """Return whether the manifest declares the attribute, even as `null`."""
    return name in record.declared or name in record.defaults


def _plain(value: Value) -> Value:
    """Return the categories of stored items; any other value as it is."""
    if isinstance(value, tuple) and value and isinstance(value[0], Item):
        return tuple(sorted({item.term for item in value if isinstance(item, Item)}))
    return value
