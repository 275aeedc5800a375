"""The lock file: which words of each clause were reviewed, with which rules, and when.

{"version": 1, "clauses": {"#no-selling": {"fingerprint": "…", "rules": ["no_selling"], "reviewed": "2026-11-24"}}}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from privacy_rules.tracing.holding import Reviewed, Trace, Traced

USUAL_NAME = "privacy-trace.json"
_VERSION = 1


def read(content: bytes) -> tuple[dict[str, Reviewed] | None, str | None]:
    """What a lock file says was reviewed, or in words what is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    try:
        found = json.loads(text)
        if found["version"] != _VERSION:
            return None, f"its version is {found['version']!r}, not {_VERSION}"
        return {
            name: Reviewed(str(each["fingerprint"]), tuple(map(str, each["rules"])), str(each["reviewed"]))
            for name, each in found["clauses"].items()
        }, None
    except json.JSONDecodeError as error:
        return None, f"it is no JSON: {error.msg[:1].lower()}{error.msg[1:]} at {error.lineno}:{error.colno}"
    except KeyError as error:
        return None, f"it lacks `{error.args[0]}`"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None, "it has not the form of one"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is reviewed once clauses are accepted, how many were, and what that changes: clauses by name."""

    reviewed: dict[str, Reviewed]
    count: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]
    """Of `moved` each is told with the name that it bore; `changed` has those whose rules are others, too."""


def accepted(trace: Trace, before: Mapping[str, Reviewed], wanted: Collection[str], day: date) -> Accepted:
    """The clauses that are wanted (none named: all) accepted as they are now; a lost one that is wanted goes."""
    now = {each.clause.id: each for each in trace.clauses if not wanted or each.clause.id in wanted}
    named = {each.clause.id for each in trace.clauses}
    gone = {
        name for name in before if not wanted or name in wanted or name in {each.was for each in now.values()}
    } - named
    found = {name: each for name, each in before.items() if name not in gone} | {
        name: _reviewed(each, before.get(name), day) for name, each in now.items()
    }
    moved = {name: each.was for name, each in now.items() if each.was}
    other = [name for name in now if name not in moved and before.get(name) != found[name]]
    added = [name for name in other if now[name].wording == "new"]
    return Accepted(
        found,
        len(now),
        tuple(added),
        tuple(name for name in other if name not in added),
        tuple((name, was) for name, was in moved.items()),
        tuple(name for name in trace.lost if not wanted or name in wanted),
    )


def _reviewed(each: Traced, known: Reviewed | None, day: date) -> Reviewed:
    """A clause as it is now, of the day on which it was first reviewed with these words and rules."""
    rules = tuple(sorted(rule.name for rule in each.rules))
    if known is not None and (known.fingerprint, known.rules) == (each.clause.fingerprint, rules):
        return known
    return Reviewed(each.clause.fingerprint, rules, str(day))


def text_of(reviewed: Mapping[str, Reviewed]) -> str:
    """The file's text, one clause a line."""
    lines = ",".join(
        f"\n    {json.dumps(name)}: "
        + json.dumps({"fingerprint": each.fingerprint, "rules": list(each.rules), "reviewed": each.day})
        for name, each in sorted(reviewed.items())
    )
    end = "\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "clauses": {{{lines}{end}}}\n}}\n'
