"""The codes of everything that can be wrong with a manifest, each with its short title."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "E201": "the file cannot be read",
        "E202": "unknown key",
        "E203": "missing required key",
        "E204": "unknown term",
        "E205": "dangling reference",
        "E206": "duplicate id",
        "E207": "duplicate key",
        "E208": "a value that does not fit its place",
        "E209": "empty list where something must stand",
        "E210": "include that matches nothing, leaves the root, or is sought in a folder that cannot be looked into",
        "E211": "two files state one thing differently",
        "E212": "origin that is no collection",
        "E213": "contract without its parties",
    }
)
"""Code → title. E212 is found where the judged graph is built, every other one while manifests are read."""
