"""Report what an estate has lost since a commit: manifests that are no longer read, and their declarations."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from privacy_rules.manifest.model import Estate, Record
from privacy_rules.source import codes
from privacy_rules.source.diagnostic import Diagnostic, Level
from privacy_rules.source.span import Span
from privacy_rules.source.words import counted, listed


def fewer_words(then: Estate, now: Estate, name: str) -> list[str]:
    """How many fewer flows and systems there are than at the named commit; nothing if there are no fewer."""
    fewer = _amounts(len(then.flows) - len(now.flows), len(then.systems) - len(now.systems))
    return [f"{fewer} fewer than at {name}"] if fewer else []


def no_longer_read(then: Estate, now: Estate, files: Iterable[str], name: str) -> Iterator[Diagnostic]:
    """Yield a warning for each of these files, which were read at the named commit and no longer are.

    There is none for a file that no longer exists if everything that it declared is now declared elsewhere.
    """
    for file in files:
        flows = sum(each.id not in now.flows and _is_in(each, file) for each in then.flows.values())
        systems = sum(each.id not in now.systems and _is_in(each, file) for each in then.systems.values())
        lost = _amounts(flows, systems)
        if os.path.lexists(file):
            message, place = f"`{file}` was read at `{name}`, but this check does not read it", Span(file, 1, 1)
            help_ = "add it to `manifests` or to an `include` if its flows belong to this check"
        elif lost:
            message, place = f"`{file}` was read at `{name}`, but no longer exists", None
            help_ = "restore it, unless it was removed intentionally"
        else:
            continue
        message += f": {lost} fewer" if lost else ""
        yield Diagnostic(codes.FELL_OUT, message, place, help_, level=Level.WARNING)


def _amounts(flows: int, systems: int) -> str:
    """`9 flows and 4 systems`, without kinds that have no entities."""
    return listed(counted(count, noun) for count, noun in ((flows, "flow"), (systems, "system")) if count > 0)


def _is_in(record: Record, file: str) -> bool:
    place = record.location()
    return place is not None and place.file == file
