"""A shop in a repository, and what a check says is new in it."""

from __future__ import annotations

import json

from tests import builders
from tests.cli.calling import Call, Outcome


def edit(old: str, new: str, file: str = "estate.yaml") -> None:
    builders.edit(file, old, new)


def states(done: Outcome) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"new": [], "unchanged": [], "fixed": []}
    for each in json.loads(done.out)["findings"]:
        found[each["state"]].append(f"{each['rule']} {each['subject']['id']}")
    return found


def as_json(call: Call, *words: str) -> dict[str, list[str]]:
    return states(call("check", "estate.yaml", *words, "--format", "json"))
