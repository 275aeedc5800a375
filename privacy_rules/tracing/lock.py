"""Read and write the lock file: which words of each clause were reviewed, with which rules, and when.

{"version": 1, "clauses": {"#no-selling": {"fingerprint": "…", "rules": ["no_selling"], "reviewed": "2026-11-24"}}}

An entry may also have a `heading`: the fingerprint of the heading above the clause. Older lock files have none; a changed heading is
then not noticed until the clause is accepted again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.words import lower_first
from privacy_rules.tracing.coverage import Reviewed, Trace, Traced, match_reviewed

USUAL_NAME = "privacy-trace.json"
_VERSION = 1


def read(content: bytes) -> tuple[dict[str, Reviewed] | None, str | None]:
    """Return the reviews in a lock file, or a description of what is wrong with the file."""
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
        return None, f"it is not JSON: {lower_first(error.msg)} at {error.lineno}:{error.colno}"
    except KeyError as error:
        return None, f"it lacks `{error.args[0]}`"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None, "it does not have the form of a lock file"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The reviews after clauses are accepted, how many were accepted, and the changes, by clause name."""

    reviewed: dict[str, Reviewed]
    count: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]
    """`moved` has pairs of new and old name; `changed` includes clauses whose rules have changed."""


def accepted(trace: Trace, before: Mapping[str, Reviewed], wanted: Collection[str], day: date) -> Accepted:
    """Accept the wanted clauses (all, if none is named) as they are now; wanted clauses that are lost are removed.

    All other reviews stay, under the clauses' current names, so that the lock has exactly one entry for each.
    """
    matches = match_reviewed((each.clause for each in trace.clauses), before)
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
    """Return an unused name for a lost clause, since another clause may have its old name."""
    names = {*taken, *(each.clause.id for each in trace.clauses)}
    while name in names:
        name = f"{name} (lost)"
    return name


def _reviewed(each: Traced, known: Reviewed | None, day: date) -> Reviewed:
    """Return the review of a clause as it is now, with the day on which these words and rules were first reviewed."""
    rules = tuple(sorted(rule.name for rule in each.rules))
    now = Reviewed(each.clause.fingerprint, rules, str(day), each.clause.heading)
    return replace(now, day=known.day) if known is not None and _same(known, now) else now


def _same(known: Reviewed | None, now: Reviewed) -> bool:
    """Return whether words and rules are as reviewed. A heading that the lock does not have yet counts as unchanged."""
    if known is None or (known.fingerprint, known.rules) != (now.fingerprint, now.rules):
        return False
    return not (known.heading and now.heading) or known.heading == now.heading


def text_of(reviewed: Mapping[str, Reviewed]) -> str:
    """Return the text of the lock file, with one line for each clause."""
    lines = ",".join(
        f"\n    {json.dumps(name)}: " + json.dumps(_entry(each)) for name, each in sorted(reviewed.items())
    )
    end = "\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "clauses": {{{lines}{end}}}\n}}\n'


def _entry(each: Reviewed) -> dict[str, str | list[str]]:
    heading = {"heading": each.heading} if each.heading else {}
    return {"fingerprint": each.fingerprint, **heading, "rules": list(each.rules), "reviewed": each.day}
