"""What is known of an entity: the declared value, else a default, else nothing; one order for all attributes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from privacy_rules.manifest.model import Record
from privacy_rules.vocabulary.attributes import Attribute, Entity
from privacy_rules.vocabulary.values import StoredItem, Value


class Given(StrEnum):
    """What gave a value, or why there is none."""

    DECLARED = "declared"
    MANIFEST_DEFAULT = "manifest default"
    POLICY_DEFAULT = "policy default"
    BUILT_IN_DEFAULT = "built-in default"
    NULL = "null"
    UNDECLARED = "undeclared"


# A contract without `from` holds from ever, without `until` until it is ended.
_BUILT_IN: dict[tuple[Entity, str], Value] = {
    (Entity.CONTRACT, "from"): date.min,
    (Entity.CONTRACT, "until"): date.max,
}


def known(record: Record, attribute: Attribute) -> tuple[Value | None, Given]:
    """The value of the attribute (None: not known) and what gave it.

    `country` of a system without one is its party's: that needs the graph, see `FlowGraph.country_record`.
    """
    name = attribute.name
    for said, given in ((record.declared, Given.DECLARED), (record.defaults, Given.MANIFEST_DEFAULT)):
        if name in said:
            value = said[name]
            return (None, Given.NULL) if value is None else (_plain(value), given)
    if attribute.default is not None:
        return attribute.default, Given.POLICY_DEFAULT
    built_in = _BUILT_IN.get((record.entity, name))
    return (None, Given.UNDECLARED) if built_in is None else (built_in, Given.BUILT_IN_DEFAULT)


def says(record: Record, name: str) -> bool:
    """Whether the manifest says anything of the attribute, `null` included."""
    return name in record.declared or name in record.defaults


def _plain(value: Value) -> Value:
    """Stored items as the set of their categories; any other value as it is."""
    if isinstance(value, tuple) and value and isinstance(value[0], StoredItem):
        return tuple(sorted({item.data for item in value if isinstance(item, StoredItem)}))
    return value
