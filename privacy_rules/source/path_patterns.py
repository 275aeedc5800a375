"""Match paths with patterns such as `services/**/*.yaml`, in bounded time whatever the pattern is.

names = (compiled("services"), ANY_PARTS, compiled("*.yaml"))
fits(names, "services/shop/privacy.yaml".split("/"))    # True
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

Name = re.Pattern[str] | None
"""What one part of a path has to match."""

ANY_PARTS = None
"""Represents `**`: any number of parts, including none."""

ANY_NAME: Name = re.compile("")


def compiled(name: str) -> Name:
    """A name with `*`, `?` and `[…]`; without slashes."""
    return re.compile(fnmatch.translate(name))


def fits(names: Sequence[Name], parts: Sequence[str]) -> bool:
    """Whether the names match all parts of a path."""
    reached = {0}
    for name in names:
        if name is None:
            reached = set(range(min(reached), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and name.match(parts[at])}
        if not reached:
            return False
    return len(parts) in reached
