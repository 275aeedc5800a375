"""The lock file: which words of each clause were reviewed, with which rules, and when.

{"version": 1, "clauses": {"#no-selling": {"fingerprint": "…", "rules": ["no_selling"], "reviewed": "2026-11-24"}}}

An entry may have a `heading`, too: the fingerprint of the heading above its clause. Where it has none, as in a lock that was
written before there were any, another heading is not told until the clause is accepted again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from privacy_rules.source.merge_conflicts import first_marker
from privacy_rules.source.words import lower_first
from privacy_rules.tracing.coverage import Reviewed, Trace, Traced, against

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
            name: Reviewed(
                str(each["fingerprint"]),
                tuple(map(str, each["rules"])),
                str(each["reviewed"]),
                str(each.get("heading", "")),
            )
            for name, each in found["clauses"].items()
        }, None
    except json.JSONDecodeError as error:
        return None, f"it is no JSON: {lower_first(error.msg)} at {error.lineno}:{error.colno}"
    except KeyError as error:
        return None, f"it lacks `{error.args[0]}`"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None, "it has not the form of one"


def conflict_in(content: bytes) -> int | None:
    """The line of the first conflict marker in a lock file; None if it has none."""
    return first_marker(content.decode("utf-8-sig", "replace"))


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
    """The clauses that are wanted (none named: all) accepted as they are now; a lost one that is wanted goes.

    All others are what they were, under the names that they bear now: else the lock had two of one, or none.
    """
    matches = against((each.clause for each in trace.clauses), before)
    now = {each.clause.id: each for each in trace.clauses if not wanted or each.clause.id in wanted}
    found = {name: before[was] for name, was in (*matches.same.items(), *matches.changed.items())}
    for name, each in now.items():
        found[name] = _reviewed(each, found.get(name), day)
    dropped = [name for name in matches.lost if not wanted or name in wanted]
    for name in matches.lost:
        if name not in dropped:
            found[_free(name, found, trace)] = before[name]
    moved = [(each.clause.id, was) for each in trace.clauses if (was := matches.moved(each.clause.id))]
    changed = [name for name in now if matches.moved(name) is None and not _same(before.get(name), found[name])]
    added = [name for name in changed if name not in matches.changed and name not in matches.same]
    return Accepted(
        found,
        len(now),
        tuple(added),
        tuple(name for name in changed if name not in added),
        tuple(moved),
        tuple(dropped),
    )


def _free(name: str, taken: Collection[str], trace: Trace) -> str:
    """A name for a lost clause that no other has, even where another stands in its place now."""
    names = {*taken, *(each.clause.id for each in trace.clauses)}
    while name in names:
        name = f"{name} (lost)"
    return name


def _reviewed(each: Traced, known: Reviewed | None, day: date) -> Reviewed:
    """A clause as it is now, of the day on which it was first reviewed with these words and rules."""
    rules = tuple(sorted(rule.name for rule in each.rules))
    now = Reviewed(each.clause.fingerprint, rules, str(day), each.clause.heading)
    return replace(now, day=known.day) if known is not None and _same(known, now) else now


def _same(known: Reviewed | None, now: Reviewed) -> bool:
    """Whether words and rules are those that were reviewed; a heading that the lock does not know yet is no other one."""
    if known is None or (known.fingerprint, known.rules) != (now.fingerprint, now.rules):
        return False
    return not (known.heading and now.heading) or known.heading == now.heading


def text_of(reviewed: Mapping[str, Reviewed]) -> str:
    """The file's text, one clause a line."""
    lines = ",".join(
        f"\n    {json.dumps(name)}: " + json.dumps(_entry(each)) for name, each in sorted(reviewed.items())
    )
    end = "\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "clauses": {{{lines}{end}}}\n}}\n'


def _entry(each: Reviewed) -> dict[str, str | list[str]]:
    heading = {"heading": each.heading} if each.heading else {}
    return {"fingerprint": each.fingerprint, **heading, "rules": list(each.rules), "reviewed": each.day}
