"""A list with a term and a narrower one, which the broad one says already (in `includes all` it is the broad one that is needless).

forbid flow of (contact, email)                     # found: email, where it stands below contact

forbid flow of contact                              # passes
"""

from __future__ import annotations

from collections.abc import Iterable

from privacy_rules.lint.running.edits import without_item
from privacy_rules.lint.running.lint import Found, Lint
from privacy_rules.lint.running.lists import Listed, lists
from privacy_rules.lint.running.reading import Reading


def _check(reading: Reading) -> Iterable[Found]:
    for listed in lists(reading):
        taxonomy = reading.policy.taxonomy(listed.vocabulary or "")
        names = listed.names
        if listed.vocabulary is None:
            continue  # texts stand above and below nothing
        for number, name in enumerate(names):
            if name in names[:number]:
                continue  # a term that stands there before is told by `duplicate-term`
            for other in names:
                narrow, broad = (other, name) if listed.every else (name, other)
                if name != other and taxonomy.is_a(narrow, broad):
                    yield _found(reading, listed, number, other)
                    break


def _found(reading: Reading, listed: Listed, number: int, other: str) -> Found:
    item = listed.items[number]
    what = "is asked for by" if listed.every else "stands below"
    edits = without_item(reading.source(item.span), listed.spans, number)
    return Found(item.span, f"`{item.text}` {what} `{other}`, which is in the list", "leave it out", edits=edits)


LINT = Lint("broad-and-narrow", "L119", "warning", "a broad and a narrow term in one list", _check, fixes=True)
