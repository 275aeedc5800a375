"""The lock file: which words of each clause were reviewed, with which rules, and when.

{"version": 1, "clauses": {"#no-selling": {"fingerprint": "…", "rules": ["no_selling"], "reviewed": "2026-11-24"}}}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date

from privacy_rules.tracing.holding import Reviewed, Trace

USUAL_NAME = "privacy-trace.json"
_VERSION = 1


def read(content: bytes) -> tuple[dict[str, Reviewed] | None, str | None]:
    """What a lock file says was reviewed, or in words what is wrong with it."""
    try:
        found = json.loads(content)
        if found["version"] != _VERSION:
            return None, f"its version is {found['version']!r}, not {_VERSION}"
        return {
            name: Reviewed(str(each["fingerprint"]), tuple(map(str, each["rules"])), str(each["reviewed"]))
            for name, each in found["clauses"].items()
        }, None
    except (ValueError, TypeError, RecursionError) as error:
        return None, f"it is no JSON of the right form: {error}"
    except (KeyError, AttributeError) as error:
        return None, f"it lacks {error}"


def accepted(trace: Trace, before: Mapping[str, Reviewed], wanted: Collection[str], day: date) -> dict[str, Reviewed]:
    """What is reviewed once the wanted clauses (none named: all) are accepted as they are now; what is lost goes."""
    there = {each.clause.id for each in trace.clauses}
    found = {name: each for name, each in before.items() if name in there}
    for each in trace.clauses:
        name, known = each.clause.id, before.get(each.clause.id)
        if not wanted or name in wanted:
            rules = tuple(sorted(rule.name for rule in each.rules))
            same = known is not None and (known.fingerprint, known.rules) == (each.clause.fingerprint, rules)
            found[name] = known if known is not None and same else Reviewed(each.clause.fingerprint, rules, str(day))
    return found


def text_of(reviewed: Mapping[str, Reviewed]) -> str:
    """The file's text, one clause a line."""
    lines = ",".join(
        f"\n    {json.dumps(name)}: "
        + json.dumps({"fingerprint": each.fingerprint, "rules": list(each.rules), "reviewed": each.day})
        for name, each in sorted(reviewed.items())
    )
    end = "\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "clauses": {{{lines}{end}}}\n}}\n'
