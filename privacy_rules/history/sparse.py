"""Which files a sparse checkout leaves out, by its patterns: the index marks only those files that it still has.

    pattern = SparseCheckout("/*\\n!/*/\\n/services/\\n")
    pattern.leaves_out("teams/privacy.yaml")        # True

The patterns are written as in `.gitignore`, and say what is checked out. A path that none of them matches is treated as its
folder is.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass

_SPECIAL = re.compile(r"\\(.)|\[\^")
_ANY: re.Pattern[str] = re.compile("")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`names` match the parts of a path; None stands for `**`, which matches any number of them."""

    keeps: bool
    is_for_folders: bool
    names: tuple[re.Pattern[str] | None, ...]

    @classmethod
    def of(cls, line: str) -> _Pattern:
        whole = line.removeprefix("!")
        names = [None if each == "**" else _compiled(each) for each in whole.split("/") if each]
        if "/" not in whole.rstrip("/"):
            names.insert(0, None)
        if names[-1:] == [None]:
            names.append(_ANY)
        return cls(not line.startswith("!"), whole.endswith("/"), tuple(names))

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether the names match all of the parts."""
        reached = {0}
        for name in self.names:
            if name is None:
                reached = set(range(min(reached), len(parts) + 1)) if reached else reached
            else:
                reached = {at + 1 for at in reached if at < len(parts) and name.match(parts[at])}
        return len(parts) in reached


class SparseCheckout:
    """The patterns of a sparse checkout."""

    def __init__(self, text: str) -> None:
        lines = [line.rstrip("\r") for line in text.split("\n") if not line.startswith("#")]
        self._patterns = [_Pattern.of(line) for line in reversed(lines) if line.strip("!/")]
        self._folders: dict[tuple[str, ...], bool] = {(): False}

    def leaves_out(self, path: str) -> bool:
        """Whether a file, named from the top, is not checked out."""
        return not self._keeps(tuple(path.split("/")), is_folder=False)

    def _keeps(self, parts: tuple[str, ...], *, is_folder: bool) -> bool:
        for each in self._patterns:
            if (is_folder or not each.is_for_folders) and each.matches(parts):
                return each.keeps
        folder = parts[:-1]
        if folder not in self._folders:
            self._folders[folder] = self._keeps(folder, is_folder=True)
        return self._folders[folder]


def _compiled(name: str) -> re.Pattern[str]:
    """One name of a pattern; a character after a backslash means itself."""
    plain = _SPECIAL.sub(lambda found: f"[{found[1]}]" if found[1] else "[!", name)
    return re.compile(fnmatch.translate(plain))
