"""The codes of everything that can be wrong with a policy, each with its short title."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SYNTAX = "E101"
CHARACTER = "E102"
TOO_DEEP = "E103"
DUPLICATE = "E104"
UNKNOWN_TERM = "E105"
UNKNOWN_NAME = "E106"
OUT_OF_PLACE = "E107"
TYPE = "E108"
DESPITE = "E109"
PERMIT = "E110"
CIRCLE = "E111"
USE = "E112"
LITERAL = "E113"
OTHER_PARENT = "E114"
NO_RULES = "E115"
UNREADABLE = "E116"
REPEATED = "E117"

CODES: Mapping[str, str] = MappingProxyType(
    {
        SYNTAX: "syntax error",
        CHARACTER: "a string that does not end, or a character that begins no word of the language",
        TOO_DEEP: "conditions, exceptions or terms nested deeper than 100",
        DUPLICATE: "a name that is taken: twice declared, or reserved",
        UNKNOWN_TERM: "unknown term or vocabulary",
        UNKNOWN_NAME: "unknown name in a condition",
        OUT_OF_PLACE: "something that its subject does not have, or that cannot stand here",
        TYPE: "type error: a test or value that does not fit",
        DESPITE: "`despite` names no rule, or a permit",
        PERMIT: "a permit that cannot meet its rule",
        CIRCLE: "a circle of terms or of defines",
        USE: "a `use` that cannot be followed",
        LITERAL: "a date, duration or number that is none",
        OTHER_PARENT: "a term nested again below another parent",
        NO_RULES: "a policy without rules",
        UNREADABLE: "a policy file that cannot be read",
        REPEATED: "something said twice that is said once",
    }
)
"""Code → title."""
