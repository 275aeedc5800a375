"""Find which files a sparse checkout leaves out, by its patterns: the index marks only files that it still has.

    pattern = SparseCheckout("/*\\n!/*/\\n/services/\\n")
    pattern.leaves_out("teams/privacy.yaml")        # True

The patterns are written as in `.gitignore`, and say what is checked out. A path that matches no pattern is treated like
its folder.
"""

from __future__ import annotations

import re

from privacy_rules.source.fast_dataclasses import dataclass
from privacy_rules.source.path_patterns import ANY_NAME, ANY_PARTS, Name, compiled, fits

_SPECIAL = re.compile(r"\\(.)|\[\^")


@dataclass(frozen=True, slots=True)
class _Pattern:
    keeps: bool
    is_for_folders: bool
    names: tuple[Name, ...]

    @classmethod
    def of(cls, line: str) -> _Pattern:
        whole = line.removeprefix("!")
        names = [ANY_PARTS if each == "**" else _name(each) for each in whole.split("/") if each]
        if "/" not in whole.rstrip("/"):
            names.insert(0, ANY_PARTS)
        if names[-1:] == [ANY_PARTS]:
            names.append(ANY_NAME)
        return cls(not line.startswith("!"), whole.endswith("/"), tuple(names))


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
            if (is_folder or not each.is_for_folders) and fits(each.names, parts):
                return each.keeps
        folder = parts[:-1]
        if folder not in self._folders:
            self._folders[folder] = self._keeps(folder, is_folder=True)
        return self._folders[folder]


def _name(name: str) -> Name:
    """One name of a pattern; a character after a backslash means itself."""
    plain = _SPECIAL.sub(lambda found: f"[{found[1]}]" if found[1] else "[!", name)
    return compiled(plain)
